import { describe, expect, it } from 'vitest';
import { Environment, Provider } from './cluster-facts';
import { ClusterSelection } from './cluster-selection';
import { ClusterSet } from './cluster-set';
import { HelmRelease } from './helm-release';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { assemblyOf, codesOf, problemsOf, problemsOfProgram, testPlatform } from './synthesis.test-support';

function shopClusters(platform: Platform): ClusterSet {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('prod-sh', {
    provider: Provider.ALIBABA_CLOUD,
    region: 'cn-shanghai',
    environment: Environment.PRODUCTION,
    labels: { tier: 'gold', pci: 'yes' },
  });
  clusters.add('prod-gz', {
    provider: Provider.QINGCLOUD,
    region: 'gd2',
    environment: Environment.PRODUCTION,
    labels: { tier: 'silver' },
  });
  clusters.add('ops', {
    provider: Provider.ON_PREMISES,
    environment: Environment.OPERATIONS,
    labels: { tier: 'gold' },
  });
  return clusters;
}

/** Replicas of a service of 12 by cluster; clusters without the app are absent. */
function divided(placement: (clusters: ClusterSet) => Placement): Record<string, number> {
  const assembly = assemblyOf((platform) => {
    const clusters = shopClusters(platform);
    const app = new MultiClusterApp(platform, 'mall', { placement: placement(clusters) });
    app.addService('cart', { image: 'cart:1', replicas: 12 });
  });
  return Object.fromEntries(
    assembly.manifest.clusters.flatMap(({ name, units }) =>
      units.length === 0 ? [] : [[name, assembly.object(name, 'mall/cart/Deployment').spec.replicas as number]],
    ),
  );
}

function refused(placement: (clusters: ClusterSet) => Placement): string[] {
  return problemsOfProgram((platform) => {
    const clusters = shopClusters(platform);
    const app = new MultiClusterApp(platform, 'mall', { placement: placement(clusters) });
    app.addService('cart', { image: 'cart:1', replicas: 12 });
  }).map((problem) => `${problem.code} ${problem.path}: ${problem.what} ${problem.fix}`);
}

