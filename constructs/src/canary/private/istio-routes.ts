import { proxyDuration } from '../../private/proxy-duration';
import type { NamedPort } from '../../private/service-settings';
import type { CanaryFault } from '../canary-step';
import { headersOf, type MatchRules } from './match-rules';
import { ruledRequests, type Split, stickyCookie } from './split';

/** Where requests go: a host by its full name, or one of its subsets. */
export interface IstioDestination {
  readonly host: string;
  readonly subset?: string;
}

/** How the requests to a host are divided. */
export interface IstioSplit {
  readonly stable: IstioDestination;
  readonly canary: IstioDestination;
  readonly split: Split;
}

/** What a request has to have beside what a match says: the port that it is for, the path below which it is. */
export type RouteCondition = { readonly [field: string]: unknown };

/**
 * The HTTP routes of one port (istio/api networking/v1alpha3/virtual_service.proto): those with a match first, because the first that matches wins, and the default at the end.
 * A destination with weight 0 is left out: nothing leads to what may not be there.
 */
export function splitRoutes(
  { stable, canary, split }: IstioSplit,
  port: NamedPort | undefined,
  condition: RouteCondition | undefined,
  settings: { readonly [field: string]: unknown },
): object[] {
  const to = ({ host, subset }: IstioDestination) => ({
    host,
    ...(subset === undefined ? {} : { subset }),
    ...(port === undefined ? {} : { port: { number: port.port } }),
  });
  const { mirror, weight, fault } = split;
  const copies = mirror === undefined ? {} : { mirrors: [{ destination: to(canary), percentage: { value: mirror } }] };
  const rules: object[] = ruledRequests(split, 'inside').map(({ matches, isFaulty }) => ({
    match: matches.map((match) => ({ ...istioMatch(match), ...condition })),
    route: [{ destination: to(canary) }],
    ...(isFaulty && fault !== undefined ? withFault(settings, fault) : settings),
  }));
  const cookie = stickyCookie(split);
  const route =
    weight === 0
      ? [{ destination: to(stable) }]
      : weight === 100
        ? [{ destination: to(canary) }]
        : [
            { destination: to(stable), weight: 100 - weight },
            {
              destination: to(canary),
              weight,
              ...(cookie === undefined ? {} : { headers: { response: { add: { 'Set-Cookie': cookie } } } }),
            },
          ];
  if (fault?.requests !== undefined)
    rules.unshift({
      match: fault.requests.map((match) => ({ ...istioMatch(match._rules), ...condition })),
      route,
      ...withFault(settings, fault),
    });
  rules.push({ ...(condition === undefined ? {} : { match: [condition] }), route, ...copies, ...settings });
  return rules;
}

function istioMatch(match: MatchRules): object {
  const headers = headersOf(match);
  const { queries = {}, clients = {} } = match;
  return {
    ...(isEmpty(headers) ? {} : { headers }),
    ...(isEmpty(queries) ? {} : { queryParams: queries }),
    ...(isEmpty(clients) ? {} : { sourceLabels: clients }),
  };
}

/** Istio holds to no timeout and retries where it puts failures in: what would be off is not said. */
function withFault({ timeout: _timeout, retries: _retries, ...settings }: RouteCondition, fault: CanaryFault): object {
  return { ...settings, fault: istioFault(fault) };
}

function istioFault({ delay, abortStatus, percent = 100 }: CanaryFault): object {
  const percentage = { value: percent };
  return {
    ...(delay === undefined ? {} : { delay: { percentage, fixedDelay: proxyDuration(delay) } }),
    ...(abortStatus === undefined ? {} : { abort: { percentage, httpStatus: abortStatus } }),
  };
}

function isEmpty(map: object): boolean {
  return Object.keys(map).length === 0;
}
