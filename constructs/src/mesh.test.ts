import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from './cluster';
import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { GlobalRouting } from './global-routing';
import { Mesh, type MeshProps } from './mesh';
import { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import type { Platform } from './platform';
import { localitySetting } from './private/mesh-locality';
import { collectProblems, type Problem } from './private/problem';
import { type AnyObject, type Assembly, assemblyOf, problemsOf, testPlatform } from './synthesis.test-support';

const site = (region: string, more: ClusterProps = {}): ClusterProps => ({
  region,
  network: `vpc-${region}`,
  apiVersions: ['networking.istio.io/v1'],
  ...more,
});
const SITES = { sh: site('cn-shanghai'), gz: site('cn-guangzhou'), la: site('us-west-1') };

interface Setting {
  readonly clusters?: Record<string, ClusterProps>;
  readonly mesh?: Partial<MeshProps>;
  readonly placement?: Placement;
  readonly use?: (mesh: Mesh, cart: MultiClusterService) => void;
  readonly breaker?: boolean;
}

const program =
  ({ clusters = SITES, mesh: props, placement, use, breaker = true }: Setting) =>
  (platform: Platform): void => {
    const set = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(clusters)) set.add(name, facts);
    const mesh = new Mesh(platform, 'retail', { placement: Placement.everywhere(), ...props });
    const app = new MultiClusterApp(platform, 'mall', { placement: placement ?? Placement.everywhere() });
    const cart = app.addService('cart', { image: 'cart:1', port: 8080 });
    if (breaker) cart.resilience({ circuitBreaker: {} });
    use?.(mesh, cart);
  };

const inMesh = (setting: Setting = {}): Assembly => assemblyOf(program(setting));
function refused(setting: Setting): string[] {
  const platform = testPlatform();
  program(setting)(platform);
  const problems: Problem[] = [];
  collectProblems(problems, () => platform.synth());
  return problems.map(({ code, what }) => `${code} ${what}`);
}
const balanced =
  (routing: GlobalRouting) =>
  (mesh: Mesh, cart: MultiClusterService): void =>
    mesh.balance(cart, routing);
const rule = (assembly: Assembly, cluster = 'sh'): AnyObject => assembly.object(cluster, 'mall/cart/DestinationRule');
const locality = (routing: GlobalRouting, setting: Setting = {}): AnyObject =>
  rule(inMesh({ ...setting, use: balanced(routing) })).spec.trafficPolicy.loadBalancer.localityLbSetting;

