import type { KubernetesObject } from '../kubernetes/object.ts';

/**
 * Label by which an object says which platform it belongs to. It stands on the object's own metadata only, never in pod templates or selectors: there it
 * would restart pods, or be immutable.
 */
export const PLATFORM_LABEL = 'orrery.dev/platform';

/** Annotation on a live object: `orphan` leaves the object in the cluster when the program drops it. */
export const ON_REMOVE_ANNOTATION = 'orrery.dev/on-remove';

/** Field manager of everything a platform applies; fixed for life (≤ 128 characters, the API server's limit). */
export function fieldManagerOf(platformId: string): string {
  return `orrery.${platformId}`;
}

/** Selects the objects of a platform in a LIST. */
export function platformSelector(platformId: string): string {
  return `${PLATFORM_LABEL}=${platformId}`;
}

/** The platform that an object's label names, or undefined. */
export function platformOf(object: KubernetesObject): string | undefined {
  return object.metadata.labels?.[PLATFORM_LABEL];
}

/** True when a server-side apply of the manager stands in the object's managedFields (subresources do not count). */
function isAppliedBy(object: KubernetesObject, manager: string): boolean {
  return (object.metadata.managedFields ?? []).some(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
  );
}

/** A platform applied it: label and field manager say so. */
export function isMemberOf(object: KubernetesObject, platformId: string): boolean {
  return platformOf(object) === platformId && isAppliedBy(object, fieldManagerOf(platformId));
}

/**
 * What is sent to the API server for a desired object: the object itself and the ownership label. The input is not changed; the caller adds the
 * preconditions (`metadata.uid`, `metadata.resourceVersion`). The namespace must already be resolved (`resolveNamespace`).
 */
export function appliedObject(desired: { readonly object: KubernetesObject }, platformId: string): KubernetesObject {
  const { object } = desired;
  const labels = { ...object.metadata.labels, [PLATFORM_LABEL]: platformId };
  return { ...object, metadata: { ...object.metadata, labels } };
}
