import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idOf, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredObject, DesiredState } from './desired-state.ts';
import { withWaivers } from './waivers.ts';

function stateOf(spec: JsonObject, namespace?: string): DesiredState {
  const metadata = namespace === undefined ? { name: 'cart' } : { name: 'cart', namespace };
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec } as KubernetesObject;
  const digest = sha256(canonicalJson(object));
  const desired: DesiredObject = { id: idOf(object), object, sha256: digest, path: 'p', unit: 'p', dependsOn: [] };
  const clusters = ['old', 'new'].map((name) => ({ name, facts: {}, objects: [desired] }));
  return { platform: { id: 'mall' }, assemblyDigest: 'x', holdsSecrets: false, clusters };
}

const waive = (state: DesiredState, path: string, object = 'Deployment/shop/cart') =>
  withWaivers(state, [{ cluster: 'old', object, path, source: 'cdk8s.yaml:9' }]);

describe('a waiver', () => {
  const containers = [
    { name: 'cart', image: 'a', resizePolicy: [] },
    { name: 'side', image: 'b', resizePolicy: [] },
  ];

  it('drops one field of one object in one cluster, and the digest follows', () => {
    const state = stateOf({ template: { spec: { containers } } }, 'shop');
    const [old, other] = waive(state, 'spec.template.spec.containers[name=cart].resizePolicy').clusters;
    const [object] = old?.objects ?? [];
    const [cart, side] = containers;
    expect(object?.object.spec).toEqual({ template: { spec: { containers: [{ name: 'cart', image: 'a' }, side] } } });
    expect(cart).toHaveProperty('resizePolicy');
    expect(object?.sha256).toBe(sha256(canonicalJson(object?.object)));
    expect(other).toBe(state.clusters[1]);
    expect(old?.dropped).toEqual([
      {
        object: 'Deployment/shop/cart',
        path: 'spec.template.spec.containers[name=cart].resizePolicy',
        source: 'cdk8s.yaml:9',
        found: true,
      },
    ]);
  });

  it('drops a whole list item, and a name with dots and slashes', () => {
    const state = stateOf({ containers, labels: { 'a.b/c': '1', d: '2' } }, 'shop');
    const [item] = waive(state, 'spec.containers[name=side]').clusters;
    expect(item?.objects[0]?.object.spec).toMatchObject({ containers: [{ name: 'cart' }] });
    const [label] = waive(state, 'spec.labels["a.b/c"]').clusters;
    expect(label?.objects[0]?.object.spec).toMatchObject({ labels: { d: '2' } });
  });

  it('drops a field of every item', () => {
    const [old] = waive(stateOf({ containers }, 'shop'), 'spec.containers[*].resizePolicy').clusters;
    expect(JSON.stringify(old?.objects[0]?.object)).not.toContain('resizePolicy');
  });

  it('finds an object that gets its namespace from the cluster', () => {
    const [old] = waive(stateOf({ a: 1, b: 2 }), 'spec.a', 'Deployment/default/cart').clusters;
    expect(old?.objects[0]?.object.spec).toEqual({ b: 2 });
  });

  it.each(['spec.nothing', 'spec.containers[name=nobody].image', 'spec.containers.name'])(
    'that finds nothing to drop (%s) changes nothing and says so',
    (path) => {
      const state = stateOf({ containers }, 'shop');
      const [old] = waive(state, path).clusters;
      expect(old?.objects[0]).toBe(state.clusters[0]?.objects[0]);
      expect(old?.dropped).toMatchObject([{ found: false }]);
    },
  );
});
