import { list, record } from '../kubernetes/fields.ts';
import type { CheckedCluster, CheckedObject, ClusterCheck, Found } from './check.ts';

/** What objects ask of their cluster, against what the program says about it. Where it says nothing, nothing is found. */
export const clusterFacts: ClusterCheck = {
  looksAt: 'cluster',
  id: 'cluster-facts',
  title: 'objects that ask for what their cluster does not have',
  run: (cluster) => [...withoutAddress(cluster), ...unenforced(cluster), ...unknownStorage(cluster)],
};

function withoutAddress({ facts, objects }: CheckedCluster): Found[] {
  if (facts.loadBalancer !== 'none') return [];
  return objects
    .filter(({ id, desired }) => isKind(id, '', 'Service') && record(desired.object.spec).type === 'LoadBalancer')
    .map((object) => ({
      object,
      severity: 'warning',
      field: 'spec.type',
      what: 'Nothing in this cluster gives a Service of type LoadBalancer its address: it stays pending.',
      fix: 'Use another type or an Ingress there, or correct `loadBalancer` of the cluster’s facts.',
    }));
}

/** flannel alone, of the plugins that can be declared, never enforces them (its README); of others it depends, and the facts may say so. */
function unenforced({ facts, objects }: CheckedCluster): Found[] {
  const { networkPlugin, enforcesNetworkPolicies = networkPlugin !== 'flannel' } = facts;
  if (enforcesNetworkPolicies) return [];
  return objects
    .filter(({ id }) => isKind(id, 'networking.k8s.io', 'NetworkPolicy'))
    .map((object) => ({
      object,
      severity: 'warning',
      what: `${networkPlugin === 'flannel' ? 'flannel' : 'This cluster'} enforces no network policies: the pods stay open to everybody.`,
      fix: 'Use a network plugin that enforces them, or correct `networkPlugin` or `enforcesNetworkPolicies` of the cluster’s facts.',
    }));
}

function unknownStorage({ facts, objects }: CheckedCluster): Found[] {
  if (facts.storageClasses === undefined) return [];
  const own = objects.filter(({ id }) => isKind(id, 'storage.k8s.io', 'StorageClass')).map(({ id }) => id.name);
  const known = [...new Set([...Object.values(facts.storageClasses), ...own])];
  return objects.flatMap((object) =>
    claimsOf(object).flatMap(({ field, spec }): Found[] => {
      const { storageClassName: name } = spec;
      // '' asks for a volume without class, absence for the cluster's default.
      if (typeof name !== 'string' || name === '' || known.includes(name)) return [];
      return [
        {
          object,
          severity: 'warning',
          field: `${field}.storageClassName`,
          what: `The facts of the cluster name no storage class ${name}: the claim waits for ever.`,
          fix: `Use one of ${known.join(', ')}, or add it to \`storageClasses\` of the cluster’s facts.`,
        },
      ];
    }),
  );
}

interface Claim {
  readonly field: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

function claimsOf({ id, desired }: CheckedObject): Claim[] {
  const spec = record(desired.object.spec);
  if (isKind(id, '', 'PersistentVolumeClaim')) return [{ field: 'spec', spec }];
  if (!isKind(id, 'apps', 'StatefulSet')) return [];
  return list(spec.volumeClaimTemplates).map((template) => ({
    field: `spec.volumeClaimTemplates[name=${String(record(template.metadata).name)}].spec`,
    spec: record(template.spec),
  }));
}

function isKind(id: { readonly group: string; readonly kind: string }, group: string, kind: string): boolean {
  return id.group === group && id.kind === kind;
}
