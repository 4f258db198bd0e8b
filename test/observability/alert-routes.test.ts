import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AlertChannel, AlertMatcher, type AlertmanagerOptions, MetricStore } from '@orrery/constructs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  AlertmanagerConfig,
  Matcher,
  Route,
} from '../../constructs/lib/observability/private/alertmanager-config.js';
import { configurationFile, mergedConfig } from '../../constructs/lib/observability/private/merged-alertmanager.js';
import { receiversOf } from '../../constructs/lib/observability/private/route-matching.js';
import { routingFindings } from '../../constructs/lib/observability/private/routing-findings.js';
import { configurationOf, emittedConfigs, type TenantOptions, writeAlerting } from './alertmanager-program.ts';
import { alertmanagerSkipped, checkConfiguration, isAlertmanagerMissing, routedBy } from './amtool.ts';
import { areChartValuesMissing, chartValuesSkipped, judgeReleases } from './chart-values.ts';

const TIMEOUT = 120_000;
const key = (name: string) => ({ secret: 'alerting', key: name });
const server = {
  address: 'smtp.example.com:587',
  sender: 'alerts@example.com',
  username: 'alerts',
  password: key('smtp'),
};

/** Every channel once. */
const OPTIONS: AlertmanagerOptions = {
  receiver: 'operators',
  receivers: [
    {
      name: 'operators',
      channels: [
        AlertChannel.email({
          to: ['ops@example.com', 'lead@example.com'],
          server,
          subject: '{{ .CommonLabels.alertname }}',
        }),
        AlertChannel.weChat({ corpId: 'ww1', agentId: '7', apiSecret: key('wechat'), toParties: ['2', '3'] }),
      ],
    },
    {
      name: 'oncall',
      channels: [
        AlertChannel.pagerDuty({ routingKey: key('pagerduty') }),
        AlertChannel.sms({
          region: 'eu-west-1',
          phoneNumber: '+8613800138000',
          accessKey: key('id'),
          secretKey: key('sms'),
        }),
        AlertChannel.telegram({ botToken: key('telegram'), chatId: -100 }),
      ],
    },
    {
      name: 'gpu',
      channels: [
        AlertChannel.slack({ webhook: key('slack'), channel: '#gpu' }),
        AlertChannel.dingTalk({ adapter: 'http://dingtalk.chat:8060/dingtalk/gpu/send' }),
        AlertChannel.feishu({ adapter: 'http://feishu.chat:8080/gpu' }),
      ],
    },
    {
      name: 'centre',
      channels: [
        AlertChannel.webhook({ url: 'https://notify.example.com/alerts', bearerToken: key('token'), maxAlerts: 50 }),
      ],
    },
  ],
  routes: [
    { receiver: 'centre', continueToNext: true },
    {
      receiver: 'gpu',
      matchers: [AlertMatcher.matches('alertname', 'Gpu.*'), AlertMatcher.notLabel('cluster', 'gz')],
      muteTimes: ['nights', 'holidays'],
      groupBy: ['alertname', 'node'],
    },
    {
      receiver: 'oncall',
      matchers: [AlertMatcher.severity('page', 'critical')],
      groupWait: '10s',
      repeatInterval: '1h',
      routes: [{ receiver: 'operators', matchers: [AlertMatcher.label('cluster', 'gz')], activeTimes: ['nights'] }],
    },
  ],
  times: [
    { name: 'nights', intervals: [{ startsAt: '22:00', endsAt: '06:00', weekdays: ['monday:friday', 'sunday'] }] },
    {
      name: 'holidays',
      intervals: [{ months: ['10'], daysOfMonth: ['1:7'], years: ['2027:2028'] }, { daysOfMonth: ['-1'] }],
    },
  ],
  heartbeat: { urlSecret: key('heartbeat') },
};

const slack = (name: string) => ({ name, channels: [AlertChannel.slack({ webhook: key(`${name}-slack`) })] });
const TENANTS: { readonly [workspace: string]: TenantOptions } = {
  retail: {
    namespaces: ['mall', 'pay'],
    receivers: [slack('shop'), slack('shop-oncall')],
    receiver: 'shop',
    routes: [{ receiver: 'shop-oncall', matchers: [AlertMatcher.severity('page')] }],
    inhibit: [
      {
        source: [AlertMatcher.label('alertname', 'ServiceDown')],
        target: [AlertMatcher.severity('ticket')],
        equal: ['service'],
      },
    ],
  },
  research: { namespaces: ['research'], receivers: [slack('lab')], receiver: 'lab' },
};

