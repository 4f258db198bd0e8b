import type { Cluster } from '../cluster';
import {
  type CircuitBreaker,
  type ConnectionLimits,
  type RateLimit,
  type RequestRetries,
  ResilienceBackend,
  type ResilienceProps,
  RetryCondition,
} from '../resilience';
import type { HostTraffic } from './istio-host';
import { present } from './present-members';
import { protobufDuration, proxyDuration } from './proxy-duration';
import { gatewayUnit } from './resilience-validation';
import { servesApi } from './served-apis';

/** The API version by which the facts of a cluster say that it has a back-end. */
const DECLARED_BY: ReadonlyMap<ResilienceBackend, string> = new Map([
  [ResilienceBackend.ISTIO, 'networking.istio.io/v1'],
  [ResilienceBackend.ENVOY_GATEWAY, 'gateway.envoyproxy.io/v1alpha1'],
]);

/** The back-ends that a cluster has by its facts. */
export function backendsIn(cluster: Cluster): ResilienceBackend[] {
  return [...DECLARED_BY].filter(([, version]) => servesApi(cluster, version)).map(([backend]) => backend);
}

export const BACKENDS_FIX = `Add ${[...DECLARED_BY.values()].map((version) => `"${version}"`).join(' or ')} to the cluster's apiVersions, or set backend.`;

const RETRIED = [
  RetryCondition.CONNECT_FAILURE,
  RetryCondition.REFUSED_STREAM,
  RetryCondition.UNAVAILABLE,
  RetryCondition.CANCELLED,
];

/** What the mesh does by it. Fields: istio/api networking/v1alpha3/{destination_rule,virtual_service}.proto. */
export function meshTraffic({ timeout, retries, limits, circuitBreaker }: ResilienceProps): HostTraffic {
  return {
    by: 'resilience',
    policy: {
      ...(limits === undefined ? {} : { connectionPool: connectionPool(limits) }),
      ...(circuitBreaker === undefined ? {} : { outlierDetection: outlierDetection(circuitBreaker) }),
    },
    routes: {
      ...(timeout === undefined ? {} : { timeout: proxyDuration(timeout) }),
      ...(retries === undefined ? {} : { retries: meshRetries(retries) }),
    },
  };
}

function connectionPool(limits: ConnectionLimits): object {
  const tcp = present({ maxConnections: limits.connections, connectTimeout: duration(limits.connectTimeout) });
  const http = present({
    http1MaxPendingRequests: limits.pendingRequests,
    http2MaxRequests: limits.parallelRequests,
    maxRequestsPerConnection: limits.requestsPerConnection,
    maxRetries: limits.parallelRetries,
    idleTimeout: duration(limits.idleTimeout),
  });
  return { ...(isEmpty(tcp) ? {} : { tcp }), ...(isEmpty(http) ? {} : { http }) };
}

function outlierDetection(breaker: CircuitBreaker): object {
  return present({
    consecutive5xxErrors: breaker.consecutive5xxErrors ?? 5,
    consecutiveGatewayErrors: breaker.consecutiveGatewayErrors,
    consecutiveLocalOriginFailures: breaker.consecutiveLocalOriginFailures,
    // Without it Istio refuses to count them.
    splitExternalLocalOriginErrors: breaker.consecutiveLocalOriginFailures === undefined ? undefined : true,
    ...ejection(breaker),
    minHealthPercent: breaker.minHealthPercent,
  });
}

/** Said in full: the defaults of the two back-ends differ, and 10 % of a few pods is none. */
function ejection({ interval = '10s', baseEjectionTime = '30s', maxEjectionPercent = 50 }: CircuitBreaker): object {
  return { interval: proxyDuration(interval), baseEjectionTime: proxyDuration(baseEjectionTime), maxEjectionPercent };
}

function meshRetries(retries: RequestRetries): object {
  const { attempts, on = RETRIED, statusCodes = [] } = retries;
  if (attempts === 0) return { attempts };
  return present({
    attempts,
    perTryTimeout: duration(retries.perTryTimeout),
    retryOn: [...on, ...statusCodes].join(','),
    backoff: duration(retries.backoff),
  });
}

/**
 * A limit in the sidecars of the pods of a selector: the filter `envoy.filters.http.local_ratelimit` before all others
 * (envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit; istio.io/latest/docs/tasks/policy-enforcement/rate-limit).
 */
