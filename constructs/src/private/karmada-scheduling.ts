import { builtInScope } from '../built-in-kinds';
import type { Cluster } from '../cluster';
import { KarmadaScheduling } from '../karmada-delivery';
import type { DeliveredApp, DeliveredGroup, DeliveredObject, ReportDelivery } from './hub-delivery';
import type { Propagation } from './karmada-policies';
import { dividesInto, reduced, untied, weightsFor } from './karmada-weights';
import type { JsonMap } from './override-operations';

/** An object with what its policy says, and the suffix that names the policy; '' is the one of the app. */
export interface Scheduled {
  readonly object: DeliveredObject;
  readonly suffix: 'app' | 'duplicated' | 'everywhere' | 'own';
  readonly propagation: Propagation;
  /** Replicas that Karmada divides; undefined where it divides none. */
  readonly total: number | undefined;
}

interface Surroundings {
  readonly app: DeliveredApp;
  readonly groups: readonly DeliveredGroup[];
  readonly scheduling: KarmadaScheduling;
  readonly nameOf: (cluster: Cluster) => string;
}

/** True for a workload that says how many replicas it has. */
export function hasOwnReplicas(object: JsonMap): boolean {
  return typeof (object.spec as JsonMap | undefined)?.replicas === 'number';
}

/**
 * Which objects go where by which policy. Deployments of services with a total are divided. Other workloads, and custom resources, of which Karmada may know replicas
 * too, are duplicated: each cluster has what the program says. All else has no replicas, so it stands in the policy of the app; where the placement has several
 * groups or overflow it is in all their clusters, because Karmada chooses for each object anew.
 */
export function scheduled(
  objects: readonly DeliveredObject[],
  around: Surroundings,
  report: ReportDelivery,
): Scheduled[] {
  const { app, groups, scheduling } = around;
  const isStatic = scheduling === KarmadaScheduling.STATIC;
  const divided = new Map(
    objects.flatMap((object) => {
      const shares = sharesOf(object, around);
      return shares === undefined ? [] : [[object, shares] as const];
    }),
  );
  const weights = weightsOfApp([...divided.values()], around);
  const simple = groups.length === 1;
  const everywhere = { groups: [everyCluster(around)], overflow: [], spread: {} };
  return objects.map((object): Scheduled => {
    const shares = divided.get(object);
    const isEverywhere = groups.every(({ clusters }) => clusters.every((cluster) => object.inCluster.has(cluster)));
    if (shares === undefined) {
      const isPlain = !runsPods(object) && builtInScope(object.group, object.kind) !== undefined;
      const follows = !simple && runsPods(object);
      if (isPlain && simple && isEverywhere && isStatic && object.namespace !== undefined)
        return { object, suffix: 'app', propagation: inGroups(around, weights), total: undefined };
      const scope = follows ? inGroups(around, weights) : everywhere;
      const propagation: Propagation = { ...withOnly(scope, object, around), scheduling: 'duplicated' };
      const suffix = !isEverywhere ? 'own' : isPlain && !simple ? 'everywhere' : 'duplicated';
      return { object, suffix, propagation: { ...propagation, overflow: [], spread: {} }, total: undefined };
    }
    const total = totalOf(object, shares, app, isStatic, report);
    const fits = shares.every((own, i) => dividesInto(weights[i] ?? new Map(), own));
    if (isEverywhere && (fits || !isStatic))
      return { object, suffix: 'app', propagation: inGroups(around, weights), total };
    const own = shares.map((share, i) => weightsFor(share, declaredIn(groups[i], around)));
    return { object, suffix: 'own', propagation: withOnly(inGroups(around, own), object, around), total };
  });
}

/** By group, what direct delivery gives each cluster; undefined where replicas are not divided. */
function sharesOf(
  { kind, group, inCluster, entry }: DeliveredObject,
  around: Surroundings,
): Map<string, number>[] | undefined {
  if (kind !== 'Deployment' || group !== 'apps' || around.app.totalOf(entry.owner) === undefined) return undefined;
  const all = [...inCluster.values()].map(({ object }) => object);
  if (!all.every(hasOwnReplicas)) return undefined;
  return around.groups.map(
    ({ clusters }) =>
      new Map(
        clusters.flatMap((cluster) => {
          const own = inCluster.get(cluster)?.object;
          return own === undefined
            ? []
            : [[around.nameOf(cluster), (own.spec as { replicas: number }).replicas] as const];
        }),
      ),
  );
}

