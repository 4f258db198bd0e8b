import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../cluster';
import { ClusterSet } from '../cluster-set';
import { testPlatform } from '../synthesis.test-support';
import { type Report, type RoutingRules, resolveRouting } from './global-routing-rules';

const fleet = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), { minLength: 1, maxLength: 8 });

function clustersOf(names: readonly string[]): Cluster[] {
  const set = new ClusterSet(testPlatform(), 'clusters');
  return names.map((name) => set.add(name));
}

function resolved(rules: RoutingRules, weights: ReadonlyMap<Cluster, number>) {
  const codes: string[] = [];
  const report: Report = ({ code }) => codes.push(code);
  return { routing: resolveRouting(rules, weights, report), codes };
}

describe('the routing of an address, for any clusters', () => {
  it('fails over to every cluster exactly once, the named ones first', () => {
    fc.assert(
      fc.property(fleet, fc.nat(), fc.nat(), (names, howMany, turn) => {
        const clusters = clustersOf(names);
        const rotated = names.map((_, i) => names[(i + turn) % names.length] as string);
        const first = rotated.slice(0, 1 + (howMany % names.length));
        const weights = new Map(clusters.map((cluster) => [cluster, 1]));
        const { routing, codes } = resolved({ type: 'failover', clusters: first }, weights);
        expect(codes).toEqual([]);
        if (routing?.type !== 'failover') throw new Error('no failover');
        expect(routing.order).toHaveLength(clusters.length);
        expect(new Set(routing.order)).toEqual(new Set(clusters));
        expect(routing.order.slice(0, first.length).map(String)).toEqual(first);
        const others = clusters.filter((cluster) => !first.includes(cluster.clusterName));
        expect(routing.order.slice(first.length)).toEqual(others);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the proportions of weights, for every cluster and without common divisor', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 8, maxLength: 8 }),
        (names, given) => {
          const clusters = clustersOf(names);
          const weights = new Map(clusters.map((cluster, i) => [cluster, given[i] as number]));
          const { routing } = resolved({ type: 'weighted' }, weights);
          if (routing?.type !== 'weighted') throw new Error('no weights');
          expect([...routing.weights.keys()]).toEqual(clusters);
          const total = [...weights.values()].reduce((a, b) => a + b, 0);
          const sum = [...routing.weights.values()].reduce((a, b) => a + b, 0);
          for (const [cluster, weight] of routing.weights)
            expect(weight * total).toBe((weights.get(cluster) ?? 0) * sum);
          const numbers = [...routing.weights.values()];
          const divisors = Array.from({ length: sum - 1 }, (_, at) => at + 2);
          expect(divisors.filter((divisor) => numbers.every((number) => number % divisor === 0))).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('sends users of every region to exactly one cluster, and everybody else to one', () => {
    const regions = fc.uniqueArray(fc.stringMatching(/^[A-Z]{2}(-[A-Z]{2})?$/), { maxLength: 12 });
    fc.assert(
      fc.property(fleet, regions, fc.nat(), (names, codes, turn) => {
        const clusters = clustersOf(names);
        const users: { [cluster: string]: string[] } = Object.fromEntries(names.map((name) => [name, []]));
        for (const [i, code] of codes.entries()) users[names[i % names.length] as string]?.push(code);
        const otherwise = names[turn % names.length] as string;
        const weights = new Map(clusters.map((cluster) => [cluster, 1]));
        const { routing, codes: found } = resolved({ type: 'nearest', users, otherwise }, weights);
        expect(found).toEqual([]);
        if (routing?.type !== 'nearest') throw new Error('no regions');
        expect([...(routing.users?.regions.keys() ?? [])].sort()).toEqual([...codes].sort());
        expect(String(routing.users?.otherwise)).toBe(otherwise);
        for (const [code, cluster] of routing.users?.regions ?? []) expect(users[cluster.clusterName]).toContain(code);
      }),
      { numRuns: 100 },
    );
  });

  it('says what is wrong with an order or with weights', () => {
    const [a, b] = clustersOf(['a', 'b']) as [Cluster, Cluster];
    const even = new Map([
      [a, 1],
      [b, 1],
    ]);
    const codes = (rules: RoutingRules, weights = even) => resolved(rules, weights).codes;
    expect(codes({ type: 'failover', clusters: [] })).toEqual(['ORR2012']);
    expect(codes({ type: 'failover', clusters: ['a', 'a'] })).toEqual(['ORR2004']);
    expect(codes({ type: 'failover', clusters: ['c'] })).toEqual(['ORR2005']);
    expect(codes({ type: 'failover', clusters: ['a'] }, new Map([[a, 0]]))).toEqual(['ORR2012']);
    expect(codes({ type: 'weighted', weights: { a: 1 } })).toEqual(['ORR2007']);
    expect(codes({ type: 'weighted', weights: { a: 1, b: 0.5 } })).toEqual(['ORR2007']);
    expect(codes({ type: 'weighted', weights: { a: 0, b: 0 } })).toEqual(['ORR2007']);
    expect(codes({ type: 'weighted', weights: { a: 1, b: 1, c: 1 } })).toEqual(['ORR2005']);
    expect(codes({ type: 'weighted', weights: { a: 1 } }, new Map([[a, 0]]))).toEqual(['ORR2012']);
  });
});
