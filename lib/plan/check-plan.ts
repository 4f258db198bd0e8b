import { OrreryError } from '../errors.ts';
import { canonicalJson } from '../kubernetes/canonical.ts';
import type { DesiredState } from '../render/desired-state.ts';
import type { Plan } from './plan.ts';
import { sealOf, shownDigest } from './seal.ts';

/**
 * Makes sure that a plan is the one that was reviewed, for this program, and still good.
 * @param desired absent for a destroy.
 * @param keys seal keys (`sealKey`) of the clusters that can be reached, by name. A cluster without key is not checked here: what cannot be reached is not written.
 * Errors: ORR4102 another platform or assembly, ORR4103 expired, ORR4101 changed after it was made, ORR4105 made without asking the servers.
 */
export function checkPlan(
  plan: Plan,
  desired: Pick<DesiredState, 'platform' | 'assemblyDigest' | 'holdsSecrets' | 'rollout'> | undefined,
  now: Date,
  keys: ReadonlyMap<string, Uint8Array>,
): void {
  if (desired !== undefined && plan.platform.id !== desired.platform.id) {
    const what = `the plan is for platform "${plan.platform.id}", the program is "${desired.platform.id}".`;
    throw new OrreryError('ORR4102', what, { fix: 'Apply it from the program that it was made from, or plan again.' });
  }
  assertVerified(plan);
  if (now.getTime() >= Date.parse(plan.expiresAt)) {
    throw new OrreryError('ORR4103', `the plan expired at ${plan.expiresAt}.`, {
      fix: 'Plan again: what it rests on is too old to be trusted.',
    });
  }
  const assemblyDigest = plan.purpose === 'destroy' ? '' : (desired?.assemblyDigest ?? '');
  const sealed = plan.clusters.filter((cluster) => cluster.problem === undefined);
  const holdsSecrets = plan.purpose !== 'destroy' && (desired?.holdsSecrets ?? false);
  const first = keys.get(sealed[0]?.cluster ?? '');
  const comparable = !holdsSecrets || first !== undefined;
  if (comparable && plan.assemblyDigest !== shownDigest(assemblyDigest, holdsSecrets, first)) {
    throw new OrreryError('ORR4102', 'the plan was made from another state of the program.', {
      fix: `Plan again, or go back to the state that the plan was made from.${holdsSecrets ? FIRST_APPLY : ''}`,
    });
  }
  const rollout = plan.purpose === 'destroy' ? undefined : desired?.rollout;
  // Its gates run commands: not those of a file, but those of the program.
  if (canonicalJson({ rollout: plan.rollout }) !== canonicalJson({ rollout })) {
    throw new OrreryError('ORR4101', 'the rollout of the plan is not that of the program.', {
      fix: 'Plan again: the file was changed, or comes from elsewhere.',
    });
  }
  for (const cluster of sealed) {
    const key = keys.get(cluster.cluster);
    if (key === undefined || cluster.seal === sealOf(plan, cluster, assemblyDigest, key)) continue;
    throw new OrreryError('ORR4101', `the plan of ${cluster.cluster} is not as it was made.`, {
      cluster: cluster.cluster,
      fix: `Plan again: the file was changed, or comes from elsewhere.${FIRST_APPLY}`,
    });
  }
}

/** Why a plan from another machine may not fit. */
const FIRST_APPLY =
  ' The first apply to a cluster must run where its plan was made: the key is in .orrery/keys until the inventory holds it.';

/** @throws OrreryError ORR4105 for a plan that is there to be read */
export function assertVerified({ unverified }: Pick<Plan, 'unverified'>): void {
  if (unverified !== true) return;
  throw new OrreryError('ORR4105', 'the plan was made without dry runs: no server has said what would happen.', {
    fix: 'It is there to be read. Plan again without --no-dry-run, by a user who may dry-run, and apply that.',
  });
}
