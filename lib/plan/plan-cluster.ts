import { type OrderedObject, orderOf, sortedByOrder } from '../apply/order.ts';
import { type StaleRecord, staleRecordsOf } from '../canary-release/stale-records.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { isRun } from '../helm/hooks.ts';
import { type InventoryEntry, inventoryVersion } from '../inventory/inventory.ts';
import { describeId, idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredCluster, DesiredObject, DesiredRelease } from '../render/desired-state.ts';
import { guardDeletes } from './delete-guards.ts';
import { rolesAmong } from './granted-rights.ts';
import type { ObjectVerdict } from './object-verdict.ts';
import type { ClusterPlan, PlanItem } from './plan.ts';
import { planHooks, releasePhases } from './plan-hook.ts';
import { isProvedUnchanged, planObject } from './plan-object.ts';
import type { PlanOptions } from './plan-options.ts';
import { planPart } from './plan-part.ts';
import { planReleases } from './plan-releases.ts';
import { planRemoval, type RemovalRules } from './plan-removals.ts';
import { labelledStrangers, notBroughtBack, summedUp } from './plan-warnings.ts';
import { type PlanningContext, problemOf, type ResolvedObject, whereOf } from './planning-context.ts';
import { proveBySets } from './prove-by-sets.ts';
import { type ClusterReading, readCluster } from './read-cluster.ts';
import { withRenames } from './rename-pairs.ts';
import { isDefinition, kindsDefinedBy } from './resolve-objects.ts';

/** The plan of one cluster, and what its apply may record without writing any object. */
export interface PlannedCluster {
  readonly plan: ClusterPlan;
  /** Proofs of unchanged objects that took a dry run: the inventory can hold them from now on. They hold digests: never output. */
  readonly renewals: readonly InventoryEntry[];
  /** Key of the cluster's inventory; absent when nothing was planned. */
  readonly hmacKey?: Uint8Array | undefined;
  /** What the inventory was when it was planned (`inventoryVersion`); absent when nothing was planned. */
  readonly inventoryVersion?: string | undefined;
  /** Records of canary releases that the program no longer has here; absent: none. */
  readonly staleRecords?: readonly StaleRecord[] | undefined;
  /** How many objects of ours the inventory knows. */
  readonly owned: number;
  /** Of a plan of some objects: what was named and chooses nothing here. */
  readonly unmatched?: readonly string[] | undefined;
  /** What was read of an object that has an item; absent for a folder, and when nothing was planned. */
  readonly liveOf?: ((id: ObjectId) => KubernetesObject | undefined) | undefined;
}

/**
 * Plans one cluster: what applying the desired objects would do to it, by the server's word. Reads only; dry runs store nothing.
 *
 * Requests for N unchanged objects of G kinds: G lists, the inventory, and what the target reads once (OpenAPI index, mutating webhooks, policies, bindings),
 * all at the same time.
 * @param desired absent: the program has no such cluster, and what is ours is removed: deleted, or left when `options.onLeft` is 'orphan'.
 * Errors: an OrreryError when nothing can be planned (ORR2203, ORR2401, ORR3xxx, ORR4002, ORR4006); what concerns one object stands in its item.
 */
