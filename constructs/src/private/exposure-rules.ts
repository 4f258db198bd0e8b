import type { Cluster } from '../cluster';
import { type EntryPoint, ExposureScheme } from '../entry-points';
import type { HttpRouteOptions, IngressOptions, LoadBalancerOptions } from '../exposure';

/** What an exposure says, with its scheme filled in. */
export type ExposureRules = IngressRules | HttpRouteRules | LoadBalancerRules;

export interface IngressRules extends IngressOptions {
  readonly type: 'Ingress';
  readonly host: string;
  readonly scheme: ExposureScheme;
}

export interface HttpRouteRules extends HttpRouteOptions {
  readonly type: 'HTTPRoute';
  readonly host: string;
  readonly scheme: ExposureScheme;
}

export interface LoadBalancerRules extends LoadBalancerOptions {
  readonly type: 'LoadBalancer';
  readonly scheme: ExposureScheme;
}

/** What an address over several clusters adds to the object of an exposure. */
export interface GlobalAdditions {
  readonly annotations: { readonly [key: string]: string };
  /** The address itself, where it is the same in several clusters. */
  readonly loadBalancerAddress?: string;
}

export const NOTHING_ADDED: GlobalAdditions = { annotations: {} };

/** Name of the object of an exposure. */
export function exposureName(service: string, { type, name }: ExposureRules): string {
  return name ?? (type === 'LoadBalancer' ? `${service}-lb` : service);
}

/** The fact that says where traffic of a scheme enters. */
export function entryFact(scheme: ExposureScheme): 'intranet' | 'internet' {
  return scheme === ExposureScheme.INTERNAL ? 'intranet' : 'internet';
}

/** Where traffic of a scheme enters a cluster, as far as its facts say it. */
export function entryPoint({ facts }: Cluster, scheme: ExposureScheme): EntryPoint {
  return facts.entryPoints?.[entryFact(scheme)] ?? {};
}
