import type { ResourceType } from '../cluster/discovery.ts';
import { METADATA_LIST } from '../cluster/kube-client.ts';
import { listPages } from '../cluster/list-pages.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { describeId, groupOf, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import { apiStatus } from '../kubernetes/status.ts';
import { fieldManagerOf, platformSelector } from './ownership.ts';

/** What a cluster says of the members of a platform without being told their names. */
export interface FoundMembers {
  /** Objects that carry our label and that we applied, as the inventory would hold them: without a proof, their names in place of paths. */
  readonly members: readonly InventoryEntry[];
  /** Objects that carry our label and that we never applied: controllers and people copy labels. They are no members. */
  readonly copies: readonly ObjectId[];
  /** Kinds that could not be read, and why. */
  readonly unread: readonly string[];
}

/**
 * Looks for the members of a platform among the objects of every kind that can be listed and applied: one LIST per kind, of metadata alone.
 * An object that is served under several groups counts once, under the one it was applied in.
 * Errors: what the client throws.
 */
export async function findMembers(target: KubeTarget, platformId: string): Promise<FoundMembers> {
  const discovery = await target.discovery({ fresh: true });
  const kinds = [...discovery.kinds].filter(({ verbs }) => verbs.includes('list') && verbs.includes('patch'));
  const manager = fieldManagerOf(platformId);
  const members: InventoryEntry[] = [];
  const copies = new Map<string, ObjectId>();
  const unread = discovery.unavailableGroups.map((group) => `${group}: the API group does not answer`);
  const lists = await Promise.all(
    kinds.map(async (resource) => ({ resource, list: await labelled(target, resource, platformId) })),
  );
  for (const { resource, list } of lists) {
    if (!Array.isArray(list)) {
      unread.push(`${resource.plural}${resource.group === '' ? '' : `.${resource.group}`}: ${list.refusal}`);
      continue;
    }
    for (const { metadata } of list) {
      const { namespace = '', name = '', uid = '', managedFields = [] } = metadata;
      const id = { group: resource.group, kind: resource.kind, namespace, name };
      const own = managedFields.filter((entry) => entry.manager === manager && entry.operation === 'Apply');
      const apiVersion = own.find((entry) => !entry.subresource)?.apiVersion;
      if (apiVersion === undefined) copies.set(uid, id);
      else if (groupOf(apiVersion) === id.group || discovery.preferred(groupOf(apiVersion), id.kind) === undefined)
        members.push({ id, apiVersion: versionIn(resource, apiVersion), path: describeId(id), uid });
    }
  }
  const known = new Set(members.map(({ uid }) => uid));
  return { members, copies: [...copies].flatMap(([uid, id]) => (known.has(uid) ? [] : [id])), unread };
}

async function labelled(
  target: KubeTarget,
  resource: ResourceType,
  platformId: string,
): Promise<KubernetesObject[] | { readonly refusal: string }> {
  const path = resourcePath(resource, '');
  const query = { labelSelector: platformSelector(platformId) };
  const all = (items: readonly KubernetesObject[]) => items;
  let list = await listPages(target.client, path, all, { query, accept: METADATA_LIST });
  // An aggregated API may not know lists of metadata.
  if (!Array.isArray(list) && list.status === 406) list = await listPages(target.client, path, all, { query });
  // 404: the kind went away since discovery, and every object of it.
  if (!Array.isArray(list) && list.status === 404) return [];
  return Array.isArray(list) ? list : { refusal: apiStatus(list).message };
}

/** The version of the last apply; of another group than the one it is served in now, that one's version. */
function versionIn({ group, version }: ResourceType, applied: string): string {
  if (groupOf(applied) === group) return applied;
  return group === '' ? version : `${group}/${version}`;
}
