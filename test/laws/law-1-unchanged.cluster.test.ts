import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, clusterPlan, itemsOf } from '../applied-platform.ts';
import { bindingOf, labellingPolicy } from '../mutating-policy.ts';
import { configMap, definition, deployment, namespace, secret } from '../sample-objects.ts';

let platform: AppliedPlatform;
let ns: string;
beforeEach(() => {
  platform = new AppliedPlatform('law-1');
  ns = platform.namespace();
});
afterEach(() => platform.cleanUp());

const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
const CRDS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

async function send(target: KubeTarget, method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object) {
  const answer = await target.client.request({ method, path, body, query: { fieldManager: 'somebody' } });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body as KubernetesObject;
}

async function merge(target: KubeTarget, path: string, body: object): Promise<void> {
  const query = { fieldManager: 'somebody' };
  const contentType = 'application/merge-patch+json';
  const answer = await target.client.request({ method: 'PATCH', path, body, query, contentType });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
}

/** A program of every common kind in one namespace: enough to see that requests do not grow with objects. */
function shop(size: number): KubernetesObject[] {
  const objects: KubernetesObject[] = [namespace(ns)];
  for (let at = 0; at < size; at++) {
    objects.push(
      deployment(ns, `app-${at}`, {}, 0),
      configMap(ns, `config-${at}`),
      secret(ns, `secret-${at}`, { a: 'b' }),
    );
  }
  return objects;
}