/** Written by a tenant in its own namespace, who would like to hear of everything. */
const CURIOUS: AlertmanagerConfig = {
  apiVersion: 'monitoring.coreos.com/v1alpha1',
  kind: 'AlertmanagerConfig',
  metadata: { name: 'all', namespace: 'research' },
  spec: {
    route: { receiver: 'me' },
    receivers: [{ name: 'me', webhookConfigs: [{ url: 'http://me.example.com' }] }],
    inhibitRules: [{ sourceMatch: [], targetMatch: [{ name: 'severity', matchType: '=', value: 'page' }] }],
  },
};

const ALL = 'observability/watch-alerts';

/** Labels of an alert, and who hears of it. */
const SAMPLES: readonly (readonly [
  title: string,
  labels: { readonly [name: string]: string },
  receivers: readonly string[],
])[] = [
  ['an alert of nobody in particular', { alertname: 'Odd', severity: 'ticket' }, [`${ALL}/centre`]],
  ['a page', { alertname: 'NodeNotReady', severity: 'page', cluster: 'sh' }, [`${ALL}/centre`, `${ALL}/oncall`]],
  ['a page of a chart', { alertname: 'X', severity: 'critical', cluster: 'sh' }, [`${ALL}/centre`, `${ALL}/oncall`]],
  [
    'a page where others work',
    { alertname: 'X', severity: 'page', cluster: 'gz' },
    [`${ALL}/centre`, `${ALL}/operators`],
  ],
  ['an alert about GPUs', { alertname: 'GpuHot', severity: 'page', cluster: 'sh' }, [`${ALL}/centre`, `${ALL}/gpu`]],
  ['the dead man', { alertname: 'Watchdog', severity: 'none' }, [`${ALL}/heartbeat`]],
  ['what is not for people', { alertname: 'InfoInhibitor', severity: 'none' }, [`${ALL}/nobody`]],
  [
    "a tenant's page",
    { alertname: 'ServiceDown', severity: 'page', namespace: 'mall', cluster: 'sh' },
    ['observability/watch-retail/shop-oncall', `${ALL}/centre`, `${ALL}/oncall`],
  ],
  [
    "a tenant's ticket in its other namespace",
    { alertname: 'ServiceSlow', severity: 'ticket', namespace: 'pay' },
    ['observability/watch-retail/shop', `${ALL}/centre`],
  ],
  [
    'an alert in a namespace that begins like theirs',
    { alertname: 'ServiceSlow', severity: 'ticket', namespace: 'mall-2' },
    [`${ALL}/centre`],
  ],
  [
    'an alert of a tenant that has written routes itself',
    { alertname: 'ServiceSlow', severity: 'ticket', namespace: 'research' },
    ['observability/watch-research/lab', 'research/all/me', `${ALL}/centre`],
  ],
];

it.skipIf(areChartValuesMissing)(
  `values of an Alertmanager that has them exist in the chart${chartValuesSkipped}`,
  () => {
    const outdir = mkdtempSync(path.join(tmpdir(), 'orrery-alerts-'));
    try {
      const options = { ...OPTIONS, storage: '2Gi', externalUrl: 'https://alerts.example.com', replicas: 3 };
      writeAlerting(outdir, options, {}, MetricStore.perCluster());
      expect(judgeReleases(outdir)).toEqual(['kube-prometheus-stack']);
    } finally {
      rmSync(outdir, { recursive: true });
    }
  },
);

