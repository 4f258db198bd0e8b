import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AlertRule, AlertRules, type Cluster, ClusterSet, Platform, PlatformAlerts } from '@orrery/constructs';
import { describe, expect, it } from 'vitest';
import { loadPromqlReader } from '../../lib/checks/promql/promql-reader.ts';
import { checkRules, isPromtoolMissing, promtoolSkipped, testRules } from './promtool.ts';
import { counter, gauge } from './rule-series.ts';

const TIMEOUT = 120_000;

interface Group {
  readonly name: string;
  readonly rules: readonly {
    readonly alert?: string;
    readonly expr: string;
    readonly labels: { readonly severity?: string };
  }[];
}

function emitted(make: (cluster: Cluster) => void): Group[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'orrery-platform-alerts-'));
  try {
    const platform = new Platform({ id: 'shop', outdir });
    make(new ClusterSet(platform, 'clusters').add('sh'));
    platform.synth();
    const objects = JSON.parse(readFileSync(path.join(outdir, 'clusters/sh/objects.json'), 'utf8'));
    return objects.flatMap(({ spec }: { spec: { groups: Group[] } }) => spec.groups);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const place = { selectedBy: {}, namespaceName: 'monitoring' };
const groups = () =>
  emitted(
    (cluster) => void new PlatformAlerts(cluster, 'platform', { ...place, runbooks: 'https://wiki.example.com/' }),
  );

const MINUTES = 120;
const always = (value: number) => gauge([value, MINUTES]);
/** Well for ten minutes, then otherwise. */
const then = (well: number, ill: number) => gauge([well, 10], [ill, MINUTES - 10]);
const rate = (well: number, ill: number) => counter([well, 10], [ill, MINUTES - 10]);
const DAY = 86_400;

/** Series of a platform that is well, and what they are where something is wrong, by the alerts that tell of it. */
const CASES: readonly (readonly [
  alert: string,
  well: { readonly [series: string]: string },
  ill: { readonly [series: string]: string },
  /** Under the limit, or not long enough. */
  nearly: { readonly [series: string]: string },
])[] = [
  ...(
    [
      ['NodeNotReady page', 'kube_node_status_condition{node="n1",condition="Ready",status="true"}', 1, 0],
      [
        'NodeUnderPressure ticket',
        'kube_node_status_condition{node="n1",condition="DiskPressure",status="true"}',
        0,
        1,
      ],
      ['NodeDiskNearlyFull ticket', 'node_filesystem_avail_bytes{instance="n1",device="sda",fstype="ext4"}', 50, 10],
      ['NodeMemorySaturated ticket', 'node_memory_MemAvailable_bytes{instance="n1"}', 50, 4],
      [
        'PodCrashLoop ticket',
        'kube_pod_container_status_waiting_reason{namespace="a",pod="p",container="c",reason="CrashLoopBackOff"}',
        0,
        1,
      ],
      ['DeploymentPodsMissing ticket', 'kube_deployment_status_replicas_available{namespace="a",deployment="d"}', 3, 2],
      [
        'StatefulSetPodsMissing ticket',
        'kube_statefulset_status_replicas_available{namespace="a",statefulset="s"}',
        3,
        2,
      ],
      ['DaemonSetPodsMissing ticket', 'kube_daemonset_status_number_available{namespace="a",daemonset="e"}', 3, 2],
      [
        'AutoscalerAtMaximum ticket',
        'kube_horizontalpodautoscaler_status_current_replicas{namespace="a",horizontalpodautoscaler="h"}',
        3,
        8,
      ],
      [
        'VolumeNearlyFull ticket',
        'kubelet_volume_stats_available_bytes{namespace="a",persistentvolumeclaim="v"}',
        50,
        10,
      ],
      [
        'QuotaNearlyUsed ticket',
        'kube_resourcequota{namespace="a",resourcequota="q",resource="pods",type="used"}',
        50,
        95,
      ],
      ['JobFailed ticket', 'kube_job_status_failed{namespace="a",job_name="j"}', 0, 1],
      ['TargetsDown ticket', 'up{job="j",namespace="a",instance="1"}', 1, 0],
      ['ConfigurationNotLoaded ticket', 'prometheus_config_last_reload_successful{job="p",instance="1"}', 1, 0],
    ] as const
  ).map(
    ([alert, series, well, ill]) =>
      [
        alert,
        { [series]: always(well) },
        { [series]: then(well, ill) },
        { [series]: gauge([well, 10], [ill, 4], [well, MINUTES - 14]) },
      ] as const,
  ),
  [
    'NodeCpuSaturated ticket',
    { 'node_cpu_seconds_total{instance="n1",cpu="0",mode="idle"}': rate(30, 30) },
    { 'node_cpu_seconds_total{instance="n1",cpu="0",mode="idle"}': rate(30, 1) },
    { 'node_cpu_seconds_total{instance="n1",cpu="0",mode="idle"}': rate(30, 6) },
  ],
  [
    'CertificateExpires ticket',
    { 'certmanager_certificate_expiration_timestamp_seconds{namespace="a",name="www"}': always(90 * DAY) },
    { 'certmanager_certificate_expiration_timestamp_seconds{namespace="a",name="www"}': always(20 * DAY) },
    { 'certmanager_certificate_expiration_timestamp_seconds{namespace="a",name="www"}': always(22 * DAY) },
  ],
  [
    'RulesFail ticket',
    { 'prometheus_rule_evaluation_failures_total{rule_group="g"}': always(0) },
    { 'prometheus_rule_evaluation_failures_total{rule_group="g"}': rate(0, 1) },
    { 'prometheus_rule_evaluation_failures_total{rule_group="g"}': then(0, 1) },
  ],
  [
    'AlertsNotSent ticket',
    { 'prometheus_notifications_errors_total{alertmanager="m"}': rate(0, 0) },
    { 'prometheus_notifications_errors_total{alertmanager="m"}': rate(0, 30) },
    { 'prometheus_notifications_errors_total{alertmanager="m"}': gauge([0, 10], [1, MINUTES - 10]) },
  ],
  [
    'NotificationsFail page',
    { 'alertmanager_notifications_failed_total{integration="email"}': rate(0, 0) },
    { 'alertmanager_notifications_failed_total{integration="email"}': rate(0, 300) },
    { 'alertmanager_notifications_failed_total{integration="email"}': rate(0, 30) },
  ],
];

/** What limits are measured by, and is never wrong itself. */
const BESIDE = {
  'node_filesystem_size_bytes{instance="n1",device="sda",fstype="ext4"}': always(100),
  'node_filesystem_size_bytes{instance="n1",device="none",fstype="tmpfs"}': always(100),
  'node_filesystem_avail_bytes{instance="n1",device="none",fstype="tmpfs"}': always(0),
  'node_memory_MemTotal_bytes{instance="n1"}': always(100),
  'kube_deployment_spec_replicas{namespace="a",deployment="d"}': always(3),
  'kube_statefulset_replicas{namespace="a",statefulset="s"}': always(3),
  'kube_daemonset_status_desired_number_scheduled{namespace="a",daemonset="e"}': always(3),
  'kube_horizontalpodautoscaler_spec_max_replicas{namespace="a",horizontalpodautoscaler="h"}': always(8),
  'kube_horizontalpodautoscaler_spec_min_replicas{namespace="a",horizontalpodautoscaler="h"}': always(2),
  'kubelet_volume_stats_capacity_bytes{namespace="a",persistentvolumeclaim="v"}': always(100),
  'kube_resourcequota{namespace="a",resourcequota="q",resource="pods",type="hard"}': always(100),
  'kube_resourcequota{namespace="a",resourcequota="q",resource="services",type="hard"}': always(0),
  'kube_resourcequota{namespace="a",resourcequota="q",resource="services",type="used"}': always(0),
  'kube_job_status_failed{namespace="a",job_name="tried-twice"}': always(1),
  'kube_job_status_succeeded{namespace="a",job_name="tried-twice"}': always(1),
  'up{job="j",namespace="a",instance="2"}': always(1),
  'prometheus_notifications_sent_total{alertmanager="m"}': rate(600, 600),
  'alertmanager_notifications_total{integration="email"}': rate(600, 600),
};
const WELL = Object.assign({}, BESIDE, ...CASES.map(([, well]) => well)) as { readonly [series: string]: string };

const told = (series: object, times: readonly string[], alerts: readonly string[]) =>
  testRules(
    groups(),
    [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: times.map((eval_time) => ({
          expr: 'count by (alertname, severity) (ALERTS{alertstate="firing"})',
          eval_time,
          exp_samples: alerts.map((alert) => {
            const [alertname, severity] = alert.split(' ');
            return { labels: `{alertname="${alertname}",severity="${severity}"}`, value: 1 };
          }),
        })),
      },
    ],
    '1m',
  );

