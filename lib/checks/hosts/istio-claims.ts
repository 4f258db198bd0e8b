import { canonicalJson } from '../../kubernetes/canonical.ts';
import { list, record } from '../../kubernetes/fields.ts';
import type { CheckedObject } from '../check.ts';
import { type Claim, hostOf, hostWords, texts } from './claim.ts';

export const ISTIO = 'networking.istio.io';

export function istioClaims(object: CheckedObject): Claim[] {
  if (object.id.kind === 'Gateway') return serverClaims(object);
  if (object.id.kind === 'DestinationRule') return policyClaims(object);
  return object.id.kind === 'VirtualService' ? routeClaims(object) : [];
}

/**
 * DestinationRules of one namespace for one host and the same readers are merged: of two traffic policies and of two subsets of one name the older rule's stays (istio/istio
 * pilot/pkg/model/destination_rule.go, mergeDestinationRule). Those of other namespaces are looked for in an order, as they are meant to be.
 */
function policyClaims(object: CheckedObject): Claim[] {
  const { namespace } = object.id;
  const { host: text, exportTo, workloadSelector, trafficPolicy, subsets } = record(object.desired.object.spec);
  const host = qualified(hostOf(text), namespace);
  const readers = texts(exportTo).map((name) => (name === '.' ? namespace : name));
  const claim = (part: string, field: string, words: string): Claim => ({
    object,
    key: canonicalJson(['DestinationRule', namespace, host, [...readers].sort(), record(workloadSelector), part]),
    field,
    words,
    outcome: 'that of the older rule holds, and the other one is ignored',
    fix: 'Put what is said of the host into one DestinationRule.',
  });
  return [
    ...(trafficPolicy === undefined ? [] : [claim('', 'spec.trafficPolicy', `the traffic policy of ${host}`)]),
    ...list(subsets).map(({ name }, at) =>
      claim(String(name), `spec.subsets[${at}]`, `subset ${String(name)} of ${host}`),
    ),
  ];
}

/** Same pods, same port, same host (Istio's own analysis: IST0145). */
function serverClaims(object: CheckedObject): Claim[] {
  const { namespace } = object.id;
  const { selector, servers } = record(object.desired.object.spec);
  // Without a selector it is about the gateways of its own namespace or of all, as Istio is configured.
  const pods = selector === undefined ? namespace : record(selector);
  return list(servers).flatMap(({ port, hosts, bind }, at) =>
    texts(hosts).map((text, part): Claim => {
      const slash = text.indexOf('/');
      const host = hostOf(text.slice(slash + 1));
      // Whose routes may bind to it: "*/host" is "host", "./host" is that of the own namespace.
      const from = slash === -1 ? '*' : text.slice(0, slash) === '.' ? namespace : text.slice(0, slash);
      const { number } = record(port);
      return {
        object,
        key: canonicalJson(['istio Gateway', pods, number, bind ?? '', from, host]),
        field: `spec.servers[${at}].hosts[${part}]`,
        words: `${hostWords(host)} at port ${String(number)} of the same pods`,
        outcome: 'which of their settings hold there is not defined',
        fix: 'Keep the host in one Gateway; VirtualServices of every namespace can bind to it.',
      };
    }),
  );
}

/**
 * In the mesh one VirtualService has a host to itself (IST0109). At a gateway those of one host are merged, in no defined order: there only the same match in two of them
 * is a mistake.
 */
function routeClaims(object: CheckedObject): Claim[] {
  const { namespace } = object.id;
  const spec = record(object.desired.object.spec);
  const named = texts(spec.gateways);
  const gateways = (named.length === 0 ? ['mesh'] : named).map((name) => gatewayOf(name, namespace));
  // Who sees it: everybody, unless it says otherwise.
  const exported = texts(spec.exportTo).map((name) => (name === '.' ? namespace : name));
  const scopes = exported.length === 0 || exported.includes('*') ? ['*'] : exported;
  return texts(spec.hosts).flatMap((text, at) => {
    const host = qualified(hostOf(text), namespace);
    return [
      ...(gateways.includes('mesh') ? scopes.map((scope) => inMesh(object, scope, host, at)) : []),
      ...['http', 'tls', 'tcp'].flatMap((protocol) =>
        list(spec[protocol]).flatMap((route, number) =>
          atGateways(object, { protocol, route, number, host, gateways }),
        ),
      ),
    ];
  });
}

function inMesh(object: CheckedObject, scope: string, host: string, at: number): Claim {
  return {
    object,
    key: JSON.stringify(['mesh', scope, host]),
    field: `spec.hosts[${at}]`,
    words: `${hostWords(host)} in the mesh`,
    outcome: 'one of them is ignored by the sidecars, and which one is not defined',
    fix: 'Put the routes of the host into one VirtualService.',
  };
}

interface GatewayRoute {
  readonly protocol: string;
  readonly route: Readonly<Record<string, unknown>>;
  readonly number: number;
  readonly host: string;
  readonly gateways: readonly string[];
}

function atGateways(object: CheckedObject, { protocol, route, number, host, gateways }: GatewayRoute): Claim[] {
  const given = list(route.match);
  return (given.length === 0 ? [{}] : given).flatMap((match, part) => {
    const { gateways: narrowed, name: _, ...rest } = match as Readonly<Record<string, unknown>>;
    const own = texts(narrowed).map((name) => gatewayOf(name, object.id.namespace));
    const key = canonicalJson(isEverything(rest) ? {} : rest);
    return (own.length === 0 ? gateways : own)
      .filter((gateway) => gateway !== 'mesh')
      .map(
        (gateway): Claim => ({
          object,
          key: JSON.stringify(['VirtualService', gateway, protocol, host, key]),
          field: `spec.${protocol}[${number}]${given.length === 0 ? '' : `.match[${part}]`}`,
          words: `${hostWords(host)} with the same match at the gateway ${gateway}`,
          outcome: 'which of them is asked first is not defined',
          fix: 'Give one of them another host or match, or put both routes into one VirtualService.',
        }),
      );
  });
}

/** The prefix "/" matches every request, as no match does. */
function isEverything(match: Readonly<Record<string, unknown>>): boolean {
  return canonicalJson(match) === '{"uri":{"prefix":"/"}}';
}

function gatewayOf(name: string, namespace: string): string {
  return name === 'mesh' || name.includes('/') ? name.replace(/^\.\//, `${namespace}/`) : `${namespace}/${name}`;
}

/** A name without dots is that of a Service of the same namespace. */
function qualified(host: string, namespace: string): string {
  return host.includes('.') || host.startsWith('*') ? host : `${host}.${namespace}.svc.cluster.local`;
}
