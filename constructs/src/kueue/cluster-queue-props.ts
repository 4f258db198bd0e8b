import type { PodLabelSelector } from '../pods/pod-scheduling';

// What a ClusterQueue, a Cohort and a LocalQueue of Kueue say (kubernetes-sigs/kueue apis/kueue/v1beta2).

/** Quota, who may use it, and what happens when it is used up. */
export interface KueueClusterQueueSpec {
  /** Checks that a workload passes beside quota. */
  readonly admissionChecksStrategy?: KueueAdmissionChecks;
  /** Whose workload is admitted next, of several LocalQueues. */
  readonly admissionScope?: KueueAdmissionScope;
  /** Queues that lend each other what they do not use. Without it nothing is borrowed. */
  readonly cohortName?: string;
  /** Trying several flavors for one workload. */
  readonly concurrentAdmissionPolicy?: KueueConcurrentAdmission;
  /** Its share of what a cohort has to lend. */
  readonly fairSharing?: KueueFairSharing;
  /** Which flavor a workload gets. */
  readonly flavorFungibility?: KueueFlavorFungibility;
  /** Namespaces whose workloads it takes; {} is all. Without it none. */
  readonly namespaceSelector?: PodLabelSelector;
  /** Which workloads may be stopped for others. */
  readonly preemption?: KueuePreemption;
  /** In which order workloads are admitted. Without it BEST_EFFORT_FIFO. */
  readonly queueingStrategy?: KueueQueueingStrategy;
  /** Quota, at most 16 groups. */
  readonly resourceGroups?: KueueResourceGroup[];
  /** Whether it admits. Without it NONE. */
  readonly stopPolicy?: KueueStopPolicy;
}

/** Checks of a queue. */
export interface KueueAdmissionChecks {
  /** 1 to 64. */
  readonly admissionChecks: KueueAdmissionCheckRule[];
}

/** A check. */
export interface KueueAdmissionCheckRule {
  /** Name of the AdmissionCheck. */
  readonly name: string;
  /** Only for workloads that are given one of these flavors. Without it for all. */
  readonly onFlavors?: string[];
}

/** Whose workload is admitted next. */
export interface KueueAdmissionScope {
  /** How. */
  readonly admissionMode: KueueAdmissionMode;
}

/** Whose workload is admitted next. */
export enum KueueAdmissionMode {
  /** Of the LocalQueue that used least. */
  USAGE_BASED = 'UsageBasedAdmissionFairSharing',
  /** The first. */
  NONE = 'NoAdmissionFairSharing',
}

/** Trying several flavors for one workload. */
export interface KueueConcurrentAdmission {
  /** When it moves. */
  readonly migration: KueueMigration;
}

/** When a workload moves to another flavor. */
export interface KueueMigration {
  /** Which flavors it may move to. */
  readonly constraints?: KueueMigrationConstraints;
  /** Whether it moves. */
  readonly mode: KueueMigrationMode;
}

/** Which flavors a workload may move to. */
export interface KueueMigrationConstraints {
  /** The last one, in order of the queue, that it may be on. */
  readonly lastAcceptableFlavorName?: string;
}

/** Whether a workload moves to another flavor. */
export enum KueueMigrationMode {
  /** To one that is preferred. */
  TRY_PREFERRED_FLAVORS = 'TryPreferredFlavors',
  /** It stays. */
  RETAIN_FIRST_ADMISSION = 'RetainFirstAdmission',
}

/** A share of what can be borrowed. */
export interface KueueFairSharing {
  /** Share beside others, e.g. "2"; "0" borrows only what nobody else wants. Without it 1. */
  readonly weight?: string;
}

/** Which flavor a workload gets. */
export interface KueueFlavorFungibility {
  /** What is better. Only where both others are TRY_NEXT_FLAVOR. */
  readonly preference?: KueueFlavorPreference;
  /** What happens on a flavor where it has to borrow. Without it MAY_STOP_SEARCH. */
  readonly whenCanBorrow?: KueueFlavorSearch;
  /** What happens on a flavor where it has to preempt. Without it TRY_NEXT_FLAVOR. */
  readonly whenCanPreempt?: KueueFlavorSearch;
}

/** What happens on a flavor that costs something. */
export enum KueueFlavorSearch {
  /** It is taken. */
  MAY_STOP_SEARCH = 'MayStopSearch',
  /** The next is tried. */
  TRY_NEXT_FLAVOR = 'TryNextFlavor',
}