describe.skipIf(isPromtoolMissing)(`alerts of a platform, run by promtool${promtoolSkipped}`, () => {
  it('tell of nothing while all is well', { timeout: TIMEOUT }, () => {
    expect(told(WELL, ['5m', '60m', '119m'], [])).toBe('');
  });

  it.each(CASES)(
    'tell of %s, of nothing else, and not before it lasts',
    { timeout: TIMEOUT },
    (alert, _, ill, nearly) => {
      expect(told({ ...WELL, ...ill }, ['115m'], [alert])).toBe('');
      expect(told({ ...WELL, ...ill }, ['9m'], [])).toBe('');
      expect(told({ ...WELL, ...nearly }, ['9m', '14m', '30m', '60m', '115m'], [])).toBe('');
    },
  );

  it('page for a certificate that nobody has renewed at last', { timeout: TIMEOUT }, () => {
    const series = {
      'certmanager_certificate_expiration_timestamp_seconds{namespace="a",name="www"}': always(2 * DAY),
    };
    expect(told({ ...WELL, ...series }, ['90m'], ['CertificateExpires page', 'CertificateExpires ticket'])).toBe('');
  });

  it('are all tried above, name a runbook each, and are read by our check as well', async () => {
    const read = await loadPromqlReader();
    const rules = groups().flatMap((group) => group.rules);
    const names = rules.map(({ alert, labels }) => `${alert} ${labels.severity}`);
    expect([...names].sort()).toEqual([...CASES.map(([alert]) => alert), 'CertificateExpires page'].sort());
    for (const { expr, alert, ...rule } of rules) {
      expect(read(expr)).toBeUndefined();
      expect(rule).toMatchObject({ annotations: { runbook_url: `https://wiki.example.com/${alert}` } });
    }
    expect(checkRules(groups())).toBe('');
  });
});

