import { servedAs } from '../cluster/discovery.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { isMemberOf } from '../diff/ownership.ts';
import { isOrreryError } from '../errors.ts';
import { isRelease } from '../helm/native-input.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { isOurs, isThere } from '../native/release-state.ts';
import { listRevisions } from '../native/stored-release.ts';
import type { ClusterContext } from './cluster-context.ts';

/**
 * Of what an apply may have sent before it lost its lease, the objects that did not come, by `idKey`. Asked at the end of an apply that took a released lease: the
 * apply in between, which took over, ended properly, and all that time nothing arrived. What did arrive is deleted by the plan that sees it.
 */
export async function settledCreates(context: ClusterContext): Promise<string[]> {
  const { unsettled } = context.journal.inventory;
  const settled = await Promise.all(
    [...unsettled].map(async ([key, entry]) => ((await cameLate(entry, context)) ? [] : [key])),
  );
  return settled.flat();
}

/** Whether it is there and ours; also where that cannot be told. */
async function cameLate(entry: InventoryEntry, context: ClusterContext): Promise<boolean> {
  const { target, resources, platformId } = context;
  const { id } = entry;
  if (isRelease(id)) return releaseCame(entry, context);
  const { discovered } = resources;
  const resource = servedAs(discovered, entry);
  if (resource === undefined) return discovered.unavailableGroups.includes(id.group);
  try {
    const path = resourcePath(resource, id.namespace, id.name);
    const answer = await target.client.request({ method: 'GET', path });
    if (answer.status === 404) return false;
    if (answer.status !== 200) return true;
    const live = answer.body as KubernetesObject;
    return isMemberOf(live, entry.sentBy ?? platformId);
  } catch (error) {
    if (isOrreryError(error)) return true;
    throw error;
  }
}

/** helm goes on when the apply that started it is gone. */
async function releaseCame(entry: InventoryEntry, { target, platformId }: ClusterContext): Promise<boolean> {
  try {
    const revisions = await listRevisions(target, entry.id);
    return isThere(revisions[0]) && isOurs(revisions, { entry, platformId: entry.sentBy ?? platformId });
  } catch (error) {
    if (isOrreryError(error)) return true;
    throw error;
  }
}
