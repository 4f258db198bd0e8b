import { describe, expect, it } from 'vitest';
import { CanaryRelease } from '../canary/canary-release';
import { CanaryStep } from '../canary/canary-step';
import type { Cluster } from '../cluster';
import type { ClusterProps } from '../cluster-facts';
import { NetworkPlugin } from '../cluster-facts';
import { ClusterSet } from '../cluster-set';
import { DeliveryEngine } from '../delivery-engine';
import { MultiClusterApp, type MultiClusterAppProps } from '../multi-cluster-app';
import type { MultiClusterService } from '../multi-cluster-service';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import type { ServiceProps } from '../service-props';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { ObservabilityStack } from './observability-stack';
import { ObservedRequests } from './observed-requests';
import { ServiceLevelIndicator } from './service-level-indicator';

const PORTS = {
  ports: [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'metrics', port: 9090 },
  ],
};

interface Mall {
  readonly platform: Platform;
  readonly stack: ObservabilityStack;
  readonly app: MultiClusterApp;
  readonly cart: MultiClusterService;
}
interface Setting {
  readonly service?: Partial<ServiceProps>;
  readonly facts?: ClusterProps;
  readonly app?: (platform: Platform) => Partial<MultiClusterAppProps>;
  readonly isInMesh?: boolean;
}

const mall =
  (use: (mall: Mall) => void, { service, facts = {}, app: more, isInMesh = false }: Setting = {}) =>
  (platform: Platform): void => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const name of ['sh', 'gz']) clusters.add(name, facts);
    clusters.add('dark');
    const stack = new ObservabilityStack(platform, 'watch', {
      placement: Placement.named('sh', 'gz'),
      centre: Placement.named('sh'),
    });
    if (isInMesh) stack._context().addMetrics('istio');
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), ...more?.(platform) });
    const cart = app.addService('cart', { image: 'mall/cart:4.12.0', replicas: 6, ...PORTS, ...service });
    use({ platform, stack, app, cart });
  };
const made = (use: (mall: Mall) => void, setting?: Setting): Assembly => assemblyOf(mall(use, setting));
const refused = (use: (mall: Mall) => void, setting?: Setting) =>
  problemsOfProgram(mall(use, setting)).map(({ code, what }) => `${code} ${what}`);
const kinds = (assembly: Assembly, cluster: string): string[] =>
  [...assembly.objects(cluster)]
    .filter(([, { apiVersion }]) => apiVersion.startsWith('monitoring.coreos.com'))
    .map(([, { kind, metadata }]) => `${kind}/${metadata.name}`);
const alertsIn = (assembly: Assembly, cluster = 'sh', name = 'cart'): AnyObject[] =>
  assembly
    .object(cluster, `mall/${name}/PrometheusRule`)
    .spec.groups.flatMap(({ rules }: AnyObject) => rules)
    .filter(({ alert }: AnyObject) => alert !== undefined);

