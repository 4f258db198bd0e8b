import type { HelmOptions } from '../helm/helm-options.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import type { Problem } from '../plan/plan.ts';
import type { AmendedRevision } from '../revision/amend-revision.ts';
import type { Clock } from './elapsed.ts';

/** What an apply is about to write to, as far as nothing has been written yet. */
export interface ApplyScope {
  /** Clusters in which something is written. */
  readonly clusters: readonly string[];
  /** Clusters that stay as they are, for what was found out since the plan was made: missing rights, most of all. */
  readonly refused: readonly { readonly cluster: string; readonly problem: Problem }[];
}

export interface ApplyOptions {
  /** Who applies, for the Lease and for people who wait for it: "mina@laptop", "pipeline 4711". No secret, no more than a line. */
  readonly who: string;
  /** The project's `.orrery` folder. */
  readonly stateFolder: string;
  /**
   * Asked once, when all is known that keeps a cluster from being written, and before the first lease. False: nothing is written anywhere. Not asked where nothing can be
   * written. Default: nobody is asked.
   */
  readonly confirm?: ((scope: ApplyScope) => Promise<boolean>) | undefined;
  /**
   * Wait until what was written is ready, and what was deleted is gone. Default true. False still waits for CRDs before their resources. A rollout always waits.
   */
  readonly wait?: boolean | undefined;
  /** Milliseconds an object may take to get ready or to go. Default 5 min. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds after which a failure that may heal by itself (an image that cannot be pulled, no node) counts. Default 30 s. */
  readonly failureMs?: number | undefined;
  /** Writes under way at a time per cluster. Default 32. */
  readonly concurrency?: number | undefined;
  /** Seconds of the Lease. Default 30. */
  readonly leaseSeconds?: number | undefined;
  /** Milliseconds to wait for another apply that is alive. Default 0. */
  readonly leaseWaitMs?: number | undefined;
  /** Clusters under way at a time: narrows what the rollout says. Default: as the rollout says, else all. */
  readonly maxParallelClusters?: number | undefined;
  /** Soak and ask the gates also of waves that were through before. Default false. */
  readonly recheck?: boolean | undefined;
  /** What commands of gates run with. Default: the state folder, and nothing of the environment. */
  readonly gates?: {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
  };
  /** Per cluster, proofs that the plan found by dry runs; of a plan made in this process. An apply that writes anyway stores them. */
  readonly renewals?: ReadonlyMap<string, readonly InventoryEntry[]> | undefined;
  /**
   * Per cluster, the inventory that the plan rests on; of a plan made in this process. Another one means that another apply ran since: nothing is written over it. A saved plan
   * goes without: it refuses only what would have another effect.
   */
  readonly inventories?: ReadonlyMap<string, string> | undefined;
  /** Per cluster, the revision that the plan brings back; recorded with the new one. */
  readonly rollbackOf?: ReadonlyMap<string, number> | undefined;
  /**
   * The plan deals with some objects only: nothing else is looked at or waited for. Per cluster, what the revision of this apply holds; a cluster without one gets none.
   */
  readonly part?: ReadonlyMap<string, AmendedRevision> | undefined;
  /** Objects (`idKey`) that somebody else moves on, step by step: they are written and not waited for. */
  readonly followed?: ReadonlySet<string> | undefined;
  /** helm, for releases that it installs by itself. */
  readonly helm?: HelmOptions | undefined;
  /** Abort to stop: writes under way are finished, the inventory is brought up to date, nothing more is started. */
  readonly signal?: AbortSignal | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}
