import type { CanaryReleaseManifest } from '../../assembly-format';
import type { Cluster } from '../../cluster';
import type { ClusterUnits } from '../../private/dependencies';
import type { Problem } from '../../private/problem';
import type { Entry } from '../../private/unit';

/** What is released: a service of an app, a Deployment of the program, or versions of a Service. */
export interface ReleaseTarget {
  /** Clusters in which the release has a unit of its own. */
  clusters(problems: Problem[]): readonly Cluster[];
  /** Whether Orrery goes from stage to stage in the cluster; else the release is not there, or a controller moves it. */
  isWrittenTo(cluster: Cluster): boolean;
  validate(problems: Problem[]): void;
  /** Its own unit in a cluster. */
  render(cluster: Cluster, problems: Problem[]): Entry[];
  /** Called when everything else of the clusters is there. */
  complete(
    all: readonly ClusterUnits[],
    problems: Problem[],
  ): { readonly cluster: Cluster; readonly entries: Entry[] } | undefined;
  manifest(platform: readonly Cluster[], problems: Problem[]): CanaryReleaseManifest | undefined;
}
