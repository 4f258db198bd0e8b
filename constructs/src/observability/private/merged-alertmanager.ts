import type {
  AlertmanagerConfig,
  AlertmanagerConfigSpec,
  Inhibition,
  Matcher,
  MuteTimeInterval,
  Route,
  SecretSelector,
} from './alertmanager-config';
import { matcherText } from './route-matching';

/** How an Alertmanager takes AlertmanagerConfigs (its spec: alertmanagerConfiguration, alertmanagerConfigMatcherStrategy). */
export interface AlertmanagerPlace {
  readonly namespace: string;
  /** Name of the one in its namespace that holds for all alerts. */
  readonly configuration: string;
  readonly strategy: 'None' | 'OnNamespace' | 'OnNamespaceExceptForAlertmanagerNamespace';
}

/**
 * One configuration of many, as the operator makes it (prometheus-operator pkg/alertmanager/amcfg.go: initializeFromAlertmanagerConfig, AddAlertmanagerConfigs): names get namespace and name of
 * their object in front, the routes of each are tried before those of all and go on to the next, and hold for alerts of their namespace, as far as the strategy says.
 */
export function mergedConfig(
  configs: readonly AlertmanagerConfig[],
  { namespace, configuration, strategy }: AlertmanagerPlace,
): AlertmanagerConfigSpec {
  const isGlobal = ({ metadata }: AlertmanagerConfig) =>
    metadata.namespace === namespace && metadata.name === configuration;
  const global = configs.find(isGlobal);
  if (global === undefined) throw new Error(`There is no AlertmanagerConfig ${namespace}/${configuration}.`);
  const others = configs.filter((config) => !isGlobal(config)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const base = named(global);
  const parts = others.map((config) => {
    const spec = named(config);
    const own = config.metadata.namespace;
    const isConfined = strategy === 'OnNamespace' || (strategy !== 'None' && own !== namespace);
    return isConfined ? confined(spec, { name: 'namespace', matchType: '=', value: own }) : spec;
  });
  return {
    route: {
      ...base.route,
      routes: [...parts.map(({ route }) => ({ ...route, continue: true })), ...(base.route.routes ?? [])],
    },
    receivers: [...base.receivers, ...parts.flatMap(({ receivers }) => receivers)],
    inhibitRules: [...(base.inhibitRules ?? []), ...parts.flatMap(({ inhibitRules = [] }) => inhibitRules)],
    muteTimeIntervals: [base, ...parts].flatMap(({ muteTimeIntervals = [] }) => muteTimeIntervals),
  };
}

function keyOf({ metadata }: AlertmanagerConfig): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function named(config: AlertmanagerConfig): AlertmanagerConfigSpec {
  const name = (text: string) => `${keyOf(config)}/${text}`;
  const route = (one: Route): Route => ({
    ...one,
    receiver: name(one.receiver),
    ...(one.muteTimeIntervals === undefined ? {} : { muteTimeIntervals: one.muteTimeIntervals.map(name) }),
    ...(one.activeTimeIntervals === undefined ? {} : { activeTimeIntervals: one.activeTimeIntervals.map(name) }),
    ...(one.routes === undefined ? {} : { routes: one.routes.map(route) }),
  });
  const { receivers, inhibitRules = [], muteTimeIntervals = [] } = config.spec;
  return {
    route: route(config.spec.route),
    receivers: receivers.map((receiver) => ({ ...receiver, name: name(receiver.name) })),
    inhibitRules,
    muteTimeIntervals: muteTimeIntervals.map((times) => ({ ...times, name: name(times.name) })),
  };
}

function confined(spec: AlertmanagerConfigSpec, own: Matcher): AlertmanagerConfigSpec {
  const add = (matchers: readonly Matcher[] = []) => [
    ...matchers.filter((one) => matcherText(one) !== matcherText(own)),
    own,
  ];
  return {
    ...spec,
    route: { ...spec.route, matchers: add(spec.route.matchers) },
    inhibitRules: (spec.inhibitRules ?? []).map((rule) => ({
      ...rule,
      sourceMatch: add(rule.sourceMatch),
      targetMatch: add(rule.targetMatch),
    })),
  };
}

/**
 * The same in the format of Alertmanager's own file.
 * @param secret the value of a key of a Secret
 */
export function configurationFile(spec: AlertmanagerConfigSpec, secret: (of: SecretSelector) => string): object {
  const { route, receivers, inhibitRules = [], muteTimeIntervals = [] } = spec;
  return {
    route: routeFile(route),
    receivers: receivers.map((receiver) => fileOf(receiver, secret)),
    inhibit_rules: inhibitRules.map(inhibitionFile),
    mute_time_intervals: muteTimeIntervals.map(timesFile),
  };
}

function routeFile({ matchers, routes, ...rest }: Route): object {
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [snakeCase(name), value])),
    ...(matchers === undefined ? {} : { matchers: matchers.map(matcherText) }),
    ...(routes === undefined ? {} : { routes: routes.map(routeFile) }),
  };
}

function inhibitionFile({ sourceMatch, targetMatch, equal }: Inhibition): object {
  return {
    source_matchers: sourceMatch.map(matcherText),
    target_matchers: targetMatch.map(matcherText),
    ...(equal === undefined ? {} : { equal }),
  };
}

function timesFile({ name, timeIntervals }: MuteTimeInterval): object {
  return {
    name,
    time_intervals: timeIntervals.map(({ times, daysOfMonth, ...rest }) => ({
      ...rest,
      ...(times === undefined
        ? {}
        : { times: times.map(({ startTime, endTime }) => ({ start_time: startTime, end_time: endTime })) }),
      ...(daysOfMonth === undefined ? {} : { days_of_month: daysOfMonth.map(({ start, end }) => `${start}:${end}`) }),
    })),
  };
}

/** A receiver with its secrets in their places. */
function fileOf(value: unknown, secret: (of: SecretSelector) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => fileOf(item, secret));
  if (typeof value !== 'object' || value === null) return value;
  if (isSelector(value)) return secret(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'headers') return [name, headersOf(member)];
      return [name === 'urlSecret' ? 'url' : snakeCase(name), fileOf(member, secret)];
    }),
  );
}

function headersOf(headers: readonly { readonly key: string; readonly value: string }[]): object {
  return Object.fromEntries(headers.map(({ key, value }) => [key, value]));
}

function isSelector(value: object): value is SecretSelector {
  return Object.keys(value).sort().join() === 'key,name';
}

/** "apiURL" is "api_url". */
function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z]+)/g, '$1_$2').toLowerCase();
}
