import { saidTwice } from '../../private/said-twice';
import type { Finding } from '../../private/service-validation';
import type { AlertmanagerConfigSpec, Matcher, Route } from './alertmanager-config';
import { prometheusSeconds } from './prometheus/prometheus-duration';
import { contradiction, implies, matcherText, receiversOf } from './route-matching';

/** Severities that somebody hears of: those of rules of this package, and those of rules that charts bring. */
const HEARD_SEVERITIES = ['page', 'critical', 'ticket', 'warning'] as const;

/**
 * What is wrong with routes: receivers and times that are not there, routes that no alert reaches.
 * @param whose "The routes" or "Routes of workspace retail"
 */
export function routingFindings(whose: string, spec: AlertmanagerConfigSpec): Finding[] {
  const { route, receivers, muteTimeIntervals = [] } = spec;
  const names = receivers.map(({ name }) => name);
  const used = new Set(everyRoute(route).map(({ receiver }) => receiver));
  const times = muteTimeIntervals.map(({ name }) => name);
  const usedTimes = new Set(
    everyRoute(route).flatMap((one) => [...(one.muteTimeIntervals ?? []), ...(one.activeTimeIntervals ?? [])]),
  );
  return [
    ...saidTwice(names).map((name) =>
      conflict(`${whose} have two receivers "${name}".`, 'Give each a name of its own.'),
    ),
    ...saidTwice(times).map((name) => conflict(`${whose} have two times "${name}".`, 'Give each a name of its own.')),
    ...[...used]
      .filter((name) => !names.includes(name))
      .map((name) => conflict(`${whose} name the receiver "${name}", which is not declared.`, known(names))),
    ...names
      .filter((name) => !used.has(name))
      .map((name) =>
        conflict(`${whose} send nothing to the receiver "${name}".`, 'Name it in a route or leave it out.'),
      ),
    ...[...usedTimes]
      .filter((name) => !times.includes(name))
      .map((name) => conflict(`${whose} name the time "${name}", which is not declared.`, known(times))),
    ...everyRoute(route).flatMap((one) => routeFindings(whose, one)),
    ...reachFindings(whose, route, []),
    ...[...(spec.inhibitRules ?? [])].flatMap(({ sourceMatch, targetMatch, equal = [] }) => [
      ...[...sourceMatch, ...targetMatch].flatMap((matcher) => matcherFindings(whose, matcher)),
      ...(sourceMatch.length > 0 && targetMatch.length > 0
        ? []
        : [conflict(`${whose} have an inhibition without source or target.`, 'Say which alerts silence which.')]),
      ...(equal.length > 0
        ? []
        : [
            conflict(
              `${whose} have an inhibition with nothing equal: one alert would silence those of every cluster.`,
              'Say which labels both alerts share: equal.',
            ),
          ]),
    ]),
  ];
}

/** Severities of which nobody would hear. Asked of a whole configuration: below it a tenant may leave some to others. */
export function severityFindings({ route, receivers }: AlertmanagerConfigSpec): Finding[] {
  const silent = new Set(receivers.filter((one) => Object.keys(one).length === 1).map(({ name }) => name));
  return HEARD_SEVERITIES.filter((severity) =>
    receiversOf(route, { alertname: 'Any', severity }).every((name) => silent.has(name)),
  ).map((severity) =>
    conflict(`Alerts of severity "${severity}" reach nobody.`, 'Route them to a receiver with a channel.'),
  );
}

function routeFindings(whose: string, route: Route): Finding[] {
  const { groupBy = [], groupWait, groupInterval, repeatInterval } = route;
  const durations = { groupWait, groupInterval, repeatInterval };
  const findings: Finding[] = (route.matchers ?? []).flatMap((matcher) => matcherFindings(whose, matcher));
  for (const [name, value] of Object.entries(durations)) {
    if (value === undefined || prometheusSeconds(value) !== undefined) continue;
    findings.push(bad(`${whose} have ${name} "${value}".`, 'Write it like "30s", "5m" or "12h".'));
  }
  for (const label of groupBy) {
    if (label === '...' ? groupBy.length > 1 : !isLabelName(label))
      findings.push(bad(`${whose} group by "${label}".`, 'Use names of labels, or "..." alone.'));
  }
  for (const label of saidTwice(groupBy)) findings.push(bad(`${whose} group by "${label}" twice.`, 'Name it once.'));
  const [interval, repeat] = [groupInterval, repeatInterval].map((value) => prometheusSeconds(value ?? ''));
  if (interval !== undefined && repeat !== undefined && repeat < interval)
    findings.push(
      conflict(
        `${whose} repeat after ${repeatInterval}, and look at groups only every ${groupInterval}.`,
        'Make repeatInterval a multiple of groupInterval.',
      ),
    );
  for (const name of ['groupInterval', 'repeatInterval'] as const) {
    if (prometheusSeconds(route[name] ?? '') === 0)
      findings.push(bad(`${whose} have ${name} "${route[name]}".`, 'Use a time longer than none.'));
  }
  return findings;
}

function matcherFindings(whose: string, matcher: Matcher): Finding[] {
  if (isLabelName(matcher.name)) return [];
  return [bad(`${whose} match ${matcherText(matcher)}.`, 'Use the name of a label: letters, digits and "_".')];
}

/** @param known what alerts satisfy that come so far */
function reachFindings(whose: string, route: Route, known: readonly Matcher[]): Finding[] {
  const here = [...known, ...(route.matchers ?? [])];
  const impossible = contradiction(here);
  if (impossible !== undefined) {
    const [one, other] = impossible.map(matcherText);
    return [
      conflict(
        `${whose} have a route to "${route.receiver}" that no alert takes: ${one} and ${other}.`,
        'Leave out one of them.',
      ),
    ];
  }
  const children = route.routes ?? [];
  return children.flatMap((child, at) => {
    const context = [...here, ...(child.matchers ?? [])];
    const before = children
      .slice(0, at)
      .find((one) => one.continue !== true && (one.matchers ?? []).every((matcher) => implies(context, matcher)));
    if (before === undefined) return reachFindings(whose, child, here);
    const taken = (before.matchers ?? []).map(matcherText).join(', ') || 'everything';
    return [
      conflict(
        `${whose} have a route to "${child.receiver}" that no alert reaches: the one to "${before.receiver}" before it takes ${taken}.`,
        'Put it first, or let the other one go on: continueToNext.',
      ),
    ];
  });
}

function everyRoute(route: Route): Route[] {
  return [route, ...(route.routes ?? []).flatMap(everyRoute)];
}

function isLabelName(text: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(text);
}

function known(names: readonly string[]): string {
  return names.length === 0 ? 'Declare it.' : `There are: ${names.join(', ')}.`;
}

function conflict(what: string, fix: string): Finding {
  return { code: 'ORR2012', what, fix };
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
