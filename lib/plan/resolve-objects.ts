import { definedKinds, kindKey } from '../apply/kinds.ts';
import { resourceLookup } from '../apply/resource-lookup.ts';
import type { DiscoveredResources } from '../cluster/discovery.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { resolveNamespace } from '../diff/resolve-namespace.ts';
import { OrreryError } from '../errors.ts';
import { describeId, idKey } from '../kubernetes/object.ts';
import type { DesiredCluster, DesiredObject } from '../render/desired-state.ts';
import type { ResolvedObject } from './planning-context.ts';

export interface ResolvedCluster {
  readonly discovery: DiscoveredResources;
  /** By `idKey`, in the order of the desired state. */
  readonly objects: ReadonlyMap<string, ResolvedObject>;
  /** Objects of kinds that the server does not serve and no CRD of the program brings. */
  readonly unserved: readonly { readonly desired: DesiredObject; readonly error: OrreryError }[];
}

/**
 * Finds the resource of every desired object and completes its namespace. Discovery is asked again, past its cache, before a kind is called not served.
 * Errors: ORR2203 when two objects turn out to be the same one.
 */
export async function resolveObjects(target: KubeTarget, cluster: DesiredCluster): Promise<ResolvedCluster> {
  const first = resolveWith(await target.discovery(), target, cluster);
  if (first.unserved.length === 0) return first;
  return resolveWith(await target.discovery({ fresh: true }), target, cluster);
}

function resolveWith(discovery: DiscoveredResources, target: KubeTarget, cluster: DesiredCluster): ResolvedCluster {
  const lookup = resourceLookup(
    discovery,
    cluster.objects.map((desired) => desired.object),
  );
  const objects = new Map<string, ResolvedObject>();
  const unserved: { desired: DesiredObject; error: OrreryError }[] = [];
  for (const declared of cluster.objects) {
    const { apiVersion, kind } = declared.object;
    const resource = lookup.find(apiVersion, kind);
    if (resource === undefined) {
      unserved.push({ desired: declared, error: notServed(discovery, target, declared) });
      continue;
    }
    const desired = resolveNamespace(declared, resource.namespaced);
    const key = idKey(desired.id);
    const twin = objects.get(key);
    if (twin !== undefined) {
      throw new OrreryError(
        'ORR2203',
        `${describeId(desired.id)} is declared by ${twin.desired.path} and by ${desired.path}`,
        {
          cluster: target.cluster,
          path: desired.path,
          source: desired.source,
          object: describeId(desired.id),
          fix: 'Remove one of them, or give it another name or namespace.',
        },
      );
    }
    objects.set(key, { desired, resource, isNew: discovery.find(apiVersion, kind) === undefined });
  }
  return { discovery, objects, unserved };
}

function notServed(discovery: DiscoveredResources, target: KubeTarget, desired: DesiredObject): OrreryError {
  const { apiVersion, kind } = desired.object;
  const { group } = desired.id;
  const other = discovery.preferred(group, kind);
  const where = { cluster: target.cluster, path: desired.path, source: desired.source, object: describeId(desired.id) };
  if (discovery.unavailableGroups.includes(group)) {
    return new OrreryError(
      'ORR3008',
      `${apiVersion} ${kind} cannot be looked up: the API group ${group} does not answer.`,
      {
        ...where,
        fix: 'See why its APIService is unavailable (kubectl get apiservices).',
      },
    );
  }
  if (other !== undefined) {
    const served = other.group === '' ? other.version : `${other.group}/${other.version}`;
    return new OrreryError('ORR3008', `the cluster does not serve ${apiVersion} ${kind}; it serves ${served}.`, {
      ...where,
      fix: `Write it as ${served} for this cluster.`,
    });
  }
  return new OrreryError('ORR3008', `the cluster does not serve ${apiVersion} ${kind}.`, {
    ...where,
    fix: `Install its CustomResourceDefinition, or add it to the program: it may come with the same apply.`,
  });
}

/** "group/kind" of what the CRDs among the objects define. */
export function kindsDefinedBy(objects: Iterable<ResolvedObject>): Set<string> {
  return new Set([...objects].flatMap(({ desired }) => definedKinds(desired.object)));
}

/** Objects that others of the plan depend on for being understood at all: they are planned first. */
export function isDefinition({ desired }: ResolvedObject): boolean {
  return definedKinds(desired.object).length > 0 || kindKey(desired.id) === '/Namespace';
}
