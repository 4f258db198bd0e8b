import type { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import type { Toleration } from '../../service-props';
import type { GpuChoice, GpuClaimSharing, GpuNeeds } from '../gpu-needs';
import type { GpuNodes, GpuVendor } from '../gpu-nodes';
import type { GpuPoolProps } from '../gpu-pool-props';
import type { GpuIsolation, GpuMode } from '../gpu-sharing-props';
import type { SharingFinding } from './gpu-sharing-rules';
import type { VendorResources } from './gpu-vendors';
import type { PoolForPods } from './pool-pods';

/** What a pod wants of a pool. */
export interface GpuRequest {
  /** Cards, replicas or partitions of each pod. Default 1. */
  readonly gpus?: number | undefined;
  /** Of each card: HAMi, Volcano; its `cards` and `profile` are not looked at. Default: the pool's. */
  readonly share?: GpuNeeds | undefined;
  /** Of the partition, where there are several. */
  readonly profile?: string | undefined;
  /** Only cards of these products. Default: any of the pool. */
  readonly products?: readonly string[] | undefined;
  /** Features that the processor of the node must have, as node feature discovery labels them ("AVX512F"). */
  readonly cpuFeatures?: readonly string[] | undefined;
  /** Which of them. */
  readonly choice?: GpuChoice | undefined;
  /** How containers share what is claimed. */
  readonly claimSharing?: GpuClaimSharing | undefined;
}

/** What a pod that wants something of a pool has in one cluster. Every member may be empty. */
export interface GpuPodSettings {
  /** Of the container that uses the GPU: to be both `limits` and `requests`. */
  readonly limits: { readonly [resource: string]: number | string };
  readonly annotations: { readonly [key: string]: string };
  readonly labels: { readonly [key: string]: string };
  readonly nodeSelector: { readonly [key: string]: string };
  /** Terms of a required node affinity, any of which may hold, where labels alone cannot say it. */
  readonly nodeTerms: readonly NodeTerm[];
  readonly tolerations: readonly Toleration[];
  readonly schedulerName?: string;
  readonly runtimeClassName?: string;
  /** `spec.resourceClaims` of the pod; the container names them in `resources.claims`. */
  readonly resourceClaims: readonly PodClaim[];
}

export interface NodeTerm {
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'Exists';
    readonly values?: readonly string[];
  }[];
}

export interface PodClaim {
  readonly name: string;
  /** Spec of the ResourceClaimTemplate that has to be in the namespace of the pod, and its name. */
  readonly resourceClaimTemplateName: string;
  readonly template: object;
}

/** Equal nodes of a pool in a cluster: what they must be given, and what they have. */
export interface PoolNodes {
  readonly kind: GpuNodes;
  readonly vendor: GpuVendor;
  /** How many of the nodes of the kind. */
  readonly nodes: number;
  /** Their names, where they are known. */
  readonly names?: readonly string[] | undefined;
  readonly cardMebibytes?: number | undefined;
  /** Labels that they must get. */
  readonly labels: { readonly [key: string]: string };
  /** Taints that they must get. */
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** What each of them announces to Kubernetes, or HAMi's scheduler counts, by resource. */
  readonly resources: { readonly [resource: string]: number };
  /** Instances by profile on all cards of one node: MIG. */
  readonly partitions: { readonly [profile: string]: number };
}

/** What a pool has in a cluster. */
export interface PoolCapacity {
  readonly nodes: number;
  readonly cards: number;
  /** MiB of all cards whose memory is known; undefined where it is of none. */
  readonly mebibytes?: number | undefined;
  /** Sum over the nodes, by resource that pods ask for or quotas count. */
  readonly resources: { readonly [resource: string]: number };
  /** Instances by profile: MIG. */
  readonly partitions: { readonly [profile: string]: number };
}

/** Pods that run at the same time and want something of a pool: without a queue before it they must all have room. */
export interface PoolDemand {
  readonly construct: Construct;
  readonly request: GpuRequest;
  /** Pods in a cluster. */
  pods(cluster: Cluster): number;
}

/** What workloads, queues and dashboards ask a pool. All of it is of late: when the platform is synthesized, clusters and facts are complete. */
export interface GpuPoolView {
  /** Id of the pool: a DNS label. */
  readonly name: string;
  readonly construct: Construct;
  readonly props: GpuPoolProps;
  /** In order of declaration; wrong placements are reported by the pool itself. */
  clusters(): readonly Cluster[];
  mode(): GpuMode;
  /** The pool in one of its clusters, with what it needs to know of the others there. */
  inCluster(cluster: Cluster): PoolForPods;
  isolation(): GpuIsolation;
  /** The vendor of all its cards; undefined where they are of several (which the pool refuses) or none is known. */
  vendor(): GpuVendor | undefined;
  /** Names of the resources of the vendor in HAMi, for a kind of nodes. */
  hamiResources(nodes: GpuNodes): VendorResources | undefined;
  /** Whether the request can be kept in a cluster: empty, or why not and the nearest that works. */
  findings(request: GpuRequest, cluster: Cluster): readonly SharingFinding[];
  /** Of a request without findings. */
  podSettings(request: GpuRequest, cluster: Cluster): GpuPodSettings;
  /** What pods of the pool may ask for, in any cluster: what quotas are about. */
  resourceNames(): readonly string[];
  /** Labels by which the nodes of the pool are found in a cluster, one map for each kind of nodes. */
  nodeSelectors(cluster: Cluster): readonly { readonly [key: string]: string }[];
  tolerations(cluster: Cluster): readonly Toleration[];
  /** Pods that are declared; whether all have room is checked at synth. */
  addDemand(demand: PoolDemand): void;
  demands(): readonly PoolDemand[];
  nodes(cluster: Cluster): readonly PoolNodes[];
  capacity(cluster: Cluster): PoolCapacity;
}
