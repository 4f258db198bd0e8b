import type { DiscoveredResources, ResourceType } from '../cluster/discovery.ts';
import { list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { ResourceLookup } from './cluster-context.ts';
import { definedKinds, kindKey } from './kinds.ts';

/**
 * Discovery, completed by the kinds that the CRDs among the desired objects define.
 * @param written kinds (`kindKey`) whose CRD is written by this apply
 */
export function resourceLookup(
  discovered: DiscoveredResources,
  desired: Iterable<KubernetesObject>,
  written: ReadonlySet<string> = new Set(),
): ResourceLookup {
  const defined = new Map<string, ResourceType>();
  for (const object of desired) {
    if (definedKinds(object).length === 0) continue;
    const spec = record(object.spec);
    const names = record(spec.names);
    for (const version of list(spec.versions)) {
      if (version.served === false) continue;
      const type: ResourceType = {
        group: String(spec.group),
        version: String(version.name),
        kind: String(names.kind),
        plural: String(names.plural),
        namespaced: spec.scope !== 'Cluster',
        verbs: [],
      };
      defined.set(`${type.group}/${type.version}|${type.kind}`, type);
    }
  }
  return {
    discovered,
    find: (apiVersion, kind) => discovered.find(apiVersion, kind) ?? defined.get(`${apiVersion}|${kind}`),
    isRedefined: (resource) => written.has(kindKey(resource)),
    isNew: (resource) => {
      const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
      return discovered.find(apiVersion, resource.kind) === undefined;
    },
  };
}
