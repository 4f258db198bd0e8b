import { describeId } from '../kubernetes/object.ts';
import type { CheckedObject, ClusterCheck, Found } from './check.ts';
import type { Claim } from './hosts/claim.ts';
import { gatewayClaims, mixedRoutes } from './hosts/gateway-claims.ts';
import { ingressClaims } from './hosts/ingress-claims.ts';
import { ISTIO, istioClaims } from './hosts/istio-claims.ts';
import { GATEWAY_API, Listeners } from './hosts/listeners.ts';

/**
 * Two objects of a cluster that both want the requests for one host: Ingresses, routes and Gateways of the Gateway API, Gateways, VirtualServices and DestinationRules of Istio. What can be told apart
 * (by path, match, listener, class, network) shares a host as it likes.
 */
export const hosts: ClusterCheck = {
  looksAt: 'cluster',
  id: 'host',
  title: 'hosts and paths that two objects claim',
  run: ({ objects }) => {
    const listeners = new Listeners(objects);
    return [...twice(objects.flatMap((object) => claimsOf(object, listeners))), ...mixed(objects, listeners)];
  },
};

function claimsOf(object: CheckedObject, listeners: Listeners): Claim[] {
  const { group, kind } = object.id;
  if (group === 'networking.k8s.io' && kind === 'Ingress') return ingressClaims(object);
  if (group === GATEWAY_API) return gatewayClaims(object, listeners);
  return group === ISTIO ? istioClaims(object) : [];
}

function twice(claims: readonly Claim[]): Found[] {
  const claimed = new Map<string, CheckedObject>();
  // A route at two listeners claims the same in the same words twice.
  const said = new Map<CheckedObject, Set<string>>();
  return claims.flatMap(({ object, key, field, words, outcome, fix }): Found[] => {
    const other = claimed.get(key);
    claimed.set(key, other ?? object);
    if (other === undefined || other === object) return [];
    const what = `${describeId(other.id)} claims ${words} as well: ${outcome}.`;
    const before = said.get(object) ?? new Set();
    said.set(object, before);
    if (before.has(`${field} ${what}`)) return [];
    before.add(`${field} ${what}`);
    return [{ object, severity: 'warning', field, what, fix }];
  });
}

function mixed(objects: readonly CheckedObject[], listeners: Listeners): Found[] {
  return mixedRoutes(objects, listeners).map(({ object, other, host }) => ({
    object,
    severity: 'warning',
    field: 'spec.hostnames',
    what: `${describeId(other.id)} has ${host === '*' ? 'every host' : host} at the same listener: by the rules of the Gateway API only one of an HTTPRoute and a GRPCRoute with a common host is accepted.`,
    fix: 'Give gRPC a host of its own, or route it by the HTTPRoute.',
  }));
}
