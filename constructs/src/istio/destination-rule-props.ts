// What a DestinationRule of Istio says (istio/api networking/v1alpha3/destination_rule.proto).

import type { IstioPortSelector } from './virtual-service-props';

/** How requests to a host are handled, and which of its pods make subsets. */
export interface IstioDestinationRuleSpec {
  /** Namespaces in which it counts; "." its own, "*" all. */
  readonly exportTo?: string[];
  /** Host: a full name. */
  readonly host: string;
  /** Subsets. */
  readonly subsets?: IstioSubset[];
  /** How requests are handled. */
  readonly trafficPolicy?: IstioTrafficPolicy;
  /** Callers for which it counts. */
  readonly workloadSelector?: IstioWorkloadSelector;
}

/** Callers for which it counts. */
export interface IstioWorkloadSelector {
  /** Labels. */
  readonly matchLabels?: { readonly [key: string]: string };
}

/** Pods of a host. */
export interface IstioSubset {
  /** Labels of the pods. */
  readonly labels?: { readonly [key: string]: string };
  /** Name. */
  readonly name: string;
  /** How requests to them are handled. */
  readonly trafficPolicy?: IstioTrafficPolicy;
}

/** How requests to a port are handled. */
export interface IstioPortTrafficPolicy {
  /** Bounds of connections. */
  readonly connectionPool?: IstioConnectionPool;
  /** How pods are chosen. */
  readonly loadBalancer?: IstioLoadBalancer;
  /** Which pods are left out. */
  readonly outlierDetection?: IstioOutlierDetection;
  /** The port. */
  readonly port?: IstioPortSelector;
  /** TLS to the pods. */
  readonly tls?: IstioClientTls;
}

/** How requests are handled. */
export interface IstioTrafficPolicy {
  /** Bounds of connections. */
  readonly connectionPool?: IstioConnectionPool;
  /** How pods are chosen. */
  readonly loadBalancer?: IstioLoadBalancer;
  /** Which pods are left out. */
  readonly outlierDetection?: IstioOutlierDetection;
  /** The same for single ports. */
  readonly portLevelSettings?: IstioPortTrafficPolicy[];
  /** PROXY protocol. */
  readonly proxyProtocol?: IstioProxyProtocol;
  /** Most retries. */
  readonly retryBudget?: IstioRetryBudget;
  /** TLS to the pods. */
  readonly tls?: IstioClientTls;
  /** A tunnel by HTTP CONNECT. */
  readonly tunnel?: IstioTunnel;
}

/** Bounds of connections. */
export interface IstioConnectionPool {
  /** Of HTTP. */
  readonly http?: IstioHttpPool;
  /** Of TCP. */
  readonly tcp?: IstioTcpPool;
}

/** Bounds of HTTP. */
export interface IstioHttpPool {
  /** Whether HTTP/2 is used. */
  readonly h2UpgradePolicy?: IstioH2Upgrade;
  /** Waiting requests. */
  readonly http1MaxPendingRequests?: number;
  /** Pings. */
  readonly http2KeepAlive?: IstioHttp2KeepAlive;
  /** Requests under way. */
  readonly http2MaxRequests?: number;
  /** When idle connections close. */
  readonly idleTimeout?: string;
  /** Streams of a connection. */
  readonly maxConcurrentStreams?: number;
  /** Requests of a connection. */
  readonly maxRequestsPerConnection?: number;
  /** Retries under way. */
  readonly maxRetries?: number;
  /** Whether the protocol of the client is used. */
  readonly useClientProtocol?: boolean;
}

/** Whether HTTP/2 is used. */
export enum IstioH2Upgrade {
  /** As the mesh says. */
  DEFAULT = 'DEFAULT',
  /** No. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
  /** Yes. */
  UPGRADE = 'UPGRADE',
}

/** Pings of HTTP/2. */
export interface IstioHttp2KeepAlive {
  /** Time between two. */
  readonly interval?: string;
  /** How long an answer may take. */
  readonly timeout?: string;
}

/** Bounds of TCP. */
export interface IstioTcpPool {
  /** How long connecting may take. */
  readonly connectTimeout?: string;
  /** When idle connections close. */
  readonly idleTimeout?: string;
  /** Longest life of a connection. */
  readonly maxConnectionDuration?: string;
  /** Connections. */
  readonly maxConnections?: number;
  /** Keepalive. */
  readonly tcpKeepalive?: IstioTcpKeepalive;
}

/** Keepalive. */
export interface IstioTcpKeepalive {
  /** Time between two probes. */
  readonly interval?: string;
  /** Probes without an answer. */
  readonly probes?: number;
  /** Time before the first. */
  readonly time?: string;
}

/** How pods are chosen: `simple` or `consistentHash`. */
export interface IstioLoadBalancer {
  /** By a hash. */
  readonly consistentHash?: IstioConsistentHash;
  /** By locality. */
  readonly localityLbSetting?: IstioLocality;
  /** In a simple way. */
  readonly simple?: IstioSimpleBalancing;
  /** New pods get fewer requests. */
  readonly warmup?: IstioWarmup;
  /** Former form of `warmup`. */
  readonly warmupDurationSecs?: string;
  /** By zone, as many as there are pods. */
  readonly zoneAwareLbSetting?: IstioZoneAware;
}

