import { nearest } from '../assembly/construct-path.ts';
import { record } from '../kubernetes/fields.ts';
import { describeId, idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { namespaceOf } from '../render/namespace.ts';
import type { PlannedCluster } from './plan-cluster.ts';

/** Numbers of the pods that a StatefulSet may have: from `first` on, up to but without `end`. */
export interface Ordinals {
  readonly first: number;
  readonly end: number;
}

/** @param most pods that there may be */
export function ordinalsOf(statefulSet: KubernetesObject, most: number): Ordinals {
  const { ordinals, replicas } = record(statefulSet.spec);
  const { start } = record(ordinals);
  const first = typeof start === 'number' ? start : 0;
  return { first, end: first + Math.max(most, typeof replicas === 'number' ? replicas : 0) };
}

export function overlap(a: Ordinals, b: Ordinals): boolean {
  return Math.max(a.first, b.first) < Math.min(a.end, b.end);
}

/**
 * Pods that get their number in one cluster while it is still in use in another, because ranges of ordinals were moved: for a while both have that member. Receivers do not come first then,
 * and nobody but a human knows which copy counts.
 *
 * @returns a warning per cluster and StatefulSet
 */
export function ordinalWarnings(
  { apps = [], clusters }: Pick<DesiredState, 'apps' | 'clusters'>,
  planned: readonly Pick<PlannedCluster, 'plan' | 'liveOf'>[],
): ReadonlyMap<string, readonly string[]> {
  const warnings = new Map<string, string[]>();
  const divided = new Map(apps.flatMap(({ services = [] }) => services.map(({ path }) => [path, path])));
  const changed = planned.flatMap(({ plan }) => plan.items).filter(({ id }) => isStatefulSet(id));
  if (divided.size === 0 || changed.length === 0) return warnings;
  const wanted = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const runs = planned.flatMap(({ plan, liveOf }) => {
    const items = new Map(plan.items.filter(({ id }) => isStatefulSet(id)).map((item) => [idKey(item.id), item]));
    const desired = (wanted.get(plan.cluster)?.objects ?? []).filter(
      (one) => isStatefulSet(one.id) && nearest(divided, one.path) !== undefined,
    );
    const own = desired.map((one) => ({ id: { ...one.id, namespace: namespaceOf(one) }, after: one.object }));
    const gone = [...items.values()].filter(({ id }) => !own.some((one) => idKey(one.id) === idKey(id)));
    return [...own, ...gone.map(({ id }) => ({ id, after: undefined }))].map(({ id, after }) => ({
      cluster: plan.cluster,
      id,
      after: after === undefined ? undefined : ordinalsOf(after, 0),
      before: rangeOf(items.has(idKey(id)) ? liveOf?.(id) : after),
    }));
  });
  for (const { cluster, id, after, before } of runs) {
    if (after === undefined) continue;
    for (const other of runs) {
      if (other.cluster === cluster || idKey(other.id) !== idKey(id) || other.before === undefined) continue;
      const first = Math.max(after.first, other.before.first);
      const last = Math.min(after.end, other.before.end) - 1;
      const isNew = last >= first && (before === undefined || before.first > first || before.end <= last);
      if (!isNew) continue;
      const pods = first === last ? `pod ${id.name}-${first}` : `pods ${id.name}-${first} to ${id.name}-${last}`;
      const text = `${describeId(id)} starts ${pods}, while ${other.cluster} still runs what has this name there: apply ${other.cluster} first (--cluster ${other.cluster}), and move its data.`;
      warnings.set(cluster, [...(warnings.get(cluster) ?? []), text]);
    }
  }
  return warnings;
}

function rangeOf(statefulSet: KubernetesObject | undefined): Ordinals | undefined {
  return statefulSet === undefined ? undefined : ordinalsOf(statefulSet, 0);
}

function isStatefulSet({ group, kind }: ObjectId): boolean {
  return group === 'apps' && kind === 'StatefulSet';
}
