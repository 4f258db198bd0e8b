import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterProps, LoadBalancerKind, Provider } from './cluster-facts';
import { Announcement, ExposureScheme } from './entry-points';
import { Exposure } from './exposure';
import type { MultiClusterAppProps } from './multi-cluster-app';
import type { ServiceProps } from './service-props';
import { serviceProblems, withService } from './service-synthesis.test-support';
import type { AnyObject, Assembly } from './synthesis.test-support';

const PUBLIC = { scheme: ExposureScheme.INTERNET_FACING };

/** What an exposed service `cart` in a cluster `prod` is refused for. */
function refused(
  exposure: Exposure,
  facts: ClusterProps = {},
  props: Partial<ServiceProps> = {},
  app: Partial<MultiClusterAppProps> = {},
): string[] {
  return serviceProblems({ port: 8080, ...props }, { clusters: { prod: facts }, app }, (cart) => cart.expose(exposure));
}

function exposed(exposure: Exposure, facts: ClusterProps, props: Partial<ServiceProps> = {}): Assembly {
  return withService({ port: 8080, ...props }, { clusters: { prod: facts } }, (cart) => cart.expose(exposure));
}

const serviceOf = (assembly: Assembly, cluster = 'prod'): AnyObject =>
  assembly.object(cluster, 'mall/cart/Service/cart-lb');

describe('a service exposed by an Ingress', () => {
  it('has one of the class that the facts name for the scheme, with host, path and certificate', () => {
    const assembly = exposed(
      Exposure.ingress('shop.example.com', { ...PUBLIC, path: '/cart', tlsSecret: 'shop-tls' }),
      {
        internetFacing: true,
        entryPoints: { internet: { ingressClass: 'nginx-public' }, intranet: { ingressClass: 'nginx' } },
      },
    );
    const ingress = assembly.object('prod', 'mall/cart/Ingress/cart');
    expect(ingress.metadata).toMatchObject({ name: 'cart', namespace: 'mall' });
    expect(ingress.metadata.labels).toEqual(assembly.object('prod', 'mall/cart/Service').metadata.labels);
    expect(ingress.spec).toEqual({
      ingressClassName: 'nginx-public',
      tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }],
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [
              { path: '/cart', pathType: 'Prefix', backend: { service: { name: 'cart', port: { number: 8080 } } } },
            ],
          },
        },
      ],
    });
  });

  it('is refused where the facts name no class of the scheme', () => {
    const facts = { internetFacing: true, entryPoints: { intranet: { ingressClass: 'nginx' } } };
    expect(refused(Exposure.ingress('shop.example.com'), facts)).toEqual([]);
    expect(refused(Exposure.ingress('shop.example.com', PUBLIC), facts)).toEqual([
      'ORR2013 No fact of cluster "prod" says which ingressClass internet-facing Ingresses have.',
    ]);
  });

  it('needs a valid host and path, and a port that the service has', () => {
    const facts = { entryPoints: { intranet: { ingressClass: 'nginx' } } };
    const several = {
      port: undefined,
      ports: [
        { name: 'http', port: 80 },
        { name: 'admin', port: 9000 },
      ],
    } as unknown as Partial<ServiceProps>;
    expect(refused(Exposure.ingress('Shop'), facts)).toEqual(['ORR2003 "Shop" is not a valid host.']);
    expect(refused(Exposure.ingress('10.0.0.1'), facts)).toEqual(['ORR2003 "10.0.0.1" is not a valid host.']);
    expect(refused(Exposure.ingress('*.example.com'), facts)).toEqual([]);
    expect(refused(Exposure.ingress('a.example.com', { path: 'cart' }), facts)).toEqual(['ORR2011 "cart" is no path.']);
    expect(refused(Exposure.ingress('a.example.com', { port: 81 }), facts)).toEqual([
      'ORR2012 The exposure is for port 81, which the service does not have.',
    ]);
    expect(refused(Exposure.ingress('a.example.com'), facts, several)).toEqual([
      'ORR2012 The exposure says no port, and the service has several.',
    ]);
    expect(refused(Exposure.ingress('a.example.com', { port: 9000 }), facts, several)).toEqual([]);
    expect(refused(Exposure.ingress('a.example.com'), facts, { port: undefined } as never)).toEqual([
      'ORR2012 The service is exposed and has no port.',
    ]);
  });
});

