import type { Probe } from './probe';
import type { ScalingMetric } from './scaling-metric';
import type { ScalingFallback, ScalingRules } from './scaling-props';
import type { ScalingTrigger } from './scaling-trigger';
import type { StatefulOptions } from './stateful-props';

/** Transport protocol of a port. */
export enum Protocol {
  TCP = 'TCP',
  UDP = 'UDP',
  SCTP = 'SCTP',
}

/** How a volume may be mounted. */
export enum AccessMode {
  /** By pods of one node. */
  READ_WRITE_ONCE = 'ReadWriteOnce',
  /** By one pod. */
  READ_WRITE_ONCE_POD = 'ReadWriteOncePod',
  /** By pods of any node. */
  READ_WRITE_MANY = 'ReadWriteMany',
  /** By pods of any node, for reading. */
  READ_ONLY_MANY = 'ReadOnlyMany',
}

/** What pods are spread over. */
export enum TopologyDomain {
  NODE = 'kubernetes.io/hostname',
  ZONE = 'topology.kubernetes.io/zone',
  REGION = 'topology.kubernetes.io/region',
}

/** What a service outlives without losing any of its declared replicas. */
export enum Survive {
  /** The loss of any one of its clusters. */
  ANY_CLUSTER = 'any-cluster',
}

/** A port of a service. */
export interface ServicePort {
  /** Unique in the service, at most 15 characters. @default - "http" for a single port, else required */
  readonly name?: string;
  /** Port that clients use. */
  readonly port: number;
  /** Port that the container listens on. @default - `port` */
  readonly targetPort?: number;
  /** @default Protocol.TCP */
  readonly protocol?: Protocol;
  /** What is spoken, e.g. "kubernetes.io/h2c" or "grpc". @default - unknown */
  readonly appProtocol?: string;
}

/** A key of a Secret. Values of secrets never stand in a program. */
export interface SecretKey {
  /** Name of the Secret in the app's namespace. */
  readonly secret: string;
  /** Key in the Secret. */
  readonly key: string;
  /** Start even where the Secret or key is missing. @default false */
  readonly optional?: boolean;
}

/** A Secret mounted as files, one per key. */
export interface SecretVolume {
  /** Name of the Secret in the app's namespace. */
  readonly secret: string;
  /** Folder in the container, absolute. */
  readonly mountPath: string;
  /** Key to file name, for some keys or other names. @default - all keys under their own names */
  readonly items?: { [key: string]: string };
  /** Start even where the Secret is missing. @default false */
  readonly optional?: boolean;
}

/** Configuration that is no secret: kept in a ConfigMap. */
export interface ServiceConfig {
  /** Environment variables. @default - none */
  readonly env?: { [name: string]: string };
  /** File name to text, mounted in `mountPath`. @default - none */
  readonly files?: { [name: string]: string };
  /** File name to a local file (UTF-8) whose text is taken at synth, mounted in `mountPath`. @default - none */
  readonly filesFrom?: { [name: string]: string };
  /** Folder in the container that the files appear in, absolute. @default "/etc/config" */
  readonly mountPath?: string;
}

/** A folder that outlives the pods: one for all pods of a cluster, or one for each pod of a `stateful` service. */
export interface ServiceVolume {
  /** Unique in the service, a DNS label. */
  readonly name: string;
  /** Folder in the container, absolute. */
  readonly mountPath: string;
  /** Size, e.g. "20Gi". */
  readonly size: string;
  /** What the storage is for; each cluster's facts say which StorageClass that is there. @default "general" */
  readonly purpose?: string;
  /** @default AccessMode.READ_WRITE_ONCE, which allows one replica per cluster only, unless the service is `stateful` */
  readonly accessMode?: AccessMode;
  /** @default false */
  readonly readOnly?: boolean;
}

/** A folder that lives as long as its pod. */
export interface ScratchVolume {
  /** Folder in the container, absolute. */
  readonly mountPath: string;
  /** Most it may hold, e.g. "256Mi". @default - no limit of its own */
  readonly sizeLimit?: string;
  /** Keep it in memory (counts as the container's memory). @default false */
  readonly inMemory?: boolean;
}

