import type { PodTaintEffect, PodToleration } from '../pods/pod-scheduling';

// What a ResourceFlavor and a Topology of Kueue say (kubernetes-sigs/kueue apis/kueue/v1beta2).

/** A kind of nodes that quota is given of. */
export interface KueueResourceFlavorSpec {
  /** Labels of its nodes, at most 8. Pods that are admitted with it get them as nodeSelector. Without them any node. */
  readonly nodeLabels?: { readonly [key: string]: string };
  /** Taints of its nodes, at most 8. Only workloads that put up with them are given the flavor. */
  readonly nodeTaints?: KueueTaint[];
  /** What pods that are admitted with it put up with beside their own, at most 8. */
  readonly tolerations?: PodToleration[];
  /** Topology of its nodes, for scheduling that keeps pods near to each other. Needs `nodeLabels`, and never changes. */
  readonly topologyName?: string;
}

/** A taint of nodes. */
export interface KueueTaint {
  /** Key. */
  readonly key: string;
  /** Value. */
  readonly value?: string;
  /** What it does. */
  readonly effect: PodTaintEffect;
}

/** How near nodes are to each other. */
export interface KueueTopologySpec {
  /** From the widest to the narrowest, at most 16; "kubernetes.io/hostname" only as the last. */
  readonly levels: KueueTopologyLevel[];
}

/** Nodes of one value are near to each other. */
export interface KueueTopologyLevel {
  /** Label of nodes. */
  readonly nodeLabel: string;
}
