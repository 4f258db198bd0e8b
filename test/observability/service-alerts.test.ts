import { ServiceLevelIndicator } from '@orrery/constructs';
import { describe, expect, it } from 'vitest';
import { type AlertedService, serviceAlerts } from '../../constructs/lib/observability/private/service-alerts.js';
import type { RuleGroup } from '../../constructs/lib/observability/private/slo-rules.js';
import { loadPromqlReader } from '../../lib/checks/promql/promql-reader.ts';
import { checkRules, isPromtoolMissing, promtoolSkipped, testRules } from './promtool.ts';
import { counter, gauge } from './rule-series.ts';

const TIMEOUT = 120_000;
const CART: AlertedService = {
  namespace: 'mall',
  service: 'cart',
  workload: { kind: 'Deployment', name: 'cart' },
  traffic: { from: 'istio' },
  autoscaler: 'cart',
  labels: { team: 'shop' },
};

const OBJECT = 'namespace="mall",deployment="cart"';
const POD = 'namespace="mall",pod="cart-5d7f9-x2b4c",container="cart"';
const WANTED = `kube_deployment_spec_replicas{${OBJECT},instance="a"}`;
const AVAILABLE = `kube_deployment_status_replicas_available{${OBJECT},instance="a"}`;
const istio = (code: string) =>
  `istio_requests_total{reporter="source",destination_service_namespace="mall",destination_service_name="cart",response_code="${code}"}`;
const duration = (what: string) =>
  `istio_request_duration_milliseconds_${what.replace('{', '{reporter="source",destination_service_namespace="mall",destination_service_name="cart"')}`;

interface Situation {
  /** What is counted, each a series with its values. */
  readonly series: { readonly [series: string]: string };
  /** Alerts with their severity, at times. */
  readonly told: { readonly [time: string]: readonly string[] };
}

/** A service that is well, for an hour. */
const WELL = {
  [WANTED]: gauge([4, 60]),
  [AVAILABLE]: gauge([4, 60]),
  'kube_deployment_spec_replicas{namespace="mall",deployment="cart-db",instance="a"}': gauge([4, 60]),
  'kube_deployment_status_replicas_available{namespace="mall",deployment="cart-db",instance="a"}': gauge([0, 60]),
  [`kube_pod_container_status_waiting_reason{${POD},reason="CrashLoopBackOff"}`]: gauge([0, 60]),
  'kube_pod_container_status_waiting_reason{namespace="mall",pod="cart-worker-0",container="a",reason="CrashLoopBackOff"}':
    gauge([1, 60]),
  'kube_pod_container_status_waiting_reason{namespace="pay",pod="cart-5d7f9-x2b4c",container="a",reason="CrashLoopBackOff"}':
    gauge([1, 60]),
  [istio('200')]: counter([600, 60]),
  [duration('count{}')]: counter([600, 60]),
  [duration('bucket{,le="1000"}')]: counter([590, 60]),
  [`container_cpu_usage_seconds_total{${POD}}`]: counter([30, 60]),
  [`container_memory_working_set_bytes{${POD}}`]: gauge([500, 60]),
  [`kube_pod_container_resource_limits{${POD},resource="cpu"}`]: gauge([1, 60]),
  [`kube_pod_container_resource_limits{${POD},resource="memory"}`]: gauge([1000, 60]),
  [`kube_pod_container_status_last_terminated_reason{${POD},reason="OOMKilled"}`]: gauge([0, 60]),
  [`kube_pod_container_status_restarts_total{${POD}}`]: gauge([0, 60]),
  'kube_horizontalpodautoscaler_status_current_replicas{namespace="mall",horizontalpodautoscaler="cart"}': gauge([
    4, 60,
  ]),
  'kube_horizontalpodautoscaler_spec_max_replicas{namespace="mall",horizontalpodautoscaler="cart"}': gauge([8, 60]),
  'kube_horizontalpodautoscaler_spec_min_replicas{namespace="mall",horizontalpodautoscaler="cart"}': gauge([2, 60]),
};

const NAMES = [
  'ServiceDown',
  'ServiceReplicasMissing',
  'ServiceCrashLoop',
  'ServiceUnknown',
  'ServiceErrors',
  'ServiceSlow',
  'ServiceCpuSaturated',
  'ServiceMemorySaturated',
  'ServiceOutOfMemory',
  'ServiceAtMaximum',
];

