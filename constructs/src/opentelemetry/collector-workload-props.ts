// Pods of an OpenTelemetryCollector.

import type { KubernetesMetadata } from '../kubernetes-metadata';
import type { PodClaimSpec } from '../pods/pod-volume';

/** A ConfigMap as files. */
export interface CollectorConfigMap {
  /** Folder below /var/conf. */
  readonly mountpath: string;
  /** Name of the ConfigMap. */
  readonly name: string;
}

/** How a collector is asked for its state; by the health check extension. */
export interface CollectorProbe {
  /** Failures in a row. */
  readonly failureThreshold?: number;
  /** Seconds before the first. */
  readonly initialDelaySeconds?: number;
  /** Seconds between two. */
  readonly periodSeconds?: number;
  /** Successes in a row. */
  readonly successThreshold?: number;
  /** Seconds for an orderly end. */
  readonly terminationGracePeriodSeconds?: number;
  /** Seconds that one may take. */
  readonly timeoutSeconds?: number;
}

/** How pods are replaced. */
export interface CollectorRollingUpdate {
  /** Bounds. */
  readonly rollingUpdate?: CollectorUpdateBounds;
  /** "RollingUpdate", "Recreate" (deployment) or "OnDelete" (daemonset). In the API: `type`. */
  readonly ofType?: string;
}

/** Bounds of an update, number or percentage. */
export interface CollectorUpdateBounds {
  /** Pods beyond the number. */
  readonly maxSurge?: number | string;
  /** Pods that may be missing. */
  readonly maxUnavailable?: number | string;
}

/** What becomes of claims of a statefulset: "Retain" or "Delete". */
export interface CollectorClaimRetention {
  /** When it goes. */
  readonly whenDeleted?: string;
  /** When there are fewer pods. */
  readonly whenScaled?: string;
}

/** A volume of each pod of a statefulset. */
export interface CollectorClaimTemplate {
  /** Name, which mounts say, labels and annotations. */
  readonly metadata?: KubernetesMetadata;
  /** What is claimed. */
  readonly spec?: PodClaimSpec;
}

/** What a collector tells of itself. */
export interface CollectorObservability {
  /** Metrics. */
  readonly metrics?: CollectorMetrics;
}

/** Metrics of a collector. */
export interface CollectorMetrics {
  /** No annotations "prometheus.io/scrape". */
  readonly disablePrometheusAnnotations?: boolean;
  /** Make monitors of the Prometheus operator. */
  readonly enableMetrics?: boolean;
  /** Labels of the monitors. */
  readonly extraLabels?: { readonly [key: string]: string };
}

/** How many pods an eviction may take: one of the two, number or percentage. */
export interface CollectorDisruptionBudget {
  /** How many may be missing. */
  readonly maxUnavailable?: number | string;
  /** How many must stay. */
  readonly minAvailable?: number | string;
}
