import { moveRecords } from '../canary-release/move-records.ts';
import { type ResourceType, servedAs } from '../cluster/discovery.ts';
import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { unionOfAll } from '../diff/field-set-operations.ts';
import { takenOver } from '../diff/leftover-managers.ts';
import { byResource, LiveReader } from '../diff/live-objects.ts';
import { fieldManagerOf, isMemberOf, PLATFORM_LABEL, platformOf } from '../diff/ownership.ts';
import { OrreryError } from '../errors.ts';
import { isRelease } from '../helm/native-input.ts';
import { carryOver, complete, dissolve, narrow, sentEntry, widen } from '../inventory/change-inventory.ts';
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts';
import { listPlatformInventories, readInventory } from '../inventory/read-inventory.ts';
import { writeInventory } from '../inventory/write-inventory.ts';
import { describeId, idKey, type KubernetesObject, type ManagedFieldsEntry } from '../kubernetes/object.ts';
import { apiStatus } from '../kubernetes/status.ts';
import { moveRevisions, planRevisionMove, type RevisionMove } from '../revision/move-revisions.ts';
import { assertRights } from '../rights/assert-rights.ts';
import { type Right, rightFor } from '../rights/right.ts';
import type { HeldLease } from './held-lease.ts';
import { acquireLease } from './lease.ts';
import { managersPatch, pointerPart, sameState } from './managers-patch.ts';
import { isReleaseOf, moveRelease } from './move-release.ts';
import { rightsOfOwn } from './needed-rights.ts';
import { stamp } from './take-over.ts';

/** Objects under way at a time. */
const LANES = 16;
const ATTEMPTS = 10;

/** What moving a platform to another id comes to in one cluster. */
export interface PlatformMove {
  /** Objects that change hands, as the inventory of the former id has them. */
  readonly moving: readonly InventoryEntry[];
  /** Entries whose object is gone or somebody else's by now: they are forgotten. */
  readonly forgotten: readonly InventoryEntry[];
  /** What an apply under the former id may have sent and is not there: it stays known, so that it is deleted should it come. */
  readonly late: readonly InventoryEntry[];
  readonly revisions: RevisionMove;
}

export interface PlatformIds {
  readonly from: string;
  readonly to: string;
}

interface Read {
  readonly move: Omit<PlatformMove, 'revisions'>;
  readonly resources: ReadonlyMap<string, ResourceType>;
  /** Of `forgotten`, what is not there at all. */
  readonly absent: readonly InventoryEntry[];
}

/**
 * Reads what the former id holds in a cluster; undefined: it has no inventory there. Writes nothing.
 * @throws OrreryError ORR4006, ORR3006, ORR3007 when something of it cannot be read: then nothing may move
 */
export async function planMove(
  target: KubeTarget,
  ids: PlatformIds,
  stateFolder: string,
): Promise<PlatformMove | undefined> {
  if (!(await listPlatformInventories(target)).includes(ids.from)) return undefined;
  const [inventory, revisions] = await Promise.all([
    readInventory(target, ids.from, { stateFolder }),
    planRevisionMove(target, ids.from, ids.to),
  ]);
  return { ...(await read(target, ids, inventory)).move, revisions };
}

async function read(target: KubeTarget, ids: PlatformIds, { entries, unsettled }: Inventory): Promise<Read> {
  const all = new Map([...unsettled, ...entries]);
  const discovery = await target.discovery();
  const resources = new Map<string, ResourceType>();
  const known = [...all].map(([key, entry]) => {
    const resource = servedAs(discovery, entry);
    if (resource !== undefined) resources.set(key, resource);
    return { id: entry.id, resource };
  });
  const reader = new LiveReader(target, ids.from);
  const groups = [...byResource(known)];
  for (const [resource, members] of groups) reader.read(resource, members);
  await Promise.all(groups.map(([resource, members]) => reader.confirm(resource, members)));
  const [moving, forgotten, late]: [InventoryEntry[], InventoryEntry[], InventoryEntry[]] = [[], [], []];
  const absent: InventoryEntry[] = [];
  for (const [key, entry] of all) {
    const live = resources.has(key) ? await reader.of(entry.id) : undefined;
    if (live?.state === 'unreadable') throw live.error;
    const belongs = isRelease(entry.id)
      ? await isReleaseOf(target, ids, entry)
      : live?.state === 'found' && isTheirs(live.object, entry, ids);
    const mayCome = unsettled.has(key) || entry.sentBy !== undefined;
    (belongs ? moving : mayCome ? late : forgotten).push(entry);
    if (!belongs && !mayCome && live?.state !== 'found') absent.push(entry);
  }
  return { move: { moving, forgotten, late }, resources, absent };
}

