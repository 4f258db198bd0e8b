import { type Readiness, readiness } from '../apply/readiness.ts';
import { recordsOf } from '../canary-release/record-store.ts';
import type { ReleaseRecord } from '../canary-release/release-record.ts';
import { servedAs } from '../cluster/discovery.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { byResource, LiveReader } from '../diff/live-objects.ts';
import { SecretMask } from '../diff/secret-mask.ts';
import { isOrreryError } from '../errors.ts';
import { isRelease } from '../helm/native-input.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { idOf, isSecret, type ObjectId } from '../kubernetes/object.ts';
import { isByOthers, isStuck, isThere } from '../native/release-state.ts';
import { listRevisions as listReleaseRevisions } from '../native/stored-release.ts';
import { listRevisions } from '../revision/read-revisions.ts';
import type { RevisionHead } from '../revision/revision.ts';

/** How one object of ours is. missing: the inventory has it, the cluster has not. unknown: it cannot be read. */
export interface ObjectStatus {
  readonly id: ObjectId;
  /** Construct path that declared it. */
  readonly path: string;
  readonly status: Readiness['status'] | 'missing' | 'unknown';
  readonly reason: string;
}

/** What of a platform is in a cluster, and how it is. */
export interface ClusterStatus {
  readonly cluster: string;
  /** How it is reached, for people. */
  readonly target: string;
  /** The newest; absent where nothing was applied, or no apply could store one. */
  readonly revision?: RevisionHead | undefined;
  readonly objects: readonly ObjectStatus[];
  /** Canary releases, as their records say. Absent: none. */
  readonly canaryReleases?: readonly CanaryStatus[] | undefined;
}

/** Where a canary release stands, whatever the program says of it. */
export type CanaryStatus = Pick<ReleaseRecord, 'release' | 'status' | 'stage' | 'reason' | 'by' | 'updatedAt'>;

export interface ClusterStatusOptions {
  /** The project's `.orrery` folder. */
  readonly stateFolder: string;
  /** Milliseconds since 1970. Default: now. */
  readonly now?: number | undefined;
}

/**
 * Reads the inventory, the newest revision and the live objects: one LIST per kind, as a plan does.
 * @throws OrreryError ORR3006 without the rights, ORR4006 when the inventory cannot be read, and what the client throws
 */
export async function clusterStatus(
  target: KubeTarget,
  platformId: string,
  { stateFolder, now = Date.now() }: ClusterStatusOptions,
): Promise<ClusterStatus> {
  const [inventory, { heads }, discovery] = await Promise.all([
    readInventory(target, platformId, { stateFolder }),
    listRevisions(target, platformId),
    target.discovery(),
  ]);
  const entries = [...inventory.entries.values()];
  const releases = Promise.all(entries.filter(({ id }) => isRelease(id)).map((entry) => releaseStatus(target, entry)));
  const members = entries
    .filter(({ id }) => !isRelease(id))
    .map((entry) => ({
      id: entry.id,
      entry,
      resource: servedAs(discovery, entry),
    }));
  const reader = new LiveReader(target, platformId);
  const groups = [...byResource(members)];
  for (const [resource, ids] of groups) reader.read(resource, ids);
  await Promise.all(groups.map(([resource, ids]) => reader.confirm(resource, ids)));
  const mask = new SecretMask(inventory.hmacKey, () => reader.found().filter((object) => isSecret(idOf(object))));
  const objects = members.map(({ entry, resource }) =>
    resource === undefined ? notServed(entry) : statusOf(reader, entry, mask, now),
  );
  const all = [...objects, ...(await releases)];
  const canaryReleases = [...recordsOf(inventory.records ?? [], target, platformId).values()].map(
    ({ record: { release, status, stage, reason, by, updatedAt } }): CanaryStatus => {
      return { release, status, stage, ...(reason === undefined ? {} : { reason }), by, updatedAt };
    },
  );
  return {
    cluster: target.cluster,
    target: target.description,
    revision: heads[0],
    objects: all,
    ...(canaryReleases.length === 0 ? {} : { canaryReleases }),
  };
}

/** A release of helm: its newest revision, and whether our helm made it. What it holds is not looked at. */
async function releaseStatus(target: KubeTarget, entry: InventoryEntry): Promise<ObjectStatus> {
  const { id, path, helmRevision } = entry;
  try {
    const [newest] = await listReleaseRevisions(target, id);
    if (!isThere(newest)) return { id, path, status: 'missing', reason: 'helm does not have it' };
    const { revision, status, modifiedAt } = newest;
    const since = modifiedAt === undefined ? '' : ` since ${modifiedAt}`;
    const whose = isByOthers(newest, entry) ? `; somebody else made it, ours is ${helmRevision ?? '?'}` : '';
    const reason = `revision ${revision}, ${status}${since}${whose}`;
    if (status === 'deployed') return { id, path, status: 'ready', reason };
    return { id, path, status: isStuck(newest) ? 'waiting' : 'failed', reason };
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    return { id, path, status: 'unknown', reason: error.message };
  }
}

function notServed({ id, path }: InventoryEntry): ObjectStatus {
  return { id, path, status: 'missing', reason: 'the cluster does not serve its kind' };
}

function statusOf(reader: LiveReader, entry: InventoryEntry, mask: SecretMask, now: number): ObjectStatus {
  const { id, path, uid } = entry;
  const live = reader.known(id);
  if (live?.state === 'unreadable') return { id, path, status: 'unknown', reason: live.error.message };
  if (live?.state !== 'found' && entry.hook === true && entry.desired !== undefined)
    return { id, path, status: 'ready', reason: 'a hook that ran' };
  if (live?.state !== 'found') return { id, path, status: 'missing', reason: 'it is not in the cluster' };
  if (uid !== undefined && live.object.metadata.uid !== uid)
    return { id, path, status: 'missing', reason: 'ours was deleted, somebody created it again' };
  const { status, reason } = readiness(live.object, now);
  return { id, path, status, reason: mask.said(reason, id) };
}
