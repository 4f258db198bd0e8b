import { isRelease } from '../helm/native-input.ts';
import { idKey } from '../kubernetes/object.ts';
import { grantsRights } from '../plan/granted-rights.ts';
import { isAdmission, isBuiltInGroup, kindKey } from './kinds.ts';
import type { OrderedObject } from './order.ts';
import type { GraphBuilder } from './order-graph.ts';

/**
 * Order among the deletes of one cluster. Of deleted objects we mostly know no more than their identity, so the rules go by kind; where the program still
 * knows them (destroy), their explicit dependencies count in reverse.
 *
 * Ranks: admission first (a webhook whose server is gone would refuse the other deletes), then routes and autoscalers, custom resources (their
 * controllers must still run to finish them), workloads, what workloads use, classes. A namespace goes after its members, a CRD after its resources:
 * those two take others with them, so they wait for every one of them and stay when one could not be deleted.
 */
export function deletionEdges(
  objects: readonly OrderedObject[],
  members: readonly number[],
  builder: GraphBuilder,
): void {
  const cluster = (objects[members[0] ?? 0] as OrderedObject).cluster;
  const byId = new Map(members.map((index) => [idKey((objects[index] as OrderedObject).id), index]));
  const customKinds = new Map<string, number>();
  for (const index of members) {
    const { id } = objects[index] as OrderedObject;
    // The name of a CRD is "plural.group": without its object that is all we know of the kinds it defines.
    if (id.kind === 'CustomResourceDefinition') customKinds.set(id.name.slice(id.name.indexOf('.') + 1), index);
  }
  const ranks: number[][] = Array.from({ length: RANKS }, () => []);
  for (const index of members) {
    const { id } = objects[index] as OrderedObject;
    ranks[rankOf(objects[index] as OrderedObject)]?.push(index);
    if (id.namespace !== '') {
      const namespace = byId.get(idKey({ group: '', kind: 'Namespace', namespace: '', name: id.namespace }));
      if (namespace !== undefined) builder.edge(index, namespace, 'gone', 'structure');
    }
    const definition = customKinds.get(id.group);
    if (definition !== undefined) builder.edge(index, definition, 'gone', 'structure');
  }
  explicitReversed(objects, members, builder);
  let before: number | undefined;
  for (const [rank, indices] of ranks.entries()) {
    if (indices.length === 0) continue;
    const done = builder.barrier(`deleted\n${rank}\n${cluster}`, 'deletes before it');
    if (before !== undefined) builder.edge(before, done, 'gone', 'kind', true);
    for (const index of indices) {
      if (before !== undefined) builder.edge(before, index, 'gone', 'kind', true);
      builder.edge(index, done, 'gone', 'kind', true);
    }
    before = done;
  }
}

const RANKS = 7;

const FIRST_KINDS = new Set([
  'autoscaling/HorizontalPodAutoscaler',
  'policy/PodDisruptionBudget',
  'networking.k8s.io/Ingress',
  'networking.istio.io/VirtualService',
]);
const WORKLOAD_KINDS = new Set(['/Pod', '/ReplicationController', 'batch/Job', 'batch/CronJob']);
const LAST_KINDS = new Set([
  '/Namespace',
  '/PersistentVolume',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'networking.k8s.io/IngressClass',
  'gateway.networking.k8s.io/GatewayClass',
]);

function rankOf({ id }: OrderedObject): number {
  const key = kindKey(id);
  if (isAdmission(id)) return 0;
  if (FIRST_KINDS.has(key)) return 1;
  if (
    LAST_KINDS.has(key) ||
    id.group === 'storage.k8s.io' ||
    id.group === 'node.k8s.io' ||
    id.group === 'scheduling.k8s.io'
  )
    return 6;
  // It may hold the controllers of custom resources.
  if (isRelease(id)) return 3;
  if (!isBuiltInGroup(id.group)) return 2;
  if (id.group === 'apps' || WORKLOAD_KINDS.has(key)) return 3;
  if (grantsRights(id)) return id.kind.endsWith('Binding') ? 4 : 5;
  return 5;
}

/** What depended on something goes before it. */
function explicitReversed(objects: readonly OrderedObject[], members: readonly number[], builder: GraphBuilder): void {
  const subtrees = new Map<string, number>();
  for (const index of members) {
    for (const dependency of (objects[index] as OrderedObject).dependsOn ?? []) {
      // An order between the deletes of two clusters would let one unreachable cluster hold up the other.
      if (dependency.cluster !== undefined && dependency.cluster !== (objects[index] as OrderedObject).cluster)
        continue;
      const barrier = builder.barrier(
        `users\n${(objects[index] as OrderedObject).cluster}\n${dependency.path}`,
        `what depends on ${dependency.path}`,
      );
      subtrees.set(dependency.path, barrier);
      builder.edge(index, barrier, 'gone', 'explicit');
    }
  }
  if (subtrees.size === 0) return;
  for (const index of members) {
    const { path } = objects[index] as OrderedObject;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const barrier = subtrees.get(path.slice(0, end));
      if (barrier !== undefined) builder.edge(barrier, index, 'gone', 'explicit');
    }
  }
}
