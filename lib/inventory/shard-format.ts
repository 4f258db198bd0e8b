import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { OrreryError } from '../errors.ts';
import type { InventoryEntry } from './inventory.ts';

/**
 * How an inventory is cut into shards and how one shard is written.
 *
 * An entry lies in shard `hash(key) mod count`, count a power of two, so a small change touches few shards and doubling the count splits each shard in two.
 * Every shard says its own index and count: together they must cover all residues, or a shard is missing. The count never shrinks, so that every
 * half-finished growth still reads as a superset of the entries.
 */

/** Type of the Secrets. */
export const INVENTORY_SECRET_TYPE = 'orrery.dev/inventory';
/** Label of the Secrets; its value is the platform id. Not the ownership label: the inventory is no member of the platform. */
export const INVENTORY_LABEL = 'orrery.dev/inventory';
/** On Secrets that carry the label of the inventory and are no shard of it: records of canary releases. Its value is the name of the release. */
export const RELEASE_RECORD_LABEL = 'orrery.dev/canary-release';
/** Key in the Secret's data. */
export const SHARD_DATA_KEY = 'inventory.json.gz';

const FORMAT = 'orrery/inventory';
const VERSION = '1.3';
/** About 90 KB gzipped; a Secret may hold 1 MiB. */
const ENTRIES_PER_SHARD = 1000;

/** Contents of one shard. */
export interface ShardContents {
  readonly platform: string;
  readonly clusterUid: string;
  readonly index: number;
  /** Number of shards, a power of two. */
  readonly count: number;
  /** Hex; in every shard, so that none of them is more precious than the others. */
  readonly hmacKey: string;
  readonly entries: readonly InventoryEntry[];
  /** Absent: none. */
  readonly unsettled?: readonly InventoryEntry[] | undefined;
}

/** Number of shards for so many entries, never fewer than there are. */
export function shardCount(entries: number, current: number): number {
  let count = Math.max(1, current);
  while (count * ENTRIES_PER_SHARD < entries) count *= 2;
  return count;
}

/** Shard of an entry, by `idKey`. */
export function shardOf(key: string, count: number): number {
  return count === 1 ? 0 : Number.parseInt(hash('sha256', key, 'hex').slice(0, 8), 16) % count;
}

export function shardName(platform: string, index: number): string {
  return `orrery.inventory.${platform}.${index}`;
}

/** Index of the shard in its name; undefined for a Secret that is no shard of the platform. */
export function shardIndex(name: string, platform: string): number | undefined {
  const prefix = shardName(platform, 0).slice(0, -1);
  const index = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^(0|[1-9]\d{0,5})$/.test(index) ? Number(index) : undefined;
}

/** True when shards of these indexes and counts hold every residue, also in the middle of a growth. */
export function coversAll(shards: readonly { readonly index: number; readonly count: number }[]): boolean {
  const largest = Math.max(0, ...shards.map((shard) => shard.count));
  for (let residue = 0; residue < largest; residue++) {
    if (!shards.some((shard) => residue % shard.count === shard.index)) return false;
  }
  return largest > 0;
}

type EntryRow = [string, string, string, string, string, string, ...(string | null)[]];

/** The value of the Secret's data key: base64 of gzip of JSON. */
export function encodeShard(shard: ShardContents): string {
  const { entries, unsettled = [], ...head } = shard;
  const late = unsettled.length === 0 ? {} : { unsettled: unsettled.map(rowOf) };
  const contents = { format: FORMAT, version: VERSION, ...head, entries: entries.map(rowOf), ...late };
  return gzipSync(JSON.stringify(contents)).toString('base64');
}

function rowOf(entry: InventoryEntry): EntryRow {
  const { hook, helmRevision } = entry;
  const kind = hook === true ? 'hook' : helmRevision === undefined ? null : `helm ${helmRevision}`;
  return [
    entry.id.group,
    entry.id.kind,
    entry.id.namespace,
    entry.id.name,
    entry.apiVersion,
    entry.path,
    entry.uid ?? null,
    entry.desired ?? null,
    entry.fields ?? null,
    entry.projection ?? null,
    entry.serverState ?? null,
    ...(kind !== null || entry.sentBy !== undefined ? [kind] : []),
    ...(entry.sentBy === undefined ? [] : [entry.sentBy]),
  ];
}

