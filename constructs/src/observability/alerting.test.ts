import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { AlertChannel } from './alert-channel';
import { AlertMatcher } from './alert-matcher';
import type { AlertmanagerOptions } from './alert-routing-props';
import { Alerting } from './alerting';
import { MetricStore } from './metric-store';
import { ObservabilityStack } from './observability-stack';

const key = (name: string) => ({ secret: 'alerting', key: name });
const chat = (name: string) => ({ name, channels: [AlertChannel.slack({ webhook: key(name) })] });
const PLAIN: AlertmanagerOptions = { receiver: 'operators', receivers: [chat('operators')] };

function stackIn(
  platform: Platform,
  options: AlertmanagerOptions,
  metrics: MetricStore = MetricStore.perCluster(),
): ObservabilityStack {
  const clusters = new ClusterSet(platform, 'clusters');
  for (const name of ['sh', 'gz']) clusters.add(name);
  clusters.add('ops', { apiVersions: ['monitoring.thanos.io/v1alpha1'] });
  return new ObservabilityStack(platform, 'watch', {
    placement: Placement.named('sh', 'gz'),
    centre: Placement.named('ops'),
    metrics,
    alerts: Alerting.alertmanager(options),
  });
}

const made = (options: AlertmanagerOptions, metrics?: MetricStore): Assembly =>
  assemblyOf((platform) => void stackIn(platform, options, metrics));
const valuesIn = (assembly: Assembly, cluster: string): AnyObject =>
  assembly.unit(cluster, 'watch/prometheus').helmReleases?.[0]?.values as AnyObject;
const refused = (options: Partial<AlertmanagerOptions>) =>
  problemsOfProgram((platform) => void stackIn(platform, { ...PLAIN, ...options })).map(
    ({ code, what }) => `${code}: ${what}`,
  );

