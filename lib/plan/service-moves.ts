import { nearest } from '../assembly/construct-path.ts';
import { record } from '../kubernetes/fields.ts';
import { idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredCluster, DesiredObject, DesiredState } from '../render/desired-state.ts';
import { namespaceOf } from '../render/namespace.ts';
import { replicaRange, scaledBy, scaleKey } from '../render/replicas.ts';
import { type Ordinals, ordinalsOf, overlap } from './ordinals.ts';
import { type AwaitedWorkload, type LateWrite, type PlanItem, type ServiceMove, writes } from './plan.ts';
import type { PlannedCluster } from './plan-cluster.ts';

/** A cluster as it was planned. */
type Planned = Pick<PlannedCluster, 'plan' | 'liveOf'>;

/** Field that says how many replicas an object keeps, by kind, and what it means where it is absent. */
const SHARE_FIELDS: Readonly<Record<string, { readonly field: string; readonly absent: number }>> = {
  'apps/Deployment': { field: 'spec.replicas', absent: 1 },
  'apps/StatefulSet': { field: 'spec.replicas', absent: 1 },
  'autoscaling/HorizontalPodAutoscaler': { field: 'spec.minReplicas', absent: 1 },
  'keda.sh/ScaledObject': { field: 'spec.minReplicaCount', absent: 0 },
};

/** What one workload of a service keeps in a cluster, before and after. */
interface WorkloadShare {
  readonly cluster: string;
  /** Undefined: not known. */
  readonly before: number | undefined;
  readonly after: number;
  readonly awaited?: AwaitedWorkload;
  readonly writes: readonly LateWrite[];
  /** Of a StatefulSet: the numbers of its pods, before and after. */
  readonly ordinals?: readonly Ordinals[];
}

/**
 * The services of which less shall run somewhere while others run or get replicas of it elsewhere. Only services of which a total is declared, and whose numbers can be seen here;
 * folders take no part, for nobody knows when what lies in them runs. Where no item takes replicas away nothing but the items is looked at.
 * @param leftOut clusters of the program that were not planned
 */
export function serviceMoves(
  { apps = [], clusters }: Pick<DesiredState, 'apps' | 'clusters'>,
  planned: readonly Planned[],
  leftOut: readonly DesiredCluster[] = [],
): ServiceMove[] {
  const declared = new Map(apps.flatMap(({ services = [] }) => services.map(({ path }) => [path, path])));
  if (declared.size === 0) return [];
  const shrinking = new Map<string, string>();
  for (const { plan, liveOf } of planned)
    for (const item of plan.items) {
      const service = liveOf === undefined || !mayLower(item) ? undefined : nearest(declared, item.path ?? '');
      if (service !== undefined) shrinking.set(service, service);
    }
  if (shrinking.size === 0) return [];
  const wanted = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const shares = [
    ...planned.flatMap((one) => sharesOf(one, wanted.get(one.plan.cluster), shrinking)),
    ...leftOut.flatMap((cluster) => sharesOf(undefined, cluster, shrinking)),
  ];
  return [...Map.groupBy(shares, ({ service }) => service)].flatMap(([service, found]) => {
    const own = found.map(({ share }) => share);
    // A number that nobody can see here decides: a scaler that the program does not have.
    return own.includes(undefined) || shareOrdinals(found) ? [] : moveOf(service, own as readonly WorkloadShare[]);
  });
}

/** Two clusters must never run the same ordinal: where ranges were moved, receivers cannot come first. */
function shareOrdinals(found: readonly SharedWorkload[]): boolean {
  return [...Map.groupBy(found, ({ key }) => key).values()].some((all) =>
    all.some(({ share: one }, at) =>
      all
        .slice(at + 1)
        .some(
          ({ share: other }) =>
            one?.cluster !== other?.cluster &&
            (one?.ordinals ?? []).some((range) => (other?.ordinals ?? []).some((taken) => overlap(range, taken))),
        ),
    ),
  );
}

