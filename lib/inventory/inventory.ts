import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';

/**
 * What we know of one object of ours in one cluster. Written to the inventory before the object is touched (without uid) and completed from the apply
 * response. `desired`, `fields`, `projection` and `serverState` together prove "unchanged" (facts: server-side apply, section 1).
 */
export interface InventoryEntry {
  readonly id: ObjectId;
  /** apiVersion of the last apply. */
  readonly apiVersion: string;
  /** Construct path that declared it. */
  readonly path: string;
  /** Absent: intended, not yet confirmed by a response. */
  readonly uid?: string | undefined;
  /** Digest of the desired object as last applied: sha256 of canonical JSON, for Secrets an HMAC with the inventory's key. */
  readonly desired?: string | undefined;
  /** F: digest of our canonical fieldsV1 in the apply response. */
  readonly fields?: string | undefined;
  /** P: digest of the projection of the live object under F, list order kept, every item that matches a key kept. Absent where the server did not keep all that was applied. */
  readonly projection?: string | undefined;
  /** Server-state key under which F and P were taken. */
  readonly serverState?: string | undefined;
  /** A hook that is run. With `desired` it came to its end, and may be gone since. */
  readonly hook?: true | undefined;
  /** Platform id under which an apply may have sent it, where the platform was moved to another id since. Never with a uid: it was not there then. */
  readonly sentBy?: string | undefined;
  /** Of a native Helm release: number of the revision that our helm made. `uid` is that of the Secret which holds it, `desired` an HMAC of what helm was given. */
  readonly helmRevision?: number | undefined;
}

export interface Inventory {
  readonly platform: string;
  /** kube-system uid of the cluster it was written for. */
  readonly clusterUid: string;
  /** 32 random bytes: key of every HMAC over Secret values. */
  readonly hmacKey: Uint8Array;
  /** By `idKey(entry.id)`. */
  readonly entries: ReadonlyMap<string, InventoryEntry>;
  /**
   * Likewise: what an apply was about to create that lost its lease, and that was not there when the next one looked. A request it had sent may still be carried
   * out, so the ids stay until an apply that took a released lease finds nothing.
   */
  readonly unsettled: ReadonlyMap<string, InventoryEntry>;
  /** The stored shards this was read from, for compare-and-swap; empty when nothing is stored yet. */
  readonly shards: readonly InventoryShard[];
  /** Secrets with the records of canary releases, which are read with the shards. Absent: they were not read. */
  readonly records?: readonly KubernetesObject[] | undefined;
}

/** Names what is stored: another one after every change, by whomever. */
export function inventoryVersion({ shards }: Pick<Inventory, 'shards'>): string {
  return shards
    .map(({ name, uid, resourceVersion }) => `${name} ${uid} ${resourceVersion}`)
    .sort()
    .join('\n');
}

export interface InventoryShard {
  /** Secret name. */
  readonly name: string;
  readonly index: number;
  /** How many shards there were when this one was written; a power of two. */
  readonly count: number;
  readonly uid: string;
  readonly resourceVersion: string;
}
