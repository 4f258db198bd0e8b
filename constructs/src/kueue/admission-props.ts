// What checks of Kueue and MultiKueue say (kubernetes-sigs/kueue apis/kueue/v1beta2).

/** A check that workloads pass beside quota. */
export interface KueueAdmissionCheckSpec {
  /** Who checks, e.g. "kueue.x-k8s.io/multikueue". It never changes. */
  readonly controllerName: string;
  /** What it is told. */
  readonly parameters?: KueueCheckParameters;
}

/** An object that tells a check what to do. */
export interface KueueCheckParameters {
  /** Its API group. */
  readonly apiGroup: string;
  /** Its kind. */
  readonly kind: string;
  /** Its name: a DNS label. */
  readonly name: string;
}

/** Clusters that workloads are sent to. */
export interface KueueMultiKueueConfigSpec {
  /** Names of MultiKueueClusters, 1 to 20. */
  readonly clusters: string[];
  /** Who sets the quota of queues that send. */
  readonly quotaManagement?: KueueQuotaManagement;
}

/** Who sets the quota of queues that send. */
export enum KueueQuotaManagement {
  /** Whoever writes the ClusterQueue. */
  MANUAL = 'Manual',
  /** Kueue, from the queues of the clusters. */
  AUTOMATED = 'Automated',
}

/** A cluster that workloads are sent to. */
export interface KueueMultiKueueClusterSpec {
  /** How it is reached. */
  readonly clusterSource: KueueClusterSource;
}

/** How a cluster is reached: one of the two. */
export interface KueueClusterSource {
  /** A kubeconfig. */
  readonly kubeConfig?: KueueKubeConfig;
  /** A ClusterProfile in the namespace of Kueue. */
  readonly clusterProfileRef?: KueueClusterProfileRef;
}

/** Where a kubeconfig is. */
export interface KueueKubeConfig {
  /** Name of a Secret in the namespace of Kueue, which has it under the key "kubeconfig"; or a path. */
  readonly location: string;
  /** Which of the two. Without it SECRET. */
  readonly locationType?: KueueKubeConfigLocation;
}

/** Where a kubeconfig is. */
export enum KueueKubeConfigLocation {
  /** In a Secret. */
  SECRET = 'Secret',
  /** In a file of Kueue's pod. */
  PATH = 'Path',
}

/** A ClusterProfile. */
export interface KueueClusterProfileRef {
  /** Its name. */
  readonly name: string;
}

/** Nodes that the cluster autoscaler is asked for before a workload is admitted. */
export interface KueueProvisioningRequestConfigSpec {
  /** Only for pods that request one of these, at most 100. Without it for all. */
  readonly managedResources?: string[];
  /** What the class is told, at most 100. */
  readonly parameters?: { readonly [key: string]: string };
  /** Which sets of pods are asked for together. */
  readonly podSetMergePolicy?: KueuePodSetMergePolicy;
  /** What pods get of the answer. */
  readonly podSetUpdates?: KueuePodSetUpdates;
  /** Class of the ProvisioningRequests. */
  readonly provisioningClassName: string;
  /** What happens after a failure. */
  readonly retryStrategy?: KueueProvisioningRetries;
}

/** Which sets of pods are asked for together. */
export enum KueuePodSetMergePolicy {
  /** Those of the same template. */
  IDENTICAL_POD_TEMPLATES = 'IdenticalPodTemplates',
  /** Those that need the same of nodes. */
  IDENTICAL_SCHEDULING = 'IdenticalWorkloadSchedulingRequirements',
}

/** What pods get of an answer. */
export interface KueuePodSetUpdates {
  /** Labels of nodes that they then have to be on, at most 8. */
  readonly nodeSelector?: KueueNodeSelectorUpdate[];
}

/** A label of nodes. */
export interface KueueNodeSelectorUpdate {
  /** Its key. */
  readonly key: string;
  /** Which detail of the answer its value is. */
  readonly valueFromProvisioningClassDetail: string;
}

/** What happens after a failure. */
export interface KueueProvisioningRetries {
  /** First pause, in seconds. Without it 60. */
  readonly backoffBaseSeconds?: number;
  /** How often. Without it 3. */
  readonly backoffLimitCount?: number;
  /** Longest pause, in seconds. Without it 1800. */
  readonly backoffMaxSeconds?: number;
}