/** Of the former id, or on its way to the new one. */
function isTheirs(live: KubernetesObject, { uid }: InventoryEntry, { from, to }: PlatformIds): boolean {
  const platform = platformOf(live);
  if (platform === to) return true;
  if (platform !== undefined && platform !== from) return false;
  return (uid !== undefined && uid === live.metadata.uid) || isMemberOf(live, from);
}

/**
 * Moves everything of a platform in one cluster to another id, under the leases of both: the entries first, then label and field manager of each object, then the
 * revisions, then the former inventory goes. No value changes beside the label, nothing is deleted. Killed at any moment, the same again goes on from there: an object is in at least one of the
 * two inventories all the time.
 * @param shown what was read before; something else by now is refused
 * @throws OrreryError ORR5006, ORR5004 and ORR5005 of the leases, ORR3006, ORR5001, ORR4104
 */
export async function movePlatform(
  target: KubeTarget,
  ids: PlatformIds,
  shown: PlatformMove,
  options: { readonly stateFolder: string; readonly who: string; readonly leaseSeconds?: number | undefined },
): Promise<void> {
  const { stateFolder, who, leaseSeconds } = options;
  await assertMayMove(target, ids, shown);
  const leases = new Map<string, HeldLease>();
  let dissolved = false;
  try {
    // In name order, as every apply takes them.
    for (const platformId of [ids.from, ids.to].sort())
      leases.set(platformId, await acquireLease(target, { platformId, who, durationSeconds: leaseSeconds }));
    const held = [...leases.values()];
    const fresh = (): void => {
      for (const lease of held) lease.assertFresh();
    };
    const store = { stateFolder, beforeWrite: fresh };
    const former = await readInventory(target, ids.from, { stateFolder });
    const { move, resources, absent } = await read(target, ids, former);
    if (textOf(move) !== textOf(shown)) {
      throw new OrreryError('ORR5006', `What "${ids.from}" holds in ${target.cluster} changed since it was shown.`, {
        cluster: target.cluster,
        fix: 'Run it again and look at what would move now.',
      });
    }
    const own = await readInventory(target, ids.to, { stateFolder });
    // As an apply that takes over: what was to be created by one that lost its lease, and is not there, may still come.
    const sent = leases.get(ids.from)?.wasReleased === true ? move.late : [...move.late, ...absent];
    let inventory = await writeInventory(target, widen(own, move.moving), store);
    const carried = sent.map((entry) => sentEntry(entry, entry.sentBy ?? ids.from));
    inventory = await writeInventory(target, carryOver(inventory, carried), store);
    const send = (request: KubeRequest): Promise<KubeResponse> =>
      target.client.request({ ...request, beforeSend: fresh });
    const moved: InventoryEntry[] = [];
    const queue = [...move.moving];
    const lane = async (): Promise<void> => {
      for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
        await Promise.all(held.map((lease) => lease.ensureFresh()));
        if (isRelease(entry.id)) {
          await moveRelease(target, ids, entry, send);
          const { id, apiVersion, path, uid, helmRevision } = entry;
          moved.push({ id, apiVersion, path, uid, helmRevision });
          continue;
        }
        const resource = resources.get(idKey(entry.id)) as ResourceType;
        const uid = await moveObject(target, ids, entry, resource, send);
        if (uid !== undefined) moved.push({ id: entry.id, apiVersion: entry.apiVersion, path: entry.path, uid });
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
    inventory = await writeInventory(target, complete(inventory, moved), store);
    for (const result of lanes) if (result.status === 'rejected') throw result.reason;
    await moveRevisions(target, ids.from, {
      platformId: ids.to,
      hmacKey: inventory.hmacKey,
      send: async (request) => {
        await Promise.all(held.map((lease) => lease.ensureFresh()));
        return send(request);
      },
    });
    await moveRecords(target, former, ids.to, async (request) => {
      await Promise.all(held.map((lease) => lease.ensureFresh()));
      return send(request);
    });
    const emptied = await writeInventory(
      target,
      narrow(former, [...former.entries.keys(), ...former.unsettled.keys()]),
      store,
    );
    await writeInventory(target, dissolve(emptied), store);
    dissolved = true;
  } finally {
    for (const [platformId, lease] of leases) await lease.release({ remove: dissolved && platformId === ids.from });
  }
}

/** @throws OrreryError ORR3006 with all that is missing for a move */
export async function assertMayMove(
  target: KubeTarget,
  { from, to }: PlatformIds,
  { moving, revisions }: PlatformMove,
): Promise<void> {
  const discovery = await target.discovery();
  const ofObjects = moving.flatMap((entry): Right[] => {
    if (isRelease(entry.id)) return [{ verb: 'patch', group: '', resource: 'secrets', namespace: entry.id.namespace }];
    const resource = servedAs(discovery, entry);
    if (resource === undefined) return [];
    return ['get', 'patch'].map((verb) => rightFor(verb, resource, entry.id));
  });
  const ofOwn = await Promise.all([
    rightsOfOwn(target, { platformId: from, inventory: true, dissolves: true }),
    rightsOfOwn(target, { platformId: to, inventory: true }),
  ]);
  const secrets = { group: '', resource: 'secrets', namespace: target.inventoryNamespace };
  const ofRevisions = [
    ...(revisions.moving.length > 0 ? [{ ...secrets, verb: 'create' }] : []),
    ...revisions.secrets.map((name) => ({ ...secrets, verb: 'delete', name })),
  ];
  await assertRights(target, [...ofObjects, ...ofOwn.flatMap(({ rights }) => rights), ...ofRevisions]);
}

/** Label first, then field manager: an update that changed a value would own it. @returns the uid; undefined when the object is gone or another one */
async function moveObject(
  target: KubeTarget,
  ids: PlatformIds,
  entry: InventoryEntry,
  resource: ResourceType,
  send: (request: KubeRequest) => Promise<KubeResponse>,
): Promise<string | undefined> {
  const path = resourcePath(resource, entry.id.namespace, entry.id.name);
  const manager = fieldManagerOf(ids.to);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await target.client.request({ method: 'GET', path });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refused(target, entry, answer);
    const live = answer.body as KubernetesObject;
    if (!isTheirs(live, entry, ids)) return undefined;
    const { uid = '', labels, managedFields = [] } = live.metadata;
    const relabel = [
      ...(labels === undefined ? [{ op: 'add', path: '/metadata/labels', value: {} }] : []),
      { op: 'add', path: `/metadata/labels/${pointerPart(PLATFORM_LABEL)}`, value: ids.to },
    ];
    let state = live;
    if (platformOf(live) !== ids.to) {
      const body = [...sameState(live), ...relabel];
      const query = { fieldManager: manager };
      const contentType = 'application/json-patch+json';
      const labelled = await send({ method: 'PATCH', path, query, contentType, body, idempotent: true });
      if (labelled.status === 409) continue;
      if (labelled.status >= 300) throw refused(target, entry, labelled);
      state = labelled.body as KubernetesObject;
    }
    const renamed = renamedManagers(managedFields, state.metadata.managedFields ?? [], ids);
    if (renamed === undefined) return uid;
    const moved = await send(managersPatch(path, state, renamed, manager));
    if (moved.status < 300) return uid;
    if (moved.status !== 409) throw refused(target, entry, moved);
  }
  throw new OrreryError('ORR4104', `${describeId(entry.id)} changes faster than it can be moved.`, {
    cluster: target.cluster,
    object: describeId(entry.id),
    fix: 'Look who keeps writing it (its managedFields say), then run it again.',
  });
}

