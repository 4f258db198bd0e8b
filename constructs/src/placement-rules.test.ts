import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterFacts, Provider } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { HelmRelease } from './helm-release';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { type ServiceProps, Survive } from './service-props';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

const CLUSTERS: Record<string, ClusterFacts> = {
  sh1: { region: 'sh', zone: 'a', provider: Provider.ALIBABA_CLOUD, capacity: { cpu: '600', memory: '2Ti' } },
  sh2: { region: 'sh', zone: 'b', provider: Provider.ALIBABA_CLOUD, capacity: { cpu: '300' }, internetFacing: true },
  gz: { region: 'gz', zone: 'a', provider: Provider.QINGCLOUD, capacity: { cpu: '100500m' }, internetFacing: false },
};

interface Program {
  readonly placement: (clusters: ClusterSet) => Placement;
  readonly service?: Partial<ServiceProps>;
  readonly clusters?: Record<string, ClusterFacts>;
}

function program({ placement, service = { replicas: 12 }, clusters = CLUSTERS }: Program): (on: Platform) => void {
  return (platform) => {
    const set = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(clusters)) set.add(name, facts);
    const app = new MultiClusterApp(platform, 'mall', { placement: placement(set) });
    app.addService('cart', { image: 'cart:1', ...service });
  };
}

function divided(given: Program): Record<string, number> {
  const assembly = assemblyOf(program(given));
  return Object.fromEntries(
    assembly.manifest.clusters.flatMap(({ name, units }) =>
      units.length === 0 ? [] : [[name, assembly.object(name, 'mall/cart/Deployment').spec.replicas as number]],
    ),
  );
}

const refused = (given: Program): string[] =>
  problemsOfProgram(program(given)).map(({ code, path, what }) => `${code} ${path}: ${what}`);

describe('a placement', () => {
  it('covers a zone, clusters that the internet does not reach, and what is left when some are taken out', () => {
    expect(divided({ placement: () => Placement.inZone('a') })).toEqual({ sh1: 6, gz: 6 });
    expect(divided({ placement: () => Placement.notInternetFacing() })).toEqual({ gz: 12 });
    expect(divided({ placement: () => Placement.everywhere().excludingNamed('sh2', 'gz') })).toEqual({ sh1: 12 });
    expect(divided({ placement: (set) => Placement.everywhere().excluding(set.inRegion('sh')) })).toEqual({ gz: 12 });
  });

  it('refuses to leave out what does not exist, and everything', () => {
    expect(refused({ placement: () => Placement.everywhere().excludingNamed('bj') })).toEqual([
      'ORR2005 mall: The placement leaves out cluster "bj", which does not exist.',
    ]);
    expect(refused({ placement: (set) => Placement.inRegion('gz').excluding(set.all()) })).toEqual([
      'ORR2006 mall: The placement leaves out every cluster that it covers: gz.',
    ]);
    const weighted = () => Placement.weighted({ sh1: 1, gz: 1 }).excludingNamed('gz');
    expect(divided({ placement: weighted })).toEqual({ sh1: 12 });
  });

  it('takes the first group that covers a cluster, with what is said of the whole', () => {
    const groups = (...regions: string[]) => Placement.firstOf(...regions.map((region) => Placement.inRegion(region)));
    expect(divided({ placement: () => groups('bj', 'gz', 'sh') })).toEqual({ gz: 12 });
    expect(divided({ placement: () => groups('sh', 'gz').withWeights({ sh1: 2, sh2: 1 }) })).toEqual({
      sh1: 8,
      sh2: 4,
    });
    expect(divided({ placement: () => groups('sh', 'gz').excludingNamed('sh2') })).toEqual({ sh1: 12 });
    expect(refused({ placement: () => groups('bj', 'tj') })).toEqual([
      'ORR2006 mall: None of the placements that the placement chooses among selects a cluster.',
    ]);
    expect(refused({ placement: () => Placement.firstOf(Placement.named('bj'), Placement.inRegion('gz')) })).toEqual([
      'ORR2005 mall: The placement names cluster "bj", which does not exist.',
    ]);
    const mistakes = () => Placement.firstOf(Placement.weighted({ gz: -1 }), Placement.named('tj'));
    expect(refused({ placement: mistakes })).toEqual([
      'ORR2005 mall: The placement names cluster "tj", which does not exist.',
      'ORR2007 mall: The placement gives cluster "gz" the weight -1.',
    ]);
  });

  it('weighs by what the clusters have of a resource', () => {
    expect(divided({ placement: () => Placement.everywhere().weightedByCapacity('cpu') })).toEqual({
      sh1: 7,
      sh2: 4,
      gz: 1,
    });
    expect(refused({ placement: () => Placement.everywhere().weightedByCapacity('memory') })).toEqual([
      'ORR2013 mall: The placement weighs by memory, and cluster "sh2" does not say how much it has.',
      'ORR2013 mall: The placement weighs by memory, and cluster "gz" does not say how much it has.',
    ]);
    const clusters = { a: { capacity: { cpu: 'much' } } };
    expect(refused({ placement: () => Placement.everywhere(), clusters })).toEqual([
      'ORR2001 undefined: capacity: "much" (cpu) is no quantity as Kubernetes writes them.',
    ]);
  });
});

