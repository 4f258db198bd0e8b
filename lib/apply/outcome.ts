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
  | { readonly type: 'cluster-finished'; readonly cluster: string; readonly outcome: ClusterOutcome };

export interface Outcome {
  readonly clusters: readonly ClusterOutcome[];
}

export interface ClusterOutcome {
  readonly cluster: string;
  readonly status: 'done' | 'failed' | 'waiting' | 'skipped' | 'interrupted';
  readonly written: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly failures: readonly { readonly id?: ObjectId | undefined; readonly problem: Problem }[];
  readonly skipped: readonly { readonly id: ObjectId; readonly reason: string }[];
  /** Set when the cluster as a whole failed. */
  readonly problem?: Problem | undefined;
  readonly milliseconds: number;
}
