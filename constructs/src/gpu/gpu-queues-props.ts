import type { KueueFlavorFungibility, KueuePreemption, KueueQueueingStrategy } from '../kueue/cluster-queue-props';
import type { Kueue } from '../kueue/kueue';
import type { Placement } from '../placement';
import type { Workspace } from '../workspace';
import type { GpuPool } from './gpu-pool';

/** What of a pool belongs to a tenant. All shares are hundredths, of the pool in each of its clusters. */
export interface GpuQueueTenant {
  /** The tenant. Either this or `namespaceName`. @default - `namespaceName` says which */
  readonly workspace?: Workspace;
  /** The only namespace of a tenant without workspace. It must be there. @default - those of the workspace */
  readonly namespaceName?: string;
  /** What belongs to it, 0 to 100: it gets that much whenever it wants it. */
  readonly share: number;
  /** What it may borrow of others beside, 0 to 100. @default - all that nobody uses */
  readonly borrowing?: number;
  /** What others may borrow of its own, 0 to 100 hundredths of it. @default 100 */
  readonly lending?: number;
  /** Its weight beside others, where several want to borrow the same. @default 1 */
  readonly weight?: number;
}

export interface GpuQueuesProps {
  /** The GPUs. */
  readonly pool: GpuPool;
  /** Who has what of them. */
  readonly tenants: GpuQueueTenant[];
  /** The Kueue of the clusters. @default - one of its own, in the clusters of the pool and of the manager */
  readonly kueue?: Kueue;
  /** Name of the LocalQueue in each namespace. @default - the id */
  readonly queueName?: string;
  /** Whether shares may be more than 100 together: then not all tenants get what belongs to them at a time. @default false */
  readonly overcommits?: boolean;
  /** Which workloads may be stopped for others. @default - those that borrow, when the lender wants its own, and those of lower priority in the same queue */
  readonly preemption?: KueuePreemption;
  /** Which flavor a workload gets, where the pool has several. @default - Kueue's */
  readonly flavorFungibility?: KueueFlavorFungibility;
  /** In which order workloads are admitted. @default KueueQueueingStrategy.BEST_EFFORT_FIFO */
  readonly queueingStrategy?: KueueQueueingStrategy;
  /** WorkloadPriorityClasses by name, e.g. { urgent: 1000 }; the higher goes first. @default - none */
  readonly priorities?: { readonly [name: string]: number };
  /** The cluster in which workloads are queued for all clusters of the pool (MultiKueue), none of them itself. @default - each cluster has its own queues only */
  readonly manager?: Placement;
  /**
   * Secrets in the namespace of Kueue in the manager, by cluster: each has a kubeconfig for the cluster under the key "kubeconfig".
   * @default - "<cluster>-kubeconfig"
   */
  readonly kubeconfigSecrets?: { readonly [cluster: string]: string };
}
