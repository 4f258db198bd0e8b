import type { DependencyManifest } from '@orrery/constructs/assembly-format';
import { OrreryError } from '../errors.ts';
import type { ReleaseHook } from '../helm/hooks.ts';
import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import { describeId, idKey } from '../kubernetes/object.ts';
import type { FieldChange } from '../plan/plan.ts';
import { deletionEdges } from './deletion-order.ts';
import { impliedEdges } from './implied-order.ts';
import type { OrderGraph } from './order-graph.ts';
import { cycle, GraphBuilder, withoutImpliedCycles } from './order-graph.ts';
import { type ShareOrder, shareEdges, writtenBarrier } from './share-order.ts';

/** An object of the order: one that is written or deleted, or an unchanged one that others may wait for. */
export interface OrderedObject {
  readonly cluster: string;
  /** With its namespace resolved. */
  readonly id: ObjectId;
  readonly path: string;
  /** keep: nothing is done, it stands where it stood. */
  readonly role: 'write' | 'delete' | 'keep';
  /** Desired object; absent for most deletes. */
  readonly object?: KubernetesObject | undefined;
  readonly dependsOn?: readonly DependencyManifest[] | undefined;
  /** A hook of the Helm release at `path`. */
  readonly hook?: ReleaseHook | undefined;
  /** Only with 'delete': the object is a hook that this apply writes, and goes when everything else is done. */
  readonly isSpent?: true | undefined;
  /** Only with 'write': what takes replicas away from an object, apart from everything else that is done with it. */
  readonly isLate?: true | undefined;
  /** What the plan says will change. */
  readonly changes?: readonly FieldChange[] | undefined;
}

/**
 * The order in which the objects of all clusters are written and deleted.
 *
 * Explicit dependencies come first: an object waits until everything in the subtrees it depends on is ready, also across clusters. Then what objects imply
 * (implied-order.ts); implied edges that contradict explicit ones are dropped. Deletes come after every write of their cluster, and after the write of the same
 * object in another cluster; among themselves in reverse (deletion-order.ts). What takes replicas of a service away waits for the clusters that have them then (share-order.ts).
 *
 * Linear in objects, dependencies and path lengths.
 * @throws OrreryError ORR2401 when explicit dependencies form a circle; the message names it.
 */
export function orderOf(objects: readonly OrderedObject[], shares: ShareOrder = NO_SHARES): OrderGraph {
  const builder = new GraphBuilder();
  const severalClusters = objects.some((object) => object.cluster !== objects[0]?.cluster);
  // Objects come first, so that an object's index is its vertex too.
  for (const [index, object] of objects.entries()) {
    const label = describeId(object.id);
    builder.object(severalClusters ? `${label} in ${object.cluster}` : label, index);
  }
  const indices = objects.map((_, index) => index);
  const present = indices.filter((index) => objects[index]?.role !== 'delete' && objects[index]?.isLate !== true);
  explicitEdges(objects, present, builder);
  for (const members of byCluster(objects, present)) impliedEdges(objects, members, builder);
  const deleted = indices.filter((index) => objects[index]?.role === 'delete');
  if (deleted.length > 0) {
    for (const members of byCluster(objects, deleted)) deletionEdges(objects, members, builder);
    deletesLast(objects, deleted, builder);
  }
  shareEdges(objects, shares, builder);
  const graph = withoutImpliedCycles(builder.vertices, builder.edges);
  const circle = cycle(graph);
  if (circle !== undefined) throw circleError(graph, objects, circle);
  return graph;
}

const NO_SHARES: ShareOrder = { moves: [], waveOf: () => 0 };

/** Indices of the objects in the order of the graph: writes as they may go, deletes at the end. */
export function sortedByOrder(graph: OrderGraph): readonly number[] {
  return graph.order.flatMap((vertex) => graph.vertices[vertex]?.object ?? []);
}

/**
 * One barrier for every subtree that somebody depends on. An object enters the barrier of its nearest referenced ancestor, a barrier that of the next one up,
 * so that nested subtrees stay linear.
 */
