import type { ObjectId } from '../kubernetes/object.ts';
import type { Action, Problem } from '../plan/plan.ts';

/** Everything that happens during an apply, as it happens. The engine never prints; reports are listeners. */
export type ApplyEvent =
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

export interface Outcome {
  readonly clusters: readonly ClusterOutcome[];
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
  readonly milliseconds: number;
}
