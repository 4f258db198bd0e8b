import {
  AddressPool,
  Announcement,
  BgpSpeaker,
  ClusterSet,
  Exposure,
  ExposureScheme,
  LoadBalancerKind,
  MultiClusterApp,
  Placement,
  Provider,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title:
    'a service exposed by Ingress, Gateway API and load balancers, with pools and BGP sessions of MetalLB and OpenELB',
  crds: [
    'gateway.networking.k8s.io/gateways.gateway.networking.k8s.io.yaml',
    'gateway.networking.k8s.io/httproutes.gateway.networking.k8s.io.yaml',
    'metallb.io',
    ...['eips', 'bgpconfs', 'bgppeers'].map((plural) => `network.kubesphere.io/${plural}.network.kubesphere.io.yaml`),
  ],
  kinds: [
    ...['Ingress', 'Service', 'HTTPRoute', 'Gateway'],
    ...['IPAddressPool', 'BGPAdvertisement', 'L2Advertisement', 'BGPPeer', 'Eip', 'BgpConf', 'BgpPeer'],
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const apiVersions = ['gateway.networking.k8s.io/v1'];
    const cloud = clusters.add('cloud', {
      provider: Provider.AZURE,
      loadBalancer: LoadBalancerKind.CLOUD,
      internetFacing: true,
      apiVersions,
      entryPoints: {
        internet: { ingressClass: 'nginx', gateway: 'infra/public' },
        intranet: { gatewayClass: 'istio', loadBalancerClass: 'example.com/internal' },
      },
    });
    const pools = { internet: { addressPool: 'public', announcement: Announcement.BGP } };
    clusters.add('metallb', { loadBalancer: LoadBalancerKind.METALLB, internetFacing: true, entryPoints: pools });
    clusters.add('openelb', { loadBalancer: LoadBalancerKind.OPENELB, internetFacing: true, entryPoints: pools });
    const racks = Placement.named('metallb', 'openelb');
    new AddressPool(platform, 'public', {
      placement: racks,
      addresses: { metallb: ['203.0.113.0/28', '203.0.113.32-203.0.113.40'], openelb: ['203.0.113.16/28'] },
      announcement: Announcement.BGP,
      namespaces: ['mall'],
      peers: ['tor'],
    });
    new AddressPool(platform, 'office', {
      placement: racks,
      addresses: { metallb: ['10.9.0.0/24'], openelb: ['10.8.0.0/24'] },
      announcement: Announcement.LAYER2,
      automatic: true,
      networkInterface: 'eth0',
    });
    new BgpSpeaker(platform, 'racks', {
      placement: racks,
      asn: 64512,
      peers: { tor: { address: '10.0.0.1', asn: 64513, port: 1179 } },
      routerIds: { metallb: '10.0.0.9', openelb: '10.0.0.8' },
    });
    new BgpSpeaker(platform, 'spines', {
      placement: Placement.named('metallb'),
      asn: 64512,
      peers: { spine: { address: '10.0.1.1', asn: 64514, multiHop: true, passwordSecret: 'spine' } },
    });
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    const cart = mall.addService('cart', { image: 'mall/cart:4.12.0', port: 8080 });
    const scheme = ExposureScheme.INTERNET_FACING;
    cart.expose(Exposure.loadBalancer({ scheme, sourceRanges: ['10.0.0.0/8'], preserveClientAddress: true }));
    cart.exposeIn(cloud, Exposure.ingress('shop.example.com', { scheme, path: '/cart', tlsSecret: 'shop-tls' }));
    cart.exposeIn(cloud, Exposure.httpRoute('www.example.com', { scheme }));
    cart.exposeIn(
      cloud,
      Exposure.httpRoute('cart.example.com', { name: 'inside', ownGateway: true, tlsSecret: 'cart-tls' }),
    );
    cart.exposeIn(cloud, Exposure.loadBalancer({ name: 'cart-inside' }));
  },
} satisfies AcceptedCase;
