// Where pods are placed.

/** Which nodes and neighbours a pod wants. */
export interface PodAffinityRules {
  /** Nodes. */
  readonly nodeAffinity?: PodNodeAffinity;
  /** Pods to be near to. */
  readonly podAffinity?: PodNeighbourAffinity;
  /** Pods to stay away from. */
  readonly podAntiAffinity?: PodNeighbourAffinity;
}

/** Nodes that a pod wants or needs. */
export interface PodNodeAffinity {
  /** Wanted. */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PodPreferredNode[];
  /** Needed. */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodNodeSelector;
}

/** A wish with its weight. */
export interface PodPreferredNode {
  /** What the node should be. */
  readonly preference: PodNodeSelectorTerm;
  /** 1 to 100. */
  readonly weight: number;
}

/** Nodes: one of the terms has to hold. */
export interface PodNodeSelector {
  /** Terms. */
  readonly nodeSelectorTerms: PodNodeSelectorTerm[];
}

/** A term: all of it has to hold. */
export interface PodNodeSelectorTerm {
  /** About labels of the node. */
  readonly matchExpressions?: PodNodeRequirement[];
  /** About fields of the node. */
  readonly matchFields?: PodNodeRequirement[];
}

/** A requirement of a node. */
export interface PodNodeRequirement {
  /** Label or field. */
  readonly key: string;
  /** How it is compared. In the API: `operator`. */
  readonly comparison: PodNodeOperator;
  /** With what. */
  readonly values?: string[];
}

/** How a label of a node is compared. */
export enum PodNodeOperator {
  /** It has one of the values. */
  IN = 'In',
  /** It has none of the values. */
  NOT_IN = 'NotIn',
  /** It is there. */
  EXISTS = 'Exists',
  /** It is not there. */
  DOES_NOT_EXIST = 'DoesNotExist',
  /** It is a greater number. */
  GT = 'Gt',
  /** It is a smaller number. */
  LT = 'Lt',
}

/** Pods that a pod wants near or far. */
export interface PodNeighbourAffinity {
  /** Wanted. */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PodWeightedNeighbour[];
  /** Needed. */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodNeighbourTerm[];
}

/** A wish with its weight. */
export interface PodWeightedNeighbour {
  /** Which pods. */
  readonly podAffinityTerm: PodNeighbourTerm;
  /** 1 to 100. */
  readonly weight: number;
}

/** Pods, and what "near" means. */
export interface PodNeighbourTerm {
  /** Labels of the pods. */
  readonly labelSelector?: PodLabelSelector;
  /** Labels that have to be those of this pod. */
  readonly matchLabelKeys?: string[];
  /** Labels that must not be those of this pod. */
  readonly mismatchLabelKeys?: string[];
  /** Namespaces by label. */
  readonly namespaceSelector?: PodLabelSelector;
  /** Namespaces by name. */
  readonly namespaces?: string[];
  /** Label of nodes that are near to each other if it is equal. */
  readonly topologyKey: string;
}

/** Objects by label: all of it has to hold. */
export interface PodLabelSelector {
  /** Requirements. */
  readonly matchExpressions?: PodLabelRequirement[];
  /** Labels and their values. */
  readonly matchLabels?: { readonly [key: string]: string };
}

/** A requirement of a label. */
export interface PodLabelRequirement {
  /** Label. */
  readonly key: string;
  /** How it is compared. In the API: `operator`. */
  readonly comparison: PodLabelOperator;
  /** With what. */
  readonly values?: string[];
}

/** How a label is compared. */
export enum PodLabelOperator {
  /** It has one of the values. */
  IN = 'In',
  /** It has none of the values. */
  NOT_IN = 'NotIn',
  /** It is there. */
  EXISTS = 'Exists',
  /** It is not there. */
  DOES_NOT_EXIST = 'DoesNotExist',
}

/** A taint that a pod tolerates. */
export interface PodToleration {
  /** Effect of the taint. Without it all. */
  readonly effect?: PodTaintEffect;
  /** Key of the taint. Without it all. */
  readonly key?: string;
  /** How the value is compared. In the API: `operator`. */
  readonly comparison?: PodTolerationOperator;
  /** How long, in seconds, for NoExecute. */
  readonly tolerationSeconds?: number;
  /** Value of the taint. */
  readonly value?: string;
}

/** What a taint does to pods that do not tolerate it. */
export enum PodTaintEffect {
  /** They are not placed there. */
  NO_SCHEDULE = 'NoSchedule',
  /** They are placed there last. */
  PREFER_NO_SCHEDULE = 'PreferNoSchedule',
  /** They are removed. */
  NO_EXECUTE = 'NoExecute',
}

/** How the value of a taint is compared. */
export enum PodTolerationOperator {
  /** It does not matter. */
  EXISTS = 'Exists',
  /** It is equal. */
  EQUAL = 'Equal',
  /** It is a greater number. Kubernetes 1.35. */
  GT = 'Gt',
  /** It is a smaller number. Kubernetes 1.35. */
  LT = 'Lt',
}

/** How pods spread. */
export interface PodSpreadConstraint {
  /** The pods that count. */
  readonly labelSelector?: PodLabelSelector;
  /** Labels that have to be those of this pod. */
  readonly matchLabelKeys?: string[];
  /** Most that two domains may differ by. */
  readonly maxSkew: number;
  /** Fewest domains. */
  readonly minDomains?: number;
  /** Whether nodes that the pod does not want count. */
  readonly nodeAffinityPolicy?: PodNodePolicy;
  /** Whether nodes with taints count. */
  readonly nodeTaintsPolicy?: PodNodePolicy;
  /** Label of nodes that makes a domain. */
  readonly topologyKey: string;
  /** What happens if it cannot be kept. */
  readonly whenUnsatisfiable: PodUnsatisfiable;
}

/** Whether something is looked at. */
export enum PodNodePolicy {
  /** Yes. */
  HONOR = 'Honor',
  /** No. */
  IGNORE = 'Ignore',
}

/** What happens if a rule cannot be kept. */
export enum PodUnsatisfiable {
  /** The pod waits. */
  DO_NOT_SCHEDULE = 'DoNotSchedule',
  /** The pod is placed all the same. */
  SCHEDULE_ANYWAY = 'ScheduleAnyway',
}