describe('a placement', () => {
  it('covers every cluster, the named ones, or those with certain facts', () => {
    expect(divided(() => Placement.everywhere())).toEqual({ 'prod-sh': 4, 'prod-gz': 4, ops: 4 });
    expect(divided(() => Placement.named('ops', 'prod-sh'))).toEqual({ 'prod-sh': 6, ops: 6 });
    expect(divided(() => Placement.byLabels({ tier: 'gold' }))).toEqual({ 'prod-sh': 6, ops: 6 });
    expect(divided(() => Placement.byLabels({ tier: 'gold', pci: 'yes' }))).toEqual({ 'prod-sh': 12 });
    expect(divided(() => Placement.inEnvironment(Environment.PRODUCTION))).toEqual({ 'prod-sh': 6, 'prod-gz': 6 });
    expect(divided(() => Placement.inRegion('gd2'))).toEqual({ 'prod-gz': 12 });
    expect(divided(() => Placement.withProvider(Provider.ON_PREMISES))).toEqual({ ops: 12 });
  });

  it('covers a selection, also clusters that are added to it later', () => {
    expect(divided((clusters) => Placement.on(clusters.cluster('ops')))).toEqual({ ops: 12 });
    expect(
      divided((clusters) => Placement.on(clusters.withLabels({ tier: 'gold' }).inEnvironment(Environment.PRODUCTION))),
    ).toEqual({ 'prod-sh': 12 });
    expect(divided((clusters) => Placement.on(clusters.all().excluding(clusters.cluster('ops'))))).toEqual({
      'prod-sh': 6,
      'prod-gz': 6,
    });
    expect(
      divided((clusters) =>
        Placement.on(ClusterSelection.union(clusters.named('ops'), clusters.inRegion('gd2'), clusters.named('ops'))),
      ),
    ).toEqual({
      'prod-gz': 6,
      ops: 6,
    });
    const late = divided((clusters) => {
      const placement = Placement.on(clusters.inEnvironment(Environment.PRODUCTION));
      clusters.add('prod-bj', { environment: Environment.PRODUCTION });
      return placement;
    });
    expect(late).toEqual({ 'prod-sh': 4, 'prod-gz': 4, 'prod-bj': 4 });
  });

  it('divides replicas by weight', () => {
    expect(divided(() => Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }))).toEqual({ 'prod-sh': 8, 'prod-gz': 4 });
    expect(divided(() => Placement.everywhere().withWeights({ 'prod-sh': 2, 'prod-gz': 1, ops: 1 }))).toEqual({
      'prod-sh': 6,
      'prod-gz': 3,
      ops: 3,
    });
  });

  it('places an app with no replica where the program says so, by weight 0', () => {
    expect(divided(() => Placement.weighted({ 'prod-sh': 1, 'prod-gz': 0 }))).toEqual({ 'prod-sh': 12, 'prod-gz': 0 });
    expect(divided(() => Placement.everywhere().withWeights({ 'prod-sh': 1 }, { otherwise: 0 }))).toEqual({
      'prod-sh': 12,
      'prod-gz': 0,
      ops: 0,
    });
  });

  it('is refused where it names an unknown cluster, with the known ones', () => {
    expect(refused(() => Placement.weighted({ 'prod-sh': 2, 'prod-bj': 1 }))).toEqual([
      'ORR2005 mall: The placement gives weight to cluster "prod-bj", which does not exist. Known: prod-sh, prod-gz, ops.',
    ]);
    expect(refused(() => Placement.named('prod-bj'))).toEqual([
      'ORR2005 mall: The placement names cluster "prod-bj", which does not exist. Known: prod-sh, prod-gz, ops.',
    ]);
    expect(refused((clusters) => Placement.on(clusters.named('prod-bj')))).toEqual([
      'ORR2005 clusters: There is no cluster "prod-bj" in this set. Known: prod-sh, prod-gz, ops.',
    ]);
    expect(
      refused(() => Placement.everywhere().withWeights({ 'prod-sh': 1, 'prod-gz': 1, ops: 1, toString: 1 })),
    ).toEqual([
      'ORR2005 mall: The placement gives weight to cluster "toString", which does not exist. Known: prod-sh, prod-gz, ops.',
    ]);
  });

  it('is refused where it selects nothing', () => {
    expect(refused(() => Placement.byLabels({ tier: 'bronze' }))).toEqual([
      'ORR2006 mall: The placement byLabels(tier=bronze) selects no cluster. The platform has: prod-sh, prod-gz, ops.',
    ]);
    expect(refused(() => Placement.named())[0]).toMatch(/^ORR2006 mall: The placement names no cluster\./);
    expect(refused(() => Placement.weighted({}))[0]).toMatch(/^ORR2006/);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '2' as unknown as number])(
    'is refused for the weight %s',
    (weight) => {
      expect(refused(() => Placement.weighted({ 'prod-sh': 1, 'prod-gz': weight }))).toEqual([
        `ORR2007 mall: The placement gives cluster "prod-gz" the weight ${weight}. Weights are whole numbers from 0 on.`,
      ]);
    },
  );

  it.each([-1, 0.5, Number.NaN])('is refused where clusters without a weight of their own get %s', (otherwise) => {
    expect(refused(() => Placement.everywhere().withWeights({ 'prod-sh': 1 }, { otherwise }))).toEqual([
      `ORR2007 mall: The placement gives clusters without a weight of their own the weight ${otherwise}. Weights are whole numbers from 0 on.`,
    ]);
  });

  it('is refused where all weights are 0', () => {
    expect(refused(() => Placement.weighted({ 'prod-sh': 0, 'prod-gz': 0 }))).toEqual([
      'ORR2007 mall: All weights of the placement are 0. Give at least one cluster a weight.',
    ]);
  });

  it('is refused where it covers a cluster without weight, or weighs one that it does not cover', () => {
    expect(
      refused(() => Placement.inEnvironment(Environment.PRODUCTION).withWeights({ 'prod-sh': 1, ops: 1 })),
    ).toEqual([
      'ORR2007 mall: The placement gives weight to cluster "ops", which it does not select. Remove the weight or select the cluster.',
      'ORR2007 mall: The placement covers cluster "prod-gz" but gives it no weight. Give it a weight, or say what clusters without one get: withWeights(…, { otherwise: 0 }).',
    ]);
  });

  it('is refused where it names a cluster twice', () => {
    expect(refused(() => Placement.named('ops', 'ops'))).toEqual([
      'ORR2004 mall: The placement names cluster "ops" twice. Name it once.',
    ]);
  });

  it('is needed in the platform and refused inside a cluster', () => {
    const props = {
      chart: 'gateway',
      repository: 'https://charts.example.com',
      version: '1.2.3',
      namespaceName: 'gateway',
    };
    const problems = problemsOfProgram((platform) => {
      const clusters = shopClusters(platform);
      new HelmRelease(platform, 'one', props);
      new HelmRelease(clusters.cluster('ops'), 'two', { ...props, placement: Placement.everywhere() });
      new MultiClusterApp(clusters.cluster('ops'), 'three', { placement: Placement.everywhere() });
    });
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual([
      ['ORR2017', 'three'],
      ['ORR2017', 'one'],
      ['ORR2017', 'two'],
    ]);
  });
});

describe('a cluster set', () => {
  it('has its own clusters only, the platform has all', () => {
    const platform = testPlatform();
    const [a, b] = [new ClusterSet(platform, 'a'), new ClusterSet(platform, 'b')];
    a.add('one');
    b.add('two');
    expect(a.selectedClusters.map(String)).toEqual(['one']);
    expect(platform.clusters.map(String)).toEqual(['one', 'two']);
    expect(a.all().excluding(b).selectedClusters.map(String)).toEqual(['one']);
  });

  it('says which clusters it has when asked for another', () => {
    const set = shopClusters(testPlatform());
    const problems = problemsOf(() => set.cluster('prod'));
    expect(codesOf(problems)).toEqual(['ORR2005']);
    expect(problems[0]).toMatchObject({
      fix: 'Known: prod-sh, prod-gz, ops.',
      source: expect.stringMatching(/placement\.test\.ts:\d+$/),
    });
  });

  it('selects by labels of the cluster itself, not by what every object has', () => {
    const set = shopClusters(testPlatform());
    expect(set.withLabels({ constructor: 'x' }).selectedClusters).toEqual([]);
    expect(set.withProvider(Provider.QINGCLOUD).inRegion('gd2').selectedClusters.map(String)).toEqual(['prod-gz']);
  });
});
