import type { ResourceType } from './discovery.ts';

type Resource = Pick<ResourceType, 'group' | 'version' | 'plural' | 'namespaced'>;

/** Inventory and revisions lie in these. */
export const SECRETS: Resource = { group: '', version: 'v1', plural: 'secrets', namespaced: true };

/** CustomResourceDefinitions. */
export const DEFINITIONS: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/**
 * Path of a resource's collection, or of one object of it. Names are kept as they are, upper case included (RBAC names may hold it).
 * @param namespace '' for cluster-scoped objects, and for a collection across all namespaces.
 */
export function resourcePath(resource: Resource, namespace: string, name?: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const collection = `${root}${scope}/${resource.plural}`;
  return name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`;
}
