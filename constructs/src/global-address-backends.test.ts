import { describe, expect, it } from 'vitest';
import { AddressPool } from './address-pool';
import { type ClusterProps, LoadBalancerKind, Provider } from './cluster-facts';
import { Announcement } from './entry-points';
import { addressed, byBalancer, HOST, refused, site } from './global-address.test-support';
import { DnsProvider, ExternalDnsPrefix, GlobalBackend } from './global-backend';
import { GlobalRouting } from './global-routing';
import type { MultiClusterService } from './multi-cluster-service';
import { Placement } from './placement';
import type { AnyObject, Assembly } from './synthesis.test-support';

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