function explicitEdges(objects: readonly OrderedObject[], present: readonly number[], builder: GraphBuilder): void {
  const subtrees = new Map<string, number>();
  for (const index of present) {
    const object = objects[index] as OrderedObject;
    for (const dependency of object.dependsOn ?? []) {
      const cluster = dependency.cluster ?? object.cluster;
      const key = `${cluster}\n${dependency.path}`;
      let barrier = subtrees.get(key);
      if (barrier === undefined) {
        barrier = builder.barrier(`subtree\n${key}`, dependency.path);
        subtrees.set(key, barrier);
      }
      builder.edge(barrier, index, 'ready', 'explicit');
    }
  }
  if (subtrees.size === 0) return;
  const nearest = (cluster: string, path: string): number | undefined => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const barrier = subtrees.get(`${cluster}\n${path.slice(0, end)}`);
      if (barrier !== undefined) return barrier;
    }
    return undefined;
  };
  for (const [key, barrier] of subtrees) {
    const [cluster = '', path = ''] = key.split('\n');
    const up = path.lastIndexOf('/');
    const parent = up < 0 ? undefined : nearest(cluster, path.slice(0, up));
    if (parent !== undefined) builder.edge(barrier, parent, 'ready', 'explicit');
  }
  for (const index of present) {
    const object = objects[index] as OrderedObject;
    const barrier = nearest(object.cluster, object.path);
    if (barrier !== undefined) builder.edge(index, barrier, 'ready', 'explicit');
  }
}

/**
 * Law 4: nothing is deleted before all writes of its cluster are ready, for any of them may be its replacement; an object that moves to another cluster is
 * deleted once it is ready there. A failed write keeps the deletes from happening.
 */
function deletesLast(objects: readonly OrderedObject[], deleted: readonly number[], builder: GraphBuilder): void {
  const written = new Map<string, number[]>();
  const moving = new Set(deleted.map((index) => idKey((objects[index] as OrderedObject).id)));
  for (const [index, object] of objects.entries()) {
    if (object.role !== 'write') continue;
    builder.edge(index, writtenBarrier(object.cluster, builder), 'ready', 'structure');
    const key = idKey(object.id);
    if (object.isLate !== true && moving.has(key)) written.set(key, [...(written.get(key) ?? []), index]);
  }
  for (const index of deleted) {
    const object = objects[index] as OrderedObject;
    builder.edge(writtenBarrier(object.cluster, builder), index, 'ready', 'structure');
    if (object.isSpent === true) continue;
    for (const other of written.get(idKey(object.id)) ?? []) builder.edge(other, index, 'ready', 'structure');
  }
}

function byCluster(objects: readonly OrderedObject[], indices: readonly number[]): readonly (readonly number[])[] {
  const clusters = new Map<string, number[]>();
  for (const index of indices) {
    const { cluster } = objects[index] as OrderedObject;
    const members = clusters.get(cluster);
    if (members === undefined) clusters.set(cluster, [index]);
    else members.push(index);
  }
  return [...clusters.values()];
}

function circleError(graph: OrderGraph, objects: readonly OrderedObject[], circle: readonly number[]): OrreryError {
  const names = circle.map((vertex) => {
    const found = graph.vertices[vertex];
    const object = found?.object === undefined ? undefined : objects[found.object];
    return object === undefined ? (found?.label ?? '') : `${object.path} (${found?.label})`;
  });
  const steps = names.filter((name, at) => at === 0 || name !== names[at - 1]);
  const first = circle.map((vertex) => graph.vertices[vertex]?.object).find((object) => object !== undefined);
  // An edge goes from what is needed to what needs it; people read it the other way round.
  const chain = [...steps, steps[0]].reverse().join(' → ');
  return new OrreryError('ORR2401', `Dependencies form a circle: ${chain}.`, {
    path: first === undefined ? undefined : objects[first]?.path,
    cluster: first === undefined ? undefined : objects[first]?.cluster,
    fix: 'Remove one of these dependencies; a construct must not depend on a subtree that holds it.',
  });
}
