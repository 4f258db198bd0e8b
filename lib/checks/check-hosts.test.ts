import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

/** "field: what" of every host that two objects claim. */
function found(...objects: readonly KubernetesObject[]): string[] {
  return runChecks(state({ alpha: objects }), [])
    .findings.filter(({ check }) => check === 'host')
    .map(({ field, what }) => `${field}: ${what}`);
}

type Named = (name: string) => KubernetesObject;
const made =
  (apiVersion: string, kind: string, spec: Fields, metadata: Fields = {}): Named =>
  (name) =>
    object(apiVersion, kind, name, { spec }, metadata);

const HOST = 'mall.example.com';

describe('a host with a path of an Ingress', () => {
  const ingress = (path: string, more: Fields = {}, annotations: Fields = {}) =>
    made(
      'networking.k8s.io/v1',
      'Ingress',
      {
        rules: [
          {
            host: HOST,
            http: { paths: [{ path, pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }] },
          },
        ],
        ...more,
      },
      { annotations },
    );

  it('belongs to one of them', () => {
    expect(found(ingress('/')('a'), ingress('/')('b'))).toEqual([
      'spec.rules[0].http.paths[0]: Ingress/shop/a claims mall.example.com / as well: which of them is asked is not defined.',
    ]);
  });

  it('belongs to one of those that share a load balancer', () => {
    const grouped = ingress('/', { ingressClassName: 'alb' }, { 'alb.ingress.kubernetes.io/group.name': 'shop' });
    expect(found(grouped('a'), grouped('b'))).toHaveLength(1);
  });

  it.each<[string, Named, Named]>([
    ['another path', ingress('/'), ingress('/cart')],
    ['another class', ingress('/'), ingress('/', { ingressClassName: 'internal' })],
    ['a canary', ingress('/'), ingress('/', {}, { 'nginx.ingress.kubernetes.io/canary': 'true' })],
    [
      'another load balancer',
      ingress('/', {}, { 'alb.ingress.kubernetes.io/scheme': 'internal' }),
      ingress('/', {}, { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' }),
    ],
    [
      'one that has a load balancer of its own',
      ingress('/', { ingressClassName: 'alb' }),
      ingress('/', { ingressClassName: 'alb' }),
    ],
    [
      'another entry point',
      ingress('/', {}, { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' }),
      ingress('/', {}, { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' }),
    ],
  ])('is shared with %s', (_, a, b) => {
    expect(found(a('a'), b('b'))).toEqual([]);
  });
});

const GATEWAY = 'gateway.networking.k8s.io/v1';
const OUTCOME = 'the older one gets every request, and either of them is the older one when it is made anew.';

function route(spec: Fields, kind = 'HTTPRoute', metadata: Fields = {}): Named {
  return made(
    GATEWAY,
    kind,
    { parentRefs: [{ name: 'edge' }], hostnames: [HOST], rules: [{ backendRefs: [{ name: 'a', port: 80 }] }], ...spec },
    metadata,
  );
}
const matching = (...matches: readonly Fields[]) => route({ rules: [{ matches }] });
const listener = (name: string, more: Fields = {}): Fields => ({ name, port: 443, protocol: 'HTTPS', ...more });
const gateway = (listeners: readonly Fields[], more: Fields = {}, metadata: Fields = {}) =>
  made(GATEWAY, 'Gateway', { gatewayClassName: 'istio', listeners, ...more }, metadata);

describe('a host of routes at a Gateway', () => {
  const prefix = (value: string) => ({ path: { type: 'PathPrefix', value } });
  const header = (name: string, value: string) => ({ headers: [{ name, value }] });
  const two = [listener('http', { port: 80, protocol: 'HTTP' }), listener('https')];

  it.each<[string, Named, Named, string]>([
    ['without matches', route({}), route({}), `spec.rules[0]: HTTPRoute/shop/a claims ${HOST} /`],
    [
      'with the same path, said in two ways',
      matching(prefix('/cart'), prefix('/pay')),
      matching(prefix('/'), prefix('/pay/')),
      `spec.rules[0].matches[1]: HTTPRoute/shop/a claims ${HOST} /pay`,
    ],
    [
      'with the same headers in another order',
      matching({
        headers: [
          { name: 'x-a', value: '1' },
          { name: 'x-b', value: '2' },
        ],
      }),
      matching({
        headers: [
          { name: 'X-B', value: '2' },
          { name: 'x-a', value: '1', type: 'Exact' },
        ],
      }),
      `spec.rules[0].matches[0]: HTTPRoute/shop/a claims ${HOST} /`,
    ],
    [
      'of gRPC',
      route({ rules: [{ matches: [{ method: { service: 'cart' } }] }] }, 'GRPCRoute'),
      route({ rules: [{ matches: [{ method: { service: 'cart', type: 'Exact' } }] }] }, 'GRPCRoute'),
      `spec.rules[0].matches[0]: GRPCRoute/shop/a claims ${HOST} cart/`,
    ],
    [
      'of TLS',
      route({ rules: [{ backendRefs: [] }] }, 'TLSRoute'),
      route({ rules: [{ backendRefs: [] }] }, 'TLSRoute'),
      `spec.hostnames: TLSRoute/shop/a claims ${HOST}`,
    ],
    [
      'of every host',
      route({ hostnames: [] }),
      route({ hostnames: undefined }),
      'spec.rules[0]: HTTPRoute/shop/a claims every host /',
    ],
  ])('belongs to one %s', (_, a, b, what) => {
    expect(found(a('a'), b('b'))).toEqual([`${what} as well: ${OUTCOME}`]);
  });

  it.each<[string, Named, Named]>([
    ['another path', matching(prefix('/')), matching(prefix('/cart'))],
    ['another kind of path', matching(prefix('/a')), matching({ path: { type: 'Exact', value: '/a' } })],
    ['headers', matching(prefix('/')), matching({ ...prefix('/'), ...header('x-version', '2') })],
    ['other headers', matching(header('x-version', '1')), matching(header('x-version', '2'))],
    ['a method', matching({ method: 'GET' }), matching({ method: 'POST' })],
    ['parameters', matching({}), matching({ queryParams: [{ name: 'v', value: '2' }] })],
    ['another Gateway', route({}), route({ parentRefs: [{ name: 'internal' }] })],
    ['one of another namespace', route({}), route({ parentRefs: [{ name: 'edge', namespace: 'other' }] })],
    [
      'another listener',
      route({ parentRefs: [{ name: 'edge', sectionName: 'http' }] }),
      route({ parentRefs: [{ name: 'edge', sectionName: 'https' }] }),
    ],
    ['a wildcard that is less specific', route({}), route({ hostnames: ['*.example.com'] })],
    ['every host, which is less specific', route({}), route({ hostnames: [] })],
  ])('is shared with %s', (_, a, b) => {
    expect(found(a('a'), b('b'))).toEqual([]);
  });

  it('is looked for at each listener of a Gateway that takes the route', () => {
    const one = route({ parentRefs: [{ name: 'edge', sectionName: 'https' }] });
    expect(found(gateway(two)('edge'), one('a'), route({})('b'))).toHaveLength(1);
    expect(found(gateway(two)('edge'), route({})('a'), route({})('b'))).toHaveLength(1);
    // Listeners take routes of their own namespace, unless they say otherwise.
    const elsewhere = route({ parentRefs: [{ name: 'edge', namespace: 'shop' }] }, 'HTTPRoute', { namespace: 'team' });
    expect(found(gateway(two)('edge'), route({})('a'), elsewhere('b'))).toEqual([]);
    const open = listener('https', { allowedRoutes: { namespaces: { from: 'All' } } });
    expect(found(gateway([open])('edge'), route({})('a'), elsewhere('b'))).toHaveLength(1);
    const chosen = listener('https', { allowedRoutes: { namespaces: { from: 'Selector' } } });
    expect(found(gateway([chosen])('edge'), route({})('a'), elsewhere('b'))).toEqual([]);
    expect(found(gateway([chosen])('edge'), elsewhere('a'), elsewhere('b'))).toHaveLength(1);
  });

  it('is the one that the listener leaves of it', () => {
    const narrow = gateway([listener('https', { hostname: HOST })])('edge');
    expect(found(narrow, route({ hostnames: ['*.example.com'] })('a'), route({})('b'))).toHaveLength(1);
    const other = route({ hostnames: ['a.example.org'] });
    expect(found(narrow, other('a'), other('b'))).toEqual([]);
    const wide = gateway([listener('https', { hostname: '*.example.com' })])('edge');
    expect(found(wide, route({ hostnames: ['a.b.example.com'] })('a'), route({})('b'))).toEqual([]);
  });

  it('is not for gRPC and other requests both', () => {
    const mixed = [
      'spec.hostnames: HTTPRoute/shop/a has mall.example.com at the same listener: by the rules of the Gateway API only one of an HTTPRoute and a GRPCRoute with a common host is accepted.',
    ];
    expect(found(route({})('a'), route({}, 'GRPCRoute')('b'))).toEqual(mixed);
    expect(found(route({ hostnames: ['*.example.com'] })('a'), route({}, 'GRPCRoute')('b'))).toEqual(mixed);
    expect(found(route({})('a'), route({ hostnames: ['grpc.example.com'] }, 'GRPCRoute')('b'))).toEqual([]);
    expect(found(route({})('a'), route({ parentRefs: [{ name: 'internal' }] }, 'GRPCRoute')('b'))).toEqual([]);
  });
});

describe('a host of listeners', () => {
  const named = listener('https', { hostname: HOST });

  it('belongs to one of two Gateways that are the same otherwise', () => {
    expect(found(gateway([named])('a'), gateway([named])('b'))).toEqual([
      'spec.listeners[name=https]: Gateway/shop/a claims mall.example.com at port 443 as well: each Gateway has an address of its own, and the name can lead to one of them only.',
    ]);
  });

  it.each<[string, Named]>([
    ['another class', gateway([named], { gatewayClassName: 'internal' })],
    ['other addresses', gateway([named], { addresses: [{ value: '10.0.0.1' }] })],
    ['another network', gateway([named], {}, { annotations: { 'example.com/network': 'internal' } })],
    ['another port', gateway([{ ...named, port: 8443 }])],
    ['another host', gateway([{ ...named, hostname: '*.example.com' }])],
    ['no host', gateway([listener('https')])],
  ])('is shared with one of %s', (_, other) => {
    expect(found(gateway([named])('a'), other('b'))).toEqual([]);
  });

  it('is nothing that a Gateway without hosts claims', () => {
    expect(found(gateway([listener('https')])('a'), gateway([listener('https')])('b'))).toEqual([]);
  });
});

const ISTIO = 'networking.istio.io/v1';

describe('a host of Gateways of Istio', () => {
  const server = (more: Fields = {}): Fields => ({
    port: { number: 443, name: 'https', protocol: 'HTTPS' },
    hosts: [HOST],
    ...more,
  });
  const ingress = (servers: readonly Fields[], selector: Fields = { istio: 'ingress' }) =>
    made(ISTIO, 'Gateway', { selector, servers });

  it('belongs to one of them, at a port of the same pods', () => {
    expect(found(ingress([server()])('a'), ingress([server({ hosts: [`*/${HOST}`] })])('b'))).toEqual([
      'spec.servers[0].hosts[0]: Gateway/shop/a claims mall.example.com at port 443 of the same pods as well: which of their settings hold there is not defined.',
    ]);
  });

  it.each<[string, Named]>([
    ['other pods', ingress([server()], { istio: 'internal' })],
    ['another port', ingress([server({ port: { number: 80, name: 'http', protocol: 'HTTP' } })])],
    ['another address', ingress([server({ bind: '10.0.0.1' })])],
    ['a wildcard', ingress([server({ hosts: ['*.example.com'] })])],
    ['routes of another namespace', ingress([server({ hosts: [`team/${HOST}`] })])],
  ])('is shared with %s', (_, other) => {
    expect(found(ingress([server()])('a'), other('b'))).toEqual([]);
  });
});

describe('a host of VirtualServices', () => {
  const to = (host: string, ...match: readonly Fields[]): Fields => ({
    ...(match.length === 0 ? {} : { match }),
    route: [{ destination: { host } }],
  });
  const at = (gateways: readonly string[], http: readonly Fields[], more: Fields = {}, metadata: Fields = {}) =>
    made(
      ISTIO,
      'VirtualService',
      { hosts: [HOST], ...(gateways.length === 0 ? {} : { gateways }), http, ...more },
      metadata,
    );
  const uri = (prefix: string) => ({ uri: { prefix } });

  it('belongs to one of them in the mesh, in whatever words', () => {
    const service = (host: string) => at([], [to('cart')], { hosts: [host] });
    expect(found(service('cart')('a'), service('cart.shop.svc.cluster.local')('b'))).toEqual([
      'spec.hosts[0]: VirtualService/shop/a claims cart.shop.svc.cluster.local in the mesh as well: one of them is ignored by the sidecars, and which one is not defined.',
    ]);
    expect(found(at([], [to('a', uri('/a'))])('a'), at(['mesh'], [to('b', uri('/b'))])('b'))).toHaveLength(1);
  });

  it('is for those who see it', () => {
    const own = (namespace: string) => at([], [to('cart')], { exportTo: ['.'] }, { namespace });
    expect(found(own('shop')('a'), own('team')('b'))).toEqual([]);
    expect(found(own('shop')('a'), own('shop')('b'))).toHaveLength(1);
  });

  it('is shared at a gateway, where one of them says what the other one does not', () => {
    expect(found(at(['edge'], [to('a', uri('/a'))])('a'), at(['edge'], [to('b', uri('/b')), to('c')])('b'))).toEqual(
      [],
    );
    expect(found(at(['edge'], [to('a')])('a'), at(['internal'], [to('b')])('b'))).toEqual([]);
    expect(found(at(['edge'], [to('a')])('a'), at(['team/edge'], [to('b')])('b'))).toEqual([]);
    const narrowed = at(['edge', 'internal'], [to('b', { gateways: ['internal'] })]);
    expect(found(at(['edge'], [to('a')])('a'), narrowed('b'))).toEqual([]);
  });

  it('with the same match at a gateway belongs to one of them', () => {
    const what =
      'VirtualService/shop/a claims mall.example.com with the same match at the gateway shop/edge as well: which of them is asked first is not defined.';
    expect(found(at(['edge'], [to('a')])('a'), at(['shop/edge'], [to('b', uri('/'))])('b'))).toEqual([
      `spec.http[0].match[0]: ${what}`,
    ]);
    const named = to('b', { ...uri('/pay'), name: 'pay' });
    expect(found(at(['edge'], [to('a', uri('/pay'))])('a'), at(['edge'], [to('c', uri('/a')), named])('b'))).toEqual([
      `spec.http[1].match[0]: ${what}`,
    ]);
  });

  it('is not claimed by what others delegate to', () => {
    const delegate = made(ISTIO, 'VirtualService', { http: [to('a')] });
    expect(found(delegate('a'), delegate('b'))).toEqual([]);
  });
});

describe('a host of DestinationRules', () => {
  const rule = (more: Fields, metadata: Fields = {}) =>
    made(ISTIO, 'DestinationRule', { host: 'cart', ...more }, metadata);
  const trafficPolicy = { connectionPool: { tcp: { maxConnections: 1 } } };

  it('has one traffic policy, in whatever words the host stands', () => {
    const full = rule({ host: 'cart.shop.svc.cluster.local', trafficPolicy });
    expect(found(rule({ trafficPolicy })('a'), full('b'))).toEqual([
      'spec.trafficPolicy: DestinationRule/shop/a claims the traffic policy of cart.shop.svc.cluster.local as well: that of the older rule holds, and the other one is ignored.',
    ]);
  });

  it('has a subset of a name once; subsets in one and the policy in the other are merged', () => {
    const subsets = [{ name: 'v1', labels: { version: 'v1' } }];
    expect(found(rule({ trafficPolicy })('a'), rule({ subsets })('b'))).toEqual([]);
    expect(found(rule({ subsets })('a'), rule({ subsets: [{ name: 'v2' }, ...subsets] })('b'))).toEqual([
      'spec.subsets[1]: DestinationRule/shop/a claims subset v1 of cart.shop.svc.cluster.local as well: that of the older rule holds, and the other one is ignored.',
    ]);
  });

  it('is for those who see it, and for the workloads that it selects', () => {
    const pair = (one: Fields, other: Fields, metadata: Fields = {}) =>
      found(rule({ trafficPolicy, ...one })('a'), rule({ trafficPolicy, ...other }, metadata)('b'));
    expect(pair({ exportTo: ['.'] }, { exportTo: ['shop'] })).toHaveLength(1);
    expect(pair({}, { exportTo: ['.'] })).toEqual([]);
    expect(pair({}, { workloadSelector: { matchLabels: { app: 'pay' } } })).toEqual([]);
    expect(
      pair({ host: 'cart.shop.svc.cluster.local' }, { host: 'cart.shop.svc.cluster.local' }, { namespace: 'team' }),
    ).toEqual([]);
  });
});
