import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Provider } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { DeliveryEngine } from './delivery-engine';
import { Exposure } from './exposure';
import {
  addressed,
  byBalancer,
  byIngress,
  GSLB,
  gslb,
  HOST,
  inApp,
  k8gb,
  PUBLIC,
  refused,
  SITES,
  site,
  use,
} from './global-address.test-support';
import { DnsProvider, ExternalDnsPrefix, GlobalBackend, GslbHealthPolicy } from './global-backend';
import { GlobalRouting } from './global-routing';
import { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import { collectProblems, type Problem } from './private/problem';
import { serviceProblems, withService } from './service-synthesis.test-support';
import { type AnyObject, Assembly, testPlatform } from './synthesis.test-support';

describe('an address served by k8gb', () => {
  it('is a Gslb at what exposes the service, with the tag of the primary cluster', () => {
    const assembly = addressed({ routing: GlobalRouting.failover('prod-gz'), backend: k8gb, ttlSeconds: 5 });
    expect(gslb(assembly)).toEqual({
      apiVersion: 'k8gb.io/v1beta1',
      kind: 'Gslb',
      metadata: {
        name: 'shop-example-com',
        namespace: 'mall',
        labels: { 'app.kubernetes.io/part-of': 'mall', 'app.kubernetes.io/managed-by': 'orrery' },
      },
      spec: {
        resourceRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'cart' },
        strategy: { type: 'failover', primaryGeoTag: 'gd2', dnsTtlSeconds: 5 },
      },
    });
  });

  it('refers to a route, or to a Service that does not say for which host it is', () => {
    const routing = GlobalRouting.nearest();
    const route = (cart: MultiClusterService) => cart.expose(Exposure.httpRoute(HOST, { scheme: PUBLIC }));
    expect(gslb(addressed({ routing, backend: k8gb }, { expose: route })).spec.resourceRef).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      name: 'cart',
    });
    const balanced = gslb(addressed({ routing, backend: k8gb }, { expose: byBalancer }));
    expect(balanced.spec.resourceRef).toEqual({ apiVersion: 'v1', kind: 'Service', name: 'cart-lb' });
    expect(balanced.metadata.annotations).toEqual({ 'k8gb.io/hostname': HOST });
    expect(balanced.spec.strategy).toEqual({ type: 'geoip', dnsTtlSeconds: 30 });
  });

  it('divides by the weights of the placement unless others are given', () => {
    const placement = Placement.weighted({ 'prod-sh': 20, 'prod-gz': 10, 'prod-la': 0 });
    const weightOf = (routing: GlobalRouting) =>
      gslb(addressed({ routing, backend: k8gb }, { placement })).spec.strategy.weight;
    expect(weightOf(GlobalRouting.weighted())).toEqual({ 'cn-shanghai': 2, gd2: 1, 'us-west-1': 0 });
    expect(weightOf(GlobalRouting.weighted({ 'prod-sh': 1, 'prod-gz': 3, 'prod-la': 0 }))).toEqual({
      'cn-shanghai': 1,
      gd2: 3,
      'us-west-1': 0,
    });
  });

  it('is written for the older group where all clusters have that one, and for none where they differ', () => {
    const older = { apiVersions: ['k8gb.absa.oss/v1beta1/Gslb'] };
    const old = { a: site('a', older), b: site('b', older) };
    const address = { routing: GlobalRouting.nearest(), backend: k8gb };
    expect(gslb(addressed(address, { clusters: old }), 'a').apiVersion).toBe('k8gb.absa.oss/v1beta1');
    expect(refused(address, { clusters: { ...old, c: site('c') } })).toEqual([
      'ORR2013 The address is served by k8gb, and its clusters do not all say that they serve k8gb.io/v1beta1 (or all k8gb.absa.oss/v1beta1): not a, b.',
    ]);
    const all = { ...address, backend: GlobalBackend.k8gb({ healthPolicy: GslbHealthPolicy.ALL }) };
    expect(gslb(addressed(all)).spec.serviceHealthPolicy).toBe('All');
    expect(refused(all, { clusters: old })).toEqual([
      'ORR2012 The clusters serve k8gb.absa.oss/v1beta1, which knows no health policy.',
    ]);
  });

  it('needs a tag of its own for every cluster, the same exposure in all, and weights that k8gb takes', () => {
    const address = { routing: GlobalRouting.nearest(), backend: k8gb };
    const { region: _region, ...untagged } = site('x');
    expect(refused(address, { clusters: { a: site('eu'), b: site('eu'), c: untagged } })).toEqual([
      'ORR2012 Clusters "a" and "b" have the same tag "eu", by which k8gb tells clusters apart.',
      'ORR2013 No fact of cluster "c" says by which tag k8gb knows it.',
    ]);
    expect(refused(address, { clusters: { a: site('eu'), b: site('eu', { geoTag: 'eu-2' }) } })).toEqual([]);
    const placement = Placement.weighted({ 'prod-sh': 101, 'prod-gz': 1, 'prod-la': 1 });
    expect(refused({ ...address, routing: GlobalRouting.weighted() }, { placement })).toEqual([
      'ORR2007 Cluster "prod-sh" has the weight 101, and k8gb takes at most 100.',
    ]);
    expect(refused({ ...address, routing: GlobalRouting.failover('prod-gz', 'prod-la') })).toEqual([
      'ORR2012 The failover names an order of 3 clusters, and k8gb knows one primary and no order among the others.',
    ]);
  });
});

