import { list, record } from '../kubernetes/fields.ts';
import { groupOf, idKey } from '../kubernetes/object.ts';
import type { OrderedObject } from './order.ts';
import type { GraphBuilder } from './order-graph.ts';

/**
 * Karmada: what it finds on its hub it brings to the member clusters at once, as the policies of that moment say. So what is different in a cluster is written
 * before the object that it is about, and before the policy that sends this object there: else the cluster would run what is meant for another one.
 */
export function karmadaEdges(
  objects: readonly OrderedObject[],
  members: readonly number[],
  builder: GraphBuilder,
  byId: ReadonlyMap<string, number>,
): void {
  const sentBy = new Map<string, number[]>();
  const overrides: number[] = [];
  for (const index of members) {
    const { id, object } = objects[index] as OrderedObject;
    if (id.group !== KARMADA || object === undefined) continue;
    if (id.kind.endsWith('OverridePolicy')) overrides.push(index);
    else if (id.kind.endsWith('PropagationPolicy'))
      for (const key of selected(object, id.namespace)) sentBy.set(key, [...(sentBy.get(key) ?? []), index]);
  }
  for (const index of overrides) {
    const { id, object } = objects[index] as OrderedObject;
    if (object === undefined) continue;
    for (const key of selected(object, id.namespace)) {
      const target = byId.get(key);
      const later = [...(target === undefined ? [] : [target]), ...(sentBy.get(key) ?? [])];
      for (const one of later) builder.edge(index, one, 'written', 'reference');
    }
  }
}

const KARMADA = 'policy.karmada.io';

/** Whether a group is that of Karmada's policies: they need nothing of their namespace but itself. */
export function isKarmadaPolicy(group: string): boolean {
  return group === KARMADA;
}

/** Keys of the objects that a policy selects by name. */
function selected(policy: NonNullable<OrderedObject['object']>, namespace: string): string[] {
  return list(record(policy.spec).resourceSelectors).flatMap((selector) => {
    const { apiVersion, kind, name } = selector;
    if (name === undefined) return [];
    return [
      idKey({
        group: groupOf(String(apiVersion)),
        kind: String(kind),
        namespace: String(selector.namespace ?? namespace),
        name: String(name),
      }),
    ];
  });
}
