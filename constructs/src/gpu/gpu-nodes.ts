import type { Toleration } from '../service-props';

/** Who makes the cards. */
export enum GpuVendor {
  NVIDIA = 'nvidia',
  /** Huawei's Ascend NPUs. */
  ASCEND = 'ascend',
  /** Cambricon's MLUs. */
  CAMBRICON = 'cambricon',
  /** Hygon's DCUs. */
  HYGON = 'hygon',
  METAX = 'metax',
  ILUVATAR = 'iluvatar',
  /** Moore Threads. */
  MTHREADS = 'mthreads',
  ENFLAME = 'enflame',
  /** Baidu's Kunlunxin XPUs. */
  KUNLUNXIN = 'kunlunxin',
  AMD = 'amd',
  /** Biren: whole cards. */
  BIREN = 'biren',
  /** Vastai Technologies: whole cards. */
  VASTAI = 'vastai',
  /** AWS's Inferentia and Trainium: whole devices. */
  AWS_NEURON = 'aws-neuron',
}

/** Equal nodes with GPUs: the same card, as many in each. */
export interface GpuNodes {
  /**
   * The card. NVIDIA's as nodes are labelled with it (`nvidia.com/gpu.product`), e.g. "NVIDIA-A100-SXM4-80GB"; others as HAMi names them, e.g. "Ascend910B2", "BI-V150".
   */
  readonly product: string;
  /** Who makes it. @default - by the product */
  readonly vendor?: GpuVendor;
  /** How many nodes. */
  readonly nodes: number;
  /** Cards in each of them. */
  readonly cardsPerNode: number;
  /** Memory of a card, MiB. @default - by the product, where it is known */
  readonly cardMebibytes?: number;
  /** Version of the driver on the nodes, e.g. "580.95.05". @default - unknown, or the one that is installed */
  readonly driverVersion?: string;
  /** Names of the nodes, as many as `nodes` says, where they are known: what is configured by node needs them. @default - unknown */
  readonly nodeNames?: string[];
  /** Labels that these nodes have, and other GPU nodes have not. @default - the product, by NVIDIA's label for it; of other vendors their names */
  readonly nodeSelector?: { [key: string]: string };
  /** Taints of these nodes that pods for their GPUs put up with. @default - none */
  readonly tolerations?: Toleration[];
  /** Features of the processor as node feature discovery labels them, e.g. ["AVX512F", "AMXINT8"]. @default - unknown */
  readonly cpuFeatures?: string[];
  /** Version of the kernel, e.g. "5.15.0-122-generic". @default - unknown */
  readonly kernelVersion?: string;
  /** Whether the cards are in MIG mode now. @default - unknown */
  readonly migEnabled?: boolean;
}
