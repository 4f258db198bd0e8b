import { describe, expect, it } from 'vitest';
import { Provider } from '../cluster-facts';
import { ClusterSet } from '../cluster-set';
import { MultiClusterApp } from '../multi-cluster-app';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, assemblyOf, problemsOfProgram, testPlatform } from '../synthesis.test-support';
import { JaegerStorage } from './jaeger-storage';
import { ObservabilityStack } from './observability-stack';
import { ServiceLevelIndicator } from './service-level-indicator';
import { ServiceLevelObjective } from './service-level-objective';
import { ServiceMap, type ServiceMapProps } from './service-map';
import { TracedLanguage } from './traced-language';
import { Tracing } from './tracing';

const runbookUrl = 'https://wiki.example.com/cart';

function shop(platform: Platform, more: Partial<ServiceMapProps> = {}) {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('sh', { provider: Provider.ALIBABA_CLOUD, region: 'cn-shanghai' });
  clusters.add('ops');
  const placement = Placement.named('sh');
  const tracing = Tracing.jaeger({ storage: JaegerStorage.memory(), url: 'https://jaeger.example.com' });
  const centreAddress = 'traces.example.com:443';
  const stack = new ObservabilityStack(platform, 'watch', {
    placement,
    centre: Placement.named('ops'),
    tracing: tracing.collectedBy({ centreAddress }),
  });
  const mall = new MultiClusterApp(platform, 'mall', { placement });
  const cart = mall.addService('cart', { image: 'cart:1', port: 80 });
  const pay = mall.addService('pay', { image: 'pay:1', port: 80 });
  cart.calls(pay);
  cart.calls(pay);
  pay.callsHost('api.bank.example.com');
  const sli = ServiceLevelIndicator.errorRatio({
    errors: 'sum(rate(a[{{window}}]))',
    total: 'sum(rate(b[{{window}}]))',
  });
  cart.observe(stack, { runbookUrl });
  cart.slo('checkout', { objective: 0.995, sli, period: '28d', description: 'Customers can pay.' });
  cart.trace(stack, TracedLanguage.JAVA);
  const selectedBy = {};
  new ServiceLevelObjective(platform, 'login', { objective: 0.99, sli, selectedBy, placement, namespaceName: 'auth' });
  new ServiceMap(platform, 'map', { stack, ...more });
  return { cart, pay, stack };
}

const mapOf = (more: Partial<ServiceMapProps> = {}): AnyObject =>
  JSON.parse(
    assemblyOf((platform) => void shop(platform, more)).object('ops', 'map/ConfigMap').data['service-map.json'],
  );

describe('a map of services', () => {
  it('tells who calls whom, where, how good it shall be, and what to do', () => {
    const [cart, pay, ...rest] = mapOf().services;
    expect(rest).toEqual([]);
    expect(cart).toEqual({
      id: 'mall/cart',
      app: 'mall',
      name: 'cart',
      namespace: 'mall',
      clusters: ['sh'],
      pods: { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/part-of': 'mall' },
      alerts: { namespace: 'mall', service: 'cart' },
      calls: ['mall/pay'],
      callsOutside: [],
      addresses: [],
      objectives: [
        {
          id: 'mall/cart-checkout',
          objective: 0.995,
          period: '28d',
          description: 'Customers can pay.',
          runbook: runbookUrl,
        },
      ],
      runbook: runbookUrl,
      tracedBy: 'java',
    });
    expect(pay).toMatchObject({ id: 'mall/pay', calls: [], callsOutside: ['api.bank.example.com'], objectives: [] });
    expect(
      mapOf({ grafanaUrl: 'https://grafana.example.com', runbooks: { dns: 'https://wiki.example.com/dns' } }),
    ).toMatchObject({
      format: 'orrery.dev/service-map',
      version: 1,
      platform: 'test',
      stack: 'watch',
      requestId: { header: 'x-request-id', attribute: 'request_id' },
      clusters: [{ name: 'sh', provider: 'alibaba-cloud', region: 'cn-shanghai' }, { name: 'ops' }],
      objectives: [{ id: 'auth/login', objective: 0.99, period: '30d' }],
      tools: [
        { type: 'grafana', url: 'https://grafana.example.com' },
        { type: 'jaeger', url: 'https://jaeger.example.com' },
      ],
      runbooks: { dns: 'https://wiki.example.com/dns' },
    });
  });

  it('calls objectives as their alerts do', () => {
    const assembly = assemblyOf((platform) => void shop(platform));
    const rules = JSON.stringify(assembly.object('sh', 'mall/cart/PrometheusRule'));
    for (const { id } of mapOf().services[0].objectives) expect(rules).toContain(`slo=\\"${id}\\"`);
  });

  it('is refused with addresses that are none, hosts that are none, and services of others', () => {
    const program = (platform: Platform) => {
      const { cart } = shop(platform, { grafanaUrl: 'grafana' });
      cart.callsHost('https://api.example.com/pay');
      cart.calls(
        new MultiClusterApp(testPlatform(), 'other', { placement: Placement.everywhere() }).addService('x', {
          image: 'x:1',
        }),
      );
    };
    expect(problemsOfProgram(program).map(({ code, what }) => `${code}: ${what}`)).toEqual([
      'ORR2011: "https://api.example.com/pay" is no host that a service could call.',
      'ORR2012: It calls "other/x", which is a service of another platform.',
      'ORR2011: "grafana" is no address of Grafana.',
    ]);
  });

  it('is refused where a ConfigMap cannot hold it', () => {
    const runbooks = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`a${i}`, `https://a.example.com/${'x'.repeat(40_000)}`]),
    );
    const [problem] = problemsOfProgram((platform) => void shop(platform, { runbooks }));
    expect(problem?.what).toMatch(/^The map of services is 1\d\d\d KiB, and a ConfigMap holds 1024\.$/);
  });
});
