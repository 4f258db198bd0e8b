import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { AlertMatcher } from './alert-matcher';
import { AlertRule, type AlertRuleProps } from './alert-rule';
import { KubeSphereChannel } from './kubesphere-channel';
import {
  KubeSphereNotifications,
  type KubeSphereNotificationsProps,
  KubeSphereRoutePolicy,
} from './kubesphere-notifications';
import { KubeSphereRuleGroup, type KubeSphereRuleGroupProps, KubeSphereRuleLevel } from './kubesphere-rule-group';

const down = (more: Partial<AlertRuleProps> = {}) =>
  AlertRule.alert({ name: 'Down', expression: 'up == 0', severity: 'ticket', summary: 'It is down.', ...more });
const key = (name: string) => ({ secret: 'notifications', key: name });
const chat = (name: string) => ({ name, channels: [KubeSphereChannel.feishu({ webhook: key(name) })] });

describe('KubeSphereRuleGroup', () => {
  const GROUP = { level: KubeSphereRuleLevel.CLUSTER, rules: [down()] };
  const refused = (props: Partial<KubeSphereRuleGroupProps>) =>
    problemsOfProgram((platform) => {
      new KubeSphereRuleGroup(new ClusterSet(platform, 'clusters').add('ops'), 'fleet', { ...GROUP, ...props });
    }).map(({ what }) => what);

  it('is of the kind that its level says, with ids and severities that KubeSphere leaves alone', () => {
    const assembly = assemblyOf((platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('ops');
      new KubeSphereRuleGroup(cluster, 'fleet', GROUP);
      const level = KubeSphereRuleLevel.NAMESPACE;
      new KubeSphereRuleGroup(cluster, 'mall', { level, namespaceName: 'mall', rules: [down({ severity: 'page' })] });
    });
    const group = assembly.object('ops', 'fleet/ClusterRuleGroup');
    expect(group.metadata).toEqual({
      name: 'fleet',
      labels: { 'app.kubernetes.io/managed-by': 'orrery', 'alerting.kubesphere.io/enable': 'true' },
    });
    expect(group.spec.rules).toEqual([
      {
        alert: 'Down',
        expr: 'up == 0',
        severity: 'warning',
        labels: { rule_id: 'fleet-0-down' },
        annotations: { summary: 'It is down.', message: 'It is down.' },
      },
    ]);
    expect(assembly.object('ops', 'mall/RuleGroup')).toMatchObject({
      metadata: { namespace: 'mall' },
      spec: { rules: [{ severity: 'critical' }] },
    });
  });

  it('refuses what KubeSphere does not know', () => {
    const rules = [
      down({ severity: 'info', keepFiringFor: '5m', labels: { rule_id: '1' } }),
      AlertRule.recording({ name: 'a', expression: '1' }),
    ];
    expect(refused({ rules, namespaceName: 'mall', interval: 'often' })).toEqual([
      'The interval of group "fleet" is "often".',
      'A rule records a series.',
      '"Down" has keepFiringFor, which KubeSphere does not know.',
      '"Down" has severity "info", which KubeSphere\'s console does not know.',
      '"Down" has the label "rule_id", which KubeSphere sets.',
      'A ClusterRuleGroup is in no namespace, and has namespaceName.',
    ]);
    expect(refused({ level: KubeSphereRuleLevel.NAMESPACE })).toEqual(['It is in no namespace.']);
  });
});