function moveOf(service: string, shares: readonly WorkloadShare[]): ServiceMove[] {
  const donors = shares.filter(({ writes: late }) => late.length > 0);
  const receivers = shares.filter(({ awaited }) => awaited !== undefined);
  const isMove = donors.some((donor) => receivers.some(({ cluster }) => cluster !== donor.cluster));
  if (!isMove) return [];
  return [
    {
      service,
      receivers: [...Map.groupBy(receivers, ({ cluster }) => cluster)].map(([cluster, own]) => ({
        ...summedUp(cluster, own),
        workloads: own.flatMap(({ awaited }) => awaited ?? []),
      })),
      donors: [...Map.groupBy(donors, ({ cluster }) => cluster)].map(([cluster, own]) => ({
        ...summedUp(cluster, own),
        writes: own.flatMap(({ writes: late }) => late),
      })),
    },
  ];
}

function summedUp(cluster: string, shares: readonly WorkloadShare[]): Omit<ServiceMove['donors'][number], 'writes'> {
  const after = shares.reduce((sum, share) => sum + share.after, 0);
  const before = shares.reduce<number | undefined>(
    (sum, share) => (sum === undefined || share.before === undefined ? undefined : sum + share.before),
    0,
  );
  return { cluster, ...(before === undefined ? {} : { before }), after };
}

/** A workload with its service and share. */
interface SharedWorkload {
  readonly service: string;
  /** The same in every cluster. */
  readonly key: string;
  /** Undefined: its number cannot be seen here. */
  readonly share: WorkloadShare | undefined;
}

function sharesOf(
  planned: Planned | undefined,
  desired: DesiredCluster | undefined,
  services: ReadonlyMap<string, string>,
): SharedWorkload[] {
  const { plan, liveOf } = planned ?? {};
  // A folder.
  if (plan !== undefined && plan.problem === undefined && liveOf === undefined) return [];
  const cluster = plan?.cluster ?? desired?.name ?? '';
  const items = new Map((plan?.items ?? []).filter(isShareKind).map((item) => [idKey(item.id), item]));
  const workloads = new Map<string, { readonly service: string; readonly id: ObjectId; desired?: DesiredObject }>();
  const scalers = new Map<string, DesiredObject>();
  for (const one of desired?.objects ?? []) {
    if (!isShareKind(one)) continue;
    const service = nearest(services, one.path);
    if (service === undefined) continue;
    const id = { ...one.id, namespace: namespaceOf(one) };
    if (isWorkload(id)) workloads.set(idKey(id), { service, id, desired: one });
    else scalers.set(scaledBy(one.object, id.namespace), one);
  }
  for (const [key, item] of items) {
    const service = item.action === 'delete' ? nearest(services, item.path ?? '') : undefined;
    if (service !== undefined && isWorkload(item.id)) workloads.set(key, { service, id: item.id });
  }
  const removedScalers = new Map<string, KubernetesObject>();
  for (const { id, action } of items.values()) {
    const live = action === 'delete' && !isWorkload(id) ? liveOf?.(id) : undefined;
    if (live !== undefined) removedScalers.set(scaledBy(live, id.namespace), live);
  }
  return [...workloads].map(([key, { service, id, desired: workload }]) => {
    const target = scaleKey(id.namespace, id.kind, id.name);
    const scaler = scalers.get(target);
    const unseen = scaler === undefined && isScaledByOthers(workload);
    const parts = { cluster, id, workload, scaler, removedScaler: removedScalers.get(target), items };
    return {
      service,
      key,
      share: unseen ? undefined : shareOf(parts, plan?.problem === undefined ? liveOf : undefined),
    };
  });
}

interface ShareParts {
  readonly cluster: string;
  readonly id: ObjectId;
  readonly workload: DesiredObject | undefined;
  readonly scaler: DesiredObject | undefined;
  readonly removedScaler: KubernetesObject | undefined;
  readonly items: ReadonlyMap<string, PlanItem>;
}

