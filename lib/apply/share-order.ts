import { isAtOrBelow } from '../assembly/construct-path.ts';
import { idKey, type ObjectId } from '../kubernetes/object.ts';
import type { ServiceMove } from '../plan/plan.ts';
import type { OrderedObject } from './order.ts';
import type { GraphBuilder } from './order-graph.ts';

/** How replicas move between clusters: what waits for what. */
export interface ShareOrder {
  readonly moves: readonly ServiceMove[];
  /** Place of a cluster's wave in the rollout. */
  readonly waveOf: (cluster: string) => number;
}

/**
 * Replicas go where they shall be less only once they are ready everywhere else: writes and deletes that take some away wait for all clusters that keep or get some, and for what is
 * written of the service there. Among themselves they keep the order of the waves.
 *
 * These edges count as explicit: no weaker rule may drop them. They close no circle, because nothing waits for a late write but deletes of its own cluster and later late writes.
 */
export function shareEdges(
  objects: readonly OrderedObject[],
  { moves, waveOf }: ShareOrder,
  builder: GraphBuilder,
): void {
  if (moves.length === 0) return;
  const vertices = new Map<string, number>();
  const late = new Map<string, number>();
  const clusters = new Map<string, number[]>();
  for (const [index, object] of objects.entries()) {
    (object.isLate === true ? late : vertices).set(keyOf(object.cluster, object.id), index);
    const members = clusters.get(object.cluster);
    if (members === undefined) clusters.set(object.cluster, [index]);
    else members.push(index);
  }
  for (const index of late.values()) {
    const { cluster, id } = objects[index] as OrderedObject;
    const first = vertices.get(keyOf(cluster, id));
    if (first === undefined) continue;
    // Where nothing of it is written before, there is nothing to wait for.
    builder.edge(first, index, objects[first]?.role === 'write' ? 'ready' : 'written', 'explicit');
  }
  for (const move of moves) {
    const ready = builder.barrier(`share\n${move.service}`, `${move.service} elsewhere`);
    for (const { cluster, workloads } of move.receivers) {
      const members = clusters.get(cluster) ?? [];
      const carriers = workloads.map(({ id, scaler }) => vertices.get(keyOf(cluster, scaler ?? id)));
      const written = members.filter((index) => isWrittenOf(move.service, objects[index] as OrderedObject));
      // What cannot be found is not ready.
      const present = members.filter((index) => objects[index]?.role !== 'delete' && objects[index]?.isLate !== true);
      const awaited = carriers.includes(undefined) ? present : [...carriers, ...written];
      for (const index of new Set(awaited))
        if (index !== undefined) builder.edge(index, ready, 'established', 'explicit');
    }
    donorEdges(objects, move, ready, { vertices, late, waveOf }, builder);
  }
}

interface Lookup {
  readonly vertices: ReadonlyMap<string, number>;
  readonly late: ReadonlyMap<string, number>;
  readonly waveOf: ShareOrder['waveOf'];
}

function donorEdges(
  objects: readonly OrderedObject[],
  { service, donors }: ServiceMove,
  ready: number,
  { vertices, late, waveOf }: Lookup,
  builder: GraphBuilder,
): void {
  const byWave = Map.groupBy(donors, ({ cluster }) => waveOf(cluster));
  let before: number | undefined;
  for (const wave of [...byWave.keys()].sort((a, b) => a - b)) {
    const done = builder.barrier(`shrunk\n${service}\n${wave}`, `${service} in earlier waves`);
    for (const { cluster, writes } of byWave.get(wave) ?? []) {
      for (const { id } of writes) {
        const key = keyOf(cluster, id);
        const own = vertices.get(key);
        const isDeleted = own !== undefined && objects[own]?.role === 'delete';
        const index = isDeleted ? own : late.get(key);
        // Of a cluster that cannot be written.
        if (index === undefined) continue;
        // What a share is deleted with (its namespace, its Service) goes with it, not before.
        const held = isDeleted ? writtenBarrier(cluster, builder) : index;
        builder.edge(ready, held, 'established', 'explicit');
        if (before !== undefined) builder.edge(before, held, 'established', 'explicit');
        builder.edge(index, done, 'established', 'explicit');
      }
    }
    before = done;
  }
}

/** All writes of a cluster, which its deletes wait for. */
export function writtenBarrier(cluster: string, builder: GraphBuilder): number {
  return builder.barrier(`written\n${cluster}`, `the writes of ${cluster}`);
}

function isWrittenOf(service: string, { role, isLate, path }: OrderedObject): boolean {
  return role === 'write' && isLate !== true && isAtOrBelow(path, service);
}

function keyOf(cluster: string, id: ObjectId): string {
  return `${cluster}\n${idKey(id)}`;
}