describe('a service exposed by a route of the Gateway API', () => {
  const gatewayApi = { apiVersions: ['gateway.networking.k8s.io/v1'] };

  it('attaches to the Gateway that the facts name', () => {
    const assembly = exposed(Exposure.httpRoute('shop.example.com'), {
      ...gatewayApi,
      entryPoints: { intranet: { gateway: 'infra/shared' } },
    });
    expect(assembly.object('prod', 'mall/cart/HTTPRoute/cart').spec).toEqual({
      parentRefs: [{ name: 'shared', namespace: 'infra' }],
      hostnames: ['shop.example.com'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ name: 'cart', port: 8080 }],
        },
      ],
    });
  });

  it('has a Gateway of its own where it asks for one, with an address of the scheme', () => {
    const assembly = exposed(Exposure.httpRoute('shop.example.com', { ownGateway: true, tlsSecret: 'shop-tls' }), {
      ...gatewayApi,
      provider: Provider.AZURE,
      loadBalancer: LoadBalancerKind.CLOUD,
      entryPoints: { intranet: { gatewayClass: 'istio' } },
    });
    expect(assembly.object('prod', 'mall/cart/Gateway/cart').spec).toEqual({
      gatewayClassName: 'istio',
      infrastructure: { annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' } },
      listeners: [
        {
          name: 'https',
          port: 443,
          protocol: 'HTTPS',
          hostname: 'shop.example.com',
          tls: { mode: 'Terminate', certificateRefs: [{ name: 'shop-tls' }] },
          allowedRoutes: { namespaces: { from: 'Same' } },
        },
      ],
    });
    expect(assembly.object('prod', 'mall/cart/HTTPRoute/cart').spec.parentRefs).toEqual([{ name: 'cart' }]);
  });

  it('is refused where the facts do not say that the cluster serves it, or what it attaches to', () => {
    expect(refused(Exposure.httpRoute('shop.example.com'))).toEqual([
      'ORR2013 The service is exposed by an HTTPRoute, and no fact of cluster "prod" says that it serves gateway.networking.k8s.io/v1.',
      'ORR2013 No fact of cluster "prod" says which gateway internal routes have.',
    ]);
    expect(refused(Exposure.httpRoute('shop.example.com', { ownGateway: true }), gatewayApi)).toEqual([
      'ORR2013 No fact of cluster "prod" says which gatewayClass internal Gateways have.',
      'ORR2013 No fact of cluster "prod" says what gives Services of type LoadBalancer their address.',
    ]);
    const facts = { ...gatewayApi, entryPoints: { intranet: { gateway: 'infra/shared' } } };
    expect(refused(Exposure.httpRoute('shop.example.com', { tlsSecret: 'shop-tls' }), facts)).toEqual([
      'ORR2012 The route has a tlsSecret, and TLS is the matter of the Gateway that it attaches to.',
    ]);
  });
});

