import { describeId } from '../kubernetes/object.ts';
import { type ScopeOf, scopesWith } from '../kubernetes/scope.ts';
import type { DesiredObject } from '../render/desired-state.ts';

/**
 * Completes identity and object once the scope of the kind is known: a namespaced object that names no namespace gets its default one ("default" when
 * there is none), a cluster-scoped object loses a namespace that was written (charts like to write one; the API server refuses it).
 * Returns the same object when nothing has to change.
 */
export function resolveNamespace(desired: DesiredObject, namespaced: boolean): DesiredObject {
  const written = desired.object.metadata.namespace ?? '';
  const namespace = namespaced ? written || desired.defaultNamespace || 'default' : '';
  if (namespace === written && namespace === desired.id.namespace) return desired;
  const { namespace: _, ...metadata } = desired.object.metadata;
  return {
    ...desired,
    id: { ...desired.id, namespace },
    object: { ...desired.object, metadata: namespaced ? { ...metadata, namespace } : metadata },
  };
}

/**
 * Completes objects where there is no cluster to ask. The scope of a kind is known for built-in kinds and for those whose CRD is among the objects; of others a
 * namespace that is written counts, else a kind is taken for namespaced unless its name says "Cluster…" or "…Class", which is a warning.
 */
export function resolveWithoutCluster(objects: readonly DesiredObject[]): {
  readonly objects: readonly DesiredObject[];
  readonly warnings: readonly string[];
} {
  const scopeOf = scopesWith(objects.map(({ object }) => object));
  const warnings: string[] = [];
  const resolved = objects.map((desired) => resolveNamespace(desired, isNamespaced(desired, scopeOf, warnings)));
  return { objects: resolved, warnings };
}

function isNamespaced(desired: DesiredObject, scopeOf: ScopeOf, warnings: string[]): boolean {
  const { group, kind } = desired.id;
  const scope = scopeOf(group, kind);
  if (scope !== undefined) return scope === 'Namespaced';
  if ((desired.object.metadata.namespace ?? '') !== '') return true;
  const clusterScoped = /^Cluster[A-Z]/.test(kind) || kind.endsWith('Class');
  const taken = clusterScoped ? 'cluster-scoped' : `namespaced, in "${desired.defaultNamespace ?? 'default'}"`;
  warnings.push(
    `${describeId(desired.id)} of ${group}: the program has no CustomResourceDefinition of this kind, it was taken for ${taken}. Name its namespace to be sure.`,
  );
  return !clusterScoped;
}
