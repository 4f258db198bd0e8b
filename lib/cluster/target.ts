import type { ConnectionSettings } from './connection.ts';
import type { DiscoveredResources } from './discovery.ts';
import type { KubeClient } from './kube-client.ts';
import type { ServerState } from './server-state.ts';

/** How a cluster is reached: `targets:` of cdk8s.yaml, after defaults and paths are resolved. */
export type TargetConfig =
  | {
      readonly kind: 'kubeconfig';
      readonly kubeconfig?: string | undefined;
      readonly context?: string | undefined;
      /** Namespace of inventory and lease. Default "orrery-system". */
      readonly inventoryNamespace?: string | undefined;
    }
  | {
      readonly kind: 'directory';
      readonly directory: string;
      /** "refuse" (default): a Secret with values is an error. "write": values are written in clear, files with mode 0600. */
      readonly secrets?: 'refuse' | 'write' | undefined;
    }
  | { readonly kind: 'sandbox'; readonly inventoryNamespace?: string | undefined };

/** A Kubernetes cluster whose identity has been checked (kube-system uid against lock file). */
export interface KubeTarget {
  readonly kind: 'kube';
  readonly cluster: string;
  readonly client: KubeClient;
  /** What the client speaks with, for helm. Absent: nothing but the client reaches the cluster. Holds credentials: never output. */
  readonly connection?: ConnectionSettings | undefined;
  /** uid of the kube-system namespace. */
  readonly clusterUid: string;
  readonly inventoryNamespace: string;
  /** For people: "context prod-sh of ~/.kube/config". */
  readonly description: string;
  /**
   * What the server serves: from the cache on disk while the server's OpenAPI index is the same, read once per target.
   * `fresh`: asked again, past every cache; do that after creating a CRD, and once before reporting a kind as not served.
   */
  readonly discovery: (options?: { readonly fresh?: boolean }) => Promise<DiscoveredResources>;
  /** Read once per target (4 requests). `fresh`: read again, e.g. after CRDs or webhooks were written. */
  readonly serverState: (options?: { readonly fresh?: boolean }) => Promise<ServerState>;
}

/** A folder that holds the rendered manifests of one cluster. */
export interface DirectoryTarget {
  readonly kind: 'directory';
  readonly cluster: string;
  /** Absolute path. */
  readonly directory: string;
  readonly description: string;
  /** Identity of the folder, from its index file or the lock file; absent while nothing was ever written there. */
  readonly folderId?: string | undefined;
  readonly secrets: 'refuse' | 'write';
}

export type Target = KubeTarget | DirectoryTarget;
