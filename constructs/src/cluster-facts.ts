import type { IResolver } from 'cdk8s';
import type { EntryPoints } from './entry-points';
import type { GpuNodes } from './gpu/gpu-nodes';
import type { Toleration } from './service-props';

/** Who runs the machines of a cluster. */
export enum Provider {
  ALIBABA_CLOUD = 'alibaba-cloud',
  AWS = 'aws',
  AZURE = 'azure',
  GOOGLE_CLOUD = 'google-cloud',
  HUAWEI_CLOUD = 'huawei-cloud',
  TENCENT_CLOUD = 'tencent-cloud',
  VOLCENGINE = 'volcengine',
  QINGCLOUD = 'qingcloud',
  ORACLE_CLOUD = 'oracle-cloud',
  IBM_CLOUD = 'ibm-cloud',
  OVHCLOUD = 'ovhcloud',
  HETZNER = 'hetzner',
  VSPHERE = 'vsphere',
  OPENSTACK = 'openstack',
  /** Own machines in an own data centre. */
  ON_PREMISES = 'on-premises',
  /** Machines outside data centres: shops, factories, vehicles. */
  EDGE = 'edge',
  /** Any other; say which by a label. */
  OTHER = 'other',
}

/** What a cluster is for. */
export enum Environment {
  DEVELOPMENT = 'development',
  TEST = 'test',
  STAGING = 'staging',
  /** One cluster for everything before production. */
  NON_PRODUCTION = 'non-production',
  PRODUCTION = 'production',
  /** Monitoring, logging, pipelines, registries: what runs the others. */
  OPERATIONS = 'operations',
}

/** The network plugin (CNI) of a cluster. It decides whether network policies are enforced. */
export enum NetworkPlugin {
  CALICO = 'calico',
  CILIUM = 'cilium',
  FLANNEL = 'flannel',
  HYBRIDNET = 'hybridnet',
  KUBE_OVN = 'kube-ovn',
  ANTREA = 'antrea',
  TERWAY = 'terway',
  AWS_VPC = 'aws-vpc',
  AZURE = 'azure',
  GKE_DATAPLANE_V2 = 'gke-dataplane-v2',
  WEAVE = 'weave',
  OTHER = 'other',
}

/** What gives Services of type LoadBalancer their address. */
export enum LoadBalancerKind {
  /** The cloud provider's controller. */
  CLOUD = 'cloud',
  METALLB = 'metallb',
  OPENELB = 'openelb',
  KUBE_VIP = 'kube-vip',
  CILIUM = 'cilium',
  /** Nothing does: such Services stay without address. */
  NONE = 'none',
}

/** Nodes of a cluster that are for something. */
export interface NodePool {
  /** Labels that its nodes have, and others have not. @default - none */
  readonly nodeSelector?: { [key: string]: string };
  /** Taints of its nodes that pods for it put up with. @default - none */
  readonly tolerations?: Toleration[];
}

/** What the program says about a cluster. Only what is declared is written to the assembly. */
export interface ClusterFacts {
  /** @default - unknown */
  readonly provider?: Provider;
  /** Region in the provider's words, e.g. "cn-shanghai". @default - unknown */
  readonly region?: string;
  /** Zone in the provider's words. @default - unknown */
  readonly zone?: string;
  /** @default - unknown */
  readonly environment?: Environment;
  /** Name of the network that the cluster is in: clusters of one network reach each other. @default - unknown */
  readonly network?: string;
  /** Labels of the cluster itself, for placement. @default - none */
  readonly labels?: { [key: string]: string };
  /** "1.36" or "1.36.3". @default - unknown */
  readonly kubernetesVersion?: string;
  /** API versions that the cluster serves beside the built-in ones, e.g. "monitoring.coreos.com/v1". @default - none */
  readonly apiVersions?: string[];
  /** @default - unknown */
  readonly networkPlugin?: NetworkPlugin;
  /**
   * Whether the network plugin enforces network policies in this cluster. Of some plugins it depends on their settings (Terway, AWS VPC, Azure, Hybridnet).
   * @default - unknown, except for plugins that always or never do
   */
  readonly enforcesNetworkPolicies?: boolean;
  /** Purpose ("general", "fast", "block", …) to name of the StorageClass. @default - none */
  readonly storageClasses?: { [purpose: string]: string };
  /** Purpose ("memory", "gpu", …) to the nodes for it, which services name as `nodePool`. @default - none */
  readonly nodePools?: { [purpose: string]: NodePool };
  /** @default - unknown */
  readonly loadBalancer?: LoadBalancerKind;
  /** By which Ingresses, Gateways and load balancers traffic enters. @default - unknown, and nothing can be exposed but by what a provider documents */
  readonly entryPoints?: EntryPoints;
  /** Name of the cluster in addresses over several clusters; unique among them. @default - the region */
  readonly geoTag?: string;
  /** Registry (host, optionally with port and path) of images that name none, e.g. "registry.example.com/shop". @default - Docker Hub */
  readonly imageRegistry?: string;
  /** Registry that stands in for every other one, e.g. "registry.gz.example.com". @default - none */
  readonly registryMirror?: string;
  /** Whether the internet can reach the cluster's entry points. @default - unknown */
  readonly internetFacing?: boolean;
  /**
   * What workloads may use of the cluster, by resource: { cpu: '640', memory: '2560Gi', 'nvidia.com/gpu': '16' }. A hint for placements that weigh by it.
   * @default - unknown
   */
  readonly capacity?: { [resource: string]: string };
  /**
   * Which block of ordinals is the cluster's own in stateful services that give each cluster as many: a number from 0 on that no other cluster has. Keep it for as long as the cluster lives, and never
   * give it to another one: pods are named by it.
   * @default - none
   */
  readonly ordinalBlock?: number;
  /** Kinds of nodes with GPUs, which pools are made of. @default - unknown */
  readonly gpuNodes?: GpuNodes[];
  /** Models of the GPUs in the cluster, e.g. "NVIDIA-A100-SXM4-80GB". @default - the products of `gpuNodes` */
  readonly gpuModels?: string[];
}

/** A cluster's facts, and how cdk8s charts in it are synthesized. */
export interface ClusterProps extends ClusterFacts {
  /** Resolvers for values in charts, as cdk8s's App takes them. @default - cdk8s's own */
  readonly resolvers?: IResolver[];
}
