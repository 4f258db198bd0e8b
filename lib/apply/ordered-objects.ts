import { goesAfterRun } from '../helm/hooks.ts';
import { idKey } from '../kubernetes/object.ts';
import type { ClusterPlan, PlanItem } from '../plan/plan.ts';
import type { DesiredObject, DesiredRelease } from '../render/desired-state.ts';
import { roleOf } from './item-role.ts';
import type { OrderedObject } from './order.ts';
import type { ClusterShares } from './share-ready.ts';

export interface OrderedCluster {
  readonly plan: ClusterPlan;
  /** With namespaces resolved, by `idKey`. */
  readonly desired: ReadonlyMap<string, DesiredObject>;
  readonly releases: ReadonlyMap<string, DesiredRelease>;
  readonly shares: ClusterShares;
  /** Nothing is looked at but what has an item. */
  readonly isPart: boolean;
}

/** What the graph of an apply is made of in one cluster. */
export function orderedObjects({ plan, desired, releases, shares, isPart }: OrderedCluster): readonly OrderedObject[] {
  const { cluster } = plan;
  const items = new Map(plan.items.map((item) => [idKey(item.id), item]));
  const objects: OrderedObject[] = [];
  const add = (id: OrderedObject['id'], key: string, item: PlanItem | undefined) => {
    const declared = desired.get(key);
    const role = roleOf(item);
    // A delete is late by its place alone.
    const late = role === 'write' ? shares.late(id) : undefined;
    if (late !== undefined) objects.push({ cluster, id, path: '', role, isLate: true });
    objects.push({
      cluster,
      id,
      path: declared?.path ?? item?.path ?? '',
      role: late !== undefined && late.keeps === undefined ? 'keep' : role,
      object: declared?.object,
      dependsOn: declared?.dependsOn ?? releases.get(key)?.dependsOn,
      hook: declared?.hook,
      changes: item?.changes,
    });
  };
  // In the plan's order first: what is free at the same time goes as the review shows it.
  for (const [key, item] of items) add(item.id, key, item);
  for (const { id, path = '', action, hook } of plan.items) {
    if ((action === 'create' || action === 'replace') && goesAfterRun({ id, hook }))
      objects.push({ cluster, id, path, role: 'delete', isSpent: true });
  }
  if (isPart) return objects;
  for (const [key, { id }] of desired) if (!items.has(key)) add(id, key, undefined);
  for (const [key, { id, path, dependsOn }] of releases)
    if (!items.has(key)) objects.push({ cluster, id, path, role: 'keep', dependsOn });
  return objects;
}

/** The same of a cluster that cannot be written: nothing can be done there, and nothing that waits for something of it elsewhere. */
export function unwrittenObjects(
  cluster: string,
  objects: Iterable<Pick<OrderedObject, 'id' | 'path'>>,
): readonly OrderedObject[] {
  return [...objects].map(({ id, path }) => ({ cluster, id, path, role: 'write' }));
}
