import { JsonPatch } from 'cdk8s';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from './cluster';
import { parseDuration } from './duration';
import { Exposure } from './exposure';
import { Platform } from './platform';
import { proxyDuration } from './private/proxy-duration';
import { ResilienceBackend, type ResilienceProps, RetryCondition } from './resilience';
import type { ServiceProps } from './service-props';
import { withService } from './service-synthesis.test-support';
import type { AnyObject } from './synthesis.test-support';

const ISTIO = { apiVersions: ['networking.istio.io/v1'] };
const GATEWAY = { apiVersions: ['gateway.envoyproxy.io/v1alpha1'] };

/** The objects of a service `cart` beside its Deployment and what belongs to it, by kind. */
function traffic(props: ResilienceProps, facts = ISTIO, service: Partial<ServiceProps> = { port: 8080 }) {
  const assembly = withService(service, { clusters: { prod: facts } }, (cart) => cart.resilience(props));
  const objects = [...assembly.objects('prod')].filter(([, { apiVersion }]) => /istio|envoyproxy/.test(apiVersion));
  return Object.fromEntries(objects.map(([path, object]) => [path.replace('mall/cart/', ''), object as AnyObject]));
}

const EVERYTHING: ResilienceProps = {
  timeout: '2s',
  retries: {
    attempts: 2,
    perTryTimeout: '700ms',
    on: [RetryCondition.CONNECT_FAILURE],
    statusCodes: [503],
    backoff: '25ms',
  },
  limits: {
    connections: 100,
    pendingRequests: 20,
    parallelRequests: 200,
    parallelRetries: 3,
    requestsPerConnection: 1000,
    connectTimeout: '1s',
    idleTimeout: '90s',
  },
  circuitBreaker: {
    consecutive5xxErrors: 7,
    consecutiveGatewayErrors: 3,
    consecutiveLocalOriginFailures: 4,
    interval: '10s',
    baseEjectionTime: '1m',
    maxEjectionPercent: 40,
    minHealthPercent: 30,
  },
  rateLimit: { requests: 100, per: '1m', burst: 100 },
};