describe('a service that a stack observes', () => {
  it('is scraped by its pods, as the Prometheus of the stack selects, where the stack is', () => {
    const assembly = made(({ stack, cart }) => cart.observe(stack));
    expect(assembly.object('sh', 'mall/cart/PodMonitor')).toMatchObject({
      metadata: { name: 'cart', namespace: 'mall', labels: { 'observability.orrery.dev/stack': 'watch' } },
      spec: {
        selector: {
          matchLabels: { 'app.kubernetes.io/part-of': 'mall' },
          matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['cart'] }],
        },
        podMetricsEndpoints: [{ port: 'metrics', path: '/metrics' }],
      },
    });
    expect(kinds(assembly, 'gz')).toEqual(['PodMonitor/cart', 'PrometheusRule/cart']);
    expect(kinds(assembly, 'dark')).toEqual([]);
  });

  it('is found with its canary while it is released, under one job', () => {
    const steps = [CanaryStep.weight(50)];
    const assembly = made(
      ({ platform, stack, cart }) => {
        cart.observe(stack);
        new CanaryRelease(platform, 'cart-4-13', { service: cart, image: 'mall/cart:4.13.0', steps });
      },
      { facts: { apiVersions: ['networking.istio.io/v1'] }, app: () => ({ placement: Placement.named('sh', 'gz') }) },
    );
    const { spec } = assembly.object('sh', 'mall/cart/PodMonitor');
    expect(spec.selector.matchExpressions[0].values).toEqual(['cart', 'cart-canary']);
    expect(spec.podMetricsEndpoints[0].relabelings).toEqual([{ targetLabel: 'job', replacement: 'cart' }]);
  });

  it('is scraped on the port that is named, at the path and as often as is said; without a port it is not', () => {
    const how = { metricsPort: 'http', metricsPath: '/internal/metrics', scrapeInterval: '15s' };
    const [endpoint] = made(({ stack, cart }) => cart.observe(stack, how)).object('sh', 'mall/cart/PodMonitor').spec
      .podMetricsEndpoints;
    expect(endpoint).toMatchObject({ port: 'http', path: '/internal/metrics', interval: '15s' });
    const without = made(({ stack, cart }) => cart.observe(stack), {
      service: { ports: [{ name: 'http', port: 80 }] },
    });
    expect(kinds(without, 'sh')).toEqual(['PrometheusRule/cart']);
  });

  it('lets Prometheus in where its workspace refuses what is not allowed, and makes no policy elsewhere', () => {
    const facts = { networkPlugin: NetworkPlugin.CALICO };
    const inWorkspace = (network: [] | undefined) => (platform: Platform) => {
      const placement = Placement.named('sh', 'gz');
      const props = { placement, namespaces: ['mall'], ...(network === undefined ? {} : { network }) };
      return { placement, workspace: new Workspace(platform, 'retail', props) };
    };
    const walled = made(({ stack, cart }) => cart.observe(stack), { facts, app: inWorkspace([]) });
    expect(walled.object('sh', 'mall/cart/NetworkPolicy/metrics').spec).toMatchObject({
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } }],
          ports: [{ port: 9090, protocol: 'TCP' }],
        },
      ],
    });
    const open = made(({ stack, cart }) => cart.observe(stack), { facts, app: inWorkspace(undefined) });
    expect(open.objects('sh').has('mall/cart/NetworkPolicy/metrics')).toBe(false);
  });

  it('tells of errors by what counts its requests: the mesh of the stack, itself, or nothing', () => {
    const names = (assembly: Assembly) => new Set(alertsIn(assembly).map(({ alert }) => alert));
    const observed = ({ stack, cart }: Mall) => cart.observe(stack);
    expect(names(made(observed)).has('ServiceErrors')).toBe(false);
    const errors = (assembly: Assembly) => alertsIn(assembly).find(({ alert }) => alert === 'ServiceErrors').expr;
    expect(errors(made(observed, { isInMesh: true }))).toMatch('istio_requests_total');
    const own = made(({ stack, cart }) => cart.observe(stack, { requests: ObservedRequests.own() }), {
      isInMesh: true,
    });
    expect(errors(own)).toMatch('http_requests_total{namespace="mall",job="cart"');
    const otel = made(({ stack, cart }) => cart.observe(stack, { requests: ObservedRequests.openTelemetry() }));
    expect(errors(otel)).toMatch('http_response_status_code=~"5.."');
  });

  it('tells those who are named, with what to do, or nobody', () => {
    const runbookUrl = 'https://runbooks.example.com/cart';
    const [alert] = alertsIn(
      made(({ stack, cart }) => cart.observe(stack, { alertLabels: { team: 'shop' }, runbookUrl })),
    );
    expect(alert.labels).toMatchObject({ team: 'shop', namespace: 'mall', service: 'cart' });
    expect(alert.annotations.runbook_url).toBe(runbookUrl);
    expect(
      kinds(
        made(({ stack, cart }) => cart.observe(stack, { alerts: false })),
        'sh',
      ),
    ).toEqual(['PodMonitor/cart']);
  });

  it('has objectives: its availability by a number, and others by what is measured', () => {
    const assembly = made(
      ({ stack, cart }) => {
        cart.observe(stack, { objective: 0.999 });
        cart.slo('latency', {
          objective: 0.99,
          sli: ServiceLevelIndicator.istioLatency({ serviceName: 'cart', namespaceName: 'mall', within: '500ms' }),
        });
      },
      { isInMesh: true },
    );
    const groups = assembly.object('sh', 'mall/cart/PrometheusRule').spec.groups.map(({ name }: AnyObject) => name);
    expect(groups.filter((name: string) => name.includes('slo'))).toEqual([
      'cart-availability-slo-recordings',
      'cart-availability-slo-alerts',
      'cart-latency-slo-recordings',
      'cart-latency-slo-alerts',
    ]);
    expect(new Set(groups).size).toBe(groups.length);
    const recorded = assembly
      .object('sh', 'mall/cart/PrometheusRule')
      .spec.groups.flatMap(({ rules }: AnyObject) => rules)
      .filter(({ record }: AnyObject) => record !== undefined);
    expect(new Set(recorded.map(({ labels }: AnyObject) => labels.slo))).toEqual(
      new Set(['mall/cart-availability', 'mall/cart-latency']),
    );
    expect(recorded[0].labels).toMatchObject({ namespace: 'mall', service: 'cart' });
  });

  it.each([
    ['Karmada', (hub: Cluster) => DeliveryEngine.karmada({ hub })],
    ['Fleet', (hub: Cluster) => DeliveryEngine.fleet({ hub })],
    ['Open Cluster Management', (hub: Cluster) => DeliveryEngine.openClusterManagement({ hub })],
  ])('is brought to the clusters with its app by %s', (_, engine) => {
    const assembly = made(({ stack, cart }) => cart.observe(stack), {
      app: (platform) => {
        const [, , hub] = platform.clusters;
        return { placement: Placement.named('sh', 'gz'), engine: engine(hub as Cluster) };
      },
    });
    for (const kind of ['PodMonitor', 'PrometheusRule']) {
      expect(JSON.stringify([...assembly.objects('dark')])).toMatch(kind);
      expect(JSON.stringify([...assembly.objects('sh')])).not.toMatch(kind);
    }
  });
});

