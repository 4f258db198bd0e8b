import { Construct } from 'constructs';
import { reportAll } from '../devops/private/report';
import { HelmRelease } from '../helm-release';
import { checkedId } from '../private/construct-id';
import { type JsonMap, mergeMaps } from '../private/json-values';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { renderLate } from '../private/unit';
import type { JenkinsProps } from './jenkins-props';
import { jenkinsMistakes } from './private/jenkins-mistakes';
import { jenkinsValues } from './private/jenkins-values';

/** A Jenkins in some clusters, by its Helm chart: agents, shared libraries, credentials by reference, SonarQube, sign-on. Its settings are code (configuration-as-code). */
export class Jenkins extends Construct {
  /** The release of the chart, for overrides and patches. */
  public readonly release: HelmRelease;

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the release
   */
  public constructor(scope: Construct, id: string, props: JenkinsProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { placement, namespaceName = 'jenkins', createNamespace = true, chart, chartVersion, values = {} } = props;
    const mistakes = jenkinsMistakes(props);
    this.release = new HelmRelease(this, 'release', {
      ...chartOf(chart, chartVersion),
      releaseName: id,
      namespaceName,
      createNamespace,
      placement,
      values: mistakes.length > 0 ? values : mergeMaps(jenkinsValues(props) as JsonMap, values),
    });
    renderLate(this, {
      clusters: () => [],
      validate: (problems) => reportAll(this, mistakes, problems),
      render: () => ({ entries: [] }),
    });
  }
}

function chartOf(
  chart: string | undefined,
  version: string | undefined,
): { chart: string; repository?: string; version?: string } {
  if (chart === undefined)
    return { chart: 'jenkins', repository: 'https://charts.jenkins.io', version: version ?? '5.9.53' };
  return version === undefined ? { chart } : { chart, version };
}