/**
 * The managers of an object with the new name in place of the former.
 * @param before as they were before the label was changed: that update took the label out of the former entry
 * @returns undefined when there is nothing to rename
 */
function renamedManagers(
  before: readonly ManagedFieldsEntry[],
  after: readonly ManagedFieldsEntry[],
  { from, to }: PlatformIds,
): ManagedFieldsEntry[] | undefined {
  const [former, manager] = [fieldManagerOf(from), fieldManagerOf(to)];
  const isFormer = (entry: ManagedFieldsEntry) => entry.manager === former;
  const applied = before.find((entry) => isFormer(entry) && entry.operation === 'Apply' && !entry.subresource);
  const isOurUpdate = (entry: ManagedFieldsEntry) => entry.manager === manager && entry.operation === 'Update';
  const others = after.filter((entry) => !isFormer(entry) && !isOurUpdate(entry));
  if (applied?.apiVersion === undefined) return others.length === after.length ? undefined : others;
  const label = { 'f:metadata': { 'f:labels': { [`f:${PLATFORM_LABEL}`]: {} } } };
  const labelled = { ...applied, fieldsV1: unionOfAll([applied.fieldsV1 ?? {}, label]) };
  const own = { manager, apiVersion: applied.apiVersion };
  return takenOver([...others, labelled], [{ manager: former, operation: 'Apply' }], own, stamp());
}

function textOf({ moving, forgotten }: Read['move']): string {
  return [...moving.map(({ id }) => `+${idKey(id)}`), ...forgotten.map(({ id }) => `-${idKey(id)}`)].sort().join('\n');
}

function refused(target: KubeTarget, { id }: InventoryEntry, answer: KubeResponse): OrreryError {
  const status = apiStatus(answer);
  const code = status.code === 403 ? 'ORR3006' : 'ORR5001';
  return new OrreryError(code, `${describeId(id)} cannot be moved: ${status.message} (HTTP ${status.code}).`, {
    cluster: target.cluster,
    object: describeId(id),
    fix: 'What has moved stays moved; run it again when this is mended.',
  });
}
