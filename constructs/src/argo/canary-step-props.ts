// Steps of a canary of Argo Rollouts.

import type { PodLabelSelector } from '../pods/pod-scheduling';
import type { ArgoDryRun, ArgoRolloutAnalysis, ArgoRolloutArgument } from './analysis-props';
import type { ArgoPodMetadata } from './rollout-props';

/** A step: exactly one of its properties. */
export interface ArgoCanaryStep {
  /** Waits for an analysis. */
  readonly analysis?: ArgoRolloutAnalysis;
  /** Waits for an experiment. */
  readonly experiment?: ArgoExperimentStep;
  /** Waits. */
  readonly pause?: ArgoPause;
  /** Runs a plugin. */
  readonly plugin?: ArgoStepPlugin;
  /** Sets the number of canary pods. */
  readonly setCanaryScale?: ArgoCanaryScale;
  /** Sends requests with a header to the canary. */
  readonly setHeaderRoute?: ArgoHeaderRoute;
  /** Sends copies of requests to the canary. */
  readonly setMirrorRoute?: ArgoMirrorRoute;
  /** Share of requests for the canary, in percent. */
  readonly setWeight?: number;
}

/** A pause. */
export interface ArgoPause {
  /** How long: seconds, or e.g. "10m". Without it until somebody promotes. */
  readonly duration?: number | string;
}

/** A plugin. */
export interface ArgoStepPlugin {
  /** Its settings, whatever it takes. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of somebody else.
  readonly config?: { readonly [key: string]: any };
  /** Its name. */
  readonly name: string;
}

/** Number of canary pods: one of the three. */
export interface ArgoCanaryScale {
  /** As the share of requests says. */
  readonly matchTrafficWeight?: boolean;
  /** So many. */
  readonly replicas?: number;
  /** So many percent. */
  readonly weight?: number;
}

/** Requests with a header. Without `match` the route goes. */
export interface ArgoHeaderRoute {
  /** Which requests: with Istio any one is enough. */
  readonly match?: ArgoHeaderMatch[];
  /** Name, one of the managed routes. */
  readonly name?: string;
}

/** A header. */
export interface ArgoHeaderMatch {
  /** Name. */
  readonly headerName: string;
  /** Value. */
  readonly headerValue: ArgoStringMatch;
}

/** A text: one of the three. */
export interface ArgoStringMatch {
  /** Equal. */
  readonly exact?: string;
  /** Begins with it. */
  readonly prefix?: string;
  /** Regular expression (RE2). */
  readonly regex?: string;
}

/** Copies of requests. Without `match` the route goes. */
export interface ArgoMirrorRoute {
  /** Which requests: one has to hold. */
  readonly match?: ArgoRouteMatch[];
  /** Name, one of the managed routes. */
  readonly name: string;
  /** How many of them, in percent. */
  readonly percentage?: number;
}

/** Requests: all of it has to hold. */
export interface ArgoRouteMatch {
  /** Headers. */
  readonly headers?: { readonly [key: string]: ArgoStringMatch };
  /** Method. */
  readonly method?: ArgoStringMatch;
  /** Path. */
  readonly path?: ArgoStringMatch;
}

/** An experiment in the middle of an update. */
export interface ArgoExperimentStep {
  /** Analyses. */
  readonly analyses?: ArgoExperimentStepAnalysis[];
  /** Labels and annotations of the AnalysisRuns. */
  readonly analysisRunMetadata?: ArgoPodMetadata;
  /** Metrics that do not count. */
  readonly dryRun?: ArgoDryRun[];
  /** How long it runs, e.g. "10m". Without it until its analyses end. */
  readonly duration?: string;
  /** Seconds until its pods go. */
  readonly scaleDownDelaySeconds?: number;
  /** Its pods. */
  readonly templates: ArgoExperimentStepTemplate[];
}

/** An analysis of such an experiment. */
export interface ArgoExperimentStepAnalysis {
  /** Arguments of the template. */
  readonly args?: ArgoRolloutArgument[];
  /** Whether the template is a ClusterAnalysisTemplate. */
  readonly clusterScope?: boolean;
  /** Name. */
  readonly name: string;
  /** Whether the experiment waits for it. */
  readonly requiredForCompletion?: boolean;
  /** Template. */
  readonly templateName: string;
}

/** Pods of an experiment, made of those of the Rollout. */
export interface ArgoExperimentStepTemplate {
  /** Other labels and annotations. */
  readonly metadata?: ArgoPodMetadata;
  /** Name. */
  readonly name: string;
  /** Pods. */
  readonly replicas?: number;
  /** Other selector. */
  readonly selector?: PodLabelSelector;
  /** A Service for them. */
  readonly service?: ArgoExperimentService;
  /** Which pods of the Rollout. */
  readonly specRef: ArgoSpecReference;
  /** Share of requests, in percent. */
  readonly weight?: number;
}

/** Which pods of a Rollout. */
export enum ArgoSpecReference {
  /** The new ones. */
  CANARY = 'canary',
  /** The old ones. */
  STABLE = 'stable',
}

/** A Service of an experiment. */
export interface ArgoExperimentService {
  /** Name. Without it that of the ReplicaSet. */
  readonly name?: string;
}
