/** What turns the resilience of a service into settings of proxies. */
export enum ResilienceBackend {
  /** The mesh: sidecars of the callers hold to it, whoever calls from within the mesh. The rate limit is held by the sidecars of the service. */
  ISTIO = 'istio',
  /** The gateway: requests that come through it, and no others. */
  ENVOY_GATEWAY = 'envoy-gateway',
}

/** When a request is sent again: the words of Envoy that Istio and Envoy Gateway both take. */
export enum RetryCondition {
  /** No connection came about. Nothing was sent. */
  CONNECT_FAILURE = 'connect-failure',
  /** The server refused the stream (HTTP/2) before it looked at it. */
  REFUSED_STREAM = 'refused-stream',
  /** The connection broke before the request was sent. */
  RESET_BEFORE_REQUEST = 'reset-before-request',
  /** The connection broke, or no answer came in time. The request may have been carried out. */
  RESET = 'reset',
  /** 502, 503 or 504. The request may have been carried out. */
  GATEWAY_ERROR = 'gateway-error',
  /** Any 5xx, or no answer at all. The request may have been carried out. */
  SERVER_ERROR = '5xx',
  /** 409. */
  RETRIABLE_4XX = 'retriable-4xx',
  /** gRPC: cancelled. */
  CANCELLED = 'cancelled',
  /** gRPC: deadline exceeded. */
  DEADLINE_EXCEEDED = 'deadline-exceeded',
  /** gRPC: internal. */
  INTERNAL = 'internal',
  /** gRPC: resource exhausted. */
  RESOURCE_EXHAUSTED = 'resource-exhausted',
  /** gRPC: unavailable. */
  UNAVAILABLE = 'unavailable',
}

/** Sending a failed request again. */
export interface RequestRetries {
  /** How often at most, beside the first try; 0: never, not even what the mesh does by itself. */
  readonly attempts: number;
  /** How long one try may take, e.g. "500ms". @default - as long as the whole request */
  readonly perTryTimeout?: string;
  /**
   * When. What may have been carried out is sent again only where you say so.
   * @default - CONNECT_FAILURE, REFUSED_STREAM, UNAVAILABLE and CANCELLED, and `statusCodes`
   */
  readonly on?: RetryCondition[];
  /** Statuses of answers after which the request is sent again, e.g. [503]. @default - none beyond `on` */
  readonly statusCodes?: number[];
  /** Least pause before the next try, e.g. "25ms"; it grows with each. @default - the proxy's, 25 ms */
  readonly backoff?: string;
}

/** Bounds of what one proxy (a caller's sidecar, or the gateway) has open at a time. Beyond them it answers 503 at once. */
export interface ConnectionLimits {
  /** Connections. @default - unbounded with Istio, 1024 with Envoy Gateway */
  readonly connections?: number;
  /** Requests that wait for a connection. @default - as `connections` */
  readonly pendingRequests?: number;
  /** Requests under way. @default - as `connections` */
  readonly parallelRequests?: number;
  /** Retries under way. @default - as `connections` */
  readonly parallelRetries?: number;
  /** Requests after which a connection is closed; 1: none is used twice. @default - unbounded */
  readonly requestsPerConnection?: number;
  /** How long connecting may take, e.g. "1s". @default - 10 s */
  readonly connectTimeout?: string;
  /** After how long without requests a connection is closed, e.g. "5m". @default - 1 h */
  readonly idleTimeout?: string;
}

/** Keeps requests away from pods that fail (outlier detection). */
export interface CircuitBreaker {
  /** Answers 5xx in a row after which a pod is left out; 0: they do not count (Istio only). @default 5 */
  readonly consecutive5xxErrors?: number;
  /** 502, 503, 504 and failed connections in a row after which a pod is left out. They also count as 5xx. @default - they count as 5xx */
  readonly consecutiveGatewayErrors?: number;
  /**
   * Failures to connect in a row after which a pod is left out. They are then counted apart from answers.
   * @default - they count as 5xx
   */
  readonly consecutiveLocalOriginFailures?: number;
  /** How often it is looked who comes back. @default "10s" */
  readonly interval?: string;
  /** How long a pod is left out, times how often it was. @default "30s" */
  readonly baseEjectionTime?: string;
  /** Most pods that may be left out, in percent. @default 50 */
  readonly maxEjectionPercent?: number;
  /** When fewer than this percentage of the pods are well, requests go to all of them again. @default - never with Istio, 50 with Envoy Gateway */
  readonly minHealthPercent?: number;
}

/** Most requests per time. Others are answered 429. Each proxy counts by itself: see `ResilienceBackend`. */
export interface RateLimit {
  /** Requests that one proxy lets through: with Istio the sidecar of each pod of the service, with Envoy Gateway each pod of the gateway. */
  readonly requests: number;
  /** In how much time, e.g. "1s" or "1m". With Envoy Gateway one second, minute, hour or day. */
  readonly per: string;
  /** How many may come at once after a pause. With Envoy Gateway always `requests`. @default - `requests` */
  readonly burst?: number;
}

/** What a service does against load and failures. At least one of the settings. */
export interface ResilienceProps {
  /**
   * @default - in each cluster the one that its fact `apiVersions` declares: "networking.istio.io/v1" or "gateway.envoyproxy.io/v1alpha1"
   */
  readonly backend?: ResilienceBackend;
  /** How long a request may take, all its tries together, e.g. "2s". @default - as long as the back-end allows */
  readonly timeout?: string;
  /** @default - what the back-end does by itself: Istio two more attempts where nothing was sent, Envoy Gateway none */
  readonly retries?: RequestRetries;
  /** @default - none beyond the back-end's */
  readonly limits?: ConnectionLimits;
  /** @default - every pod that is ready gets requests */
  readonly circuitBreaker?: CircuitBreaker;
  /** @default - none */
  readonly rateLimit?: RateLimit;
  /**
   * HTTPRoutes of the app's namespace that lead to the service, for Envoy Gateway, which knows no other way to say whose requests are meant.
   * @default - those by which the service is exposed
   */
  readonly routes?: string[];
}
