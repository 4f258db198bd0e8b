import { ApiObject, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterProps } from '../cluster-facts';
import { ClusterSet } from '../cluster-set';
import type { Platform } from '../platform';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { names, Released, shares } from './canary.test-support';
import { CanaryMatch } from './canary-match';
import { CanaryRelease, type CanaryReleaseProps, type CanaryVersions } from './canary-release';
import { CanaryStep } from './canary-step';

const ISTIO = { apiVersions: ['networking.istio.io/v1'] };

/** Objects of a chart in one cluster, and a release of some of them. */
function program(
  objects: readonly AnyObject[],
  release: (made: readonly ApiObject[]) => CanaryReleaseProps,
  facts: ClusterProps = ISTIO,
): (platform: Platform) => void {
  return (platform) => {
    const prod = new ClusterSet(platform, 'clusters').add('prod', facts);
    const chart = new Chart(prod, 'shop', { namespace: 'shop' });
    const made = objects.map((object, at) => new ApiObject(chart, `object-${at}`, structuredClone(object)));
    new CanaryRelease(platform, 'new-reviews', release(made));
  };
}

const service = (name: string, selector: object, ports: AnyObject[] = [{ name: 'http', port: 9080 }]): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector, ports },
});

const deployment = (name: string, labels: object, more: AnyObject = {}): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'app', image: `${name}:1` }], ...more },
    },
  },
});

/** The versions of a sample application: one Service whose pods differ by label `version`. */
const reviews = ['v1', 'v2', 'v3'].map((version) => deployment(`reviews-${version}`, { app: 'reviews', version }));
const versionsOf = (stable: string, canary: string, more: Partial<CanaryVersions> = {}): CanaryVersions => ({
  serviceName: 'reviews',
  namespaceName: 'shop',
  stable: { name: stable, labels: { version: stable } },
  canary: { name: canary, labels: { version: canary } },
  ...more,
});

const bookinfo = (versions: CanaryVersions, steps: CanaryStep[]) =>
  new Released(assemblyOf(program([service('reviews', { app: 'reviews' }), ...reviews], () => ({ versions, steps }))));

/** HTTP routes as short names have them, which are those of the namespace of the rule. */
function shortRoutes(objects: Map<string, AnyObject>): AnyObject {
  const { hosts, http } = objects.get('new-reviews/VirtualService')?.spec ?? {};
  expect(hosts).toEqual(['reviews.shop.svc.cluster.local']);
  return JSON.parse(JSON.stringify(http).replaceAll('reviews.shop.svc.cluster.local', 'reviews'));
}

const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight === undefined ? {} : { weight }),
});

