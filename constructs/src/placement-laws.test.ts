import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterFacts, Provider } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { ReplicaDivision } from './replica-division';
import { Survive } from './service-props';
import { type Assembly, assemblyOf, problemsOf, testPlatform } from './synthesis.test-support';

/** A cluster of a random platform, as the placement sees it. */
interface Member {
  readonly weight: number;
  readonly min: number;
  /** Above `min`; undefined: any number. */
  readonly room: number | undefined;
  readonly internetFacing: boolean | undefined;
}

const member = fc.record<Member>({
  weight: fc.integer({ min: 0, max: 20 }),
  min: fc.nat(2),
  room: fc.option(fc.nat(8), { nil: undefined }),
  internetFacing: fc.option(fc.boolean(), { nil: undefined }),
});
const members = fc
  .array(member, { minLength: 1, maxLength: 6 })
  .filter((all) => all.some(({ weight, min, room }) => weight > 0 && min + (room ?? 1) > 0));
const divisions = fc.constantFrom(...Object.values(ReplicaDivision));

const nameOf = (at: number) => `c${at}`;
const maxOf = ({ min, room }: Member) => (room === undefined ? undefined : min + room);

function placementOf(all: readonly Member[]): Placement {
  const weights = Object.fromEntries(all.map(({ weight }, at) => [nameOf(at), weight]));
  const bounds = all.flatMap((one, at) => {
    const maxReplicas = maxOf(one);
    const most = maxReplicas === undefined ? {} : { maxReplicas };
    return one.weight === 0 ? [] : [[nameOf(at), { minReplicas: one.min, ...most }]];
  });
  return Placement.weighted(weights).withBounds(Object.fromEntries(bounds));
}

/** A total that the members can hold: as far between their fewest and most as `part` says. */
function totalFor(all: readonly Member[], part: number): number {
  const takers = all.filter(({ weight }) => weight > 0);
  const least = takers.reduce((sum, { min }) => sum + min, 0);
  const most = takers.reduce((sum, one) => sum + (maxOf(one) ?? one.min + 20), 0);
  return least + Math.round(part * (most - least));
}

const parts = fc.double({ min: 0, max: 1, noNaN: true });

interface Program {
  readonly clusters: Record<string, ClusterFacts>;
  readonly placement: Placement;
  readonly replicas: number;
  readonly division?: ReplicaDivision;
  readonly survive?: Survive;
}

function program({ clusters, placement, replicas, division, survive }: Program): (platform: Platform) => void {
  return (platform) => {
    const set = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(clusters)) set.add(name, facts);
    const replicaDivision = division === undefined ? {} : { replicaDivision: division };
    const app = new MultiClusterApp(platform, 'mall', { placement, ...replicaDivision });
    app.addService('cart', { image: 'cart:1', replicas, ...(survive === undefined ? {} : { survive }) });
  };
}

/** Replicas of the service in each cluster that has it. */
function sharesIn(assembly: Assembly): Map<string, number> {
  return new Map(
    assembly.manifest.clusters.flatMap(({ name, units }) =>
      units.length === 0 ? [] : [[name, assembly.object(name, 'mall/cart/Deployment').spec.replicas as number]],
    ),
  );
}

const factsOf = (all: readonly Member[]): Record<string, ClusterFacts> =>
  Object.fromEntries(
    all.map(({ internetFacing }, at) => [nameOf(at), internetFacing === undefined ? {} : { internetFacing }]),
  );
const shares = (given: Program) => sharesIn(assemblyOf(program(given)));
const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, one) => all + one, 0);

const FEW = { numRuns: 30 };

