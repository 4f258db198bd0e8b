import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { Inventory, InventoryEntry, InventoryShard } from './inventory.ts';
import { waitingKey } from './inventory-key.ts';
import { gather, listShards, type ReadInventoryOptions } from './read-inventory.ts';
import {
  coversAll,
  INVENTORY_LABEL,
  parseShard,
  SHARD_DATA_KEY,
  type ShardContents,
  shardIndex,
  shardName,
} from './shard-format.ts';

/** What is left of an inventory that may be damaged. */
export interface SalvagedInventory {
  /** What its readable parts hold; `shards` has every part that is stored, readable or not, for compare-and-swap. */
  readonly inventory: Inventory;
  /** What is wrong with it, for people; empty: it is whole. */
  readonly damage: readonly string[];
}

/**
 * Reads an inventory as far as it can be read, by one LIST. Parts that are missing, damaged or written for another cluster are told instead of being an error; what somebody else's is, still is one.
 * Errors: ORR4006 for a part of another platform, of a newer format, or that is no part at all; ORR3006 without the right to list.
 */
export async function salvageInventory(
  target: KubeTarget,
  platformId: string,
  options: ReadInventoryOptions,
): Promise<SalvagedInventory> {
  const { cluster, clusterUid } = target;
  const secrets = await listShards(target, `${INVENTORY_LABEL}=${platformId}`, options.signal);
  const shards: InventoryShard[] = [];
  const readable: ShardContents[] = [];
  const damage: string[] = [];
  for (const secret of secrets) {
    const { name = '', uid = '', resourceVersion = '' } = secret.metadata;
    const index = shardIndex(name, platformId);
    const parsed = parseShard((secret.data as Record<string, string> | undefined)?.[SHARD_DATA_KEY] ?? '');
    const foreign = 'contents' in parsed && parsed.contents.platform !== platformId;
    if (index === undefined || foreign || ('broken' in parsed && parsed.newer)) {
      const what = index === undefined || foreign ? 'is no part of this inventory' : 'was written by a newer Orrery';
      throw new OrreryError('ORR4006', `Secret ${name} carries the label of the inventory and ${what}`, {
        cluster,
        fix: foreign || index === undefined ? `Take the label ${INVENTORY_LABEL} off it.` : 'Update Orrery.',
      });
    }
    const kept = 'contents' in parsed && parsed.contents.clusterUid === clusterUid ? parsed.contents : undefined;
    if ('broken' in parsed) damage.push(`Secret ${name} ${parsed.broken}`);
    else if (kept === undefined) damage.push(`Secret ${name} was written for another cluster`);
    if (kept !== undefined) readable.push(kept);
    shards.push({ name, index, count: kept?.count ?? 0, uid, resourceVersion });
  }
  const count = Math.max(0, ...readable.map((contents) => contents.count));
  if (damage.length === 0 && shards.length > 0 && !coversAll(readable)) {
    const names = new Set(shards.map(({ name }) => name));
    const missing = Array.from({ length: count }, (_, index) => shardName(platformId, index));
    damage.push(`missing: ${missing.filter((name) => !names.has(name)).join(', ')}`);
  }
  // As when it is whole: the shard of the larger count was written later, and its key is the one that counts.
  readable.sort((a, b) => a.count - b.count || a.index - b.index);
  const hex = readable.at(-1)?.hmacKey;
  const { entries, unsettled } = gather(
    readable.map((contents) =>
      contents.hmacKey === hex ? contents : { ...contents, entries: contents.entries.map(withoutProof) },
    ),
  );
  const hmacKey =
    hex === undefined ? await waitingKey(options.stateFolder, platformId, clusterUid) : Buffer.from(hex, 'hex');
  return { inventory: { platform: platformId, clusterUid, hmacKey, entries, unsettled, shards }, damage };
}

function withoutProof({ id, apiVersion, path, uid }: InventoryEntry): InventoryEntry {
  return { id, apiVersion, path, uid };
}