describe.skipIf(isAlertmanagerMissing)(`routes of alerts, judged by amtool${alertmanagerSkipped}`, () => {
  const configs = () => [...emittedConfigs(OPTIONS, TENANTS), CURIOUS];

  it('are accepted once merged, with every channel', { timeout: TIMEOUT }, () => {
    expect(checkConfiguration(configurationOf(configs()))).toBe('');
    for (const cluster of ['sh', 'gz', 'ops'])
      expect(checkConfiguration(configurationOf(emittedConfigs(OPTIONS, TENANTS, cluster)))).toBe('');
  });

  it.each(SAMPLES)('bring %s to those stated', { timeout: TIMEOUT }, (_, labels, receivers) => {
    expect(routedBy(configurationOf(configs()), labels)).toEqual(receivers);
  });

  it('hold what a tenant hears and keeps back to its namespaces', () => {
    const merged = configurationOf(configs()) as {
      inhibit_rules: { source_matchers: string[]; target_matchers: string[] }[];
    };
    const [, , ...tenants] = merged.inhibit_rules;
    expect(tenants.map(({ source_matchers, target_matchers }) => [source_matchers, target_matchers])).toEqual([
      [
        ['namespace=~"mall|pay"', 'alertname="ServiceDown"'],
        ['namespace=~"mall|pay"', 'severity="ticket"'],
      ],
      [['namespace="research"'], ['severity="page"', 'namespace="research"']],
    ]);
  });

  it('have one Alertmanager for all, and in the other clusters the dead man alone', { timeout: TIMEOUT }, () => {
    const central = MetricStore.perCluster({ alertmanager: { url: 'https://alerts.example.com' } });
    const [sh, ops] = ['sh', 'ops'].map((cluster) =>
      configurationOf(emittedConfigs(OPTIONS, TENANTS, cluster, central)),
    ) as [object, object];
    expect([checkConfiguration(sh), checkConfiguration(ops)]).toEqual(['', '']);
    const watchdog = (cluster: string) => ({ alertname: 'Watchdog', severity: 'none', cluster });
    expect(routedBy(sh, watchdog('sh'))).toEqual([`${ALL}/heartbeat`]);
    expect(routedBy(sh, { alertname: 'NodeNotReady', severity: 'page' })).toEqual([`${ALL}/nobody`]);
    expect(routedBy(ops, watchdog('ops'))).toEqual([`${ALL}/heartbeat`]);
    expect(routedBy(ops, watchdog('sh'))).toEqual([`${ALL}/nobody`]);
    expect(routedBy(ops, { alertname: 'NodeNotReady', severity: 'page', cluster: 'sh' })).toEqual([
      `${ALL}/centre`,
      `${ALL}/oncall`,
    ]);
  });

  const value = fc.constantFrom('a', 'b', 'ab', '');
  const matcher: fc.Arbitrary<Matcher> = fc.record({
    name: fc.constantFrom('x', 'y'),
    matchType: fc.constantFrom('=', '!=', '=~', '!~'),
    value: fc.oneof(value, fc.constantFrom('a|b', 'a.*', '.*', 'ab?', '[ab]')),
  });
  const { tree } = fc.letrec<{ tree: Route }>((tie) => ({
    tree: fc.record(
      {
        receiver: fc.constantFrom('one', 'two', 'three', 'four'),
        matchers: fc.array(matcher, { maxLength: 2 }),
        continue: fc.boolean(),
        routes: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
      },
      { requiredKeys: ['receiver'] },
    ),
  }));
  const root = fc.array(tree, { maxLength: 4 }).map((routes): Route => ({ receiver: 'root', routes }));
  const receivers = ['root', 'one', 'two', 'three', 'four'].map((name) => ({ name }));

  it('are followed as Alertmanager follows them, for all routes and alerts', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(
        root,
        fc.array(fc.record({ x: value, y: value }), { minLength: 1, maxLength: 3 }),
        (route, alerts) => {
          const file = configurationFile({ route, receivers }, () => '');
          for (const labels of alerts)
            expect(new Set(receiversOf(route, labels))).toEqual(new Set(routedBy(file, labels)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that are said to be out of reach are taken by no alert', () => {
    const values = ['a', 'b', 'ab', '', 'c'];
    let found = 0;
    fc.assert(
      fc.property(root, (route) => {
        const marked = marking(route);
        const out = routingFindings('The routes', { route: marked, receivers: [] })
          .map(({ what }) => /route to "(r\d+)" that no alert/.exec(what)?.[1])
          .filter((name) => name !== undefined);
        found += out.length;
        for (const x of values)
          for (const y of values) for (const name of receiversOf(marked, { x, y })) expect(out).not.toContain(name);
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(0);
  });

  it('are merged with the names and matchers of the operator', () => {
    const place = { namespace: 'observability', configuration: 'watch-alerts' } as const;
    const own = (strategy: 'None' | 'OnNamespace' | 'OnNamespaceExceptForAlertmanagerNamespace') =>
      (mergedConfig(configs(), { ...place, strategy }).route.routes ?? [])
        .slice(0, 3)
        .map(
          ({ receiver, matchers = [] }) =>
            `${receiver} ${matchers.map(({ name, value: of }) => `${name}:${of}`).join()}`,
        );
    expect(own('None')).toEqual([
      'observability/watch-research/lab namespace:research',
      'observability/watch-retail/shop namespace:mall|pay',
      'research/all/me ',
    ]);
    expect(own('OnNamespaceExceptForAlertmanagerNamespace')[2]).toBe('research/all/me namespace:research');
    expect(own('OnNamespace')[0]).toBe('observability/watch-research/lab namespace:research,namespace:observability');
  });
});

/** The same tree, each route with a receiver of its own. */
function marking(route: Route): Route {
  let next = 0;
  const mark = (one: Route): Route => ({ ...one, receiver: `r${next++}`, routes: (one.routes ?? []).map(mark) });
  return mark(route);
}
