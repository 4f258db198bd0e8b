import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { HelmRelease } from '../helm-release';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { clustersOf } from '../private/delivery';
import { recordLocation } from '../private/location';
import { present } from '../private/present-members';
import { problemAt } from '../private/problem';
import { renderLate } from '../private/unit';
import {
  type ConfigurationPart,
  configurationFindings,
  configurationText,
  DEFAULT_FRAMEWORKS,
} from './private/kueue-configuration';

/** What becomes of what a pod requests and its queue does not name. */
export enum KueueUndeclaredResources {
  /** Queues count what they name, and nothing else. */
  IGNORE = 'IgnoreUndeclared',
  /** The workload is not admitted. */
  BLOCK = 'BlockUndeclared',
}

/** Other resources that a queue counts for what pods request. */
export interface KueueTransformation {
  /** What pods request, e.g. "nvidia.com/gpumem". */
  readonly inputResource: string;
  /** What it is multiplied by: another resource that the same pod requests. @default - nothing */
  readonly multiplyBy?: string;
  /** What one of it counts as, e.g. { 'nvidia.com/total-gpumem': '1' }. */
  readonly outputs: { readonly [resource: string]: string };
  /** Whether what pods request is counted as well. @default false */
  readonly retains?: boolean;
}

export interface KueueProps {
  /** The clusters. @default - the cluster that it is in */
  readonly placement?: Placement;
  /** Whether it is installed; otherwise it is there already, with the `configuration`. @default true */
  readonly install?: boolean;
  /** Version of the chart. @default 0.19.2 */
  readonly version?: string;
  /** Namespace of the release, and of the kubeconfigs of MultiKueue. @default "kueue-system" */
  readonly namespaceName?: string;
  /** Pods of its controller. @default 1 */
  readonly replicas?: number;
  /** Kinds of workloads that are queued. @default - Jobs, JobSets, LeaderWorkerSets, Deployments, StatefulSets, pods, and jobs of Ray and Kubeflow */
  readonly frameworks?: string[];
  /** Whether what is lent goes to those who have the least of it, by weight. @default - where a queue has a weight */
  readonly fairSharing?: boolean;
  /** What becomes of what a pod requests and its queue does not name. @default KueueUndeclaredResources.IGNORE */
  readonly undeclaredResources?: KueueUndeclaredResources;
  /** Beside those that pools need. @default - none */
  readonly transformations?: KueueTransformation[];
  /** Resources that stand for devices of dynamic resource allocation, with their device classes; beside those that pools need. @default - none */
  readonly deviceClasses?: { readonly [resource: string]: string[] };
}

/** Kueue in clusters: its chart, with the configuration that the queues there need. */
export class Kueue extends Construct {
  /** Namespace of the release. */
  public readonly namespaceName: string;
  private readonly parts: ((cluster: Cluster) => ConfigurationPart)[] = [];

  /**
   * @param scope the platform or a construct of it (with a placement), or a cluster
   * @param id unique in the scope
   */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: KueueProps = {},
  ) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
    const { namespaceName = 'kueue-system', install = true, version = '0.19.2', replicas, placement } = props;
    this.namespaceName = namespaceName;
    renderLate(this, {
      clusters: (problems) => clustersOf(this, placement, problems),
      validate: () => undefined,
      render: (cluster, problems) => {
        for (const { code, what, fix } of configurationFindings(this.partsIn(cluster)))
          problems.push(problemAt(this, code, what, { fix, cluster: cluster.clusterName }));
        return { entries: [] };
      },
    });
    if (!install) return;
    const release = new HelmRelease(this, 'release', {
      chart: 'kueue',
      repository: 'oci://registry.k8s.io/kueue/charts',
      version,
      releaseName: 'kueue',
      namespaceName,
      createNamespace: true,
      ...present<{ placement?: Placement }>({ placement }),
      ...(replicas === undefined ? {} : { values: { controllerManager: { replicas } } }),
    });
    release._computeValues((cluster) => ({
      managerConfig: { controllerManagerConfigYaml: this.configuration(cluster) },
    }));
  }

  /** Configuration of its controller in a cluster (config.kueue.x-k8s.io/v1beta2), as YAML. Known when the queues there are. */
  public configuration(cluster: Cluster): string {
    return configurationText(this.partsIn(cluster), {
      frameworks: this.props.frameworks ?? DEFAULT_FRAMEWORKS,
      undeclared: this.props.undeclaredResources ?? KueueUndeclaredResources.IGNORE,
    });
  }

  /**
   * Adds what queues need of it.
   * @internal
   */
  public _configure(part: (cluster: Cluster) => ConfigurationPart): void {
    this.parts.push(part);
  }

  /**
   * Where it is.
   * @internal
   */
  public _clusters(): readonly Cluster[] {
    return clustersOf(this, this.props.placement, []);
  }

  private partsIn(cluster: Cluster): ConfigurationPart[] {
    const { fairSharing, transformations = [], deviceClasses = {} } = this.props;
    const parts = this.parts.map((part) => part(cluster));
    if (fairSharing === undefined) return [{ transformations, deviceClasses }, ...parts];
    return [{ transformations, deviceClasses, fairSharing }, ...parts.map((part) => ({ ...part, fairSharing }))];
  }
}
