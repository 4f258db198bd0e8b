import type { Target } from '../cluster/target.ts';
import { type Plan, writes } from '../plan/plan.ts';
import { revisionsOfAll } from './plan-revisions.ts';

/**
 * Takes out of a plan what is done: clusters whose newest revision is complete and of the assembly that the plan is of. What others changed there since is left
 * for an apply without this.
 * @returns the rest, and the clusters that were taken out
 */
export async function withoutDone(
  plan: Plan,
  targets: readonly Target[],
): Promise<{ readonly plan: Plan; readonly done: readonly string[] }> {
  const pending = plan.clusters.filter(({ items }) => items.some(({ action }) => writes(action)));
  const names = new Set(pending.map(({ cluster }) => cluster));
  const kubes = targets.filter(({ kind, cluster }) => kind === 'kube' && names.has(cluster));
  const revisions = await revisionsOfAll(kubes, plan.platform.id);
  const done = new Set(
    revisions.flatMap(({ cluster, heads: [newest] }) =>
      newest?.complete === true && newest.assembly === plan.assemblyDigest ? [cluster] : [],
    ),
  );
  const clusters = plan.clusters.map((one) => (done.has(one.cluster) ? { ...one, items: [] } : one));
  const changes = clusters.some(({ items }) => items.some(({ action }) => writes(action)));
  return { plan: { ...plan, clusters, changes }, done: [...done] };
}