describe('a canary release of versions that are there', { timeout: 60_000 }, () => {
  it('has the routes of the sample application of Istio', () => {
    // istio/istio samples/bookinfo/networking/virtual-service-reviews-{90-10,80-20,50-v3,v3,test-v2,jason-v2-v3}.yaml
    const v2 = bookinfo(versionsOf('v1', 'v2'), [CanaryStep.weight(10), CanaryStep.weight(20)]);
    expect(shortRoutes(v2.at('weight-10'))).toEqual([{ route: [to('v1', 90), to('v2', 10)] }]);
    expect(shortRoutes(v2.at('weight-20'))).toEqual([{ route: [to('v1', 80), to('v2', 20)] }]);
    const v3 = bookinfo(versionsOf('v1', 'v3'), [CanaryStep.weight(50)]);
    expect(shortRoutes(v3.at('weight-50'))).toEqual([{ route: [to('v1', 50), to('v3', 50)] }]);
    expect(shortRoutes(v3.at('end'))).toEqual([{ route: [to('v3')] }]);
    const jason = CanaryStep.headerRoute(CanaryMatch.header('end-user', { exact: 'jason' }));
    for (const stable of ['v1', 'v3'])
      expect(shortRoutes(bookinfo(versionsOf(stable, 'v2'), [jason]).at('route-1'))).toEqual([
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] },
        { route: [to(stable)] },
      ]);
  });

  it('puts failures into named requests, whichever version they go to', () => {
    // istio/istio samples/bookinfo/networking/virtual-service-ratings-test-{delay,abort}.yaml
    const requests = [CanaryMatch.header('end-user', { exact: 'jason' })];
    const release = bookinfo(versionsOf('v1', 'v2'), [
      CanaryStep.fault({ delay: '7s', requests }),
      CanaryStep.fault({ abortStatus: 500, requests }),
    ]);
    const match = [{ headers: { 'end-user': { exact: 'jason' } } }];
    const percentage = { value: 100 };
    expect(shortRoutes(release.at('fault-1'))).toEqual([
      { match, fault: { delay: { percentage, fixedDelay: '7s' } }, route: [to('v1')] },
      { route: [to('v1')] },
    ]);
    expect(shortRoutes(release.at('fault-2'))[0].fault).toEqual({ abort: { percentage, httpStatus: 500 } });
  });

  it('declares the versions once, sends everything to the stable one before it begins, and makes no pods', () => {
    const release = bookinfo(versionsOf('v1', 'v2'), [CanaryStep.weight(10), CanaryStep.approve()]);
    expect(release.stages()).toEqual(['begin', 'weight-10', 'approve-2', 'weight-100', 'end']);
    const rule = {
      host: 'reviews.shop.svc.cluster.local',
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    };
    for (const state of [release.before(), ...release.stages().map((name) => release.at(name)), ...release.abort()]) {
      expect(state.get('new-reviews/DestinationRule')?.spec).toEqual(rule);
      expect(names(state).filter((name) => name.startsWith('Deployment/'))).toHaveLength(3);
    }
    for (const state of [release.before(), release.at('begin'), ...release.abort()])
      expect(shortRoutes(state)).toEqual([{ route: [to('v1')] }]);
  });

  it('holds at gateways, and in the mesh all the same', () => {
    const versions = versionsOf('v1', 'v2', {
      gateways: ['istio-system/public'],
      hosts: ['reviews.example.com'],
    });
    const release = bookinfo(versions, [CanaryStep.weight(10)]);
    expect(release.at('weight-10').get('new-reviews/VirtualService')?.spec).toMatchObject({
      hosts: ['reviews.shop.svc.cluster.local', 'reviews.example.com'],
      gateways: ['istio-system/public', 'mesh'],
    });
    const objects = [service('reviews', { app: 'reviews' }), ...reviews];
    expect(refused(objects, versionsOf('v1', 'v2', { gateways: ['public'], hosts: ['reviews'] }))).toEqual([
      'ORR2003 "public" is no gateway.',
      'ORR2003 "reviews" is no host.',
    ]);
    expect(refused(objects, versionsOf('v1', 'v2', { gateways: ['istio-system/public'] }))).toEqual([
      'ORR2012 Of gateways and hosts one is set without the other.',
    ]);
  });

  const refused = (objects: AnyObject[], versions: CanaryVersions, steps = [CanaryStep.weight(10)]) =>
    problemsOfProgram(program(objects, () => ({ versions, steps }))).map(({ code, what }) => `${code} ${what}`);

  it('is refused where its subsets select nothing, or the same pods', () => {
    const objects = [service('reviews', { app: 'reviews' }), ...reviews];
    expect(refused(objects, versionsOf('v1', 'v4'))).toEqual([
      'ORR2012 Version "v4" of Service "reviews" selects no pods: none of the program has app: reviews, version: v4.',
    ]);
    expect(refused([service('reviews', { app: 'review' }), ...reviews], versionsOf('v1', 'v2'))).toHaveLength(2);
    const same = { ...versionsOf('v1', 'v2'), canary: { name: 'beta', labels: { track: 'beta' } } };
    expect(refused(objects, same)[0]).toBe('ORR2012 Pods can have the labels of "v1" and of "beta".');
    expect(refused(objects, versionsOf('V_1', 'v2'))[0]).toBe('ORR2003 "V_1" is no name of a version.');
    expect(refused(objects, versionsOf('v1', 'v2'), [CanaryStep.scale(50)])).toEqual([
      'ORR2012 Step 1 scales pods, which the release of versions leaves alone.',
    ]);
  });

  it('is refused where the port is not said, or does not speak HTTP', () => {
    const several = [
      { name: 'http', port: 80 },
      { name: 'grpc', port: 90 },
    ];
    expect(refused([service('reviews', { app: 'reviews' }, several), ...reviews], versionsOf('v1', 'v2'))).toEqual([
      'ORR2012 Service "reviews" has 2 ports (IST0112).',
    ]);
    const release = new Released(
      assemblyOf(
        program([service('reviews', { app: 'reviews' }, several), ...reviews], () => ({
          versions: versionsOf('v1', 'v2', { port: 90 }),
          steps: [CanaryStep.weight(10)],
        })),
      ),
    );
    expect(shortRoutes(release.at('weight-10'))[0].match).toEqual([{ port: 90 }]);
    expect(shortRoutes(release.at('weight-10'))[0].route[1].destination.port).toEqual({ number: 90 });
    const silent = [{ name: 'web', port: 80 }];
    expect(refused([service('reviews', { app: 'reviews' }, silent), ...reviews], versionsOf('v1', 'v2'))).toEqual([
      'ORR2012 The port of Service "reviews" is not known to speak HTTP (IST0118).',
    ]);
  });

  it('is refused where another route or rule is for the same host', () => {
    const route = (gateways?: string[]) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'mine' },
      spec: { hosts: ['reviews'], http: [], ...(gateways === undefined ? {} : { gateways }) },
    });
    const rule = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'mine' },
      spec: { host: 'reviews.shop.svc.cluster.local', subsets: [] },
    };
    const objects = [service('reviews', { app: 'reviews' }), ...reviews];
    const versions = versionsOf('v1', 'v2');
    const other = 'is for host reviews.shop.svc.cluster.local';
    expect(refused([...objects, route()], versions)).toEqual([
      `ORR2012 VirtualService "mine" (shop/object-4) ${other} in the mesh, too: of two one is ignored.`,
    ]);
    expect(refused([...objects, route(['istio-system/public', 'mesh'])], versions)).toHaveLength(1);
    expect(refused([...objects, rule], versions)).toEqual([
      `ORR2012 DestinationRule "mine" (shop/object-4) ${other}, too: of two what the older one says holds.`,
    ]);
    const past = (object: AnyObject) => refused([...objects, object], versions);
    const leads = 'leads requests to the service past the release, which does not divide them.';
    const gateway = route(['istio-system/public']);
    const destination = { route: [{ destination: { host: 'reviews' } }] };
    expect(past({ ...gateway, spec: { ...gateway.spec, hosts: ['shop.example.com'], http: [destination] } })).toEqual([
      `ORR2012 VirtualService "mine" (shop/object-4) ${leads}`,
    ]);
    expect(
      past({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'mine' },
        spec: { rules: [{ backendRefs: [{ name: 'reviews', port: 9080 }] }] },
      }),
    ).toEqual([`ORR2012 HTTPRoute "mine" (shop/object-4) ${leads}`]);
    const backend = { service: { name: 'reviews', port: { number: 9080 } } };
    expect(
      past({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'mine' },
        spec: { rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
      }),
    ).toEqual([`ORR2012 Ingress "mine" (shop/object-4) ${leads}`]);
    expect(
      assemblyOf(
        program([...objects, route(['istio-system/public'])], () => ({ versions, steps: [CanaryStep.weight(10)] })),
      ).manifest.canaryReleases,
    ).toHaveLength(1);
  });
});

