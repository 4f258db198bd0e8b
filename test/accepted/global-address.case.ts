import {
  Announcement,
  type ClusterProps,
  ClusterSet,
  DnsProvider,
  Exposure,
  ExposureScheme,
  ExternalDnsPrefix,
  GlobalBackend,
  GlobalRouting,
  GslbHealthPolicy,
  LoadBalancerKind,
  MultiClusterApp,
  Placement,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'an address over several clusters, served by k8gb of both groups, external-dns and BGP',
  crds: ['k8gb.io/gslbs.k8gb.io.yaml', 'k8gb.absa.oss', 'externaldns.k8s.io'],
  kinds: ['Gslb', 'DNSEndpoint', 'Ingress', 'Service'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const facts = (geoTag: string, ...apiVersions: string[]): ClusterProps => ({
      geoTag,
      internetFacing: true,
      network: 'dc',
      loadBalancer: geoTag === 'b' ? LoadBalancerKind.OPENELB : LoadBalancerKind.METALLB,
      apiVersions: ['externaldns.k8s.io/v1alpha1', ...apiVersions],
      entryPoints: {
        internet: {
          ingressClass: 'nginx',
          addressPool: 'public',
          announcement: Announcement.BGP,
          addresses: ['203.0.113.7', 'fd00::7'],
        },
      },
    });
    clusters.add('a', facts('a', 'k8gb.io/v1beta1'));
    clusters.add('b', facts('b', 'k8gb.io/v1beta1'));
    clusters.add('old', facts('old', 'k8gb.absa.oss/v1beta1'));
    const scheme = ExposureScheme.INTERNET_FACING;
    const healthChecks = { a: 'hc-a', b: 'hc-b' };
    const provider = DnsProvider.ROUTE53;
    const addresses: [GlobalRouting, GlobalBackend][] = [
      [GlobalRouting.failover('a'), GlobalBackend.k8gb({ healthPolicy: GslbHealthPolicy.ALL })],
      [GlobalRouting.weighted({ a: 3, b: 1 }), GlobalBackend.k8gb()],
      [
        GlobalRouting.weighted(),
        GlobalBackend.externalDns({ provider, annotationPrefix: ExternalDnsPrefix.STABLE, healthChecks }),
      ],
      [
        GlobalRouting.nearest({ users: { a: ['US-CA'], b: ['CN'] }, otherwise: 'a' }),
        GlobalBackend.dnsEndpoint({ provider, healthChecks }),
      ],
      [GlobalRouting.nearest(), GlobalBackend.floatingAddress('203.0.113.7')],
    ];
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.named('a', 'b') });
    for (const [i, [routing, backend]] of addresses.entries()) {
      const service = mall.addService(`service-${i}`, { image: 'mall/service:1.0.0', port: 8080 });
      const host = `service-${i}.example.com`;
      const isLast = i === addresses.length - 1;
      service.expose(isLast ? Exposure.loadBalancer({ scheme }) : Exposure.ingress(host, { scheme }));
      mall.exposeGlobally(host, { service, routing, backend });
    }
    const legacy = new MultiClusterApp(platform, 'legacy', { placement: Placement.named('old') });
    const service = legacy.addService('shop', { image: 'mall/shop:1.0.0', port: 8080 });
    service.expose(Exposure.loadBalancer({ scheme }));
    legacy.exposeGlobally('shop.example.com', {
      service,
      routing: GlobalRouting.nearest(),
      backend: GlobalBackend.k8gb(),
    });
  },
} satisfies AcceptedCase;
