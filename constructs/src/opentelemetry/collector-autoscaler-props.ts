// Scaling of an OpenTelemetryCollector by a HorizontalPodAutoscaler.

import type { PodLabelSelector } from '../pods/pod-scheduling';

/** Scaling by load. */
export interface CollectorAutoscaler {
  /** How fast. */
  readonly behavior?: CollectorScaling;
  /** Most pods. */
  readonly maxReplicas?: number;
  /** Metrics of pods. */
  readonly metrics?: CollectorScalingMetric[];
  /** Fewest pods; needs `maxReplicas`. */
  readonly minReplicas?: number;
  /** Percent of the requested CPU. */
  readonly targetCPUUtilization?: number;
  /** Percent of the requested memory. */
  readonly targetMemoryUtilization?: number;
}

/** How fast pods come and go. */
export interface CollectorScaling {
  /** Fewer pods. */
  readonly scaleDown?: CollectorScalingRules;
  /** More pods. */
  readonly scaleUp?: CollectorScalingRules;
}

/** How fast. */
export interface CollectorScalingRules {
  /** Steps. */
  readonly policies?: CollectorScalingPolicy[];
  /** "Max", "Min" or "Disabled". */
  readonly selectPolicy?: string;
  /** Seconds that are looked back: 0 to 3600. */
  readonly stabilizationWindowSeconds?: number;
  /** How far from the target nothing is done. */
  readonly tolerance?: number | string;
}

/** A step. */
export interface CollectorScalingPolicy {
  /** Seconds. */
  readonly periodSeconds: number;
  /** "Pods" or "Percent". In the API: `type`. */
  readonly ofType: string;
  /** How many. */
  readonly value: number;
}

/** A metric of pods. */
export interface CollectorScalingMetric {
  /** The metric. */
  readonly pods?: CollectorPodMetric;
  /** "Pods"; the operator takes no other. In the API: `type`. */
  readonly ofType: string;
}

/** A metric of pods and its target. */
export interface CollectorPodMetric {
  /** Which. */
  readonly metric: CollectorMetricName;
  /** Target. */
  readonly target: CollectorMetricTarget;
}

/** Which metric. */
export interface CollectorMetricName {
  /** Name. */
  readonly name: string;
  /** Series. */
  readonly selector?: PodLabelSelector;
}

/** Target of a metric. */
export interface CollectorMetricTarget {
  /** Not for pods. */
  readonly averageUtilization?: number;
  /** Average over pods: over 0. */
  readonly averageValue?: number | string;
  /** "AverageValue" or "Value". In the API: `type`. */
  readonly ofType: string;
  /** Sum over pods: over 0. */
  readonly value?: number | string;
}