describe.skipIf(inject('rig') === 'missing')('law 1: "unchanged" is never wrong', () => {
  it('everything that was applied is proved without a single dry run, by one LIST per kind and six requests more', async () => {
    await platform.apply({ alpha: shop(20) }, { wait: false });
    await sleep(1000);
    await platform.plan({ alpha: shop(20) }, [await platform.open()]);
    const target = await platform.open();
    await target.discovery();
    const before = target.client.traffic.requests;
    const plan = clusterPlan(await platform.plan({ alpha: shop(20) }, [target]));
    expect(plan).toMatchObject({ items: [], unchanged: 61, dryRuns: 0, warnings: [] });
    // Of the six, opening the target took the uid of kube-system, and discovery (not cached on disk here) the OpenAPI index.
    expect(target.client.traffic.requests - before).toBe(4 + 4);
  });

  it('--verify=all asks the server about every object, and finds the same', async () => {
    await platform.apply({ alpha: shop(3) }, { wait: false });
    await sleep(1000);
    const plan = clusterPlan(await platform.plan({ alpha: shop(3) }, [await platform.open()], { verify: 'all' }));
    expect(plan).toMatchObject({ items: [], unchanged: 10, dryRuns: 10 });
  });

  it('a new default of a CRD inside an atomic list is seen, although neither fields nor values moved', async () => {
    const group = `${platform.id}.example.com`;
    const boxes = (color: string): KubernetesObject =>
      definition(group, 'Box', {
        parts: {
          type: 'array',
          items: {
            type: 'object',
            properties: { name: { type: 'string' }, color: { type: 'string', default: color } },
          },
        },
      });
    const box = {
      apiVersion: `${group}/v1`,
      kind: 'Box',
      metadata: { name: 'box', namespace: ns },
      spec: { parts: [{ name: 'lid' }] },
    };
    const target = await platform.open();
    const crd = resourcePath(CRDS, '', `boxs.${group}`);
    await send(target, 'POST', resourcePath(CRDS, ''), boxes('red'));
    try {
      await expect
        .poll(async () => (await target.discovery({ fresh: true })).find(box.apiVersion, 'Box'))
        .toBeDefined();
      await platform.apply({ alpha: [namespace(ns), box] });
      expect(await platform.pending({ alpha: [namespace(ns), box] })).toEqual([]);
      const live = await send(target, 'GET', crd);
      await send(target, 'PUT', crd, { ...live, spec: boxes('blue').spec });
      // The server sees the new default, and says so by the hash of the group's OpenAPI document, a moment later.
      await expect
        .poll(() => platform.pending({ alpha: [namespace(ns), box] }), { timeout: 20_000 })
        .toEqual([`update Box/${ns}/box`]);
      const plan = clusterPlan(await platform.plan({ alpha: [namespace(ns), box] }, [await platform.open()]));
      expect(plan.items[0]).toMatchObject({
        reason: 'the server completes or mutates it differently now',
        changes: [{ path: 'spec.parts[name=lid].color', before: 'red', after: 'blue' }],
      });
    } finally {
      await send(target, 'DELETE', crd);
    }
  });

  it('a mutating policy that comes later is seen, costs dry runs only of the kinds it may touch, and is proved again after an apply', async () => {
    const program = { alpha: [namespace(ns), configMap(ns, 'one'), secret(ns, 'two', { a: 'b' })] };
    await platform.apply(program);
    const target = await platform.open();
    const admission = '/apis/admissionregistration.k8s.io/v1';
    const name = platform.id;
    const looked = { namespaces: [ns], apiGroups: [''], resources: ['configmaps'] };
    await send(target, 'POST', `${admission}/mutatingadmissionpolicies`, labellingPolicy(name, looked, 'yes'));
    await send(target, 'POST', `${admission}/mutatingadmissionpolicybindings`, bindingOf(name));
    try {
      await expect.poll(() => platform.pending(program), { timeout: 20_000 }).toEqual([`update ConfigMap/${ns}/one`]);
      const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
      expect(plan).toMatchObject({ unchanged: 2, dryRuns: 0 });
      expect(plan.items[0]).toMatchObject({
        changes: [{ path: 'metadata.labels.injected', op: 'add', after: 'yes' }],
        reason: 'the server completes or mutates it differently now',
      });
      await platform.apply(program);
      expect(clusterPlan(await platform.plan(program, [await platform.open()]))).toMatchObject({
        items: [],
        dryRuns: 0,
      });
    } finally {
      await send(target, 'DELETE', `${admission}/mutatingadmissionpolicybindings/${name}`);
      await send(target, 'DELETE', `${admission}/mutatingadmissionpolicies/${name}`);
    }
  });

  it('a Secret that still holds stringData is never proved: the server moves it into data', async () => {
    const object: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'raw', namespace: ns },
      stringData: { password: 'one' },
    };
    const program = { alpha: [namespace(ns), object] };
    await platform.apply(program);
    const target = await platform.open();
    const path = resourcePath({ ...CONFIG_MAPS, plural: 'secrets' }, ns, 'raw');
    await merge(target, path, { data: { password: Buffer.from('two').toString('base64') } });
    expect(await platform.pending(program)).toEqual([`update Secret/${ns}/raw`]);
  });

  it('a key that we drop and somebody else co-owns is an ownership change and no change of values', async () => {
    const both = configMap(ns, 'shared', { ours: '1', theirs: '2' });
    const target = await platform.open();
    await platform.apply({ alpha: [namespace(ns), both] });
    await target.client.request({
      method: 'PATCH',
      path: resourcePath(CONFIG_MAPS, ns, 'shared'),
      query: { fieldManager: 'other' },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared', namespace: ns }, data: { theirs: '2' } },
    });
    const program = { alpha: [namespace(ns), configMap(ns, 'shared', { ours: '1' })] };
    const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(itemsOf(plan)).toEqual([`ownership-only ConfigMap/${ns}/shared`]);
    expect(plan.items[0]?.changes).toEqual([]);
    await platform.apply(program);
    expect(await platform.pending(program)).toEqual([]);
    expect(await send(target, 'GET', resourcePath(CONFIG_MAPS, ns, 'shared'))).toMatchObject({
      data: { ours: '1', theirs: '2' },
    });
  });

  it('a field of ours that the program drops is shown as removed', async () => {
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'one', { a: '1', b: '2' })] });
    const program = { alpha: [namespace(ns), configMap(ns, 'one', { a: '1' })] };
    const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(plan.items[0]).toMatchObject({
      action: 'update',
      reason: 'the program changed',
      changes: [{ path: 'data.b', op: 'remove', before: '2', cause: 'intent' }],
    });
  });

  it('an object that somebody deleted is planned to be created again, one that lost our label is still ours', async () => {
    const program = { alpha: [namespace(ns), configMap(ns, 'gone'), configMap(ns, 'bare'), configMap(ns, 'still')] };
    await platform.apply(program);
    const target = await platform.open();
    await send(target, 'DELETE', resourcePath(CONFIG_MAPS, ns, 'gone'));
    await merge(target, resourcePath(CONFIG_MAPS, ns, 'bare'), { metadata: { labels: null } });
    const plan = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(itemsOf(plan).sort()).toEqual([`create ConfigMap/${ns}/gone`, `update ConfigMap/${ns}/bare`]);
    expect(plan.items.find((item) => item.action === 'create')?.reason).toBe('it was deleted in the cluster');
    expect(plan.items.find((item) => item.action === 'update')?.changes).toEqual([
      { path: 'metadata.labels', op: 'add', after: { 'orrery.dev/platform': platform.id }, cause: 'drift' },
    ]);
  });

  it('many objects that vanished with their label are confirmed by one LIST of names, not by a GET each', async () => {
    const program = { alpha: [namespace(ns), ...Array.from({ length: 40 }, (_, at) => configMap(ns, `c-${at}`))] };
    await platform.apply(program);
    const target = await platform.open();
    for (let at = 0; at < 40; at++) {
      const path = resourcePath(CONFIG_MAPS, ns, `c-${at}`);
      if (at < 38) await send(target, 'DELETE', path);
      else await merge(target, path, { metadata: { labels: null } });
    }
    const fresh = await platform.open();
    await fresh.discovery();
    await fresh.serverState();
    const before = fresh.client.traffic.requests;
    const plan = clusterPlan(await platform.plan(program, [fresh], { dryRunCreates: false }));
    expect(plan.items.filter((item) => item.action === 'create')).toHaveLength(38);
    expect(plan.items.filter((item) => item.action === 'update')).toHaveLength(2);
    // Inventory, namespace, label-selected LIST, LIST of names, two GETs, two dry runs.
    expect(fresh.client.traffic.requests - before).toBe(8);
  });
});
