import type { CheckedObject, Workload } from './check.ts';
import { once } from './schema/schema.ts';

/** What makes pods in a cluster, found by what refers to it. */
export class Workloads {
  readonly all: readonly Workload[];
  readonly #byName: () => ReadonlyMap<string, Workload>;
  readonly #byLabel: () => ReadonlyMap<string, readonly Workload[]>;

  constructor(objects: readonly CheckedObject[]) {
    this.all = objects.flatMap((object) => (object.pods === undefined ? [] : [{ object, ...object.pods }]));
    this.#byName = once(
      () =>
        new Map(this.all.map((one) => [nameKey(one.object.id.namespace, one.object.id.kind, one.object.id.name), one])),
    );
    this.#byLabel = once(() => {
      const index = new Map<string, Workload[]>();
      for (const one of this.all) {
        for (const [key, value] of Object.entries(one.labels)) {
          const at = labelKey(one.object.id.namespace, key, value);
          const known = index.get(at);
          if (known === undefined) index.set(at, [one]);
          else known.push(one);
        }
      }
      return index;
    });
  }

  /** The workload that a reference by kind and name means. */
  named(namespace: string, kind: unknown, name: unknown): Workload | undefined {
    return this.#byName().get(nameKey(namespace, kind, name));
  }

  /** Those of a namespace whose pods have all of the labels; all of the namespace where none is given. In their own order. */
  withLabels(namespace: string, labels: Readonly<Record<string, unknown>>): readonly Workload[] {
    const pairs = Object.entries(labels);
    if (pairs.length === 0) return this.all.filter(({ object }) => object.id.namespace === namespace);
    let fewest: readonly Workload[] | undefined;
    for (const [key, value] of pairs) {
      const having = this.#byLabel().get(labelKey(namespace, key, value)) ?? [];
      if (fewest === undefined || having.length < fewest.length) fewest = having;
    }
    return (fewest ?? []).filter((one) => pairs.every(([key, value]) => one.labels[key] === value));
  }
}

function nameKey(namespace: string, kind: unknown, name: unknown): string {
  return JSON.stringify([namespace, kind, name]);
}

function labelKey(namespace: string, key: string, value: unknown): string {
  return JSON.stringify([namespace, key, value]);
}
