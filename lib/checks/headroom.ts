import type { AppServiceManifest } from '@orrery/constructs/assembly-format';
import type { ReplicaBounds, ServiceHeadroom } from '../plan/plan.ts';
import type { DesiredState } from '../render/desired-state.ts';
import {
  type DeclaredService,
  declaredServices,
  fewestOf,
  type RunningCluster,
  type ServiceInCluster,
  sumOf,
} from './declared-replicas.ts';
import { podsOf } from './pods.ts';
import { Workloads } from './workloads.ts';

/** What is left of a service when one cluster is lost. */
interface Remainder<C extends RunningCluster> {
  readonly gone: ServiceInCluster<C>;
  readonly rest: readonly ServiceInCluster<C>[];
  readonly left: ReplicaBounds;
}

/** For each cluster that holds something of a service: what the others run. */
export function withoutEach<C extends RunningCluster>({ clusters }: DeclaredService<C>): Remainder<C>[] {
  return clusters.map((gone) => {
    const rest = clusters.filter((place) => place !== gone);
    return { gone, rest, left: { fewest: fewestOf(rest), most: sumOf(rest, ({ most }) => most) } };
  });
}

/** What a service shall still have then: its declared total. */
export function neededOf({ replicas, minReplicas = 0, maxReplicas = 0 }: AppServiceManifest): ReplicaBounds {
  return { fewest: replicas ?? minReplicas, most: replicas ?? maxReplicas };
}

/** What the loss of each cluster leaves of the services that shall survive it (`survive`), for plans. Nothing where none shall. */
export function headroomOf({ clusters, apps = [] }: DesiredState): ServiceHeadroom[] {
  const surviving = apps.map(({ services = [], ...app }) => ({
    ...app,
    services: services.filter(({ survive }) => survive !== undefined),
  }));
  if (surviving.every(({ services }) => services.length === 0)) return [];
  const running = clusters.map(({ name, objects: all }): RunningCluster => {
    const objects = all.map((desired) => ({ id: desired.id, desired, pods: podsOf(desired.object) }));
    return { name, objects, workloads: new Workloads(objects) };
  });
  return declaredServices({ clusters: running, apps: surviving }).map((service) => ({
    app: surviving.find(({ services }) => services.includes(service.declared))?.path ?? '',
    service: service.declared.path,
    needed: neededOf(service.declared),
    without: withoutEach(service).map(({ gone, left }) => ({ cluster: gone.cluster.name, left })),
  }));
}
