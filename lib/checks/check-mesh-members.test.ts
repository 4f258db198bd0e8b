import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

function found(...objects: KubernetesObject[]): string[] {
  return runChecks(state({ alpha: objects }, {}), [])
    .findings.filter(({ check }) => check === 'mesh-member')
    .map(({ id, field }) => `${id.kind} ${field}`);
}

const namespaced = (made: KubernetesObject): KubernetesObject => ({
  ...made,
  metadata: { ...made.metadata, namespace: 'shop' },
});
const namespace = (labels: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels },
});
const service = namespaced(
  object('v1', 'Service', 'cart', { spec: { selector: { app: 'cart' }, ports: [{ port: 80 }] } }),
);
const pods = (labels: Record<string, string> = {}) =>
  namespaced(
    object('apps/v1', 'Deployment', 'cart', {
      spec: {
        selector: { matchLabels: { app: 'cart' } },
        template: {
          metadata: { labels: { app: 'cart', ...labels } },
          spec: { containers: [{ name: 'cart', image: 'cart:1' }] },
        },
      },
    }),
  );
const host = 'cart.shop.svc.cluster.local';
const route = (name = host) =>
  namespaced(object('networking.istio.io/v1', 'VirtualService', 'cart', { spec: { hosts: [name] } }));
const rule = namespaced(object('networking.istio.io/v1', 'DestinationRule', 'cart', { spec: { host } }));

describe('rules of a mesh', () => {
  it('are found where neither the namespace nor its pods are in one', () => {
    expect(found(namespace({}), service, pods(), route(), rule)).toEqual([
      'VirtualService spec.hosts',
      'DestinationRule spec.host',
    ]);
    expect(found(namespace({ 'istio-injection': 'disabled' }), service, pods(), route('cart'))).toEqual([
      'VirtualService spec.hosts',
    ]);
  });

  it.each([{ 'istio-injection': 'enabled' }, { 'istio.io/rev': 'stable' }, { 'istio.io/dataplane-mode': 'ambient' }])(
    'do what they say in a namespace with %o',
    (labels) => expect(found(namespace(labels), service, pods(), route(), rule)).toEqual([]),
  );

  it('do what they say where the pods ask for a proxy, or where others make namespace, Service or pods', () => {
    expect(found(namespace({}), service, pods({ 'sidecar.istio.io/inject': 'true' }), route())).toEqual([]);
    expect(found(service, pods(), route())).toEqual([]);
    expect(found(namespace({}), pods(), route())).toEqual([]);
    expect(found(namespace({}), service, route())).toEqual([]);
    expect(found(namespace({}), service, pods(), route('shop.example.com'))).toEqual([]);
  });
});
