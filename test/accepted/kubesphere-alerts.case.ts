import {
  AlertMatcher,
  AlertRule,
  ClusterSet,
  KubeSphereChannel,
  KubeSphereNotifications,
  KubeSphereRoutePolicy,
  KubeSphereRuleGroup,
  KubeSphereRuleLevel,
  Placement,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

const key = (name: string) => ({ secret: 'notifications', key: name });

export default {
  title: 'alerts of KubeSphere, and who hears of them',
  crds: ['alerting.kubesphere.io', 'notification.kubesphere.io'],
  kinds: [
    'RuleGroup',
    'ClusterRuleGroup',
    'GlobalRuleGroup',
    'NotificationManager',
    'Receiver',
    'Config',
    'Router',
    'Silence',
  ],
  program(platform) {
    new ClusterSet(platform, 'clusters').add('ops');
    const placement = Placement.everywhere();
    const rules = [
      AlertRule.alert({
        name: 'Down',
        expression: 'up == 0',
        severity: 'page',
        summary: 'It is down.',
        description: 'Nothing answers.',
        runbookUrl: 'https://wiki.example.com/down',
        pendingFor: '5m',
        labels: { team: 'shop' },
      }),
    ];
    for (const [id, level, where] of [
      ['mall', KubeSphereRuleLevel.NAMESPACE, { namespaceName: 'mall' }],
      ['nodes', KubeSphereRuleLevel.CLUSTER, {}],
      ['fleet', KubeSphereRuleLevel.GLOBAL, {}],
    ] as const)
      new KubeSphereRuleGroup(platform, id, { placement, level, rules, interval: '1m', ...where });
    const matchers = [
      AlertMatcher.label('cluster', 'sh'),
      AlertMatcher.notLabel('team', 'batch'),
      AlertMatcher.matches('alertname', 'Service.*'),
    ];
    new KubeSphereNotifications(platform, 'notify', {
      placement,
      manager: {
        image: 'kubesphere/notification-manager:v2.6.0',
        tenantImage: 'kubesphere/notification-tenant-sidecar:v4.0.2',
        routePolicy: KubeSphereRoutePolicy.ROUTER_ONLY,
      },
      receivers: [
        {
          name: 'operators',
          matchers,
          channels: [
            KubeSphereChannel.dingTalk({
              webhook: key('ding'),
              signingSecret: key('ding-secret'),
              keywords: ['alert'],
            }),
            KubeSphereChannel.feishu({
              webhook: key('feishu'),
              signingSecret: key('feishu-secret'),
              keywords: ['alert'],
            }),
            KubeSphereChannel.weChat(key('wechat')),
            KubeSphereChannel.email({
              to: ['ops@example.com'],
              sender: 'alerts@example.com',
              host: 'smtp.example.com',
              port: 587,
              username: 'alerts',
              password: key('smtp'),
            }),
            KubeSphereChannel.slack({ token: key('slack'), channels: ['ops'] }),
            KubeSphereChannel.aliyunSms({
              phoneNumbers: ['13800138000'],
              accessKeyId: key('id'),
              accessKeySecret: key('secret'),
              signName: 'shop',
              templateCode: 'SMS_1',
            }),
            KubeSphereChannel.webhook({ url: 'https://notify.example.com', bearerToken: key('token') }),
          ],
        },
        { name: 'ann', tenant: 'ann', channels: [KubeSphereChannel.feishu({ webhook: key('ann') })] },
      ],
      routers: [{ name: 'pages', matchers, receivers: ['ann'] }],
      silences: [
        { name: 'nights', matchers, schedule: '0 22 * * *', duration: '8h', tenant: 'ann' },
        { name: 'move', matchers, startsAt: '2027-01-01T00:00:00Z', duration: '24h' },
      ],
    });
  },
} satisfies AcceptedCase;
