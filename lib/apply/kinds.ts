import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import { groupOf } from '../kubernetes/object.ts';

/** "group/Kind"; core kinds: "/Kind". */
export function kindKey(id: Pick<ObjectId, 'group' | 'kind'>): string {
  return `${id.group}/${id.kind}`;
}

/** Kinds that a CustomResourceDefinition defines, as `kindKey`s; none for other objects. */
export function definedKinds(object: KubernetesObject | undefined): readonly string[] {
  if (object?.kind !== 'CustomResourceDefinition' || groupOf(object.apiVersion) !== 'apiextensions.k8s.io') return [];
  const spec = record(object.spec);
  const kind = record(spec.names).kind;
  return typeof kind === 'string' ? [`${String(spec.group)}/${kind}`] : [];
}

/**
 * Groups that Kubernetes itself serves: without a dot, or ending in .k8s.io. Definitions of the community under that domain (Gateway API, snapshots) are
 * installed as CRDs, so they are named here.
 */
export function isBuiltInGroup(group: string): boolean {
  if (!group.includes('.')) return true;
  return group.endsWith('.k8s.io') && !COMMUNITY_GROUPS.has(group) && !group.endsWith('.x-k8s.io');
}

const COMMUNITY_GROUPS = new Set([
  'gateway.networking.k8s.io',
  'snapshot.storage.k8s.io',
  'metrics.k8s.io',
  'autoscaling.k8s.io',
  'policy.networking.k8s.io',
]);

/** Kinds that decide about the writes of others. They come after everything else and go before everything else. */
export function isAdmission(id: Pick<ObjectId, 'group' | 'kind'>): boolean {
  return id.group === 'admissionregistration.k8s.io' || kindKey(id) === 'apiregistration.k8s.io/APIService';
}
