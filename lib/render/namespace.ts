import type { DesiredObject } from './desired-state.ts';

/** The namespace that an object of a namespaced kind will have in the cluster. */
export function namespaceOf({ id, defaultNamespace }: Pick<DesiredObject, 'id' | 'defaultNamespace'>): string {
  return id.namespace || defaultNamespace || 'default';
}