/** What promtool finds otherwise than said: which alerts fire, each once, and no other. */
function otherwise(groups: readonly RuleGroup[], { series, told }: Situation): string {
  return testRules(
    groups,
    [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: Object.entries(told).map(([eval_time, alerts]) => ({
          expr: 'count by (alertname, severity, namespace, service) (ALERTS{alertstate="firing"})',
          eval_time,
          exp_samples: alerts.map((alert) => {
            const [alertname, severity] = alert.split(' ');
            return {
              labels: `{alertname="${alertname}",severity="${severity}",namespace="mall",service="cart"}`,
              value: 1,
            };
          }),
        })),
      },
    ],
    '1m',
  );
}

/** From the tenth minute on otherwise than well. */
const SITUATIONS: readonly (readonly [title: string, situation: Situation])[] = [
  ['nothing where all is well, next to others that are not', { series: {}, told: { '5m': [], '59m': [] } }],
  [
    'no pod being available',
    {
      series: { [AVAILABLE]: gauge([4, 10], [0, 50]) },
      told: {
        '9m': [],
        '11m': [],
        '13m': ['ServiceDown page'],
        '30m': ['ServiceDown page', 'ServiceReplicasMissing ticket'],
      },
    },
  ],
  [
    'some pods missing for long, not while they are replaced',
    {
      series: { [AVAILABLE]: gauge([4, 5], [1, 10], [4, 5], [1, 40]) },
      told: { '14m': [], '30m': [], '36m': ['ServiceReplicasMissing ticket'] },
    },
  ],
  [
    'nothing where it is switched off',
    { series: { [AVAILABLE]: gauge([0, 60]), [WANTED]: gauge([0, 60]) }, told: { '59m': [] } },
  ],
  [
    'a pod that crashes again and again, though it runs in between',
    {
      series: {
        [`kube_pod_container_status_waiting_reason{${POD},reason="CrashLoopBackOff"}`]: `0x9 ${'1 1 0 0 '.repeat(12).trim()}`,
      },
      told: { '12m': [], '25m': ['ServiceCrashLoop ticket'], '50m': ['ServiceCrashLoop ticket'] },
    },
  ],
  [
    'a workload that is gone',
    {
      series: { [WANTED]: '4x9 stale', [AVAILABLE]: '4x9 stale' },
      told: { '12m': [], '30m': ['ServiceUnknown ticket'] },
    },
  ],
  [
    'one request of five failing',
    {
      series: { [istio('200')]: counter([600, 10], [480, 50]), [istio('503')]: counter([0, 10], [120, 50]) },
      told: { '9m': [], '20m': ['ServiceErrors page'], '40m': ['ServiceErrors page', 'ServiceErrors ticket'] },
    },
  ],
  [
    'one request of fifty failing for long, to nobody who sleeps',
    {
      series: { [istio('200')]: counter([600, 10], [588, 50]), [istio('503')]: counter([0, 10], [12, 50]) },
      told: { '20m': [], '59m': ['ServiceErrors ticket'] },
    },
  ],
  [
    'nothing for one request in a thousand, nor for a single one that fails',
    {
      series: { [istio('200')]: counter([1000, 60]), [istio('503')]: counter([1, 60]) },
      told: { '20m': [], '59m': [] },
    },
  ],
  [
    'nothing for two requests in all',
    { series: { [istio('200')]: '0x59', [istio('503')]: '0x9 1 2x48' }, told: { '12m': [], '20m': [], '59m': [] } },
  ],
  [
    'every tenth request taking longer than a second',
    {
      series: { [duration('bucket{,le="1000"}')]: counter([600, 10], [540, 50]) },
      told: { '12m': [], '40m': ['ServiceSlow ticket'] },
    },
  ],
  [
    'CPU being used up',
    {
      series: { [`container_cpu_usage_seconds_total{${POD}}`]: counter([30, 10], [57, 50]) },
      told: { '20m': [], '40m': ['ServiceCpuSaturated ticket'] },
    },
  ],
  [
    'memory being used up',
    {
      series: { [`container_memory_working_set_bytes{${POD}}`]: gauge([500, 10], [950, 50]) },
      told: { '15m': [], '25m': ['ServiceMemorySaturated ticket'] },
    },
  ],
  [
    'a pod killed for its memory, for half an hour, and not for ever',
    {
      series: {
        [`kube_pod_container_status_last_terminated_reason{${POD},reason="OOMKilled"}`]: gauge([0, 10], [1, 50]),
        [`kube_pod_container_status_restarts_total{${POD}}`]: gauge([0, 10], [1, 50]),
      },
      told: { '9m': [], '12m': ['ServiceOutOfMemory ticket'], '30m': ['ServiceOutOfMemory ticket'], '59m': [] },
    },
  ],
  [
    'an autoscaler at its maximum for long',
    {
      series: {
        'kube_horizontalpodautoscaler_status_current_replicas{namespace="mall",horizontalpodautoscaler="cart"}': gauge(
          [4, 10],
          [8, 50],
        ),
      },
      told: { '20m': [], '30m': ['ServiceAtMaximum ticket'] },
    },
  ],
];

