// What an OpenTelemetryCollector says (opentelemetry.io/v1beta1, open-telemetry/opentelemetry-operator apis/v1beta1/opentelemetrycollector_types.go and common.go).

import type {
  PodContainer,
  PodEnvFrom,
  PodEnvVar,
  PodPullPolicy,
  PodResources,
  PodVolumeMount,
} from '../pods/pod-container';
import type { PodContainerSecurity, PodLifecycle, PodSecuritySettings } from '../pods/pod-probes';
import type { PodAffinityRules, PodSpreadConstraint, PodToleration } from '../pods/pod-scheduling';
import type { PodDnsConfig, PodDnsPolicy, PodHostAlias } from '../pods/pod-template';
import type { PodVolume } from '../pods/pod-volume';
import type { CollectorAutoscaler } from './collector-autoscaler-props';
import type { CollectorConfig } from './collector-config';
import type { CollectorHttpRoute, CollectorIngress, CollectorPort } from './collector-network-props';
import type {
  CollectorClaimRetention,
  CollectorClaimTemplate,
  CollectorConfigMap,
  CollectorDisruptionBudget,
  CollectorObservability,
  CollectorProbe,
  CollectorRollingUpdate,
} from './collector-workload-props';
import type { CollectorTargetAllocator } from './target-allocator-props';

/** How collectors run. */
export enum CollectorMode {
  /** One on every node. */
  DAEMONSET = 'daemonset',
  /** Some, anywhere. */
  DEPLOYMENT = 'deployment',
  /** One in every pod that asks for it by annotation. */
  SIDECAR = 'sidecar',
  /** Some, with names and volumes of their own. */
  STATEFULSET = 'statefulset',
}

/** Who keeps the collector as it is said to be. */
export enum CollectorManagement {
  /** The operator. */
  MANAGED = 'managed',
  /** Nobody. */
  UNMANAGED = 'unmanaged',
}

/** Whether a new operator brings a new version of the collector. */
export enum CollectorUpgrade {
  /** Yes. */
  AUTOMATIC = 'automatic',
  /** No. */
  NONE = 'none',
}

