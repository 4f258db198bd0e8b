import { divideReplicas, ReplicaDivision } from '../replica-division';
import type { Bounds } from './placement-rules';

/** Bounds by cluster; clusters without an entry are unbounded. */
export type BoundsByName = ReadonlyMap<string, Bounds>;

export const UNBOUNDED: Bounds = { min: 0, max: Number.POSITIVE_INFINITY };

/** The fewest and most replicas that clusters of these weights can hold together: those of weight 0 hold none. */
export function capacityOf(weights: ReadonlyMap<string, number>, bounds: BoundsByName): Bounds {
  const takers = [...weights].filter(([, weight]) => weight > 0).map(([name]) => bounds.get(name) ?? UNBOUNDED);
  return {
    min: takers.reduce((sum, { min }) => sum + min, 0),
    max: takers.reduce((sum, { max }) => sum + max, 0),
  };
}

/**
 * Divides replicas like `divideReplicas`, within bounds. By Webster's method every cluster has its minimum, and the others come one by one to the cluster of
 * the highest claim that has room: with one replica more, no cluster has fewer. By the other methods clusters whose share is out of bounds get the bound, and what
 * is left is divided anew over the others.
 *
 * @param total within `capacityOf` the same weights and bounds; what cannot be held is left over
 */
export function divideWithin(
  total: number,
  weights: ReadonlyMap<string, number>,
  bounds: BoundsByName,
  method: ReplicaDivision,
): Map<string, number> {
  if (bounds.size === 0) return divideReplicas(total, weights, method);
  const { min, max } = capacityOf(weights, bounds);
  const held = Math.min(Math.max(total, min), max);
  return method === ReplicaDivision.WEBSTER
    ? divideFromMinimums(held, weights, bounds)
    : divideByClamping(held, weights, bounds, method);
}

/** Weights of clusters, in groups: what the clusters of one cannot hold goes to those of the next. */
export type Groups = readonly ReadonlyMap<string, number>[];

/**
 * Divides replicas within bounds, over one group of clusters after the other: a group has its minimums, and gets more when those before it are full. By Webster's method, with one replica more no
 * cluster has fewer.
 */
export function divideInOrder(
  total: number,
  groups: Groups,
  bounds: BoundsByName,
  method: ReplicaDivision,
): Map<string, number> {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return divideWithin(total, only, bounds, method);
  const result = new Map<string, number>();
  let left = total;
  for (const [at, weights] of groups.entries()) {
    const { max } = capacityOf(weights, bounds);
    const reserved = groups.slice(at + 1).reduce((sum, later) => sum + capacityOf(later, bounds).min, 0);
    const shares = divideWithin(Math.min(max, Math.max(0, left - reserved)), weights, bounds, method);
    for (const [name, share] of shares) {
      result.set(name, share);
      left -= share;
    }
  }
  return result;
}

function divideFromMinimums(
  total: number,
  weights: ReadonlyMap<string, number>,
  bounds: BoundsByName,
): Map<string, number> {
  const taking = [...weights].filter(([, weight]) => weight > 0);
  const start = new Map(taking.map(([name]) => [name, bounds.get(name)?.min ?? 0]));
  const most = new Map(taking.map(([name]) => [name, bounds.get(name)?.max ?? Number.POSITIVE_INFINITY]));
  const given = [...start.values()].reduce((sum, one) => sum + one, 0);
  return divideReplicas(total - given, weights, ReplicaDivision.WEBSTER, start, most);
}

/**
 * Whichever side is further out of bounds in sum is fixed first: then what is left fits into the bounds of the rest (the way CSS resolves flexible lengths,
 * CSS Flexible Box Layout 9.7).
 */
function divideByClamping(
  total: number,
  weights: ReadonlyMap<string, number>,
  bounds: BoundsByName,
  method: ReplicaDivision,
): Map<string, number> {
  const result = new Map([...weights].map(([name]) => [name, 0]));
  let free = new Map([...weights].filter(([, weight]) => weight > 0));
  let left = total;
  while (free.size > 0) {
    const shares = [...divideReplicas(left, free, method)].map(([name, share]) => {
      const { min, max } = bounds.get(name) ?? UNBOUNDED;
      return { name, share, clamped: Math.min(Math.max(share, min), max) };
    });
    const over = shares.reduce((sum, { share, clamped }) => sum + clamped - share, 0);
    const settled = shares.filter(({ share, clamped }) =>
      over === 0 ? true : over > 0 ? clamped > share : clamped < share,
    );
    for (const { name, clamped } of settled) {
      result.set(name, clamped);
      left -= clamped;
    }
    const done = new Set(settled.map(({ name }) => name));
    free = new Map([...free].filter(([name]) => !done.has(name)));
  }
  return result;
}
