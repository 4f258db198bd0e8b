import { list, record } from '../kubernetes/fields.ts';
import { idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import { servingWorkloads } from './last-order.ts';
import type { OrderedObject } from './order.ts';
import type { GraphBuilder } from './order-graph.ts';

/**
 * Istio: a route may point only at a subset that exists. The DestinationRule that defines a subset is written before the VirtualService that sends traffic
 * there; a DestinationRule that loses subsets is written after the VirtualServices of its host. (One that both gains and loses subsets in one write goes first:
 * requests to a subset that is going fail until the route follows.)
 */
export function routeEdges(objects: readonly OrderedObject[], members: readonly number[], builder: GraphBuilder): void {
  const rules = new Map<string, number[]>();
  for (const index of members) {
    const { id, object } = objects[index] as OrderedObject;
    if (id.group !== ISTIO || id.kind !== 'DestinationRule' || object === undefined) continue;
    const host = fullHost(record(object.spec).host, id.namespace);
    rules.set(host, [...(rules.get(host) ?? []), index]);
  }
  if (rules.size === 0) return;
  for (const index of members) {
    const { id, object } = objects[index] as OrderedObject;
    if (id.group !== ISTIO || id.kind !== 'VirtualService' || object === undefined) continue;
    for (const host of routedHosts(object, id.namespace)) {
      for (const rule of rules.get(host) ?? []) {
        if (losesSubsets(objects[rule] as OrderedObject)) builder.edge(index, rule, 'written', 'reference');
        else builder.edge(rule, index, 'written', 'reference');
      }
    }
  }
}

/**
 * Where a canary goes in the same apply, its traffic comes back: routes that change wait until what they lead to is ready, with whatever changes there. The canary itself goes after all writes.
 */
export function returningEdges(
  objects: readonly OrderedObject[],
  members: readonly number[],
  builder: GraphBuilder,
  byId: ReadonlyMap<string, number>,
): void {
  const { cluster } = objects[members[0] ?? 0] as OrderedObject;
  const leaving = new Set(
    objects.flatMap((one) =>
      one.cluster === cluster && one.role === 'delete' && isServing(one.id) ? [one.id.namespace] : [],
    ),
  );
  if (leaving.size === 0) return;
  const serving = servingWorkloads(objects, members);
  for (const index of members) {
    const { id, object, role } = objects[index] as OrderedObject;
    if (role !== 'write' || object === undefined || !leaving.has(id.namespace)) continue;
    for (const service of routedServices(id, object)) {
      const found = byId.get(idKey(service));
      if (found === undefined) continue;
      for (const workload of serving(objects[found] as OrderedObject))
        if ((objects[workload] as OrderedObject).role === 'write') builder.edge(workload, index, 'ready', 'reference');
    }
  }
}

/** Workloads and Services: what requests are led to. */
function isServing({ group, kind }: ObjectId): boolean {
  return group === 'apps' || (group === '' && kind === 'Service');
}

function routedServices(id: ObjectId, object: KubernetesObject): readonly ObjectId[] {
  const service = (namespace: string, name: string): ObjectId => ({ group: '', kind: 'Service', namespace, name });
  if (id.group === ISTIO && id.kind === 'VirtualService')
    return [...routedHosts(object, id.namespace)].map((host) => {
      const [name = '', namespace = ''] = host.split('.');
      return service(namespace, name);
    });
  if (id.group !== 'gateway.networking.k8s.io' || !id.kind.endsWith('Route')) return [];
  return list(record(object.spec).rules).flatMap((rule) =>
    list(rule.backendRefs).map(({ namespace, name }) => service(String(namespace ?? id.namespace), String(name))),
  );
}

const ISTIO = 'networking.istio.io';

/** Short names mean the object's own namespace. */
function fullHost(host: unknown, namespace: string): string {
  const text = String(host ?? '');
  return text.includes('.') ? text : `${text}.${namespace}.svc.cluster.local`;
}

function routedHosts(object: NonNullable<OrderedObject['object']>, namespace: string): ReadonlySet<string> {
  const spec = record(object.spec);
  const hosts = new Set<string>();
  for (const protocol of ['http', 'tls', 'tcp']) {
    for (const rule of list(spec[protocol])) {
      const destinations = [...list(rule.route), record(rule.mirror), ...list(rule.mirrors)];
      for (const target of destinations) {
        const destination = record(target.destination ?? target);
        if (destination.host !== undefined) hosts.add(fullHost(destination.host, namespace));
      }
    }
  }
  return hosts;
}

function losesSubsets(rule: OrderedObject): boolean {
  const subsets = (rule.changes ?? []).filter((change) => /^spec\.subsets(\[[^\]]*\])?$/.test(change.path));
  return subsets.some((change) => change.op === 'remove') && !subsets.some((change) => change.op === 'add');
}
