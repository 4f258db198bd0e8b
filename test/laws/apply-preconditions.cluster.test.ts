import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { PLATFORM_LABEL } from '../../lib/diff/ownership.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { type Applied, AppliedPlatform, outcomeOf, type Program } from '../applied-platform.ts';
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts';
import { configMap, definition, deployment, namespace, secret } from '../sample-objects.ts';

/** Laws 2, 5 and 8: an apply does what the plan shows, on the objects it was made from, and tells no secret. */

let platform: AppliedPlatform;
let ns: string;
let target: KubeTarget;

beforeEach(async () => {
  platform = new AppliedPlatform('law2');
  ns = platform.namespace();
  target = await platform.open();
});
afterEach(() => platform.cleanUp());

const mapPath = (name: string) => `/api/v1/namespaces/${ns}/configmaps/${name}`;

/** Plans, lets somebody else act, then applies the plan. */
async function meanwhile(program: Program, act: () => Promise<unknown>): Promise<Applied> {
  const made = await platform.plan(program, [target]);
  await act();
  return platform.applyMade(made, program, [target]);
}

function patch(name: string, body: unknown): Promise<unknown> {
  return target.client.request({
    method: 'PATCH',
    path: mapPath(name),
    query: { fieldManager: 'somebody' },
    contentType: 'application/merge-patch+json',
    body,
  });
}

async function read(name: string): Promise<KubernetesObject | undefined> {
  const answer = await target.client.request({ method: 'GET', path: mapPath(name) });
  return answer.status === 200 ? (answer.body as KubernetesObject) : undefined;
}

async function remove(name: string): Promise<void> {
  await target.client.request({ method: 'DELETE', path: mapPath(name) });
}

async function create(object: KubernetesObject): Promise<void> {
  const answer = await target.client.request({
    method: 'POST',
    path: `/api/v1/namespaces/${ns}/configmaps`,
    body: object,
  });
  expect(answer.status).toBe(201);
}

const first = (): Program => ({ alpha: [namespace(ns), configMap(ns, 'a', { key: '1' })] });
const second = (): Program => ({ alpha: [namespace(ns), configMap(ns, 'a', { key: '2' })] });
const without = (): Program => ({ alpha: [namespace(ns)] });
const codes = (applied: Applied) => outcomeOf(applied).failures.map(({ problem }) => problem.code);

