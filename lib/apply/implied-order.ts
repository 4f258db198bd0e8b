import { isRelease } from '../helm/native-input.ts';
import { list, record } from '../kubernetes/fields.ts';
import { idKey, type ObjectId } from '../kubernetes/object.ts';
import { podSpecOf } from '../kubernetes/pods.ts';
import { grantsRights } from '../plan/granted-rights.ts';
import { hookEdges } from './hook-order.ts';
import { isKarmadaPolicy, karmadaEdges } from './karmada-order.ts';
import { definedKinds, isBuiltInGroup, kindKey } from './kinds.ts';
import { webhookEdges } from './last-order.ts';
import type { OrderedObject } from './order.ts';
import type { GraphBuilder } from './order-graph.ts';
import { referencesOf, serviceAccountOf } from './references.ts';
import { returningEdges, routeEdges } from './route-order.ts';

/**
 * What the objects of one cluster imply about their order. Hard edges where one object cannot work without the other: its failure skips what needs it.
 * Soft edges where a rule about kinds only says what comes first.
 */
export function impliedEdges(
  objects: readonly OrderedObject[],
  members: readonly number[],
  builder: GraphBuilder,
): void {
  const byId = new Map<string, number>();
  for (const index of members) byId.set(idKey((objects[index] as OrderedObject).id), index);
  const definers = new Map<string, number>();
  const definingPaths = new Set<string>();
  for (const index of members) {
    const { object, path } = objects[index] as OrderedObject;
    for (const key of definedKinds(object)) {
      definers.set(key, index);
      definingPaths.add(path);
    }
  }
  const cluster = (objects[members[0] ?? 0] as OrderedObject).cluster;
  const hasReleases = members.some((index) => isRelease((objects[index] as OrderedObject).id));
  const barrier = (key: string, label: string) => builder.barrier(`${key}\n${cluster}`, label);

  for (const index of members) {
    const { id, object, path } = objects[index] as OrderedObject;
    if (id.namespace !== '') {
      const namespace = byId.get(idKey({ group: '', kind: 'Namespace', namespace: '', name: id.namespace }));
      if (namespace !== undefined) builder.edge(namespace, index, 'written', 'structure');
    }
    const definer = definers.get(kindKey(id));
    if (definer !== undefined) builder.edge(definer, index, 'established', 'structure');
    if (isRelease(id)) {
      // What its chart uses nobody knows.
      builder.edge(barrier(`settings\n${id.namespace}`, 'settings of its namespace'), index, 'written', 'kind', true);
      builder.edge(barrier('definitions', 'definitions'), index, 'established', 'kind', true);
    }
    if (object === undefined) continue;
    const defines = definedKinds(object).length > 0;
    if (hasReleases && defines) builder.edge(index, barrier('definitions', 'definitions'), 'established', 'kind', true);
    const ownDefinitions = () => barrier(`definitions\n${path}`, 'the definitions that come with it');
    if (defines) builder.edge(index, ownDefinitions(), 'established', 'kind', true);

    for (const reference of referencesOf(object, id.namespace)) {
      const target = byId.get(idKey(reference));
      if (target !== undefined && target !== index)
        builder.edge(target, index, 'written', 'reference', reference.optional === true);
    }
    const pod = podSpecOf(object);
    if (pod !== undefined) {
      // An operator that starts before the definitions of its chart crashes, or takes its kinds for missing.
      if (definingPaths.has(path)) builder.edge(ownDefinitions(), index, 'established', 'kind', true);
      // Rights first: a controller that starts without them crashes or, worse, gives up.
      for (const key of accountKeys(id.namespace, serviceAccountOf(pod)))
        builder.edge(barrier(key, 'its rights'), index, 'written', 'kind', true);
    }
    for (const key of boundAccounts(object, id))
      builder.edge(index, barrier(key, 'its rights'), 'written', 'kind', true);

    const place = placeInNamespace(id, pod !== undefined);
    const settings = `settings\n${id.namespace}`;
    if (id.namespace !== '' && place === 'setting')
      builder.edge(index, barrier(settings, 'settings of its namespace'), 'written', 'kind', true);
    if (id.namespace !== '' && place === 'user')
      builder.edge(barrier(settings, 'settings of its namespace'), index, 'written', 'kind', true);
    const workloads = `workloads\n${id.namespace}`;
    if (pod !== undefined)
      builder.edge(index, barrier(workloads, 'workloads of its namespace'), 'written', 'kind', true);
    if (id.kind === 'PodDisruptionBudget')
      builder.edge(barrier(workloads, 'workloads of its namespace'), index, 'written', 'kind', true);
  }
  routeEdges(objects, members, builder);
  returningEdges(objects, members, builder, byId);
  karmadaEdges(objects, members, builder, byId);
  webhookEdges(objects, members, builder, byId);
  hookEdges(objects, members, builder);
}

/** Kinds that set up a namespace for what runs in it; whoever uses them without naming them comes after all of them. */
const SETTINGS = new Set([
  '/ConfigMap',
  '/LimitRange',
  '/PersistentVolumeClaim',
  '/ResourceQuota',
  '/Secret',
  '/ServiceAccount',
  'networking.k8s.io/NetworkPolicy',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
]);

/** Workloads name what they use (references.ts) and need only the guards by kind; custom resources use what we cannot see. */
function placeInNamespace(id: ObjectId, runsPods: boolean): 'setting' | 'user' | undefined {
  if (SETTINGS.has(kindKey(id))) return 'setting';
  if (isKarmadaPolicy(id.group)) return undefined;
  return runsPods || !isBuiltInGroup(id.group) ? 'user' : undefined;
}

function accountKeys(namespace: string, account: string): readonly string[] {
  return [`account\n${namespace}\n${account}`, `accounts\n${namespace}`, 'accounts'];
}

/** Barriers of the service accounts that a binding gives rights to, groups of accounts included. */
function boundAccounts(object: NonNullable<OrderedObject['object']>, id: ObjectId): readonly string[] {
  if (!grantsRights(id) || !id.kind.endsWith('RoleBinding')) return [];
  const keys: string[] = [];
  for (const subject of list(record(object).subjects)) {
    const name = String(subject.name ?? '');
    if (subject.kind === 'ServiceAccount') keys.push(`account\n${String(subject.namespace ?? id.namespace)}\n${name}`);
    else if (name === 'system:serviceaccounts') keys.push('accounts');
    else if (name.startsWith('system:serviceaccounts:'))
      keys.push(`accounts\n${name.slice('system:serviceaccounts:'.length)}`);
  }
  return keys;
}