describe('a canary release of a Deployment of the program', { timeout: 60_000 }, () => {
  const web = deployment('web', { app: 'web', tier: 'front' });
  const front = service('front', { app: 'web' });
  const scaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 4,
      maxReplicas: 9,
    },
  };
  const release = (objects: AnyObject[], more: Partial<CanaryReleaseProps> = {}) =>
    program(objects, (made) => ({
      deployment: { deployment: made[0] as ApiObject, service: made[1] as ApiObject },
      image: 'web:2',
      steps: [CanaryStep.weight(34)],
      ...more,
    }));

  it('has pods and a Service of its own, and leaves the objects of the program as they are', () => {
    const released = new Released(assemblyOf(release([web, front])));
    expect(released.assembly.object('prod', 'shop/object-0').spec.template.spec.containers[0].image).toBe('web:1');
    const objects = released.at('weight-34');
    expect(names(objects)).toEqual([
      'Deployment/web',
      'Service/front',
      'VirtualService/front',
      'Deployment/web-canary',
      'Service/front-canary',
    ]);
    expect(objects.get('new-reviews/Deployment')?.spec).toMatchObject({
      replicas: 2,
      selector: { matchLabels: { app: 'web-canary', tier: 'front' } },
      template: { metadata: { labels: { app: 'web-canary', tier: 'front' } } },
    });
    expect(objects.get('new-reviews/Service')?.spec.selector).toEqual({ app: 'web-canary', tier: 'front' });
    expect(shares(objects, 'new-reviews/VirtualService')).toEqual(['front 66 · front-canary 34']);
  });

  it('ends with the new image in the Deployment, and nothing else', () => {
    const released = new Released(assemblyOf(release([web, front])));
    const end = released.at('end');
    expect(names(end)).toEqual(['Deployment/web', 'Service/front']);
    const expected = structuredClone(released.assembly.object('prod', 'shop/object-0'));
    expected.spec.template.spec.containers[0].image = 'web:2';
    expect(end.get('shop/object-0')).toEqual(expected);
    expect(released.before().get('shop/object-0')).toEqual(released.assembly.object('prod', 'shop/object-0'));
    expect(released.abort().at(-1)).toEqual(released.before());
  });

  it('gives the canary an autoscaler of its own', () => {
    const scaled = { ...web, spec: { ...web.spec, replicas: undefined } };
    const released = new Released(assemblyOf(release([scaled, front, scaler])));
    expect(released.at('weight-34').get('new-reviews/HorizontalPodAutoscaler')).toMatchObject({
      metadata: { name: 'web-canary' },
      spec: { scaleTargetRef: { name: 'web-canary' }, minReplicas: 2, maxReplicas: 9 },
    });
    expect(released.at('weight-34').get('shop/object-2')?.spec.behavior.scaleDown.selectPolicy).toBe('Disabled');
    expect(released.at('end').get('shop/object-2')).toEqual(released.assembly.object('prod', 'shop/object-2'));
  });

  const refused = (objects: AnyObject[], more: Partial<CanaryReleaseProps> = {}) =>
    problemsOfProgram(release(objects, more)).map(({ code, what }) => `${code} ${what}`);

  it('is refused where another Service would select the canary, or its own does not select the Deployment', () => {
    expect(refused([web, front, service('all', { tier: 'front' })])).toEqual([
      'ORR2012 Service "all" (shop/object-2) selects the pods of the canary: its callers would get it whatever its share is.',
    ]);
    expect(refused([web, service('front', { app: 'other' })])).toEqual([
      'ORR2012 The Service does not select the pods of the Deployment.',
    ]);
    expect(refused([service('front', {}), front])[0]).toBe('ORR2012 "shop/object-0" is no Deployment.');
  });

  it('is refused where it is not said which container gets the image', () => {
    const two = deployment(
      'web',
      { app: 'web' },
      {
        containers: [
          { name: 'a', image: 'a' },
          { name: 'b', image: 'b' },
        ],
      },
    );
    expect(refused([two, front])).toEqual(['ORR2012 The image is for one container, and the Deployment has: a, b.']);
  });

  const gatewayApi = { apiVersions: ['gateway.networking.k8s.io/v1'] };
  const httpRoute = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'shop' },
    spec: {
      rules: [
        {
          matches: [
            { path: { type: 'PathPrefix', value: '/a' }, headers: [{ name: 'x-shop', value: 'cn' }] },
            { path: { type: 'PathPrefix', value: '/b' } },
          ],
          timeouts: { request: '2s' },
          backendRefs: [{ name: 'front', port: 9080 }],
        },
        { backendRefs: [{ name: 'other', port: 80 }] },
      ],
    },
  };

  it('divides the rules of its HTTPRoutes that lead to it, with all that they ask for', () => {
    const build = program(
      [web, front, httpRoute],
      ([deployed, service, route]) => ({
        deployment: { deployment: deployed as ApiObject, service: service as ApiObject, routes: [route as ApiObject] },
        image: 'web:2',
        steps: [CanaryStep.headerRoute(CanaryMatch.query('beta', { exact: 'yes' })), CanaryStep.weight(34)],
      }),
      gatewayApi,
    );
    const released = new Released(assemblyOf(build));
    const beta = { queryParams: [{ name: 'beta', type: 'Exact', value: 'yes' }] };
    const [matched, shared, other] = released.at('weight-34').get('shop/object-2')?.spec.rules ?? [];
    const [former] = httpRoute.spec.rules;
    expect(matched).toEqual({
      matches: former?.matches?.map((match) => ({ ...match, ...beta })),
      timeouts: { request: '2s' },
      backendRefs: [{ name: 'front-canary', port: 9080 }],
    });
    expect(shared).toEqual({
      ...former,
      backendRefs: [
        { name: 'front', port: 9080, weight: 66 },
        { name: 'front-canary', port: 9080, weight: 34 },
      ],
    });
    expect(other).toEqual(httpRoute.spec.rules[1]);
    for (const objects of [released.before(), released.at('end')])
      expect(objects.get('shop/object-2')).toEqual(released.assembly.object('prod', 'shop/object-2'));
    const silent = program(
      [web, front],
      ([deployed, service]) => ({
        deployment: { deployment: deployed as ApiObject, service: service as ApiObject },
        image: 'web:2',
        steps: [CanaryStep.weight(34)],
      }),
      gatewayApi,
    );
    expect(problemsOfProgram(silent).map(({ what }) => what)).toEqual([
      'The Gateway API divides requests at HTTPRoutes, and none is named.',
    ]);
  });

  it('never has pods that the selectors of the program match', () => {
    const key = fc.constantFrom('app', 'app.kubernetes.io/name', 'tier', 'part');
    const labels = fc.uniqueArray(key, { minLength: 1 });
    fc.assert(
      fc.property(labels, labels, (ofDeployment, ofService) => {
        const all = Object.fromEntries(
          [...ofDeployment, ...ofService].map((name) => [name, `some-${name.slice(0, 3)}`]),
        );
        const pick = (keys: string[]) => Object.fromEntries(keys.map((name) => [name, all[name] as string]));
        const made = deployment('web', all);
        made.spec.selector = { matchLabels: pick(ofDeployment) };
        const released = new Released(assemblyOf(release([made, service('front', pick(ofService))])));
        const pods = released.at('begin').get('new-reviews/Deployment')?.spec.template.metadata.labels;
        for (const selector of [pick(ofDeployment), pick(ofService)])
          expect(Object.entries(selector).every(([name, value]) => pods[name] === value)).toBe(false);
        expect(pods).toMatchObject(released.at('begin').get('new-reviews/Service')?.spec.selector);
      }),
      { numRuns: 30 },
    );
  });
});
