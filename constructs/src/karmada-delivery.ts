import type { Cluster } from './cluster';

/** Who decides how many replicas of a service each member cluster runs. */
export enum KarmadaScheduling {
  /** The program: Karmada gets static weights, by which it comes to exactly the shares of direct delivery. */
  STATIC = 'static',
  /** Karmada, by how many more replicas each cluster can take (dynamic weights). */
  AVAILABLE_REPLICAS = 'available-replicas',
  /** Karmada, in as few clusters as can take them. */
  AGGREGATED = 'aggregated',
}

/** What Karmada does with an object that a member cluster has already. */
export enum KarmadaConflict {
  /** It stays as it is, and the hub shows the conflict. */
  ABORT = 'Abort',
  /** Karmada takes it over. */
  OVERWRITE = 'Overwrite',
}

/** How what was moved away is removed where it was. */
export enum KarmadaPurge {
  /** When it is healthy elsewhere, or a time is over. */
  GRACEFULLY = 'Gracefully',
  /** At once. */
  DIRECTLY = 'Directly',
  /** Not by Karmada. Only for applications that became unhealthy, not for clusters. */
  NEVER = 'Never',
}

/** What a taint of a member cluster does. */
export enum KarmadaTaintEffect {
  /** Nothing new is scheduled to it. */
  NO_SCHEDULE = 'NoSchedule',
  /** What does not tolerate it is moved away. */
  NO_EXECUTE = 'NoExecute',
}

/** Taints of member clusters that an app stands. */
export interface KarmadaToleration {
  /** @default - every taint */
  readonly key?: string;
  /** @default - any value */
  readonly value?: string;
  /** @default - every effect */
  readonly effect?: KarmadaTaintEffect;
  /** How long a NoExecute taint is tolerated, in seconds. @default - for ever */
  readonly tolerationSeconds?: number;
}

/** When an app that became unhealthy in a cluster is moved to another one. */
export interface KarmadaApplicationFailover {
  /** Seconds that it may be unhealthy. @default 300 */
  readonly tolerationSeconds?: number;
  /** @default KarmadaPurge.GRACEFULLY */
  readonly purge?: KarmadaPurge;
  /** Most seconds to wait for it to be healthy elsewhere before it is removed, with KarmadaPurge.GRACEFULLY only. @default 600 */
  readonly gracePeriodSeconds?: number;
}

/** How an app reaches its clusters through Karmada. */
export interface KarmadaDeliveryProps {
  /** The API server of Karmada, a cluster of the platform where nothing runs. */
  readonly hub: Cluster;
  /** Cluster to its name in Karmada, at most 48 characters. @default - the same name */
  readonly memberNames?: { [cluster: string]: string };
  /** Whether the app makes its namespace on the hub. Two apps in one namespace: one of them makes it. @default true, unless the app has createNamespace: false */
  readonly createHubNamespace?: boolean;
  /** @default KarmadaScheduling.STATIC */
  readonly scheduling?: KarmadaScheduling;
  /** @default KarmadaConflict.ABORT */
  readonly conflictResolution?: KarmadaConflict;
  /** Whether ConfigMaps, Secrets and others of the hub follow the workloads that name them, beside those of the app. @default false */
  readonly propagateDependencies?: boolean;
  /** Move what is in a cluster with a NoExecute taint to others. Only with Karmada's feature gate `Failover`, which is off by default. @default - it stays */
  readonly clusterFailover?: KarmadaPurge;
  /** Move what became unhealthy to other clusters. Needs `propagateDependencies`. Only with Karmada's feature gate `Failover`. @default - it stays */
  readonly applicationFailover?: KarmadaApplicationFailover;
  /** @default - those that Karmada adds: clusters that are not ready or not reachable, for 300 s */
  readonly tolerations?: KarmadaToleration[];
  /** Whether the hub refuses to delete the objects of the app until this is false. @default false */
  readonly deletionProtected?: boolean;
  /** Whether what is in the member clusters stays there when it is deleted on the hub. @default false */
  readonly preserveResourcesOnDeletion?: boolean;
}
