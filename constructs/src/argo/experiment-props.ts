// Experiments of Argo Rollouts.

import type { PodLabelSelector } from '../pods/pod-scheduling';
import type { PodTemplate } from '../pods/pod-template';
import type { ArgoArgument, ArgoDryRun, ArgoMeasurementRetention } from './analysis-props';
import type { ArgoExperimentService } from './canary-step-props';
import type { ArgoPodMetadata } from './rollout-props';

/** Pods beside the real ones for a time, and analyses of them. */
export interface ArgoExperimentSpec {
  /** Analyses. */
  readonly analyses?: ArgoExperimentAnalysis[];
  /** Labels and annotations of the AnalysisRuns. */
  readonly analysisRunMetadata?: ArgoPodMetadata;
  /** Metrics that do not count. */
  readonly dryRun?: ArgoDryRun[];
  /** How long it runs, e.g. "10m". Without it until its analyses end. */
  readonly duration?: string;
  /** How many measurements are kept. */
  readonly measurementRetention?: ArgoMeasurementRetention[];
  /** Seconds after which pods that are not available are a failure. */
  readonly progressDeadlineSeconds?: number;
  /** Seconds until its pods go. */
  readonly scaleDownDelaySeconds?: number;
  /** Its pods. */
  readonly templates: ArgoExperimentTemplate[];
  /** Whether it ends now. */
  readonly terminate?: boolean;
}

/** An analysis of an experiment. */
export interface ArgoExperimentAnalysis {
  /** Arguments of the template. */
  readonly args?: ArgoArgument[];
  /** Whether the template is a ClusterAnalysisTemplate. */
  readonly clusterScope?: boolean;
  /** Name. */
  readonly name: string;
  /** Whether the experiment waits for it. */
  readonly requiredForCompletion?: boolean;
  /** Template. */
  readonly templateName: string;
}

/** Pods of an experiment. */
export interface ArgoExperimentTemplate {
  /** Seconds that a pod has to be ready before it counts. */
  readonly minReadySeconds?: number;
  /** Name. */
  readonly name: string;
  /** Pods. */
  readonly replicas?: number;
  /** The pods. */
  readonly selector: PodLabelSelector;
  /** A Service for them. */
  readonly service?: ArgoExperimentService;
  /** The pods. */
  readonly template: PodTemplate;
}
