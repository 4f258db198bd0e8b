// The template of pods, field by field as the API of Kubernetes has it (core/v1, v1.36).

import type { PodContainer, PodEphemeralContainer, PodResources } from './pod-container';
import type { PodSecuritySettings } from './pod-probes';
import type { PodAffinityRules, PodSpreadConstraint, PodToleration } from './pod-scheduling';
import type { PodVolume } from './pod-volume';

/** The template that pods are made from (PodTemplateSpec of core/v1). */
export interface PodTemplate {
  /** Labels and annotations of the pods. */
  readonly metadata?: PodMetadata;
  /** What runs in them. */
  readonly spec?: PodSpec;
}

/** Metadata of pods and of claims that are made from a template. The name comes from whoever makes them. */
export interface PodMetadata {
  /** Labels. */
  readonly labels?: { readonly [key: string]: string };
  /** Annotations. */
  readonly annotations?: { readonly [key: string]: string };
}

/** What a pod is made of. Only `containers` is needed. */
export interface PodSpec {
  /** How long the pod may live after it started, in seconds. */
  readonly activeDeadlineSeconds?: number;
  /** Which nodes and neighbours the pod wants. */
  readonly affinity?: PodAffinityRules;
  /** Whether the account's token is mounted. */
  readonly automountServiceAccountToken?: boolean;
  /** Containers, at least one. */
  readonly containers: PodContainer[];
  /** DNS settings beside those of the policy. */
  readonly dnsConfig?: PodDnsConfig;
  /** Where names are looked up. */
  readonly dnsPolicy?: PodDnsPolicy;
  /** Whether Services of the namespace become environment variables. */
  readonly enableServiceLinks?: boolean;
  /** Containers for debugging. Templates of controllers have none. */
  readonly ephemeralContainers?: PodEphemeralContainer[];
  /** Lines of /etc/hosts. */
  readonly hostAliases?: PodHostAlias[];
  /** Whether the pod shares the IPC namespace of the node. */
  readonly hostIPC?: boolean;
  /** Whether the pod uses the network of the node. */
  readonly hostNetwork?: boolean;
  /** Whether the pod sees the processes of the node. */
  readonly hostPID?: boolean;
  /** Whether the pod uses the user namespace of the node. */
  readonly hostUsers?: boolean;
  /** Host name of the pod. */
  readonly hostname?: string;
  /** Host name of the pod, whatever its DNS name is. */
  readonly hostnameOverride?: string;
  /** Secrets for pulling images. */
  readonly imagePullSecrets?: PodLocalReference[];
  /** Containers that run before the others, one after the other. */
  readonly initContainers?: PodContainer[];
  /** The node, where no scheduler decides. */
  readonly nodeName?: string;
  /** Labels that the node has to have. */
  readonly nodeSelector?: { readonly [key: string]: string };
  /** Operating system of the containers. */
  readonly os?: PodOperatingSystem;
  /** What the runtime class needs beside the containers. */
  readonly overhead?: { readonly [key: string]: number | string };
  /** Whether pods of less priority may be removed for this one. */
  readonly preemptionPolicy?: PodPreemptionPolicy;
  /** Priority; the admission sets it from the class. */
  readonly priority?: number;
  /** PriorityClass. */
  readonly priorityClassName?: string;
  /** Conditions beside those of the containers that make the pod ready. */
  readonly readinessGates?: PodReadinessGate[];
  /** Devices that the pod claims. */
  readonly resourceClaims?: PodResourceClaim[];
  /** Resources of the whole pod. */
  readonly resources?: PodResources;
  /** When containers start again. */
  readonly restartPolicy?: PodRestartPolicy;
  /** RuntimeClass. */
  readonly runtimeClassName?: string;
  /** The scheduler that places the pod. */
  readonly schedulerName?: string;
  /** What has to be removed before the pod is placed. */
  readonly schedulingGates?: PodSchedulingGate[];
  /** Security settings of all containers. */
  readonly securityContext?: PodSecuritySettings;
  /** Former name of `serviceAccountName`. */
  readonly serviceAccount?: string;
  /** ServiceAccount. */
  readonly serviceAccountName?: string;
  /** Whether the host name is the full DNS name. */
  readonly setHostnameAsFQDN?: boolean;
  /** Whether containers see the processes of each other. */
  readonly shareProcessNamespace?: boolean;
  /** Subdomain of the host name: the name of a headless Service. */
  readonly subdomain?: string;
  /** Time for an orderly end, in seconds. */
  readonly terminationGracePeriodSeconds?: number;
  /** Taints that the pod tolerates. */
  readonly tolerations?: PodToleration[];
  /** How pods spread over zones and nodes. */
  readonly topologySpreadConstraints?: PodSpreadConstraint[];
  /** Volumes. */
  readonly volumes?: PodVolume[];
}

/** DNS settings of a pod. */
export interface PodDnsConfig {
  /** Addresses of servers. */
  readonly nameservers?: string[];
  /** Options of the resolver. */
  readonly options?: PodDnsOption[];
  /** Search domains. */
  readonly searches?: string[];
}

/** An option of the resolver. */
export interface PodDnsOption {
  /** Name, e.g. "ndots". */
  readonly name?: string;
  /** Value. */
  readonly value?: string;
}

/** A line of /etc/hosts. */
export interface PodHostAlias {
  /** Names. */
  readonly hostnames?: string[];
  /** Address. */
  readonly ip: string;
}

/** An object of the same namespace. */
export interface PodLocalReference {
  /** Name. */
  readonly name?: string;
}

/** Operating system of the containers. */
export interface PodOperatingSystem {
  /** "linux" or "windows". */
  readonly name: string;
}

/** A condition that has to be true. */
export interface PodReadinessGate {
  /** Type of the condition. */
  readonly conditionType: string;
}

/** A claim of devices. */
export interface PodResourceClaim {
  /** Name in the pod. */
  readonly name: string;
  /** An existing ResourceClaim. */
  readonly resourceClaimName?: string;
  /** A template for one of this pod. */
  readonly resourceClaimTemplateName?: string;
}

/** A gate. */
export interface PodSchedulingGate {
  /** Name. */
  readonly name: string;
}

/** Where a pod looks up names. */
export enum PodDnsPolicy {
  /** The cluster's DNS. */
  CLUSTER_FIRST = 'ClusterFirst',
  /** The cluster's DNS, for pods in the network of the node. */
  CLUSTER_FIRST_WITH_HOST_NET = 'ClusterFirstWithHostNet',
  /** As the node does. */
  DEFAULT = 'Default',
  /** Only `dnsConfig`. */
  NONE = 'None',
}

/** Whether a pod may push out others. */
export enum PodPreemptionPolicy {
  /** It waits. */
  NEVER = 'Never',
  /** Those of less priority. */
  PREEMPT_LOWER_PRIORITY = 'PreemptLowerPriority',
}

/** When containers start again. */
export enum PodRestartPolicy {
  /** Whenever they end. */
  ALWAYS = 'Always',
  /** When they fail. */
  ON_FAILURE = 'OnFailure',
  /** Never. */
  NEVER = 'Never',
}
