import { METADATA_LIST } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';
import type { Inventory, InventoryEntry, InventoryShard } from './inventory.ts';
import { waitingKey } from './inventory-key.ts';
import {
  coversAll,
  decodeShard,
  INVENTORY_LABEL,
  RELEASE_RECORD_LABEL,
  SHARD_DATA_KEY,
  type ShardContents,
} from './shard-format.ts';

export interface ReadInventoryOptions {
  /** The project's `.orrery` folder: keeps the HMAC key of a cluster that has no inventory yet. */
  readonly stateFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The inventory of a platform in a cluster, by one LIST. A cluster without inventory gives an empty one with the key that waits in the state folder.
 * Errors: ORR4006 when a shard is missing, damaged, of another platform or was written for another cluster; ORR3006 without the right to list.
 */
export async function readInventory(
  target: KubeTarget,
  platformId: string,
  options: ReadInventoryOptions,
): Promise<Inventory> {
  const all = await listSecrets(target, `${INVENTORY_LABEL}=${platformId}`, options.signal);
  const secrets = all.filter(isShard);
  const records = all.filter((secret) => !isShard(secret));
  if (secrets.length === 0) {
    const hmacKey = await waitingKey(options.stateFolder, platformId, target.clusterUid);
    return {
      platform: platformId,
      clusterUid: target.clusterUid,
      hmacKey,
      entries: new Map(),
      unsettled: new Map(),
      shards: [],
      records,
    };
  }
  return { ...inventoryOf(secrets, platformId, target), records };
}

/** The platforms that keep an inventory in the target's inventory namespace, sorted. Reads labels only. */
export async function listPlatformInventories(target: KubeTarget, signal?: AbortSignal): Promise<string[]> {
  const secrets = await listShards(target, INVENTORY_LABEL, signal, METADATA_LIST);
  const platforms = new Set(secrets.map((secret) => secret.metadata.labels?.[INVENTORY_LABEL] ?? ''));
  platforms.delete('');
  return [...platforms].sort();
}

/** The Secrets of an inventory, or of all, without records of canary releases. Errors: ORR3006 without the right to list, ORR4006 otherwise. */
export async function listShards(
  target: KubeTarget,
  labelSelector: string,
  signal: AbortSignal | undefined,
  accept?: string,
): Promise<KubernetesObject[]> {
  return (await listSecrets(target, labelSelector, signal, accept)).filter(isShard);
}

/** The Secrets that hold the records of a platform's canary releases. Errors: as for the inventory. */
export function listRecordSecrets(
  target: KubeTarget,
  platformId: string,
  signal?: AbortSignal,
): Promise<KubernetesObject[]> {
  return listSecrets(target, `${INVENTORY_LABEL}=${platformId},${RELEASE_RECORD_LABEL}`, signal);
}

function isShard({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[RELEASE_RECORD_LABEL] === undefined;
}

async function listSecrets(
  target: KubeTarget,
  labelSelector: string,
  signal: AbortSignal | undefined,
  accept?: string,
): Promise<KubernetesObject[]> {
  const path = resourcePath(SECRETS, target.inventoryNamespace);
  const answer = await target.client.request({ method: 'GET', path, query: { labelSelector }, accept, signal });
  if (answer.status === 200) return (answer.body as { items?: KubernetesObject[] }).items ?? [];
  const status = apiStatus(answer);
  const where = { cluster: target.cluster };
  if (isMissingRight(status)) {
    throw new OrreryError('ORR3006', `the inventory cannot be listed: ${status.message}`, {
      ...where,
      fix: `Grant list on secrets in namespace ${target.inventoryNamespace}.`,
    });
  }
  throw new OrreryError('ORR4006', `the inventory cannot be listed: ${status.message} (HTTP ${status.code})`, where);
}

function inventoryOf(secrets: readonly KubernetesObject[], platform: string, target: KubeTarget): Inventory {
  const { cluster } = target;
  const shards: { secret: InventoryShard; contents: ShardContents }[] = [];
  for (const secret of secrets) {
    const { name = '', uid = '', resourceVersion = '' } = secret.metadata;
    const data = (secret.data as Record<string, string> | undefined)?.[SHARD_DATA_KEY] ?? '';
    const contents = decodeShard(data, name, cluster);
    if (contents.platform !== platform) {
      throw new OrreryError('ORR4006', `Secret ${name} holds the inventory of platform "${contents.platform}"`, {
        cluster,
        fix: `Set its label ${INVENTORY_LABEL} to "${contents.platform}".`,
      });
    }
    if (contents.clusterUid !== target.clusterUid) {
      throw new OrreryError(
        'ORR4006',
        `the inventory in Secret ${name} was written for another cluster (kube-system uid ${contents.clusterUid}, this one is ${target.clusterUid})`,
        {
          cluster,
          fix: 'It came with a restored backup: the uids it holds mean nothing here. orrery refresh makes it anew from the objects that are here.',
        },
      );
    }
    const { index, count } = contents;
    shards.push({ secret: { name, index, count, uid, resourceVersion }, contents });
  }
  if (!coversAll(shards.map((shard) => shard.contents))) {
    const found = shards.map((shard) => shard.secret.name).sort();
    const expected = Math.max(...shards.map((shard) => shard.contents.count));
    throw new OrreryError('ORR4006', `the inventory has ${expected} parts, only ${found.join(', ')} can be found`, {
      cluster,
      fix: `Restore the missing Secrets in namespace ${target.inventoryNamespace}, or make the inventory anew from what is in the cluster: orrery refresh.`,
    });
  }
  // A growth that was interrupted leaves an entry in two shards: the one of the larger count was written later.
  shards.sort((a, b) => a.contents.count - b.contents.count || a.contents.index - b.contents.index);
  const { entries, unsettled } = gather(shards.map(({ contents }) => contents));
  const hmacKey = Buffer.from(shards[0]?.contents.hmacKey ?? '', 'hex');
  if (shards.some((shard) => shard.contents.hmacKey !== shards[0]?.contents.hmacKey)) {
    throw new OrreryError('ORR4006', 'the parts of the inventory do not belong together (their keys differ)', {
      cluster,
    });
  }
  return {
    platform,
    clusterUid: target.clusterUid,
    hmacKey,
    entries,
    unsettled,
    shards: shards.map((shard) => shard.secret),
  };
}

/** What shards hold together. @param shards the later one wins */
export function gather(shards: readonly Pick<ShardContents, 'entries' | 'unsettled'>[]): {
  readonly entries: Map<string, InventoryEntry>;
  readonly unsettled: Map<string, InventoryEntry>;
} {
  const entries = new Map<string, InventoryEntry>();
  const unsettled = new Map<string, InventoryEntry>();
  for (const shard of shards) {
    for (const entry of shard.entries) {
      entries.set(idKey(entry.id), entry);
      unsettled.delete(idKey(entry.id));
    }
    for (const entry of shard.unsettled ?? []) {
      unsettled.set(idKey(entry.id), entry);
      entries.delete(idKey(entry.id));
    }
  }
  return { entries, unsettled };
}