describe('users of Guangdong go to Guangzhou, those of California to Los Angeles', () => {
  const routing = GlobalRouting.nearest({
    users: { 'prod-gz': ['CN-GD'], 'prod-la': ['US-CA'] },
    otherwise: 'prod-sh',
  });

  it('with k8gb, by a GeoIP database that has the tags of their clusters', () => {
    let tags = {};
    const setting = { clusters: SITES };
    const assembly = withService(
      { port: 8080 },
      inApp(setting),
      use({ routing, backend: k8gb }, setting, (address) => {
        tags = address.userRegionTags;
      }),
    );
    expect(gslb(assembly).spec.strategy.type).toBe('geoip');
    expect(tags).toEqual({ 'CN-GD': 'gd2', 'US-CA': 'us-west-1' });
  });

  it('not with Route 53, which knows parts of the United States only, but users of China do', () => {
    const healthChecks = { 'prod-sh': 'hc-sh', 'prod-gz': 'hc-gz', 'prod-la': 'hc-la' };
    const annotationPrefix = ExternalDnsPrefix.STABLE;
    const backend = GlobalBackend.externalDns({ provider: DnsProvider.ROUTE53, annotationPrefix, healthChecks });
    expect(refused({ routing, backend })).toEqual([
      'ORR2012 Route 53 knows parts of the United States only, and users of CN-GD go to cluster "prod-gz".',
    ]);
    const assembly = addressed({
      routing: GlobalRouting.nearest({ users: { 'prod-gz': ['CN'], 'prod-la': ['US-CA'] }, otherwise: 'prod-sh' }),
      backend,
    });
    const annotations = (cluster: string) =>
      assembly.object(cluster, 'mall/cart/Ingress/cart').metadata.annotations as Record<string, string>;
    expect(annotations('prod-gz')).toEqual({
      'external-dns.kubernetes.io/hostname': HOST,
      'external-dns.kubernetes.io/ttl': '30',
      'external-dns.kubernetes.io/set-identifier': 'prod-gz-CN',
      'external-dns.kubernetes.io/aws-geolocation-country-code': 'CN',
      'external-dns.kubernetes.io/aws-health-check-id': 'hc-gz',
    });
    expect(annotations('prod-la')).toMatchObject({
      'external-dns.kubernetes.io/aws-geolocation-country-code': 'US',
      'external-dns.kubernetes.io/aws-geolocation-subdivision-code': 'CA',
    });
    expect(annotations('prod-sh')).toMatchObject({
      'external-dns.kubernetes.io/set-identifier': 'prod-sh-others',
      'external-dns.kubernetes.io/aws-geolocation-country-code': '*',
    });
  });

  it('needs valid regions, each once, somewhere for everybody else, and users for every cluster', () => {
    const wrong = (...options: Parameters<typeof GlobalRouting.nearest>) =>
      refused({ routing: GlobalRouting.nearest(...options), backend: k8gb });
    expect(wrong({ users: { 'prod-gz': ['Guangdong', 'CN'], 'prod-la': ['CN'] }, otherwise: 'prod-sh' })).toEqual([
      'ORR2011 "Guangdong" is no region of users.',
      'ORR2004 The routing sends users of CN to "prod-gz" and to "prod-la".',
    ]);
    expect(wrong({ users: { 'prod-gz': ['CN'], 'prod-xx': ['US'] } })).toEqual([
      'ORR2005 The routing sends users to cluster "prod-xx", where the app does not go.',
      'ORR2012 The routing says which users go where, and not where everybody else goes.',
      'ORR2012 The routing sends no users to cluster "prod-sh".',
      'ORR2012 The routing sends no users to cluster "prod-la".',
    ]);
    expect(wrong({ otherwise: 'prod-sh' })).toEqual([
      'ORR2012 The routing says who serves everybody else, and nobody is served before.',
    ]);
    expect(wrong({ users: { 'prod-gz': ['CN'], 'prod-la': [] }, otherwise: 'prod-sh' })).toEqual([]);
  });
});

