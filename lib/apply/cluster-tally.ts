import type { Where } from '../errors.ts';
import { describeId, idKey, type ObjectId } from '../kubernetes/object.ts';
import { type ClusterPlan, type PlanItem, type Problem, writes } from '../plan/plan.ts';
import type { ApplyEvent, ClusterOutcome } from './outcome.ts';
import { problemOf } from './problem-of.ts';

/** unreachable: it does not answer, or refuses our credentials. waiting: something is suspended. */
export type ClusterCondition = 'well' | 'failed' | 'unreachable' | 'waiting' | 'interrupted';

/** Nothing is known of the cluster but that it does not answer, or does not take our credentials. */
export function isUnreachable({ code }: Pick<Problem, 'code'>): boolean {
  return code === 'ORR3004' || code === 'ORR3005';
}

/** Counts what happens in one cluster, tells it to the listener, and sums it up. */
export class ClusterTally {
  readonly #plan: ClusterPlan;
  readonly #emit: (event: ApplyEvent) => void;
  #began = performance.now();
  readonly #failures: { id?: ObjectId | undefined; problem: Problem }[] = [];
  readonly #skipped: { id: ObjectId; reason: string }[] = [];
  readonly #suspended: { id: ObjectId; reason: string }[] = [];
  /** By `idKey`: objects of which it is known how they ended. */
  readonly #told = new Set<string>();
  #written = 0;
  #deleted = 0;
  #interrupted = false;
  #untried = false;
  #problem: Problem | undefined;
  #revision: number | undefined;
  #outcome: ClusterOutcome | undefined;

  constructor(plan: ClusterPlan, emit: (event: ApplyEvent) => void) {
    this.#plan = plan;
    this.#emit = emit;
  }

  get cluster(): string {
    return this.#plan.cluster;
  }

  /** How the cluster is so far. */
  get condition(): ClusterCondition {
    if (this.#problem !== undefined) return isUnreachable(this.#problem) ? 'unreachable' : 'failed';
    if (this.#failures.length > 0) return 'failed';
    if (this.#interrupted) return 'interrupted';
    const settled = this.#settled();
    return settled === 'done' ? 'well' : settled === 'waiting' ? 'waiting' : 'failed';
  }

  /** The problem that ended the work on the whole cluster. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Nothing was tried in this cluster. */
  get isUntried(): boolean {
    return this.#untried;
  }

  get hasFailures(): boolean {
    return this.#problem !== undefined || this.#failures.length > 0 || this.#skipped.length > 0;
  }

  started(writes: number): void {
    this.#began = performance.now();
    this.#emit({ type: 'cluster-started', cluster: this.cluster, writes });
  }

  leaseWaiting(holder: string): void {
    this.#emit({ type: 'lease-waiting', cluster: this.cluster, holder });
  }

  written(item: PlanItem): void {
    this.#written++;
    this.#told.add(idKey(item.id));
    this.#emit({ type: 'object-written', cluster: this.cluster, id: item.id, action: item.action });
  }

  waiting(id: ObjectId, reason: string): void {
    this.#emit({ type: 'object-waiting', cluster: this.cluster, id, reason });
  }

  warning(id: ObjectId, warning: string): void {
    this.#emit({ type: 'object-warning', cluster: this.cluster, id, warning });
  }

  ready(id: ObjectId): void {
    this.#emit({ type: 'object-ready', cluster: this.cluster, id });
  }

  deleted(id: ObjectId): void {
    this.#deleted++;
    this.#told.add(idKey(id));
    this.#emit({ type: 'object-deleted', cluster: this.cluster, id });
  }

  suspended(id: ObjectId, reason: string): void {
    this.#suspended.push({ id, reason });
    this.waiting(id, reason);
  }

  failed(error: unknown, item: { readonly id: ObjectId } & Pick<Where, 'path' | 'source'>): void {
    const { id, path, source } = item;
    const problem = problemOf(error, { cluster: this.cluster, object: describeId(id), path, source });
    this.#failures.push({ id, problem });
    this.#told.add(idKey(id));
    this.#emit({ type: 'object-failed', cluster: this.cluster, id, problem });
  }

  /** In a cluster that failed as a whole its problem says why; `leaveRest` counts. */
  skipped(id: ObjectId, reason: string): void {
    if (this.#problem !== undefined) return;
    this.#skipped.push({ id, reason });
    this.#told.add(idKey(id));
    this.#emit({ type: 'object-skipped', cluster: this.cluster, id, reason });
  }

  recorded(revision: number | undefined): void {
    this.#revision = revision;
  }

  interrupted(): void {
    this.#interrupted = true;
  }

  /** Nothing was tried in this cluster, because of what another one says. One that has a problem of its own failed by that. */
  untried(error: unknown): void {
    if (this.#problem !== undefined) return;
    this.#untried = true;
    this.#problem = problemOf(error, {});
  }

  /** The first problem of the whole cluster is the one that is reported. */
  stopped(error: unknown): void {
    this.#problem ??= problemOf(error, { cluster: this.cluster });
  }

  /** Counts what a cluster that failed as a whole did not come to. Nobody is told object by object: the problem of the cluster says it once. */
  leaveRest(): void {
    if (this.#problem === undefined || this.#untried) return;
    for (const { id, action } of this.#plan.items) {
      if (!writes(action) || action === 'forget' || this.#told.has(idKey(id))) continue;
      this.#skipped.push({ id, reason: 'the apply to this cluster stopped' });
    }
  }

  finish(): ClusterOutcome {
    if (this.#outcome !== undefined) return this.#outcome;
    const failed = this.#problem !== undefined || this.#failures.length > 0;
    this.#outcome = {
      cluster: this.cluster,
      status: this.#untried ? 'skipped' : failed ? 'failed' : this.#interrupted ? 'interrupted' : this.#settled(),
      written: this.#written,
      deleted: this.#deleted,
      unchanged: this.#plan.unchanged,
      failures: this.#failures,
      skipped: this.#skipped,
      suspended: this.#suspended,
      problem: this.#problem,
      revision: this.#revision,
      milliseconds: Math.round(performance.now() - this.#began),
    };
    this.#emit({ type: 'cluster-finished', cluster: this.cluster, outcome: this.#outcome });
    return this.#outcome;
  }

  /** Skipped only because something is suspended: that too goes on when somebody says so. */
  #settled(): 'waiting' | 'failed' | 'done' {
    if (this.#suspended.length > 0) return 'waiting';
    return this.#skipped.length > 0 ? 'failed' : 'done';
  }
}
