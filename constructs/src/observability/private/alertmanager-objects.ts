import { present } from '../../private/present-members';
import type { AlertMatcher } from '../alert-matcher';
import type {
  AlertInhibition,
  AlertmanagerOptions,
  AlertReceiver,
  AlertRoute,
  AlertTenant,
} from '../alert-routing-props';
import { timesOf } from './alert-times';
import type { AlertmanagerConfigSpec, Inhibition, Matcher, Receiver, Route } from './alertmanager-config';
import { DEAD_MANS_ALERT } from './dead-mans-group';
import { prometheusSeconds } from './prometheus/prometheus-duration';

/** Which routes an Alertmanager has: those of all alerts, or that of the dead man's switch alone. */
export type AlertmanagerRole = 'routes' | 'heartbeat';

const HEARTBEAT = 'heartbeat';
/** Hears of nothing: for alerts that are not meant for people. */
const NOBODY = 'nobody';

/**
 * The configuration of all alerts that an Alertmanager gets.
 * @param own its cluster, where the dead man's switches of others arrive as well
 */
export function platformConfig(
  options: AlertmanagerOptions,
  role: AlertmanagerRole,
  own: string | undefined,
): AlertmanagerConfigSpec {
  const { heartbeat, receiver, routes = [], inhibit, times = [], groupBy } = options;
  const { groupWait = '30s', groupInterval = '5m', repeatInterval = '12h' } = options;
  const timing = {
    groupBy: groupBy ?? ['alertname', 'cluster', 'namespace', 'service'],
    groupWait,
    groupInterval,
    repeatInterval,
  };
  const beats = heartbeat === undefined ? [] : [heartbeatRoute(options, own)];
  const beating: Receiver[] =
    heartbeat === undefined
      ? []
      : [
          {
            name: HEARTBEAT,
            webhookConfigs: [
              { urlSecret: { name: heartbeat.urlSecret.secret, key: heartbeat.urlSecret.key }, sendResolved: false },
            ],
          },
        ];
  if (role === 'heartbeat')
    return { route: { receiver: NOBODY, ...timing, routes: beats }, receivers: [{ name: NOBODY }, ...beating] };
  const unheard: Route = { receiver: NOBODY, matchers: [{ name: 'severity', matchType: '=', value: 'none' }] };
  return {
    route: { receiver, ...timing, routes: [...beats, unheard, ...routes.map(routeOf)] },
    receivers: [{ name: NOBODY }, ...beating, ...options.receivers.map(receiverOf)],
    inhibitRules: inhibit === undefined ? DEFAULT_INHIBITIONS : inhibit.map(inhibitionOf),
    ...(times.length === 0 ? {} : { muteTimeIntervals: times.map(timesOf) }),
  };
}

/** It is sent at once, and again and again: looked at twice as often as it is sent, so that none is skipped. */
function heartbeatRoute({ heartbeat }: AlertmanagerOptions, own: string | undefined): Route {
  const { alertName = DEAD_MANS_ALERT, every = '1m' } = heartbeat ?? {};
  const half = (prometheusSeconds(every) ?? 0) / 2;
  const ofOwn: Matcher[] = own === undefined ? [] : [{ name: 'cluster', matchType: '=', value: own }];
  return {
    receiver: HEARTBEAT,
    matchers: [{ name: 'alertname', matchType: '=', value: alertName }, ...ofOwn],
    groupBy: ['alertname', 'cluster'],
    groupWait: '0s',
    groupInterval: Number.isInteger(half) ? `${half}s` : `${Math.floor(half * 1000)}ms`,
    repeatInterval: every,
  };
}

/** What a tenant hears. It stands in the namespace of the Alertmanager, where the operator adds no matcher of its own: those for the tenant's namespaces are written out. */
export function tenantConfig(tenant: AlertTenant): AlertmanagerConfigSpec {
  const { workspace, receivers, receiver, routes = [], inhibit = [], times = [] } = tenant;
  const own = namespaceMatcher(workspace.namespaces);
  return {
    route: { receiver, matchers: [own], ...(routes.length === 0 ? {} : { routes: routes.map(routeOf) }) },
    receivers: receivers.map(receiverOf),
    ...(inhibit.length === 0
      ? {}
      : {
          inhibitRules: inhibit.map(inhibitionOf).map(({ sourceMatch, targetMatch, ...rest }) => ({
            sourceMatch: [own, ...sourceMatch],
            targetMatch: [own, ...targetMatch],
            ...rest,
          })),
        }),
    ...(times.length === 0 ? {} : { muteTimeIntervals: times.map(timesOf) }),
  };
}

/** Names of namespaces are letters, digits and "-": none of them means anything in a regular expression. */
function namespaceMatcher(namespaces: readonly string[]): Matcher {
  const [only = '', ...more] = namespaces;
  if (more.length === 0) return { name: 'namespace', matchType: '=', value: only };
  return { name: 'namespace', matchType: '=~', value: namespaces.join('|') };
}

const equal = (name: string, value: string): Matcher => ({ name, matchType: '=', value });
const oneOf = (name: string, ...values: string[]): Matcher => ({ name, matchType: '=~', value: values.join('|') });

const DEFAULT_INHIBITIONS: readonly Inhibition[] = [
  {
    sourceMatch: [oneOf('severity', 'page', 'critical')],
    targetMatch: [oneOf('severity', 'ticket', 'warning', 'info')],
    equal: ['alertname', 'cluster', 'namespace', 'service'],
  },
  {
    sourceMatch: [equal('alertname', 'ServiceDown')],
    targetMatch: [oneOf('alertname', 'ServiceReplicasMissing', 'ServiceCrashLoop', 'ServiceErrors', 'ServiceSlow')],
    equal: ['cluster', 'namespace', 'service'],
  },
];

function receiverOf({ name, channels }: AlertReceiver): Receiver {
  const lists: { [list: string]: object[] } = {};
  for (const { list, config } of channels.map((channel) => channel._channel())) {
    const configs = lists[list] ?? [];
    configs.push(config);
    lists[list] = configs;
  }
  return { name, ...lists };
}

function routeOf(route: AlertRoute): Route {
  const { receiver, matchers, groupBy, groupWait, groupInterval, repeatInterval } = route;
  return present<Route>({
    receiver,
    matchers: matchers?.map(matcherOf),
    groupBy,
    groupWait,
    groupInterval,
    repeatInterval,
    muteTimeIntervals: route.muteTimes,
    activeTimeIntervals: route.activeTimes,
    continue: route.continueToNext,
    routes: route.routes?.map(routeOf),
  });
}

function inhibitionOf({ source, target, equal: same }: AlertInhibition): Inhibition {
  return { sourceMatch: source.map(matcherOf), targetMatch: target.map(matcherOf), equal: same };
}

function matcherOf(matcher: AlertMatcher): Matcher {
  return matcher._matcher();
}
