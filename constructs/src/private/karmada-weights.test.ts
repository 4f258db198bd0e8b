import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webster } from '../karmada.test-support';
import { divideReplicas, ReplicaDivision } from '../replica-division';
import { dividesInto, untied, weightsFor } from './karmada-weights';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const weights = fc
  .array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: NAMES.length })
  .filter((list) => list.some((weight) => weight > 0))
  .map((list) => new Map(list.map((weight, i) => [NAMES[i] as string, weight])));

/** What Karmada makes of weights, with 0 for clusters that it leaves out. */
function karmada(total: number, list: ReadonlyMap<string, number>, names: Iterable<string>, odd: boolean) {
  const shares = webster(total, list, odd);
  return Object.fromEntries([...names].map((name) => [name, shares.get(name) ?? 0]));
}

describe('weights for Karmada', () => {
  it('divide, for all weights and totals, as the program does by its method, whatever the UID of the binding', () => {
    fc.assert(
      fc.property(
        weights,
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom(...Object.values(ReplicaDivision)),
        (declared, total, method) => {
          const shares = divideReplicas(total, declared, method);
          const given = weightsFor(shares, declared);
          for (const weight of given.values()) expect(weight).toBeGreaterThanOrEqual(1);
          if (total === 0) return;
          for (const odd of [false, true])
            expect(karmada(total, given, shares.keys(), odd)).toEqual(Object.fromEntries(shares));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('divide into any shares at all: those that bounds, headroom and overrides leave', () => {
    fc.assert(
      fc.property(weights, weights, (shares, declared) => {
        const same = new Map([...shares].map(([name]) => [name, declared.get(name) ?? 1]));
        const total = [...shares.values()].reduce((sum, one) => sum + one, 0);
        const given = weightsFor(shares, same);
        for (const odd of [false, true])
          expect(karmada(total, given, shares.keys(), odd)).toEqual(Object.fromEntries(shares));
      }),
      { numRuns: 1000 },
    );
  });

  it('are said to divide into shares exactly where Karmada does so for even and odd UIDs', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 30 }), weights, (list, total, other) => {
        const shares = divideReplicas(total, list);
        const sameNames = new Map([...shares].map(([name]) => [name, other.get(name) ?? 0]));
        const taking = new Map([...sameNames].filter(([, weight]) => weight > 0));
        const expected = [false, true].every(
          (odd) =>
            taking.size > 0 &&
            JSON.stringify(karmada(total, taking, shares.keys(), odd)) === JSON.stringify(Object.fromEntries(shares)),
        );
        expect(dividesInto(sameNames, shares)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('are the declared ones, reduced, where no tie depends on the UID', () => {
    const declared = new Map([
      ['a', 4],
      ['b', 2],
    ]);
    expect([...weightsFor(divideReplicas(12, declared), declared)]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('decide a tie by name and keep their ratio', () => {
    const declared = new Map([
      ['a', 1],
      ['b', 1],
    ]);
    const given = weightsFor(divideReplicas(5, declared), declared);
    expect([...given]).toEqual([
      ['a', 102],
      ['b', 101],
    ]);
    expect(untied(new Map([['a', Number.MAX_SAFE_INTEGER]]), 3)).toBeUndefined();
  });

  it('are the shares where nothing else gives them', () => {
    const shares = new Map([
      ['a', 1],
      ['b', 9],
    ]);
    expect([...weightsFor(shares, new Map([...shares.keys()].map((name) => [name, 1])))]).toEqual([...shares]);
  });
});
