import { list, record } from '../../kubernetes/fields.ts';
import type { CheckedObject } from '../check.ts';
import { type Claim, hostOf, hostWords } from './claim.ts';

/**
 * Annotations by which controllers tell Ingresses of one class apart: their own load balancer, their own entry points, conditions beyond the path. (AWS Load Balancer
 * Controller, Traefik, Azure Application Gateway)
 */
const APART = [
  /^alb\.ingress\.kubernetes\.io\/(scheme|group\.name|load-balancer-name|listen-ports|conditions\..+)$/,
  /^traefik\.ingress\.kubernetes\.io\/router\.(entrypoints|tls)$/,
  /^appgw\.ingress\.kubernetes\.io\/(use-private-ip|override-frontend-port)$/,
];

/** Each Ingress of these has a load balancer of its own, unless a group is named. (AWS Load Balancer Controller, GKE) */
const OWN_BALANCER = /^(alb|gce|gce-internal)$/;
const GROUP = 'alb.ingress.kubernetes.io/group.name';

/** Hosts with paths of Ingresses: which of two with the same gets the requests is left to the controller. */
export function ingressClaims(object: CheckedObject): Claim[] {
  const { metadata } = object.desired.object;
  const annotations = record(metadata.annotations);
  // A canary of ingress-nginx stands beside the Ingress that it takes a part of the requests from.
  if (annotations['nginx.ingress.kubernetes.io/canary'] === 'true') return [];
  const spec = record(object.desired.object.spec);
  const ingressClass = spec.ingressClassName ?? annotations['kubernetes.io/ingress.class'] ?? '';
  if (OWN_BALANCER.test(String(ingressClass)) && annotations[GROUP] === undefined) return [];
  const apart = Object.entries(annotations).filter(([name]) => APART.some((pattern) => pattern.test(name)));
  return list(spec.rules).flatMap((rule, at) =>
    list(record(rule.http).paths).map(({ path = '/', pathType }, part) => {
      const host = hostOf(rule.host);
      return {
        object,
        key: JSON.stringify(['Ingress', ingressClass, apart.sort(), host, path, pathType]),
        words: `${hostWords(host)} ${String(path)}`,
        field: `spec.rules[${at}].http.paths[${part}]`,
        outcome: 'which of them is asked is not defined',
        fix: 'Give one of them another host or path, or put both routes into one Ingress.',
      };
    }),
  );
}
