import { ExposureScheme } from './entry-points';
import type { ExposureRules } from './private/exposure-rules';

/** What every exposure may say. */
export interface ExposureOptions {
  /** Who can reach it. @default ExposureScheme.INTERNAL */
  readonly scheme?: ExposureScheme;
  /** Name of its object. @default - the service's; "<service>-lb" for a load balancer */
  readonly name?: string;
  /** Further annotations of its object; one that the exposure sets itself is an error. @default - none */
  readonly annotations?: { [key: string]: string };
}

/** What exposures by a host name and a path may say. */
export interface HttpExposureOptions extends ExposureOptions {
  /** Path below which requests go to the service, by whole elements: "/cart" is "/cart" and "/cart/1", not "/carts". @default "/" */
  readonly path?: string;
  /** Port of the service. @default - its only one */
  readonly port?: number;
}

/** How a service is exposed by an Ingress. */
export interface IngressOptions extends HttpExposureOptions {
  /** Secret of type kubernetes.io/tls in the app's namespace, with a certificate for the host. @default - no TLS */
  readonly tlsSecret?: string;
}

/** How a service is exposed by an HTTPRoute (Gateway API). */
export interface HttpRouteOptions extends HttpExposureOptions {
  /**
   * Make a Gateway for this route alone, with an address of its own, instead of attaching the route to the one of the cluster's facts. @default false
   */
  readonly ownGateway?: boolean;
  /**
   * Secret of type kubernetes.io/tls in the app's namespace, with a certificate for the host: of an own Gateway, which then listens on 443 instead of 80.
   * @default - no TLS
   */
  readonly tlsSecret?: string;
}

/** How a service is exposed by a Service of type LoadBalancer. */
export interface LoadBalancerOptions extends ExposureOptions {
  /** Ports of the service. @default - all */
  readonly ports?: number[];
  /** Ranges of addresses that may connect, e.g. "10.0.0.0/8". Not every load balancer looks at it. @default - any */
  readonly sourceRanges?: string[];
  /**
   * Keep the address of the client: traffic enters only at nodes that have a pod of the service (externalTrafficPolicy: Local). @default false
   */
  readonly preserveClientAddress?: boolean;
}

/** A way into a service from outside its cluster. What it becomes in a cluster, the facts of the cluster say. */
export class Exposure {
  /**
   * By an Ingress of the cluster's class for the scheme.
   * @param host DNS name, optionally with "*" as its first label
   */
  public static ingress(host: string, options: IngressOptions = {}): Exposure {
    return new Exposure({ ...options, type: 'Ingress', host, scheme: schemeOf(options) });
  }

  /**
   * By an HTTPRoute (Gateway API) at the cluster's Gateway for the scheme, or at one of its own.
   * @param host DNS name, optionally with "*" as its first label
   */
  public static httpRoute(host: string, options: HttpRouteOptions = {}): Exposure {
    return new Exposure({ ...options, type: 'HTTPRoute', host, scheme: schemeOf(options) });
  }

  /** By a Service of type LoadBalancer beside the service's own. */
  public static loadBalancer(options: LoadBalancerOptions = {}): Exposure {
    return new Exposure({ ...options, type: 'LoadBalancer', scheme: schemeOf(options) });
  }

  private constructor(private readonly rules: ExposureRules) {}

  /** @internal */
  public get _rules(): ExposureRules {
    return this.rules;
  }
}

function schemeOf({ scheme }: ExposureOptions): ExposureScheme {
  return scheme ?? ExposureScheme.INTERNAL;
}
