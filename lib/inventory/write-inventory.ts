import type { KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';
import type { InventoryChange, ShardWrite } from './change-inventory.ts';
import type { Inventory, InventoryShard } from './inventory.ts';
import { forgetWaitingKey } from './inventory-key.ts';
import { createInventoryNamespace } from './inventory-namespace.ts';
import {
  encodeShard,
  INVENTORY_LABEL,
  INVENTORY_SECRET_TYPE,
  SHARD_DATA_KEY,
  type ShardContents,
} from './shard-format.ts';

export interface WriteInventoryOptions {
  /** The project's `.orrery` folder: its waiting key is removed once the inventory holds it. */
  readonly stateFolder: string;
  readonly signal?: AbortSignal | undefined;
  /** Called before each request; throws to stop (a lease that is no longer fresh). */
  readonly beforeWrite?: (() => void) | undefined;
}

/**
 * Stores a change, each shard by compare-and-swap: POST when it must not exist, PUT with uid and resourceVersion otherwise. Creates the inventory's
 * namespace when it is missing. Returns the inventory as stored, ready for the next change.
 * Errors: ORR5006 when somebody else changed it in between, ORR3006 without the right, ORR5001 otherwise.
 */
export async function writeInventory(
  target: KubeTarget,
  change: InventoryChange,
  options: WriteInventoryOptions,
): Promise<Inventory> {
  const stored = new Map(change.inventory.shards.map((shard) => [shard.name, shard]));
  for (const group of change.writes) {
    const results = await Promise.allSettled(
      group.map(async (write) => {
        options.beforeWrite?.();
        // A shard written earlier in the same change has a newer resourceVersion than the one that was read.
        const current = stored.get(write.name) ?? write.precondition;
        return [write.name, await storeShard(target, write, current, options.signal)] as const;
      }),
    );
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
      const [name, shard] = result.value;
      if (shard === undefined) stored.delete(name);
      else stored.set(name, shard);
    }
  }
  const { inventory } = change;
  await forgetWaitingKey(options.stateFolder, inventory.platform, inventory.clusterUid);
  return { ...inventory, shards: [...stored.values()] };
}

type Precondition = { readonly uid: string; readonly resourceVersion: string } | undefined;

async function storeShard(
  target: KubeTarget,
  write: ShardWrite,
  precondition: Precondition,
  signal: AbortSignal | undefined,
): Promise<InventoryShard | undefined> {
  const folder = resourcePath(SECRETS, target.inventoryNamespace);
  const path = resourcePath(SECRETS, target.inventoryNamespace, write.name);
  if (write.contents === undefined) {
    const body = { preconditions: { uid: precondition?.uid, resourceVersion: precondition?.resourceVersion } };
    const answer = await target.client.request({ method: 'DELETE', path, body, signal });
    if (answer.status < 300 || answer.status === 404) return undefined;
    throw refused(target, write.name, answer);
  }
  const { contents } = write;
  const secret = secretOf(write.name, contents, target.inventoryNamespace, precondition);
  const send = () =>
    precondition === undefined
      ? target.client.request({ method: 'POST', path: folder, body: secret, signal, idempotent: true })
      : target.client.request({ method: 'PUT', path, body: secret, signal, idempotent: true });
  let answer = await send();
  if (answer.status === 404 && precondition === undefined) {
    const refusal = await createInventoryNamespace(target, { signal });
    if (refusal !== undefined) throw refused(target, target.inventoryNamespace, refusal);
    answer = await send();
  }
  if (answer.status === 409) {
    // A connection that broke after the write was executed makes the retry collide with itself.
    const found = await target.client.request({ method: 'GET', path, signal });
    const same =
      found.status === 200 &&
      dataOf(found) === secret.data[SHARD_DATA_KEY] &&
      (precondition === undefined || (found.body as KubernetesObject).metadata.uid === precondition.uid);
    if (same) return shardOfAnswer(found, contents);
  }
  if (answer.status >= 300) throw refused(target, write.name, answer);
  return shardOfAnswer(answer, contents);
}

function secretOf(name: string, contents: ShardContents, namespace: string, precondition: Precondition) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { [INVENTORY_LABEL]: contents.platform }, ...precondition },
    type: INVENTORY_SECRET_TYPE,
    data: { [SHARD_DATA_KEY]: encodeShard(contents) },
  };
}

function refused(target: KubeTarget, name: string, answer: KubeResponse): OrreryError {
  const status = apiStatus(answer);
  const where = { cluster: target.cluster, object: `Secret/${target.inventoryNamespace}/${name}` };
  if (status.code === 409) {
    return new OrreryError('ORR5006', `somebody else changed the inventory (${name}) since it was read`, {
      ...where,
      fix: 'Wait until the other apply has ended, then run again: it starts from what the cluster holds now.',
    });
  }
  if (isMissingRight(status)) {
    return new OrreryError('ORR3006', `the inventory cannot be written: ${status.message}`, {
      ...where,
      fix: `Grant get, list, create, update and delete on secrets in namespace ${target.inventoryNamespace}.`,
    });
  }
  return new OrreryError('ORR5001', `the inventory cannot be written: ${status.message} (HTTP ${status.code})`, where);
}

function dataOf(answer: KubeResponse): unknown {
  return (answer.body as { data?: Record<string, unknown> }).data?.[SHARD_DATA_KEY];
}

function shardOfAnswer(answer: KubeResponse, contents: ShardContents): InventoryShard {
  const { name = '', uid = '', resourceVersion = '' } = (answer.body as KubernetesObject).metadata;
  return { name, index: contents.index, count: contents.count, uid, resourceVersion };
}
