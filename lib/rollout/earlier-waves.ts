import type { RolloutManifest } from '@orrery/constructs/assembly-format';
import { isUnreachable } from '../apply/cluster-tally.ts';
import { placeReleases } from '../canary-release/place-releases.ts';
import { OrreryError } from '../errors.ts';
import { makePlan, type PlanTarget } from '../plan/make-plan.ts';
import { type ClusterPlan, type Plan, writes } from '../plan/plan.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { revisionsOfAll } from './plan-revisions.ts';

/** Clusters of waves before the last one that the plan writes to, which the plan leaves out. */
export function leftOutBefore({ rollout, clusters }: Plan): readonly string[] {
  if (rollout === undefined) return [];
  const written = new Set(clusters.filter(({ items }) => items.some(({ action }) => writes(action))).map(nameOf));
  const last = rollout.waves.findLastIndex((wave) => wave.clusters.some((cluster) => written.has(cluster)));
  const planned = new Set(clusters.map(nameOf));
  return rollout.waves
    .slice(0, Math.max(0, last))
    .flatMap((wave) => wave.clusters)
    .filter((cluster) => !planned.has(cluster));
}

function nameOf({ cluster }: ClusterPlan): string {
  return cluster;
}

/**
 * Makes sure that a plan which leaves out clusters does not overtake them: all of them hold the program's present state and their waves were through.
 * Reads only.
 * @param desired of the whole platform
 * @param targets of those clusters
 * @throws OrreryError ORR4201 naming the wave, its cluster and why it is not through
 */
export async function assertThrough(
  rollout: RolloutManifest,
  desired: DesiredState,
  targets: readonly PlanTarget[],
  rules: PlanOptions,
): Promise<void> {
  const names = new Set(targets.map(({ cluster }) => cluster));
  const theirs = { ...desired, clusters: desired.clusters.filter(({ name }) => names.has(name)) };
  const placed = await placeReleases(theirs, targets);
  const [{ plan }, revisions] = await Promise.all([
    makePlan(placed.desired, placed.targets, rules),
    revisionsOfAll(targets, desired.platform.id),
  ]);
  for (const wave of rollout.waves) {
    for (const cluster of plan.clusters.filter((one) => wave.clusters.includes(one.cluster))) {
      const newest = revisions.find((one) => one.cluster === cluster.cluster)?.heads[0];
      const why = whyNotThrough(cluster, newest?.complete ?? true, rollout);
      if (why === undefined) continue;
      throw new OrreryError('ORR4201', `Wave "${wave.name}" comes first and is not through: ${why}.`, {
        cluster: cluster.cluster,
        fix: `Apply that wave first: orrery apply --wave ${wave.name}`,
      });
    }
  }
}

function whyNotThrough(plan: ClusterPlan, complete: boolean, rollout: RolloutManifest): string | undefined {
  const { cluster, problem, items } = plan;
  if (problem !== undefined) {
    if (isUnreachable(problem) && rollout.onUnreachable === 'continue') return undefined;
    return `${cluster} was not planned (${problem.code}: ${problem.what})`;
  }
  const left = items.filter(({ action }) => action !== 'being-deleted').length;
  if (left > 0) return `${cluster} has ${left} ${left === 1 ? 'object' : 'objects'} to write`;
  return complete ? undefined : `the last apply to ${cluster} ended before its wave was through`;
}