describe('a service exposed by a load balancer', () => {
  const cloud = { loadBalancer: LoadBalancerKind.CLOUD, internetFacing: true };

  it('keeps its own Service, and has another one of type LoadBalancer', () => {
    const assembly = exposed(
      Exposure.loadBalancer({ preserveClientAddress: true, sourceRanges: ['10.0.0.0/8'], annotations: { team: 'a' } }),
      { ...cloud, provider: Provider.GOOGLE_CLOUD, entryPoints: { intranet: { loadBalancerClass: 'example.com/lb' } } },
    );
    expect(assembly.object('prod', 'mall/cart/Service').spec.type).toBe('ClusterIP');
    const service = serviceOf(assembly);
    expect(service.metadata.annotations).toEqual({ 'networking.gke.io/load-balancer-type': 'Internal', team: 'a' });
    expect(service.spec).toEqual({
      type: 'LoadBalancer',
      loadBalancerClass: 'example.com/lb',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      selector: assembly.object('prod', 'mall/cart/Service').spec.selector,
      ports: [{ name: 'http', port: 8080, protocol: 'TCP', targetPort: 'http' }],
    });
  });

  const aws = 'service.beta.kubernetes.io/aws-load-balancer';
  const alibaba = 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type';
  const ibm = 'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type';
  it.each([
    [
      Provider.AWS,
      { [`${aws}-scheme`]: 'internal', [`${aws}-internal`]: 'true' },
      { [`${aws}-scheme`]: 'internet-facing' },
    ],
    [Provider.AZURE, { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }, undefined],
    [Provider.GOOGLE_CLOUD, { 'networking.gke.io/load-balancer-type': 'Internal' }, undefined],
    [Provider.OPENSTACK, { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' }, undefined],
    [Provider.ORACLE_CLOUD, { 'service.beta.kubernetes.io/oci-load-balancer-internal': 'true' }, undefined],
    [Provider.ALIBABA_CLOUD, { [alibaba]: 'intranet' }, { [alibaba]: 'internet' }],
    [Provider.IBM_CLOUD, { [ibm]: 'private' }, { [ibm]: 'public' }],
  ])('has the annotations of %s for its scheme', (provider, inside, outside) => {
    const facts = { ...cloud, provider };
    expect(serviceOf(exposed(Exposure.loadBalancer(), facts)).metadata.annotations).toEqual(inside);
    expect(serviceOf(exposed(Exposure.loadBalancer(PUBLIC), facts)).metadata.annotations).toEqual(outside);
  });

  it('is refused where a provider documents no annotation, until the facts declare one', () => {
    for (const provider of [Provider.HUAWEI_CLOUD, Provider.TENCENT_CLOUD, Provider.QINGCLOUD]) {
      expect(refused(Exposure.loadBalancer(), { ...cloud, provider })).toEqual([
        `ORR2013 Cluster "prod" is one of provider ${provider}, of which no annotation for internal addresses is known.`,
      ]);
    }
    const declared = { 'service.kubernetes.io/qcloud-loadbalancer-internal-subnetid': 'subnet-1' };
    const facts = {
      ...cloud,
      provider: Provider.TENCENT_CLOUD,
      entryPoints: { intranet: { loadBalancerAnnotations: declared } },
    };
    expect(serviceOf(exposed(Exposure.loadBalancer(), facts)).metadata.annotations).toEqual(declared);
    expect(serviceOf(exposed(Exposure.loadBalancer(PUBLIC), facts)).metadata.annotations).toBeUndefined();
    expect(refused(Exposure.loadBalancer(), { loadBalancer: LoadBalancerKind.CLOUD })[0]).toContain(
      'an unknown provider',
    );
  });

  it('takes an address of the pool that the facts name with MetalLB and OpenELB', () => {
    const entryPoints = { intranet: { addressPool: 'office', announcement: Announcement.LAYER2 } };
    const metallb = { loadBalancer: LoadBalancerKind.METALLB };
    const openelb = { loadBalancer: LoadBalancerKind.OPENELB };
    expect(serviceOf(exposed(Exposure.loadBalancer(), { ...metallb, entryPoints })).metadata.annotations).toEqual({
      'metallb.io/address-pool': 'office',
    });
    expect(serviceOf(exposed(Exposure.loadBalancer(), { ...openelb, entryPoints })).metadata.annotations).toEqual({
      'lb.kubesphere.io/v1alpha1': 'openelb',
      'eip.openelb.kubesphere.io/v1alpha2': 'office',
      'protocol.openelb.kubesphere.io/v1alpha1': 'layer2',
    });
    expect(refused(Exposure.loadBalancer(), metallb)).toEqual([
      'ORR2013 No fact of cluster "prod" says from which pool metallb takes internal addresses.',
    ]);
    expect(
      refused(Exposure.loadBalancer(), { ...openelb, entryPoints: { intranet: { addressPool: 'office' } } }),
    ).toEqual(['ORR2013 No fact of cluster "prod" says how openelb announces the addresses of pool "office".']);
  });

  it('is refused where nothing gives addresses, or nobody said what does', () => {
    expect(refused(Exposure.loadBalancer(), { loadBalancer: LoadBalancerKind.NONE })).toEqual([
      'ORR2012 In cluster "prod" nothing gives Services of type LoadBalancer an address (loadBalancer: none).',
    ]);
    expect(refused(Exposure.loadBalancer())).toEqual([
      'ORR2013 No fact of cluster "prod" says what gives Services of type LoadBalancer their address.',
    ]);
    for (const loadBalancer of [LoadBalancerKind.KUBE_VIP, LoadBalancerKind.CILIUM]) {
      expect(refused(Exposure.loadBalancer(), { loadBalancer })).toEqual([
        `ORR2013 Cluster "prod" is one of load balancer ${loadBalancer}, of which no annotation for internal addresses is known.`,
      ]);
    }
  });

  it('says what is wrong with its ports, ranges, name and annotations', () => {
    const facts = { ...cloud, provider: Provider.AWS };
    expect(refused(Exposure.loadBalancer({ ports: [81] }), facts)).toEqual([
      'ORR2012 The exposure is for port 81, which the service does not have.',
    ]);
    expect(refused(Exposure.loadBalancer({ ports: [] }), facts)).toEqual(['ORR2012 The exposure has no port.']);
    expect(refused(Exposure.loadBalancer({ sourceRanges: ['10.0.0.0'] }), facts)).toEqual([
      'ORR2011 "10.0.0.0" is no range of addresses.',
    ]);
    expect(refused(Exposure.loadBalancer({ name: 'cart' }), facts)).toEqual([
      'ORR2004 The exposure is named "cart", and so is the service\'s own Service.',
    ]);
    expect(refused(Exposure.loadBalancer({ annotations: { [`${aws}-scheme`]: 'internet-facing' } }), facts)[0]).toBe(
      `ORR2012 The exposure is internal, and its annotation "${aws}-scheme: internet-facing" makes it internet-facing.`,
    );
    expect(refused(Exposure.loadBalancer({ annotations: { [`${aws}-internal`]: 'false' } }), facts)).toEqual([
      `ORR2012 The exposure sets annotation "${aws}-internal" itself.`,
    ]);
  });
});

describe('who reaches a service', () => {
  it('is the internet only where the facts say that it reaches the cluster', () => {
    const entryPoints = { internet: { ingressClass: 'nginx' } };
    const exposure = Exposure.ingress('shop.example.com', PUBLIC);
    expect(refused(exposure, { entryPoints })).toEqual([
      'ORR2013 The exposure is internet-facing, and no fact of cluster "prod" says that the internet reaches it.',
    ]);
    expect(refused(exposure, { entryPoints: {}, internetFacing: false })[0]).toBe(
      'ORR2012 The exposure is internet-facing, and the internet does not reach cluster "prod" (internetFacing: false).',
    );
  });

  it('is decided per cluster where exposures are', () => {
    const facts = { entryPoints: { intranet: { ingressClass: 'nginx' } } };
    const assembly = withService({ port: 8080 }, { clusters: { prod: {}, office: facts } }, (cart, clusters) => {
      cart.exposeIn(clusters.named('office'), Exposure.ingress('cart.example.com'));
    });
    expect([...assembly.objects('office').keys()]).toContain('mall/cart/Ingress/cart');
    expect([...assembly.objects('prod').keys()]).not.toContain('mall/cart/Ingress/cart');
  });

  it('is never the internet for a sensitive app, whatever the facts and the kind of exposure', () => {
    const boolean = fc.option(fc.boolean(), { nil: undefined });
    const point = fc.record({
      ingressClass: fc.constant('nginx'),
      gateway: fc.constant('infra/shared'),
      gatewayClass: fc.constant('istio'),
      addressPool: fc.constant('pool'),
      announcement: fc.constantFrom(...Object.values(Announcement)),
      loadBalancerAnnotations: fc.option(fc.constant({}), { nil: undefined }),
    });
    const facts = fc.record({
      internetFacing: boolean,
      provider: fc.constantFrom(...Object.values(Provider)),
      loadBalancer: fc.constantFrom(...Object.values(LoadBalancerKind)),
      apiVersions: fc.constant<string[]>(['gateway.networking.k8s.io/v1']),
      entryPoints: fc.record({ intranet: point, internet: point }),
    });
    const scheme = fc.constantFrom(...Object.values(ExposureScheme));
    const exposure = fc.record({ scheme, kind: fc.constantFrom('ingress', 'route', 'own', 'balancer') });
    fc.assert(
      fc.property(facts, exposure, ({ internetFacing, entryPoints, ...known }, { scheme, kind }) => {
        const cluster = {
          ...known,
          ...(internetFacing === undefined ? {} : { internetFacing }),
          entryPoints,
        } as ClusterProps;
        const made =
          kind === 'ingress'
            ? Exposure.ingress('a.example.com', { scheme })
            : kind === 'balancer'
              ? Exposure.loadBalancer({ scheme })
              : Exposure.httpRoute('a.example.com', { scheme, ownGateway: kind === 'own' });
        const problems = refused(made, cluster, {}, { sensitive: true });
        const about = problems.filter((problem) => problem.includes('The app is sensitive'));
        expect(about).toHaveLength(scheme === ExposureScheme.INTERNET_FACING ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('facts about entry points', () => {
  it('must be names and addresses, and not contradict the other facts', () => {
    const exposure = Exposure.ingress('a.example.com');
    const point = { ingressClass: 'nginx' };
    const aws = { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' };
    const wrong = (facts: ClusterProps) => refused(exposure, facts).map((problem) => problem.replace(/^ORR\d+ /, ''));
    expect(wrong({ internetFacing: false, entryPoints: { intranet: point, internet: {} } })).toEqual([
      'entryPoints.internet is declared, and internetFacing is false.',
    ]);
    expect(wrong({ entryPoints: { intranet: { ...point, loadBalancerAnnotations: aws } } })).toEqual([
      'entryPoints.intranet: annotation "service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing" gives addresses that the internet reaches.',
    ]);
    expect(
      wrong({ entryPoints: { intranet: { ...point, gateway: 'shared', addressPool: 'A' } }, geoTag: 'a.b' }),
    ).toEqual([
      'geoTag "a.b" is not at most 63 lower-case letters, digits and "-", starting and ending with a letter or digit.',
      'entryPoints.intranet: gateway "shared" is not of the form "namespace/name".',
      'entryPoints.intranet: addressPool "A" is not a valid name.',
    ]);
    expect(wrong({ entryPoints: { intranet: { ...point, addresses: ['10.0.0.1', 'lb.example.com', '_'] } } })).toEqual([
      'entryPoints.intranet: "lb.example.com" is a DNS name and has to be the only one of addresses.',
      'entryPoints.intranet: "_" is no address and no DNS name.',
    ]);
  });
});