describe('an address over several clusters', () => {
  const routing = GlobalRouting.nearest();

  it('needs the service to be exposed for it in every cluster, in one way', () => {
    const address = { routing, backend: k8gb };
    const clusters = { a: site('a'), b: site('b') };
    const other = (cart: MultiClusterService) => cart.expose(Exposure.ingress('www.example.com', { scheme: PUBLIC }));
    expect(refused(address, { clusters, expose: other })).toEqual([
      `ORR2012 In cluster "a" service "cart" is not exposed for "${HOST}".`,
      `ORR2012 In cluster "b" service "cart" is not exposed for "${HOST}".`,
    ]);
    const twice = (cart: MultiClusterService) => {
      byBalancer(cart);
      cart.expose(Exposure.loadBalancer({ scheme: PUBLIC, name: 'second' }));
    };
    expect(refused(address, { clusters: { a: site('a') }, expose: twice })).toEqual([
      'ORR2012 In cluster "a" several exposures of service "cart" would do: LoadBalancer "cart-lb", LoadBalancer "second".',
    ]);
    const named = { ...address, exposure: 'second' };
    expect(gslb(addressed(named, { clusters, expose: twice }), 'a').spec.resourceRef.name).toBe('second');
    expect(refused({ ...address, exposure: 'third' }, { clusters: { a: site('a') }, expose: twice })).toEqual([
      `ORR2012 In cluster "a" service "cart" is not exposed by "third" for "${HOST}".`,
    ]);
    const mixed = { a: site('a'), b: site('b') };
    const differing = (cart: MultiClusterService) => {
      const [a, b] = [...mixedClusters(cart)];
      cart.exposeIn(a as never, Exposure.ingress(HOST, { scheme: PUBLIC }));
      cart.exposeIn(b as never, Exposure.httpRoute(HOST, { scheme: PUBLIC }));
    };
    expect(refused(address, { clusters: mixed, expose: differing })).toEqual([
      'ORR2012 The service is exposed by Ingress "cart" in cluster "a" and by HTTPRoute "cart" in "b", and a Gslb is the same in all.',
    ]);
  });

  it('is for a service of its own app, at a valid host, with a sensible TTL, and one per annotated exposure', () => {
    const clusters = { a: site('us-east-1', { provider: Provider.AWS }) };
    const dns = GlobalBackend.externalDns({
      provider: DnsProvider.ROUTE53,
      annotationPrefix: ExternalDnsPrefix.STABLE,
    });
    expect(refused({ routing, backend: k8gb, ttlSeconds: 0 }, { clusters })).toEqual(['ORR2011 ttlSeconds is 0.']);
    const both = serviceProblems({ port: 8080 }, { clusters }, (cart) => {
      byBalancer(cart);
      for (const host of ['a.example.com', 'b.example.com']) {
        (cart.node.scope as MultiClusterApp).exposeGlobally(host, { service: cart, routing, backend: dns });
      }
    });
    expect(both).toEqual([
      'ORR2012 Exposure "cart-lb" carries several global addresses: a.example.com, b.example.com.',
    ]);
    const foreign = serviceProblems({ port: 8080 }, { clusters }, (cart) => {
      byIngress(cart);
      const other = new MultiClusterApp(cart.node.root as never, 'other', { placement: Placement.everywhere() });
      other.exposeGlobally(HOST, { service: cart, routing, backend: k8gb });
    });
    expect(foreign).toEqual(['ORR2012 Service "mall/cart" belongs to another app.']);
    expect(() =>
      withService({ port: 8080 }, { clusters }, (cart) => {
        (cart.node.scope as MultiClusterApp).exposeGlobally('Shop', { service: cart, routing, backend: k8gb });
      }),
    ).toThrow('"Shop" is not a valid name.');
  });
});

