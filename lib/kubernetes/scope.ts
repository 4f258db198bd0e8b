import { builtInScope, type Scope } from '@orrery/constructs/built-in-kinds';
import { groupOf, type KubernetesObject } from './object.ts';

/** Tells the scope of a kind, or undefined when only the cluster knows. */
export type ScopeOf = (group: string, kind: string) => Scope | undefined;

/** Kinds of Kueue that are in no namespace and whose names do not say it (kubernetes-sigs/kueue config/components/crd/bases): queues of GPUs are made of them, and Kueue may be there already. */
const KUEUE: ReadonlySet<string> = new Set([
  'AdmissionCheck',
  'ClusterQueue',
  'Cohort',
  'MultiKueueCluster',
  'MultiKueueConfig',
  'ProvisioningRequestConfig',
  'ResourceFlavor',
  'Topology',
  'WorkloadPriorityClass',
]);

function knownScope(group: string, kind: string): Scope | undefined {
  const isKueue = group === 'kueue.x-k8s.io' && KUEUE.has(kind);
  return builtInScope(group, kind) ?? (isKueue ? 'Cluster' : undefined);
}

/** Built-in scopes, and those of the CustomResourceDefinitions among the objects. A built-in kind cannot be redefined. */
export function scopesWith(objects: Iterable<KubernetesObject>): ScopeOf {
  const custom = new Map<string, Scope>();
  for (const object of objects) {
    const defined = customScope(object);
    if (defined !== undefined) custom.set(defined.name, defined.scope);
  }
  if (custom.size === 0) return knownScope;
  return (group, kind) => knownScope(group, kind) ?? custom.get(`${group}/${kind}`);
}

export function isCustomResourceDefinition(object: KubernetesObject): boolean {
  return object.kind === 'CustomResourceDefinition' && groupOf(object.apiVersion) === 'apiextensions.k8s.io';
}

function customScope(object: KubernetesObject): { name: string; scope: Scope } | undefined {
  if (!isCustomResourceDefinition(object)) return undefined;
  const spec = object.spec as { group?: unknown; scope?: unknown; names?: { kind?: unknown } } | undefined;
  const kind = spec?.names?.kind;
  if (typeof spec?.group !== 'string' || typeof kind !== 'string') return undefined;
  if (spec.scope !== 'Namespaced' && spec.scope !== 'Cluster') return undefined;
  return { name: `${spec.group}/${kind}`, scope: spec.scope };
}