describe('Alerting.alertmanager', () => {
  it('puts one configuration into each cluster and the centre, with secrets by name alone', () => {
    const assembly = made({ ...PLAIN, heartbeat: { urlSecret: key('beat') } });
    for (const cluster of ['sh', 'gz', 'ops']) {
      expect(assembly.object(cluster, 'watch/alerts/AlertmanagerConfig')).toMatchObject({
        metadata: { name: 'watch-alerts', namespace: 'observability' },
        spec: {
          route: {
            receiver: 'operators',
            routes: [
              {
                receiver: 'heartbeat',
                matchers: [{ name: 'alertname', matchType: '=', value: 'Watchdog' }],
                groupWait: '0s',
                groupInterval: '30s',
                repeatInterval: '1m',
              },
              { receiver: 'nobody', matchers: [{ name: 'severity', matchType: '=', value: 'none' }] },
            ],
          },
          receivers: [
            { name: 'nobody' },
            { name: 'heartbeat', webhookConfigs: [{ urlSecret: { name: 'alerting', key: 'beat' } }] },
            { name: 'operators', slackConfigs: [{ apiURL: { name: 'alerting', key: 'operators' } }] },
          ],
        },
      });
    }
  });

  it('has a dead man in every observed cluster where somebody waits for it, and none elsewhere', () => {
    const path = 'watch/alerts/PrometheusRule';
    const assembly = made({ ...PLAIN, heartbeat: { urlSecret: key('beat'), alertName: 'StillHere' } });
    expect(assembly.object('gz', path)).toMatchObject({
      metadata: { labels: { 'observability.orrery.dev/stack': 'watch' } },
      spec: { groups: [{ rules: [{ alert: 'StillHere' }] }] },
    });
    expect(made(PLAIN).objects('gz').has(path)).toBe(false);
  });

  it('says to the release which configuration it takes, and how many Alertmanagers there are', () => {
    const assembly = made({ ...PLAIN, storage: '2Gi', externalUrl: 'https://alerts.example.com' });
    expect(valuesIn(assembly, 'ops').alertmanager).toEqual({
      enabled: true,
      alertmanagerSpec: {
        alertmanagerConfiguration: { name: 'watch-alerts' },
        alertmanagerConfigMatcherStrategy: { type: 'OnNamespaceExceptForAlertmanagerNamespace' },
        replicas: 3,
        storage: {
          volumeClaimTemplate: {
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
          },
        },
        externalUrl: 'https://alerts.example.com',
      },
      podDisruptionBudget: { enabled: true },
    });
    expect(valuesIn(assembly, 'sh').alertmanager.alertmanagerSpec.replicas).toBe(1);
  });

  it('has one Alertmanager where the centre tells of everything, and elsewhere what tells that nothing comes any more', () => {
    const path = 'watch/alerts/AlertmanagerConfig';
    const central = MetricStore.perCluster({ alertmanager: { url: 'https://alerts.example.com' } });
    const alone = made(PLAIN, central);
    expect(valuesIn(alone, 'sh').alertmanager).toEqual({ enabled: false });
    expect(alone.objects('sh').has(path)).toBe(false);
    const both = made({ ...PLAIN, heartbeat: { urlSecret: key('beat') }, replicas: 5 }, central);
    expect(valuesIn(both, 'sh')).toMatchObject({
      alertmanager: { enabled: true, alertmanagerSpec: { replicas: 1 } },
      prometheus: {
        prometheusSpec: {
          additionalAlertManagerConfigs: [{ static_configs: [{ targets: ['alerts.example.com:443'] }] }],
        },
      },
    });
    expect(valuesIn(both, 'ops').alertmanager.alertmanagerSpec.replicas).toBe(5);
    expect(both.object('sh', path).spec.receivers).toHaveLength(2);
    expect(both.object('ops', path).spec.route.routes[0].matchers).toContainEqual({
      name: 'cluster',
      matchType: '=',
      value: 'ops',
    });
  });

  it('has no dead man where a Prometheus only sends, and nothing where none of the Alertmanagers is its own', () => {
    const heartbeat = { urlSecret: key('beat') };
    const thanos = MetricStore.thanos({
      receive: { url: 'https://metrics.example.com/api/v1/receive' },
      objectStorage: { secret: 'objects', key: 'objstore.yml' },
      hashrings: [{ name: 'default', storage: '50Gi' }],
      clusters: { gz: { agent: true } },
    });
    const agents = made({ ...PLAIN, heartbeat }, thanos);
    expect(agents.objects('sh').has('watch/alerts/PrometheusRule')).toBe(true);
    expect(agents.objects('gz').has('watch/alerts/PrometheusRule')).toBe(false);
    expect(agents.objects('gz').has('watch/alerts/AlertmanagerConfig')).toBe(false);
    const existing = MetricStore.existing({ queryUrl: 'https://metrics.example.com', selectedBy: {} });
    expect(problemsOfProgram((platform) => void stackIn(platform, PLAIN, existing)).map(({ what }) => what)).toContain(
      'No cluster has an Alertmanager of the stack.',
    );
  });

  it('gives tenants routes where they have something, and in the centre', () => {
    const assembly = assemblyOf((platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      for (const name of ['sh', 'gz', 'ops']) clusters.add(name);
      const workspace = new Workspace(platform, 'retail', { placement: Placement.named('gz') });
      new ObservabilityStack(platform, 'watch', {
        placement: Placement.named('sh', 'gz'),
        centre: Placement.named('ops'),
        workspaces: [workspace],
        alerts: Alerting.alertmanager({
          ...PLAIN,
          tenants: [{ workspace, receivers: [chat('shop')], receiver: 'shop' }],
        }),
      });
    });
    const path = 'watch/alerts/AlertmanagerConfig-watch-retail';
    expect(assembly.objects('sh').has(path)).toBe(false);
    for (const cluster of ['gz', 'ops'])
      expect(assembly.object(cluster, path).spec.route).toEqual({
        receiver: 'shop',
        matchers: [{ name: 'namespace', matchType: '=', value: 'retail' }],
      });
  });

  it('refuses routes to nobody, and receivers that hear of nothing', () => {
    expect(refused({ routes: [{ receiver: 'oncall' }] })).toEqual([
      'ORR2012: The routes name the receiver "oncall", which is not declared.',
    ]);
    expect(refused({ receivers: [chat('operators'), chat('oncall'), chat('operators')] })).toEqual([
      'ORR2012: The routes have two receivers "operators".',
      'ORR2012: The routes send nothing to the receiver "oncall".',
    ]);
    expect(refused({ receivers: [{ name: 'operators', channels: [] }] })).toEqual(
      ['page', 'critical', 'ticket', 'warning'].map(
        (severity) => `ORR2012: Alerts of severity "${severity}" reach nobody.`,
      ),
    );
    expect(
      refused({
        receivers: [{ name: 'operators', channels: [] }, chat('oncall')],
        routes: [{ receiver: 'oncall', matchers: [AlertMatcher.severity('page', 'critical', 'ticket')] }],
      }),
    ).toEqual(['ORR2012: Alerts of severity "warning" reach nobody.']);
  });

  it('refuses routes that no alert reaches', () => {
    const oncall = { receivers: [chat('operators'), chat('oncall')] };
    const page = AlertMatcher.severity('page');
    expect(
      refused({ ...oncall, routes: [{ receiver: 'operators' }, { receiver: 'oncall', matchers: [page] }] }),
    ).toEqual([
      'ORR2012: The routes have a route to "oncall" that no alert reaches: the one to "operators" before it takes everything.',
    ]);
    expect(
      refused({
        ...oncall,
        routes: [
          { receiver: 'operators', matchers: [AlertMatcher.severity('page', 'ticket')] },
          { receiver: 'oncall', matchers: [page, AlertMatcher.label('team', 'shop')] },
        ],
      }),
    ).toEqual([
      'ORR2012: The routes have a route to "oncall" that no alert reaches: the one to "operators" before it takes severity=~"page|ticket".',
    ]);
    expect(
      refused({
        ...oncall,
        routes: [
          {
            receiver: 'operators',
            matchers: [page],
            routes: [{ receiver: 'oncall', matchers: [AlertMatcher.severity('ticket')] }],
          },
        ],
      }),
    ).toEqual([
      'ORR2012: The routes have a route to "oncall" that no alert takes: severity="page" and severity="ticket".',
    ]);
    const goesOn = [
      { receiver: 'operators', continueToNext: true },
      { receiver: 'oncall', matchers: [page] },
    ];
    expect(() => made({ ...PLAIN, ...oncall, routes: goesOn })).not.toThrow();
  });

  it('refuses what Alertmanager does not load', () => {
    expect(
      refused({
        groupBy: ['alertname', 'alertname', 'a-b'],
        groupWait: '1 minute',
        groupInterval: '5m',
        repeatInterval: '1m',
        inhibit: [{ source: [AlertMatcher.label('a-b', '1')], target: [], equal: [] }],
        replicas: 0,
        storage: 'much',
        externalUrl: 'alerts',
        heartbeat: { urlSecret: key('beat'), every: '10ms' },
      }),
    ).toEqual([
      'ORR2011: The routes have groupWait "1 minute".',
      'ORR2011: The routes group by "a-b".',
      'ORR2011: The routes group by "alertname" twice.',
      'ORR2012: The routes repeat after 1m, and look at groups only every 5m.',
      'ORR2011: The routes match a-b="1".',
      'ORR2012: The routes have an inhibition without source or target.',
      'ORR2012: The routes have an inhibition with nothing equal: one alert would silence those of every cluster.',
      'ORR2011: There are 0 replicas of Alertmanager.',
      'ORR2011: "much" is no size of a volume.',
      'ORR2011: The dead man\'s switch is sent every "10ms".',
      'ORR2011: "alerts" is no address for people.',
    ]);
  });

  it('refuses times that are none', () => {
    const interval = {
      startsAt: '25:00',
      endsAt: '6',
      weekdays: ['friday:monday', 'sat'],
      daysOfMonth: ['0', '32', '7:1'],
      months: ['13'],
      years: ['27'],
    };
    expect(
      refused({
        times: [
          { name: 'odd', intervals: [interval] },
          { name: 'none', intervals: [] },
        ],
        routes: [{ receiver: 'operators', muteTimes: ['odd', 'none', 'never'] }],
      }),
    ).toEqual([
      'ORR2012: The routes name the time "never", which is not declared.',
      ...['"25:00" as a time of day', '"6" as a time of day', '"friday:monday" as weekday', '"sat" as weekday'].map(
        (what) => `ORR2011: The time "odd" has ${what}.`,
      ),
      ...['0', '32', '7:1'].map((day) => `ORR2011: The time "odd" has "${day}" as day of the month.`),
      'ORR2011: The time "odd" has "13" as month.',
      'ORR2011: The time "odd" has "27" as year.',
      'ORR2011: The time "none" has no interval.',
    ]);
  });

  it('refuses channels that reach nobody, or hold a password', () => {
    const channels = [
      AlertChannel.email({
        to: ['ops'],
        server: { address: 'smtp.example.com', sender: 'a@example.com', username: 'a' },
      }),
      AlertChannel.webhook({}),
      AlertChannel.webhook({ url: 'https://a:b@example.com', urlSecret: key('url'), maxAlerts: -1 }),
      AlertChannel.dingTalk({ adapter: 'dingtalk' }),
      AlertChannel.weChat({ corpId: 'ww', agentId: '1', apiSecret: key('wechat') }),
      AlertChannel.sms({ region: 'eu-west-1', phoneNumber: '0123' }),
      AlertChannel.telegram({ botToken: key('bot'), chatId: 0 }),
    ];
    expect(refused({ receivers: [{ name: 'operators', channels }] })).toEqual([
      'ORR2011: "smtp.example.com" is no mail server.',
      'ORR2011: "ops" is no e-mail address.',
      'ORR2012: A channel has username without password.',
      'ORR2012: A channel has none of url and urlSecret.',
      'ORR2011: The address of a receiver of alerts on example.com holds a user or password.',
      'ORR2012: A channel has url and urlSecret.',
      'ORR2011: maxAlerts is -1.',
      'ORR2011: "dingtalk" is no address of a receiver of alerts.',
      'ORR2011: A message of WeChat goes to nobody.',
      'ORR2011: "0123" is no number of a phone.',
      'ORR2011: chatId is 0.',
    ]);
  });
});