describe('an address of an app that Karmada places group by group', () => {
  const hubGslb = (routing: GlobalRouting) => {
    const platform = testPlatform();
    const clusters = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(SITES)) clusters.add(name, facts);
    const app = new MultiClusterApp(platform, 'mall', {
      placement: Placement.firstOf(Placement.named('prod-sh', 'prod-gz'), Placement.named('prod-la')),
      engine: DeliveryEngine.karmada({ hub: clusters.add('hub') }),
    });
    const cart = app.addService('cart', { image: 'mall/cart:4.12.0', port: 8080 });
    byIngress(cart);
    app.exposeGlobally(HOST, { service: cart, routing, backend: k8gb });
    const problems: Problem[] = [];
    collectProblems(problems, () => platform.synth());
    return { platform, problems: problems.map(({ code, what }) => `${code} ${what}`) };
  };

  it('knows the clusters of all groups, and is the same in each of them', () => {
    const { platform, problems } = hubGslb(GlobalRouting.failover('prod-la'));
    expect(problems).toEqual([]);
    const objects = [...new Assembly(platform.outdir).objects('hub').values()] as AnyObject[];
    expect(objects.find(({ kind }) => kind === 'Gslb').spec.strategy.primaryGeoTag).toBe('us-west-1');
    const overrides = objects.filter(({ kind, spec }) => {
      return kind === 'OverridePolicy' && spec.resourceSelectors[0].kind === 'Gslb';
    });
    // Without the labels that Karmada adds; the same everywhere.
    expect(overrides.flatMap(({ spec }) => spec.overrideRules)).toMatchObject([
      {
        targetCluster: { clusterNames: ['prod-sh', 'prod-gz', 'prod-la'] },
        overriders: { plaintext: [{ path: '/metadata/labels' }] },
      },
    ]);
  });

  it('does not take weights from a placement that has several sets of them', () => {
    expect(new Set(hubGslb(GlobalRouting.weighted()).problems)).toEqual(
      new Set(['ORR2012 The routing takes the weights of the placement, which has several groups of clusters.']),
    );
  });
});

function mixedClusters(cart: MultiClusterService): readonly unknown[] {
  const root = cart.node.root as unknown as { readonly clusters: readonly unknown[] };
  return root.clusters;
}

describe('over any set of clusters', () => {
  const fleet = fc
    .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), { minLength: 1, maxLength: 7 })
    .chain((names) =>
      fc.record({
        names: fc.constant(names),
        weights: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: names.length, maxLength: names.length }),
        primary: fc.constantFrom(...names),
      }),
    );
  const clustersOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, site(`r-${name}`)]));
  const weightsOf = (names: readonly string[], weights: readonly number[]) =>
    Object.fromEntries(names.map((name, i) => [name, weights[i] as number]));

  it('the Gslb of every cluster is the same, byte for byte, and names every cluster that has a share', () => {
    fc.assert(
      fc.property(fleet, fc.constantFrom('failover', 'nearest', 'weighted'), ({ names, weights, primary }, kind) => {
        const shares = weightsOf(names, weights);
        const routing =
          kind === 'failover'
            ? GlobalRouting.failover(primary)
            : kind === 'nearest'
              ? GlobalRouting.nearest()
              : GlobalRouting.weighted();
        const setting = { clusters: clustersOf(names), placement: Placement.weighted(shares) };
        const assembly = addressed({ routing, backend: k8gb }, setting);
        const digests = names.map((name) => {
          const found = assembly.units(name).flatMap(({ objects }) => objects.filter(({ path }) => path === GSLB));
          return found.map(({ sha256 }) => sha256).join();
        });
        expect(new Set(digests).size).toBe(1);
        const { strategy } = gslb(assembly, names[0]).spec;
        if (kind === 'failover') expect(strategy.primaryGeoTag).toBe(`r-${primary}`);
        if (kind !== 'weighted') return;
        expect(Object.keys(strategy.weight).sort()).toEqual(names.map((name) => `r-${name}`).sort());
        const sum = Object.values(strategy.weight as Record<string, number>).reduce((a, b) => a + b, 0);
        const all = weights.reduce((a, b) => a + b, 0);
        for (const [i, name] of names.entries()) {
          expect(strategy.weight[`r-${name}`] * all).toBe((weights[i] as number) * sum);
        }
      }),
      { numRuns: 60 },
    );
  });
});