describe.skipIf(inject('rig') === 'missing')('an object that changed after the plan was made', () => {
  it('is written when the effect is still the same', async () => {
    await platform.apply(first());
    const applied = await meanwhile(second(), () =>
      patch('a', { metadata: { annotations: { note: 'from somebody' } } }),
    );
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 1 });
    expect(await read('a')).toMatchObject({ data: { key: '2' }, metadata: { annotations: { note: 'from somebody' } } });
    expect(await platform.pending(second())).toEqual([]);
  });

  it('is written when somebody made the very change, which leaves only the ownership', async () => {
    await platform.apply(first());
    const applied = await meanwhile(second(), () => patch('a', { data: { key: '2' } }));
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 1 });
    expect(await platform.pending(second())).toEqual([]);
  });

  it('is refused when the effect would be another one, and stays as it is', async () => {
    const two = (key: string): Program => ({ alpha: [namespace(ns), configMap(ns, 'a', { key, other: 'x' })] });
    await platform.apply(two('1'));
    const applied = await meanwhile(two('2'), () => patch('a', { data: { other: null } }));
    expect(codes(applied)).toEqual(['ORR4104']);
    expect((await read('a'))?.data).toEqual({ key: '1' });
  });

  it('is refused with the owner named when somebody changed our field by hand', async () => {
    await platform.apply(first());
    const applied = await meanwhile(second(), () => patch('a', { data: { key: 'by hand' } }));
    expect(codes(applied)).toEqual(['ORR4005']);
    expect(outcomeOf(applied).failures[0]?.problem.what).toContain('data.key (somebody)');
    expect(await read('a')).toMatchObject({ data: { key: 'by hand' } });
  });

  it('is not created again when it was deleted', async () => {
    await platform.apply(first());
    const applied = await meanwhile(second(), () => remove('a'));
    expect(codes(applied)).toEqual(['ORR4104']);
    expect(await read('a')).toBeUndefined();
  });

  it('is left alone when somebody deleted it and created another one', async () => {
    await platform.apply(first());
    const applied = await meanwhile(second(), async () => {
      await remove('a');
      await create(configMap(ns, 'a', { key: 'theirs' }));
    });
    expect(codes(applied)).toEqual(['ORR4104']);
    expect(await read('a')).toMatchObject({ data: { key: 'theirs' } });
  });

  it('is not taken over when somebody creates what the plan wanted to create', async () => {
    await platform.apply(without());
    const applied = await meanwhile(first(), () => create(configMap(ns, 'a', { key: '1' })));
    expect(codes(applied)).toEqual(['ORR4001']);
    const live = await read('a');
    expect(live?.metadata.labels?.[PLATFORM_LABEL]).toBeUndefined();
    expect(live?.metadata.managedFields?.some(({ operation }) => operation === 'Apply')).toBe(false);
    expect([...(await platform.inventory()).entries.keys()]).toHaveLength(1);
  });

  it('is refused with the owner named when another manager took fields over', async () => {
    await platform.apply(first());
    const applied = await meanwhile(second(), () =>
      target.client.request({
        method: 'PATCH',
        path: mapPath('a'),
        query: { fieldManager: 'rival', force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: ns }, data: { key: 'rival' } },
      }),
    );
    expect(codes(applied)).toEqual(['ORR4005']);
    expect(outcomeOf(applied).failures[0]?.problem.what).toContain('data.key (rival)');
    expect(await read('a')).toMatchObject({ data: { key: 'rival' } });
  });

  it('is deleted when it only moved on', async () => {
    await platform.apply(first());
    const applied = await meanwhile(without(), () => patch('a', { metadata: { annotations: { note: 'x' } } }));
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', deleted: 1 });
    expect(await read('a')).toBeUndefined();
  });

  it.each([
    ['somebody took our label off', { metadata: { labels: { [PLATFORM_LABEL]: null } } }],
    ['it was marked to stay', { metadata: { annotations: { 'orrery.dev/on-remove': 'orphan' } } }],
  ])('is not deleted when %s', async (_, change) => {
    await platform.apply(first());
    const applied = await meanwhile(without(), () => patch('a', change));
    expect(codes(applied)).toEqual(['ORR4104']);
    expect(await read('a')).toBeDefined();
  });

  it('is not deleted when it is another one of the same name', async () => {
    await platform.apply(first());
    const applied = await meanwhile(without(), async () => {
      await remove('a');
      await create(configMap(ns, 'a', { key: 'theirs' }));
    });
    expect(outcomeOf(applied)).toMatchObject({ deleted: 0, skipped: [{ id: { name: 'a' } }] });
    expect(await read('a')).toMatchObject({ data: { key: 'theirs' } });
    expect(await platform.pending(without())).toEqual([]);
  });

  it('makes a whole plan invalid when another apply dealt with what it deletes', async () => {
    await platform.apply(first());
    const made = await platform.plan(without(), [target]);
    await platform.apply(without());
    const applied = await platform.applyMade(made, without(), [target]);
    expect(outcomeOf(applied)).toMatchObject({ status: 'failed', problem: { code: 'ORR5006' } });
  });
});

