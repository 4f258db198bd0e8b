import { describe, expect, it } from 'vitest';
import { Exposure } from '../exposure';
import type { MultiClusterService } from '../multi-cluster-service';
import { ResilienceBackend } from '../resilience';
import { GATEWAY, names, type Objects, released, releaseProblems, shares } from './canary.test-support';
import { type CanaryAnalysis, CanaryMetric } from './canary-analysis';
import { CanaryBackend } from './canary-backend';
import { CanaryDye } from './canary-dye';
import { CanaryMatch } from './canary-match';
import { CanaryStep } from './canary-step';

const image = 'mall/cart:4.13.0';
const stable = { host: 'cart.mall.svc.cluster.local' };
const canary = { host: 'cart-canary.mall.svc.cluster.local' };
const http = (objects: Objects) => objects.get('mall/cart/VirtualService')?.spec.http;
const rules = (objects: Objects, path = 'mall/cart/HTTPRoute/cart') => objects.get(path)?.spec.rules;

describe('the routes of a canary release in a mesh', { timeout: 30_000 }, () => {
  it('send what a match asks for to the canary, before the shares', () => {
    const release = released({
      image,
      steps: [
        CanaryStep.headerRoute(
          CanaryMatch.header('X-Beta', { prefix: 'on' }),
          CanaryMatch.allOf(CanaryMatch.query('v', { exact: '2' }), CanaryMatch.userGroup('testers')),
          CanaryMatch.region('cn-south'),
          CanaryMatch.client({ app: 'web', version: 'v2' }),
        ),
        CanaryStep.weight(10),
      ],
    });
    expect(http(release.at('weight-10'))).toEqual([
      {
        match: [
          { headers: { 'x-beta': { prefix: 'on' } } },
          { headers: { 'x-user-group': { exact: 'testers' } }, queryParams: { v: { exact: '2' } } },
          { headers: { 'x-client-region': { exact: 'cn-south' } } },
          { sourceLabels: { app: 'web', version: 'v2' } },
        ],
        route: [{ destination: canary }],
      },
      {
        route: [
          { destination: stable, weight: 90 },
          { destination: canary, weight: 10 },
        ],
      },
    ]);
    expect(http(release.at('weight-100'))).toEqual([{ route: [{ destination: canary }] }]);
  });

  it('name the port where there are several, and leave alone what is no HTTP', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'grpc-admin', port: 90 },
      { name: 'mysql', port: 3306 },
    ];
    const release = released(
      { image, steps: [CanaryStep.weight(10)] },
      { service: { port: undefined as never, ports } },
    );
    const at = (host: object, number: number) => ({ ...host, port: { number } });
    expect(http(release.at('weight-10'))).toEqual(
      [80, 90].map((port) => ({
        match: [{ port }],
        route: [
          { destination: at(stable, port), weight: 90 },
          { destination: at(canary, port), weight: 10 },
        ],
      })),
    );
  });

  it('copy requests until the canary gets some, and never more than one way', () => {
    const release = released({ image, steps: [CanaryStep.mirror(20), CanaryStep.weight(5)] });
    expect(http(release.at('mirror-20'))).toEqual([
      { route: [{ destination: stable }], mirrors: [{ destination: canary, percentage: { value: 20 } }] },
    ]);
    expect(http(release.at('weight-5'))[0]).not.toHaveProperty('mirrors');
  });

  it('switch at once in blue-green, when all pods are there', () => {
    const release = released({
      image,
      steps: CanaryStep.blueGreen({ preview: [CanaryMatch.header('x-preview', { exact: 'yes' })], keep: '30m' }),
    });
    expect(release.stages()).toEqual([
      'begin',
      'route-2',
      'approve-3',
      'weight-100',
      'pause-5',
      'promote',
      'return',
      'end',
    ]);
    expect(release.at('begin').get('cart-4-13/Deployment')?.spec.replicas).toBe(12);
    expect(shares(release.at('approve-3'))).toEqual(['cart-canary 100', 'cart 100']);
    expect(shares(release.at('weight-100'))).toEqual(['cart-canary 100']);
    expect(release.states().stages[4]?.hold).toEqual({ type: 'pause', ms: 1_800_000 });
  });

  it('bring a client back to the version that it got, and to its pod', () => {
    const release = released({
      image,
      steps: [CanaryStep.weight(10)],
      stickiness: { version: { cookie: 'cart', maxAge: '2h' }, pod: { header: 'X-User' } },
    });
    const [back, share] = http(release.at('weight-10'));
    const [, { headers }] = share.route;
    const cookie = headers.response.add['Set-Cookie'] as string;
    expect(cookie).toMatch(/^cart=[0-9a-f]{10}; Max-Age=7200; Path=\/; HttpOnly; SameSite=Lax$/);
    const pattern = new RegExp(back.match[0].headers.cookie.regex);
    expect(pattern.test(`a=b; ${cookie.split(';')[0]}`)).toBe(true);
    expect(pattern.test(`my${cookie.split(';')[0]}`)).toBe(false);
    expect(back.route).toEqual([{ destination: canary }]);
    const policy = { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } };
    for (const path of ['mall/cart/DestinationRule', 'cart-4-13/DestinationRule'])
      expect(release.at('begin').get(path)?.spec.trafficPolicy).toEqual(policy);
    expect(names(release.at('end'))).toEqual(['Deployment/cart', 'Service/cart']);
  });

  it('put failures only into the requests of the matches, without the timeouts that would be off', () => {
    const steps = [
      CanaryStep.headerRoute(CanaryMatch.userGroup('testers')),
      CanaryStep.fault({ delay: '2s', abortStatus: 503, percent: 50, withoutTimeouts: true }),
      CanaryStep.pause('5m'),
      CanaryStep.weight(10),
    ];
    const use = (service: MultiClusterService) =>
      service.resilience({ backend: ResilienceBackend.ISTIO, timeout: '1s', retries: { attempts: 1 } });
    const release = released({ image, steps }, { use });
    const fault = {
      delay: { percentage: { value: 50 }, fixedDelay: '2s' },
      abort: { percentage: { value: 50 }, httpStatus: 503 },
    };
    for (const stage of ['fault-2', 'pause-3']) {
      const [ruled, others] = http(release.at(stage));
      expect(ruled.fault).toEqual(fault);
      expect(ruled).not.toHaveProperty('timeout');
      expect(ruled).not.toHaveProperty('retries');
      expect(others).not.toHaveProperty('fault');
      expect(others.timeout).toBe('1s');
    }
    expect(http(release.at('weight-10')).some((route: object) => 'fault' in route)).toBe(false);
    const silent = [steps[0] as CanaryStep, CanaryStep.fault({ delay: '2s' })];
    expect(releaseProblems({ image, steps: silent }, { use })).toEqual([
      'ORR2012 Step 2 puts failures into requests, for which Istio then holds to no timeout and retries, and resilience sets them.',
    ]);
  });
});

