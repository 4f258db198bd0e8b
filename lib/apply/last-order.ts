import { list, record } from '../kubernetes/fields.ts';
import { idKey } from '../kubernetes/object.ts';
import { podLabelsOf, podSpecOf } from '../kubernetes/pods.ts';
import { isAdmission } from './kinds.ts';
import type { OrderedObject } from './order.ts';
import type { GraphBuilder } from './order-graph.ts';

/**
 * Webhook configurations, admission policies and APIServices come last: until the workload that serves them is ready they would refuse the writes of
 * others, and what the plan showed was dry-run without them. The workload behind a Service they name must be ready first, whatever else happens.
 */
export function webhookEdges(
  objects: readonly OrderedObject[],
  members: readonly number[],
  builder: GraphBuilder,
  byId: ReadonlyMap<string, number>,
): void {
  const admission = members.filter((index) => isAdmission((objects[index] as OrderedObject).id));
  if (admission.length === 0) return;
  const { cluster } = objects[admission[0] as number] as OrderedObject;
  const everything = builder.barrier(`everything\n${cluster}`, 'everything else');
  for (const index of members) {
    const { id, role } = objects[index] as OrderedObject;
    if (role === 'write' && !isAdmission(id)) builder.edge(index, everything, 'written', 'last', true);
  }
  const serving = servingWorkloads(objects, members);
  for (const index of admission) {
    if ((objects[index] as OrderedObject).role === 'write') builder.edge(everything, index, 'written', 'last', true);
    for (const reference of servicesOf(objects[index] as OrderedObject)) {
      const service = byId.get(idKey({ group: '', kind: 'Service', ...reference }));
      if (service === undefined) continue;
      builder.edge(service, index, 'written', 'reference');
      for (const workload of serving(objects[service] as OrderedObject))
        builder.edge(workload, index, 'ready', 'reference');
    }
  }
}

function servicesOf({ object, id }: OrderedObject): readonly { readonly namespace: string; readonly name: string }[] {
  if (object === undefined) return [];
  const found: { namespace: string; name: string }[] = [];
  const add = (service: unknown) => {
    const { namespace, name } = record(service);
    if (typeof name === 'string')
      found.push({ namespace: typeof namespace === 'string' ? namespace : 'default', name });
  };
  if (id.kind === 'APIService') add(record(object.spec).service);
  for (const webhook of list(object.webhooks)) add(record(webhook.clientConfig).service);
  return found;
}

/** Finds the workloads whose pods a Service selects. Workloads are indexed by each of their pod labels once. */
export function servingWorkloads(
  objects: readonly OrderedObject[],
  members: readonly number[],
): (service: OrderedObject) => readonly number[] {
  const byLabel = new Map<string, number[]>();
  for (const index of members) {
    const { id, object } = objects[index] as OrderedObject;
    if (object === undefined || podSpecOf(object) === undefined) continue;
    for (const [name, value] of Object.entries(podLabelsOf(object))) {
      const key = `${id.namespace}\n${name}\n${String(value)}`;
      const known = byLabel.get(key);
      if (known === undefined) byLabel.set(key, [index]);
      else known.push(index);
    }
  }
  return ({ id, object }) => {
    const selector = Object.entries(record(record(object?.spec).selector));
    const [first] = selector;
    if (first === undefined) return [];
    return (byLabel.get(`${id.namespace}\n${first[0]}\n${String(first[1])}`) ?? []).filter((index) => {
      const labels = podLabelsOf((objects[index] as OrderedObject).object as NonNullable<OrderedObject['object']>);
      return selector.every(([name, value]) => labels[name] === value);
    });
  };
}