/** The identity of a service's pods in its cluster. */
export interface ServiceAccountOptions {
  /** An existing ServiceAccount to use; none is made then. @default - one is made, named like the service */
  readonly existing?: string;
  /** Annotations of the ServiceAccount, e.g. for a cloud's workload identity. @default - none */
  readonly annotations?: { [key: string]: string };
  /** Give the pods a token for the Kubernetes API. @default false */
  readonly mountToken?: boolean;
}

/**
 * Scaling by load: a HorizontalPodAutoscaler in each cluster, or with `triggers` a ScaledObject of KEDA. Totals over all clusters are divided like replicas; each cluster keeps at least one, with `triggers`
 * maybe none. Each cluster goes by what it measures itself.
 */
export interface Autoscaling {
  /** Fewest replicas, over all clusters. */
  readonly minReplicas: number;
  /** Most replicas, over all clusters. */
  readonly maxReplicas: number;
  /** Target of CPU use, in percent of the request. @default 80 where no target is given */
  readonly cpuPercent?: number;
  /** Target of memory use, in percent of the request. @default - memory is not looked at */
  readonly memoryPercent?: number;
  /** Metrics beside CPU and memory that an adapter serves; not with `triggers`. @default - none */
  readonly metrics?: ScalingMetric[];
  /** Events that KEDA scales by. @default - none: Kubernetes scales by itself */
  readonly triggers?: ScalingTrigger[];
  /** @default - Kubernetes' */
  readonly scaleUp?: ScalingRules;
  /** @default - Kubernetes' */
  readonly scaleDown?: ScalingRules;
  /** How often KEDA reads the triggers, e.g. "30s". @default - KEDA's 30 seconds */
  readonly pollingInterval?: string;
  /** How long after the last event KEDA goes to 0, where `minReplicas` is 0. @default - KEDA's 5 minutes */
  readonly cooldownPeriod?: string;
  /** What KEDA runs while it cannot read its triggers. @default - what runs then */
  readonly fallback?: ScalingFallback;
}

/** How many pods an eviction (a drained node) may take at a time. Exactly one of the two. */
export interface DisruptionBudget {
  /** Number or percentage ("50%") that must stay. */
  readonly minAvailable?: string;
  /** Number or percentage ("25%") that may be missing. */
  readonly maxUnavailable?: string;
}

/** Spreads the pods of a service. */
export interface TopologySpread {
  /** What to spread over. */
  readonly over: TopologyDomain;
  /** Largest difference between two domains. @default 1 */
  readonly maxSkew?: number;
  /** Rather not start a pod than exceed the skew. @default false */
  readonly required?: boolean;
}

/** Who may run on tainted nodes. */
export interface Toleration {
  readonly key: string;
  /** @default - any value */
  readonly value?: string;
  /** "NoSchedule", "PreferNoSchedule" or "NoExecute". @default - every effect */
  readonly effect?: string;
}

/** What may differ from cluster to cluster. */
export interface ServiceOverride {
  /** Replicas in each of these clusters, instead of the share; other clusters keep theirs. @default - the share */
  readonly replicas?: number;
  /** Fewest and most replicas in each of these clusters, instead of the shares. @default - the shares */
  readonly autoscaling?: Autoscaling;
  /** Pods of a stateful service that stay at the former version in each of these clusters. @default - the service's */
  readonly partition?: number;
  /** @default - the service's */
  readonly image?: string;
  /** @default - the service's */
  readonly command?: string[];
  /** @default - the service's */
  readonly args?: string[];
  /** Merged by name. @default - the service's */
  readonly env?: { [name: string]: string };
  /** Merged by name; a variable of `env` with the name gives way. @default - the service's */
  readonly secretEnv?: { [name: string]: SecretKey };
  /** Requested CPU, e.g. "500m". @default - the service's */
  readonly cpu?: string;
  /** Requested memory, e.g. "512Mi". @default - the service's */
  readonly memory?: string;
  /** @default - the service's */
  readonly cpuLimit?: string;
  /** @default - the service's */
  readonly memoryLimit?: string;
  /** Merged by key. @default - the service's */
  readonly nodeSelector?: { [key: string]: string };
  /** @default - the service's */
  readonly nodePool?: string;
  /** Merged by key. @default - the service's */
  readonly podLabels?: { [key: string]: string };
  /** Merged by key. @default - the service's */
  readonly podAnnotations?: { [key: string]: string };
  /** Merged by key. @default - the service's */
  readonly serviceAnnotations?: { [key: string]: string };
  /** @default - the service's */
  readonly tolerations?: Toleration[];
  /** @default - the service's */
  readonly priorityClass?: string;
}

