import type { Edge, OrderGraph } from './order-graph.ts';

/** What is to be done for one object. */
export interface VertexWork {
  /** Writes are bounded per lane: the object's cluster. */
  readonly lane: string;
  /** Resolves when the write is confirmed; rejects when it failed. Absent: nothing is written. */
  readonly write?: (() => Promise<void>) | undefined;
  /**
   * Resolves when the object is ready (a deleted one: gone).
   * @param dependants something waits for it
   */
  readonly ready?: ((dependants: boolean) => Promise<void>) | undefined;
}

export interface RunGraphOptions {
  /** Writes under way at a time, per lane. */
  readonly concurrency: number;
  /** False: readiness is not waited for, except where dependants cannot be written before. */
  readonly wait: boolean;
  /** Once aborted nothing new is started. */
  readonly signal?: AbortSignal | undefined;
  readonly onFailed: (object: number, error: unknown) => void;
  /** An object that is not started because something it needs failed (`cause`), or because the run was interrupted (no cause). */
  readonly onSkipped: (object: number, cause: string | undefined) => void;
  /** An object is ready, failed or skipped: nothing more happens to it. */
  readonly onSettled?: ((object: number) => void) | undefined;
}

const PHASE = { pending: 0, started: 1, written: 2, ready: 3, failed: 4 } as const;

/**
 * Does the work of a graph: each object as soon as what it needs is there, as many at a time as the lanes allow. A failure skips what needs the failed object
 * and nothing else. Resolves when every vertex is settled; never rejects.
 */
export function runGraph(
  graph: OrderGraph,
  workOf: (object: number) => VertexWork | undefined,
  options: RunGraphOptions,
): Promise<void> {
  return new GraphRun(graph, workOf, options).run();
}

class GraphRun {
  readonly #graph: OrderGraph;
  readonly #options: RunGraphOptions;
  readonly #next: readonly (readonly Edge[])[];
  readonly #work: readonly (VertexWork | undefined)[];
  readonly #hasDependants: readonly boolean[];
  readonly #phase: Uint8Array;
  readonly #unmet: Int32Array;
  readonly #lanes = new Map<string, { free: number; readonly waiting: (() => void)[] }>();
  /** Steps to take, instead of recursion: chains of unchanged objects may be thousands long. */
  #steps: (() => void)[] = [];
  #stepping = false;
  #open: number;
  #finished: () => void = () => {};

