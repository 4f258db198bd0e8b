import type { KubeTarget } from '../cluster/target.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { missingRights } from './missing-rights.ts';
import { type Right, rightFor, rightKey } from './right.ts';

/** What applies do, sooner or later, with each kind of object. Server-side apply of something new needs both create and patch. */
const VERBS = ['get', 'list', 'watch', 'create', 'patch', 'delete'] as const;

/** What inventory, revisions and lease need in their own namespace (docs/rights.md). */
const OWN: readonly (Pick<Right, 'group' | 'resource'> & { readonly verbs: readonly string[] })[] = [
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'] },
  { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'create', 'update', 'delete'] },
];

/**
 * Asks the API server which rights we lack for all that a program may ever need, with its objects as they are now: every verb for their kinds, where they are, and those
 * for inventory, revisions and lease.
 * @returns nothing when the rights suffice; kinds that the server does not serve are left out
 */
export async function missingForProgram(target: KubeTarget, objects: readonly KubernetesObject[]): Promise<Right[]> {
  const discovery = await target.discovery();
  const rights = new Map<string, Right>();
  for (const { apiVersion, kind, metadata } of objects) {
    const resource = discovery.find(apiVersion, kind);
    if (resource === undefined) continue;
    const namespace = resource.namespaced ? (metadata.namespace ?? 'default') : '';
    for (const verb of VERBS) {
      const right = { ...rightFor(verb, resource, { namespace, name: metadata.name ?? '' }), name: undefined };
      rights.set(rightKey(right), right);
    }
  }
  const { inventoryNamespace: namespace } = target;
  const own = OWN.flatMap(({ verbs, ...kind }) => verbs.map((verb) => ({ ...kind, verb, namespace })));
  return missingRights(target, [...rights.values(), ...own]);
}
