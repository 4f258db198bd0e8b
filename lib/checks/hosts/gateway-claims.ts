import { list, record } from '../../kubernetes/fields.ts';
import type { CheckedObject } from '../check.ts';
import { type Claim, hostOf, hostWords, texts } from './claim.ts';
import { GATEWAY_API, type Listener, type Listeners } from './listeners.ts';
import { commonHost } from './wildcard.ts';

/** What an HTTPRoute matches that says nothing: every path. */
const ANY_PATH = { type: 'PathPrefix', value: '/' };

const FIX = 'Give one of them another host, path or match, or put both into one route.';

/** Hosts with matches of routes at their listeners, and listeners of Gateways that cannot be told apart. */
export function gatewayClaims(object: CheckedObject, listeners: Listeners): Claim[] {
  switch (object.id.kind) {
    case 'HTTPRoute':
      return routeClaims(object, listeners, httpMatches);
    case 'GRPCRoute':
      return routeClaims(object, listeners, grpcMatches);
    case 'TLSRoute':
      return routeClaims(object, listeners, () => [{ field: 'spec.hostnames', key: '', words: '' }]);
    case 'Gateway':
      return listenerClaims(object);
    default:
      return [];
  }
}

interface Match {
  readonly field: string;
  readonly key: string;
  readonly words: string;
}

type Rule = Readonly<Record<string, unknown>>;

function routeClaims(object: CheckedObject, listeners: Listeners, matchesOf: (rule: Rule, at: number) => Match[]) {
  const spec = record(object.desired.object.spec);
  const matches = list(spec.rules).flatMap(matchesOf);
  return attachments(object, listeners).flatMap(({ listener, host }) =>
    matches.map(
      (match): Claim => ({
        object,
        key: JSON.stringify([object.id.kind, listener.key, host, match.key]),
        field: match.field,
        words: `${hostWords(host)}${match.words}`,
        // Gateway API, "matching precedence" of HTTPRouteRule and GRPCRouteRule.
        outcome: 'the older one gets every request, and either of them is the older one when it is made anew',
        fix: FIX,
      }),
    ),
  );
}

interface Attachment {
  readonly listener: Listener;
  readonly host: string;
}

/** The listeners that a route attaches to, each with a host for which it is asked there. */
function attachments(object: CheckedObject, listeners: Listeners): Attachment[] {
  const { parentRefs, hostnames } = record(object.desired.object.spec);
  const wanted = texts(hostnames).map(hostOf);
  return list(parentRefs)
    .flatMap((parent) => listeners.attachedBy(object.id, parent))
    .flatMap((listener) =>
      (wanted.length === 0 ? ['*'] : wanted).flatMap((host) => {
        const served = listener.host === undefined ? host : commonHost(listener.host, host);
        return served === undefined ? [] : [{ listener, host: served }];
      }),
    );
}

function httpMatches(rule: Rule, at: number): Match[] {
  return matchesOf(rule, at, (match) => {
    const { path, method } = match;
    const { type = 'PathPrefix', value = '/' } = path === undefined ? ANY_PATH : record(path);
    // "/shop" and "/shop/" are the same prefix.
    const shown = type === 'PathPrefix' ? String(value).replace(/(.)\/$/, '$1') : value;
    const parameters = list(match.queryParams).map((one) => [one.name, one.type ?? 'Exact', one.value]);
    return {
      key: [type, shown, method, headersOf(match), parameters.map(String).sort()],
      words: ` ${String(shown)}`,
    };
  });
}

function grpcMatches(rule: Rule, at: number): Match[] {
  return matchesOf(rule, at, (match) => {
    const { type = 'Exact', service = '', method = '' } = record(match.method);
    return {
      key: [service === '' && method === '' ? '' : type, service, method, headersOf(match)],
      words: ` ${String(service)}/${String(method)}`,
    };
  });
}

function matchesOf(rule: Rule, at: number, read: (match: Rule) => { key: unknown; words: string }): Match[] {
  const given = list(rule.matches);
  return (given.length === 0 ? [{}] : given).map((match, part) => {
    const { key, words } = read(match);
    const field = given.length === 0 ? `spec.rules[${at}]` : `spec.rules[${at}].matches[${part}]`;
    return { field, key: JSON.stringify(key), words };
  });
}

function headersOf({ headers }: Rule): string[] {
  return list(headers)
    .map(({ name, type = 'Exact', value }) => JSON.stringify([String(name).toLowerCase(), type, value]))
    .sort();
}

/**
 * Listeners of two Gateways that say nothing to tell them apart: same class, addresses, infrastructure and annotations. Several Gateways with one host are what one
 * has for different networks; these then differ in one of them.
 */
function listenerClaims(object: CheckedObject): Claim[] {
  const { metadata } = object.desired.object;
  const spec = record(object.desired.object.spec);
  const { gatewayClassName, addresses, infrastructure } = spec;
  return list(spec.listeners)
    .filter(({ hostname }) => typeof hostname === 'string' && hostname !== '')
    .map(({ hostname, port, protocol, name }) => {
      const apart = [gatewayClassName, addresses, infrastructure, metadata.annotations, metadata.labels];
      const host = hostOf(hostname);
      return {
        object,
        key: JSON.stringify(['Gateway', apart, port, protocol, host]),
        field: `spec.listeners[name=${String(name)}]`,
        words: `${host} at port ${String(port)}`,
        outcome: 'each Gateway has an address of its own, and the name can lead to one of them only',
        fix: 'Attach the routes to one Gateway, or give the Gateways different hosts, addresses or classes.',
      };
    });
}

/** A GRPCRoute and an HTTPRoute with a common host at one listener: only one of them is accepted (Gateway API, `hostnames` of GRPCRoute). */
export function mixedRoutes(
  objects: readonly CheckedObject[],
  listeners: Listeners,
): { readonly object: CheckedObject; readonly other: CheckedObject; readonly host: string }[] {
  const ofKind = (kind: string) => objects.filter(({ id }) => id.group === GATEWAY_API && id.kind === kind);
  const grpc = ofKind('GRPCRoute');
  if (grpc.length === 0) return [];
  const http = new Map<string, { readonly host: string; readonly object: CheckedObject }[]>();
  for (const object of ofKind('HTTPRoute'))
    for (const { listener, host } of attachments(object, listeners))
      http.set(listener.key, [...(http.get(listener.key) ?? []), { host, object }]);
  return grpc.flatMap((object) => {
    for (const { listener, host } of attachments(object, listeners)) {
      for (const other of http.get(listener.key) ?? []) {
        const common = commonHost(host, other.host);
        if (common !== undefined) return [{ object, other: other.object, host: common }];
      }
    }
    return [];
  });
}
