import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HookEvent, ReleaseHook } from '../helm/hooks.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { idOf } from '../kubernetes/object.ts';
import { type OrderedObject, orderOf, sortedByOrder } from './order.ts';

function thing(kind: string, name: string, more: Partial<OrderedObject> & { readonly spec?: object } = {}) {
  const { spec, ...rest } = more;
  const apiVersion = kind === 'Job' ? 'batch/v1' : kind === 'Deployment' ? 'apps/v1' : 'v1';
  const object = { apiVersion, kind, metadata: { name, namespace: 'ns' }, spec } as unknown as KubernetesObject;
  return { cluster: 'one', id: idOf(object), path: 'mall/shop', role: 'write' as const, object, ...rest };
}

const hook = (weight: number, ...events: HookEvent[]): { hook: ReleaseHook } => ({ hook: { events, weight } });

function order(objects: readonly OrderedObject[]): string[] {
  return sortedByOrder(orderOf(objects)).map((index) => (objects[index] as OrderedObject).id.name);
}

describe('the order of hooks', () => {
  it('is one after another by weight, before and after the other objects of the release, whatever stands first', () => {
    const objects = [
      thing('Job', 'last', hook(7, 'post-install')),
      thing('Job', 'after', hook(-1, 'post-install', 'post-upgrade')),
      thing('Deployment', 'app'),
      thing('Job', 'both', hook(3, 'post-install', 'pre-upgrade')),
      thing('Job', 'first', hook(-5, 'pre-install')),
      thing('ConfigMap', 'settings'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
        const found = order(shuffled);
        expect(found.slice(0, 2)).toEqual(['first', 'both']);
        expect(found.slice(4)).toEqual(['after', 'last']);
      }),
    );
  });

  it('keeps the order of the chart among equal weights, and says nothing about other releases', () => {
    const objects = [
      thing('Deployment', 'elsewhere', { path: 'mall/other' }),
      thing('Job', 'b', hook(0, 'pre-install')),
      thing('Job', 'a', hook(0, 'pre-install')),
    ];
    expect(order(objects)).toEqual(['elsewhere', 'b', 'a']);
  });

  it('waits for the end of a hook also with --no-wait, and skips what comes after one that fails', () => {
    const objects = [thing('Deployment', 'app'), thing('Job', 'migrate', hook(0, 'pre-install'))];
    const { edges } = orderOf(objects);
    const into = edges.filter((edge) => edge.from === 1);
    expect(into.map(({ need, soft }) => ({ need, soft }))).toContainEqual({ need: 'established', soft: false });
  });

  it('writes what a hook needs before it, and everything else after it', () => {
    const spec = { template: { spec: { containers: [{ name: 'c', envFrom: [{ secretRef: { name: 'db' } }] }] } } };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } } as KubernetesObject;
    const objects: OrderedObject[] = [
      thing('Deployment', 'app'),
      thing('Secret', 'db'),
      thing('Secret', 'other'),
      thing('Job', 'migrate', { ...hook(0, 'pre-upgrade'), spec }),
      { cluster: 'one', id: idOf(namespace), path: 'mall/shop', role: 'write', object: namespace },
    ];
    const found = order(objects);
    expect(found.slice(0, 3)).toEqual(['ns', 'db', 'migrate']);
    expect(found.slice(3).sort()).toEqual(['app', 'other']);
  });

  it('comes after a webhook of the release that a hook completes, although webhooks are written last', () => {
    const webhook = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'guard' },
      webhooks: [],
    } as unknown as KubernetesObject;
    const objects: OrderedObject[] = [
      thing('Job', 'complete', hook(0, 'post-install', 'post-upgrade')),
      { cluster: 'one', id: idOf(webhook), path: 'mall/shop', role: 'write', object: webhook },
      thing('Deployment', 'app'),
      thing('Deployment', 'elsewhere', { path: 'mall/other' }),
    ];
    const found = order(objects);
    expect(found.indexOf('guard')).toBeGreaterThan(found.indexOf('app'));
    expect(found.indexOf('guard')).toBeGreaterThan(found.indexOf('elsewhere'));
    expect(found.at(-1)).toBe('complete');
  });

  it('ends with the hooks that go, when everything of the cluster is done, whatever other clusters do', () => {
    const account = thing('ServiceAccount', 'account', hook(-5, 'pre-install'));
    const spent = { cluster: 'one', id: account.id, path: 'mall/shop', role: 'delete', isSpent: true } as const;
    const elsewhere = { ...account, cluster: 'two' };
    const objects: OrderedObject[] = [spent, account, thing('Deployment', 'app'), elsewhere];
    const graph = orderOf(objects);
    const sorted = sortedByOrder(graph);
    expect(sorted.indexOf(0)).toBeGreaterThan(sorted.indexOf(2));
    expect(graph.edges.filter(({ from, to }) => from === 3 && to === 0)).toEqual([]);
  });
});