describe.skipIf(inject('rig') === 'missing')('an apply through a bad connection', () => {
  let proxy: FaultProxy;
  beforeEach(async () => {
    proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'a', { key: '1' }), configMap(ns, 'gone')] });
    target = await platform.open('alpha', proxy.url);
  });
  afterEach(() => proxy.close());

  const program = (): Program => ({
    alpha: [namespace(ns), configMap(ns, 'a', { key: '2' }), configMap(ns, 'new'), secret(ns, 's', { v: 'w' })],
  });

  it.each(['before', 'after'] as const)(
    'does everything once when each write is cut off once %s the server executed it',
    async (cut) => {
      const made = await platform.plan(program(), [target]);
      const seen = new Set<string>();
      proxy.fault = ({ isWrite, method, path, body }) => {
        const key = `${method} ${path.split('?')[0]} ${path.includes('leases') || path.includes('secrets') ? body : ''}`;
        if (!isWrite || seen.has(key)) return undefined;
        seen.add(key);
        return { cut };
      };
      const applied = await platform.applyMade(made, program(), [target], { leaseSeconds: 30 });
      expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 3, deleted: 1, failures: [], skipped: [] });
      expect(seen.size).toBeGreaterThan(6);
      proxy.fault = () => undefined;
      expect(await platform.pending(program())).toEqual([]);
    },
  );

  it('goes on after ten conflicts of version and no more', async () => {
    const made = await platform.plan(
      { alpha: [namespace(ns), configMap(ns, 'a', { key: '2' }), configMap(ns, 'gone')] },
      [target],
    );
    const direct = await platform.open();
    let conflicts = 0;
    let limit = 9;
    const disturb = async () => {
      conflicts++;
      const body = { metadata: { annotations: { count: `${conflicts}` } } };
      await direct.client.request({
        method: 'PATCH',
        path: mapPath('a'),
        contentType: 'application/merge-patch+json',
        body,
      });
    };
    proxy.fault = ({ isWrite, method, path }) =>
      isWrite && method === 'PATCH' && path.startsWith(mapPath('a')) && conflicts < limit
        ? { before: disturb }
        : undefined;
    const desired = { alpha: [namespace(ns), configMap(ns, 'a', { key: '2' }), configMap(ns, 'gone')] };
    const applied = await platform.applyMade(made, desired, [target]);
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 1 });
    expect(conflicts).toBe(9);

    const next = { alpha: [namespace(ns), configMap(ns, 'a', { key: '3' }), configMap(ns, 'gone')] };
    limit = 100;
    const again = await platform.applyMade(await platform.plan(next, [target]), next, [target]);
    expect(codes(again)).toEqual(['ORR4104']);
    expect(conflicts).toBe(19);
  });

  it('sends busy answers again, and gives up at once on permanent ones', async () => {
    const made = await platform.plan(program(), [target]);
    const times = new Map<string, number>();
    const status = (code: number, message: string) => ({
      answer: {
        status: code,
        headers: code === 429 ? { 'retry-after': '1' } : {},
        body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message },
      },
    });
    proxy.fault = ({ isWrite, path }) => {
      const name = /configmaps\/(\w+)/.exec(path)?.[1];
      if (!isWrite || name === undefined) return undefined;
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      if (name === 'a' && time === 1) return status(429, 'slow down');
      if (name === 'a' && time === 2)
        return status(500, 'Internal error occurred: failed calling webhook "x": connection refused');
      return name === 'new'
        ? status(500, 'failed to create typed patch object: field not declared in schema')
        : undefined;
    };
    const applied = await platform.applyMade(made, program(), [target]);
    expect(codes(applied)).toEqual(['ORR5001']);
    expect(times).toEqual(
      new Map([
        ['a', 3],
        ['new', 1],
      ]),
    );
    expect(outcomeOf(applied)).toMatchObject({ written: 2, deleted: 0, skipped: [{ id: { name: 'gone' } }] });
  });
});

