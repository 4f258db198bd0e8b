import { applyPlan } from '../apply/apply.ts';
import type { ApplyOptions } from '../apply/apply-options.ts';
import type { ApplyEvent, ClusterOutcome, Outcome } from '../apply/outcome.ts';
import type { Target } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { PlanTarget } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { DesiredState } from '../render/desired-state.ts';
import type { RevisionHead } from '../revision/revision.ts';
import { planRevisions, revisionsOfAll } from './plan-revisions.ts';

export interface RolloutInput {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly targets: readonly Target[];
  readonly options: ApplyOptions;
  /** Opens clusters once more: what is known of their kinds is older than what this apply did. */
  readonly reopen: (clusters: readonly string[]) => Promise<{
    readonly all: readonly PlanTarget[];
    readonly close: () => Promise<void>;
  }>;
}

/**
 * Applies a plan; where a wave fails and the program says so, every cluster that this apply wrote to goes back to what it held before, all at once. A wave that
 * failed because clusters cannot be reached, and one that was interrupted, brings nothing back: neither says anything about what was written.
 */
export async function applyRollout(input: RolloutInput, onEvent: (event: ApplyEvent) => void): Promise<Outcome> {
  const { plan, desired, targets, options } = input;
  const outcome = await applyPlan(plan, desired, targets, options, onEvent);
  const failed = outcome.waves?.some(({ status, problem }) => status === 'failed' && problem?.code !== 'ORR3004');
  if (plan.rollout?.onFailure !== 'rollback' || failed !== true || options.signal?.aborted === true) return outcome;
  const touched = outcome.clusters.filter(({ written, deleted }) => written + deleted > 0);
  if (touched.length === 0) return outcome;
  onEvent({ type: 'rollback-started', clusters: touched.map(({ cluster }) => cluster) });
  return { ...outcome, rollback: await rollBack(touched, input, onEvent) };
}

async function rollBack(
  touched: readonly ClusterOutcome[],
  { plan, desired, options, reopen }: RolloutInput,
  onEvent: (event: ApplyEvent) => void,
): Promise<Outcome> {
  const { platform } = plan;
  const { stateFolder } = options;
  const { all, close } = await reopen(touched.map(({ cluster }) => cluster));
  try {
    const clusters = await revisionsOfAll(all, platform.id);
    const numbers = new Map(touched.map(({ cluster, revision }) => [cluster, revision]));
    const choose = (cluster: string, heads: readonly RevisionHead[]) =>
      stateBefore(cluster, heads, numbers.get(cluster));
    // What the failed apply made goes again, however much that is: it was not there before.
    const rules = { now: () => new Date(), stateFolder, allowDeletes: true, allowEmpty: true, rollback: true };
    const made = await planRevisions({ platform, apps: desired.apps }, clusters, choose, rules);
    const rollbackOf = new Map([...made.heads].map(([cluster, { number }]) => [cluster, number]));
    const opened = all.filter((target): target is Target => target.kind !== 'unopened');
    const { renewals, inventories } = made;
    // The program asked for it.
    const unasked = { ...options, renewals, inventories, rollbackOf, confirm: undefined };
    return await applyPlan(made.plan, made.desired, opened, unasked, onEvent);
  } finally {
    await close();
  }
}

/**
 * The newest complete revision before that of the failed apply.
 * @param failed number of the failed apply's revision; undefined: it could not be stored, the newest one is from before
 * @throws OrreryError ORR4010 when there is none, or it held the same
 */
function stateBefore(cluster: string, heads: readonly RevisionHead[], failed: number | undefined): RevisionHead {
  const before = heads.find(({ number, complete }) => complete && (failed === undefined || number < failed));
  const present = heads.find(({ number }) => number === failed);
  if (before !== undefined && before.content !== present?.content) return before;
  const what =
    before === undefined
      ? `Cluster ${cluster} has no complete revision from before this apply.`
      : `Revision ${before.number} of cluster ${cluster}, the one before this apply, has the same contents.`;
  throw new OrreryError('ORR4010', what, {
    cluster,
    fix: 'What was written stays. orrery history shows the revisions, orrery rollback --to N brings one back.',
  });
}
