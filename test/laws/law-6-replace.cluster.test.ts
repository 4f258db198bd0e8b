import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { PlanItem } from '../../lib/plan/plan.ts';
import type { PlanOptions } from '../../lib/plan/plan-options.ts';
import { AppliedPlatform, clusterPlan, outcomeOf, type Program } from '../applied-platform.ts';
import { configMap, deployment, namespace } from '../sample-objects.ts';
import { Somebody } from './somebody.ts';

let platform: AppliedPlatform;
let ns: string;
let somebody: Somebody;
beforeEach(async () => {
  platform = new AppliedPlatform('law-6');
  ns = platform.namespace();
  somebody = new Somebody(await platform.open());
});
afterEach(() => platform.cleanUp());

async function only(program: Program, options: Partial<PlanOptions> = {}): Promise<PlanItem> {
  const { items } = clusterPlan(await platform.plan(program, [await platform.open()], options));
  if (items.length !== 1 || items[0] === undefined) throw new Error(`one item expected: ${JSON.stringify(items)}`);
  return items[0];
}

const service = (spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: ns },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
});
const selecting = (app: string, replicas = 0): KubernetesObject => {
  const object = deployment(ns, 'web', {}, replicas) as KubernetesObject & { spec: Record<string, object> };
  const template = {
    metadata: { labels: { app } },
    spec: { containers: [{ name: 'main', image: 'example.com/main:1' }] },
  };
  return { ...object, spec: { ...object.spec, selector: { matchLabels: { app } }, template } };
};

