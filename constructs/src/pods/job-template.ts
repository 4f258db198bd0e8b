// Jobs, field by field as batch/v1 has them.

import type { PodLabelSelector } from './pod-scheduling';
import type { PodMetadata, PodTemplate } from './pod-template';

/** A Job that is made from a template. */
export interface JobTemplate {
  /** Labels and annotations of the Job. */
  readonly metadata?: PodMetadata;
  /** What it runs. */
  readonly spec: JobTemplateSpec;
}

/** What a Job runs (JobSpec of batch/v1). */
export interface JobTemplateSpec {
  /** How long it may run, in seconds. */
  readonly activeDeadlineSeconds?: number;
  /** How often a failed pod is followed by another. */
  readonly backoffLimit?: number;
  /** The same for each index. */
  readonly backoffLimitPerIndex?: number;
  /** "NonIndexed" or "Indexed". */
  readonly completionMode?: string;
  /** Pods that have to succeed. */
  readonly completions?: number;
  /** The controller. */
  readonly managedBy?: string;
  /** Whether the selector is yours. */
  readonly manualSelector?: boolean;
  /** Most indexes that may fail. */
  readonly maxFailedIndexes?: number;
  /** Pods at a time. */
  readonly parallelism?: number;
  /** What failed pods mean. */
  readonly podFailurePolicy?: JobFailurePolicy;
  /** "TerminatingOrFailed" or "Failed". */
  readonly podReplacementPolicy?: string;
  /** Pods, with `manualSelector`. */
  readonly selector?: PodLabelSelector;
  /** When it has succeeded before all pods have. */
  readonly successPolicy?: JobSuccessPolicy;
  /** Whether it waits. */
  readonly suspend?: boolean;
  /** The pods. */
  readonly template: PodTemplate;
  /** After how many seconds it goes when it has ended. */
  readonly ttlSecondsAfterFinished?: number;
}

/** What failed pods mean. */
export interface JobFailurePolicy {
  /** Rules; the first that fits counts. */
  readonly rules: JobFailureRule[];
}

/** A rule. */
export interface JobFailureRule {
  /** What it means. */
  readonly action: JobFailureAction;
  /** Exit codes. */
  readonly onExitCodes?: JobFailureExitCodes;
  /** Conditions of the pod. */
  readonly onPodConditions?: JobFailureCondition[];
}

/** What a failed pod means. */
export enum JobFailureAction {
  /** It counts. */
  COUNT = 'Count',
  /** The index failed. */
  FAIL_INDEX = 'FailIndex',
  /** The Job failed. */
  FAIL_JOB = 'FailJob',
  /** It does not count. */
  IGNORE = 'Ignore',
}

/** Exit codes of a pod. */
export interface JobFailureExitCodes {
  /** Container. Without it any. */
  readonly containerName?: string;
  /** "In" or "NotIn". In the API: `operator`. */
  readonly comparison: string;
  /** Codes. */
  readonly values: number[];
}

/** A condition of a pod. */
export interface JobFailureCondition {
  /** Its status. "True" if left out. */
  readonly status?: string;
  /** Its type. In the API: `type`. */
  readonly ofType: string;
}

/** When a Job has succeeded. */
export interface JobSuccessPolicy {
  /** Rules; one has to hold. */
  readonly rules: JobSuccessRule[];
}

/** A rule. */
export interface JobSuccessRule {
  /** How many. */
  readonly succeededCount?: number;
  /** Which, e.g. "0-2,5". */
  readonly succeededIndexes?: string;
}
