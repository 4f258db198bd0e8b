import { describe, expect, it } from 'vitest';
import { releaseId } from '../helm/native-input.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import { type OrderedObject, orderOf, sortedByOrder } from './order.ts';

function object(apiVersion: string, kind: string, name: string, more: object = {}): OrderedObject {
  const namespace = kind === 'Namespace' || kind === 'CustomResourceDefinition' ? {} : { namespace: 'shop' };
  const made = { apiVersion, kind, metadata: { name, ...namespace }, ...more } as KubernetesObject;
  return { cluster: 'one', id: idOf(made), path: `mall/${name}`, role: 'write', object: made };
}

const release = (more: Partial<OrderedObject> = {}): OrderedObject => ({
  ...{ cluster: 'one', id: releaseId('shop', 'release'), path: 'mall/release', role: 'write' },
  ...more,
});

const names = (objects: readonly OrderedObject[]) =>
  sortedByOrder(orderOf(objects)).map((index) => (objects[index] as OrderedObject).id.name);

describe('a native Helm release comes', () => {
  it('after its namespace, settings of it, definitions and what it depends on; before what depends on it', () => {
    const spec = { group: 'x.example.com', names: { kind: 'Thing' }, scope: 'Namespaced' };
    const after = { ...object('v1', 'Service', 'after'), dependsOn: [{ path: 'mall/release' }] };
    const first = object('v1', 'Service', 'first');
    const found = names([
      after,
      release({ dependsOn: [{ path: 'mall/first' }] }),
      first,
      object('v1', 'Secret', 'setting'),
      object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things.x.example.com', { spec }),
      object('v1', 'Namespace', 'shop'),
    ]);
    expect(found.slice(-2)).toEqual(['release', 'after']);
  });

  it('off before its namespace, and after the custom resources that its controllers may have to finish', () => {
    const gone = (one: OrderedObject): OrderedObject => ({ ...one, role: 'delete', object: undefined });
    const found = names([
      gone(object('v1', 'Namespace', 'shop')),
      release({ role: 'delete' }),
      gone(object('x.example.com/v1', 'Thing', 'thing')),
    ]);
    expect(found).toEqual(['thing', 'release', 'shop']);
  });
});