describe('bounds of a placement', () => {
  it('hold in each cluster, and what they keep away goes to the others', () => {
    const most = () => Placement.everywhere().withBounds({ sh1: { maxReplicas: 2 }, gz: { minReplicas: 6 } });
    expect(divided({ placement: most })).toEqual({ sh1: 2, sh2: 4, gz: 6 });
    const each = () => Placement.weighted({ sh1: 100, gz: 1 }).withBounds({}, { otherwise: { minReplicas: 2 } });
    expect(divided({ placement: each })).toEqual({ sh1: 10, gz: 2 });
  });

  it('hold for autoscalers and with headroom', () => {
    const placement = () => Placement.everywhere().withBounds({ sh1: { maxReplicas: 3 } });
    const service = { autoscaling: { minReplicas: 6, maxReplicas: 30 }, cpu: '1' };
    const assembly = assemblyOf(program({ placement, service }));
    const bounds = ['sh1', 'sh2', 'gz'].map((cluster) => {
      const { minReplicas, maxReplicas } = assembly.object(cluster, 'mall/cart/HorizontalPodAutoscaler').spec;
      return [minReplicas, maxReplicas];
    });
    expect(bounds).toEqual([
      [2, 3],
      [2, 13],
      [2, 14],
    ]);
    expect(divided({ placement, service: { replicas: 9, survive: Survive.ANY_CLUSTER } })).toEqual({
      sh1: 3,
      sh2: 6,
      gz: 6,
    });
  });

  it('are refused where the numbers of a service do not fit, also without one cluster that it shall survive', () => {
    const most = () => Placement.everywhere().withBounds({}, { otherwise: { minReplicas: 2, maxReplicas: 4 } });
    expect(refused({ placement: most, service: { replicas: 5 } })).toEqual([
      'ORR2012 mall/cart: replicas is 5, and the placement (its bounds and its spread) needs at least 6.',
    ]);
    expect(refused({ placement: most, service: { replicas: 13 } })).toEqual([
      'ORR2012 mall/cart: replicas is 13, and the clusters of the placement take at most 12.',
    ]);
    expect(refused({ placement: most, service: { replicas: 10, survive: Survive.ANY_CLUSTER } })).toEqual([
      'ORR2012 mall/cart: replicas is 10, and without "sh1" or "sh2" or "gz" the other clusters take fewer.',
    ]);
    expect(refused({ placement: most, service: { replicasPerCluster: 5 } })[0]).toBe(
      'ORR2012 mall/cart: replicasPerCluster is 5, and the placement wants at most 4 in cluster "sh1".',
    );
    expect(refused({ placement: most, service: {} })).toHaveLength(3);
  });

  it('are refused where they are no bounds, or of clusters that are not covered', () => {
    const bounded = (bounds: Parameters<Placement['withBounds']>[0]) => ({
      placement: () => Placement.inRegion('sh').withBounds(bounds),
    });
    expect(refused(bounded({ sh1: { minReplicas: 3, maxReplicas: 2 } }))[0]).toBe(
      'ORR2012 mall: The placement wants at least 3 and at most 2 replicas in cluster "sh1".',
    );
    expect(refused(bounded({ sh1: { maxReplicas: 1.5 } }))[0]).toBe(
      'ORR2011 mall: The placement has the maxReplicas 1.5 in cluster "sh1".',
    );
    expect(refused(bounded({ gz: {}, bj: {} }))).toEqual([
      'ORR2007 mall: The placement bounds the replicas in cluster "gz", which it does not select.',
      'ORR2005 mall: The placement bounds the replicas in cluster "bj", which does not exist.',
    ]);
    const weightless = () => Placement.weighted({ sh1: 1, gz: 0 }).withBounds({ gz: { minReplicas: 1 } });
    expect(refused({ placement: weightless })).toEqual([
      'ORR2012 mall: The placement wants at least 1 replicas in cluster "gz", which has weight 0.',
    ]);
  });
});