describe('all services of an app', () => {
  it('are observed, those added later, too; what a service says itself is over it', () => {
    const assembly = made(({ stack, app, cart }) => {
      app.observe(stack, { alertLabels: { team: 'shop' }, metricsPath: '/all' });
      cart.observe(stack, { metricsPath: '/own' });
      app.addService('search', { image: 'mall/search:1.0.0', ...PORTS });
    });
    const pathOf = (name: string) => assembly.object('sh', `mall/${name}/PodMonitor`).spec.podMetricsEndpoints[0].path;
    expect([pathOf('cart'), pathOf('search')]).toEqual(['/own', '/all']);
    expect(alertsIn(assembly)[0].labels.team).toBe('shop');
  });
});

describe('what is wrong with an observation', () => {
  it('is refused with the line that says it', () => {
    const how = {
      metricsPort: 'admin',
      metricsPath: 'metrics',
      scrapeInterval: 'often',
      runbookUrl: 'runbook',
      alertLabels: { severity: 'page' },
    };
    expect(refused(({ stack, cart }) => cart.observe(stack, how))).toEqual([
      'ORR2011 It has no port "admin" with metrics.',
      'ORR2011 scrapeInterval is "often".',
      'ORR2011 metricsPath is "metrics".',
      'ORR2011 "runbook" is no address of a runbook.',
      'ORR2011 alertLabels has the label "severity", which is set here.',
    ]);
    const [problem] = problemsOfProgram(mall(({ stack, cart }) => cart.observe(stack, { metricsPort: 'admin' })));
    expect(problem?.source).toMatch('service-observation.test.ts');
  });

  it('is an objective of what nobody counts, or that nothing observes', () => {
    expect(refused(({ stack, cart }) => cart.observe(stack, { objective: 0.999 }))).toEqual([
      'ORR2012 Objective "availability" says nothing of what is measured, and nothing counts its requests.',
    ]);
    expect(refused(({ cart }) => cart.slo('availability', { objective: 0.999 }))).toEqual([
      'ORR2012 The service has an objective, and nothing observes it.',
    ]);
  });

  it('is a bound that is none of the histogram, and a bound where nothing counts', () => {
    expect(
      refused(({ stack, cart }) => cart.observe(stack, { answeredWithin: '450ms' }), { isInMesh: true }).length,
    ).toBe(1);
    expect(refused(({ stack, cart }) => cart.observe(stack, { answeredWithin: '500ms' }))).toEqual([
      'ORR2011 It shall answer within 500ms, and nothing counts its requests.',
    ]);
  });

  it('is said twice', () => {
    expect(() =>
      made(({ stack, cart }) => {
        cart.observe(stack);
        cart.observe(stack);
      }),
    ).toThrow('The service is observed twice.');
    const slo = { objective: 0.9, sli: ServiceLevelIndicator.httpAvailability({ labels: { job: 'cart' } }) };
    expect(() =>
      made(({ cart }) => {
        cart.slo('a', slo);
        cart.slo('a', slo);
      }),
    ).toThrow('The service has an objective "a" already.');
  });
});
