import { builtInScope, type Scope } from '@orrery/constructs/built-in-kinds';
import { groupOf, type KubernetesObject } from './object.ts';

/** Tells the scope of a kind, or undefined when only the cluster knows. */
export type ScopeOf = (group: string, kind: string) => Scope | undefined;

/** Built-in scopes, and those of the CustomResourceDefinitions among the objects. A built-in kind cannot be redefined. */
export function scopesWith(objects: Iterable<KubernetesObject>): ScopeOf {
  const custom = new Map<string, Scope>();
  for (const object of objects) {
    const defined = customScope(object);
    if (defined !== undefined) custom.set(defined.name, defined.scope);
  }
  if (custom.size === 0) return builtInScope;
  return (group, kind) => builtInScope(group, kind) ?? custom.get(`${group}/${kind}`);
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
