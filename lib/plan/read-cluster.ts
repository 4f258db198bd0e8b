import { kindKey } from '../apply/kinds.ts';
import { secretsOfStages } from '../canary-release/place-stage.ts';
import { type ResourceType, servedAs } from '../cluster/discovery.ts';
import { METADATA_LIST } from '../cluster/kube-client.ts';
import { DEFINITIONS, resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { FieldSetCache } from '../diff/field-set.ts';
import { withKeyedContent } from '../diff/keyed-content.ts';
import { byResource, LiveReader, type Settles } from '../diff/live-objects.ts';
import { fieldManagerOf } from '../diff/ownership.ts';
import { SecretMask } from '../diff/secret-mask.ts';
import { readServerStateKeys } from '../diff/server-state-key.ts';
import { isRun } from '../helm/hooks.ts';
import { isRelease } from '../helm/native-input.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { describeId, isSecret, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredCluster } from '../render/desired-state.ts';
import { isProvedUnchanged, type ProofContext } from './plan-object.ts';
import { isSelected, type PlanOptions } from './plan-options.ts';
import type { Removal } from './plan-removals.ts';
import type { PlanningContext } from './planning-context.ts';
import { isDefinition, type ResolvedCluster, resolveObjects } from './resolve-objects.ts';

/** All that is known about one cluster before anything is decided. */
export interface ClusterReading {
  /** `pending` is empty: it is filled while objects are planned. */
  readonly context: PlanningContext;
  readonly resolved: ResolvedCluster;
  /** Inventory entries that are no longer desired. */
  readonly removals: readonly Removal[];
  /** What could not be read, for people; not empty: nothing may be deleted. */
  readonly unread: readonly string[];
  /** uids of the live objects that are desired. */
  readonly declaredUids: ReadonlySet<string>;
}

/**
 * Reads inventory, server state and live objects of a cluster, all at the same time as far as one does not need the other.
 * Errors: ORR2203, ORR3006, ORR4006, and what the client throws (ORR3004, ORR3005, ORR3007).
 */
export async function readCluster(
  target: KubeTarget,
  desired: DesiredCluster,
  platformId: string,
  options: PlanOptions,
): Promise<ClusterReading> {
  const resolvingIds = resolveObjects(target, desired);
  const readingInventory = readInventory(target, platformId, options);
  const resolving = Promise.all([resolvingIds, readingInventory]).then(([cluster, { hmacKey }]) =>
    keyed(cluster, hmacKey),
  );
  const parts = [readingInventory, readServerStateKeys(target), resolving] as const;
  const proof = Promise.all(parts).then(([inventory, stateKeys, { objects }]) => {
    const context = {
      options,
      inventory,
      platformId,
      stateKeys,
      manager: fieldManagerOf(platformId),
      fieldSets: new FieldSetCache(),
    };
    return { context, settles: proves(context, objects) };
  });
  const settles = proof.then((known) => known.settles);
  // Where nothing is read nobody waits for it: its failure is that of `proof`.
  settles.catch(() => undefined);
  const reader = new LiveReader(target, platformId, settles);
  const reading = resolvingIds.then((cluster) => readDesired(reader, cluster));
  // Also after a failure all of them end here: no request goes on behind the caller's back.
  await Promise.allSettled([...parts, reading]);
  const [{ context: known }, resolved] = await Promise.all([proof, resolving]);
  const { inventory } = known;
  // Releases of helm are no objects that could be read (plan-releases.ts).
  const undesired = ([key, { id }]: readonly [string, InventoryEntry]): boolean =>
    !resolved.objects.has(key) && !isRelease(id) && options.stage?.has(key) !== false;
  const readable = (entry: InventoryEntry) => ({ entry, resource: servedAs(resolved.discovery, entry) });
  const removals: Removal[] = [
    ...[...inventory.entries].filter(undesired).map(([, entry]) => readable(entry)),
    ...[...inventory.unsettled].filter(undesired).map(([, entry]) => ({ ...readable(entry), late: true })),
  ];
  for (const [resource, ids] of byResource(removals.map(({ entry, resource }) => ({ id: entry.id, resource }))))
    reader.read(resource, ids);
  const atOtherStages = secretsOfStages(desired);
  const secrets = () => [
    ...[...resolved.objects.values()].map((object) => object.desired.object).filter(isSecretObject),
    ...reader.found().filter(isSecretObject),
    ...atOtherStages,
  ];
  const context: PlanningContext = {
    ...known,
    target,
    discovery: resolved.discovery,
    reader,
    mask: new SecretMask(inventory.hmacKey, secrets),
    pending: { namespaces: new Set(), kinds: new Set(), roles: new Set() },
  };
  await reader.settled();
  await confirmAbsence(context, resolved, removals);
  const unread = await unreadParts(context, resolved, removals);
  return { context, resolved, removals, unread, declaredUids: uidsOf(reader, resolved) };
}

/** With the objects completed that need the inventory's key; identities stay as they are. */
function keyed(cluster: ResolvedCluster, hmacKey: Uint8Array): ResolvedCluster {
  const complete = new Map(
    [...cluster.objects].flatMap(([key, object]) => {
      const desired = withKeyedContent(object.desired, hmacKey);
      return desired === object.desired ? [] : [[key, { ...object, desired }] as const];
    }),
  );
  if (complete.size === 0) return cluster;
  return {
    ...cluster,
    objects: new Map([...cluster.objects].map(([key, object]) => [key, complete.get(key) ?? object])),
  };
}

/**
 * The proof of "unchanged" as objects are read: what it settles is not kept. Secrets are, because what others wrote into them has to be masked wherever it shows, and hooks that are run, because it counts how
 * they ended.
 */
function proves(context: ProofContext, objects: ResolvedCluster['objects']): Settles {
  return (live, key) => {
    const object = objects.get(key);
    if (object === undefined || live.apiVersion !== object.desired.object.apiVersion || isSecretObject(live))
      return false;
    if (isRun(object.desired)) return false;
    return isProvedUnchanged(context, object, live);
  };
}

function readDesired(reader: LiveReader, { objects, discovery }: ResolvedCluster): void {
  const readable: { id: ObjectId; resource: ResourceType | undefined }[] = [];
  for (const { desired, resource, isNew } of objects.values()) {
    // A version that is still to come: what exists can be read in another one.
    const served = isNew ? discovery.preferred(resource.group, resource.kind) : resource;
    if (served === undefined) reader.knowAbsent(desired.id);
    else readable.push({ id: desired.id, resource: served });
  }
  for (const [resource, ids] of byResource(readable)) reader.read(resource, ids);
}

/**
 * Makes sure of absence where it decides something: objects that we had, what is to be removed, namespaces and CRDs (others depend on whether they exist), and
 * what may be adopted. For other new objects the create answers it: resourceVersion "1" meets what exists with 409.
 */
async function confirmAbsence(
  { reader, inventory, options, target }: PlanningContext,
  { objects, discovery }: ResolvedCluster,
  removals: readonly Removal[],
): Promise<void> {
  const wanted: { id: ObjectId; resource: ResourceType | undefined }[] = removals.map(({ entry, resource }) => ({
    id: entry.id,
    resource,
  }));
  for (const [key, object] of objects) {
    const { id } = object.desired;
    const matters =
      inventory.entries.has(key) ||
      isDefinition(object) ||
      (options.dryRunCreates === false && isSelected(options.adopt, target.cluster, id));
    if (!matters) continue;
    const { resource, isNew } = object;
    wanted.push({ id, resource: isNew ? discovery.preferred(resource.group, resource.kind) : resource });
  }
  await Promise.all([...byResource(wanted)].map(([resource, ids]) => reader.confirm(resource, ids)));
}

/** What could not be read. Law 4: nothing is deleted on a partial view. */
async function unreadParts(
  context: PlanningContext,
  { objects, unserved, discovery }: ResolvedCluster,
  removals: readonly Removal[],
): Promise<string[]> {
  const unread = new Set<string>();
  const note = (id: ObjectId) => {
    const live = context.reader.known(id);
    if (live?.state === 'unreadable') unread.add(live.error.message.replace(/\.$/, ''));
  };
  for (const { desired } of objects.values()) note(desired.id);
  for (const { entry } of removals) note(entry.id);
  for (const { error } of unserved) unread.add(error.message.replace(/\.$/, ''));
  const lost = new Map<string, string>();
  for (const { entry, resource, late } of removals)
    if (resource === undefined && late !== true) lost.set(kindKey(entry.id), describeId(entry.id));
  for (const [kind, example] of lost) {
    const group = kind.slice(0, kind.indexOf('/'));
    if (discovery.unavailableGroups.includes(group)) unread.add(`the API group ${group} does not answer`);
    else if (await mayStillExist(context, group))
      unread.add(`${kind} (${example}) is not served, but CRDs of its group exist`);
  }
  return [...unread];
}

/**
 * Objects of a kind that is not served are gone only when their CRD is: one whose versions are merely switched off still holds them. The names of CRDs end in their
 * group.
 */
async function mayStillExist({ target }: PlanningContext, group: string): Promise<boolean> {
  const answer = await target.client.request({
    method: 'GET',
    path: resourcePath(DEFINITIONS, ''),
    accept: METADATA_LIST,
  });
  if (answer.status !== 200) return true;
  // An empty list of metadata comes as null.
  const { items } = answer.body as { items?: KubernetesObject[] | null };
  return (items ?? []).some(({ metadata }) => metadata.name?.endsWith(`.${group}`) === true);
}

function uidsOf(reader: LiveReader, { objects }: ResolvedCluster): Set<string> {
  const uids = new Set<string>();
  for (const { desired } of objects.values()) {
    const live = reader.known(desired.id);
    const uid = live?.state === 'settled' ? live.uid : live?.state === 'found' ? live.object.metadata.uid : undefined;
    if (uid !== undefined) uids.add(uid);
  }
  return uids;
}

function isSecretObject(object: KubernetesObject): boolean {
  return isSecret({ group: object.apiVersion === 'v1' ? '' : object.apiVersion, kind: object.kind });
}