describe('whatever the clusters, weights and bounds are', () => {
  it('the shares of all clusters are the total, by every division, and none leaves its bounds', () => {
    fc.assert(
      fc.property(members, parts, divisions, (all, part, division) => {
        const replicas = totalFor(all, part);
        const own = shares({ clusters: factsOf(all), placement: placementOf(all), replicas, division });
        expect(sum(own.values())).toBe(replicas);
        for (const [at, one] of all.entries()) {
          const share = own.get(nameOf(at));
          if (one.weight === 0) expect(share).toBe(0);
          else {
            expect(share).toBeGreaterThanOrEqual(one.min);
            expect(share).toBeLessThanOrEqual(maxOf(one) ?? Number.POSITIVE_INFINITY);
          }
        }
      }),
      FEW,
    );
  });

  it("one replica more takes none away from any cluster, by Webster's method", () => {
    fc.assert(
      fc.property(members, parts, (all, part) => {
        const most = totalFor(all, 1);
        const replicas = Math.min(totalFor(all, part), most - 1);
        fc.pre(replicas >= totalFor(all, 0));
        const given = { clusters: factsOf(all), placement: placementOf(all) };
        const [before, after] = [shares({ ...given, replicas }), shares({ ...given, replicas: replicas + 1 })];
        for (const [name, share] of before) expect(after.get(name)).toBeGreaterThanOrEqual(share);
      }),
      FEW,
    );
  });

  it('what is left when any one cluster is gone is the total, where that shall survive', () => {
    const unbounded = fc
      .array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 6 })
      .filter((weights) => weights.filter((weight) => weight > 0).length > 1);
    fc.assert(
      fc.property(unbounded, fc.nat(40), divisions, (weights, replicas, division) => {
        const named = Object.fromEntries(weights.map((weight, at) => [nameOf(at), weight]));
        const placement = Placement.weighted(named);
        const clusters = Object.fromEntries(Object.keys(named).map((name) => [name, {}]));
        const own = shares({ clusters, placement, replicas, division, survive: Survive.ANY_CLUSTER });
        for (const gone of own.values()) expect(sum(own.values()) - gone).toBeGreaterThanOrEqual(replicas);
      }),
      FEW,
    );
  });

  it('nothing goes where the internet reaches, or nobody says that it does not, by a placement that keeps away from it', () => {
    fc.assert(
      fc.property(members, fc.integer({ min: 1, max: 20 }), (all, replicas) => {
        const given = { clusters: factsOf(all), placement: Placement.notInternetFacing(), replicas };
        const safe = all.flatMap(({ internetFacing }, at) => (internetFacing === false ? [nameOf(at)] : []));
        if (safe.length > 0) expect([...shares(given).keys()]).toEqual(safe);
        else {
          const platform = testPlatform();
          program(given)(platform);
          expect(problemsOf(() => platform.synth()).map(({ code }) => code)).toEqual(['ORR2006']);
        }
      }),
      FEW,
    );
  });

  it('a cluster that comes into the set has a share, or is refused until somebody says what it weighs: never a silent 0', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 9 }), (known, otherwise) => {
        const named = Object.fromEntries(known.map((weight, at) => [nameOf(at), weight]));
        const clusters = Object.fromEntries([...Object.keys(named), 'new'].map((name) => [name, {}]));
        // Enough for everyone: Webster gives each taker one before the largest weight has 2 × 9 of them.
        const replicas = 200;
        expect(shares({ clusters, placement: Placement.everywhere(), replicas }).get('new')).toBeGreaterThan(0);
        const weighed = Placement.everywhere().withWeights(named, { otherwise });
        expect(shares({ clusters, placement: weighed, replicas }).get('new')).toBeGreaterThan(0);
        const platform = testPlatform();
        program({ clusters, placement: Placement.everywhere().withWeights(named), replicas })(platform);
        expect(problemsOf(() => platform.synth()).map(({ code, what }) => `${code} ${what}`)).toEqual([
          'ORR2007 The placement covers cluster "new" but gives it no weight.',
        ]);
        const chosen = Placement.everywhere().withWeights(named, { otherwise: 0 });
        expect(shares({ clusters, placement: chosen, replicas }).get('new')).toBe(0);
      }),
      FEW,
    );
  });

  it('a placement that overflows fills its groups one after the other, holds the total, and takes nothing away with one more', () => {
    const group = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 9 }), min: fc.nat(1), room: fc.nat(5) }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(group, { minLength: 2, maxLength: 3 }), parts, divisions, (groups, part, division) => {
        const all = groups.flatMap((own, g) => own.map((one, at) => ({ ...one, g, name: `g${g}-${at}` })));
        const placements = groups.map((_, g) => {
          const own = all.filter((one) => one.g === g);
          return Placement.weighted(Object.fromEntries(own.map(({ name, weight }) => [name, weight]))).withBounds(
            Object.fromEntries(own.map(({ name, min, room }) => [name, { minReplicas: min, maxReplicas: min + room }])),
          );
        });
        const [first, ...further] = placements as [Placement, ...Placement[]];
        const placement = first.overflowTo(...further);
        const clusters = Object.fromEntries(all.map(({ name }) => [name, {}]));
        const least = sum(all.map(({ min }) => min));
        const most = sum(all.map(({ min, room }) => min + room));
        const replicas = least + Math.floor(part * (most - least));
        const own = shares({ clusters, placement, replicas, division });
        expect(sum(own.values())).toBe(replicas);
        const isAbove = (g: number) => all.some((one) => one.g === g && (own.get(one.name) ?? 0) > one.min);
        const isFull = (g: number) => all.every((one) => one.g !== g || own.get(one.name) === one.min + one.room);
        for (const g of groups.keys())
          if (isAbove(g)) for (let before = 0; before < g; before++) expect(isFull(before)).toBe(true);
        if (division !== ReplicaDivision.WEBSTER || replicas === most) return;
        const after = shares({ clusters, placement, replicas: replicas + 1, division });
        for (const [name, share] of own) expect(after.get(name)).toBeGreaterThanOrEqual(share);
      }),
      FEW,
    );
  });

  it('a sensitive app is never placed by provider, region or label where it must not be: the declaration goes to every check', () => {
    const clusters = {
      own: { provider: Provider.ON_PREMISES, internetFacing: false },
      cloud: { internetFacing: true },
    };
    const assembly = assemblyOf((platform) => {
      const set = new ClusterSet(platform, 'clusters');
      for (const [name, facts] of Object.entries(clusters)) set.add(name, facts);
      const placement = Placement.withProvider(Provider.ON_PREMISES);
      new MultiClusterApp(platform, 'ledger', { placement, sensitive: true }).addService('book', { image: 'book:1' });
    });
    expect(assembly.manifest.apps).toEqual([{ path: 'ledger', sensitive: true }]);
    expect(assembly.units('cloud')).toEqual([]);
  });
});
