import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { idOf } from '../kubernetes/object.ts';
import { type OrderedObject, orderOf, sortedByOrder } from './order.ts';

const selects = (apiVersion: string, kind: string, name: string) => ({
  resourceSelectors: [{ apiVersion, kind, name, ...(kind === 'Namespace' ? {} : { namespace: 'mall' }) }],
});

function thing(apiVersion: string, kind: string, name: string, spec?: object): OrderedObject {
  const isCluster = kind === 'Namespace' || kind.startsWith('Cluster');
  const object = {
    apiVersion,
    kind,
    metadata: { name, ...(isCluster ? {} : { namespace: 'mall' }) },
    spec,
  } as unknown as KubernetesObject;
  return { cluster: 'hub', id: idOf(object), path: `${kind}/${name}`, role: 'write', object };
}

const POLICY = 'policy.karmada.io/v1alpha1';

function order(objects: readonly OrderedObject[]): string[] {
  return sortedByOrder(orderOf(objects)).map((index) => (objects[index] as OrderedObject).path);
}

describe('the order of what Karmada spreads', () => {
  const objects = [
    thing(POLICY, 'PropagationPolicy', 'mall', {
      resourceSelectors: [
        { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'mall', name: 'cart' },
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
      ],
    }),
    thing('apps/v1', 'Deployment', 'cart', { template: { spec: { containers: [{ name: 'c' }] } } }),
    thing('v1', 'ConfigMap', 'cart'),
    thing(POLICY, 'OverridePolicy', 'configmap-cart', selects('v1', 'ConfigMap', 'cart')),
    thing(POLICY, 'OverridePolicy', 'deployment-cart', selects('apps/v1', 'Deployment', 'cart')),
    thing(POLICY, 'ClusterPropagationPolicy', 'mall-namespace-mall', selects('v1', 'Namespace', 'mall')),
    thing('v1', 'Namespace', 'mall'),
    thing(POLICY, 'ClusterOverridePolicy', 'mall-namespace-mall', selects('v1', 'Namespace', 'mall')),
  ];

  it('is: what differs in clusters, before the objects and before the policy that sends them there', () => {
    const found = order(objects);
    const at = (path: string) => found.indexOf(path);
    expect(found).toHaveLength(objects.length);
    for (const [first, then] of [
      ['OverridePolicy/configmap-cart', 'ConfigMap/cart'],
      ['OverridePolicy/configmap-cart', 'PropagationPolicy/mall'],
      ['OverridePolicy/deployment-cart', 'Deployment/cart'],
      ['OverridePolicy/deployment-cart', 'PropagationPolicy/mall'],
      ['ClusterOverridePolicy/mall-namespace-mall', 'Namespace/mall'],
      ['ClusterOverridePolicy/mall-namespace-mall', 'ClusterPropagationPolicy/mall-namespace-mall'],
      ['Namespace/mall', 'OverridePolicy/deployment-cart'],
    ] as const)
      expect(at(first), `${first} before ${then}`).toBeLessThan(at(then));
  });

  it('does not wait for workloads before the policy is written that makes them run', () => {
    const graph = orderOf(objects);
    const policy = objects.findIndex(({ path }) => path === 'PropagationPolicy/mall');
    const before = graph.edges.filter(({ to }) => to === policy).map(({ need }) => need);
    expect(before.length).toBeGreaterThan(0);
    expect(new Set(before)).toEqual(new Set(['written']));
  });

  it('knows nothing of policies that select no object by name', () => {
    const all = thing(POLICY, 'OverridePolicy', 'all', {
      resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap' }],
    });
    expect(order([thing('v1', 'ConfigMap', 'cart'), all])).toEqual(['ConfigMap/cart', 'OverridePolicy/all']);
  });
});