describe('a dyed canary release', { timeout: 30_000 }, () => {
  it('gets requests of the lane by the label of the pods that send them', () => {
    const release = released({ image, steps: [CanaryStep.approve()], dye: CanaryDye.lane('gray') });
    const objects = release.at('approve-1');
    expect(http(objects)).toEqual([
      { match: [{ sourceLabels: { 'orrery.dev/lane': 'gray' } }], route: [{ destination: canary }] },
      { route: [{ destination: stable }] },
    ]);
    expect(objects.get('cart-4-13/Deployment')?.spec.template.metadata.labels).toMatchObject({
      'orrery.dev/lane': 'gray',
    });
    expect(release.at('return').get('mall/cart/Deployment')?.spec.template.metadata.labels).not.toHaveProperty(
      'orrery.dev/lane',
    );
  });

  it('gets requests with the header, which the edge sets and nobody brings along', () => {
    const edge = [CanaryMatch.cookie('beta', 'yes')];
    const release = released(
      {
        image,
        steps: [CanaryStep.approve()],
        backend: CanaryBackend.ISTIO,
        dye: CanaryDye.header('X-Lane', 'gray', { forwardedByApplications: true, edge }),
      },
      {
        clusters: { prod: { ...GATEWAY, apiVersions: ['networking.istio.io/v1', 'gateway.networking.k8s.io/v1'] } },
        use: (service) => service.expose(Exposure.httpRoute('shop.example.com')),
      },
    );
    const objects = release.at('dye');
    expect(http(objects)[0].match).toEqual([{ headers: { 'x-lane': { exact: 'gray' } } }]);
    const path = { type: 'PathPrefix', value: '/' };
    expect(rules(objects)).toEqual([
      {
        matches: [
          {
            path,
            headers: [{ name: 'cookie', type: 'RegularExpression', value: '^(.*?;\\s*)?beta=yes(;.*)?$' }],
          },
        ],
        filters: [
          { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-lane', value: 'gray' }] } },
        ],
        backendRefs: [{ name: 'cart-canary', port: 8080 }],
      },
      {
        matches: [{ path }],
        filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-lane'] } }],
        backendRefs: [{ name: 'cart', port: 8080 }],
      },
    ]);
  });

  it('is refused where nobody says that the applications send the header on', () => {
    const dye = CanaryDye.header('x-lane', 'gray', { forwardedByApplications: false });
    expect(releaseProblems({ image, steps: [CanaryStep.approve()], dye })).toEqual([
      'ORR2012 Header "x-lane" reaches the services behind only where every application sends it on, which nothing in a cluster does.',
    ]);
  });
});

describe('a canary release by the Gateway API', { timeout: 30_000 }, () => {
  const setting = {
    clusters: { prod: GATEWAY },
    use: (service: { expose(exposure: Exposure): void }) => service.expose(Exposure.httpRoute('shop.example.com')),
  };

  it('divides the requests of the HTTPRoutes by which the service is exposed', () => {
    const steps = [
      CanaryStep.mirror(10),
      CanaryStep.headerRoute(CanaryMatch.header('x-beta', { prefix: 'a.b' })),
      CanaryStep.weight(25),
    ];
    const release = released({ image, steps }, setting);
    expect(release.release.backend).toBe('gateway-api');
    const path = { type: 'PathPrefix', value: '/' };
    expect(rules(release.at('mirror-10'))).toEqual([
      {
        matches: [{ path }],
        filters: [
          {
            type: 'RequestMirror',
            requestMirror: { backendRef: { name: 'cart-canary', port: 8080 }, percent: 10 },
          },
        ],
        backendRefs: [{ name: 'cart', port: 8080 }],
      },
    ]);
    expect(rules(release.at('weight-25'))).toEqual([
      {
        matches: [{ path, headers: [{ name: 'x-beta', type: 'RegularExpression', value: 'a\\.b.*' }] }],
        backendRefs: [{ name: 'cart-canary', port: 8080 }],
      },
      {
        matches: [{ path }],
        backendRefs: [
          { name: 'cart', port: 8080, weight: 75 },
          { name: 'cart-canary', port: 8080, weight: 25 },
        ],
      },
    ]);
    expect(rules(release.at('end'))).toEqual([{ matches: [{ path }], backendRefs: [{ name: 'cart', port: 8080 }] }]);
  });

  it('divides those of callers in a mesh that knows routes of Services, where it is asked to', () => {
    const release = released(
      { image, steps: [CanaryStep.weight(25)], meshCallers: true },
      { clusters: { prod: GATEWAY } },
    );
    const route = release.at('weight-25').get('cart-4-13/HTTPRoute/cart-mesh');
    expect(route.spec).toEqual({
      parentRefs: [{ group: '', kind: 'Service', name: 'cart', port: 8080 }],
      rules: [
        {
          backendRefs: [
            { name: 'cart', port: 8080, weight: 75 },
            { name: 'cart-canary', port: 8080, weight: 25 },
          ],
        },
      ],
    });
    expect(names(release.at('begin'))).not.toContain('HTTPRoute/cart-mesh');
    expect(names(release.at('end'))).not.toContain('HTTPRoute/cart-mesh');
  });

  it('is refused where no route leads to the service', () => {
    expect(releaseProblems({ image, steps: [CanaryStep.weight(25)] }, { clusters: { prod: GATEWAY } })).toEqual([
      'ORR2012 The Gateway API divides requests at HTTPRoutes, and none leads to the service.',
    ]);
  });

  it('is refused where the mesh has a route of the service already', () => {
    const use = (service: MultiClusterService) =>
      service.resilience({ backend: ResilienceBackend.ISTIO, timeout: '1s' });
    const props = { image, steps: [CanaryStep.weight(25)], meshCallers: true };
    expect(releaseProblems(props, { clusters: { prod: GATEWAY }, use })).toEqual([
      'ORR2012 meshCallers is set, and the mesh has a VirtualService of the service from its resilience: of the two one is ignored.',
    ]);
  });

  it('is refused where an analysis asks for metrics of a mesh that is not there', () => {
    const analyse = (analysis: Partial<CanaryAnalysis>) => {
      const steps = [CanaryStep.weight(25), CanaryStep.analyse({ during: '5m', ...analysis })];
      return releaseProblems({ image, steps, prometheus: 'http://prometheus.example' }, setting);
    };
    expect(analyse({ successRate: 0.99 })).toEqual([
      'ORR2013 Step 2 looks at the metrics of Istio, and no fact of cluster "prod" says that it is there.',
    ]);
    expect(analyse({ metrics: [CanaryMetric.query('errors', 'errors{service="{{canary}}"}', { atMost: 1 })] })).toEqual(
      [],
    );
  });

  it('says what it cannot do, and who can', () => {
    const steps = [CanaryStep.headerRoute(CanaryMatch.client({ app: 'web' })), CanaryStep.fault({ delay: '1s' })];
    expect(releaseProblems({ image, steps, dye: CanaryDye.lane('gray') }, setting)).toEqual([
      'ORR2012 Step 1 asks for requests by the labels of the pods that send them, which the Gateway API cannot do.',
      'ORR2012 Step 2 asks for failures on purpose, which the Gateway API cannot do.',
    ]);
  });
});
