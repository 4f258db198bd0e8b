import type { GpuShare } from './gpu-sharing-props';

/** What one container has of GPUs. */
export interface GpuNeeds extends GpuShare {
  /** Cards, or partitions, that it has at a time. @default 1 */
  readonly cards?: number;
  /** GiB of memory, instead of `memoryMebibytes`. @default - `memoryMebibytes` */
  readonly memoryGibibytes?: number;
  /** The partition, where the cards of the pool are cut into several kinds: "3g.40gb". @default - the only kind */
  readonly profile?: string;
  /** Which of those on a card goes first: 0 before 1. NVIDIA's cards with HAMi. @default - HAMi's 1 */
  readonly priority?: number;
}

/** Whether pods gather or spread. */
export enum GpuPacking {
  /** Where something runs already, so that others stay free. */
  BINPACK = 'binpack',
  /** Where least runs. */
  SPREAD = 'spread',
  /** Cards that are close to each other; of cards only. */
  TOPOLOGY_AWARE = 'topology-aware',
  /** Cards that nobody else is on; of cards only. */
  MUTEX = 'mutex',
}

/** How HAMi makes a share of a card of NVIDIA. */
export enum GpuShareMode {
  /** By a library in the container. */
  HAMI_CORE = 'hami-core',
  /** By an instance of MIG, made for the pod. */
  MIG = 'mig',
  /** By NVIDIA's Multi-Process Service. */
  MPS = 'mps',
}

/** Which share of compute a pod has on MetaX's cards, where others are on it. */
export enum GpuComputePolicy {
  /** What others leave. */
  BEST_EFFORT = 'best-effort',
  /** Its own, never more. */
  FIXED_SHARE = 'fixed-share',
  /** Its own, and what others leave. */
  BURST_SHARE = 'burst-share',
}

/** Whether somebody waits for the answers of a pod on MetaX's cards. */
export enum GpuUrgency {
  /** Requests of people: goes first on its card. */
  ONLINE = 'online',
  /** Work that can wait. */
  OFFLINE = 'offline',
}

/** Which cards a pod is put on: HAMi and, as far as it can, dynamic resource allocation. */
export interface GpuChoice {
  /** Parts of names of cards, one of which has to fit: ["A100", "V100"]. @default - any */
  readonly useTypes?: string[];
  /** Parts of names of cards of which none may fit. @default - none */
  readonly avoidTypes?: string[];
  /** UUIDs of the cards that may be taken. @default - any */
  readonly useUuids?: string[];
  /** UUIDs of cards that may not. @default - none */
  readonly avoidUuids?: string[];
  /** Nodes that are preferred. @default - as HAMi is installed: those in use */
  readonly nodes?: GpuPacking;
  /** Cards of a node that are preferred. @default - as HAMi is installed: those that least runs on */
  readonly cards?: GpuPacking;
  /** Whether all cards of a pod belong to one NUMA node. @default false */
  readonly sameNumaNode?: boolean;
  /** How the share is made; nodes of the pool have to run that way. @default - as the node runs */
  readonly shareMode?: GpuShareMode;
  /** MetaX only. @default - HAMi's best effort */
  readonly computePolicy?: GpuComputePolicy;
  /** MetaX only; such pods have one card. @default - neither */
  readonly urgency?: GpuUrgency;
  /** Whether cards that are linked are preferred, of pods with several whole ones: MetaX only. @default - as HAMi is installed */
  readonly linkedCards?: boolean;
}

/** How long a process has a shared card before the next one. */
export enum GpuTurn {
  /** As the driver has it. */
  DEFAULT = 'Default',
  SHORT = 'Short',
  MEDIUM = 'Medium',
  LONG = 'Long',
}

/** How the containers of a pod share the devices that it claims: dynamic resource allocation. They take turns, or with one of the limits of MPS run side by side. */
export interface GpuClaimSharing {
  /** How long each has a whole card at a time. Not with MPS, and not of partitions. @default GpuTurn.DEFAULT */
  readonly turn?: GpuTurn;
  /** Part of the compute that each process has at most, 1 to 100: MPS. @default - all of it */
  readonly activeThreadPercentage?: number;
  /** Memory of the device that each process has at most, e.g. "10Gi": MPS. @default - all of it */
  readonly pinnedMemory?: string;
}
