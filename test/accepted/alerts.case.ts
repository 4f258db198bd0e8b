import {
  AlertChannel,
  Alerting,
  AlertMatcher,
  AlertRule,
  AlertRules,
  ClusterSet,
  ObservabilityStack,
  Placement,
  PlatformAlerts,
  Workspace,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

const key = (name: string) => ({ secret: 'alerting', key: name });

export default {
  title: 'alerts, and how they reach people',
  crds: [
    'monitoring.coreos.com/prometheusrules.monitoring.coreos.com.yaml',
    'monitoring.coreos.com/alertmanagerconfigs.monitoring.coreos.com.yaml',
  ],
  kinds: ['AlertmanagerConfig', 'PrometheusRule'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh');
    const placement = Placement.everywhere();
    const retail = new Workspace(platform, 'retail', { placement, namespaces: ['mall', 'pay'] });
    const server = {
      address: 'smtp.example.com:587',
      sender: 'alerts@example.com',
      username: 'alerts',
      password: key('smtp'),
    };
    const page = [AlertMatcher.severity('page', 'critical')];
    const inhibit = [{ source: page, target: [AlertMatcher.severity('ticket')], equal: ['service'] }];
    const nights = [
      {
        name: 'nights',
        intervals: [
          {
            startsAt: '22:00',
            endsAt: '06:00',
            weekdays: ['monday:friday'],
            daysOfMonth: ['1:7', '-1'],
            months: ['january:march'],
            years: ['2027'],
          },
        ],
      },
    ];
    new ObservabilityStack(platform, 'watch', {
      placement,
      alerts: Alerting.alertmanager({
        receivers: [
          {
            name: 'operators',
            channels: [
              AlertChannel.email({ to: ['ops@example.com'], server, subject: '{{ .CommonLabels.alertname }}' }),
              AlertChannel.slack({ webhook: key('slack'), channel: '#ops' }),
              AlertChannel.webhook({ url: 'https://notify.example.com', bearerToken: key('token'), maxAlerts: 20 }),
              AlertChannel.dingTalk({ adapter: 'http://dingtalk.chat:8060/ops' }),
              AlertChannel.feishu({ adapter: 'http://feishu.chat:8080/ops' }),
              AlertChannel.weChat({
                corpId: 'ww1',
                agentId: '7',
                apiSecret: key('wechat'),
                toUsers: ['ann'],
                toParties: ['2'],
                toTags: ['3'],
              }),
              AlertChannel.telegram({ botToken: key('telegram'), chatId: -100 }),
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
              AlertChannel.sms({ region: 'eu-west-1', topicArn: 'arn:aws:sns:eu-west-1:1:oncall' }),
            ],
          },
        ],
        receiver: 'operators',
        routes: [
          {
            receiver: 'oncall',
            matchers: page,
            groupBy: ['alertname'],
            groupWait: '10s',
            groupInterval: '1m',
            repeatInterval: '1h',
            activeTimes: ['nights'],
            continueToNext: true,
          },
          { receiver: 'operators', muteTimes: ['nights'] },
        ],
        times: nights,
        inhibit,
        tenants: [
          {
            workspace: retail,
            receivers: [{ name: 'shop', channels: [AlertChannel.slack({ webhook: key('shop') })] }],
            receiver: 'shop',
            inhibit,
            times: nights,
            routes: [{ receiver: 'shop', matchers: page, muteTimes: ['nights'] }],
          },
        ],
        heartbeat: { urlSecret: key('heartbeat') },
      }),
    });
    const place = { placement, namespaceName: 'observability', selectedBy: { release: 'monitoring' } };
    new PlatformAlerts(platform, 'platform', { ...place, runbooks: 'https://wiki.example.com/' });
    new AlertRules(platform, 'queue', {
      ...place,
      groups: [
        {
          name: 'queue',
          interval: '1m',
          limit: 10,
          rules: [
            AlertRule.recording({
              name: 'queue:length:max',
              expression: 'max(queue_length)',
              labels: { team: 'shop' },
            }),
            AlertRule.alert({
              name: 'QueueTooLong',
              expression: 'queue:length:max > 100',
              severity: 'ticket',
              summary: 'The queue is long.',
              pendingFor: '5m',
              keepFiringFor: '10m',
            }),
          ],
        },
      ],
    });
  },
} satisfies AcceptedCase;