/** What an OpenTelemetryCollector is made of. */
export interface OpenTelemetryCollectorSpec {
  /** Containers beside the collector. Not in sidecars. */
  readonly additionalContainers?: PodContainer[];
  /** Where pods go. Not in sidecars. */
  readonly affinity?: PodAffinityRules;
  /** Arguments, by name without "--". */
  readonly args?: { readonly [key: string]: string };
  /** Scaling by load. */
  readonly autoscaler?: CollectorAutoscaler;
  /** Instead of the entry point of the image. */
  readonly command?: string[];
  /** What is received, done and sent on. */
  readonly config: CollectorConfig;
  /** How many ConfigMaps of former configurations are kept. */
  readonly configVersions?: number;
  /** ConfigMaps as files. */
  readonly configmaps?: CollectorConfigMap[];
  /** How pods of a daemonset are replaced. */
  readonly daemonSetUpdateStrategy?: CollectorRollingUpdate;
  /** How pods of a deployment are replaced. */
  readonly deploymentUpdateStrategy?: CollectorRollingUpdate;
  /** Who resolves names. */
  readonly dnsPolicy?: PodDnsPolicy;
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** Environment variables of whole ConfigMaps and Secrets. */
  readonly envFrom?: PodEnvFrom[];
  /** Lines of /etc/hosts. */
  readonly hostAliases?: PodHostAlias[];
  /** Network of the node. */
  readonly hostNetwork?: boolean;
  /** Processes of the node. */
  readonly hostPID?: boolean;
  /** Users of the node. */
  readonly hostUsers?: boolean;
  /** HTTPRoute of the Gateway API. */
  readonly httpRoute?: CollectorHttpRoute;
  /** Image. */
  readonly image?: string;
  /** When the image is pulled. */
  readonly imagePullPolicy?: PodPullPolicy;
  /** Ingress. Not for sidecars. */
  readonly ingress?: CollectorIngress;
  /** Containers before the collector. */
  readonly initContainers?: PodContainer[];
  /** "IPv4", "IPv6". */
  readonly ipFamilies?: string[];
  /** "SingleStack", "PreferDualStack" or "RequireDualStack". */
  readonly ipFamilyPolicy?: string;
  /** Hooks of the container. */
  readonly lifecycle?: PodLifecycle;
  /** When it is restarted. */
  readonly livenessProbe?: CollectorProbe;
  /** Who keeps it as it is. */
  readonly managementState?: CollectorManagement;
  /** How it runs. @default CollectorMode.DEPLOYMENT */
  readonly mode?: CollectorMode;
  /** NetworkPolicy for its ports. */
  readonly networkPolicy?: CollectorNetworkPolicy;
  /** Labels of nodes. */
  readonly nodeSelector?: { readonly [key: string]: string };
  /** Its own metrics. */
  readonly observability?: CollectorObservability;
  /** What becomes of claims. Only of a statefulset. */
  readonly persistentVolumeClaimRetentionPolicy?: CollectorClaimRetention;
  /** Annotations of pods. */
  readonly podAnnotations?: { readonly [key: string]: string };
  /** How many pods an eviction may take. */
  readonly podDisruptionBudget?: CollectorDisruptionBudget;
  /** Settings of the resolver. */
  readonly podDnsConfig?: PodDnsConfig;
  /** "OrderedReady" or "Parallel", of a statefulset. */
  readonly podManagementPolicy?: string;
  /** Security of pods. */
  readonly podSecurityContext?: PodSecuritySettings;
  /** Ports beside those of the receivers. */
  readonly ports?: CollectorPort[];
  /** Priority class. Not of sidecars. */
  readonly priorityClassName?: string;
  /** When it gets data. */
  readonly readinessProbe?: CollectorProbe;
  /** Pods. */
  readonly replicas?: number;
  /** CPU and memory. */
  readonly resources?: PodResources;
  /** Security of the container. */
  readonly securityContext?: PodContainerSecurity;
  /** An existing ServiceAccount. */
  readonly serviceAccount?: string;
  /** Service of a statefulset. */
  readonly serviceName?: string;
  /** "ClientIP" or "None". */
  readonly sessionAffinity?: string;
  /** How long a client keeps its pod. */
  readonly sessionAffinityConfig?: CollectorSessionAffinity;
  /** Processes of a pod see each other. */
  readonly shareProcessNamespace?: boolean;
  /** When it has started. */
  readonly startupProbe?: CollectorProbe;
  /** Divides what is scraped over the collectors. */
  readonly targetAllocator?: CollectorTargetAllocator;
  /** Seconds for an orderly end. */
  readonly terminationGracePeriodSeconds?: number;
  /** Taints that pods put up with. Not of sidecars. */
  readonly tolerations?: PodToleration[];
  /** How pods are spread. */
  readonly topologySpreadConstraints?: PodSpreadConstraint[];
  /** "PreferClose": of the Service. */
  readonly trafficDistribution?: string;
  /** Whether a new operator brings a new version. */
  readonly upgradeStrategy?: CollectorUpgrade;
  /** Volumes of each pod. Only of a statefulset. */
  readonly volumeClaimTemplates?: CollectorClaimTemplate[];
  /** Where volumes are. */
  readonly volumeMounts?: PodVolumeMount[];
  /** Volumes. */
  readonly volumes?: PodVolume[];
}

/** NetworkPolicy of a collector. */
export interface CollectorNetworkPolicy {
  /** Whether there is one. */
  readonly enabled?: boolean;
}

/** How long a client keeps its pod. */
export interface CollectorSessionAffinity {
  /** By its address. */
  readonly clientIP?: CollectorClientAffinity;
}

/** How long an address keeps its pod. */
export interface CollectorClientAffinity {
  /** Seconds. */
  readonly timeoutSeconds?: number;
}
