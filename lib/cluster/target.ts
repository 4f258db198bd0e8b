import type { DiscoveredResources } from './discovery.ts';
import type { KubeClient } from './kube-client.ts';

/** How a cluster is reached: `targets:` of cdk8s.yaml, after defaults and paths are resolved. */
export type TargetConfig =
  | {
      readonly kind: 'kubeconfig';
      readonly kubeconfig?: string | undefined;
      readonly context?: string | undefined;
      /** Namespace of inventory and lease. Default "orrery-system". */
      readonly inventoryNamespace?: string | undefined;
    }
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'sandbox'; readonly inventoryNamespace?: string | undefined };

/** A Kubernetes cluster whose identity has been checked (kube-system uid against lock file). */
export interface KubeTarget {
  readonly kind: 'kube';
  readonly cluster: string;
  readonly client: KubeClient;
  /** uid of the kube-system namespace. */
  readonly clusterUid: string;
  readonly inventoryNamespace: string;
  /** For people: "context prod-sh of ~/.kube/config". */
  readonly description: string;
  readonly discovery: () => Promise<DiscoveredResources>;
}

/** A folder that holds the rendered manifests of one cluster. */
export interface DirectoryTarget {
  readonly kind: 'directory';
  readonly cluster: string;
  /** Absolute path. */
  readonly directory: string;
  readonly description: string;
}

export type Target = KubeTarget | DirectoryTarget;
