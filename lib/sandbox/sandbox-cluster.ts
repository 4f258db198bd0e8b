import { OrreryError } from '../errors.ts';

/** The processes of one sandbox cluster, in the order they start. */
export const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

export type ComponentName = (typeof COMPONENTS)[number];

/** The components that work on a cluster by way of its API server. */
export const CONTROLLERS: readonly ComponentName[] = COMPONENTS.filter(
  (component) => component !== 'etcd' && component !== 'kube-apiserver',
);

/** A user besides the administrator, for trying out RBAC. Reached by the context `<cluster>-<name>`. */
export interface SandboxUser {
  readonly name: string;
  readonly groups?: readonly string[] | undefined;
  /** Bearer token. Default: random. */
  readonly token?: string | undefined;
}

/** A simulated node. */
export interface SandboxNode {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[] | undefined;
  /** Added to the default capacity (32 CPUs, 128Gi memory, 500 pods), e.g. `{ 'nvidia.com/gpu': '8' }`. Quantities as Kubernetes writes them. */
  readonly capacity?: Readonly<Record<string, string>> | undefined;
}

/** What one sandbox cluster shall be. */
export interface SandboxCluster {
  /** Also the name of its kubeconfig context. A DNS label (RFC 1123). */
  readonly name: string;
  /** "1.36" (default), "1.35" or "1.34"; a patch version may follow and must be the pinned one. */
  readonly kubernetesVersion?: string | undefined;
  /** Number of nodes, or the nodes themselves. Default 3, spread over three zones. */
  readonly nodes?: number | readonly SandboxNode[] | undefined;
  readonly tokens?: readonly SandboxUser[] | undefined;
  /** Processes to run. Default: all. `['etcd', 'kube-apiserver']` is enough where no controller is needed. */
  readonly components?: readonly ComponentName[] | undefined;
  /** Write one JSON line (audit.k8s.io/v1 Event, level Metadata) per finished write into `SandboxClusterState.auditLog`. Default false. */
  readonly auditLog?: boolean | undefined;
  /** Further flags of kube-apiserver; they win over ours. */
  readonly apiServerFlags?: readonly string[] | undefined;
  /** Environment of kube-apiserver beside PATH, HOME and TMPDIR: settings of its Go runtime, e.g. `{ GOGC: '400' }`, which trades memory for a quarter of its work. */
  readonly apiServerEnvironment?: Readonly<Record<string, string>> | undefined;
}

/** Progress of `up` and `down`. */
export type SandboxEvent =
  | { readonly type: 'component-starting'; readonly cluster: string; readonly component: ComponentName }
  | {
      readonly type: 'component-ready';
      readonly cluster: string;
      readonly component: ComponentName;
      readonly pid: number;
      /** True: it ran already. */
      readonly kept: boolean;
      readonly seconds: number;
    }
  | { readonly type: 'component-stopped'; readonly cluster: string; readonly component: ComponentName }
  | { readonly type: 'port-taken'; readonly cluster: string; readonly component: ComponentName }
  | { readonly type: 'cluster-ready'; readonly cluster: string; readonly seconds: number }
  | { readonly type: 'waiting-for-lock'; readonly pid: number };

/** The components of a cluster, in the order they start. */
export function componentsOf(cluster: SandboxCluster): ComponentName[] {
  return COMPONENTS.filter((component) => cluster.components?.includes(component) ?? true);
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Refuses definitions that cannot work.
 *
 * @throws OrreryError ORR6003 for a name that is no DNS label, a name used twice, a component without the ones it needs, no nodes for a negative number.
 */
export function checkClusters(clusters: readonly SandboxCluster[]): void {
  const seen = new Set<string>();
  for (const cluster of clusters) {
    const { name, components, nodes } = cluster;
    if (!DNS_LABEL.test(name)) {
      throw new OrreryError('ORR6003', `"${name}" cannot name a sandbox cluster`, {
        cluster: name,
        fix: 'Use lower-case letters, digits and dashes, at most 63 characters.',
      });
    }
    if (seen.has(name)) {
      throw new OrreryError('ORR6003', `the sandbox has two clusters named "${name}"`, {
        cluster: name,
        fix: 'Give every cluster a name of its own.',
      });
    }
    seen.add(name);
    if (typeof nodes === 'number' && (!Number.isInteger(nodes) || nodes < 0)) {
      throw new OrreryError('ORR6003', `a sandbox cluster cannot have ${nodes} nodes`, {
        cluster: name,
        fix: 'Give a whole number of nodes, zero or more.',
      });
    }
    const chosen = new Set(components ?? COMPONENTS);
    if (!chosen.has('etcd') || !chosen.has('kube-apiserver')) {
      throw new OrreryError('ORR6003', 'a sandbox cluster needs at least etcd and kube-apiserver', {
        cluster: name,
        fix: `Add them to the components, which are ${[...chosen].join(', ') || 'none'}.`,
      });
    }
  }
}
