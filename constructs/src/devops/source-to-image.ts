import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { withSite } from '../private/controller-owned';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { problemAt } from '../private/problem';
import { servesApi } from '../private/served-apis';
import { renderLate } from '../private/unit';
import { reportAll } from './private/report';
import { builderTemplateMistakes, sourceToImageMistakes } from './private/s2i-mistakes';
import { builderTemplateObject, S2I, s2iObjects } from './private/s2i-rendering';
import type { SourceToImageProps, SourceToImageTemplateProps } from './source-to-image-props';

/**
 * An image of sources or of a JAR or WAR, without Dockerfile, by the operator of KubeSphere (kubesphere/s2ioperator). It is not part of the 4.x extension, and its builds talk to the
 * daemon of Docker on the node: Shipwright is the maintained way.
 */
export class SourceToImage extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the S2iBuilder
   */
  public constructor(scope: Construct, id: string, props: SourceToImageProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [props.cluster],
      validate: (problems) => reportAll(this, sourceToImageMistakes(props), problems),
      render: (cluster, problems) => {
        if (!servesApi(cluster, S2I)) {
          const what = `The operator of KubeSphere serves ${S2I}, and no fact of cluster "${cluster}" says so.`;
          const fix = `Add "${S2I}" to the cluster's apiVersions, or build with Shipwright.`;
          problems.push(problemAt(this, 'ORR2013', what, { fix, cluster: cluster.clusterName }));
        }
        return {
          entries: s2iObjects(id, props).map(({ id: part, object, uploaded }) => ({
            path: `${this.node.path}/${part}`,
            owner: this,
            content: { type: 'object', object },
            ...(uploaded === undefined ? {} : { controllerOwned: withSite(uploaded.map((path) => ({ path }))) }),
          })),
        };
      },
    });
  }
}

/** A kind of builder that people choose in the console of KubeSphere. */
export class SourceToImageTemplate extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the S2iBuilderTemplate
   */
  public constructor(scope: Construct, id: string, props: SourceToImageTemplateProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [props.cluster],
      validate: (problems) => reportAll(this, builderTemplateMistakes(props), problems),
      render: () => ({
        entries: [
          {
            path: `${this.node.path}/S2iBuilderTemplate`,
            owner: this,
            content: { type: 'object', object: builderTemplateObject(id, props) },
          },
        ],
      }),
    });
  }
}
