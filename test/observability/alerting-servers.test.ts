import { AlertChannel, AlertMatcher, type AlertmanagerOptions } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceAlerts } from '../../constructs/lib/observability/private/service-alerts.js';
import { configurationOf, emittedConfigs, type TenantOptions } from './alertmanager-program.ts';
import { AlertingServers, type Notification, WatchedServer } from './alertmanager-servers.ts';
import { alertmanagerSkipped, isAlertmanagerMissing } from './amtool.ts';
import { isPromtoolMissing, promtoolSkipped } from './promtool.ts';

const TIMEOUT = 120_000;
const SERVICES = [
  ['mall', 'cart'],
  ['mall', 'search'],
  ['mall', 'checkout'],
  ['lab', 'notebooks'],
] as const;

/** Rules as emitted, but for what they wait: nobody waits minutes in a test. */
function impatient(): unknown {
  const groups = SERVICES.flatMap(([namespace, service]) =>
    serviceAlerts({ namespace, service, workload: { kind: 'Deployment', name: service }, traffic: { from: 'none' } }),
  );
  return [
    ...groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => ('alert' in rule && rule.for !== undefined ? { ...rule, for: '1s' } : rule)),
    })),
    { name: 'watchdog', rules: [{ alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none' } }] },
  ];
}

/** What kube-state-metrics exposes of services, with pods each. */
const replicas = (available: { readonly [service: string]: number }) =>
  SERVICES.flatMap(([namespace, service]) => [
    `kube_deployment_spec_replicas{namespace="${namespace}",deployment="${service}"} 3`,
    `kube_deployment_status_replicas_available{namespace="${namespace}",deployment="${service}"} ${available[service] ?? 3}`,
  ]);

const services = (notifications: readonly Notification[]): (readonly [labels: object, alerts: string[]])[] =>
  notifications.map(({ groupLabels, alerts }) => [
    groupLabels,
    alerts.map(({ status, labels }) => `${labels.alertname} ${labels.service} ${labels.severity} ${status}`).sort(),
  ]);

describe.skipIf(isAlertmanagerMissing || isPromtoolMissing)(
  `alerts between a real Prometheus and a real Alertmanager${alertmanagerSkipped}${promtoolSkipped}`,
  () => {
    let watched: WatchedServer;
    let servers: AlertingServers;

    beforeAll(async () => {
      watched = await WatchedServer.start();
      watched.metrics = replicas({});
      const to = (name: string) => ({
        name,
        channels: [AlertChannel.webhook({ url: `http://${watched.address}/${name}` })],
      });
      const options: AlertmanagerOptions = {
        receivers: ['operators', 'oncall', 'muted'].map(to),
        receiver: 'operators',
        routes: [
          { receiver: 'muted', matchers: [AlertMatcher.label('service', 'notebooks')], muteTimes: ['always'] },
          { receiver: 'oncall', matchers: [AlertMatcher.severity('page')] },
        ],
        times: [{ name: 'always', intervals: [{ weekdays: ['sunday:saturday'] }] }],
        groupBy: ['alertname', 'namespace'],
        groupWait: '6s',
        groupInterval: '1s',
        repeatInterval: '1h',
        heartbeat: { urlSecret: { secret: 'alerting', key: 'heartbeat' }, every: '2s' },
      };
      const tenants: { readonly [workspace: string]: TenantOptions } = {
        retail: { namespaces: ['mall'], receivers: [to('shop')], receiver: 'shop' },
      };
      const secrets = { 'alerting/heartbeat': `http://${watched.address}/heartbeat` };
      const configuration = configurationOf(emittedConfigs(options, tenants), secrets);
      servers = await AlertingServers.start(configuration, impatient(), watched.address);
    });

    afterAll(async () => {
      await servers?.stop();
      await watched?.stop();
    });

    it('reach the outside again and again while all is well, and nobody else', { timeout: TIMEOUT }, async () => {
      await servers.until(() => expect(watched.to('/heartbeat').length).toBeGreaterThan(2));
      expect(new Set(watched.notifications.map(({ url }) => url))).toEqual(new Set(['/heartbeat']));
      expect(await servers.alerts()).toEqual(['Watchdog  active']);
    });

    it('are told together, to those who are meant, without what is silenced, inhibited or muted', {
      timeout: TIMEOUT,
    }, async () => {
      servers.silence('service=checkout');
      watched.metrics = replicas({ cart: 0, search: 0, checkout: 0, notebooks: 0 });
      const inMall = { alertname: 'ServiceDown', namespace: 'mall' };
      const down = [[inMall, ['ServiceDown cart page firing', 'ServiceDown search page firing']]];
      await servers.until(() => {
        expect(services(watched.to('/oncall'))).toEqual(down);
        expect(services(watched.to('/shop'))).toEqual(down);
      });
      await servers.until(async () =>
        expect(await servers.alerts()).toEqual([
          'ServiceDown cart active',
          'ServiceDown checkout silenced',
          'ServiceDown notebooks active',
          'ServiceDown search active',
          'ServiceReplicasMissing cart inhibited',
          'ServiceReplicasMissing checkout silenced',
          'ServiceReplicasMissing notebooks inhibited',
          'ServiceReplicasMissing search inhibited',
          'Watchdog  active',
        ]),
      );
      // Looked at every second: by the fifth heartbeat from here everything else would have come.
      const beats = watched.to('/heartbeat').length;
      await servers.until(() => expect(watched.to('/heartbeat').length).toBeGreaterThan(beats + 4));
      expect(services(watched.to('/oncall'))).toEqual(down);
      expect(services(watched.to('/operators'))).toEqual([]);
      expect(services(watched.to('/muted'))).toEqual([]);
    });

    it('are told to be over', { timeout: TIMEOUT }, async () => {
      watched.metrics = replicas({ checkout: 0, notebooks: 0 });
      await servers.until(() => {
        const over = services(watched.to('/oncall')).flatMap((one) => one[1]);
        for (const service of ['cart', 'search']) expect(over).toContain(`ServiceDown ${service} page resolved`);
      });
    });
  },
);
