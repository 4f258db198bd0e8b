import type { Placement } from '../placement';
import type { ScratchVolume, SecretKey, SecretVolume, ServiceVolume, Toleration } from '../service-props';
import type { GpuChoice, GpuClaimSharing, GpuNeeds } from './gpu-needs';

/** A volume that is there already, such as one with data. */
export interface GpuDataset {
  /** Name of the PersistentVolumeClaim, in the namespace. */
  readonly claimName: string;
  /** Folder in the containers, absolute. */
  readonly mountPath: string;
  /** Folder of the volume. @default - all of it */
  readonly subPath?: string;
  /** Whether pods may only read it. @default true */
  readonly readOnly?: boolean;
}

/** What a container runs. */
export interface GpuProgram {
  /** Image; without a registry the cluster's facts give one. */
  readonly image: string;
  /** @default - the image's */
  readonly command?: string[];
  /** @default - the image's */
  readonly args?: string[];
  /** Folder that it starts in, absolute. @default - the image's */
  readonly workingDirectory?: string;
}

/** What a container has. */
export interface GpuContainerSettings {
  /** Environment variables. @default - none */
  readonly env?: { [name: string]: string };
  /** Environment variables from Secrets. @default - none */
  readonly secretEnv?: { [name: string]: SecretKey };
  /** What it has of GPUs. @default - of the main container one card or partition, as the pool shares them; of others none */
  readonly gpu?: GpuNeeds;
  /** Requested CPU. @default "1"; "2" where vLLM serves */
  readonly cpu?: string;
  /** Requested memory; shared memory counts. @default "4Gi"; "16Gi" where vLLM serves */
  readonly memory?: string;
  /** Most CPU. @default - none, so that idle CPU can be used */
  readonly cpuLimit?: string;
  /** Most memory. @default - `memory` */
  readonly memoryLimit?: string;
}

/** A container beside the main one, in the same pods. It sees the same volumes. */
export interface GpuContainer extends GpuProgram, GpuContainerSettings {
  /** Name, unique in the pod, a DNS label. */
  readonly name: string;
}

/** What all workloads of a pool say. */
export interface GpuWorkloadProps extends GpuContainerSettings {
  /** Namespace that it is in; it must be there. */
  readonly namespaceName: string;
  /** The clusters; all of them must be clusters of the pool. @default - those of the pool */
  readonly placement?: Placement;
  /** Which cards. @default - any of the pool */
  readonly choice?: GpuChoice;
  /** Lets `containers` that have `gpu: {}` use what the main one claims. Pools with dynamic resource allocation. @default - each container claims its own */
  readonly claimSharing?: GpuClaimSharing;
  /** Only nodes with cards of these products, of those of the pool. @default - all of them */
  readonly products?: string[];
  /** Features that the processor must have, as node feature discovery labels nodes with them: ["AVX512F", "AMXINT8"]. @default - any */
  readonly cpuFeatures?: string[];
  /** Containers beside the main one. @default - none */
  readonly containers?: GpuContainer[];
  /** Size of /dev/shm, by which processes of a pod exchange data. @default - the runtime's 64 MiB; "2Gi" where a container has several cards, or serves a model */
  readonly sharedMemory?: string;
  /** Volumes that are there already. @default - none */
  readonly datasets?: GpuDataset[];
  /** Volumes that are made with it, one for all pods of a cluster. @default - none */
  readonly volumes?: ServiceVolume[];
  /** Secrets as files. @default - none */
  readonly secretVolumes?: SecretVolume[];
  /** Folders that live as long as their pod. @default - none */
  readonly scratch?: ScratchVolume[];
  /** LocalQueue of Kueue, or queue of Volcano, that admits it. @default - that of the `GpuQueues` of the pool for the namespace; without one it starts as soon as there is room */
  readonly queueName?: string;
  /** @default - the cluster's */
  readonly priorityClass?: string;
  /** Numeric user; not 0. @default 1000 */
  readonly runAsUser?: number;
  /** Whether the image only works as root. Namespaces that enforce more than the Pod Security Standard "baseline" refuse it then. @default false */
  readonly runAsRoot?: boolean;
  /** Numeric group that owns mounted volumes. @default - `runAsUser` */
  readonly fsGroup?: number;
  /** ServiceAccount of the namespace; its token is not mounted. @default - the namespace's own */
  readonly serviceAccountName?: string;
  /** Secrets for pulling images. @default - none */
  readonly imagePullSecrets?: string[];
  /** Labels of the nodes, beside those of the pool. @default - none */
  readonly nodeSelector?: { [key: string]: string };
  /** Taints that it puts up with, beside those of the pool. @default - none */
  readonly tolerations?: Toleration[];
  /** Labels of the pods, beside our own. @default - none */
  readonly podLabels?: { [key: string]: string };
  /** Annotations of the pods, beside those that say which cards. @default - none */
  readonly podAnnotations?: { [key: string]: string };
  /** Seconds that a pod gets to end. @default - Kubernetes' 30 */
  readonly terminationGracePeriodSeconds?: number;
}

/** What runs a training. */
export enum GpuTrainingKind {
  /** A Job: failed pods are followed by others. */
  JOB = 'job',
  /** A Pod, and nothing else: for trying something out. What evicts it ends it. */
  POD = 'pod',
}

/** How the pods of a training find each other. */
export interface GpuRendezvous {
  /** Port of the first pod. @default 29500 */
  readonly port?: number;
}

/** Work that ends: training, fine-tuning, batch inference. */
export interface GpuTrainingProps extends GpuWorkloadProps, GpuProgram {
  /** What it becomes. @default GpuTrainingKind.JOB */
  readonly kind?: GpuTrainingKind;
  /** Pods that have to succeed. @default 1 */
  readonly completions?: number;
  /** Pods at a time. @default - `completions` */
  readonly parallelism?: number;
  /** Whether each pod has a number of its own, in JOB_COMPLETION_INDEX. @default - true with several `completions` */
  readonly indexed?: boolean;
  /**
   * Lets the pods of one training over several nodes find each other: a headless Service, and MASTER_ADDR, MASTER_PORT, NNODES, NODE_RANK and NPROC_PER_NODE, also as torchrun reads them (PET_NNODES, …). All pods run at a time then.
   * @default - each pod is on its own
   */
  readonly rendezvous?: GpuRendezvous;
  /** How many failed pods are followed by others. @default 3 */
  readonly retries?: number;
  /** Whether a failed container starts again in its pod, instead of a new pod. @default false */
  readonly restartsInPlace?: boolean;
  /** Longest time that it may take: "12h". @default - no limit */
  readonly deadline?: string;
  /** How long it is kept once it has ended: "24h". @default - until it is deleted */
  readonly keepFinished?: string;
  /** Evictions and lost nodes do not count as failures. @default true */
  readonly ignoresDisruptions?: boolean;
}

/** A folder with a notebook server in it, for one person. */
export interface GpuNotebookProps extends GpuWorkloadProps, GpuProgram {
  /** Port that the server listens on. @default 8888 */
  readonly port?: number;
  /** Volume with what the person keeps. @default - 10 GiB of "general" storage at /home/jovyan */
  readonly home?: ServiceVolume;
  /** Key of a Secret with the token that lets the person in; the container has it as JUPYTER_TOKEN. */
  readonly token: SecretKey;
  /** After how long without use kernels end, which frees their memory of the card: "2h". The card itself is free once it is `stopped`. Jupyter's. @default - never */
  readonly endsIdleKernelsAfter?: string;
  /** Whether it is stopped: nothing runs, the volume stays. @default false */
  readonly stopped?: boolean;
}
