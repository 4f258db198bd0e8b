import { afterAll, describe, expect, inject, it } from 'vitest';
import type { JsonObject, KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { ClusterPlan } from '../../lib/plan/plan.ts';
import { AppliedPlatform, clusterPlan } from '../applied-platform.ts';
import { definition, namespace } from '../sample-objects.ts';

/**
 * An empty set or keyed list belongs to no field manager: neither fields nor the values under them tell whether it is there. And the apply that takes its last item away takes it away altogether; the
 * next one brings it.
 */

const SET = { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } };
const keyedBy = (name: string, properties: JsonObject): JsonObject => ({
  ...{ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [name] },
  items: { type: 'object', required: [name], properties: { [name]: { type: 'string' }, ...properties } },
});
const SCHEMA: JsonObject = { size: { type: 'integer' }, tags: SET, parts: keyedBy('name', { labels: SET }) };

const FULL: Record<string, JsonObject> = {
  set: { size: 1, tags: ['a', 'b'] },
  keyed: { size: 1, parts: [{ name: 'lid' }] },
  nested: { size: 1, parts: [{ name: 'lid', labels: ['red'] }] },
};
const EMPTY: Record<string, JsonObject> = {
  set: { size: 1, tags: [] },
  keyed: { size: 1, parts: [] },
  nested: { size: 1, parts: [{ name: 'lid', labels: [] }] },
};
const PATHS: Record<string, string> = {
  set: 'spec.tags',
  keyed: 'spec.parts',
  nested: 'spec.parts[name=lid].labels',
};

describe.skipIf(inject('rig') === 'missing')('an empty list of a custom resource that no field manager owns', () => {
  const platform = new AppliedPlatform('emptied');
  const [group, ns] = [`${platform.id}.example.com`, platform.namespace()];
  const boxes = (specs: Record<string, JsonObject>): KubernetesObject[] =>
    Object.entries(specs).map(([name, spec]) => ({
      ...{ apiVersion: `${group}/v1`, kind: 'Box', metadata: { name, namespace: ns } },
      spec,
    }));
  const program = (specs: Record<string, JsonObject>) => ({
    alpha: [namespace(ns), definition(group, 'Box', SCHEMA), ...boxes(specs)],
  });
  const planned = async (verify?: 'all'): Promise<ClusterPlan> =>
    clusterPlan(await platform.plan(program(EMPTY), [await platform.open()], verify ? { verify } : {}));
  const changes = ({ items }: ClusterPlan) =>
    Object.fromEntries(items.map(({ id, reason, changes: [change] }) => [id.name, { reason, ...change }]));
  const added = (reason: string, cause: string) =>
    Object.fromEntries(
      Object.entries(PATHS).map(([name, path]) => [name, { reason, path, op: 'add', after: [], cause }]),
    );

  afterAll(() => platform.cleanUp());

  it('is brought by the apply after the one that took its last item, and nobody is said to have changed it', async () => {
    await platform.apply(program(FULL));
    await platform.apply(program(EMPTY));
    expect(changes(await planned())).toEqual(added('the server did not keep all that was applied last', 'intent'));
    await platform.apply(program(EMPTY));
    expect(await planned()).toMatchObject({ items: [], dryRuns: 0 });
  });

  it('is missed when somebody removes it, which moves no field and no value of ours', async () => {
    const target = await platform.open();
    const pointers = { set: '/spec/tags', keyed: '/spec/parts', nested: '/spec/parts/0/labels' };
    for (const [name, path] of Object.entries(pointers)) {
      const answer = await target.client.request({
        method: 'PATCH',
        path: `/apis/${group}/v1/namespaces/${ns}/boxs/${name}?fieldManager=kubectl-edit`,
        contentType: 'application/json-patch+json',
        body: [{ op: 'remove', path }],
      });
      expect(answer.status).toBe(200);
    }
    const drift = added('somebody changed it in the cluster', 'drift');
    expect(changes(await planned('all'))).toEqual(drift);
    expect(changes(await planned())).toEqual(drift);
    await platform.apply(program(EMPTY));
    expect(await planned()).toMatchObject({ items: [], dryRuns: 0 });
  });
});