describe('the resilience of a service', { timeout: 30_000 }, () => {
  it('is a DestinationRule, a VirtualService and an EnvoyFilter where the mesh is', () => {
    const host = 'cart.mall.svc.cluster.local';
    const { DestinationRule, VirtualService, EnvoyFilter, ...others } = traffic(EVERYTHING);
    expect(others).toEqual({});
    expect(DestinationRule.spec).toEqual({
      host,
      trafficPolicy: {
        connectionPool: {
          tcp: { maxConnections: 100, connectTimeout: '1s' },
          http: {
            http1MaxPendingRequests: 20,
            http2MaxRequests: 200,
            maxRequestsPerConnection: 1000,
            maxRetries: 3,
            idleTimeout: '1m30s',
          },
        },
        outlierDetection: {
          consecutive5xxErrors: 7,
          consecutiveGatewayErrors: 3,
          consecutiveLocalOriginFailures: 4,
          splitExternalLocalOriginErrors: true,
          interval: '10s',
          baseEjectionTime: '1m',
          maxEjectionPercent: 40,
          minHealthPercent: 30,
        },
      },
    });
    expect(VirtualService.spec).toEqual({
      hosts: [host],
      http: [
        {
          route: [{ destination: { host } }],
          timeout: '2s',
          retries: { attempts: 2, perTryTimeout: '700ms', retryOn: 'connect-failure,503', backoff: '25ms' },
        },
      ],
    });
    expect(EnvoyFilter.spec.workloadSelector.labels).toEqual({
      'app.kubernetes.io/name': 'cart',
      'app.kubernetes.io/part-of': 'mall',
    });
    expect(EnvoyFilter.spec.configPatches[0].patch.value.typed_config).toMatchObject({
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
      token_bucket: { max_tokens: 100, tokens_per_fill: 100, fill_interval: '60s' },
    });
    for (const { metadata } of [DestinationRule, VirtualService, EnvoyFilter])
      expect(metadata).toMatchObject({ name: 'cart', namespace: 'mall', labels: { 'app.kubernetes.io/name': 'cart' } });
  });

  it('is a BackendTrafficPolicy of the route where Envoy Gateway is', () => {
    const { BackendTrafficPolicy, ...others } = traffic({ ...EVERYTHING, routes: ['cart'] }, GATEWAY);
    expect(others).toEqual({});
    expect(BackendTrafficPolicy.spec).toEqual({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'cart' }],
      circuitBreaker: {
        maxConnections: 100,
        maxPendingRequests: 20,
        maxParallelRequests: 200,
        maxParallelRetries: 3,
        maxRequestsPerConnection: 1000,
      },
      healthCheck: {
        passive: {
          consecutive5XxErrors: 7,
          consecutiveGatewayErrors: 3,
          consecutiveLocalOriginFailures: 4,
          splitExternalLocalOriginErrors: true,
          interval: '10s',
          baseEjectionTime: '1m',
          maxEjectionPercent: 40,
        },
        panicThreshold: 30,
      },
      retry: {
        numRetries: 2,
        retryOn: { triggers: ['connect-failure', 'retriable-status-codes'], httpStatusCodes: [503] },
        perRetry: { timeout: '700ms', backOff: { baseInterval: '25ms' } },
      },
      timeout: { tcp: { connectTimeout: '1s' }, http: { requestTimeout: '2s', connectionIdleTimeout: '1m30s' } },
      rateLimit: { type: 'Local', local: { rules: [{ limit: { requests: 100, unit: 'Minute' } }] } },
    });
  });

  it('is made of nothing that was not asked for, and says in full what the back-ends would fill in differently', () => {
    const { DestinationRule, ...others } = traffic({ circuitBreaker: {} });
    expect(others).toEqual({});
    expect(DestinationRule.spec.trafficPolicy).toEqual({
      outlierDetection: {
        consecutive5xxErrors: 5,
        interval: '10s',
        baseEjectionTime: '30s',
        maxEjectionPercent: 50,
      },
    });
    const retried = traffic({ retries: { attempts: 1 } });
    expect(Object.keys(retried)).toEqual(['VirtualService']);
    expect(retried.VirtualService.spec.http[0].retries).toEqual({
      attempts: 1,
      retryOn: 'connect-failure,refused-stream,unavailable,cancelled',
    });
    expect(traffic({ retries: { attempts: 0 } }).VirtualService.spec.http[0].retries).toEqual({ attempts: 0 });
    expect(traffic({ retries: { attempts: 0 }, routes: ['cart'] }, GATEWAY).BackendTrafficPolicy.spec.retry).toEqual({
      numRetries: 0,
    });
  });

  it('routes each port that speaks HTTP to itself where there are several', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'metrics', port: 9000 },
      { name: 'api', port: 90, appProtocol: 'kubernetes.io/h2c' },
      { name: 'grpc-web-x', port: 91 },
      { name: 'https', port: 443 },
      { name: 'httpx', port: 81 },
    ];
    const { http } = traffic({ timeout: '1s' }, ISTIO, { ports }).VirtualService.spec;
    expect(http.map(({ match, route }: AnyObject) => [match[0].port, route[0].destination.port.number])).toEqual([
      [80, 80],
      [90, 90],
      [91, 91],
    ]);
  });

  it('follows the facts of each cluster, unless it says where', () => {
    const route = { entryPoints: { intranet: { gateway: 'infra/edge' } } };
    const apiVersions = [...GATEWAY.apiVersions, 'gateway.networking.k8s.io/v1'];
    const kinds = (props: ResilienceProps) => {
      const clusters = { a: ISTIO, b: { ...route, apiVersions } };
      const assembly = withService({ port: 80 }, { clusters }, (cart) => {
        const b = Platform.of(cart).clusters[1] as Cluster;
        cart.exposeIn(b, Exposure.httpRoute('mall.example.com', { name: 'cart-route' }));
        cart.resilience(props);
      });
      const policy = assembly.objects('b').get('mall/cart/BackendTrafficPolicy');
      expect(policy?.spec.targetRefs.map(({ name }: AnyObject) => name) ?? ['cart-route']).toEqual(['cart-route']);
      return Object.keys(clusters).map((cluster) =>
        [...assembly.objects(cluster).keys()].filter((path) => /Rule|Policy/.test(path)),
      );
    };
    const circuitBreaker = {};
    expect(kinds({ circuitBreaker })).toEqual([['mall/cart/DestinationRule'], ['mall/cart/BackendTrafficPolicy']]);
    expect(kinds({ circuitBreaker, backend: ResilienceBackend.ISTIO })).toEqual([
      ['mall/cart/DestinationRule'],
      ['mall/cart/DestinationRule'],
    ]);
  });

  it('can be patched per cluster like every object of a service', () => {
    const assembly = withService({ port: 80 }, { clusters: { prod: ISTIO } }, (cart) => {
      cart.resilience({ limits: { connections: 1 } });
      const [cluster] = Platform.of(cart).clusters;
      const path = '/spec/trafficPolicy/connectionPool/tcp/maxConnections';
      cart.patchIn(cluster as Cluster, { kind: 'DestinationRule' }, JsonPatch.replace(path, 7));
    });
    const { spec } = assembly.object('prod', 'mall/cart/DestinationRule');
    expect(spec.trafficPolicy.connectionPool.tcp.maxConnections).toBe(7);
  });
});

describe('durations of proxies', () => {
  it('mean the same as written, in words that both back-ends read', () => {
    const written = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom('ms', 's', 'm', 'min', 'h', 'd')), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => parts.map(([count, unit]) => `${count}${unit}`).join(''))
      .filter((text) => (parseDuration(text) ?? 0) <= 99_999 * 3_600_000);
    fc.assert(
      fc.property(written, (text) => {
        const result = proxyDuration(text);
        expect(parseDuration(result)).toBe(parseDuration(text));
        // The pattern of durations of the Gateway API.
        expect(result).toMatch(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/);
      }),
    );
  });
});
