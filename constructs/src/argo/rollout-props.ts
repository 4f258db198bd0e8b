// What a Rollout of Argo Rollouts says (argoproj.io/v1alpha1, pkg/apis/rollouts/v1alpha1/types.go, 1.9).

import type { PodLabelSelector } from '../pods/pod-scheduling';
import type { PodTemplate } from '../pods/pod-template';
import type { ArgoBackgroundAnalysis, ArgoRolloutAnalysis } from './analysis-props';
import type { ArgoCanaryStep } from './canary-step-props';
import type { ArgoTrafficRouting } from './traffic-routing-props';

/** What a Rollout is made of: pods of its own, or those of a workload, and how they are replaced. */
export interface ArgoRolloutSpec {
  /** How many ended AnalysisRuns and Experiments are kept. */
  readonly analysis?: ArgoAnalysisHistory;
  /** Seconds that a pod has to be ready before it counts. */
  readonly minReadySeconds?: number;
  /** Whether it stands still. */
  readonly paused?: boolean;
  /** Whether the update is aborted when it takes longer than `progressDeadlineSeconds`. */
  readonly progressDeadlineAbort?: boolean;
  /** Seconds after which an update without progress has failed. */
  readonly progressDeadlineSeconds?: number;
  /** Pods. */
  readonly replicas?: number;
  /** Pods older than this moment are replaced, RFC 3339. */
  readonly restartAt?: string;
  /** Old ReplicaSets that are kept. */
  readonly revisionHistoryLimit?: number;
  /** Revisions that one may go back to without steps. */
  readonly rollbackWindow?: ArgoRollbackWindow;
  /** Its pods. Not with `workloadRef`. */
  readonly selector?: PodLabelSelector;
  /** How pods are replaced. */
  readonly strategy?: ArgoRolloutStrategy;
  /** Its pods. Not with `workloadRef`. */
  readonly template?: PodTemplate;
  /** The workload whose pods it takes over. */
  readonly workloadRef?: ArgoWorkloadReference;
}

/** How many ended runs are kept. */
export interface ArgoAnalysisHistory {
  /** Successful ones. */
  readonly successfulRunHistoryLimit?: number;
  /** Others. */
  readonly unsuccessfulRunHistoryLimit?: number;
}

/** Revisions that one may go back to without steps. */
export interface ArgoRollbackWindow {
  /** How many. */
  readonly revisions?: number;
}

/** The workload whose pods a Rollout takes over. */
export interface ArgoWorkloadReference {
  /** E.g. "apps/v1". */
  readonly apiVersion?: string;
  /** E.g. "Deployment". */
  readonly kind?: string;
  /** Name. */
  readonly name?: string;
  /** When its own pods go. */
  readonly scaleDown?: ArgoWorkloadScaleDown;
}

/** When the pods of a referenced workload go. */
export enum ArgoWorkloadScaleDown {
  /** They stay. */
  NEVER = 'never',
  /** When the Rollout is healthy. */
  ON_SUCCESS = 'onsuccess',
  /** While those of the Rollout come. */
  PROGRESSIVELY = 'progressively',
}

/** How pods are replaced: one of the two. */
export interface ArgoRolloutStrategy {
  /** All at once, after a look at the new ones. */
  readonly blueGreen?: ArgoBlueGreenStrategy;
  /** Step by step. */
  readonly canary?: ArgoCanaryStrategy;
}

/** Labels and annotations of pods, as long as they have a role. */
export interface ArgoPodMetadata {
  /** Annotations. */
  readonly annotations?: { readonly [key: string]: string };
  /** Labels. */
  readonly labels?: { readonly [key: string]: string };
}

/** Keeps new pods away from nodes of old ones: one of the two. */
export interface ArgoAntiAffinity {
  /** Wanted. */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: ArgoPreferredAntiAffinity;
  /** Needed. */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: ArgoRequiredAntiAffinity;
}

