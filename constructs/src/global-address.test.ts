import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressPool } from './address-pool';
import { type ClusterProps, LoadBalancerKind, Provider } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { DeliveryEngine } from './delivery-engine';
import { Announcement, ExposureScheme } from './entry-points';
import { Exposure } from './exposure';
import type { GlobalAddress, GlobalAddressProps } from './global-address';
import { DnsProvider, ExternalDnsPrefix, GlobalBackend, GslbHealthPolicy } from './global-backend';
import { GlobalRouting } from './global-routing';
import { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import { collectProblems, type Problem } from './private/problem';
import { serviceProblems, withService } from './service-synthesis.test-support';
import { type AnyObject, Assembly, testPlatform } from './synthesis.test-support';

const HOST = 'shop.example.com';
const PUBLIC = ExposureScheme.INTERNET_FACING;

/** Facts with which a cluster can have whatever the tests expose. */
function site(region: string, more: ClusterProps = {}): ClusterProps {
  return {
    region,
    internetFacing: true,
    apiVersions: ['k8gb.io/v1beta1', 'externaldns.k8s.io/v1alpha1', 'gateway.networking.k8s.io/v1'],
    loadBalancer: LoadBalancerKind.METALLB,
    entryPoints: {
      internet: {
        ingressClass: 'nginx',
        gateway: 'infra/public',
        addressPool: 'public',
        announcement: Announcement.BGP,
      },
    },
    ...more,
  };
}

const SITES = { 'prod-sh': site('cn-shanghai'), 'prod-gz': site('gd2'), 'prod-la': site('us-west-1') };

interface Setting {
  readonly clusters?: Record<string, ClusterProps>;
  readonly placement?: Placement;
  readonly expose?: (cart: MultiClusterService) => void;
}

type Address = Omit<GlobalAddressProps, 'service'>;

const inApp = ({ clusters = SITES, placement }: Setting) => ({
  clusters,
  app: placement === undefined ? {} : { placement },
});
const byIngress = (cart: MultiClusterService) => cart.expose(Exposure.ingress(HOST, { scheme: PUBLIC }));
const byBalancer = (cart: MultiClusterService) => cart.expose(Exposure.loadBalancer({ scheme: PUBLIC }));
const use =
  (address: Address, { expose = byIngress }: Setting, seen: (address: GlobalAddress) => void = () => undefined) =>
  (cart: MultiClusterService): void => {
    expose(cart);
    seen((cart.node.scope as MultiClusterApp).exposeGlobally(HOST, { ...address, service: cart }));
  };

function addressed(address: Address, setting: Setting = {}): Assembly {
  return withService({ port: 8080 }, inApp(setting), use(address, setting));
}
function refused(address: Address, setting: Setting = {}): string[] {
  return serviceProblems({ port: 8080 }, inApp(setting), use(address, setting));
}

const GSLB = `mall/${HOST}/Gslb`;
const gslb = (assembly: Assembly, cluster = 'prod-sh'): AnyObject => assembly.object(cluster, GSLB);
const k8gb = GlobalBackend.k8gb();

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

describe('an address of external-dns', () => {
  const aws = (region: string) => site(region, { provider: Provider.AWS });
  const clusters = { east: aws('us-east-1'), west: aws('us-west-2') };
  const annotated = (options: { provider?: DnsProvider; healthChecks?: Record<string, string> } = {}) =>
    GlobalBackend.externalDns({
      provider: DnsProvider.ROUTE53,
      annotationPrefix: ExternalDnsPrefix.ALPHA,
      ...options,
    });
  const annotations = (assembly: Assembly, cluster: string): AnyObject =>
    assembly.object(cluster, 'mall/cart/Ingress/cart').metadata.annotations;

  it('is annotations with the prefix that its version reads, and the policy of the routing', () => {
    const policy = (routing: GlobalRouting) => {
      const assembly = addressed({ routing, backend: annotated() }, { clusters });
      return ['east', 'west'].map((cluster) =>
        Object.entries(annotations(assembly, cluster))
          .filter(([key]) => key.includes('/aws-'))
          .map(([key, value]) => `${key.replace('external-dns.alpha.kubernetes.io/', '')}=${value}`)
          .join(),
      );
    };
    expect(policy(GlobalRouting.failover('west'))).toEqual(['aws-failover=SECONDARY', 'aws-failover=PRIMARY']);
    expect(policy(GlobalRouting.weighted({ east: 3, west: 1 }))).toEqual(['aws-weight=3', 'aws-weight=1']);
    expect(policy(GlobalRouting.nearest())).toEqual(['aws-region=us-east-1', 'aws-region=us-west-2']);
    const assembly = addressed(
      { routing: GlobalRouting.nearest(), backend: annotated(), ttlSeconds: 60 },
      { clusters },
    );
    expect(annotations(assembly, 'east')).toMatchObject({
      'external-dns.alpha.kubernetes.io/hostname': HOST,
      'external-dns.alpha.kubernetes.io/ttl': '60',
      'external-dns.alpha.kubernetes.io/set-identifier': 'east',
    });
  });

  it('is a DNSEndpoint with declared addresses, where a cluster serves several groups of users', () => {
    const reached = (addresses: string[]) => ({
      provider: Provider.AWS,
      entryPoints: { internet: { ingressClass: 'nginx', addresses } },
    });
    const assembly = addressed(
      {
        routing: GlobalRouting.nearest({ users: { east: ['GB', 'US-NY'], west: ['CN'] }, otherwise: 'east' }),
        backend: GlobalBackend.dnsEndpoint({ provider: DnsProvider.ROUTE53, healthChecks: { west: 'hc-1' } }),
      },
      {
        clusters: {
          east: site('us-east-1', reached(['lb.east.example.com'])),
          west: site('us-west-2', reached(['203.0.113.7', 'fd00::7'])),
        },
      },
    );
    const endpoints = (cluster: string): AnyObject[] =>
      assembly.object(cluster, `mall/${HOST}/DNSEndpoint`).spec.endpoints;
    expect(endpoints('west')).toEqual([
      {
        dnsName: HOST,
        recordType: 'A',
        targets: ['203.0.113.7'],
        recordTTL: 30,
        setIdentifier: 'west-CN',
        providerSpecific: [
          { name: 'aws/geolocation-country-code', value: 'CN' },
          { name: 'aws/health-check-id', value: 'hc-1' },
        ],
      },
      expect.objectContaining({ recordType: 'AAAA', targets: ['fd00::7'] }),
    ]);
    expect(endpoints('east').map(({ setIdentifier, recordType }) => [setIdentifier, recordType])).toEqual([
      ['east-GB', 'CNAME'],
      ['east-US-NY', 'CNAME'],
      ['east-others', 'CNAME'],
    ]);
  });

  it('is refused where its DNS server cannot do it, or a dead cluster would stay unnoticed', () => {
    const routing = GlobalRouting.failover('east');
    for (const provider of [DnsProvider.CLOUDFLARE, DnsProvider.ALIBABA_CLOUD_DNS, DnsProvider.OTHER]) {
      expect(refused({ routing, backend: annotated({ provider }) }, { clusters })).toEqual([
        `ORR2012 external-dns keeps records of one name for several clusters with Route 53 only, not with ${provider}.`,
      ]);
    }
    const mixed = { ...clusters, west: site('gd2') };
    const unnoticed =
      'ORR2012 Nobody would notice that cluster "west" is dead: it has no health check, and its Ingress no load balancer of AWS.';
    expect(refused({ routing, backend: annotated() }, { clusters: mixed })).toEqual([unnoticed]);
    expect(refused({ routing, backend: annotated({ healthChecks: { west: 'hc' } }) }, { clusters: mixed })).toEqual([]);
    expect(refused({ routing, backend: annotated({ healthChecks: { office: 'hc' } }) }, { clusters })).toEqual([
      'ORR2005 healthChecks names cluster "office", where the app does not go.',
    ]);
    expect(refused({ routing: GlobalRouting.nearest(), backend: annotated() }, { clusters: mixed })).toEqual([
      unnoticed,
      'ORR2012 Route 53 knows distances to regions of AWS only, and no fact of cluster "west" says that it is in one.',
    ]);
    const third = { ...clusters, third: aws('eu-west-1') };
    expect(refused({ routing, backend: annotated() }, { clusters: third })).toEqual([
      'ORR2012 Route 53 fails over from one primary to one secondary record, and cluster "third" is a third one.',
    ]);
    expect(
      refused({ routing: GlobalRouting.weighted({ east: 256, west: 1 }), backend: annotated() }, { clusters }),
    ).toEqual(['ORR2007 Cluster "east" has the weight 256, and Route 53 takes at most 255.']);
    const twice = GlobalRouting.nearest({ users: { east: ['US'], west: [] }, otherwise: 'east' });
    expect(refused({ routing: twice, backend: annotated() }, { clusters })).toEqual([
      'ORR2012 The routing sends no users to cluster "west", and records of Route 53 take over for no other region than their own.',
      'ORR2012 Cluster "east" serves 2 groups of users, and annotations are one record.',
    ]);
  });

  it('is no DNSEndpoint where the facts say no addresses or no such kind, or a load balancer exposes it', () => {
    const backend = GlobalBackend.dnsEndpoint({ provider: DnsProvider.ROUTE53 });
    const address = { routing: GlobalRouting.weighted(), backend };
    expect(refused(address, { clusters: { east: { ...aws('us-east-1'), apiVersions: [] } } })).toEqual([
      'ORR2013 The address is a DNSEndpoint, and no fact of cluster "east" says that it serves externaldns.k8s.io/v1alpha1.',
      'ORR2013 No fact of cluster "east" says by which addresses internet-facing clients reach it.',
    ]);
    expect(refused(address, { clusters: { east: aws('us-east-1') }, expose: byBalancer })).toEqual([
      'ORR2012 In cluster "east" a load balancer exposes the service, whose address nobody knows before it is made.',
    ]);
  });
});

describe('a floating address', () => {
  const rack = (network: string, more: ClusterProps = {}) => site('dc', { network, ...more });
  const address = { routing: GlobalRouting.nearest(), backend: GlobalBackend.floatingAddress('203.0.113.7') };
  const service = (assembly: Assembly, cluster: string): AnyObject =>
    assembly.object(cluster, 'mall/cart/Service/cart-lb');

  it('is the address of the load balancers of all clusters, as MetalLB and OpenELB are told', () => {
    const clusters = { a: rack('dc'), b: rack('dc', { loadBalancer: LoadBalancerKind.OPENELB }) };
    const assembly = addressed(address, { clusters, expose: byBalancer });
    expect(service(assembly, 'a').metadata.annotations).toEqual({
      'metallb.io/address-pool': 'public',
      'metallb.io/loadBalancerIPs': '203.0.113.7',
    });
    expect(service(assembly, 'b').spec.loadBalancerIP).toBe('203.0.113.7');
  });

  it('is in the pool of each cluster, as far as the program knows it', () => {
    const clusters = { a: rack('dc'), b: rack('dc') };
    const withPool = (cart: MultiClusterService) => {
      byBalancer(cart);
      new AddressPool(cart.node.root as never, 'public', {
        placement: Placement.everywhere(),
        addresses: { a: ['203.0.113.0/29', 'fd00::/64'], b: ['203.0.113.1-203.0.113.6', '10.0.0.0/8'] },
        announcement: Announcement.BGP,
      });
    };
    expect(refused(address, { clusters, expose: withPool })).toEqual([
      'ORR2012 Pool "public" of cluster "b" does not hold 203.0.113.7.',
    ]);
    const other = { ...address, backend: GlobalBackend.floatingAddress('203.0.113.6') };
    expect(refused(other, { clusters, expose: withPool })).toEqual([]);
  });

  it('is refused where the clusters are not in one network, or do not announce by BGP', () => {
    const layer2 = { entryPoints: { internet: { addressPool: 'public', announcement: Announcement.LAYER2 } } };
    const expose = byBalancer;
    expect(refused(address, { clusters: { a: rack('dc'), b: rack('office') }, expose })).toEqual([
      'ORR2012 Cluster "a" is in network "dc" and "b" in "office": no router hears both.',
    ]);
    expect(refused(address, { clusters: { a: rack('dc'), b: site('x') }, expose })).toEqual([
      'ORR2013 No fact of cluster "b" says in which network it is, and a floating address is announced in one.',
    ]);
    expect(refused(address, { clusters: { a: rack('dc', layer2) }, expose })).toEqual([
      'ORR2012 A floating address is announced by BGP, and of cluster "a" its facts say by layer2 its addresses are announced.',
    ]);
    expect(refused(address, { clusters: { a: rack('dc') } })).toEqual([
      'ORR2012 In cluster "a" the service is exposed by Ingress, which has no address of its own.',
    ]);
    const cloud = { provider: Provider.AWS, loadBalancer: LoadBalancerKind.CLOUD };
    expect(refused(address, { clusters: { a: rack('dc', cloud) }, expose })).toEqual([
      'ORR2012 A floating address is announced by MetalLB or OpenELB, and cluster "a" has loadBalancer: cloud.',
    ]);
    for (const routing of [GlobalRouting.failover('a'), GlobalRouting.weighted()]) {
      expect(refused({ ...address, routing }, { clusters: { a: rack('dc') }, expose })).toEqual([
        'ORR2012 Routers send packets for a floating address to the nearest cluster, and do not fail over in an order, weigh, or know users.',
      ]);
    }
    const backend = GlobalBackend.floatingAddress('shop');
    expect(refused({ ...address, backend }, { clusters: { a: rack('dc') }, expose })).toEqual([
      'ORR2011 "shop" is no address.',
    ]);
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