describe.skipIf(inject('rig') === 'missing')('law 6: replace is never a reaction to an error', () => {
  it('a replacement is shown with the field that forces it, and done only when it was approved', async () => {
    await platform.apply({ alpha: [namespace(ns), selecting('one')] }, { wait: false });
    const before = await somebody.get('apps/v1', 'Deployment', ns, 'web');
    const program = { alpha: [namespace(ns), selecting('two')] };
    const blocked = await only(program);
    expect(blocked).toMatchObject({
      action: 'blocked',
      problem: { code: 'ORR4004', fix: expect.stringContaining(`--replace Deployment/${ns}/web`) },
    });
    expect(blocked.changes.map((change) => change.path)).toEqual(expect.arrayContaining(['spec.selector']));
    await platform.apply(program, { wait: false });
    expect((await somebody.get('apps/v1', 'Deployment', ns, 'web')).metadata.uid).toBe(before.metadata.uid);

    const replace = [`Deployment/${ns}/web`];
    const approved = await only(program, { replace });
    expect(approved).toMatchObject({ action: 'replace', precondition: { uid: before.metadata.uid } });
    expect(approved.dangers.map(({ kind }) => kind)).toEqual(['replace', 'delete-workload']);
    const applied = await platform.apply(program, { wait: false }, { replace });
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', failures: [] });
    expect((await somebody.get('apps/v1', 'Deployment', ns, 'web')).metadata.uid).not.toBe(before.metadata.uid);
    expect(await platform.pending(program)).toEqual([]);
  });

  it.each([
    ['an invalid port', { ports: [{ port: 99_999 }] }],
    ['an invalid address in an immutable field', { clusterIP: 'nonsense' }],
    ['an address outside the range in an immutable field', { clusterIP: '203.0.113.7' }],
    [
      'a change of an immutable field together with an invalid value',
      { clusterIP: '10.96.77.20', sessionAffinity: 'Nonsense' },
    ],
  ])('%s never gives up the live object, whatever was approved', async (_, spec) => {
    await platform.apply({ alpha: [namespace(ns), service({ clusterIP: 'None' })] });
    const before = await somebody.get('v1', 'Service', ns, 'web');
    const program = { alpha: [namespace(ns), service(spec)] };
    expect(await only(program, { replace: 'all' })).toMatchObject({ action: 'blocked', problem: { code: 'ORR4003' } });
    await platform.apply(program, {}, { replace: 'all' });
    expect((await somebody.get('v1', 'Service', ns, 'web')).metadata.uid).toBe(before.metadata.uid);
  });

  it('contents are fixed only where the object says so: a key that somebody moved is no reason, and a type that changes brings them along', async () => {
    const secret = (type: string, value: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', namespace: ns },
      type,
      data: { value: Buffer.from(value).toString('base64') },
    });
    const settings = configMap(ns, 'settings', { a: '1' });
    await platform.apply({ alpha: [namespace(ns), settings, secret('Opaque', 'one')] });
    const ofType = await only({ alpha: [namespace(ns), settings, secret('example.com/other', 'two')] });
    expect(ofType.problem).toMatchObject({ code: 'ORR4004', what: expect.stringContaining(': type of a Secret') });
    expect(ofType.changes.map(({ path }) => path).sort()).toEqual(['data.value', 'type']);
    const moved = { data: { a: null }, binaryData: { a: 'MQ==' } };
    await somebody.merge('v1', 'ConfigMap', ns, 'settings', moved);
    const ofKey = await only({ alpha: [namespace(ns), settings, secret('Opaque', 'one')] });
    expect(ofKey).toMatchObject({ action: 'blocked', problem: { code: 'ORR4003' } });
  });

  it('the scope of a CRD is not in the table: an error, although the server calls it immutable', async () => {
    const group = `${platform.id}.example.com`;
    const definition = (scope: string): KubernetesObject => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `things.${group}` },
      spec: {
        group,
        scope,
        names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    await platform.apply({ alpha: [definition('Namespaced')] });
    expect(await only({ alpha: [definition('Cluster')] }, { replace: 'all' })).toMatchObject({
      action: 'blocked',
      problem: { code: 'ORR4013', what: expect.stringContaining('its scope cannot change') },
    });
    await platform.destroy();
  });

  it('what was deleted and created again between read and dry run is judged anew, not replaced', async () => {
    const target = await platform.open();
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'settings', { a: '1' }), configMap(ns, 'other')] });
    const { client } = target;
    // Somebody acts between our LIST and our dry run.
    let acted = false;
    const meddling = {
      ...target,
      client: {
        ...client,
        traffic: client.traffic,
        watch: client.watch.bind(client),
        close: client.close.bind(client),
        request: async (request: Parameters<typeof client.request>[0]) => {
          if (request.method === 'PATCH' && !acted) {
            acted = true;
            await somebody.remove('v1', 'ConfigMap', ns, 'settings');
            await somebody.create(configMap(ns, 'settings', { a: 'theirs' }));
          }
          return client.request(request);
        },
      },
    };
    const program = { alpha: [namespace(ns), configMap(ns, 'settings', { a: '2' }), configMap(ns, 'other')] };
    const { items } = clusterPlan(await platform.plan(program, [meddling], { replace: 'all' }));
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      action: 'blocked',
      problem: { code: 'ORR4001', what: expect.stringContaining('somebody created it again') },
    });
  });

  it.each([
    ['an unknown field', { nosuch: 1 }, 'nosuch: field not declared in schema'],
    ['a wrong type', { ports: [{ containerPort: '80' }] }, 'expected numeric'],
    [
      'a duplicate key of a list',
      { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] },
      'duplicate entries for key',
    ],
  ])(
    '%s, which the server answers with 500 for ever, is an error of that object after one request',
    async (_, container, text) => {
      await platform.apply({ alpha: [namespace(ns)] });
      const object = deployment(
        ns,
        'web',
        { containers: [{ name: 'main', image: 'example.com/main:1', ...container }] },
        0,
      );
      const target = await platform.open();
      await target.discovery();
      await target.serverState();
      const before = target.client.traffic.requests;
      const { items } = clusterPlan(await platform.plan({ alpha: [namespace(ns), object] }, [target]));
      expect(items[0]).toMatchObject({
        action: 'blocked',
        problem: { code: 'ORR4003', what: expect.stringContaining(text) },
      });
      // Inventory, namespace, Deployment, and one dry run.
      expect(target.client.traffic.requests - before).toBe(4);
    },
  );
});
