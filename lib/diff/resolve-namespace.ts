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
