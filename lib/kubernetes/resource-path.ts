/** What of a served resource decides its address. */
interface Addressed {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * Path of a collection: of one namespace, or of all of them when `namespace` is '' or the kind is cluster-scoped.
 * Names are escaped, never changed: RBAC names may hold upper case and ":".
 */
export function collectionPath(resource: Addressed, namespace: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${resource.plural}`;
}

/** Path of one object. */
export function objectPath(resource: Addressed, namespace: string, name: string): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}
