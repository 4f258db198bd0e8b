import type { OrderedObject } from './order.ts';

/** Lets clusters start one by one, and tells when everything that belongs to a cluster's turn is settled. */
export class Releases {
  readonly #starts = new Map<string, Gate>();
  readonly #turns: Turn[];
  readonly #turnOf: readonly number[];
  readonly #late = new Set<string>();

  /**
   * @param clusters in the order in which they start
   * @param places of the objects among the clusters (wave-order.ts)
   */
  constructor(clusters: readonly string[], ordered: readonly OrderedObject[], places: readonly number[]) {
    this.#turns = clusters.map(() => new Turn());
    this.#turnOf = places;
    for (const cluster of clusters) this.#starts.set(cluster, new Gate());
    for (const [index, { cluster }] of ordered.entries()) {
      const place = places[index] ?? 0;
      this.#turns[place]?.expect();
      if (clusters[place] !== cluster) this.#late.add(cluster);
    }
  }

  /** Resolves when the cluster may be written; rejects when it never may. */
  started(cluster: string): Promise<void> {
    return this.#starts.get(cluster)?.promise ?? Promise.resolve();
  }

  start(cluster: string): void {
    this.#starts.get(cluster)?.resolve();
  }

  refuse(cluster: string, reason: unknown): void {
    this.#starts.get(cluster)?.reject(reason);
  }

  /** Nobody may wait for ever. */
  refuseAll(reason: unknown): void {
    for (const gate of this.#starts.values()) gate.reject(reason);
  }

  settle(object: number): void {
    this.#turns[this.#turnOf[object] ?? 0]?.settle();
  }

  /** Resolves when everything that comes at the turn of the cluster is settled. @param place among the clusters */
  settled(place: number): Promise<void> {
    return this.#turns[place]?.done ?? Promise.resolve();
  }

  /** Something of the cluster waits for the turn of a later one. */
  hasLate(cluster: string): boolean {
    return this.#late.has(cluster);
  }
}

class Gate {
  readonly promise: Promise<void>;
  resolve: () => void = () => {};
  reject: (reason: unknown) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever waits is told; nobody has to wait.
    this.promise.catch(() => undefined);
  }
}

class Turn {
  readonly #gate = new Gate();
  #open = 0;

  get done(): Promise<void> {
    return this.#open === 0 ? Promise.resolve() : this.#gate.promise;
  }

  expect(): void {
    this.#open++;
  }

  settle(): void {
    this.#open--;
    if (this.#open === 0) this.#gate.resolve();
  }
}