export async function planCluster(
  target: KubeTarget,
  desired: DesiredCluster | undefined,
  platformId: string,
  options: PlanOptions,
): Promise<PlannedCluster> {
  const nothing: DesiredCluster = { name: target.cluster, facts: {}, objects: [] };
  const reading = await readCluster(target, desired ?? nothing, platformId, options);
  const { context, resolved } = reading;
  const owned = context.inventory.entries.size;
  if (options.part !== undefined) return partOf(reading, desired?.releases ?? [], options.part);
  const isEmpty = desired?.objects.length === 0 && (desired.releases?.length ?? 0) === 0;
  if (isEmpty && owned > 0 && !options.allowEmpty) {
    throw new OrreryError('ORR4002', `the program has no object for ${target.cluster}, which holds ${owned} of ours.`, {
      cluster: target.cluster,
      fix: 'If all of them shall go, allow it with --allow-empty; otherwise look why the program is empty.',
    });
  }
  const { verdicts, aware } = await verdictsOf(reading);
  const rules = removalRules(reading, desired, options);
  const releases = await planReleases(aware, desired, resolved, rules);
  const removed = await removalsOf(reading, rules, releases.removals);
  const unserved = resolved.unserved.map((one) => notServedItem(context, one.desired, one.error));
  const changed = verdicts.flatMap((verdict) => (verdict.unchanged ? [] : [verdict]));
  const unchanged = verdicts.flatMap((verdict) => (verdict.unchanged ? [verdict] : []));
  const objects = new Map([...resolved.objects].map(([key, object]) => [key, object.desired]));
  const planned = withRenames(
    [...unserved, ...changed.map((verdict) => verdict.item), ...releases.items, ...removed],
    objects,
    context.inventory,
  );
  const items =
    options.stage === undefined ? planned : planned.filter(({ id }) => options.stage?.has(idKey(id)) === true);
  const stale =
    desired === undefined || options.stage !== undefined || options.rollback === true
      ? []
      : staleRecordsOf(context.inventory, desired);
  const said = changed.map((verdict) => ({ id: verdict.item.id, warnings: verdict.warnings }));
  const warnings = [
    ...(options.rollback ? notBroughtBack(items) : []),
    ...releases.warnings,
    ...summedUp(said, context.mask),
    ...labelledStrangers(context),
    ...stale.map(({ release }) => `Canary release "${release}" left the program: its record goes with the apply.`),
    ...context.stateKeys.doubts.map((doubt) => `Objects were dry-run instead of compared: ${doubt}.`),
  ];
  const plan: ClusterPlan = {
    cluster: target.cluster,
    target: target.description,
    clusterUid: target.clusterUid,
    items: inApplyOrder(target.cluster, items, objects, desired?.releases),
    unchanged: unchanged.length + releases.unchanged,
    dryRuns: unchanged.filter((verdict) => verdict.dryRun).length,
    warnings,
    ...(desired?.standings === undefined ? {} : { canaryReleases: desired.standings }),
  };
  const renewals = unchanged.flatMap((verdict) => verdict.renewal ?? []);
  const { hmacKey } = context.inventory;
  const liveOf = (id: ObjectId) => {
    const live = context.reader.known(id);
    return live?.state === 'found' ? live.object : undefined;
  };
  return {
    plan,
    renewals,
    hmacKey,
    inventoryVersion: inventoryVersion(context.inventory),
    owned,
    liveOf,
    ...(stale.length === 0 ? {} : { staleRecords: stale }),
  };
}

/** Some objects, and nothing of the rest. */
async function partOf(
  { context, resolved, ...reading }: ClusterReading,
  releases: readonly DesiredRelease[],
  part: NonNullable<PlanOptions['part']>,
): Promise<PlannedCluster> {
  const { target, inventory } = context;
  const { items, warnings, unmatched } = await planPart({ context, resolved, ...reading }, releases, part);
  const objects = new Map([...resolved.objects].map(([key, object]) => [key, object.desired]));
  const plan: ClusterPlan = {
    cluster: target.cluster,
    target: target.description,
    clusterUid: target.clusterUid,
    items: inApplyOrder(target.cluster, items, objects),
    unchanged: 0,
    dryRuns: 0,
    warnings,
  };
  return {
    plan,
    renewals: [],
    hmacKey: inventory.hmacKey,
    inventoryVersion: inventoryVersion(inventory),
    owned: inventory.entries.size,
    unmatched,
  };
}

const PROVED: ObjectVerdict = { unchanged: true, dryRun: false };

/**
 * Definitions first: whether a namespace or CRD comes with this plan decides whether the server can be asked about what needs it. Hooks that are run last: what
 * else happens to their release decides about them.
 */
