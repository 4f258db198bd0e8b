import { headersOf, type MatchRules, type TextMatch } from './match-rules';
import { ruledRequests, type Split, stickyCookie, strippedHeader } from './split';

/** How the requests of a rule of an HTTPRoute are divided: between two Services of its namespace. */
export interface HttpRouteSplit {
  /** As the rule refers to it: its name, its port and whatever else. */
  readonly stable: { readonly name: string; readonly [field: string]: unknown };
  /** Name of the canary's. */
  readonly canary: string;
  readonly split: Split;
}

/** A rule before it is divided, without its `backendRefs`. */
export interface HttpRouteRule {
  readonly matches?: readonly { readonly [field: string]: unknown }[];
  readonly filters?: readonly object[];
  readonly [field: string]: unknown;
}

/**
 * What becomes of a rule of an HTTPRoute (kubernetes-sigs/gateway-api apis/v1/httproute_types.go). Which rule holds does not depend on their order: of rules with one path that with more headers and
 * query parameters wins, so that what a match asks for comes before the shares.
 */
export function splitRules(
  { stable, canary, split }: HttpRouteSplit,
  rule: HttpRouteRule,
  where: 'edge' | 'inside',
): object[] {
  const toCanary = { ...stable, name: canary };
  const { weight, mirror } = split;
  const { matches: conditions = [{}], filters = [], ...rest } = rule;
  const rules: object[] = ruledRequests(split, where).map(({ matches, header }) => ({
    ...rest,
    matches: conditions.flatMap((condition) => matches.map((match) => both(condition, routeMatch(match)))),
    ...filtersOf([...filters, ...(header === undefined ? [] : [requestHeaders({ set: [header] })])]),
    backendRefs: [toCanary],
  }));
  const cookie = stickyCookie(split);
  const backendRefs =
    weight === 0
      ? [stable]
      : weight === 100
        ? [toCanary]
        : [
            { ...stable, weight: 100 - weight },
            { ...toCanary, weight, ...(cookie === undefined ? {} : { filters: [setCookie(cookie)] }) },
          ];
  const stripped = where === 'edge' ? strippedHeader(split) : undefined;
  rules.push({
    ...rest,
    ...(rule.matches === undefined ? {} : { matches: rule.matches }),
    ...filtersOf([
      ...filters,
      ...(stripped === undefined ? [] : [requestHeaders({ remove: [stripped] })]),
      ...(mirror === undefined ? [] : [mirrorTo(toCanary, mirror)]),
    ]),
    backendRefs,
  });
  return rules;
}

function filtersOf(filters: readonly object[]): object {
  return filters.length === 0 ? {} : { filters };
}

/** What meets both: lists of headers and of parameters are put together, of two conditions on one that of the rule holds. */
function both(condition: { readonly [field: string]: unknown }, match: RouteMatch): object {
  const together = (field: 'headers' | 'queryParams') => {
    const own = (condition[field] ?? []) as readonly { readonly name: string }[];
    const added = (match[field] ?? []).filter(({ name }) => !own.some((one) => one.name.toLowerCase() === name));
    return own.length + added.length === 0 ? {} : { [field]: [...own, ...added] };
  };
  return { ...condition, ...together('headers'), ...together('queryParams') };
}

interface RouteMatch {
  readonly headers?: readonly { readonly name: string }[];
  readonly queryParams?: readonly { readonly name: string }[];
}

function setCookie(value: string): object {
  return { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'Set-Cookie', value }] } };
}

function requestHeaders(change: object): object {
  return { type: 'RequestHeaderModifier', requestHeaderModifier: change };
}

/** Without a percentage it is all of them. */
function mirrorTo(backendRef: object, percent: number): object {
  return {
    type: 'RequestMirror',
    requestMirror: { backendRef, ...(percent === 100 ? {} : { percent }) },
  };
}

function routeMatch(match: MatchRules): RouteMatch {
  const headers = Object.entries(headersOf(match)).map(([name, text]) => ({ ...typed(text), name }));
  const queryParams = Object.entries(match.queries ?? {}).map(([name, text]) => ({ ...typed(text), name }));
  return {
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
  };
}

/** A prefix is a regular expression there, which every implementation but the smallest knows. */
function typed({ exact, prefix, regex }: TextMatch): { readonly type: string; readonly value: string } {
  if (exact !== undefined) return { type: 'Exact', value: exact };
  const value = regex ?? `${(prefix ?? '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}.*`;
  return { type: 'RegularExpression', value };
}