/** @param liveOf undefined: the cluster was not read */
function shareOf(parts: ShareParts, liveOf: Planned['liveOf']): WorkloadShare {
  const { cluster, id, workload, scaler, items } = parts;
  const after = workload === undefined ? 0 : replicaRange(workload.object, scaler?.object).fewest;
  const scalerId = scaler === undefined ? undefined : { ...scaler.id, namespace: id.namespace };
  const before = liveOf === undefined ? undefined : shareBefore(parts, scalerId, liveOf);
  const ordinals = id.kind === 'StatefulSet' ? { ordinals: ordinalsIn(parts, liveOf) } : {};
  if (before !== undefined && after < before) {
    const late = [items.get(idKey(id)), scalerId && items.get(idKey(scalerId))].flatMap((item) =>
      item !== undefined && lowers(item) ? [lateWrite(item, workload, liveOf?.(item.id))] : [],
    );
    return { cluster, before, after, writes: late, ...ordinals };
  }
  if (after === 0) return { cluster, before, after, writes: [], ...ordinals };
  const awaited = { id, fewest: after, ...(scalerId === undefined ? {} : { scaler: scalerId }) };
  const known = before ?? (liveOf === undefined ? undefined : after);
  return { cluster, before: known, after, awaited, writes: [], ...ordinals };
}

function ordinalsIn({ id, workload, scaler, items }: ShareParts, liveOf: Planned['liveOf']): Ordinals[] {
  const live = items.has(idKey(id)) ? liveOf?.(id) : undefined;
  const wanted = workload?.object;
  return [
    ...(live === undefined ? [] : [ordinalsOf(live, 0)]),
    ...(wanted === undefined ? [] : [ordinalsOf(wanted, replicaRange(wanted, scaler?.object).most)]),
  ];
}

/** What is kept now; undefined: nobody can tell. */
function shareBefore(
  { id, workload, scaler, removedScaler, items }: ShareParts,
  scalerId: ObjectId | undefined,
  liveOf: NonNullable<Planned['liveOf']>,
): number | undefined {
  const item = items.get(idKey(id));
  const scalerItem = scalerId && items.get(idKey(scalerId));
  // Without an item it is as it shall be.
  const live = item === undefined ? workload?.object : liveOf(id);
  if (live === undefined) return 0;
  if (record(live.spec).replicas === 0) return 0;
  const liveScaler =
    scaler === undefined ? removedScaler : scalerItem === undefined ? scaler.object : liveOf(scalerItem.id);
  const unknown = liveScaler === undefined && record(live.spec).replicas === undefined && item === undefined;
  return unknown && scaler !== undefined ? undefined : replicaRange(live, liveScaler).fewest;
}

function isShareKind({ id }: { readonly id: ObjectId }): boolean {
  return Object.hasOwn(SHARE_FIELDS, `${id.group}/${id.kind}`);
}

function isWorkload({ kind }: ObjectId): boolean {
  return kind === 'Deployment' || kind === 'StatefulSet';
}

function isScaledByOthers(workload: DesiredObject | undefined): boolean {
  return workload?.controllerOwned?.some(({ path }) => path === 'spec.replicas') === true;
}

/** Cheap, and true of everything that `lowers` is true of. */
function mayLower(item: PlanItem): boolean {
  if (!isShareKind(item) || !writes(item.action)) return false;
  if (item.action === 'create') return !isWorkload(item.id);
  return item.action !== 'update' || isLowered(item);
}

function isLowered({ id, changes }: PlanItem): boolean {
  const { field, absent = 1 } = SHARE_FIELDS[`${id.group}/${id.kind}`] ?? {};
  const number = (value: unknown) => (typeof value === 'number' ? value : absent);
  return changes.some(({ path, before, after }) => path === field && number(before) > number(after));
}

/** Whether this item takes replicas away in a cluster that shall keep fewer. */
function lowers(item: PlanItem): boolean {
  if (!writes(item.action)) return false;
  if (item.action === 'delete' || item.action === 'replace' || item.action === 'adopt') return true;
  // An autoscaler that is new may take what a fixed number kept.
  return item.action === 'create' ? !isWorkload(item.id) : isLowered(item);
}

function lateWrite(item: PlanItem, workload: DesiredObject | undefined, live: KubernetesObject | undefined): LateWrite {
  const { id, action, changes } = item;
  const replicas = record(live?.spec).replicas;
  const field = SHARE_FIELDS[`${id.group}/${id.kind}`]?.field;
  const isSplit =
    action === 'update' &&
    isWorkload(id) &&
    workload?.controllerOwned === undefined &&
    changes.some(({ path }) => path !== field);
  return isSplit && typeof replicas === 'number' ? { id, keeps: replicas } : { id };
}