async function verdictsOf({
  context,
  resolved,
  removals,
}: ClusterReading): Promise<{ readonly verdicts: readonly ObjectVerdict[]; readonly aware: PlanningContext }> {
  const verdicts: ObjectVerdict[] = [];
  const [definitions, others, runs]: [ResolvedObject[], ResolvedObject[], ResolvedObject[]] = [[], [], []];
  for (const object of resolved.objects.values()) {
    if (isRun(object.desired)) {
      runs.push(object);
      continue;
    }
    const proved = isProved(context, object) ? PROVED : proveBySets(context, object);
    if (proved !== undefined) verdicts.push(proved);
    else (isDefinition(object) ? definitions : others).push(object);
  }
  const first = await Promise.all(definitions.map((object) => planObject(context, object)));
  const pending = { namespaces: new Set<string>(), kinds: new Set<string>(), roles: rolesAmong(others) };
  for (const [at, verdict] of first.entries()) {
    const object = definitions[at] as ResolvedObject;
    if (verdict.unchanged) continue;
    const { action } = verdict.item;
    for (const kind of kindsDefinedBy([object])) pending.kinds.add(kind);
    if (object.desired.id.kind === 'Namespace' && action === 'create') pending.namespaces.add(object.desired.id.name);
  }
  const aware = { ...context, pending };
  const rest = await Promise.all(others.map((object) => planObject(aware, object)));
  const judged = [...verdicts, ...first, ...rest];
  if (runs.length === 0) return { verdicts: judged, aware };
  const phases = releasePhases({ context, resolved, removals }, judged);
  return { verdicts: [...judged, ...(await planHooks(aware, runs, phases))], aware };
}

/** Most were proved when they were read; what was kept is judged here. */
function isProved(context: PlanningContext, object: ResolvedObject): boolean {
  const live = context.reader.known(object.desired.id);
  return live?.state === 'settled' || (live?.state === 'found' && isProvedUnchanged(context, object, live.object));
}

function removalRules(
  { resolved, unread, declaredUids }: ClusterReading,
  desired: DesiredCluster | undefined,
  options: PlanOptions,
): RemovalRules {
  const objects = [...resolved.objects.values()].map((object) => object.desired);
  return {
    as: desired === undefined && options.onLeft === 'orphan' ? 'orphan' : 'delete',
    occupiedNamespaces: new Set([...objects, ...(desired?.releases ?? [])].map(({ id }) => id.namespace)),
    unread,
    declaredUids,
    forgetsLate: desired === undefined,
  };
}

/** @param releases removals of releases, which are guarded together with those of objects */
async function removalsOf(
  { context, removals }: ClusterReading,
  rules: RemovalRules,
  releases: readonly PlanItem[],
): Promise<PlanItem[]> {
  const items = await Promise.all(removals.map((removal) => planRemoval(context, removal, rules)));
  return guardDeletes(
    context,
    [...items.filter((item) => item !== undefined), ...releases],
    context.inventory.entries.size,
  );
}

function notServedItem(context: PlanningContext, desired: DesiredObject, error: OrreryError): PlanItem {
  const { id, object, path, unit, source, sha256 } = desired;
  return {
    action: 'blocked',
    id,
    apiVersion: object.apiVersion,
    path,
    unit,
    ...(source === undefined ? {} : { source }),
    reason: error.message,
    changes: [],
    effect: sha256,
    desired: context.mask.object(object),
    dangers: [],
    verified: 'unverified',
    problem: problemOf(error, whereOf(context, id, { path, source })),
  };
}

/** In the order in which they may be applied; deletes last. */
function inApplyOrder(
  cluster: string,
  items: readonly PlanItem[],
  desired: ReadonlyMap<string, DesiredObject>,
  releases: readonly DesiredRelease[] = [],
): PlanItem[] {
  const dependencies = new Map(releases.map(({ id, dependsOn }) => [idKey(id), dependsOn]));
  if (items.length < 2) return [...items];
  const removals = new Set<PlanItem['action']>(['delete', 'orphan', 'forget']);
  const ordered = items.map(({ id, action, path, changes }): OrderedObject => {
    const declared = desired.get(idKey(id));
    const isKnown = declared !== undefined || dependencies.has(idKey(id));
    const role = removals.has(action) || !isKnown ? 'delete' : 'write';
    return {
      cluster,
      id,
      path: path ?? describeId(id),
      role,
      object: declared?.object,
      dependsOn: declared?.dependsOn ?? dependencies.get(idKey(id)),
      hook: declared?.hook,
      changes,
    };
  });
  return sortedByOrder(orderOf(ordered)).map((index) => items[index] as PlanItem);
}
