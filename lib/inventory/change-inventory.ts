import { idKey } from '../kubernetes/object.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import { type ShardContents, shardCount, shardName, shardOf } from './shard-format.ts';

/** A new inventory and the writes that store it. */
export interface InventoryChange {
  readonly inventory: Inventory;
  /** In groups: the writes of a group may go in parallel, a group starts when the one before is stored. */
  readonly writes: readonly (readonly ShardWrite[])[];
}

/** Compare-and-swap of one shard. */
export interface ShardWrite {
  readonly name: string;
  /** What was read; absent: the shard must not exist. */
  readonly precondition?: { readonly uid: string; readonly resourceVersion: string } | undefined;
  /** Absent: the shard is deleted. */
  readonly contents?: ShardContents | undefined;
}

/**
 * Adds objects that are about to be created, before the first write of an apply: from here on nothing can be lost. Objects that the inventory knows keep
 * their entries, so that what proves them stays until an answer replaces it.
 */
export function widen(
  inventory: Inventory,
  planned: Iterable<Pick<InventoryEntry, 'id' | 'apiVersion' | 'path'>>,
): InventoryChange {
  const entries = new Map(inventory.entries);
  for (const { id, apiVersion, path } of planned) {
    const key = idKey(id);
    if (!entries.has(key)) entries.set(key, announced({ id, apiVersion, path }, inventory.unsettled.get(key)));
  }
  return changeTo(inventory, entries, without(inventory.unsettled, entries.keys()));
}

/** Records what the API server answered: entries are added or replaced. */
export function complete(inventory: Inventory, answered: Iterable<InventoryEntry>): InventoryChange {
  const entries = new Map(inventory.entries);
  for (const entry of answered) {
    const key = idKey(entry.id);
    entries.set(key, entry.uid === undefined ? announced(entry, entries.get(key)) : entry);
  }
  return changeTo(inventory, entries, without(inventory.unsettled, entries.keys()));
}

/** An entry of what is not there yet; what was known to come from a former id may still be what comes. */
function announced(entry: InventoryEntry, before: InventoryEntry | undefined): InventoryEntry {
  return before?.sentBy === undefined ? entry : { ...entry, sentBy: before.sentBy };
}

/**
 * Takes over what another id of the platform may have sent and did not see arrive. What the inventory holds itself stays as it is.
 * @param sent each with `sentBy`
 */
export function carryOver(inventory: Inventory, sent: Iterable<InventoryEntry>): InventoryChange {
  const [entries, unsettled] = [new Map(inventory.entries), new Map(inventory.unsettled)];
  for (const entry of sent) {
    const key = idKey(entry.id);
    const own = entries.get(key);
    if (own === undefined) unsettled.set(key, entry);
    else if (own.uid === undefined) entries.set(key, announced(own, entry));
  }
  return changeTo(inventory, entries, unsettled);
}

/**
 * Removes objects that are confirmed gone or deliberately left, by `idKey`; after the last delete of an apply.
 * @param late those that are not there, and that an apply which died may have sent: they are no objects of ours any more, but stay known
 */
export function narrow(inventory: Inventory, keys: Iterable<string>, late: Iterable<string> = []): InventoryChange {
  const unsettled = new Map(inventory.unsettled);
  for (const key of late) {
    const entry = inventory.entries.get(key);
    if (entry !== undefined) unsettled.set(key, sentEntry(entry));
  }
  const gone = [...keys];
  return changeTo(inventory, without(inventory.entries, [...gone, ...unsettled.keys()]), without(unsettled, gone));
}

/** What is kept of an entry whose object may still come. @param sentBy the id that sent it, where it is not that of the inventory any more */
export function sentEntry({ id, apiVersion, path, sentBy }: InventoryEntry, by = sentBy): InventoryEntry {
  return by === undefined ? { id, apiVersion, path } : { id, apiVersion, path, sentBy: by };
}

function without(entries: Inventory['entries'], keys: Iterable<string>): Map<string, InventoryEntry> {
  const rest = new Map(entries);
  for (const key of keys) rest.delete(key);
  return rest;
}

/**
 * Removes the inventory itself once it holds nothing. The first shard is rewritten as the only one and goes last, so that no interruption leaves
 * a set that looks incomplete.
 */
export function dissolve(inventory: Inventory): InventoryChange {
  if (inventory.entries.size + inventory.unsettled.size > 0)
    throw new Error('an inventory that holds entries is not removed');
  const [first, ...others] = [...inventory.shards].sort((a, b) => a.index - b.index);
  if (first === undefined) return { inventory, writes: [] };
  const lone: ShardWrite[] =
    others.length === 0 ? [] : [{ ...casOf(first), contents: contentsOf(inventory, 0, 1, [], []) }];
  const writes = [lone, others.map(casOf), [casOf(first)]].filter((group) => group.length > 0);
  return { inventory: { ...inventory, shards: [] }, writes };
}

