import type { ResourceType } from '../cluster/discovery.ts';
import { isMemberOf, ON_REMOVE_ANNOTATION, platformOf } from '../diff/ownership.ts';
import { OrreryError } from '../errors.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { sha256 } from '../kubernetes/canonical.ts';
import { describeId, idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import { dangersOfDelete } from './dangers.ts';
import type { Action, Danger, PlanItem } from './plan.ts';
import { type PlanningContext, problemOf, whereOf } from './planning-context.ts';

/** An inventory entry that is no longer desired. */
export interface Removal {
  readonly entry: InventoryEntry;
  /** How it can be read; undefined: its kind is gone from the server. */
  readonly resource: ResourceType | undefined;
  /** It was not there when an apply took over from one that may have sent it. */
  readonly late?: boolean | undefined;
}

/** What removing an entry depends on beside the object itself. */
export interface RemovalRules {
  /** 'orphan': everything is left in the cluster. */
  readonly as: 'delete' | 'orphan';
  /** Namespaces that hold objects which stay. */
  readonly occupiedNamespaces: ReadonlySet<string>;
  /** Reads that failed: deleting on a partial view is how foreign objects die (law 4). */
  readonly unread: readonly string[];
  /** uids of live objects that are desired, perhaps under another API group. */
  readonly declaredUids: ReadonlySet<string>;
  /** Everything goes, also what is only known because it may have come late. */
  readonly forgetsLate: boolean;
}

/**
 * Decides what becomes of one entry; the live object must have been read and its absence confirmed.
 * @returns undefined for what might have come late and did not: nothing is to be done about it, and the next apply that writes anyway forgets it
 */
export async function planRemoval(
  context: PlanningContext,
  removal: Removal,
  rules: RemovalRules,
): Promise<PlanItem | undefined> {
  const item = await planEntry(context, removal, rules);
  if (removal.late !== true) return item;
  if (item.action === 'delete') return { ...item, reason: 'an apply sent it that had lost its lease: it came late' };
  return item.action === 'forget' && !rules.forgetsLate ? undefined : item;
}

async function planEntry(
  context: PlanningContext,
  { entry, resource }: Removal,
  rules: RemovalRules,
): Promise<PlanItem> {
  const { id } = entry;
  if (resource === undefined) {
    if (rules.unread.length > 0) return blocked(context, entry, partly(id, rules));
    return item(context, entry, 'forget', 'its kind is no longer in the cluster');
  }
  const live = await context.reader.of(id);
  if (live.state === 'unreadable') return blocked(context, entry, live.error);
  if (live.state !== 'found') return item(context, entry, 'forget', 'it is no longer in the cluster');
  const { object } = live;
  if (rules.declaredUids.has(object.metadata.uid ?? ''))
    return item(context, entry, 'forget', 'it is the same object as one of the program, under another API group');
  const stranger = notOurs(context, entry, object);
  if (stranger !== undefined) return item(context, entry, 'forget', `${stranger}: it is left as it is`);
  if (object.metadata.deletionTimestamp !== undefined) {
    const { finalizers = [], deletionTimestamp } = object.metadata;
    const waits = finalizers.length > 0 ? `, waits for ${finalizers.join(', ')}` : '';
    return item(context, entry, 'being-deleted', `being deleted since ${deletionTimestamp}${waits}`, object);
  }
  if (rules.as === 'orphan') return item(context, entry, 'orphan', 'left in the cluster, by choice', object);
  if (object.metadata.annotations?.[ON_REMOVE_ANNOTATION] === 'orphan')
    return item(
      context,
      entry,
      'orphan',
      `left in the cluster: it is annotated ${ON_REMOVE_ANNOTATION}: orphan`,
      object,
    );
  if (isProtectedNamespace(id, context.target.inventoryNamespace))
    return item(context, entry, 'orphan', 'left in the cluster: this namespace is never deleted', object);
  if (rules.unread.length > 0) return blocked(context, entry, partly(id, rules), object);
  if (isNamespace(id) && rules.occupiedNamespaces.has(id.name)) {
    const error = new OrreryError('ORR4007', `Namespace ${id.name} is not deleted: objects of the program are in it.`, {
      fix: 'Keep the namespace in the program, or move what is in it.',
    });
    return blocked(context, entry, error, object);
  }
  return item(context, entry, 'delete', 'no longer in the program', object, dangersOfDelete(id));
}

function partly(id: ObjectId, { unread }: RemovalRules): OrreryError {
  return new OrreryError(
    'ORR4007',
    `${describeId(id)} is not deleted, because the cluster could be read only in part: ${unread.join('; ')}.`,
    { fix: 'Mend what could not be read, then plan again.' },
  );
}

/** Namespaces of the system and our own are never deleted, whatever the program says. */
export function isProtectedNamespace(id: ObjectId, inventoryNamespace: string): boolean {
  return isNamespace(id) && (id.name === 'default' || id.name.startsWith('kube-') || id.name === inventoryNamespace);
}

/** The delete as it stands in the plan when a guard holds it back. */
export function heldBack(
  context: { readonly target: { readonly cluster: string } },
  removal: PlanItem,
  error: OrreryError,
): PlanItem {
  const problem = problemOf(error, whereOf(context, removal.id, removal));
  return { ...removal, action: 'blocked', reason: error.message, problem };
}

/** Why what now has the entry's name is not what we had; undefined: it is ours. */
function notOurs(context: PlanningContext, entry: InventoryEntry, live: KubernetesObject): string | undefined {
  const platform = platformOf(live);
  // What was sent under a former id, and came after the platform had moved to this one.
  if (entry.sentBy !== undefined && isMemberOf(live, entry.sentBy)) return undefined;
  if (platform !== undefined && platform !== context.platformId) return `it belongs to platform "${platform}" now`;
  if (entry.uid !== undefined && entry.uid === live.metadata.uid) return undefined;
  // Another uid, or none known because an apply ended before the answer came: ours only if we wrote it.
  if (isMemberOf(live, context.platformId)) return undefined;
  return entry.uid === undefined ? 'it was never created by us' : 'somebody created it again after ours was deleted';
}

function isNamespace(id: ObjectId): boolean {
  return id.group === '' && id.kind === 'Namespace';
}

function blocked(
  context: PlanningContext,
  entry: InventoryEntry,
  error: OrreryError,
  live?: KubernetesObject,
): PlanItem {
  return heldBack(context, item(context, entry, 'delete', '', live, dangersOfDelete(entry.id)), error);
}

function item(
  context: PlanningContext,
  entry: InventoryEntry,
  action: Action,
  reason: string,
  live?: KubernetesObject,
  dangers: readonly Danger[] = [],
): PlanItem {
  const { uid = '', resourceVersion = '' } = live?.metadata ?? {};
  return {
    action,
    id: entry.id,
    apiVersion: live?.apiVersion ?? entry.apiVersion,
    path: entry.path,
    reason: context.mask.text(reason),
    ...(live === undefined ? {} : { precondition: { uid, resourceVersion } }),
    changes: [],
    effect: sha256(`${action} ${idKey(entry.id)} ${uid}`),
    dangers,
    verified: 'dry-run',
  };
}