describe.skipIf(isPromtoolMissing)(`rules of a program, loaded by promtool${promtoolSkipped}`, () => {
  it('tell and record', { timeout: TIMEOUT }, () => {
    const own = emitted((cluster) => {
      new AlertRules(cluster, 'queue', {
        ...place,
        groups: [
          {
            name: 'queue',
            interval: '1m',
            limit: 10,
            rules: [
              AlertRule.recording({
                name: 'queue:length:max',
                expression: 'max by (queue) (queue_length)',
                labels: { team: 'shop' },
              }),
              AlertRule.alert({
                name: 'QueueTooLong',
                expression: 'queue:length:max > 100',
                severity: 'ticket',
                summary: 'Queue {{ $labels.queue }} is long.',
                description: '{{ $value }} wait.',
                runbookUrl: 'https://wiki.example.com/queue',
                pendingFor: '5m',
                keepFiringFor: '10m',
                labels: { team: 'shop' },
                annotations: { dashboard: 'queues' },
              }),
            ],
          },
        ],
      });
    });
    expect(checkRules(own)).toBe('');
    const at = (eval_time: string, isTold: boolean) => ({
      eval_time,
      alertname: 'QueueTooLong',
      exp_alerts: isTold
        ? [
            {
              exp_labels: { queue: 'orders', team: 'shop', severity: 'ticket' },
              exp_annotations: {
                summary: 'Queue orders is long.',
                description: '200 wait.',
                runbook_url: 'https://wiki.example.com/queue',
                dashboard: 'queues',
              },
            },
          ]
        : [],
    });
    const input_series = [{ series: 'queue_length{queue="orders"}', values: gauge([1, 10], [200, 20], [1, 30]) }];
    const alert_rule_test = [at('9m', false), at('12m', false), at('20m', true), at('35m', true), at('45m', false)];
    expect(testRules(own, [{ interval: '1m', input_series, alert_rule_test }], '1m')).toBe('');
  });
});
