import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster';
import { MultiClusterApp } from '../multi-cluster-app';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import type { ClusterMetrics, PrometheusProps, ThanosHashring, ThanosProps } from './metric-props';
import { MetricStore } from './metric-store';
import { ObservabilityStack } from './observability-stack';

const RECEIVE = { url: 'https://metrics.example.com/api/v1/receive' };
const objectStorage = { secret: 'thanos-objects', key: 'objstore.yml' };
const everywhere = Placement.everywhere();

/** A fleet: tenants of it, by cluster, with their namespaces. */
const fleet = fc.record({
  clusters: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/), { minLength: 1, maxLength: 8 }),
  agents: fc.array(fc.nat(7), { maxLength: 4 }),
  tenants: fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^t[a-z0-9]{1,6}$/),
      in: fc.nat(7),
      namespaces: fc.integer({ min: 1, max: 3 }),
    }),
    { selector: ({ name }) => name, maxLength: 4 },
  ),
  labels: fc.dictionary(fc.stringMatching(/^l[a-z_]{0,5}$/), fc.stringMatching(/^[a-z0-9.-]{1,8}$/), { maxKeys: 3 }),
});
type Fleet = typeof fleet extends fc.Arbitrary<infer T> ? T : never;

const namespacesOf = ({ name, namespaces }: Fleet['tenants'][number]) =>
  Array.from({ length: namespaces }, (_, at) => `${name}-${at}`);

function observed(platform: Platform, { clusters, agents, tenants, labels }: Fleet): void {
  for (const name of clusters) new Cluster(platform, name, { apiVersions: ['monitoring.thanos.io/v1alpha1'] });
  const at = (index: number) => clusters[index % clusters.length] ?? '';
  const said: Record<string, ClusterMetrics> = Object.fromEntries(agents.map((index) => [at(index), { agent: true }]));
  const workspaces = tenants.map(
    (tenant) =>
      new Workspace(platform, tenant.name, {
        placement: Placement.named(at(tenant.in)),
        namespaces: namespacesOf(tenant),
      }),
  );
  const hashrings: ThanosHashring[] = [
    ...tenants.map(({ name }) => ({ name, tenants: [name], storage: '10Gi' })),
    { name: 'rest', storage: '10Gi' },
  ];
  new ObservabilityStack(platform, 'watch', {
    placement: everywhere,
    centre: Placement.named(clusters[0] ?? ''),
    workspaces,
    metrics: MetricStore.thanos({ receive: RECEIVE, objectStorage, hashrings, externalLabels: labels, clusters: said }),
  });
}

function spec(assembly: Assembly, cluster: string): AnyObject {
  const [release] = assembly.unit(cluster, 'watch/prometheus').helmReleases ?? [];
  return (release as AnyObject).values.prometheus.prometheusSpec;
}

