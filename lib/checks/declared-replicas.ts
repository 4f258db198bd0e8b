import type { AppServiceManifest } from '@orrery/constructs/assembly-format';
import { nearest } from '../assembly/construct-path.ts';
import { isScaler, replicaRange, scaledBy, scaleKey } from '../render/replicas.ts';
import type { CheckedCluster, CheckedObject, CheckedPlatform, Workload } from './check.ts';

/** What of a cluster tells how many replicas there are. */
export type RunningCluster = Pick<CheckedCluster, 'name' | 'objects' | 'workloads'>;

/** How many replicas of a workload there may be: from its autoscaler, or the one number that it has. */
export interface Replicas {
  readonly workload: Workload;
  readonly fewest: number;
  readonly most: number;
  /** Somebody in the cluster decides between fewest and most. */
  readonly isScaled: boolean;
}

/** What a service runs in one cluster. */
export interface ServiceInCluster<C extends RunningCluster = CheckedCluster> {
  readonly cluster: C;
  readonly replicas: readonly Replicas[];
}

/** A service of which a total is declared, and what it runs. */
export interface DeclaredService<C extends RunningCluster = CheckedCluster> {
  readonly declared: AppServiceManifest;
  /** The clusters that hold something of it. */
  readonly clusters: readonly ServiceInCluster<C>[];
}

/**
 * Every service of which a total is declared, with its workloads as they are after overrides and patches. Services whose number is decided by what nobody can see here
 * (an autoscaler of another kind) are left out.
 */
export function declaredServices<C extends RunningCluster>({
  clusters,
  apps,
}: Pick<CheckedPlatform, 'apps'> & { readonly clusters: readonly C[] }): DeclaredService<C>[] {
  const declared = new Map(apps.flatMap(({ services = [] }) => services.map((service) => [service.path, service])));
  if (declared.size === 0) return [];
  const places = new Map<AppServiceManifest, ServiceInCluster<C>[]>();
  const unseen = new Set<AppServiceManifest>();
  for (const cluster of clusters) {
    const scalers = scalersOf(cluster);
    const own = Map.groupBy(cluster.workloads.all, ({ object }) => nearest(declared, object.desired.path));
    for (const [service, workloads] of own) {
      if (service === undefined) continue;
      const replicas = workloads.map((workload) => replicasOf(workload, scalers));
      const known = replicas.filter((one) => one !== undefined);
      if (known.length < replicas.length) unseen.add(service);
      places.set(service, [...(places.get(service) ?? []), { cluster, replicas: known }]);
    }
  }
  return [...places]
    .filter(([service]) => !unseen.has(service))
    .map(([service, inClusters]) => ({ declared: service, clusters: inClusters }));
}

export function fewestOf(places: readonly ServiceInCluster<RunningCluster>[]): number {
  return sumOf(places, ({ fewest }) => fewest);
}

export function sumOf(
  places: readonly ServiceInCluster<RunningCluster>[],
  value: (replicas: Replicas) => number,
): number {
  return places.reduce((sum, { replicas }) => replicas.reduce((own, one) => own + value(one), sum), 0);
}

/** Undefined where a scaler decides that the program does not have. */
function replicasOf(workload: Workload, scalers: ReadonlyMap<string, CheckedObject>): Replicas | undefined {
  const { id, desired } = workload.object;
  const scaler = scalers.get(scaleKey(id.namespace, id.kind, id.name));
  if (scaler === undefined && desired.controllerOwned?.some(({ path }) => path === 'spec.replicas') === true)
    return undefined;
  const range = replicaRange(desired.object, scaler?.desired.object);
  return { workload, ...range, isScaled: scaler !== undefined };
}

/** Autoscalers by what they scale. */
function scalersOf({ objects }: RunningCluster): Map<string, CheckedObject> {
  return new Map(
    objects
      .filter(({ id }) => isScaler(id))
      .map((object) => [scaledBy(object.desired.object, object.id.namespace), object]),
  );
}