/** A wish with its weight. */
export interface ArgoPreferredAntiAffinity {
  /** 1 to 100. */
  readonly weight: number;
}

/** A need. It has no settings. */
// biome-ignore lint/suspicious/noEmptyInterface: that it is there is all it says.
export interface ArgoRequiredAntiAffinity {}

/** All pods at once: a second set beside the first, and the Service turns to it. */
export interface ArgoBlueGreenStrategy {
  /** Seconds after an abort until new pods go; 0: never. */
  readonly abortScaleDownDelaySeconds?: number;
  /** Of pods behind the active Service. */
  readonly activeMetadata?: ArgoPodMetadata;
  /** Service of the pods in use. */
  readonly activeService: string;
  /** Nodes of old pods. */
  readonly antiAffinity?: ArgoAntiAffinity;
  /** Whether the Service turns by itself. */
  readonly autoPromotionEnabled?: boolean;
  /** Seconds until it does. */
  readonly autoPromotionSeconds?: number;
  /** Pods that may be missing, number or percentage. */
  readonly maxUnavailable?: number | string;
  /** Analysis after the Service has turned. */
  readonly postPromotionAnalysis?: ArgoRolloutAnalysis;
  /** Analysis before. */
  readonly prePromotionAnalysis?: ArgoRolloutAnalysis;
  /** Of pods behind the preview Service. */
  readonly previewMetadata?: ArgoPodMetadata;
  /** New pods before the Service turns. */
  readonly previewReplicaCount?: number;
  /** Service of the new pods. */
  readonly previewService?: string;
  /** Old sets that may wait for their end. */
  readonly scaleDownDelayRevisionLimit?: number;
  /** Seconds until old pods go. */
  readonly scaleDownDelaySeconds?: number;
}

/** Step by step. */
export interface ArgoCanaryStrategy {
  /** Seconds after an abort until canary pods go; 0: never. */
  readonly abortScaleDownDelaySeconds?: number;
  /** Analysis beside the steps. */
  readonly analysis?: ArgoBackgroundAnalysis;
  /** Nodes of old pods. */
  readonly antiAffinity?: ArgoAntiAffinity;
  /** Of canary pods. */
  readonly canaryMetadata?: ArgoPodMetadata;
  /** Service of canary pods. */
  readonly canaryService?: string;
  /** Whether stable pods go while canary pods come. */
  readonly dynamicStableScale?: boolean;
  /** Pods beyond `replicas`, number or percentage. */
  readonly maxSurge?: number | string;
  /** Pods that may be missing, number or percentage. */
  readonly maxUnavailable?: number | string;
  /** Fewest pods of a set that gets requests. */
  readonly minPodsPerReplicaSet?: number;
  /** Two Services that change roles. */
  readonly pingPong?: ArgoPingPong;
  /** How many pods make a step complete. */
  readonly replicaProgressThreshold?: ArgoReplicaProgress;
  /** Old sets that may wait for their end. */
  readonly scaleDownDelayRevisionLimit?: number;
  /** Seconds until old pods go. */
  readonly scaleDownDelaySeconds?: number;
  /** Of stable pods. */
  readonly stableMetadata?: ArgoPodMetadata;
  /** Service of stable pods. */
  readonly stableService?: string;
  /** The steps. Without them a rolling update. */
  readonly steps?: ArgoCanaryStep[];
  /** What divides requests. Without it the number of pods does. */
  readonly trafficRouting?: ArgoTrafficRouting;
}

/** Two Services that change roles. */
export interface ArgoPingPong {
  /** One. */
  readonly pingService: string;
  /** The other. */
  readonly pongService: string;
}

/** How many pods make a step complete. */
export interface ArgoReplicaProgress {
  /** Number or share. In the API: `type`. */
  readonly ofType: ArgoProgressType;
  /** How many. */
  readonly value: number;
}

/** What a number of pods means. */
export enum ArgoProgressType {
  /** Percent. */
  PERCENTAGE = 'Percentage',
  /** Pods. */
  POD = 'Pod',
}
