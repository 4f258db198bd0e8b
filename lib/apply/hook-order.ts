import { comesBefore } from '../helm/hooks.ts';
import { definedKinds } from './kinds.ts';
import type { OrderedObject } from './order.ts';
import type { GraphBuilder } from './order-graph.ts';

/** The objects of one Helm release that has hooks, by their turn. */
interface Turns {
  /** One after another: by weight, then as helm rendered them (by kind). */
  readonly before: readonly number[];
  readonly others: readonly number[];
  readonly after: readonly number[];
}

/**
 * Hooks of Helm releases: those before the other objects of their release, each after the end of the one before it; then the others; then those after, once
 * the others are written. Helm does not wait for readiness there either, and some hooks are what makes a workload ready.
 *
 * Definitions and namespaces do not wait for hooks, and neither does what a hook itself needs: helm would fail there, or go on with what is left of the last
 * version. Called when all other hard edges are known.
 */
export function hookEdges(objects: readonly OrderedObject[], members: readonly number[], builder: GraphBuilder): void {
  for (const [path, turns] of turnsOf(objects, members)) {
    const { cluster } = objects[members[0] ?? 0] as OrderedObject;
    chain(turns.before, builder);
    chain(turns.after, builder);
    const [last, first] = [turns.before.at(-1), turns.after[0]];
    const needed = last === undefined ? new Set<number>() : neededBy(turns.before, builder);
    const before = builder.barrier(`hooks before\n${cluster}\n${path}`, `the hooks of ${path}`);
    const after = builder.barrier(`hooks after\n${cluster}\n${path}`, `what ${path} brings`);
    if (last !== undefined) {
      builder.edge(last, before, 'established', 'structure');
      if (first !== undefined) builder.edge(last, first, 'established', 'structure');
    }
    if (first !== undefined) builder.edge(after, first, 'written', 'structure');
    for (const index of turns.others) {
      const { object, id } = objects[index] as OrderedObject;
      const waits = !needed.has(index) && id.kind !== 'Namespace' && definedKinds(object).length === 0;
      if (last !== undefined && waits) builder.edge(before, index, 'written', 'structure');
      if (first !== undefined) builder.edge(index, after, 'written', 'structure');
    }
  }
}

function turnsOf(objects: readonly OrderedObject[], members: readonly number[]): ReadonlyMap<string, Turns> {
  const hooks = new Map<string, number[]>();
  for (const index of members) {
    const { hook, path } = objects[index] as OrderedObject;
    if (hook === undefined) continue;
    const known = hooks.get(path);
    if (known === undefined) hooks.set(path, [index]);
    else known.push(index);
  }
  const others = new Map<string, number[]>([...hooks.keys()].map((path) => [path, []]));
  if (hooks.size === 0) return new Map();
  for (const index of members) {
    const { hook, path } = objects[index] as OrderedObject;
    if (hook === undefined) others.get(path)?.push(index);
  }
  return new Map(
    [...hooks].map(([path, indices]) => {
      const sorted = indices.sort((a, b) => rank(objects, a) - rank(objects, b));
      const isBefore = (index: number) => comesBefore(hookOf(objects, index));
      const before = sorted.filter(isBefore);
      return [path, { before, others: others.get(path) ?? [], after: sorted.filter((index) => !isBefore(index)) }];
    }),
  );
}

function hookOf(objects: readonly OrderedObject[], index: number) {
  return (objects[index] as Required<OrderedObject>).hook as NonNullable<OrderedObject['hook']>;
}

function rank(objects: readonly OrderedObject[], index: number): number {
  return hookOf(objects, index).weight;
}

function chain(indices: readonly number[], builder: GraphBuilder): void {
  for (const [at, index] of indices.entries()) {
    const previous = indices[at - 1];
    if (previous !== undefined) builder.edge(previous, index, 'established', 'structure');
  }
}

/** Everything that the hooks themselves cannot do without, directly or not. */
function neededBy(hooks: readonly number[], { edges }: GraphBuilder): ReadonlySet<number> {
  const incoming = new Map<number, number[]>();
  for (const { from, to, soft } of edges) {
    if (soft) continue;
    const known = incoming.get(to);
    if (known === undefined) incoming.set(to, [from]);
    else known.push(from);
  }
  const needed = new Set(hooks);
  for (const vertex of needed) for (const from of incoming.get(vertex) ?? []) needed.add(from);
  return needed;
}
