import type { KubeRequest } from '../cluster/kube-client.ts';
import type { Json, JsonObject, KubernetesObject, ManagedFieldsEntry } from '../kubernetes/object.ts';

/**
 * A patch that replaces managedFields of exactly the state that was read: another uid is refused, another resourceVersion answered with 409.
 * @param manager who writes; it owns nothing by that as long as no value changes
 * @param more operations that follow (RFC 6902)
 */
export function managersPatch(
  path: string,
  live: KubernetesObject,
  managedFields: readonly ManagedFieldsEntry[],
  manager: string,
  more: readonly JsonObject[] = [],
): KubeRequest {
  // The server reads an empty list as "unchanged", and a list of one empty entry as "none".
  const entries: Json = managedFields.length === 0 ? [{}] : (managedFields as unknown as Json);
  return {
    method: 'PATCH',
    path,
    query: { fieldManager: manager },
    contentType: 'application/json-patch+json',
    body: [...sameState(live), { op: 'replace', path: '/metadata/managedFields', value: entries }, ...more],
    idempotent: true,
  };
}

/** Operations that let a patch through only for the state that was read. */
export function sameState({ metadata: { uid = '', resourceVersion = '' } }: KubernetesObject): JsonObject[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}

/** A member's name in a JSON pointer (RFC 6901). */
export function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