describe('a mesh over several clusters', () => {
  it('names the network of each cluster, and has a gateway where there are several', () => {
    const assembly = inMesh();
    expect(assembly.object('gz', 'retail/Namespace').metadata).toEqual({
      name: 'istio-system',
      labels: {
        'app.kubernetes.io/part-of': 'retail',
        'app.kubernetes.io/managed-by': 'orrery',
        'topology.istio.io/network': 'vpc-cn-guangzhou',
      },
    });
    const gateway = assembly.object('gz', 'retail/Gateway');
    expect(gateway.metadata).toMatchObject({ name: 'cross-network-gateway', namespace: 'istio-system' });
    expect(gateway.spec).toEqual({
      selector: { istio: 'eastwestgateway' },
      servers: [
        {
          port: { number: 15443, name: 'tls', protocol: 'TLS' },
          tls: { mode: 'AUTO_PASSTHROUGH' },
          hosts: ['*.local'],
        },
      ],
    });
    const one = { sh: site('a', { network: 'dc' }), gz: site('b', { network: 'dc' }) };
    const flat = inMesh({ clusters: one, mesh: { createNamespace: false } });
    expect([...flat.objects('sh').keys()].filter((path) => path.startsWith('retail/'))).toEqual([]);
  });

  it('gives the charts of Istio their values', () => {
    let values: object[] = [];
    inMesh({
      use: (mesh, cart) => {
        const gz = (cart.node.root as Platform).clusters.find(({ clusterName }) => clusterName === 'gz') as Cluster;
        values = [mesh.istiodValues(gz), mesh.eastWestGatewayValues(gz)];
      },
    });
    expect(values).toEqual([
      { global: { meshID: 'retail', multiCluster: { clusterName: 'gz' }, network: 'vpc-cn-guangzhou' } },
      { name: 'istio-eastwestgateway', networkGateway: 'vpc-cn-guangzhou' },
    ]);
  });

  it('needs to know the network of each cluster, and that it serves Istio', () => {
    const { network: _network, ...nowhere } = site('x');
    expect(refused({ clusters: { sh: SITES.sh, gz: nowhere }, breaker: false })).toEqual([
      'ORR2013 No fact of cluster "gz" says in which network it is, by which the mesh knows what its pods reach.',
    ]);
    expect(refused({ clusters: { sh: { ...SITES.sh, apiVersions: [] } }, breaker: false })).toEqual([
      'ORR2013 The cluster is in a mesh, and no fact of cluster "sh" says that it serves networking.istio.io/v1.',
    ]);
    expect(refused({ mesh: { namespaceName: 'Istio' }, breaker: false })).toEqual([
      'ORR2003 "Istio" is not a valid namespace.',
    ]);
    const [problem] = problemsOf(() =>
      program({
        clusters: { gz: nowhere },
        use: (mesh, cart) => mesh.istiodValues((cart.node.root as Platform).clusters[0] as Cluster),
      })(testPlatform()),
    );
    expect(problem).toMatchObject({ code: 'ORR2013', what: 'No fact of cluster "gz" says in which network it is.' });
  });
});

