import type { ObjectId } from '../kubernetes/object.ts';
import type { Action, Problem } from '../plan/plan.ts';

/** Everything that happens during an apply, as it happens. The engine never prints; reports are listeners. */
export type ApplyEvent = ClusterEvent | WaveEvent | MoveEvent;

/** What happens to a service whose replicas move between clusters. */
export type MoveEvent =
  /** The donors keep their replicas until the receivers are ready. */
  | {
      readonly type: 'replicas-held';
      /** Construct path. */
      readonly service: string;
      readonly donors: readonly string[];
      readonly receivers: readonly string[];
    }
  /** The receivers are ready. */
  | { readonly type: 'replicas-released'; readonly service: string };

/** What happens in one cluster. */
export type ClusterEvent =
  | { readonly type: 'cluster-started'; readonly cluster: string; readonly writes: number }
  | { readonly type: 'lease-waiting'; readonly cluster: string; readonly holder: string }
  | { readonly type: 'object-written'; readonly cluster: string; readonly id: ObjectId; readonly action: Action }
  | { readonly type: 'object-waiting'; readonly cluster: string; readonly id: ObjectId; readonly reason: string }
  | { readonly type: 'object-ready'; readonly cluster: string; readonly id: ObjectId }
  | { readonly type: 'object-deleted'; readonly cluster: string; readonly id: ObjectId }
  | { readonly type: 'object-failed'; readonly cluster: string; readonly id: ObjectId; readonly problem: Problem }
  | { readonly type: 'object-skipped'; readonly cluster: string; readonly id: ObjectId; readonly reason: string }
  /** A Warning header of the API server (deprecated versions, policies in warn mode). */
  | { readonly type: 'object-warning'; readonly cluster: string; readonly id: ObjectId; readonly warning: string }
  | { readonly type: 'cluster-finished'; readonly cluster: string; readonly outcome: ClusterOutcome };

/** What happens in a rollout beside its clusters. */
export type WaveEvent =
  | { readonly type: 'wave-started'; readonly wave: string; readonly clusters: readonly string[] }
  /** Everything is ready; it is watched for so long. */
  | { readonly type: 'wave-soaking'; readonly wave: string; readonly milliseconds: number }
  | { readonly type: 'gate-asked'; readonly wave: string; readonly gate: string }
  | { readonly type: 'gate-answered'; readonly wave: string; readonly gate: GateOutcome }
  | { readonly type: 'wave-finished'; readonly wave: string; readonly outcome: WaveOutcome }
  /** A wave failed, and the program says that what was written goes back. */
  | { readonly type: 'rollback-started'; readonly clusters: readonly string[] };

export interface Outcome {
  readonly clusters: readonly ClusterOutcome[];
  /** In order; absent without a rollout. */
  readonly waves?: readonly WaveOutcome[] | undefined;
  /** What the automatic rollback did; absent where there was none. */
  readonly rollback?: Outcome | undefined;
  /** Whoever was asked said no: nothing was tried, and there is nothing to say of clusters. */
  readonly declined?: boolean | undefined;
}

/**
 * done: everything ready, soaked, gates passed. unchanged: nothing to do, and it was done before. incomplete: done but for clusters that cannot be reached, which
 * the rollout lets pass. failed: see `problem`. waiting: something is suspended. interrupted: stopped on request. not-started: see `problem`.
 */
export interface WaveOutcome {
  readonly name: string;
  readonly clusters: readonly string[];
  readonly status: 'done' | 'unchanged' | 'incomplete' | 'failed' | 'waiting' | 'interrupted' | 'not-started';
  readonly gates: readonly GateOutcome[];
  readonly problem?: Problem | undefined;
}

export interface GateOutcome {
  readonly name: string;
  readonly passed: boolean;
  /** One line. May hold text of strangers. */
  readonly detail: string;
  /** The end of what a command wrote. Text of strangers. */
  readonly output?: string | undefined;
}

/**
 * done: everything the plan shows. failed: something was not done. waiting: done, but something is suspended until somebody says go on.
 * skipped: nothing was tried, see `problem`. interrupted: stopped on request, what was begun is finished.
 */
export interface ClusterOutcome {
  readonly cluster: string;
  readonly status: 'done' | 'failed' | 'waiting' | 'skipped' | 'interrupted';
  readonly written: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly failures: readonly { readonly id?: ObjectId | undefined; readonly problem: Problem }[];
  readonly skipped: readonly { readonly id: ObjectId; readonly reason: string }[];
  /** Objects that are suspended: somebody has to let them go on. */
  readonly suspended?: readonly { readonly id: ObjectId; readonly reason: string }[] | undefined;
  /** Set when the cluster as a whole failed. */
  readonly problem?: Problem | undefined;
  /** Number of the revision that this apply recorded. */
  readonly revision?: number | undefined;
  readonly milliseconds: number;
}
