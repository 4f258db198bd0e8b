import type { GateManifest, RolloutManifest } from '@orrery/constructs/assembly-format';
import type { DesiredState } from '../render/desired-state.ts';
import type { OrderedObject } from './order.ts';
import type { OrderGraph } from './order-graph.ts';

/** Clusters that are written before those of the next wave. */
export interface Wave {
  readonly name: string;
  /** In the order in which they start: what others of the wave depend on comes first. */
  readonly clusters: readonly string[];
  /** Clusters under way at a time. */
  readonly maxParallel: number;
  readonly soakMs: number;
  readonly gates: readonly GateManifest[];
}

/**
 * The waves of an apply, of the clusters that are part of it. A cluster that the rollout does not name (it left the program) is in the last one. Without a
 * rollout all are one wave.
 * @param maxParallel narrows what the rollout says
 */
export function wavesOf(
  rollout: RolloutManifest | undefined,
  clusters: readonly string[],
  desired: DesiredState,
  maxParallel = Number.POSITIVE_INFINITY,
): readonly Wave[] {
  const declared = rollout?.waves ?? [{ name: '', clusters: [] }];
  const named = new Set(declared.flatMap((wave) => wave.clusters));
  const needs = clusterNeeds(desired);
  return declared.map((wave, at) => {
    const others = at === declared.length - 1 ? clusters.filter((cluster) => !named.has(cluster)) : [];
    const members = clusters.filter((cluster) => wave.clusters.includes(cluster));
    return {
      name: wave.name,
      clusters: neededFirst([...members, ...others], needs),
      maxParallel: Math.min(maxParallel, wave.maxParallelClusters ?? Number.POSITIVE_INFINITY),
      soakMs: wave.soakMs ?? 0,
      gates: wave.gates ?? [],
    };
  });
}

/** Which clusters the objects of a cluster depend on. */
export function clusterNeeds(desired: DesiredState): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>();
  for (const { name, objects, releases = [] } of desired.clusters) {
    const own = new Set<string>();
    for (const { dependsOn } of [...objects, ...releases])
      for (const { cluster } of dependsOn) if (cluster !== undefined && cluster !== name) own.add(cluster);
    needs.set(name, own);
  }
  return needs;
}

/** Depth first; clusters that wait for each other stay as they stand. */
function neededFirst(clusters: readonly string[], needs: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const ordered = new Set<string>();
  const open = new Set<string>();
  const visit = (cluster: string): void => {
    if (ordered.has(cluster) || open.has(cluster)) return;
    open.add(cluster);
    for (const needed of needs.get(cluster) ?? []) if (clusters.includes(needed)) visit(needed);
    ordered.add(cluster);
  };
  for (const cluster of clusters) visit(cluster);
  return [...ordered];
}

/**
 * The place of every object in the rollout: that of its own cluster, or of a later one that it has to wait for. An object that moves to a cluster of a later
 * wave is deleted where it was only once it is ready there: its own cluster must not wait for that.
 * @param places of the clusters, in the order in which they start
 * @returns by object
 */
export function placesOf(
  graph: OrderGraph,
  ordered: readonly OrderedObject[],
  places: ReadonlyMap<string, number>,
): readonly number[] {
  const incoming: number[][] = graph.vertices.map(() => []);
  for (const { from, to } of graph.edges) incoming[to]?.push(from);
  const found: number[] = graph.vertices.map(() => -1);
  for (const vertex of graph.order) {
    const object = graph.vertices[vertex]?.object;
    let place = object === undefined ? -1 : (places.get(ordered[object]?.cluster ?? '') ?? 0);
    for (const from of incoming[vertex] ?? []) place = Math.max(place, found[from] ?? -1);
    found[vertex] = place;
  }
  const byObject: number[] = [];
  for (const [vertex, { object }] of graph.vertices.entries())
    if (object !== undefined) byObject[object] = found[vertex] ?? 0;
  return byObject;
}