describe('requests inside a mesh', () => {
  it('stay near, go to a primary cluster first, or are divided by region, in one DestinationRule with its outlier detection', () => {
    const { spec } = rule(inMesh({ use: balanced(GlobalRouting.nearest()) }));
    expect(spec.host).toBe('cart.mall.svc.cluster.local');
    expect(spec.trafficPolicy).toMatchObject({
      loadBalancer: { localityLbSetting: { enabled: true } },
      outlierDetection: { consecutive5xxErrors: 5 },
    });
    expect(locality(GlobalRouting.failover('gz'))).toEqual({
      enabled: true,
      failoverPriority: ['topology.istio.io/cluster=gz'],
    });
    const to = { 'cn-shanghai/*': 67, 'cn-guangzhou/*': 33 };
    expect(locality(GlobalRouting.weighted({ sh: 2, gz: 1, la: 0 }))).toEqual({
      enabled: true,
      distribute: ['cn-shanghai', 'cn-guangzhou', 'us-west-1'].map((region) => ({ from: `${region}/*`, to })),
    });
  });

  it('are refused without anything that notices a dead cluster, for users, in an order, and outside of the mesh', () => {
    const dead = refused({ use: balanced(GlobalRouting.nearest()), breaker: false });
    expect(new Set(dead)).toEqual(
      new Set(['ORR2012 Requests shall go on to the next locality, and nothing tells when the nearest one fails.']),
    );
    const users = GlobalRouting.nearest({ users: { gz: ['CN'], la: [] }, otherwise: 'sh' });
    expect(refused({ use: balanced(users) })).toEqual([
      'ORR2012 Inside a mesh requests come from pods, and the routing says where users are.',
    ]);
    expect(refused({ use: balanced(GlobalRouting.failover('gz', 'la')) })).toEqual([
      'ORR2012 The failover names an order of 3 clusters, and Istio knows one that comes first and no order among the others.',
    ]);
    expect(
      refused({ use: balanced(GlobalRouting.nearest()), mesh: { placement: Placement.named('sh', 'gz') } }),
    ).toEqual(['ORR2012 The mesh "retail" balances the service, and is not in cluster "la".']);
    expect(refused({ use: balanced(GlobalRouting.weighted({ sh: 1000, gz: 1, la: 1 })) })).toEqual([
      'ORR2007 Region "cn-guangzhou" would get less than half a percent of the requests, and Istio divides by whole percents.',
      'ORR2007 Region "us-west-1" would get less than half a percent of the requests, and Istio divides by whole percents.',
    ]);
    const { region: _region, ...nowhere } = site('x');
    expect(refused({ clusters: { sh: SITES.sh, gz: nowhere }, use: balanced(GlobalRouting.weighted()) })).toContain(
      'ORR2013 No fact of cluster "gz" says in which region it is, by which Istio divides requests.',
    );
    const twice = (mesh: Mesh, cart: MultiClusterService) => {
      mesh.balance(cart, GlobalRouting.nearest());
      mesh.balance(cart, GlobalRouting.failover('gz'));
    };
    expect(refused({ use: twice })[0]).toBe(
      'ORR2012 Both mesh "retail" and mesh "retail" decide the loadBalancer of the service.',
    );
  });

  it('are divided as Istio accepts it, for any weights: whole percents above 0 that sum to 100, and one of its ways only', () => {
    const fleet = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 20 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fleet, fc.constantFrom('weighted', 'failover', 'nearest'), (sites, kind) => {
        const set = new ClusterSet(testPlatform(), 'clusters');
        const clusters = sites.map(([region], i) => set.add(`c${i}`, { region }));
        const weights = new Map(clusters.map((cluster, i) => [cluster, sites[i]?.[1] ?? 0]));
        fc.pre([...weights.values()].some((weight) => weight > 0));
        const primary = clusters.find((cluster) => (weights.get(cluster) ?? 0) > 0) as Cluster;
        const rules = { weighted: GlobalRouting.weighted(), failover: GlobalRouting.failover(String(primary)) };
        const routing = kind === 'nearest' ? GlobalRouting.nearest() : rules[kind];
        const codes: string[] = [];
        const setting = localitySetting(routing._rules, weights, clusters, ({ code }) => codes.push(code)) as AnyObject;
        expect(codes).toEqual([]);
        const ways = ['distribute', 'failover', 'failoverPriority'].filter((way) => way in setting);
        expect(ways.length).toBeLessThanOrEqual(1);
        for (const { to } of setting.distribute ?? []) {
          const shares = Object.values(to as Record<string, number>);
          expect(shares.every((share) => Number.isInteger(share) && share >= 1)).toBe(true);
          expect(shares.reduce((a, b) => a + b, 0)).toBe(100);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a service that is exported to its cluster set', () => {
  it('is a ServiceExport of its name, in the version that each cluster serves', () => {
    let host = '';
    const assembly = inMesh({
      clusters: {
        sh: site('a', { apiVersions: ['networking.istio.io/v1', 'multicluster.x-k8s.io/v1alpha1'] }),
        gz: site('b', { apiVersions: ['networking.istio.io/v1', 'multicluster.x-k8s.io/v1beta1/ServiceExport'] }),
      },
      use: (_mesh, cart) => {
        cart.exportToClusterSet();
        host = cart.clusterSetHost;
      },
    });
    const exported = assembly.object('sh', 'mall/cart/ServiceExport');
    expect(exported).toEqual({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ServiceExport',
      metadata: assembly.object('sh', 'mall/cart/Service').metadata,
    });
    expect(assembly.object('gz', 'mall/cart/ServiceExport').apiVersion).toBe('multicluster.x-k8s.io/v1beta1');
    expect(host).toBe('cart.mall.svc.clusterset.local');
  });

  it('needs clusters that serve it', () => {
    const use = (_mesh: Mesh, cart: MultiClusterService) => cart.exportToClusterSet();
    expect(refused({ clusters: { sh: SITES.sh }, use })).toEqual([
      'ORR2013 The service is exported to its cluster set, and no fact of cluster "sh" says that it serves multicluster.x-k8s.io/v1beta1 or multicluster.x-k8s.io/v1alpha1.',
    ]);
  });
});
