import type {
  IstioAbort,
  IstioDelay,
  IstioHttpMatch,
  IstioHttpRoute,
  IstioPercent,
  IstioRetries,
  IstioStringMatch,
  IstioVirtualServiceSpec,
} from '../istio/virtual-service-props';
import { goMilliseconds } from './go-duration';
import { findingsOf, type ObjectFinding, type ReportFinding } from './typed-object';

/** Largest body of a direct response, in bytes (istio/istio pkg/config/validation/virtualservice.go: validateHTTPDirectResponse). */
const LARGEST_BODY = 1024 * 1024;

/**
 * What is wrong with a VirtualService: what Istio's admission refuses (istio/istio pkg/config/validation/validation.go and virtualservice.go). Its webhook
 * is not everywhere, and never where manifests are only rendered.
 */
export function virtualServiceProblems(spec: IstioVirtualServiceSpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { hosts = [], http = [], tcp = [], tls = [], gateways } = spec;
    const delegated = hosts.length === 0;
    if (gateways?.some((gateway) => gateway === '') === true) {
      report('ORR2011', 'spec.gateways has an empty name.', 'Name the gateway, or "mesh".');
    }
    for (const host of new Set(hosts.filter((name, i) => hosts.indexOf(name) !== i))) {
      report('ORR2004', `spec.hosts has "${host}" twice.`, 'Leave one of them out.');
    }
    if (delegated && gateways !== undefined && gateways.length > 0) {
      report('ORR2012', 'spec has gateways and no hosts.', 'Name the hosts; a delegate has neither.');
    }
    if (delegated && tcp.length + tls.length > 0) {
      report('ORR2012', 'spec has no hosts, and only HTTP can be delegated.', 'Name the hosts.');
    }
    if (http.length + tcp.length + tls.length === 0) {
      report('ORR2011', 'spec has no routes.', 'Add http, tls or tcp.');
    }
    for (const [i, route] of http.entries()) checkHttpRoute(route, `spec.http[${i}]`, delegated, report);
    for (const [kind, routes] of [
      ['tcp', tcp],
      ['tls', tls],
    ] as const) {
      for (const [i, { route = [] }] of routes.entries()) {
        if (route.length === 0) report('ORR2011', `spec.${kind}[${i}] leads nowhere.`, 'Set route.');
        checkWeights(route, `spec.${kind}[${i}].route`, report);
      }
    }
  });
}

function checkHttpRoute(route: IstioHttpRoute, at: string, delegated: boolean, report: ReportFinding): void {
  const { redirect, directResponse, delegateTo, fault, rewrite, mirror, mirrors, match = [] } = route;
  const destinations = route.route ?? [];
  checkAction(route, at, report);
  if (delegateTo !== undefined && delegated) {
    report('ORR2012', `${at} delegates, and stands in a delegate itself.`, 'One level is all there is: set hosts.');
  }
  const pairs: [boolean, string][] = [
    [redirect !== undefined && fault !== undefined, 'redirect and fault'],
    [redirect !== undefined && rewrite !== undefined, 'redirect and rewrite'],
    [directResponse !== undefined && rewrite !== undefined, 'directResponse and rewrite'],
    [mirror !== undefined && (mirrors ?? []).length > 0, 'mirror and mirrors'],
  ];
  for (const [both, names] of pairs) if (both) report('ORR2012', `${at} has ${names}.`, 'Leave one of them out.');
  checkWeights(destinations, `${at}.route`, report);
  checkPercent(route.mirrorPercentage, `${at}.mirrorPercentage`, report);
  if (route.mirrorPercentage !== undefined && mirror === undefined) {
    report('ORR2012', `${at}.mirrorPercentage is set without mirror.`, 'Set mirror, or leave it out.');
  }
  for (const [i, { percentage }] of (mirrors ?? []).entries())
    checkPercent(percentage, `${at}.mirrors[${i}].percentage`, report);
  checkDuration(route.timeout, `${at}.timeout`, report);
  if (route.retries !== undefined) checkRetries(route.retries, `${at}.retries`, report);
  if (fault !== undefined) checkFault(fault.abort, fault.delay, `${at}.fault`, report);
  if (redirect !== undefined) {
    const { redirectCode } = redirect;
    if (redirectCode !== undefined && (redirectCode < 300 || redirectCode > 399)) {
      report('ORR2011', `${at}.redirect.redirectCode is ${redirectCode}.`, 'Use 301, 302, 303, 307 or 308.');
    }
  }
  if (directResponse !== undefined) {
    const { status, body } = directResponse;
    if (!(Number.isInteger(status) && status >= 100 && status <= 599)) {
      report('ORR2011', `${at}.directResponse.status is ${status}.`, 'Use a status of HTTP.');
    }
    if (Buffer.byteLength(body?.text ?? body?.bytes ?? '') > LARGEST_BODY) {
      report('ORR2011', `${at}.directResponse.body is larger than 1 MiB.`, 'Serve it from a pod.');
    }
  }
  for (const [i, one] of match.entries()) checkMatch(one, `${at}.match[${i}]`, report);
}

function checkAction(route: IstioHttpRoute, at: string, report: ReportFinding): void {
  const { redirect, directResponse, delegateTo } = route;
  const actions = [
    ...((route.route ?? []).length > 0 ? ['route'] : []),
    ...(redirect === undefined ? [] : ['redirect']),
    ...(directResponse === undefined ? [] : ['directResponse']),
    ...(delegateTo === undefined ? [] : ['delegateTo']),
  ];
  if (actions.length === 0) {
    report('ORR2011', `${at} leads nowhere.`, 'Set route, redirect, directResponse or delegateTo.');
  } else if (actions.length > 1) {
    report('ORR2012', `${at} has ${actions.join(' and ')}.`, 'Set exactly one.');
  }
}

