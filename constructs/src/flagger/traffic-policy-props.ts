// What a Canary of Flagger says of connections, for the DestinationRules that Flagger writes (flagger.app/v1beta1, pkg/apis/flagger/v1beta1/canary.go, 1.44).

import type { IstioClientTlsMode } from '../istio/destination-rule-props';

/** Traffic policy of the DestinationRules. */
export interface FlaggerTrafficPolicy {
  /** Bounds of connections. */
  readonly connectionPool?: FlaggerConnectionPool;
  /** How pods are chosen. */
  readonly loadBalancer?: FlaggerLoadBalancer;
  /** Which pods are left out. */
  readonly outlierDetection?: FlaggerOutlierDetection;
  /** TLS to the pods. */
  readonly tls?: FlaggerClientTls;
}

/** Bounds of connections. */
export interface FlaggerConnectionPool {
  /** Of HTTP. */
  readonly http?: FlaggerHttpPool;
}

/** Bounds of HTTP. */
export interface FlaggerHttpPool {
  /** "DEFAULT", "DO_NOT_UPGRADE" or "UPGRADE". */
  readonly h2UpgradePolicy?: string;
  /** Waiting requests. */
  readonly http1MaxPendingRequests?: number;
  /** Requests under way. */
  readonly http2MaxRequests?: number;
  /** When idle connections close. */
  readonly idleTimeout?: string;
  /** Requests of a connection. */
  readonly maxRequestsPerConnection?: number;
  /** Retries under way. */
  readonly maxRetries?: number;
}

/** How pods are chosen. */
export interface FlaggerLoadBalancer {
  /** By a hash. */
  readonly consistentHash?: FlaggerConsistentHash;
  /** By locality. */
  readonly localityLbSetting?: FlaggerLocality;
  /** "LEAST_REQUEST", "ROUND_ROBIN", "RANDOM" or "PASSTHROUGH". */
  readonly simple?: string;
  /** How long new pods get fewer requests. */
  readonly warmupDurationSecs?: string;
}

/** By a hash of one of them. */
export interface FlaggerConsistentHash {
  /** A cookie. */
  readonly httpCookie?: FlaggerHashCookie;
  /** A header. */
  readonly httpHeaderName?: string;
  /** A query parameter. */
  readonly httpQueryParameterName?: string;
  /** Least size of the ring. */
  readonly minimumRingSize?: number;
  /** The address of the client. */
  readonly useSourceIp?: boolean;
}

/** A cookie. */
export interface FlaggerHashCookie {
  /** Name. */
  readonly name?: string;
  /** Path. */
  readonly path?: string;
  /** Life. */
  readonly ttl?: string;
}

/** By locality. */
export interface FlaggerLocality {
  /** Shares. */
  readonly distribute?: FlaggerLocalityShare[];
  /** Whether. */
  readonly enabled?: boolean;
  /** Where requests go when a region fails. */
  readonly failover?: FlaggerLocalityFailover[];
}

/** Shares of requests from a locality. */
export interface FlaggerLocalityShare {
  /** From where. In the API: `from`. */
  readonly fromLocality?: string;
  /** To where, in percent. */
  readonly to?: { readonly [key: string]: number };
}

/** Where requests go when a region fails. */
export interface FlaggerLocalityFailover {
  /** From where. In the API: `from`. */
  readonly fromLocality?: string;
  /** To where. */
  readonly to?: string;
}

/** Which pods are left out. */
export interface FlaggerOutlierDetection {
  /** For how long. */
  readonly baseEjectionTime?: string;
  /** Errors 5xx in a row. */
  readonly consecutive5xxErrors?: number;
  /** Former form. */
  readonly consecutiveErrors?: number;
  /** Gateway errors in a row. */
  readonly consecutiveGatewayErrors?: number;
  /** Failures to connect in a row. */
  readonly consecutiveLocalOriginFailures?: number;
  /** How often it is looked. */
  readonly interval?: string;
  /** Most pods, in percent. */
  readonly maxEjectionPercent?: number;
  /** Fewest healthy pods, in percent. */
  readonly minHealthPercent?: number;
  /** Whether failures to connect count apart. */
  readonly splitExternalLocalOriginErrors?: boolean;
}

/** TLS to the pods. */
export interface FlaggerClientTls {
  /** File of authorities. */
  readonly caCertificates?: string;
  /** File of the certificate. */
  readonly clientCertificate?: string;
  /** How. */
  readonly mode?: IstioClientTlsMode;
  /** File of the key. */
  readonly privateKey?: string;
  /** Server name. */
  readonly sni?: string;
  /** Names that are accepted. */
  readonly subjectAltNames?: string[];
}