describe('KubeSphereNotifications', () => {
  const made = (props: KubeSphereNotificationsProps) =>
    assemblyOf((platform) => {
      new KubeSphereNotifications(new ClusterSet(platform, 'clusters').add('ops'), 'notify', props);
    });
  const refused = (props: Partial<KubeSphereNotificationsProps>) =>
    problemsOfProgram((platform) => {
      const all = { receivers: [chat('ops')], ...props };
      new KubeSphereNotifications(new ClusterSet(platform, 'clusters').add('ops'), 'notify', all);
    }).map(({ what }) => what);

  it('tells tenants from those who hear of everything, and each receiver uses its own configuration', () => {
    const slack = KubeSphereChannel.slack({ token: key('slack'), channels: ['ops'] });
    const assembly = made({
      receivers: [
        { name: 'ops', channels: [slack] },
        { ...chat('ann'), tenant: 'ann' },
      ],
      secretNamespace: 'alerting',
    });
    const own = { 'notifications.orrery.dev/receiver': 'notify-ops' };
    expect(assembly.object('ops', 'notify/Receiver-notify-ops')).toMatchObject({
      metadata: { labels: { type: 'global', ...own } },
      spec: { slack: { enabled: true, channels: ['ops'], slackConfigSelector: { matchLabels: own } } },
    });
    expect(assembly.object('ops', 'notify/Config')).toMatchObject({
      metadata: { labels: own },
      spec: {
        slack: {
          slackTokenSecret: {
            valueFrom: { secretKeyRef: { name: 'notifications', key: 'slack', namespace: 'alerting' } },
          },
        },
      },
    });
    expect(assembly.object('ops', 'notify/Receiver-notify-ann').metadata.labels).toMatchObject({
      type: 'tenant',
      user: 'ann',
    });
  });

  it('brings the Notification Manager where KubeSphere has none, which finds exactly its receivers', () => {
    const image = 'kubesphere/notification-manager:v2.6.0';
    const tenantImage = 'kubesphere/notification-tenant-sidecar:v4.0.2';
    const routePolicy = KubeSphereRoutePolicy.ROUTER_FIRST;
    const assembly = made({
      receivers: [chat('ops'), { ...chat('ann'), tenant: 'ann' }],
      manager: { image, tenantImage, routePolicy },
    });
    const { metadata, spec } = assembly.object('ops', 'notify/NotificationManager');
    expect(metadata).toMatchObject({ name: 'notification-manager' });
    expect(spec).toMatchObject({ image, replicas: 1, routePolicy, groupLabels: ['alertname', 'namespace'] });
    expect(spec.sidecars.kubesphere.image).toBe(tenantImage);
    const labelsOf = (receiver: string) => assembly.object('ops', `notify/Receiver-notify-${receiver}`).metadata.labels;
    expect(labelsOf('ops')).toMatchObject(spec.receivers.globalReceiverSelector.matchLabels);
    expect(labelsOf('ann')).toMatchObject(spec.receivers.tenantReceiverSelector.matchLabels);
    expect(labelsOf('ann')).toHaveProperty(spec.receivers.tenantKey);
    expect(
      made({ receivers: [chat('ops')] })
        .objects('ops')
        .has('notify/NotificationManager'),
    ).toBe(false);
    expect(refused({ manager: { image: 'kubesphere/notification-manager', replicas: 0 } })).toEqual([
      'The image "kubesphere/notification-manager" has no version.',
      'The Notification Manager has 0 replicas.',
    ]);
  });

  it('matches whole labels, though the Notification Manager looks for a part', () => {
    const matchers = [AlertMatcher.oneOf('severity', ['page', 'critical']), AlertMatcher.notLabel('team', 'a')];
    const assembly = made({ receivers: [chat('ops')], routers: [{ name: 'pages', matchers, receivers: ['ops'] }] });
    expect(assembly.object('ops', 'notify/Router').spec).toEqual({
      enabled: true,
      alertSelector: {
        matchExpressions: [
          { key: 'severity', operator: 'Match', regexValue: '^(?:page|critical)$' },
          { key: 'team', operator: 'NotIn', values: ['a'] },
        ],
      },
      receivers: { name: ['notify-ops'] },
    });
  });

  it('refuses receivers that are not there, channels that reach nobody, and silences without end', () => {
    const matchers = [AlertMatcher.label('a', 'b')];
    expect(
      refused({
        receivers: [chat('ops'), chat('ops'), { name: 'Nobody', channels: [] }],
        routers: [
          { name: 'lost', matchers, receivers: ['oncall'] },
          { name: 'empty', matchers: [AlertMatcher.matchesNot('a', 'b')], receivers: [] },
        ],
        silences: [
          { name: 'all', matchers: [], startsAt: 'now', schedule: 'daily' },
          { name: 'long', matchers, duration: '7d' },
        ],
      }),
    ).toEqual([
      '"Nobody" is no name for one of the receivers.',
      'Two receivers are called "ops".',
      'The receiver "Nobody" has no channel.',
      'The router "lost" names the receiver "oncall", which is not declared.',
      'The router "empty" leads nowhere.',
      'The silence "all" keeps everything back.',
      'The silence "all" has startsAt and schedule.',
      'The silence "all" begins again and again, and never ends.',
      'The silence "all" starts at "now".',
      'The silence "all" has the schedule "daily".',
      'The silence "long" lasts "7d".',
      '"empty" matches what does not match an expression.',
    ]);
    const odd = [
      KubeSphereChannel.email({ to: ['ops'], sender: 'a@example.com', host: 'smtp.example.com', port: 0 }),
      KubeSphereChannel.slack({ token: key('slack'), channels: [] }),
      KubeSphereChannel.webhook({ url: 'notify' }),
      KubeSphereChannel.webhook({ url: 'https://notify.example.com' }),
    ];
    expect(refused({ receivers: [{ name: 'ops', channels: odd }] })).toEqual([
      'The receiver "ops" has two channels of webhook.',
      '"ops" is no e-mail address.',
      '0 is no port.',
      'A message of Slack goes to no channel.',
      '"notify" is no address of a receiver of alerts.',
    ]);
  });
});
