// The target allocator of an OpenTelemetryCollector: divides what its prometheus receiver scrapes.

import type { PodEnvVar, PodResources } from '../pods/pod-container';
import type { PodContainerSecurity, PodSecuritySettings } from '../pods/pod-probes';
import type { PodAffinityRules, PodLabelSelector, PodSpreadConstraint, PodToleration } from '../pods/pod-scheduling';
import type { CollectorDisruptionBudget, CollectorObservability } from './collector-workload-props';

/** Divides what is scraped over the collectors of a statefulset or daemonset. */
export interface CollectorTargetAllocator {
  /** Where its pods go. */
  readonly affinity?: PodAffinityRules;
  /** How it divides. */
  readonly allocationStrategy?: TargetAllocation;
  /** Take Secrets of monitors over a connection without TLS. */
  readonly allowInsecureAuthSecrets?: boolean;
  /** How long a collector that is not ready keeps its targets: "30s". */
  readonly collectorNotReadyGracePeriod?: string;
  /** How often collectors ask: "30s". */
  readonly collectorTargetReloadInterval?: string;
  /** Whether there is one. */
  readonly enabled?: boolean;
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** "relabel-config", or "" for none. */
  readonly filterStrategy?: string;
  /** Image. */
  readonly image?: string;
  /** TLS between it and the collectors. */
  readonly mtls?: TargetAllocatorMtls;
  /** Labels of nodes. */
  readonly nodeSelector?: { readonly [key: string]: string };
  /** Its own metrics. */
  readonly observability?: CollectorObservability;
  /** How many pods an eviction may take. */
  readonly podDisruptionBudget?: CollectorDisruptionBudget;
  /** Security of its pods. */
  readonly podSecurityContext?: PodSecuritySettings;
  /** Monitors of the Prometheus operator. */
  readonly prometheusCR?: TargetAllocatorMonitors;
  /** Pods. */
  readonly replicas?: number;
  /** CPU and memory. */
  readonly resources?: PodResources;
  /** Security of its container. */
  readonly securityContext?: PodContainerSecurity;
  /** An existing ServiceAccount. */
  readonly serviceAccount?: string;
  /** Taints that its pods put up with. */
  readonly tolerations?: PodToleration[];
  /** How its pods are spread. */
  readonly topologySpreadConstraints?: PodSpreadConstraint[];
}

/** How targets are divided. */
export enum TargetAllocation {
  /** To the collector with fewest. */
  LEAST_WEIGHTED = 'least-weighted',
  /** By hash, so that few move. */
  CONSISTENT_HASHING = 'consistent-hashing',
  /** To the collector of the target's node: only, and always, of a daemonset. */
  PER_NODE = 'per-node',
}

/** Monitors of the Prometheus operator that are scraped. */
export interface TargetAllocatorMonitors {
  /** Namespaces that are looked into. */
  readonly allowNamespaces?: string[];
  /** No monitor may name a file of the collector. */
  readonly denyFSAccessThroughSMs?: boolean;
  /** Namespaces that are not looked into. */
  readonly denyNamespaces?: string[];
  /** Whether there are any. */
  readonly enabled?: boolean;
  /** "30s". */
  readonly evaluationInterval?: string;
  /** Namespaces of PodMonitors. */
  readonly podMonitorNamespaceSelector?: PodLabelSelector;
  /** PodMonitors. */
  readonly podMonitorSelector?: PodLabelSelector;
  /** Namespaces of Probes. */
  readonly probeNamespaceSelector?: PodLabelSelector;
  /** Probes. */
  readonly probeSelector?: PodLabelSelector;
  /** Scrape classes, as the Prometheus operator has them. */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly scrapeClasses?: any[];
  /** Namespaces of ScrapeConfigs. */
  readonly scrapeConfigNamespaceSelector?: PodLabelSelector;
  /** ScrapeConfigs. */
  readonly scrapeConfigSelector?: PodLabelSelector;
  /** "30s". */
  readonly scrapeInterval?: string;
  /** In this order, e.g. "OpenMetricsText1.0.0". */
  readonly scrapeProtocols?: string[];
  /** Namespaces whose Secrets are read. */
  readonly secretNamespaces?: string[];
  /** Namespaces of ServiceMonitors. */
  readonly serviceMonitorNamespaceSelector?: PodLabelSelector;
  /** ServiceMonitors. */
  readonly serviceMonitorSelector?: PodLabelSelector;
}

/** TLS between the allocator and the collectors. */
export interface TargetAllocatorMtls {
  /** Whether there is any. */
  readonly enabled?: boolean;
  /** Own certificates. */
  readonly tls?: TargetAllocatorCertificates;
  /** Certificates of cert-manager. */
  readonly useCertManager?: boolean;
}

/** Certificates of Secrets and ConfigMaps. */
export interface TargetAllocatorCertificates {
  /** Authority of both. */
  readonly certificateAuthorityCertificate?: TargetAllocatorAuthority;
  /** Of the collectors. */
  readonly clientCertificate?: TargetAllocatorCertificate;
  /** Of the allocator. */
  readonly serverCertificate?: TargetAllocatorCertificate;
}

/** An authority: one of the two. */
export interface TargetAllocatorAuthority {
  /** ConfigMap. */
  readonly configMap?: TargetAllocatorKey;
  /** Secret. */
  readonly secret?: TargetAllocatorKey;
}

/** A certificate and its key. */
export interface TargetAllocatorCertificate {
  /** Secret of the certificate. */
  readonly certificateSecret: TargetAllocatorKey;
  /** Secret of the key. */
  readonly keySecret: TargetAllocatorKey;
}

/** A key of a Secret or ConfigMap. */
export interface TargetAllocatorKey {
  /** Key. */
  readonly key?: string;
  /** Name. */
  readonly name: string;
}