export function localRateLimit(metadata: object, selector: object, { requests, per, burst }: RateLimit): object {
  const always = (runtimeKey: string) => ({
    runtime_key: runtimeKey,
    default_value: { numerator: 100, denominator: 'HUNDRED' },
  });
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata,
    spec: {
      workloadSelector: { labels: selector },
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'SIDECAR_INBOUND',
            listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } },
          },
          patch: {
            operation: 'INSERT_BEFORE',
            value: {
              name: 'envoy.filters.http.local_ratelimit',
              typed_config: {
                '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
                stat_prefix: 'http_local_rate_limiter',
                token_bucket: {
                  max_tokens: burst ?? requests,
                  tokens_per_fill: requests,
                  fill_interval: protobufDuration(per),
                },
                filter_enabled: always('local_rate_limit_enabled'),
                filter_enforced: always('local_rate_limit_enforced'),
              },
            },
          },
        },
      ],
    },
  };
}

/** The same for requests that come through Envoy Gateway (envoyproxy/gateway api/v1alpha1/backendtrafficpolicy_types.go, v1.9). */
export function backendTrafficPolicy(metadata: object, props: ResilienceProps, routes: readonly string[]): object {
  const { timeout, retries, limits = {}, circuitBreaker, rateLimit } = props;
  const bounds = present({
    maxConnections: limits.connections,
    maxPendingRequests: limits.pendingRequests,
    maxParallelRequests: limits.parallelRequests,
    maxParallelRetries: limits.parallelRetries,
    maxRequestsPerConnection: limits.requestsPerConnection,
  });
  const tcp = present({ connectTimeout: duration(limits.connectTimeout) });
  const http = present({ requestTimeout: duration(timeout), connectionIdleTimeout: duration(limits.idleTimeout) });
  const timeouts = { ...(isEmpty(tcp) ? {} : { tcp }), ...(isEmpty(http) ? {} : { http }) };
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'BackendTrafficPolicy',
    metadata,
    spec: {
      targetRefs: routes.map((name) => ({
        group: 'gateway.networking.k8s.io',
        kind: 'HTTPRoute',
        name,
      })),
      ...(isEmpty(bounds) ? {} : { circuitBreaker: bounds }),
      ...(circuitBreaker === undefined ? {} : { healthCheck: healthCheck(circuitBreaker) }),
      ...(retries === undefined ? {} : { retry: gatewayRetry(retries) }),
      ...(isEmpty(timeouts) ? {} : { timeout: timeouts }),
      ...(rateLimit === undefined ? {} : { rateLimit: gatewayLimit(rateLimit) }),
    },
  };
}

function healthCheck(breaker: CircuitBreaker): object {
  const { consecutiveLocalOriginFailures } = breaker;
  return present({
    passive: present({
      consecutive5XxErrors: breaker.consecutive5xxErrors ?? 5,
      consecutiveGatewayErrors: breaker.consecutiveGatewayErrors,
      consecutiveLocalOriginFailures,
      splitExternalLocalOriginErrors: consecutiveLocalOriginFailures === undefined ? undefined : true,
      ...ejection(breaker),
    }),
    panicThreshold: breaker.minHealthPercent,
  });
}

function gatewayRetry({ attempts, on = RETRIED, statusCodes, perTryTimeout, backoff }: RequestRetries): object {
  if (attempts === 0) return { numRetries: 0 };
  const perRetry = {
    ...(perTryTimeout === undefined ? {} : { timeout: proxyDuration(perTryTimeout) }),
    ...(backoff === undefined ? {} : { backOff: { baseInterval: proxyDuration(backoff) } }),
  };
  return {
    numRetries: attempts,
    retryOn: {
      triggers: [...on, ...(statusCodes === undefined ? [] : ['retriable-status-codes'])],
      ...(statusCodes === undefined ? {} : { httpStatusCodes: statusCodes }),
    },
    ...(isEmpty(perRetry) ? {} : { perRetry }),
  };
}

function gatewayLimit({ requests, per }: RateLimit): object {
  return { type: 'Local', local: { rules: [{ limit: { requests, unit: gatewayUnit(per) } }] } };
}

function duration(text: string | undefined): string | undefined {
  return text === undefined ? undefined : proxyDuration(text);
}

function isEmpty(fields: object): boolean {
  return Object.keys(fields).length === 0;
}
