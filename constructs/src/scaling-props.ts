import type { SecretKey } from './service-props';

/** Which of several policies of scaling holds. */
export enum ScalingSelect {
  /** The one that allows the largest change. */
  MAX = 'Max',
  /** The one that allows the smallest change. */
  MIN = 'Min',
  /** None: nothing is scaled in this direction. */
  DISABLED = 'Disabled',
}

/** How much may change in a time. Exactly one of `pods` and `percent`. */
export interface ScalingPolicy {
  /** So many pods. @default - `percent` */
  readonly pods?: number;
  /** So many percent of the pods. @default - `pods` */
  readonly percent?: number;
  /** "30s" to "30m". */
  readonly period: string;
}

/** How fast an autoscaler goes in one direction. */
export interface ScalingRules {
  /** How far back recommendations are looked at, so that replicas do not flap: up to "1h". @default - Kubernetes': 5 minutes down, 0 up */
  readonly stabilization?: string;
  /** @default - Kubernetes': down as far as `minReplicas` at once; up by four pods or 100 percent, whichever is more, in 15 seconds */
  readonly policies?: ScalingPolicy[];
  /** @default ScalingSelect.MAX */
  readonly selectPolicy?: ScalingSelect;
}

/** What KEDA runs while it cannot read its triggers. */
export interface ScalingFallback {
  /** So many times in a row. */
  readonly failureThreshold: number;
  /** Replicas, over all clusters; divided like the bounds. */
  readonly replicas: number;
}

/** A target of a metric. Exactly one of the two. */
export interface MetricTarget {
  /** Per pod, e.g. "30" or "500m". @default - `total` */
  readonly perPod?: string;
  /** Of the metric as it is, however many pods there are. @default - `perPod` */
  readonly total?: string;
}

/** The object that a metric describes. */
export interface MetricObject {
  /** "networking.k8s.io/v1". */
  readonly apiVersion: string;
  /** "Ingress". */
  readonly kind: string;
  /** In the namespace of the app. */
  readonly name: string;
}

/** The workload identity by which KEDA asks a service of a cloud. */
export enum TriggerIdentity {
  AWS = 'aws',
  AZURE = 'azure-workload',
  GOOGLE_CLOUD = 'gcp',
}

/** How KEDA authenticates to what it reads. Values of secrets never stand in a program. Exactly one kind. */
export interface TriggerAuthentication {
  /** Parameter of the scaler ("password", "host", …) to the key of a Secret in the app's namespace. @default - none */
  readonly secrets?: { [parameter: string]: SecretKey };
  /** @default - none */
  readonly identity?: TriggerIdentity;
  /** Name of a TriggerAuthentication that is there already. @default - none */
  readonly existing?: string;
  /** Name of a ClusterTriggerAuthentication that is there already. @default - none */
  readonly existingForCluster?: string;
}

/** What every trigger may say. */
export interface TriggerOptions {
  /** @default - none */
  readonly authentication?: TriggerAuthentication;
}

/** Replicas by the clock. */
export interface CronTrigger {
  /** Of the IANA database: "Asia/Shanghai". */
  readonly timezone: string;
  /** When it begins, in five fields: "0 8 * * 1-5". */
  readonly start: string;
  /** When it ends. */
  readonly end: string;
  /** Replicas, over all clusters; divided like the bounds. Each cluster that takes part has at least one. */
  readonly replicas: number;
}

/** A query of Prometheus that gives one number. */
export interface PrometheusTrigger extends TriggerOptions {
  /** "http://prometheus.monitoring:9090". */
  readonly serverAddress: string;
  readonly query: string;
  /** Per pod. */
  readonly threshold: number;
  /** Above it the first pod starts. @default 0 */
  readonly activationThreshold?: number;
  /** Whether no answer counts as 0, instead of as a failure. @default true */
  readonly ignoreNullValues?: boolean;
}

/** Where a consumer group begins that has no offset. */
export enum OffsetReset {
  LATEST = 'latest',
  EARLIEST = 'earliest',
}

/** How KEDA logs in to Kafka; user and password are the parameters "username" and "password". */
export enum KafkaSasl {
  PLAINTEXT = 'plaintext',
  SCRAM_SHA256 = 'scram_sha256',
  SCRAM_SHA512 = 'scram_sha512',
}

/** Messages that a consumer group has not read yet. */
export interface KafkaTrigger extends TriggerOptions {
  /** "kafka-0.kafka:9092", … */
  readonly bootstrapServers: string[];
  readonly consumerGroup: string;
  /** @default - all topics of the group */
  readonly topic?: string;
  /** Per pod. @default 10 */
  readonly lagThreshold?: number;
  /** Above it the first pod starts. @default 0 */
  readonly activationLagThreshold?: number;
  /** @default OffsetReset.LATEST */
  readonly offsetResetPolicy?: OffsetReset;
  /** Whether there may be more pods than partitions. @default false */
  readonly allowIdleConsumers?: boolean;
  /** @default - none */
  readonly sasl?: KafkaSasl;
  /** @default false */
  readonly tls?: boolean;
}

/** What is counted of a queue. */
export enum RabbitMqMode {
  /** Messages that wait. */
  QUEUE_LENGTH = 'QueueLength',
  /** Messages published in a second. */
  MESSAGE_RATE = 'MessageRate',
  /** Messages delivered in a second. */
  DELIVER_GET_RATE = 'DeliverGetRate',
}

/** A queue of RabbitMQ. Where it is, with user and password, is the parameter "host" of `authentication`. */
export interface RabbitMqTrigger extends TriggerOptions {
  readonly queueName: string;
  /** @default RabbitMqMode.QUEUE_LENGTH */
  readonly mode?: RabbitMqMode;
  /** Per pod. */
  readonly value: number;
  /** Above it the first pod starts. @default 0 */
  readonly activationValue?: number;
  /** @default - the one in "host" */
  readonly vhostName?: string;
}