/** What is better. */
export enum KueueFlavorPreference {
  /** To borrow. */
  BORROWING_OVER_PREEMPTION = 'BorrowingOverPreemption',
  /** To preempt. */
  PREEMPTION_OVER_BORROWING = 'PreemptionOverBorrowing',
}

/** Which workloads may be stopped for others. */
export interface KueuePreemption {
  /** Of other queues, by a workload that borrows. Only where `reclaimWithinCohort` is not NEVER. */
  readonly borrowWithinCohort?: KueueBorrowWithinCohort;
  /** Of queues that borrow from this one. Without it NEVER. */
  readonly reclaimWithinCohort?: KueueReclaimWithinCohort;
  /** Of this queue. Without it NEVER. */
  readonly withinClusterQueue?: KueueWithinClusterQueue;
}

/** Workloads of other queues that are stopped by one that borrows. */
export interface KueueBorrowWithinCohort {
  /** Only those of at most this priority. Without it any that is lower. */
  readonly maxPriorityThreshold?: number;
  /** Which. Without it NEVER. */
  readonly policy?: KueueBorrowPolicy;
}

/** Workloads of other queues that are stopped by one that borrows. */
export enum KueueBorrowPolicy {
  /** None. */
  NEVER = 'Never',
  /** Those of lower priority. */
  LOWER_PRIORITY = 'LowerPriority',
}

/** Workloads of queues that borrow, stopped when the lender wants its own. */
export enum KueueReclaimWithinCohort {
  /** None. */
  NEVER = 'Never',
  /** Those of lower priority. */
  LOWER_PRIORITY = 'LowerPriority',
  /** Any. */
  ANY = 'Any',
}

/** Workloads of the same queue that are stopped for another. */
export enum KueueWithinClusterQueue {
  /** None. */
  NEVER = 'Never',
  /** Those of lower priority. */
  LOWER_PRIORITY = 'LowerPriority',
  /** Those of lower priority, and newer ones of the same. */
  LOWER_OR_NEWER_EQUAL_PRIORITY = 'LowerOrNewerEqualPriority',
}

/** In which order workloads are admitted. */
export enum KueueQueueingStrategy {
  /** The oldest first; those behind it wait. */
  STRICT_FIFO = 'StrictFIFO',
  /** The oldest that there is quota for. */
  BEST_EFFORT_FIFO = 'BestEffortFIFO',
}

/** Whether a queue admits workloads. */
export enum KueueStopPolicy {
  /** It does. */
  NONE = 'None',
  /** What runs goes on. */
  HOLD = 'Hold',
  /** What runs is stopped. */
  HOLD_AND_DRAIN = 'HoldAndDrain',
}

/** Resources that come from the same nodes. */
export interface KueueResourceGroup {
  /** What pods request: 1 to 64, each in one group only. */
  readonly coveredResources: string[];
  /** Where they come from, in order of preference: 1 to 64, each in one group only. */
  readonly flavors: KueueFlavorQuotas[];
}

/** Quotas of a flavor. */
export interface KueueFlavorQuotas {
  /** Name of the ResourceFlavor. */
  readonly name: string;
  /** The covered resources, all of them, in the same order. */
  readonly resources: KueueResourceQuota[];
}

/** Quota of a resource. */
export interface KueueResourceQuota {
  /** Name of the resource. */
  readonly name: string;
  /** What belongs to the queue, e.g. "8" or "64Gi". */
  readonly nominalQuota: string;
  /** What it may borrow beside. Only in a cohort. Without it all that others lend. */
  readonly borrowingLimit?: string;
  /** What others may borrow of it. Only in a cohort. Without it all. */
  readonly lendingLimit?: string;
}

/** Queues that share, and quota of their own. */
export interface KueueCohortSpec {
  /** Its share of what the cohort above it has to lend. */
  readonly fairSharing?: KueueFairSharing;
  /** The cohort that it is in. Without it none. */
  readonly parentName?: string;
  /** Quota that its queues share, at most 16 groups. */
  readonly resourceGroups?: KueueResourceGroup[];
}

/** Where workloads of a namespace go. */
export interface KueueLocalQueueSpec {
  /** Name of the ClusterQueue. It never changes. */
  readonly clusterQueue: string;
  /** Its share beside other LocalQueues, where the ClusterQueue has an admission scope. */
  readonly fairSharing?: KueueFairSharing;
  /** Whether it admits. Without it NONE. */
  readonly stopPolicy?: KueueStopPolicy;
}