describe('spread of a placement', () => {
  it('puts replicas into as many regions as are asked for, where weights alone would not', () => {
    const weighted = () => Placement.weighted({ sh1: 100, sh2: 50, gz: 1 });
    expect(divided({ placement: weighted })).toEqual({ sh1: 8, sh2: 4, gz: 0 });
    expect(divided({ placement: () => weighted().spreadOver({ regions: 2 }) })).toEqual({ sh1: 7, sh2: 4, gz: 1 });
    const service = { replicas: 2 };
    expect(divided({ placement: () => weighted().spreadOver({ regions: 2 }), service })).toEqual({
      sh1: 1,
      sh2: 0,
      gz: 1,
    });
    expect(divided({ placement: () => weighted().spreadOver({ zones: 3 }), service: { replicas: 3 } })).toEqual({
      sh1: 1,
      sh2: 1,
      gz: 1,
    });
  });

  it('is refused where the clusters are in too few, do not say where they are, or the replicas are too few', () => {
    const spread = (least: Parameters<Placement['spreadOver']>[0]) => () => Placement.everywhere().spreadOver(least);
    expect(refused({ placement: spread({ regions: 3 }) })).toEqual([
      'ORR2021 mall: The placement is spread over at least 3 regions, and its clusters with weight are in 2 (sh, gz).',
    ]);
    const clusters = { ...CLUSTERS, bj: {} };
    expect(refused({ placement: spread({ regions: 2 }), clusters })).toEqual([
      'ORR2013 mall: The placement is spread over regions, and cluster "bj" does not say its region.',
    ]);
    expect(refused({ placement: spread({ regions: 2 }), service: { replicas: 1 } })).toEqual([
      'ORR2012 mall/cart: replicas is 1, and the placement (its bounds and its spread) needs at least 2.',
    ]);
    expect(refused({ placement: spread({ clusters: 0 }) })).toEqual([
      'ORR2011 mall: The placement is spread over at least 0 clusters.',
    ]);
  });

  it('is refused for releases, too, that have no replicas to divide', () => {
    const problems = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('sh1', { region: 'sh' });
      const placement = Placement.everywhere().spreadOver({ regions: 2 });
      new HelmRelease(platform, 'redis', {
        repository: 'https://charts.example.com',
        chart: 'redis',
        version: '1.0.0',
        namespaceName: 'redis',
        placement,
      });
    });
    expect(problems.map(({ code }) => code)).toEqual(['ORR2021']);
  });

  it('holds for every number of replicas that is enough, any weights and regions', () => {
    const facts = fc.record({
      weight: fc.integer({ min: 1, max: 1000 }),
      region: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
    });
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 8 }), fc.nat({ max: 40 }), (all, more) => {
        const regions = new Set(all.map(({ region }) => region)).size;
        const names = all.map((_, index) => `c${index}`);
        const shares = divided({
          clusters: Object.fromEntries(all.map(({ region }, index) => [names[index], { region }])),
          placement: () =>
            Placement.weighted(Object.fromEntries(all.map(({ weight }, index) => [names[index], weight]))).spreadOver({
              regions,
            }),
          service: { replicas: regions + more },
        });
        const reached = all.filter((_, index) => (shares[`c${index}`] ?? 0) > 0).map(({ region }) => region);
        expect(new Set(reached).size).toBe(regions);
      }),
      { numRuns: 60 },
    );
  });
});
