import type { Cluster } from './cluster';

/** How an app reaches its clusters through Open Cluster Management. */
export interface ManifestWorkDeliveryProps {
  /** The hub, a cluster of the platform. */
  readonly hub: Cluster;
  /** Cluster to its name as a ManagedCluster, which is also its namespace on the hub. @default - the same name */
  readonly memberNames?: { [cluster: string]: string };
  /** Whether what is in the clusters stays there when its ManifestWork is deleted. @default false */
  readonly orphanOnDeletion?: boolean;
  /** Whether fields that somebody else owns are taken over; else the ManifestWork shows the conflict. @default false */
  readonly forceConflicts?: boolean;
  /**
   * Plural names of kinds that are not built in, e.g. { 'Gateway.gateway.networking.k8s.io': 'gateways' }, where they are not formed like English plurals.
   * @default - none
   */
  readonly pluralNames?: { [kind: string]: string };
  /** Most bytes of the manifests of one ManifestWork; the webhook of the hub refuses more than 512000 by default. @default 400000 */
  readonly maxBytes?: number;
}

/** How an app reaches its clusters through Rancher Fleet. */
export interface FleetDeliveryProps {
  /** The cluster that the Fleet manager runs in. */
  readonly hub: Cluster;
  /** Cluster to its name in Fleet, a Cluster of the workspace. @default - the same name */
  readonly memberNames?: { [cluster: string]: string };
  /** Namespace of the Fleet workspace that the clusters are registered in. @default "fleet-default" */
  readonly workspaceNamespace?: string;
  /** Whether what is in the clusters stays there when its Bundle is deleted. @default false */
  readonly keepResources?: boolean;
  /** Whether changes by others in a cluster are taken back. @default false */
  readonly correctDrift?: boolean;
  /** Whether objects that exist already are taken over from whoever made them. @default false */
  readonly takeOwnership?: boolean;
  /** Most bytes of the manifests of one Bundle, which has to fit into an object of the hub. @default 900000 */
  readonly maxBytes?: number;
}
