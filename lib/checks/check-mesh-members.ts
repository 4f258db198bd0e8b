import { record } from '../kubernetes/fields.ts';
import type { CheckedCluster, CheckedObject, ClusterCheck, Found } from './check.ts';
import { texts } from './hosts/claim.ts';
import { ISTIO } from './hosts/istio-claims.ts';

/**
 * Rules of Istio for the host of a Service whose pods are in no mesh (IST0102). Only sidecars, or the proxies of the ambient mode, hold to them: elsewhere a timeout never ends a request and
 * a canary gets none. Namespaces that something else makes nobody knows here.
 */
export const meshMembers: ClusterCheck = {
  looksAt: 'cluster',
  id: 'mesh-member',
  title: 'rules of a mesh for pods that are not in it',
  run: (cluster) => {
    const rules = cluster.objects.filter(
      ({ id }) => id.group === ISTIO && (id.kind === 'VirtualService' || id.kind === 'DestinationRule'),
    );
    if (rules.length === 0) return [];
    const outside = namespacesOutside(cluster);
    const services = new Map(
      cluster.objects
        .filter(({ id }) => id.group === '' && id.kind === 'Service' && outside.has(id.namespace))
        .map((service) => [`${service.id.name}.${service.id.namespace}`, service]),
    );
    return rules.flatMap((object) => ruleOutside(object, services, cluster));
  },
};

/** Namespaces of the program whose pods get no proxy by themselves. */
function namespacesOutside({ objects }: CheckedCluster): ReadonlySet<string> {
  const namespaces = objects.filter(({ id }) => id.group === '' && id.kind === 'Namespace');
  return new Set(
    namespaces.filter(({ desired }) => !isInMesh(record(desired.object.metadata.labels))).map(({ id }) => id.name),
  );
}

/** istio/istio pkg/config/analysis/analyzers/injection/injection.go; istio.io/latest/docs/ambient/usage/add-workloads */
function isInMesh(labels: Readonly<Record<string, unknown>>): boolean {
  return (
    labels['istio-injection'] === 'enabled' ||
    typeof labels['istio.io/rev'] === 'string' ||
    labels['istio.io/dataplane-mode'] === 'ambient' ||
    labels['sidecar.istio.io/inject'] === 'true'
  );
}

/** @param services those of namespaces outside, by name and namespace */
function ruleOutside(
  object: CheckedObject,
  services: ReadonlyMap<string, CheckedObject>,
  cluster: CheckedCluster,
): Found[] {
  const spec = record(object.desired.object.spec);
  const hosts = object.id.kind === 'VirtualService' ? texts(spec.hosts) : texts([spec.host]);
  for (const host of hosts) {
    const [name = '', namespace = object.id.namespace] = host.replace(/\.svc(\.cluster\.local)?$/, '').split('.');
    const service = services.get(`${name}.${namespace}`);
    if (service === undefined) continue;
    const pods = cluster.workloads.withLabels(namespace, record(record(service.desired.object.spec).selector));
    if (pods.length === 0 || pods.some(({ labels }) => isInMesh(labels))) continue;
    return [
      {
        object,
        severity: 'warning',
        field: object.id.kind === 'VirtualService' ? 'spec.hosts' : 'spec.host',
        what: `Only proxies of the mesh hold to it, and pods of namespace ${namespace} get none: nothing of it happens between them.`,
        fix: `Give the namespace the label istio-injection: enabled, or that of the mesh's revision (istio.io/rev).`,
      },
    ];
  }
  return [];
}
