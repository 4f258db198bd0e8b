import type { Cluster } from '../../cluster';
import type { Problem } from '../../private/problem';
import type { CanaryBackend } from '../canary-backend';
import type { CanaryFeature } from './features';
import type { ReleaseInCluster } from './release-in-cluster';
import type { ReleaseWorlds } from './states';

/**
 * A back-end of a canary release: what it can do, and what becomes of a release in one cluster. The construct refuses what a back-end cannot do before it asks it to render.
 */
export interface CanaryBackendRules {
  readonly backend: CanaryBackend;
  /** For messages: "plain Istio". */
  readonly title: string;
  /** API version by which the facts of a cluster say that it is there. */
  readonly apiVersion: string;
  readonly can: ReadonlySet<CanaryFeature>;
  /** Whether Orrery goes from stage to stage; else a controller in the cluster does. */
  readonly isMovedByOrrery: boolean;
  /** What is wrong beside that, e.g. with the steps or with a combination. Called once for each cluster. */
  check?(release: ReleaseInCluster, cluster: Cluster, problems: Problem[]): void;
  /** Every object that the release has to do with, at each stage. */
  worlds(release: ReleaseInCluster, problems: Problem[]): ReleaseWorlds;
}
