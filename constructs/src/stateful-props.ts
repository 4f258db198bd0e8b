/** What becomes of a pod's volume claims when the pod is no longer wanted. */
export enum ClaimRetention {
  /** They stay, with their data, until somebody deletes them. */
  RETAIN = 'Retain',
  /** They are deleted, with their data. */
  DELETE = 'Delete',
}

/** In which order pods are made and ended. */
export enum PodManagement {
  /** One after the other: each waits until the one before it is ready. */
  ORDERED_READY = 'OrderedReady',
  /** All at once. */
  PARALLEL = 'Parallel',
}

/** How pods get a new version. */
export enum PodUpdate {
  /** One after the other, from the highest ordinal down. */
  ROLLING = 'RollingUpdate',
  /** Whenever somebody deletes one. */
  ON_DELETE = 'OnDelete',
}

/** The ordinals that pods of one cluster may have. */
export interface OrdinalRange {
  /** From 0 on. */
  readonly first: number;
  /** Counted in: the range holds `last` − `first` + 1 pods. */
  readonly last: number;
}

/**
 * Pods with an identity of their own: a StatefulSet in each cluster. Replicas that are divided over clusters need ordinals in each that no other cluster uses, or two
 * clusters would each have a "database-0" that takes itself for the first member (karmada-io/karmada#4546).
 */
export interface StatefulOptions {
  /**
   * Ordinals by cluster, none of them twice. A pod keeps its ordinal, and its cluster, whatever becomes of other clusters. Clusters that the placement does not cover may have some: theirs
   * are kept for them.
   * @default - from `ordinalsPerCluster`; without it from 0 in each cluster, which only numbers per cluster may have
   */
  readonly ordinals?: { [cluster: string]: OrdinalRange };
  /**
   * How many ordinals each cluster has for itself. The first one is this number times the cluster's fact `ordinalBlock`.
   * @default - `ordinals`
   */
  readonly ordinalsPerCluster?: number;
  /** Name of the headless Service that gives each pod its DNS name; with the name of the service itself, clients have no other. @default - the name of the service with "-headless" */
  readonly headlessService?: string;
  /** @default PodManagement.ORDERED_READY */
  readonly podManagement?: PodManagement;
  /** @default PodUpdate.ROLLING */
  readonly podUpdate?: PodUpdate;
  /** So many pods of each cluster, those of the lowest ordinals, stay at the former version. @default 0 */
  readonly partition?: number;
  /** Claims of pods that go because there shall be fewer in the cluster. @default ClaimRetention.RETAIN */
  readonly claimsWhenScaledDown?: ClaimRetention;
  /** Claims when the StatefulSet is deleted. @default ClaimRetention.RETAIN */
  readonly claimsWhenDeleted?: ClaimRetention;
}