  constructor(graph: OrderGraph, workOf: (object: number) => VertexWork | undefined, options: RunGraphOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#next = graph.next;
    this.#work = graph.vertices.map((vertex) => (vertex.object === undefined ? undefined : workOf(vertex.object)));
    this.#hasDependants = this.#findDependants();
    this.#phase = new Uint8Array(graph.vertices.length);
    this.#unmet = new Int32Array(graph.vertices.length);
    for (const edge of graph.edges) this.#unmet[edge.to] = (this.#unmet[edge.to] as number) + 1;
    this.#open = graph.vertices.length;
  }

  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#finished = resolve;
      const free = [...this.#unmet.keys()].filter((vertex) => this.#unmet[vertex] === 0);
      this.#step(() => {
        for (const vertex of free) this.#start(vertex);
      });
      if (this.#open === 0) resolve();
    });
  }

  /** Whether any object with a write waits for a vertex' readiness, directly or through barriers. */
  #findDependants(): boolean[] {
    const active: boolean[] = this.#work.map((work) => work?.write !== undefined);
    const has: boolean[] = active.map(() => false);
    for (const vertex of [...this.#graph.order].reverse()) {
      const edges = this.#next[vertex] as readonly Edge[];
      const wanted = edges.some((edge) => edge.need !== 'written' && active[edge.to]);
      has[vertex] = wanted;
      // A barrier passes on what waits behind it.
      if (this.#graph.vertices[vertex]?.object === undefined) active[vertex] = edges.some((edge) => active[edge.to]);
    }
    return has;
  }

  #step(step: () => void): void {
    this.#steps.push(step);
    if (this.#stepping) return;
    this.#stepping = true;
    for (let head = 0; head < this.#steps.length; head++) this.#steps[head]?.();
    this.#steps = [];
    this.#stepping = false;
    if (this.#open === 0) this.#finished();
  }

  #start(vertex: number): void {
    if (this.#phase[vertex] !== PHASE.pending) return;
    const work = this.#work[vertex];
    this.#phase[vertex] = PHASE.started;
    if (work?.write === undefined) {
      this.#written(vertex);
      return;
    }
    if (this.#options.signal?.aborted === true) {
      this.#skip(vertex, undefined);
      return;
    }
    this.#inLane(work.lane, () => this.#write(vertex, work.write as () => Promise<void>));
  }

  async #write(vertex: number, write: () => Promise<void>): Promise<void> {
    if (this.#options.signal?.aborted === true) {
      this.#step(() => this.#skip(vertex, undefined));
      return;
    }
    try {
      await write();
      this.#step(() => this.#written(vertex));
    } catch (error) {
      this.#step(() => this.#fail(vertex, error));
    }
  }

  #written(vertex: number): void {
    this.#phase[vertex] = PHASE.written;
    for (const edge of this.#next[vertex] as readonly Edge[]) if (edge.need === 'written') this.#satisfy(edge);
    const work = this.#work[vertex];
    const dependants = this.#hasDependants[vertex] === true;
    const established = (this.#next[vertex] as readonly Edge[]).some((edge) => edge.need === 'established');
    const wanted = this.#options.wait ? work?.write !== undefined || dependants : established && dependants;
    if (work?.ready === undefined || !wanted) {
      this.#ready(vertex);
      return;
    }
    work.ready(dependants).then(
      () => this.#step(() => this.#ready(vertex)),
      (error: unknown) => this.#step(() => this.#fail(vertex, error)),
    );
  }

  #ready(vertex: number): void {
    this.#phase[vertex] = PHASE.ready;
    this.#settled(vertex);
    for (const edge of this.#next[vertex] as readonly Edge[]) if (edge.need !== 'written') this.#satisfy(edge);
  }

  #satisfy(edge: Edge): void {
    this.#unmet[edge.to] = (this.#unmet[edge.to] as number) - 1;
    if (this.#unmet[edge.to] === 0) this.#step(() => this.#start(edge.to));
  }

  #fail(vertex: number, error: unknown): void {
    const { object, label } = this.#graph.vertices[vertex] as OrderGraph['vertices'][number];
    if (object !== undefined) this.#options.onFailed(object, error);
    this.#settleFailed(vertex, label);
  }

  #skip(vertex: number, cause: string | undefined): void {
    const object = this.#graph.vertices[vertex]?.object;
    if (object !== undefined && this.#work[vertex]?.write !== undefined) this.#options.onSkipped(object, cause);
    this.#settleFailed(vertex, cause);
  }

  /** @param cause label of what failed; undefined when the run was interrupted */
  #settleFailed(vertex: number, cause: string | undefined): void {
    const wasWritten = this.#phase[vertex] === PHASE.written;
    this.#phase[vertex] = PHASE.failed;
    this.#settled(vertex);
    for (const edge of this.#next[vertex] as readonly Edge[]) {
      if (wasWritten && edge.need === 'written') continue;
      if (edge.soft) this.#satisfy(edge);
      else if (this.#phase[edge.to] === PHASE.pending) {
        this.#phase[edge.to] = PHASE.started;
        this.#step(() => this.#skip(edge.to, cause));
      }
    }
  }

  #settled(vertex: number): void {
    this.#open--;
    const object = this.#graph.vertices[vertex]?.object;
    if (object !== undefined) this.#options.onSettled?.(object);
  }

  #inLane(name: string, task: () => Promise<void>): void {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { free: this.#options.concurrency, waiting: [] };
      this.#lanes.set(name, lane);
    }
    const { waiting } = lane;
    const held = lane;
    const run = () => {
      task().finally(() => {
        const next = waiting.shift();
        if (next === undefined) held.free++;
        else next();
      });
    };
    if (lane.free > 0) {
      lane.free--;
      run();
    } else waiting.push(run);
  }
}
