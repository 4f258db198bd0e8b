import { headersOf, type MatchRules, type TextMatch } from './match-rules';
import { ruledRequests, type Split, stickyCookie, strippedHeader } from './split';

/** How the requests of an HTTPRoute are divided: the names of two Services of its namespace. */
export interface HttpRouteSplit {
  readonly stable: string;
  readonly canary: string;
  readonly split: Split;
}

/**
 * The rules of an HTTPRoute (kubernetes-sigs/gateway-api apis/v1/httproute_types.go). Which rule holds does not depend on their order: of rules with one path that with more headers and
 * query parameters wins, so that what a match asks for comes before the shares.
 */
export function splitRules(
  { stable, canary, split }: HttpRouteSplit,
  port: number | undefined,
  condition: { readonly [field: string]: unknown } | undefined,
  where: 'edge' | 'inside',
): object[] {
  const to = (name: string) => ({ name, port });
  const { weight, mirror } = split;
  const rules: object[] = ruledRequests(split, where).map(({ matches, header }) => ({
    matches: matches.map((match) => ({ ...condition, ...routeMatch(match) })),
    ...(header === undefined ? {} : { filters: [requestHeaders({ set: [header] })] }),
    backendRefs: [to(canary)],
  }));
  const cookie = stickyCookie(split);
  const backendRefs =
    weight === 0
      ? [to(stable)]
      : weight === 100
        ? [to(canary)]
        : [
            { ...to(stable), weight: 100 - weight },
            { ...to(canary), weight, ...(cookie === undefined ? {} : { filters: [setCookie(cookie)] }) },
          ];
  const stripped = where === 'edge' ? strippedHeader(split) : undefined;
  const filters = [
    ...(stripped === undefined ? [] : [requestHeaders({ remove: [stripped] })]),
    ...(mirror === undefined ? [] : [mirrorTo(to(canary), mirror)]),
  ];
  rules.push({
    ...(condition === undefined ? {} : { matches: [condition] }),
    ...(filters.length === 0 ? {} : { filters }),
    backendRefs,
  });
  return rules;
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

function routeMatch(match: MatchRules): object {
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