function totalOf(
  { entry, kind, name }: DeliveredObject,
  shares: readonly ReadonlyMap<string, number>[],
  app: DeliveredApp,
  isStatic: boolean,
  report: ReportDelivery,
): number {
  const at = entry.owner;
  const sums = shares.map((share) => [...share.values()].reduce((sum, one) => sum + one, 0));
  if (!isStatic) {
    const declared = app.totalOf(at) ?? 0;
    if (shares.length === 1 && sums[0] !== declared) {
      const what = `${kind}/${name} has replicas of its own in some cluster, and Karmada decides how many each has.`;
      report('ORR2012', what, 'Remove the override or patch of its replicas, or use KarmadaScheduling.STATIC.', { at });
    }
    return declared;
  }
  if (new Set(sums).size > 1) {
    const what = `${kind}/${name} has ${sums.join(' or ')} replicas, depending on the group of the placement that is used, and Karmada has one number for all.`;
    report('ORR2012', what, 'Remove what makes them differ: overrides, `survive` or bounds of one group.', { at });
  }
  return sums[0] ?? 0;
}

/** The weights of the policy of the app: the declared ones, with ties decided if that suits more services. */
function weightsOfApp(
  divided: readonly (readonly ReadonlyMap<string, number>[])[],
  around: Surroundings,
): ReadonlyMap<string, number>[] {
  const most = Math.max(0, ...divided.flat().map((shares) => [...shares.values()].reduce((sum, one) => sum + one, 0)));
  const declared = around.groups.map((group) => reduced(declaredIn(group, around)));
  const decided = declared.map((weights) => untied(weights, most) ?? weights);
  const suited = (weights: readonly ReadonlyMap<string, number>[]) =>
    divided.filter((shares) => shares.every((own, i) => dividesInto(weights[i] as ReadonlyMap<string, number>, own)))
      .length;
  return suited(decided) > suited(declared) ? decided : declared;
}

function declaredIn(group: DeliveredGroup | undefined, { nameOf }: Surroundings): Map<string, number> {
  return new Map([...(group?.placed.weights ?? [])].map(([cluster, weight]) => [nameOf(cluster), weight]));
}

function inGroups(around: Surroundings, weights: readonly ReadonlyMap<string, number>[]): Propagation {
  const { groups, scheduling, nameOf } = around;
  const names = groups.map(({ clusters }) => clusters.map(nameOf));
  return {
    groups: groups.flatMap(({ isFurther }, i) =>
      isFurther ? [] : [{ clusters: names[i] as string[], weights: weights[i] ?? new Map() }],
    ),
    overflow: names.filter((_, i) => groups[i]?.isFurther),
    scheduling,
    spread: scheduling === KarmadaScheduling.STATIC ? {} : (groups[0]?.placed.spread ?? {}),
  };
}

function everyCluster({ groups, nameOf }: Surroundings): Propagation['groups'][number] {
  return { clusters: groups.flatMap(({ clusters }) => clusters.map(nameOf)), weights: new Map() };
}

/** The same without the clusters that do not get the object. */
function withOnly<P extends Pick<Propagation, 'groups'>>(
  propagation: P,
  object: DeliveredObject,
  { nameOf }: Surroundings,
): P {
  const has = new Set([...object.inCluster.keys()].map(nameOf));
  const groups = propagation.groups
    .map(({ clusters, weights }) => ({ clusters: clusters.filter((name) => has.has(name)), weights }))
    .filter(({ clusters }) => clusters.length > 0);
  return { ...propagation, groups };
}

const WORKLOADS = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Pod',
  'ReplicationController',
]);

function runsPods({ kind }: DeliveredObject): boolean {
  return WORKLOADS.has(kind);
}
