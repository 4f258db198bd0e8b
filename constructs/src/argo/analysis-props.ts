// Analyses of Argo Rollouts: their templates, and where they are run.

import type { ArgoMetricProvider } from './metric-provider-props';
import type { ArgoPodMetadata } from './rollout-props';

/** An analysis of a Rollout. */
export interface ArgoRolloutAnalysis {
  /** Labels and annotations of the AnalysisRun. */
  readonly analysisRunMetadata?: ArgoPodMetadata;
  /** Arguments of the templates. */
  readonly args?: ArgoRolloutArgument[];
  /** Metrics that do not count. */
  readonly dryRun?: ArgoDryRun[];
  /** How many measurements are kept. */
  readonly measurementRetention?: ArgoMeasurementRetention[];
  /** Templates. */
  readonly templates?: ArgoTemplateReference[];
}

/** An analysis beside the steps. */
export interface ArgoBackgroundAnalysis extends ArgoRolloutAnalysis {
  /** Index of the step that it begins with, from 0. */
  readonly startingStep?: number;
}

/** A template. */
export interface ArgoTemplateReference {
  /** Whether it is a ClusterAnalysisTemplate. */
  readonly clusterScope?: boolean;
  /** Name. */
  readonly templateName?: string;
}

/** An argument. */
export interface ArgoRolloutArgument {
  /** Name. */
  readonly name: string;
  /** Value. */
  readonly value?: string;
  /** Where it comes from. */
  readonly valueFrom?: ArgoRolloutArgumentSource;
}

/** Where an argument comes from: one of them. */
export interface ArgoRolloutArgumentSource {
  /** A field of the Rollout. */
  readonly fieldRef?: ArgoFieldReference;
  /** Hash of its pods. */
  readonly podTemplateHashValue?: ArgoPodHash;
}

/** Hash of which pods. */
export enum ArgoPodHash {
  /** The old ones. */
  STABLE = 'Stable',
  /** The new ones. */
  LATEST = 'Latest',
}

/** A field of an object. */
export interface ArgoFieldReference {
  /** Path, e.g. "metadata.name". */
  readonly fieldPath: string;
}

/** Metrics that do not count. */
export interface ArgoDryRun {
  /** Name, or a regular expression. */
  readonly metricName: string;
}

/** How many measurements are kept. */
export interface ArgoMeasurementRetention {
  /** How many. */
  readonly limit: number;
  /** Name, or a regular expression. */
  readonly metricName: string;
}

/** What is measured, and when it is good. */
export interface ArgoAnalysisSpec {
  /** Arguments, `{{args.name}}` in texts. */
  readonly args?: ArgoArgument[];
  /** Metrics that do not count. */
  readonly dryRun?: ArgoDryRun[];
  /** How many measurements are kept. */
  readonly measurementRetention?: ArgoMeasurementRetention[];
  /** Metrics. */
  readonly metrics?: ArgoMetric[];
  /** Further templates whose metrics belong to it. */
  readonly templates?: ArgoTemplateReference[];
}

/** An argument. */
export interface ArgoArgument {
  /** Name. */
  readonly name: string;
  /** Value. Without it whoever runs the analysis has to give one. */
  readonly value?: string;
  /** Where it comes from. */
  readonly valueFrom?: ArgoArgumentSource;
}

/** Where an argument comes from: one of them. */
export interface ArgoArgumentSource {
  /** A field of the Rollout. */
  readonly fieldRef?: ArgoFieldReference;
  /** A key of a Secret. */
  readonly secretKeyRef?: ArgoSecretKey;
}

/** A key of a Secret. */
export interface ArgoSecretKey {
  /** Key. */
  readonly key: string;
  /** Secret. */
  readonly name: string;
}

/** A metric: what is asked, how often, and when it is good. */
export interface ArgoMetric {
  /** Errors in a row that are one too many when exceeded; 4 if left out. */
  readonly consecutiveErrorLimit?: number | string;
  /** Successes in a row that suffice. */
  readonly consecutiveSuccessLimit?: number | string;
  /** Measurements. */
  readonly count?: number | string;
  /** Expression over `result` that means failure. */
  readonly failureCondition?: string;
  /** Failures that are allowed; 0 if left out, -1: any number. */
  readonly failureLimit?: number | string;
  /** Measurements without an answer that are allowed; 0 if left out. */
  readonly inconclusiveLimit?: number | string;
  /** Time before the first, e.g. "1m". */
  readonly initialDelay?: string;
  /** Time between two, e.g. "30s". */
  readonly interval?: string;
  /** Name, unique in the analysis. */
  readonly name: string;
  /** Who is asked. */
  readonly provider: ArgoMetricProvider;
  /** Expression over `result` that means success. */
  readonly successCondition?: string;
}
