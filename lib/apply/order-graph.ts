/**
 * A graph of things to do and what each of them waits for. Vertices are objects or barriers; a barrier stands for "all of these", so that m objects that wait
 * for n others cost m + n edges instead of m × n. Everything here is linear in vertices and edges.
 */

/**
 * What the earlier end of an edge must have reached: its write is confirmed; it is ready (with --no-wait its write is enough); it is established (ready, also
 * with --no-wait: its dependants cannot even be written before); it is gone from the cluster.
 */
export type Need = 'written' | 'ready' | 'established' | 'gone';

/**
 * Why an edge exists, from the strongest to the weakest. Where edges form a circle, weaker ones give way: only a circle of explicit ones is an error.
 * structure: a namespace and its members, a CRD and its resources. reference: one object names the other. kind: a rule about two kinds. last: after all others.
 */
export const EDGE_ORIGINS = ['explicit', 'structure', 'reference', 'kind', 'last'] as const;
export type EdgeOrigin = (typeof EDGE_ORIGINS)[number];

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly need: Need;
  /** Only an order: when the earlier end fails, the later one is done all the same. */
  readonly soft: boolean;
  readonly origin: EdgeOrigin;
}

export interface Vertex {
  /** For people. */
  readonly label: string;
  /** Index into the objects the graph was built from; undefined: a barrier. */
  readonly object?: number | undefined;
}

export interface OrderGraph {
  readonly vertices: readonly Vertex[];
  readonly edges: readonly Edge[];
  /** Implied edges that contradicted stronger ones. */
  readonly dropped: readonly Edge[];
  /** Outgoing edges by vertex. */
  readonly next: readonly (readonly Edge[])[];
  /**
   * Vertices in an order that respects every edge; among those that are free at the same time the earlier vertex comes first as far as a queue keeps it.
   * Vertices on a circle, and those behind one, are left out.
   */
  readonly order: readonly number[];
}

export function orderGraph(
  vertices: readonly Vertex[],
  edges: readonly Edge[],
  dropped: readonly Edge[] = [],
): OrderGraph {
  const next = outgoing(vertices.length, edges);
  return { vertices, edges, dropped, next, order: topologicalOrder(next, edges) };
}

/** Collects vertices and edges; barriers are made on first use. */
export class GraphBuilder {
  readonly vertices: Vertex[] = [];
  readonly edges: Edge[] = [];
  readonly #barriers = new Map<string, number>();

  object(label: string, object: number): number {
    return this.vertices.push({ label, object }) - 1;
  }

  /** The barrier of this key. */
  barrier(key: string, label: string): number {
    const known = this.#barriers.get(key);
    if (known !== undefined) return known;
    const made = this.vertices.push({ label }) - 1;
    this.#barriers.set(key, made);
    return made;
  }

  edge(from: number, to: number, need: Need, origin: EdgeOrigin, soft = false): void {
    this.edges.push({ from, to, need, origin, soft });
  }
}

/**
 * Drops implied edges, weakest first, until no circle is left that holds one. Of a barrier's edges those into it go first: then everything outside the
 * circle stays behind the barrier. What circles remain consist of explicit edges alone: `cycle` finds them.
 */
export function withoutImpliedCycles(vertices: readonly Vertex[], edges: readonly Edge[]): OrderGraph {
  const graph = orderGraph(vertices, edges);
  if (graph.order.length === vertices.length) return graph;
  let kept = edges;
  const dropped: Edge[] = [];
  for (let weakest = EDGE_ORIGINS.length - 1; weakest > 0; weakest--) {
    for (const intoBarrier of [true, false]) {
      const components = stronglyConnected(outgoing(vertices.length, kept));
      if (components.largest === 1) return orderGraph(vertices, kept, dropped);
      const stays = (edge: Edge) =>
        edge.origin !== EDGE_ORIGINS[weakest] ||
        (vertices[edge.to]?.object === undefined) !== intoBarrier ||
        components.of[edge.from] !== components.of[edge.to];
      for (const edge of kept) if (!stays(edge)) dropped.push(edge);
      kept = kept.filter(stays);
    }
  }
  return orderGraph(vertices, kept, dropped);
}

