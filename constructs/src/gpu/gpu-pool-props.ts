import type { Placement } from '../placement';
import type { Workspace } from '../workspace';
import type { GpuIsolation, GpuMode, GpuPlugin, GpuShare, GpuSharing } from './gpu-sharing-props';
import type { MigWorkload } from './mig-planner';

/** What installs the software of GPUs in the clusters of a pool. */
export enum GpuInstaller {
  /** NVIDIA's GPU operator: driver, container toolkit, device plugin, MIG manager, metrics. */
  GPU_OPERATOR = 'gpu-operator',
  /** NVIDIA's device plugin alone, on nodes that have driver and container toolkit. It cuts no cards (MIG). */
  DEVICE_PLUGIN = 'device-plugin',
  /** Nobody: what the pool needs is there already, as its values say. */
  NONE = 'none',
}

/** Which software runs the cards of a pool, and in which version. Pools of one cluster must agree. */
export interface GpuSoftware {
  /** What installs it. @default - the GPU operator for NVIDIA's cards, NONE beside HAMi for others */
  readonly installer?: GpuInstaller;
  /** Version of the chart of the GPU operator. @default v26.7.0 */
  readonly operatorVersion?: string;
  /** Whether the operator installs the driver on the nodes too. @default - true, unless `gpuNodes` say a driver version */
  readonly installsDriver?: boolean;
  /** Version of the driver that the operator installs. @default - the operator's own */
  readonly driverVersion?: string;
  /** Version of the chart of the device plugin. @default 0.20.0 */
  readonly devicePluginVersion?: string;
  /** Version of the chart of HAMi. @default 2.10.0 */
  readonly hamiVersion?: string;
  /** Version of the chart of Volcano. @default 1.15.1 */
  readonly volcanoVersion?: string;
  /** Version of the chart of Volcano's device plugin for virtual GPUs. @default - required with Volcano */
  readonly volcanoPluginVersion?: string;
  /** Version of the chart of NVIDIA's driver for dynamic resource allocation. @default 0.5.0 */
  readonly draDriverVersion?: string;
  /** Folders or archives of charts by their names, e.g. { hami: 'charts/hami-2.10.0.tgz' }, where clusters' networks do not reach the repositories of the projects. @default - the projects' repositories */
  readonly charts?: { [chart: string]: string };
  /** Whether versions are taken that are not known to fit: then nothing is checked of them. @default false */
  readonly takesUnknownVersions?: boolean;
  /** Namespace of the releases, which the pools make. @default gpu-system */
  readonly namespaceName?: string;
  /** RuntimeClass of pods with NVIDIA's cards. @default - none: the container toolkit is the default of the runtime */
  readonly runtimeClassName?: string;
}

/** How much of a pool a tenant may have in all its clusters together. */
export interface GpuTenant {
  /** The tenant; its quota is divided over clusters like the pool's cards. Either this or `namespaceName`. @default - `namespaceName` says which */
  readonly workspace?: Workspace;
  /** The only namespace of a tenant without workspace. It must be there. @default - those of the workspace */
  readonly namespaceName?: string;
  /** Cards, replicas of cards or vGPUs that its pods may ask for at a time; with several partitions see `partitions`. @default - no limit */
  readonly gpus?: number;
  /** Partitions by profile. @default - no limit */
  readonly partitions?: { [profile: string]: number };
  /** MiB of memory of cards, over all pods: HAMi. @default - no limit */
  readonly memoryMebibytes?: number;
  /** Hundredths of compute of cards, over all pods: HAMi. @default - no limit */
  readonly corePercentage?: number;
}

export interface GpuPoolProps {
  /** The clusters. @default - the cluster that it is in */
  readonly placement?: Placement;
  /** Who has a GPU. */
  readonly sharing: GpuSharing;
  /** What pods on one card are kept from, at least. @default - strict where a pod has a card or a partition alone, none where it is shared */
  readonly isolation?: GpuIsolation;
  /** Which of the GPU nodes of the clusters it is made of, by their product. @default - all of them */
  readonly products?: string[];
  /** How it is done, where it is not left to be chosen. Volcano and DRA are never chosen. @default - what gives the isolation */
  readonly mode?: GpuMode;
  /** Pods on one card at most: of time-slicing, MPS, HAMi and Volcano. @default - 10 with HAMi and Volcano; required with the others */
  readonly replicas?: number;
  /** What a pod that says nothing else has of a card: HAMi and Volcano. @default - all of it */
  readonly share?: GpuShare;
  /** Instances of each card by profile: MIG. Not beside `workloads`. @default - found for `workloads` */
  readonly profiles?: { [profile: string]: number };
  /** What the cards are cut for (MIG): `MigPlanner` packs it onto the nodes of each cluster. Each profile is a resource of its own. @default - `profiles` */
  readonly workloads?: MigWorkload[];
  /** Memory that HAMi gives out for each MiB that there is. Above 1, programs may find none left. @default 1 */
  readonly memoryScaling?: number;
  /** What else announces the GPUs of these nodes, and stays. @default - none */
  readonly otherPlugins?: GpuPlugin[];
  /** Whether pods are to use GPUs of other nodes over the network; nothing does it. @default false */
  readonly remote?: boolean;
  /** Whether node feature discovery is told to label the nodes. It needs `nodeNames`, or cards that it can tell by their device id. @default - false: whoever makes the nodes labels them, as `nodeLabels` says */
  readonly labelNodes?: boolean;
  /** Whether the nodes are for pods of the pool alone, by a taint. @default false */
  readonly dedicated?: boolean;
  /** How much each tenant may have. @default - no quotas */
  readonly tenants?: GpuTenant[];
  /** Priority classes for its pods by name, e.g. { 'gpu-serving': 1000, 'gpu-batch': 100 }; the higher goes first. @default - none */
  readonly priorities?: { [name: string]: number };
  /** Which software runs the cards. @default - the newest that is known to work together */
  readonly software?: GpuSoftware;
}