/**
 * Makes an inventory whole that may be damaged: every shard is written, whatever stands in it.
 * @param salvaged `shards` has every part that is stored; a count of 0 stands for an unreadable one
 * @param found entries beside those that were salvaged; an entry that is known stays
 */
export function rebuild(salvaged: Inventory, found: Iterable<InventoryEntry>): InventoryChange {
  const entries = new Map(salvaged.entries);
  for (const entry of found) if (!entries.has(idKey(entry.id))) entries.set(idKey(entry.id), entry);
  const indexes = salvaged.shards.map((shard) => 2 ** Math.ceil(Math.log2(shard.index + 1)));
  const count = shardCount(entries.size, Math.max(0, ...indexes, ...salvaged.shards.map((shard) => shard.count)));
  const stored = new Map(salvaged.shards.map((shard) => [shard.index, shard]));
  const groups = groupByShard(entries, count);
  const unsettled = without(salvaged.unsettled, entries.keys());
  const late = groupByShard(unsettled, count);
  const writes = groups.map((members, index): ShardWrite => {
    const shard = stored.get(index);
    const contents = contentsOf(salvaged, index, count, members, late[index] ?? []);
    return shard === undefined
      ? { name: shardName(salvaged.platform, index), contents }
      : { ...casOf(shard), contents };
  });
  const created = writes.filter(({ precondition }) => precondition === undefined);
  const replaced = writes.filter(({ precondition }) => precondition !== undefined);
  return {
    inventory: { ...salvaged, entries, unsettled },
    writes: [created, replaced].filter((group) => group.length > 0),
  };
}

function casOf(shard: Inventory['shards'][number]): ShardWrite {
  return { name: shard.name, precondition: { uid: shard.uid, resourceVersion: shard.resourceVersion } };
}

function contentsOf(
  inventory: Inventory,
  index: number,
  count: number,
  entries: readonly InventoryEntry[],
  unsettled: readonly InventoryEntry[],
): ShardContents {
  const { platform, clusterUid } = inventory;
  const hmacKey = Buffer.from(inventory.hmacKey).toString('hex');
  return { platform, clusterUid, index, count, hmacKey, entries, ...(unsettled.length === 0 ? {} : { unsettled }) };
}

function changeTo(
  before: Inventory,
  entries: Inventory['entries'],
  unsettled: Inventory['unsettled'],
): InventoryChange {
  const stored = Math.max(0, ...before.shards.map((shard) => shard.count));
  const count = shardCount(entries.size, stored);
  const touched = new Set<number>();
  for (const [key, entry] of entries) {
    const old = before.entries.get(key);
    if (old === undefined || !sameEntry(old, entry)) touched.add(shardOf(key, count));
  }
  for (const key of before.entries.keys()) if (!entries.has(key)) touched.add(shardOf(key, count));
  for (const key of before.unsettled.keys()) if (!unsettled.has(key)) touched.add(shardOf(key, count));
  for (const key of unsettled.keys()) if (!before.unsettled.has(key)) touched.add(shardOf(key, count));

  const shards = new Map(before.shards.map((shard) => [shard.index, shard]));
  const created: ShardWrite[] = [];
  const replaced: ShardWrite[] = [];
  const groups = groupByShard(entries, count);
  const late = groupByShard(unsettled, count);
  for (let index = 0; index < count; index++) {
    const shard = shards.get(index);
    if (shard !== undefined && shard.count === count && !touched.has(index)) continue;
    const name = shardName(before.platform, index);
    const contents = contentsOf(before, index, count, groups[index] ?? [], late[index] ?? []);
    if (shard === undefined) created.push({ name, contents });
    else replaced.push({ ...casOf(shard), contents });
  }
  // New shards first: until the old ones shrink, every entry is in at least one of them.
  return {
    inventory: { ...before, entries, unsettled },
    writes: [created, replaced].filter((group) => group.length > 0),
  };
}

function groupByShard(entries: ReadonlyMap<string, InventoryEntry>, count: number): InventoryEntry[][] {
  const groups: InventoryEntry[][] = Array.from({ length: count }, () => []);
  for (const key of [...entries.keys()].sort()) {
    const entry = entries.get(key);
    if (entry !== undefined) groups[shardOf(key, count)]?.push(entry);
  }
  return groups;
}

function sameEntry(a: InventoryEntry, b: InventoryEntry): boolean {
  return (
    a === b ||
    (a.apiVersion === b.apiVersion &&
      a.path === b.path &&
      a.uid === b.uid &&
      a.desired === b.desired &&
      a.fields === b.fields &&
      a.projection === b.projection &&
      a.serverState === b.serverState &&
      a.sentBy === b.sentBy &&
      a.helmRevision === b.helmRevision)
  );
}