/** A shard that was read back, or what is wrong with it. `newer`: nothing, it is of a format that we do not know. */
export type ParsedShard =
  | { readonly contents: ShardContents }
  | { readonly broken: string; readonly newer: boolean; readonly fix: string };

/** Reads a shard back. What is wrong never quotes the contents: they are a secret. */
export function parseShard(data: string): ParsedShard {
  const broken = (what: string, fix: string, newer = false) => ({ broken: what, newer, fix });
  const restore = 'Restore the Secret from a backup of the cluster, or make the inventory anew: orrery refresh.';
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: 64 * 1024 * 1024 }).toString());
  } catch {
    return broken('holds no readable inventory.', restore);
  }
  if (parsed.format !== FORMAT || typeof parsed.version !== 'string') {
    return broken('is no inventory of Orrery.', 'Remove the inventory label from a Secret that is not ours.');
  }
  if (Number.parseInt(parsed.version, 10) > Number.parseInt(VERSION, 10)) {
    const what = `was written in inventory format ${parsed.version}, newer than ${VERSION}.`;
    return broken(what, 'Update Orrery.', true);
  }
  const { platform, clusterUid, index, count, hmacKey, entries, unsettled } = parsed;
  const wellFormed =
    typeof platform === 'string' &&
    typeof clusterUid === 'string' &&
    typeof hmacKey === 'string' &&
    /^[0-9a-f]{64}$/.test(hmacKey) &&
    isInteger(index) &&
    isInteger(count) &&
    index < count &&
    Number.isInteger(Math.log2(count)) &&
    Array.isArray(entries) &&
    entries.every(isRow) &&
    (unsettled === undefined || (Array.isArray(unsettled) && unsettled.every(isRow)));
  if (!wellFormed) return broken('holds a damaged inventory.', restore);
  const contents = { platform, clusterUid, index, count, hmacKey, entries: entries.map(entryOfRow) };
  return { contents: unsettled === undefined ? contents : { ...contents, unsettled: unsettled.map(entryOfRow) } };
}

/**
 * Reads a shard that has to be whole. Errors: ORR4006 when it is no shard of ours, or of a newer format.
 * @param name of the Secret, for messages.
 */
export function decodeShard(data: string, name: string, cluster: string): ShardContents {
  const parsed = parseShard(data);
  if ('contents' in parsed) return parsed.contents;
  throw new OrreryError('ORR4006', `Secret ${name} ${parsed.broken}`, { cluster, fix: parsed.fix });
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/**
 * Six texts, then five that may be missing, "hook" for one (since 1.1) or "helm 3" for a native release (since 1.3), and who sent it (since 1.2). A plain loop: an inventory has tens of
 * thousands of cells.
 */
function isRow(row: unknown): row is EntryRow {
  if (!Array.isArray(row) || row.length < 11 || row.length > 13) return false;
  if (row.length > 11 && !isKind(row[11]) && (row.length === 12 || row[11] !== null)) return false;
  if (row.length === 13 && typeof row[12] !== 'string') return false;
  for (let at = 0; at < 11; at++) {
    const cell: unknown = row[at];
    if (typeof cell !== 'string' && (at < 6 || cell !== null)) return false;
  }
  return true;
}

function isKind(cell: unknown): boolean {
  return cell === 'hook' || (typeof cell === 'string' && /^helm \d+$/.test(cell));
}

function entryOfRow(row: EntryRow): InventoryEntry {
  const [group, kind, namespace, name, apiVersion, path, uid, desired, fields, projection, serverState, hook, sentBy] =
    row;
  return {
    id: { group, kind, namespace, name },
    apiVersion,
    path,
    uid: uid ?? undefined,
    desired: desired ?? undefined,
    fields: fields ?? undefined,
    projection: projection ?? undefined,
    serverState: serverState ?? undefined,
    ...ofKind(hook),
    ...(typeof sentBy === 'string' ? { sentBy } : {}),
  };
}

function ofKind(cell: string | null | undefined): Pick<InventoryEntry, 'hook' | 'helmRevision'> {
  if (typeof cell !== 'string') return {};
  return cell === 'hook' ? { hook: true } : { helmRevision: Number(cell.slice('helm '.length)) };
}
