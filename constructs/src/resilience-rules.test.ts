import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import { ResilienceBackend, type ResilienceProps } from './resilience';
import type { ServiceProps } from './service-props';
import { problemsOf, problemsOfProgram, testPlatform } from './synthesis.test-support';

/** What a resilience is refused for: code and text. */
function refusals(
  props: ResilienceProps,
  service: Partial<ServiceProps> = { port: 8080 },
  apiVersions = ['networking.istio.io/v1'],
): string[] {
  return problemsOfProgram((platform) => {
    new ClusterSet(platform, 'clusters').add('prod', { apiVersions });
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    app.addService('cart', { image: 'cart:1', ...service }).resilience(props);
  }).map(({ code, what }) => `${code} ${what}`);
}

/** Rules of Istio's admission (istio/istio pkg/config/validation): its validators refuse what each of these would emit. */
describe('what Istio refuses is refused at synth', { timeout: 30_000 }, () => {
  it.each<[string, ResilienceProps, string]>([
    ['a traffic policy without a field', {}, 'ORR2012 resilience says nothing.'],
    ['a connection pool without a field', { limits: {} }, 'ORR2012 limits says nothing.'],
    ['a negative number of connections', { limits: { connections: -1 } }, 'ORR2011 limits.connections is -1.'],
    ['negative pending requests', { limits: { pendingRequests: -1 } }, 'ORR2011 limits.pendingRequests is -1.'],
    ['negative requests', { limits: { parallelRequests: -1 } }, 'ORR2011 limits.parallelRequests is -1.'],
    ['negative retries', { limits: { parallelRetries: -1 } }, 'ORR2011 limits.parallelRetries is -1.'],
    [
      'negative requests per connection',
      { limits: { requestsPerConnection: -1 } },
      'ORR2011 limits.requestsPerConnection is -1.',
    ],
    [
      'what does not fit into its field',
      { limits: { connections: 2 ** 31 } },
      'ORR2011 limits.connections is 2147483648.',
    ],
    ['a timeout of nothing', { timeout: '0s' }, 'ORR2011 timeout is "0s".'],
    ['a timeout that is no duration', { timeout: '2 seconds' }, 'ORR2011 timeout is "2 seconds".'],
    ['parts of a millisecond', { timeout: '1.5ms' }, 'ORR2011 timeout is "1.5ms".'],
    [
      'a bad timeout of tries',
      { retries: { attempts: 1, perTryTimeout: 'x' } },
      'ORR2011 retries.perTryTimeout is "x".',
    ],
    ['a bad backoff', { retries: { attempts: 1, backoff: '0ms' } }, 'ORR2011 retries.backoff is "0ms".'],
    ['negative attempts', { retries: { attempts: -1 } }, 'ORR2011 retries.attempts is -1.'],
    [
      'retries that are off, and how to do them',
      { retries: { attempts: 0, perTryTimeout: '1s' } },
      'ORR2012 retries.attempts is 0, and retries.perTryTimeout says how to retry.',
    ],
    [
      'a status that has no name',
      { retries: { attempts: 1, statusCodes: [599] } },
      'ORR2011 599 in retries.statusCodes is no status of a failure.',
    ],
    ['a bad interval', { circuitBreaker: { interval: '0.5ms' } }, 'ORR2011 circuitBreaker.interval is "0.5ms".'],
    [
      'a bad ejection time',
      { circuitBreaker: { baseEjectionTime: '' } },
      'ORR2011 circuitBreaker.baseEjectionTime is "".',
    ],
    [
      'more than all pods left out',
      { circuitBreaker: { maxEjectionPercent: 101 } },
      'ORR2011 circuitBreaker.maxEjectionPercent is 101.',
    ],
    [
      'a negative percentage',
      { circuitBreaker: { minHealthPercent: -1 } },
      'ORR2011 circuitBreaker.minHealthPercent is -1.',
    ],
  ])('%s', (_, props, said) => {
    expect(refusals(props)).toEqual([said]);
  });
});

describe('what would be accepted and do nothing is refused', { timeout: 30_000 }, () => {
  it.each<[string, ResilienceProps, string]>([
    ['a limit of 0, which Istio takes for none', { limits: { connections: 0 } }, 'ORR2011 limits.connections is 0.'],
    [
      'a try that may take as long as all of them',
      { timeout: '1s', retries: { attempts: 2, perTryTimeout: '1000ms' } },
      'ORR2012 retries.perTryTimeout (1000ms) is not below timeout (1s), in which all tries have to be done.',
    ],
    ['no condition of a retry', { retries: { attempts: 2, on: [] } }, 'ORR2012 retries.on is empty.'],
    [
      'gateway errors that 5xx errors come before',
      { circuitBreaker: { consecutiveGatewayErrors: 5 } },
      'ORR2012 circuitBreaker.consecutiveGatewayErrors (5) is never reached: after 5 errors 5xx, which gateway errors are, the pod is left out.',
    ],
    [
      'a circuit breaker that counts nothing',
      { circuitBreaker: { consecutive5xxErrors: 0 } },
      'ORR2012 circuitBreaker counts nothing.',
    ],
    [
      'a bucket that never holds what is filled in',
      { rateLimit: { requests: 10, per: '1s', burst: 5 } },
      'ORR2012 rateLimit.burst (5) is below rateLimit.requests (10), which is never reached then.',
    ],
    ['a bucket filled too often', { rateLimit: { requests: 1, per: '49ms' } }, 'ORR2011 rateLimit.per is "49ms".'],
    [
      'routes in a mesh',
      { timeout: '1s', routes: ['cart'] },
      'ORR2012 routes is set, and Istio finds the requests by the host.',
    ],
  ])('%s', (_, props, said) => {
    expect(refusals(props)).toEqual([said]);
  });

  it('settings of requests where no port is known to speak HTTP, and any where there is no port', () => {
    const ports = [{ name: 'mysql', port: 3306 }];
    expect(refusals({ timeout: '1s', rateLimit: { requests: 1, per: '1s' } }, { ports })).toEqual([
      'ORR2012 timeout is about requests, and no port of the service is known to speak HTTP.',
      'ORR2012 rateLimit is about requests, and no port of the service is known to speak HTTP.',
    ]);
    expect(refusals({ circuitBreaker: {} }, {})).toEqual(['ORR2012 resilience is set for a service without ports.']);
  });
});