function checkWeights(destinations: readonly { readonly weight?: number }[], at: string, report: ReportFinding): void {
  for (const [i, { weight }] of destinations.entries()) {
    if (weight !== undefined && !(Number.isInteger(weight) && weight >= 0)) {
      report('ORR2011', `${at}[${i}].weight is ${weight}.`, 'Use a whole number from 0 on.');
    }
  }
  const total = destinations.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (destinations.length > 1 && total === 0) {
    report('ORR2012', `${at}: the weights of ${destinations.length} destinations are all 0.`, 'Set weights.');
  }
}

function checkMatch(match: IstioHttpMatch, at: string, report: ReportFinding): void {
  const { headers = {}, withoutHeaders = {}, queryParams = {}, uri, scheme, method, authority } = match;
  for (const [field, texts] of Object.entries({ headers, withoutHeaders, queryParams })) {
    for (const [name, text] of Object.entries(texts)) {
      if (name === '') report('ORR2011', `${at}.${field} has an empty name.`, 'Name it.');
      checkText(text, `${at}.${field}.${name}`, report);
    }
  }
  for (const [field, text] of Object.entries({ uri, scheme, method, authority })) {
    if (text === undefined) continue;
    checkText(text, `${at}.${field}`, report);
    if (texts(text).length === 0) report('ORR2011', `${at}.${field} is empty.`, 'Set exact, prefix or regex.');
  }
}

function checkText(text: IstioStringMatch, at: string, report: ReportFinding): void {
  if (texts(text).length > 1) report('ORR2012', `${at} has ${texts(text).join(' and ')}.`, 'Set exactly one.');
  const { regex } = text;
  if (regex === undefined) return;
  const mistake = regexMistake(regex);
  if (mistake !== undefined) report('ORR2011', `${at}.regex "${regex}" is not valid: ${mistake}.`, 'Correct it (RE2).');
}

function texts({ exact, prefix, regex }: IstioStringMatch): string[] {
  return Object.entries({ exact, prefix, regex }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/** What RE2 does not read: mistakes that every engine sees, and what only backtracking ones know. */
function regexMistake(regex: string): string | undefined {
  if (/\(\?<?[=!]/.test(regex)) return 'RE2 knows no look-around';
  if (/(?:^|[^\\])(?:\\\\)*\\[1-9]/.test(regex)) return 'RE2 knows no back references';
  try {
    new RegExp(regex.replace(/\(\?P</g, '(?<').replace(/^\(\?[imsU]+\)/, ''));
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split(': ').at(-1) ?? 'unreadable') : 'unreadable';
  }
}

function checkPercent(percent: IstioPercent | undefined, at: string, report: ReportFinding): void {
  const value = percent?.value;
  if (value === undefined || (value >= 0 && value <= 100)) return;
  report('ORR2011', `${at}.value is ${value}.`, 'Use 0 to 100.');
}

/** As ValidateDuration: at least a millisecond, and whole ones. */
function checkDuration(text: string | undefined, at: string, report: ReportFinding): void {
  if (text === undefined) return;
  const milliseconds = goMilliseconds(text);
  if (milliseconds !== undefined && Number.isInteger(milliseconds) && (milliseconds >= 1 || milliseconds === 0)) return;
  report('ORR2011', `${at} "${text}" is no duration that Istio takes.`, 'Write it like "2s" or "250ms".');
}

function checkRetries(
  { attempts = 0, perTryTimeout, retryOn, backoff }: IstioRetries,
  at: string,
  report: ReportFinding,
) {
  if (!(Number.isInteger(attempts) && attempts >= 0)) {
    report('ORR2011', `${at}.attempts is ${attempts}.`, 'Use a whole number from 0 on.');
  }
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== undefined || backoff !== undefined)) {
    report('ORR2012', `${at}.attempts is 0, and the rest says how to retry.`, 'Leave the rest out, or raise attempts.');
  }
  checkDuration(perTryTimeout, `${at}.perTryTimeout`, report);
  checkDuration(backoff, `${at}.backoff`, report);
}

function checkFault(
  abort: IstioAbort | undefined,
  delay: IstioDelay | undefined,
  at: string,
  report: ReportFinding,
): void {
  if (abort === undefined && delay === undefined) report('ORR2011', `${at} says nothing.`, 'Set abort or delay.');
  checkPercent(abort?.percentage, `${at}.abort.percentage`, report);
  checkPercent(delay?.percentage, `${at}.delay.percentage`, report);
  if (abort !== undefined) {
    const statuses = [abort.httpStatus, abort.grpcStatus, abort.http2Error].filter((status) => status !== undefined);
    if (statuses.length !== 1) {
      report(
        'ORR2012',
        `${at}.abort has ${statuses.length} statuses.`,
        'Set one of httpStatus, grpcStatus, http2Error.',
      );
    }
    const { httpStatus } = abort;
    if (httpStatus !== undefined && !(httpStatus >= 200 && httpStatus <= 600)) {
      report('ORR2011', `${at}.abort.httpStatus is ${httpStatus}.`, 'Use a status of HTTP.');
    }
  }
  if (delay !== undefined) {
    checkDuration(delay.fixedDelay, `${at}.delay.fixedDelay`, report);
    if (delay.fixedDelay === undefined && delay.exponentialDelay === undefined) {
      report('ORR2011', `${at}.delay has no fixedDelay.`, 'Set it.');
    }
  }
}
