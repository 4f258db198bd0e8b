import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationRuleProblems } from '../private/destination-rule-rules';
import { gatewayProblems } from '../private/istio-gateway-rules';
import { virtualServiceProblems } from '../private/virtual-service-rules';
import type { IstioDestinationRuleSpec } from './destination-rule-props';
import { type IstioGatewaySpec, IstioServerTlsMode } from './gateway-props';
import type { IstioHttpRoute, IstioVirtualServiceSpec } from './virtual-service-props';

const HOST = 'cart.mall.svc.cluster.local';
const TO = { destination: { host: HOST } };
const words = (findings: readonly { readonly what: string }[]) => findings.map(({ what }) => what);
const only = (text: string) => [expect.stringContaining(text)];

/** A VirtualService that is right but for what its only route says. */
const routing = (route: IstioHttpRoute): IstioVirtualServiceSpec => ({ hosts: [HOST], http: [route] });

describe('the rules of a VirtualService', () => {
  it('take any weights but only zeros, whatever their sum', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 }), (weights) => {
        const route = weights.map((weight) => ({ ...TO, weight }));
        const isEmpty = weights.length > 1 && weights.every((weight) => weight === 0);
        expect(virtualServiceProblems(routing({ route })).length).toBe(isEmpty ? 1 : 0);
      }),
    );
  });

  it.each<[string, IstioVirtualServiceSpec, string]>([
    ['a route that leads nowhere', routing({}), 'leads nowhere'],
    ['a weight below 0', routing({ route: [{ ...TO, weight: -1 }] }), 'weight is -1'],
    ['a route and a redirect', routing({ route: [TO], redirect: { uri: '/' } }), 'route and redirect'],
    ['a route and an answer', routing({ route: [TO], directResponse: { status: 200 } }), 'route and directResponse'],
    [
      'a redirect and a fault',
      routing({ redirect: { uri: '/' }, fault: { abort: { httpStatus: 503 } } }),
      'redirect and fault',
    ],
    ['a redirect and a rewrite', routing({ redirect: { uri: '/' }, rewrite: { uri: '/' } }), 'redirect and rewrite'],
    [
      'two kinds of copies',
      routing({ route: [TO], mirror: { host: HOST }, mirrors: [{ destination: { host: HOST } }] }),
      'mirror and mirrors',
    ],
    [
      'a percentage beyond 100',
      routing({ route: [TO], mirror: { host: HOST }, mirrorPercentage: { value: 101 } }),
      'value is 101',
    ],
    ['a time that is none', routing({ route: [TO], timeout: '2 s' }), '"2 s" is no duration'],
    ['retries that are none', routing({ route: [TO], retries: { attempts: 0, retryOn: '5xx' } }), 'attempts is 0'],
    [
      'two statuses of a failure',
      routing({ route: [TO], fault: { abort: { httpStatus: 503, grpcStatus: 'INTERNAL' } } }),
      '2 statuses',
    ],
    ['a redirect that is none', routing({ redirect: { redirectCode: 200 } }), 'redirectCode is 200'],
    ['a regular expression that does not end', routing({ route: [TO], match: [{ uri: { regex: '(' } }] }), 'not valid'],
    ['a look-ahead', routing({ route: [TO], match: [{ uri: { regex: 'a(?=b)' } }] }), 'no look-around'],
    ['a back reference', routing({ route: [TO], match: [{ uri: { regex: '(a)\\1' } }] }), 'no back references'],
    ['a text that is two', routing({ route: [TO], match: [{ uri: { exact: '/', prefix: '/' } }] }), 'exact and prefix'],
    ['a host twice', { ...routing({ route: [TO] }), hosts: [HOST, HOST] }, 'twice'],
    ['no route at all', { hosts: [HOST] }, 'no routes'],
    ['a delegate in a delegate', { http: [{ delegateTo: { name: 'a' } }] }, 'stands in a delegate'],
    [
      'a large answer',
      routing({ directResponse: { status: 200, body: { text: 'a'.repeat(1024 * 1024 + 1) } } }),
      'larger than 1 MiB',
    ],
  ])('refuse %s, and nothing else of it', (_what, spec, text) => {
    expect(words(virtualServiceProblems(spec))).toEqual(only(text));
  });
});

describe('the rules of a DestinationRule', () => {
  it.each<[string, IstioDestinationRuleSpec, string]>([
    ['a subset twice', { host: HOST, subsets: [{ name: 'a' }, { name: 'a' }] }, 'used twice'],
    ['a subset without a name', { host: HOST, subsets: [{ name: '' }] }, 'no name of a subset'],
    ['a policy that says nothing', { host: HOST, trafficPolicy: {} }, 'says nothing'],
    [
      'failures that nobody counts',
      { host: HOST, trafficPolicy: { outlierDetection: { consecutiveLocalOriginFailures: 3 } } },
      'counts nothing',
    ],
    [
      'callers of another namespace',
      { host: HOST, exportTo: ['*'], workloadSelector: { matchLabels: { a: 'b' } } },
      'its own namespace only',
    ],
    [
      'a region that nobody sees failing',
      {
        host: HOST,
        trafficPolicy: { loadBalancer: { localityLbSetting: { failover: [{ fromLocality: 'a', to: 'b' }] } } },
      },
      'no outlierDetection',
    ],
    [
      'shares that are not 100',
      {
        host: HOST,
        trafficPolicy: { loadBalancer: { localityLbSetting: { distribute: [{ fromLocality: 'a', to: { a: 50 } }] } } },
      },
      'add up to 50',
    ],
    [
      'a hash of nothing',
      { host: HOST, trafficPolicy: { loadBalancer: { consistentHash: {} } } },
      'does not say by what',
    ],
    [
      'a percentage beyond 100',
      { host: HOST, trafficPolicy: { outlierDetection: { maxEjectionPercent: 101 } } },
      'is 101',
    ],
  ])('refuse %s, and nothing else of it', (_what, spec, text) => {
    expect(words(destinationRuleProblems(spec))).toEqual(only(text));
  });
});

describe('the rules of a Gateway', () => {
  const port = { number: 443, name: 'https', protocol: 'HTTPS' };
  it.each<[string, IstioGatewaySpec, string]>([
    ['no ports', {}, 'servers is empty'],
    ['no hosts', { servers: [{ port, hosts: [], tls: { credentialName: 'a' } }] }, 'hosts is empty'],
    ['TLS without settings', { servers: [{ port, hosts: ['*'] }] }, 'has no tls'],
    [
      'TLS without a certificate',
      { servers: [{ port, hosts: ['*'], tls: { mode: IstioServerTlsMode.SIMPLE } }] },
      'no certificate',
    ],
    [
      'settings of TLS for plain HTTP',
      { servers: [{ port: { ...port, protocol: 'HTTP' }, hosts: ['*'], tls: {} }] },
      'and has tls',
    ],
    ['a port that is none', { servers: [{ port: { ...port, number: 0 }, hosts: ['*'], tls: {} }] }, 'is no port'],
  ])('refuse %s, and nothing else of it', (_what, spec, text) => {
    expect(words(gatewayProblems(spec))).toEqual(only(text));
  });
});