describe.skipIf(inject('rig') === 'missing')('a resource whose CRD changes with it', () => {
  it('is sent again while the server judges by the schema that was replaced, and refused at last when the new one says no as well', async () => {
    const group = `${platform.id}.example.com`;
    const thing = (spec: object) => ({
      apiVersion: `${group}/v1`,
      kind: 'Thing',
      metadata: { name: 'one', namespace: ns },
      spec,
    });
    const program = (shape: object, spec: object) => ({
      alpha: [namespace(ns), definition(group, 'Thing', { size: { type: 'integer' }, ...shape }), thing(spec)],
    });
    await platform.apply(program({}, { size: 1 }));
    const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
    const through = await platform.open('alpha', proxy.url);
    const path = `/apis/${group}/v1/namespaces/${ns}/things/one`;
    // What the server says before it knows the field.
    const old = await target.client.request({
      method: 'PATCH',
      path,
      query: { fieldManager: 'x', fieldValidation: 'Strict', dryRun: 'All' },
      contentType: 'application/apply-patch+yaml',
      body: thing({ shape: 'round' }),
    });
    expect(old.status).toBeGreaterThanOrEqual(400);
    let refused = 0;
    proxy.fault = ({ isWrite, path: at }) =>
      isWrite && at.startsWith(path) && refused++ < 3 ? { answer: { status: old.status, body: old.body } } : undefined;
    const wider = program({ shape: { type: 'string', enum: ['round', 'flat'] } }, { size: 1, shape: 'round' });
    const applied = await platform.applyMade(await platform.plan(wider, [through]), wider, [through], {
      leaseSeconds: 30,
    });
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', failures: [] });
    expect(refused).toBeGreaterThanOrEqual(4);
    const wrong = program({ shape: { type: 'string', enum: ['flat', 'bent'] } }, { size: 1, shape: 'square' });
    const never = await platform.applyMade(await platform.plan(wrong, [through]), wrong, [through], {
      leaseSeconds: 30,
    });
    expect(codes(never)).toEqual(['ORR5001']);
    expect(outcomeOf(never).failures[0]?.problem.what).toContain('spec.shape');
    await proxy.close();
  });
});

describe.skipIf(inject('rig') === 'missing')('replacing', () => {
  it('deletes and creates only what the plan shows as replace', async () => {
    const other = { ...deployment(ns, 'web') };
    const spec = other.spec as { selector: { matchLabels: object }; template: { metadata: object } };
    const changed = {
      ...other,
      spec: {
        ...spec,
        selector: { matchLabels: { app: 'web', more: 'x' } },
        template: { ...spec.template, metadata: { labels: { app: 'web', more: 'x' } } },
      },
    } as KubernetesObject;
    await platform.apply({ alpha: [namespace(ns), deployment(ns, 'web')] });
    const path = `/apis/apps/v1/namespaces/${ns}/deployments/web`;
    const uid = async () =>
      ((await target.client.request({ method: 'GET', path })).body as KubernetesObject).metadata.uid;
    const before = await uid();
    const program = { alpha: [namespace(ns), changed] };
    const unapproved = await platform.apply(program);
    expect(codes(unapproved)).toEqual(['ORR4004']);
    expect(await uid()).toBe(before);
    const approved = await platform.apply(program, {}, { replace: 'all' });
    expect(outcomeOf(approved)).toMatchObject({ status: 'done', written: 1 });
    expect(await uid()).not.toBe(before);
    expect(await platform.pending(program)).toEqual([]);
  });
});

describe.skipIf(inject('rig') === 'missing')('the values of a Secret', () => {
  it('stay out of the outcome and every event, also when the server quotes what it refuses', async () => {
    const canary = 'canary-9f3c-value';
    const program = {
      alpha: [
        namespace(ns),
        secret(ns, 'good', { value: canary }),
        { ...secret(ns, 'bad', {}), data: { value: `%%${canary}%%` } },
      ],
    };
    const applied = await platform.apply(program, {}, { dryRunCreates: false });
    expect(outcomeOf(applied).failures).toHaveLength(1);
    const told = JSON.stringify([applied.outcome, applied.events, applied.made.plan]);
    for (const form of [canary, Buffer.from(canary).toString('base64'), encodeURIComponent(canary)])
      expect(told).not.toContain(form);
  });
});
