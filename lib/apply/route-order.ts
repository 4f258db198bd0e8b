import { list, record } from '../kubernetes/fields.ts';
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
