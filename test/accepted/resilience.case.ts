import { ClusterSet, MultiClusterApp, Placement, ResilienceBackend, RetryCondition } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'the resilience of services, in a mesh and at a gateway',
  crds: ['networking.istio.io', './definitions/backendtrafficpolicies.gateway.envoyproxy.io.yaml'],
  kinds: ['DestinationRule', 'VirtualService', 'EnvoyFilter', 'BackendTrafficPolicy'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh');
    const everything = {
      timeout: '2s',
      retries: {
        attempts: 2,
        perTryTimeout: '700ms',
        on: [RetryCondition.CONNECT_FAILURE, RetryCondition.UNAVAILABLE],
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
        idleTimeout: '5m',
      },
      circuitBreaker: {
        consecutive5xxErrors: 7,
        consecutiveGatewayErrors: 3,
        consecutiveLocalOriginFailures: 4,
        interval: '10s',
        baseEjectionTime: '1m30s',
        maxEjectionPercent: 40,
        minHealthPercent: 30,
      },
      rateLimit: { requests: 100, per: '1m' },
    };
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    const port = (name: string, number: number) => ({ name, port: number });
    mall
      .addService('cart', { image: 'mall/cart:1', ports: [port('http', 80), port('grpc', 90), port('admin', 99)] })
      .resilience({ ...everything, backend: ResilienceBackend.ISTIO });
    mall
      .addService('search', { image: 'mall/search:1', port: 8080 })
      .resilience({ ...everything, backend: ResilienceBackend.ENVOY_GATEWAY, routes: ['search', 'search-internal'] });
    mall
      .addService('pay', { image: 'mall/pay:1', port: 8080 })
      .resilience({ backend: ResilienceBackend.ISTIO, retries: { attempts: 0 }, limits: { connections: 1 } });
    mall
      .addService('mail', { image: 'mall/mail:1', port: 8080 })
      .resilience({ backend: ResilienceBackend.ENVOY_GATEWAY, retries: { attempts: 0 }, routes: ['mail'] });
  },
} satisfies AcceptedCase;