/** A service of an app. */
export interface ServiceProps {
  /** Image; without a registry the cluster's facts give one. */
  readonly image: string;
  /** Replicas over all clusters, divided by the placement's weights. @default - one in each cluster */
  readonly replicas?: number;
  /** Replicas in each cluster, not divided. @default - one in each cluster */
  readonly replicasPerCluster?: number;
  /** Scaling by load, instead of a number of replicas. @default - none */
  readonly autoscaling?: Autoscaling;
  /**
   * Loss after which `replicas`, or the bounds of `autoscaling`, are still there: each cluster gets what it would have if any one of the others were
   * gone, and those that remain have at least the declared number. @default - the numbers are those of all clusters together
   */
  readonly survive?: Survive;
  /** Give each pod a name, and volumes, of its own. @default - pods are all alike */
  readonly stateful?: StatefulOptions;
  /** The port, where there is one. @default - `ports` */
  readonly port?: number;
  /** The ports, where there are several. @default - `port` */
  readonly ports?: ServicePort[];
  /** @default - the image's */
  readonly command?: string[];
  /** @default - the image's */
  readonly args?: string[];
  /** Environment variables. @default - none */
  readonly env?: { [name: string]: string };
  /** Environment variables from Secrets. @default - none */
  readonly secretEnv?: { [name: string]: SecretKey };
  /** Secrets as files. @default - none */
  readonly secretVolumes?: SecretVolume[];
  /** @default - none */
  readonly config?: ServiceConfig;
  /**
   * Restart the pods when what they read changes: the service's configuration, and every other ConfigMap and Secret of the program, wherever it
   * comes from (a digest of them becomes an annotation of the pods).
   * @default false
   */
  readonly restartOnChange?: boolean;
  /** Requested CPU, e.g. "500m". @default - none */
  readonly cpu?: string;
  /** Requested memory, e.g. "512Mi". @default - none */
  readonly memory?: string;
  /** @default - none, so that idle CPU can be used */
  readonly cpuLimit?: string;
  /** @default - the requested memory */
  readonly memoryLimit?: string;
  /** When to send traffic. @default - as soon as the container runs */
  readonly readiness?: Probe;
  /** When to restart. @default - when the process ends */
  readonly liveness?: Probe;
  /** When the other probes begin. @default - at once */
  readonly startup?: Probe;
  /** Folders that outlive the pods. @default - none */
  readonly volumes?: ServiceVolume[];
  /** Folders that live as long as their pod; /tmp is one unless the file system is writable. @default - /tmp */
  readonly scratch?: ScratchVolume[];
  /** @default - one is made, without a token for the Kubernetes API */
  readonly serviceAccount?: ServiceAccountOptions;
  /** @default - none */
  readonly disruptionBudget?: DisruptionBudget;
  /** @default - the scheduler's own */
  readonly spread?: TopologySpread[];
  /** Numeric user; not 0. @default - the image's, which must not be root */
  readonly runAsUser?: number;
  /** Numeric group that owns mounted volumes. @default - none */
  readonly fsGroup?: number;
  /** Let the container write to its image's file system. @default false */
  readonly writableFileSystem?: boolean;
  /** What the nodes are for that it runs on; each cluster's facts say which those are there. @default - any nodes */
  readonly nodePool?: string;
  /** @default - none */
  readonly nodeSelector?: { [key: string]: string };
  /** @default - none */
  readonly tolerations?: Toleration[];
  /** @default - none */
  readonly priorityClass?: string;
  /** Seconds that a pod gets to end. @default - Kubernetes' 30 */
  readonly terminationGracePeriodSeconds?: number;
  /** Secrets for pulling images. @default - none */
  readonly imagePullSecrets?: string[];
  /** Labels of the pods, beside our own. @default - none */
  readonly podLabels?: { [key: string]: string };
  /** @default - none */
  readonly podAnnotations?: { [key: string]: string };
  /** Annotations of the Service. @default - none */
  readonly serviceAnnotations?: { [key: string]: string };
}
