import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideReplicas, ReplicaDivision } from '../replica-division';
import { type BoundsByName, capacityOf, divideWithin } from './bounded-division';

const name = fc.stringMatching(/^[a-z]{1,3}$/);
const bound = fc
  .tuple(fc.nat({ max: 12 }), fc.option(fc.nat({ max: 30 })))
  .map(([min, more]) => ({ min, max: more === null ? Number.POSITIVE_INFINITY : min + more }));
const clusters = fc.dictionary(name, fc.record({ weight: fc.integer({ min: 1, max: 100 }), bound: fc.option(bound) }), {
  minKeys: 1,
  maxKeys: 8,
  noNullPrototype: true,
});
const method = fc.constantFrom(...Object.values(ReplicaDivision));

type Clusters = Record<string, { weight: number; bound: { min: number; max: number } | null }>;
const weightsOf = (all: Clusters) => new Map(Object.entries(all).map(([key, { weight }]) => [key, weight]));
const boundsOf = (all: Clusters): BoundsByName =>
  new Map(Object.entries(all).flatMap(([key, { bound }]) => (bound === null ? [] : [[key, bound] as const])));
const sum = (shares: ReadonlyMap<string, number>) => [...shares.values()].reduce((all, one) => all + one, 0);

/** A total that the clusters can hold. */
const fitting = clusters.chain((all) => {
  const { min, max } = capacityOf(weightsOf(all), boundsOf(all));
  return fc.record({ all: fc.constant(all), total: fc.integer({ min, max: Math.min(max, min + 300) }) });
});

describe('a division within bounds', () => {
  it('gives exactly the total, and every cluster a number within its bounds, by every method', () => {
    fc.assert(
      fc.property(fitting, method, ({ all, total }, by) => {
        const shares = divideWithin(total, weightsOf(all), boundsOf(all), by);
        expect(sum(shares)).toBe(total);
        for (const [key, { min, max }] of boundsOf(all)) {
          expect(shares.get(key)).toBeGreaterThanOrEqual(min);
          expect(shares.get(key)).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("takes no replica from any cluster when one more is divided by Webster's method", () => {
    fc.assert(
      fc.property(fitting, ({ all, total }) => {
        const [weights, bounds] = [weightsOf(all), boundsOf(all)];
        fc.pre(total < capacityOf(weights, bounds).max);
        const before = divideWithin(total, weights, bounds, ReplicaDivision.WEBSTER);
        for (const [key, after] of divideWithin(total + 1, weights, bounds, ReplicaDivision.WEBSTER))
          expect(after).toBeGreaterThanOrEqual(before.get(key) ?? 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the division without bounds where that is within them', () => {
    fc.assert(
      fc.property(clusters, fc.nat({ max: 200 }), method, (all, total, by) => {
        const free = divideReplicas(total, weightsOf(all), by);
        const wide = new Map([...free].map(([key, share]) => [key, { min: 0, max: share + 1 }]));
        expect(Object.fromEntries(divideWithin(total, weightsOf(all), wide, by))).toEqual(Object.fromEntries(free));
      }),
    );
  });

  it('gives what a bound keeps from one cluster to the others, by weight', () => {
    const weights = new Map([
      ['a', 6],
      ['b', 3],
      ['c', 1],
    ]);
    const bounds = new Map([['a', { min: 0, max: 4 }]]);
    const divide = (by: ReplicaDivision) => Object.fromEntries(divideWithin(20, weights, bounds, by));
    for (const by of Object.values(ReplicaDivision)) expect(divide(by)).toEqual({ a: 4, b: 12, c: 4 });
  });

  it('leaves clusters of weight 0 empty, whatever their bounds', () => {
    const weights = new Map([
      ['a', 1],
      ['b', 0],
    ]);
    const bounds = new Map([['b', { min: 3, max: 5 }]]);
    for (const by of Object.values(ReplicaDivision))
      expect(Object.fromEntries(divideWithin(7, weights, bounds, by))).toEqual({ a: 7, b: 0 });
  });
});