describe('what Envoy Gateway cannot do is refused', { timeout: 30_000 }, () => {
  it.each<[string, ResilienceProps, string]>([
    [
      'a burst of its own',
      { rateLimit: { requests: 10, per: '1s', burst: 20 } },
      'ORR2012 rateLimit.burst is 20, and Envoy Gateway has no burst of its own.',
    ],
    [
      'other times than one of a unit',
      { rateLimit: { requests: 10, per: '10s' } },
      'ORR2012 rateLimit.per is "10s", and Envoy Gateway counts per second, minute, hour or day.',
    ],
    [
      '5xx that do not count',
      { circuitBreaker: { consecutive5xxErrors: 0, consecutiveGatewayErrors: 3 } },
      'ORR2012 circuitBreaker.consecutive5xxErrors is 0, which Envoy Gateway does not know as "never".',
    ],
    ['no route', { timeout: '1s', routes: [] }, 'ORR2012 routes is empty.'],
    ['a name that no route has', { timeout: '1s', routes: ['A'] }, 'ORR2003 "A" is not the name of an HTTPRoute.'],
  ])('%s', (_, props, said) => {
    expect(refusals({ routes: ['cart'], ...props }, { port: 80 }, ['gateway.envoyproxy.io/v1alpha1'])).toEqual([said]);
  });

  it('requests that no route of the service or of its settings leads', () => {
    expect(refusals({ timeout: '1s' }, { port: 80 }, ['gateway.envoyproxy.io/v1alpha1'])).toEqual([
      'ORR2012 Envoy Gateway shall hold to the resilience of the service, and no HTTPRoute leads to it in cluster "prod".',
    ]);
  });
});

describe('the back-end', { timeout: 30_000 }, () => {
  it('is asked for where the facts name none, or both', () => {
    expect(refusals({ timeout: '1s' }, { port: 80 }, [])).toEqual([
      'ORR2013 resilience needs a mesh or a gateway, and cluster "prod" declares none.',
    ]);
    expect(
      refusals({ timeout: '1s' }, { port: 80 }, ['gateway.envoyproxy.io/v1alpha1', 'networking.istio.io/v1']),
    ).toEqual(['ORR2012 Cluster "prod" has both Istio and Envoy Gateway.']);
  });
});

describe('one service has one resilience', { timeout: 30_000 }, () => {
  const service = () => {
    const platform = testPlatform();
    new ClusterSet(platform, 'clusters').add('prod');
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    const cart = app.addService('cart', { image: 'cart:1', port: 80 });
    cart.resilience({ backend: ResilienceBackend.ISTIO, circuitBreaker: {} });
    return { platform, cart };
  };

  it('and a second call is refused where it stands', () => {
    const [problem] = problemsOf(() => service().cart.resilience({ timeout: '1s' }));
    expect(problem).toMatchObject({ code: 'ORR2004', path: 'mall/cart' });
    expect(problem?.source).toContain('resilience-rules.test.ts');
  });

  it('and its host one DestinationRule, whoever has something to say in it', () => {
    const { platform, cart } = service();
    const loadBalancer = { localityLbSetting: { enabled: true } };
    cart._addTraffic(() => ({ by: 'exposure', policy: { loadBalancer } }));
    platform.synth();
    cart._addTraffic(() => ({ by: 'something else', policy: { outlierDetection: {} } }));
    const [problem, ...others] = problemsOf(() => platform.synth());
    expect(others).toEqual([]);
    expect(problem?.what).toBe('Both something else and resilience decide the outlierDetection of the service.');
  });

  it('and requests go on to another locality only where something tells that the nearest one fails', () => {
    const platform = testPlatform();
    new ClusterSet(platform, 'clusters').add('prod');
    const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    const cart = app.addService('cart', { image: 'cart:1', port: 80 });
    cart._addTraffic(() => ({ by: 'exposure', policy: { loadBalancer: { localityLbSetting: {} } } }));
    const [problem] = problemsOf(() => platform.synth());
    expect(problem).toMatchObject({ code: 'ORR2012', path: 'mall/cart', cluster: 'prod' });
  });
});
