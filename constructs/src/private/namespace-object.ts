/** A Namespace, as constructs make it for what they put into it. */
export function namespaceObject(name: string, labels: { readonly [key: string]: string }): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