describe('for all fleets', () => {
  it('external labels tell every cluster from all others', () => {
    fc.assert(
      fc.property(fleet, (drawn) => {
        const assembly = assemblyOf((platform) => observed(platform, drawn));
        const labels = drawn.clusters.map((cluster) => spec(assembly, cluster).externalLabels);
        expect(new Set(labels.map(({ cluster }) => cluster)).size).toBe(drawn.clusters.length);
        for (const [at, own] of labels.entries()) expect(own).toEqual({ ...drawn.labels, cluster: drawn.clusters[at] });
      }),
      { numRuns: 20 },
    );
  });

  it('every series is sent once, as that of the tenant in whose namespace it is', () => {
    fc.assert(
      fc.property(fleet, fc.string(), (drawn, other) => {
        const assembly = assemblyOf((platform) => observed(platform, drawn));
        for (const [at, cluster] of drawn.clusters.entries()) {
          const here = drawn.tenants.filter((tenant) => tenant.in % drawn.clusters.length === at);
          const namespaces = [
            ...here.flatMap(namespacesOf),
            'kube-system',
            '',
            other,
            'x',
            ...here.map(({ name }) => name),
          ];
          for (const namespace of namespaces) {
            const takers = spec(assembly, cluster).remoteWrite.filter(({ writeRelabelConfigs = [] }: AnyObject) =>
              writeRelabelConfigs.every(
                // Anchored, as Prometheus reads it.
                ({ regex, action }: AnyObject) => new RegExp(`^(?:${regex})$`).test(namespace) === (action === 'keep'),
              ),
            );
            const tenant = here.find((one) => namespacesOf(one).includes(namespace))?.name ?? 'platform';
            expect(takers.map(({ headers }: AnyObject) => headers['THANOS-TENANT'])).toEqual([tenant]);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('every tenant has one hashring, and every hashring as many receivers as it keeps copies', () => {
    fc.assert(
      fc.property(fleet, (drawn) => {
        const assembly = assemblyOf((platform) => observed(platform, drawn));
        const { ingesterSpec, routerSpec } = assembly.object(
          drawn.clusters[0] ?? '',
          'watch/thanos/ThanosReceive',
        ).spec;
        const rings: AnyObject[] = ingesterSpec.hashrings;
        expect(new Set(rings.map(({ name }) => name)).size).toBe(rings.length);
        const named = rings.flatMap(({ tenancyConfig }) => tenancyConfig.tenants ?? []);
        expect([...named].sort()).toEqual(drawn.tenants.map(({ name }) => name).sort());
        expect(rings.filter(({ tenancyConfig }) => tenancyConfig.tenants === undefined)).toHaveLength(1);
        expect(rings.at(-1).tenancyConfig.tenants).toBeUndefined();
        for (const { replicas } of rings) expect(replicas).toBeGreaterThanOrEqual(routerSpec.replicationFactor);
      }),
      { numRuns: 15 },
    );
  });
});

/** None where it is synthesized. */
function problemsIn(make: (platform: Platform) => void) {
  try {
    assemblyOf(make);
  } catch {
    return problemsOfProgram(make);
  }
  return [];
}

describe('the budget of a cluster', () => {
  const refused = (props: PrometheusProps, more: (platform: Platform) => void = () => undefined, pods?: string) =>
    problemsIn((platform) => {
      new Cluster(platform, 'sh', pods === undefined ? {} : { capacity: { pods } });
      const metrics = MetricStore.perCluster(props);
      new ObservabilityStack(platform, 'watch', { placement: everywhere, metrics });
      more(platform);
    }).map(({ code, what, fix, cluster }) => [code, what, fix, cluster]);
  const TIGHT: PrometheusProps = { storage: '50Gi', retention: '30d' };

  it('counts nodes and pods that the program names, and refuses with what would work', () => {
    const clusters = { sh: { nodes: 40, pods: 1200 } };
    expect(refused({ ...TIGHT, clusters })).toEqual([
      [
        'ORR2012',
        'Prometheus of cluster "sh" is full before 30d are over: 410000 series × 1 sample in 30s × 30d × 2 bytes are 66.0 GiB, and 80 % of 50Gi are 40.0 GiB.',
        "The nearest that works: storage: '83Gi', or retention: '18d', or shards: 2.",
        'sh',
      ],
    ]);
    for (const fitting of [{ storage: '83Gi' }, { retention: '18d' }, { shards: 2 }])
      expect(refused({ ...TIGHT, clusters, ...fitting })).toEqual([]);
    expect(refused({ ...TIGHT, clusters, series: { perPod: 50, perNode: 1000 } })).toEqual([]);
  });

  it('knows pods from the facts of the cluster, and says nothing where nothing is known', () => {
    expect(refused(TIGHT, undefined, '2000')[0]?.[1]).toContain('530000 series');
    expect(refused(TIGHT)).toEqual([]);
  });

  it('counts what is in the program and what is observed of it, also when it is declared after the stack', () => {
    const shop = (observe: boolean) => (platform: Platform) => {
      const app = new MultiClusterApp(platform, 'mall', { placement: everywhere });
      const ports = [
        { name: 'http', port: 8080 },
        { name: 'metrics', port: 9100 },
      ];
      const cart = app.addService('cart', { image: 'mall/cart:1.0.0', replicas: 400, ports });
      const stack = platform.node.findChild('watch') as ObservabilityStack;
      if (observe) cart.observe(stack);
    };
    const series = (observe: boolean) =>
      /(\d+) series/.exec(String(refused({ ...TIGHT, storage: '5Gi' }, shop(observe))[0]?.[1]))?.[1];
    expect(series(false)).toBe(String(30_000 + 400 * 250));
    expect(series(true)).toBe(String(30_000 + 400 * 250 + 400 * 500));
  });

  it('looks at the size that is asked for, too, and at nothing that an agent has', () => {
    const clusters = { sh: { nodes: 4, pods: 100 } };
    expect(refused({ ...TIGHT, clusters, retentionSize: '2GB' })[0]?.[1]).toContain('drops samples before 30d');
    expect(refused({ ...TIGHT, clusters, retentionSize: '49GB' })[0]?.[1]).toContain('is full before its samples');
    expect(refused({ ...TIGHT, clusters, retentionSize: '40GB' })).toEqual([]);
  });

  it('is that of receivers, with every copy and replica, where one hashring takes all', () => {
    const thanos = (more: Partial<ThanosProps>) =>
      problemsIn((platform) => {
        new Cluster(platform, 'sh', { apiVersions: ['monitoring.thanos.io/v1alpha1'] });
        const hashrings = [{ name: 'all', storage: '5Gi' }];
        const clusters = { sh: { nodes: 40, pods: 1200 } };
        const metrics = MetricStore.thanos({ receive: RECEIVE, objectStorage, hashrings, clusters, ...more });
        new ObservabilityStack(platform, 'watch', { placement: everywhere, metrics });
      }).map(({ what }) => what);
    expect(thanos({})).toEqual([]);
    expect(thanos({ receiverRetention: '7d', replicas: 2 })).toEqual([
      'Each receiver of hashring "all" is full before 7d are over: 2460000 / 3 series × 1 sample in 30s × 7d × 2 bytes are 30.8 GiB, and 80 % of 5Gi are 4.0 GiB.',
    ]);
  });
});