/** Simple ways to choose pods. */
export enum IstioSimpleBalancing {
  /** As Istio does. */
  UNSPECIFIED = 'UNSPECIFIED',
  /** Former name of LEAST_REQUEST. */
  LEAST_CONN = 'LEAST_CONN',
  /** At random. */
  RANDOM = 'RANDOM',
  /** The address that the client asked for. */
  PASSTHROUGH = 'PASSTHROUGH',
  /** One after the other. */
  ROUND_ROBIN = 'ROUND_ROBIN',
  /** The one with fewer requests. */
  LEAST_REQUEST = 'LEAST_REQUEST',
}

/** By a hash of one of them. */
export interface IstioConsistentHash {
  /** A cookie. */
  readonly httpCookie?: IstioHashCookie;
  /** A header. */
  readonly httpHeaderName?: string;
  /** A query parameter. */
  readonly httpQueryParameterName?: string;
  /** The algorithm Maglev. */
  readonly maglev?: IstioMaglev;
  /** Former form of `ringHash`. */
  readonly minimumRingSize?: number;
  /** The algorithm ring hash. */
  readonly ringHash?: IstioRingHash;
  /** The address of the client. */
  readonly useSourceIp?: boolean;
}

/** A cookie. */
export interface IstioHashCookie {
  /** Attributes. */
  readonly attributes?: IstioCookieAttribute[];
  /** Name. */
  readonly name: string;
  /** Path. */
  readonly path?: string;
  /** Life. */
  readonly ttl?: string;
}

/** An attribute. */
export interface IstioCookieAttribute {
  /** Name. */
  readonly name: string;
  /** Value. */
  readonly value?: string;
}

/** Maglev. */
export interface IstioMaglev {
  /** Size of the table. */
  readonly tableSize?: number;
}

/** Ring hash. */
export interface IstioRingHash {
  /** Least size of the ring. */
  readonly minimumRingSize?: number;
}

/** By locality: `distribute`, `failover` or `failoverPriority`. */
export interface IstioLocality {
  /** Shares. */
  readonly distribute?: IstioLocalityShare[];
  /** Whether. */
  readonly enabled?: boolean;
  /** Where requests go when a region fails. */
  readonly failover?: IstioLocalityFailover[];
  /** Labels by which pods are nearer. */
  readonly failoverPriority?: string[];
}

/** Shares of requests from a locality. */
export interface IstioLocalityShare {
  /** From where. In the API: `from`. */
  readonly fromLocality?: string;
  /** To where, in percent. */
  readonly to?: { readonly [key: string]: number };
}

/** Where requests go when a region fails. */
export interface IstioLocalityFailover {
  /** From where. In the API: `from`. */
  readonly fromLocality?: string;
  /** To where. */
  readonly to?: string;
}

/** By zone. */
export interface IstioZoneAware {
  /** Whether. */
  readonly enabled?: boolean;
  /** Where requests go when a region fails. */
  readonly failover?: IstioLocalityFailover[];
  /** Labels by which pods are nearer. */
  readonly failoverPriority?: string[];
  /** Fewest pods. */
  readonly minClusterSize?: number;
}

/** New pods get fewer requests. */
export interface IstioWarmup {
  /** How the share grows. */
  readonly aggression?: number;
  /** For how long. */
  readonly duration: string;
  /** Least share. */
  readonly minimumPercent?: number;
}

/** Which pods are left out. */
export interface IstioOutlierDetection {
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
  /** Statuses that count as errors. */
  readonly outlierDetectionHttpErrorCodes?: number[];
  /** Whether failures to connect count apart. */
  readonly splitExternalLocalOriginErrors?: boolean;
}

/** TLS to the pods. */
export interface IstioClientTls {
  /** File of authorities. */
  readonly caCertificates?: string;
  /** File of revoked certificates. */
  readonly caCrl?: string;
  /** File of the certificate. */
  readonly clientCertificate?: string;
  /** Secret of all of it. */
  readonly credentialName?: string;
  /** Whether certificates are not checked. */
  readonly insecureSkipVerify?: boolean;
  /** How. */
  readonly mode?: IstioClientTlsMode;
  /** File of the key. */
  readonly privateKey?: string;
  /** Server name. */
  readonly sni?: string;
  /** Names that are accepted. */
  readonly subjectAltNames?: string[];
}

/** How TLS is used. */
export enum IstioClientTlsMode {
  /** Not. */
  DISABLE = 'DISABLE',
  /** The server has a certificate. */
  SIMPLE = 'SIMPLE',
  /** Both have one. */
  MUTUAL = 'MUTUAL',
  /** Both have one of the mesh. */
  ISTIO_MUTUAL = 'ISTIO_MUTUAL',
}

/** PROXY protocol. */
export interface IstioProxyProtocol {
  /** Version. */
  readonly version?: IstioProxyVersion;
}

/** Version of the PROXY protocol. */
export enum IstioProxyVersion {
  /** Version 1. */
  V1 = 'V1',
  /** Version 2. */
  V2 = 'V2',
}

/** Most retries. */
export interface IstioRetryBudget {
  /** Time that is looked at. */
  readonly budgetInterval?: string;
  /** Fewest that are allowed. */
  readonly minRetryConcurrency?: number;
  /** Share of the requests. */
  readonly percent?: number;
}

/** A tunnel. */
export interface IstioTunnel {
  /** "CONNECT" or "POST". */
  readonly protocol?: string;
  /** Host. */
  readonly targetHost: string;
  /** Port. */
  readonly targetPort: number;
}