describe.skipIf(isPromtoolMissing)(`the alerts of a service, run by promtool${promtoolSkipped}`, () => {
  it.each(SITUATIONS)('tell of %s', { timeout: TIMEOUT }, (_, { series, told }) => {
    expect(otherwise(serviceAlerts(CART), { series: { ...WELL, ...series }, told })).toBe('');
  });

  it('are all tried above', () => {
    const alerts = serviceAlerts(CART).flatMap(({ rules }) => rules.map((rule) => ('alert' in rule ? rule.alert : '')));
    expect([...new Set(alerts)].sort()).toEqual([...NAMES].sort());
    const tried = SITUATIONS.flatMap(([, { told }]) =>
      Object.values(told)
        .flat()
        .map((one) => one.split(' ')[0]),
    );
    expect([...new Set(tried)].sort()).toEqual([...NAMES].sort());
  });

  it('are told with the labels of the service, a severity, and where to read on', () => {
    const rules = serviceAlerts({ ...CART, runbookUrl: 'https://wiki.example.com/cart' }).flatMap(
      (group) => group.rules,
    );
    for (const rule of rules) {
      expect(rule).toMatchObject({
        labels: {
          team: 'shop',
          namespace: 'mall',
          service: 'cart',
          severity: expect.stringMatching(/^(page|ticket)$/),
        },
        annotations: { runbook_url: 'https://wiki.example.com/cart' },
      });
    }
  });

  it.each(['StatefulSet', 'DaemonSet'] as const)('tell of the pods of a %s as well', { timeout: TIMEOUT }, (kind) => {
    const [wanted, available, pod] =
      kind === 'StatefulSet'
        ? ['kube_statefulset_replicas', 'kube_statefulset_status_replicas_available', 'cart-0']
        : ['kube_daemonset_status_desired_number_scheduled', 'kube_daemonset_status_number_available', 'cart-x2b4c'];
    const of = `{namespace="mall",${kind.toLowerCase()}="cart"}`;
    const groups = serviceAlerts({ ...CART, workload: { kind, name: 'cart' }, traffic: { from: 'none' } });
    const waiting = `kube_pod_container_status_waiting_reason{namespace="mall",pod="${pod}",container="a",reason="CrashLoopBackOff"}`;
    const series = {
      [`${wanted}${of}`]: gauge([3, 60]),
      [`${available}${of}`]: gauge([0, 60]),
      [waiting]: gauge([1, 60]),
    };
    const told = { '10m': ['ServiceDown page', 'ServiceCrashLoop ticket'] };
    expect(otherwise(groups, { series, told })).toBe('');
  });

  it('load whatever is known of a service, and are read by our check as well', { timeout: TIMEOUT }, async () => {
    const read = await loadPromqlReader();
    const availability = ServiceLevelIndicator.errorRatio({
      errors: 'rate(a[{{window}}])',
      total: 'rate(b[{{window}}]) # all',
    });
    for (const traffic of [
      { from: 'none' },
      { from: 'istio' },
      { from: 'indicators', availability },
      { from: 'indicators', latency: ServiceLevelIndicator.httpLatency({ labels: { job: 'a"b' }, within: '2.5s' }) },
    ] as const) {
      for (const replicas of [0, 1, 3]) {
        const groups = serviceAlerts({ ...CART, traffic, replicas });
        expect(checkRules(groups)).toBe('');
        for (const { expr } of groups.flatMap(({ rules }) => rules)) expect(read(expr)).toBeUndefined();
        const alerts = groups.flatMap(({ rules }) => rules.map((rule) => ('alert' in rule ? rule.alert : '')));
        expect(alerts.includes('ServiceDown')).toBe(replicas > 0);
        expect(alerts.includes('ServiceReplicasMissing')).toBe(replicas > 1);
        expect(alerts.includes('ServiceErrors')).toBe(traffic.from === 'istio' || 'availability' in traffic);
      }
    }
  });
});