/** The vertices of one circle in order, or undefined when there is none. A self-edge is a circle of one. */
export function cycle(graph: OrderGraph): readonly number[] | undefined {
  if (graph.order.length === graph.vertices.length) return undefined;
  const self = graph.edges.find((edge) => edge.from === edge.to);
  if (self !== undefined) return [self.from];
  const components = stronglyConnected(graph.next);
  const inside = graph.edges.filter((edge) => components.of[edge.from] === components.of[edge.to]);
  const start = inside[0]?.to;
  const end = inside[0]?.from;
  if (start === undefined || end === undefined) return undefined;
  // Breadth first from one end of an edge back to its other end: the shortest circle through that edge.
  const next = outgoing(graph.vertices.length, inside);
  const cameFrom = new Map<number, number>([[start, start]]);
  const queue = [start];
  for (let head = 0; head < queue.length && !cameFrom.has(end); head++) {
    const vertex = queue[head] as number;
    for (const edge of next[vertex] as readonly Edge[]) {
      if (cameFrom.has(edge.to)) continue;
      cameFrom.set(edge.to, vertex);
      queue.push(edge.to);
    }
  }
  const path = [end];
  for (let vertex = end; vertex !== start; ) {
    vertex = cameFrom.get(vertex) as number;
    path.push(vertex);
  }
  return path.reverse();
}

function outgoing(vertices: number, edges: readonly Edge[]): readonly (readonly Edge[])[] {
  const lists: Edge[][] = Array.from({ length: vertices }, () => []);
  for (const edge of edges) lists[edge.from]?.push(edge);
  return lists;
}

/** See `OrderGraph.order`. */
function topologicalOrder(next: OrderGraph['next'], edges: readonly Edge[]): readonly number[] {
  const unmet = new Int32Array(next.length);
  for (const edge of edges) unmet[edge.to] = (unmet[edge.to] as number) + 1;
  const order: number[] = [];
  for (let vertex = 0; vertex < unmet.length; vertex++) if (unmet[vertex] === 0) order.push(vertex);
  for (let head = 0; head < order.length; head++) {
    for (const edge of next[order[head] as number] as readonly Edge[]) {
      unmet[edge.to] = (unmet[edge.to] as number) - 1;
      if (unmet[edge.to] === 0) order.push(edge.to);
    }
  }
  return order;
}

/** Tarjan's algorithm without recursion (graphs may be thousands deep). */
function stronglyConnected(next: OrderGraph['next']): { readonly of: Int32Array; readonly largest: number } {
  const count = next.length;
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const of = new Int32Array(count).fill(-1);
  const position = new Int32Array(count);
  const stack: number[] = [];
  let counter = 0;
  let components = 0;
  let largest = 1;
  for (let root = 0; root < count; root++) {
    if (index[root] !== -1) continue;
    const path = [root];
    while (path.length > 0) {
      const vertex = path[path.length - 1] as number;
      if (index[vertex] === -1) {
        index[vertex] = low[vertex] = counter++;
        stack.push(vertex);
        onStack[vertex] = 1;
      }
      const successors = next[vertex] as readonly Edge[];
      const at = position[vertex] as number;
      if (at < successors.length) {
        position[vertex] = at + 1;
        const to = (successors[at] as Edge).to;
        if (index[to] === -1) path.push(to);
        else if (onStack[to] === 1) low[vertex] = Math.min(low[vertex] as number, index[to] as number);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[vertex] as number);
      if (low[vertex] !== index[vertex]) continue;
      let size = 0;
      let member: number;
      do {
        member = stack.pop() as number;
        onStack[member] = 0;
        of[member] = components;
        size++;
      } while (member !== vertex);
      components++;
      largest = Math.max(largest, size);
    }
  }
  return { of, largest };
}
