import type { BackendRules } from './private/global-backend-rules';

/** When a host of several services is healthy in a cluster. */
export enum GslbHealthPolicy {
  /** When one of them is. */
  ANY = 'Any',
  /** When all of them are. */
  ALL = 'All',
}

/** How k8gb serves an address. */
export interface K8gbOptions {
  /** Known to k8gb since its group is k8gb.io. @default - k8gb's own: GslbHealthPolicy.ANY */
  readonly healthPolicy?: GslbHealthPolicy;
}

/** Who serves the DNS zone that external-dns writes to. */
export enum DnsProvider {
  ROUTE53 = 'route53',
  CLOUDFLARE = 'cloudflare',
  AZURE_DNS = 'azure-dns',
  GOOGLE_CLOUD_DNS = 'google-cloud-dns',
  ALIBABA_CLOUD_DNS = 'alibaba-cloud-dns',
  /** Any other. */
  OTHER = 'other',
}

/** Prefix of the annotations that external-dns reads: the default changed in 0.22, and its flag --annotation-prefix sets it. */
export enum ExternalDnsPrefix {
  /** Default before 0.22. */
  ALPHA = 'external-dns.alpha.kubernetes.io/',
  /** Default since 0.22. */
  STABLE = 'external-dns.kubernetes.io/',
}

/** How external-dns makes the records of an address. */
export interface DnsRecordOptions {
  /** Who serves the zone: what it cannot do is refused. */
  readonly provider: DnsProvider;
  /**
   * Name of cluster to the id of the health check (of Route 53) that tells whether it is alive. @default - none; needed of clusters whose addresses are not those of load
   * balancers of AWS, which Route 53 looks at by itself
   */
  readonly healthChecks?: { [cluster: string]: string };
}

/** The same by annotations of what exposes the service. */
export interface ExternalDnsOptions extends DnsRecordOptions {
  /** What external-dns in the clusters reads. */
  readonly annotationPrefix: ExternalDnsPrefix;
}

/** What serves an address over several clusters. It has to be there: none of it is installed by this. */
export class GlobalBackend {
  /** k8gb: every cluster answers for the zone, and knows the others through DNS. */
  public static k8gb(options: K8gbOptions = {}): GlobalBackend {
    return new GlobalBackend({ ...options, type: 'k8gb' });
  }

  /** external-dns in each cluster, by annotations of the Ingress, route or Service: it finds the addresses by itself. */
  public static externalDns(options: ExternalDnsOptions): GlobalBackend {
    return new GlobalBackend({ ...options, type: 'annotations' });
  }

  /** external-dns in each cluster, by DNSEndpoints: with the `addresses` that the facts of the clusters declare. */
  public static dnsEndpoint(options: DnsRecordOptions): GlobalBackend {
    return new GlobalBackend({ ...options, type: 'dnsEndpoint' });
  }

  /**
   * One address that several clusters of a network announce by BGP, with MetalLB or OpenELB; the routers send each packet to the nearest one.
   * @param address IPv4 or IPv6, in a pool of each cluster
   */
  public static floatingAddress(address: string): GlobalBackend {
    return new GlobalBackend({ type: 'floating', address });
  }

  private constructor(private readonly rules: BackendRules) {}

  /** @internal */
  public get _rules(): BackendRules {
    return this.rules;
  }
}
