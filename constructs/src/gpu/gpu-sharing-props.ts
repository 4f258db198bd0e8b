/** Who has a GPU. */
export enum GpuSharing {
  /** A pod has whole cards. */
  EXCLUSIVE = 'exclusive',
  /** Several pods run on one card at a time. */
  SHARED = 'shared',
  /** Cards are cut in hardware; a pod has its part alone. */
  PARTITIONED = 'partitioned',
}

/** What pods on one card are kept from, at least. */
export enum GpuIsolation {
  /** Nothing: one that takes all memory, or fails, harms the others. */
  NONE = 'none',
  /** Memory has a limit that software keeps; time on the card has none, or a soft one. */
  SOFT = 'soft',
  /** Memory, faults and bandwidth, by hardware. */
  STRICT = 'strict',
}

/** How it is done. */
export enum GpuMode {
  /** Whole cards, by NVIDIA's device plugin. */
  WHOLE_GPU = 'whole-gpu',
  /** Pods take turns, by NVIDIA's device plugin. */
  TIME_SLICING = 'time-slicing',
  /** NVIDIA's Multi-Process Service: equal parts of memory and compute. Experimental in the device plugin. */
  MPS = 'mps',
  /** MIG with instances of one profile, which pods ask for as `nvidia.com/gpu`. */
  MIG_SINGLE = 'mig-single',
  /** MIG with a resource for each profile. */
  MIG_MIXED = 'mig-mixed',
  /** HAMi: a share of memory and compute of any size, kept by a library in the container. */
  HAMI = 'hami',
  /** The same library with Volcano's scheduler. */
  VOLCANO_VGPU = 'volcano-vgpu',
  /** Dynamic resource allocation: pods claim devices of NVIDIA's driver for it. */
  DRA = 'dra',
}

/** What announces GPUs of a node to Kubernetes. */
export enum GpuPlugin {
  /** NVIDIA's device plugin, alone or of the GPU operator. */
  NVIDIA_DEVICE_PLUGIN = 'nvidia-device-plugin',
  /** The device plugin of HAMi. */
  HAMI = 'hami',
  /** Volcano's device plugin for virtual GPUs. */
  VOLCANO = 'volcano',
  /** NVIDIA's driver for dynamic resource allocation. */
  NVIDIA_DRA_DRIVER = 'nvidia-dra-driver',
}

/** What one pod has of each card that it is on. */
export interface GpuShare {
  /** MiB of memory. Not beside `memoryPercentage`. @default - all of it */
  readonly memoryMebibytes?: number;
  /** Part of the memory, 1 to 100. Not with Volcano. @default - all of it */
  readonly memoryPercentage?: number;
  /** Part of the compute, 0 to 100; 0 is without a limit. @default 0 */
  readonly corePercentage?: number;
}

export interface GpuSharingProps {
  /** Who has a GPU. */
  readonly sharing: GpuSharing;
  /** What pods on one card are kept from, at least. @default - strict where a pod has a card or a partition alone, none where it is shared */
  readonly isolation?: GpuIsolation;
  /** The cards, as nodes are labelled (`nvidia.com/gpu.product`) and as clusters have them in `gpuModels`, e.g. ["NVIDIA-A100-SXM4-80GB"]. */
  readonly products: string[];
  /** How it is done, where it is not left to be chosen. Volcano and DRA are never chosen. @default - what gives the isolation */
  readonly mode?: GpuMode;
  /** Pods on one card at most: of time-slicing, MPS, HAMi and Volcano. @default - 10 with HAMi and Volcano; required with the others */
  readonly replicas?: number;
  /** What a pod has of a card: HAMi and Volcano. @default - all of it, with them; with MPS 1/replicas */
  readonly share?: GpuShare;
  /** Instances of each card by profile: MIG. `MigPlanner` finds them for workloads. @default - required with MIG */
  readonly profiles?: { [profile: string]: number };
  /** Cards, or partitions, that one pod asks for. @default 1 */
  readonly gpusPerPod?: number;
  /** Cards of a node. @default - unknown, and whether a pod has room on a node is not checked */
  readonly gpusPerNode?: number;
  /** Memory of the smallest card, MiB. @default - unknown, and whether a share has room on a card is not checked */
  readonly cardMebibytes?: number;
  /** Memory that HAMi gives out for each MiB that there is. Above 1, programs may find none left. @default 1 */
  readonly memoryScaling?: number;
  /** Whether the cards are in MIG mode and stay so. @default - as the mode needs it */
  readonly migEnabled?: boolean;
  /** What else announces the GPUs of these nodes, and stays. @default - none */
  readonly otherPlugins?: GpuPlugin[];
  /** Whether pods are to use GPUs of other nodes over the network. @default false */
  readonly remote?: boolean;
  /** Version of Kubernetes, "1.34" or "1.34.2": DRA needs it. @default - unknown */
  readonly kubernetesVersion?: string;
}
