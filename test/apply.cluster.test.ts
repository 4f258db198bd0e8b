import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { idKey } from '../lib/kubernetes/object.ts';
import { AppliedPlatform, clusterPlan, happened, itemsOf, outcomeOf } from './applied-platform.ts';
import { startFaultProxy } from './faults/fault-proxy.ts';
import { configMap, definition, deployment, failingJob, namespace, secret } from './sample-objects.ts';

let platform: AppliedPlatform;
let ns: string;

beforeEach(() => {
  platform = new AppliedPlatform('apply');
  ns = platform.namespace();
});
afterEach(() => platform.cleanUp(['alpha', 'beta']));

describe.skipIf(inject('rig') === 'missing')('applying to a real cluster', () => {
  it('brings a program into being in order, waits until it is ready, and finds nothing to do afterwards', async () => {
    const program = {
      alpha: [
        deployment(
          ns,
          'web',
          {
            containers: [
              { name: 'main', image: 'example.com/web:1', envFrom: [{ configMapRef: { name: 'settings' } }] },
            ],
          },
          2,
        ),
        configMap(ns, 'settings'),
        secret(ns, 'password', { value: 'correct horse' }),
        namespace(ns),
      ],
    };
    const applied = await platform.apply(program);
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 4, failures: [], skipped: [] });
    const events = happened(applied, 'object-written', 'object-ready');
    expect(events[0]).toBe(`object-written Namespace/${ns}`);
    expect(events.indexOf(`object-written ConfigMap/${ns}/settings`)).toBeLessThan(
      events.indexOf(`object-written Deployment/${ns}/web`),
    );
    expect(events.at(-1)).toBe(`object-ready Deployment/${ns}/web`);

    const inventory = await platform.inventory();
    expect(
      [...inventory.entries.values()].every(
        ({ uid, fields, projection, serverState }) => uid && fields && projection && serverState,
      ),
    ).toBe(true);
    expect(await platform.pending(program)).toEqual([]);
  });

  it('sends no write at all when there is nothing to do', async () => {
    const program = { alpha: [namespace(ns), configMap(ns, 'a')] };
    await platform.apply(program);
    const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
    try {
      const target = await platform.open('alpha', proxy.url);
      const made = await platform.plan(program, [target]);
      const applied = await platform.applyMade(made, program, [target]);
      expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 0, unchanged: 2 });
      expect(proxy.requests.length).toBeGreaterThan(3);
      expect(proxy.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    } finally {
      await proxy.close();
    }
  });

  it('proves without a dry run what it wrote itself, CRD and resources of the same apply included', async () => {
    const group = `${platform.id}.example.com`;
    const program = {
      alpha: [
        { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'one', namespace: ns }, spec: { size: 3 } },
        definition(group, 'Widget'),
        namespace(ns),
        configMap(ns, 'a'),
      ],
    };
    const applied = await platform.apply(program);
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 4 });
    const written = happened(applied, 'object-written', 'object-ready');
    expect(written.indexOf(`object-ready CustomResourceDefinition/widgets.${group}`)).toBeLessThan(
      written.indexOf(`object-written Widget/${ns}/one`),
    );
    const again = clusterPlan(await platform.plan(program, [await platform.open()]));
    expect(itemsOf(again)).toEqual([]);
    expect(again.dryRuns).toBe(0);
    expect(outcomeOf(await platform.destroy()).status).toBe('done');
  });

  it('brings a webhook with its service and what it guards: the webhook last, nothing left to do, and first to go', async () => {
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] };
    const webhook = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: platform.id },
      webhooks: [
        {
          ...{ name: 'guard.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 1 },
          ...{ failurePolicy: 'Fail', rules: [rule], clientConfig: { service: { namespace: ns, name: 'guard' } } },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ns } },
        },
      ],
    };
    const service = {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'guard', namespace: ns } },
      spec: { selector: { app: 'guard' }, ports: [{ port: 443 }] },
    };
    const program = (value: string) => ({
      alpha: [webhook, configMap(ns, 'guarded', { value }), service, deployment(ns, 'guard'), namespace(ns)],
    });
    const applied = await platform.apply(program('1'));
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 5, failures: [] });
    const events = happened(applied, 'object-written', 'object-ready');
    const written = `object-written ValidatingWebhookConfiguration/${platform.id}`;
    expect(events.indexOf(written)).toBeGreaterThan(events.indexOf(`object-ready Deployment/${ns}/guard`));
    expect(happened(applied, 'object-written').at(-1)).toBe(written);
    const again = clusterPlan(await platform.plan(program('1'), [await platform.open()]));
    expect([itemsOf(again), again.dryRuns]).toEqual([[], 0]);
    // It is at work: nobody answers for it, so that nothing it guards may change.
    await expect
      .poll(() => platform.pending(program('2')), { timeout: 20_000 })
      .toEqual([`blocked ConfigMap/${ns}/guarded`]);
    const destroyed = await platform.destroy();
    expect(outcomeOf(destroyed)).toMatchObject({ status: 'done', failures: [] });
    expect(happened(destroyed, 'object-deleted')[0]).toBe(
      `object-deleted ValidatingWebhookConfiguration/${platform.id}`,
    );
  });

  it('updates, deletes last, and leaves what is not in the program and not ours', async () => {
    const first = { alpha: [namespace(ns), configMap(ns, 'kept', { a: '1' }), configMap(ns, 'dropped')] };
    await platform.apply(first);
    const target = await platform.open();
    await target.client.request({
      method: 'POST',
      path: `/api/v1/namespaces/${ns}/configmaps`,
      body: configMap(ns, 'foreign'),
    });
    const second = { alpha: [namespace(ns), configMap(ns, 'kept', { a: '2' }), configMap(ns, 'new')] };
    const applied = await platform.apply(second);
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 2, deleted: 1, unchanged: 1 });
    expect(happened(applied, 'object-written', 'object-deleted').at(-1)).toBe(`object-deleted ConfigMap/${ns}/dropped`);
    const found = await namesOf(target, ns);
    expect(found).toEqual(['foreign', 'kept', 'new']);
    const inventory = await platform.inventory();
    expect([...inventory.entries.keys()].sort()).toEqual(
      [namespace(ns), configMap(ns, 'kept'), configMap(ns, 'new')]
        .map(({ kind, metadata }) =>
          idKey({ group: '', kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' }),
        )
        .sort(),
    );
    expect(await platform.pending(second)).toEqual([]);
  });

  it('skips what depends on a failed object, does everything else, and keeps what the failure might have replaced', async () => {
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'old')] });
    const program = {
      alpha: [
        namespace(ns),
        { object: failingJob(ns, 'migrate'), path: 'migrate' },
        { object: configMap(ns, 'after'), path: 'after', dependsOn: [{ path: 'migrate' }] },
        { object: configMap(ns, 'beside'), path: 'beside' },
      ],
    };
    const applied = await platform.apply(program);
    const outcome = outcomeOf(applied);
    expect(outcome.status).toBe('failed');
    expect(outcome.failures.map(({ id, problem }) => [id?.name, problem.code])).toEqual([['migrate', 'ORR5003']]);
    expect(new Map(outcome.skipped.map(({ id, reason }) => [id.name, reason]))).toEqual(
      new Map([
        ['after', `needs Job/${ns}/migrate, which failed`],
        ['old', `kept, because Job/${ns}/migrate failed and may be what replaces it`],
      ]),
    );
    expect(await namesOf(await platform.open(), ns)).toEqual(['beside', 'old']);
  });

  it('does not wait when told so, and the next apply waits for what it needs', async () => {
    const program = { alpha: [namespace(ns), deployment(ns, 'stuck', { nodeSelector: { 'no-such': 'node' } })] };
    const applied = await platform.apply(program, { wait: false });
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 2 });
    expect(happened(applied, 'object-waiting')).toEqual([]);

    const more = {
      alpha: [
        namespace(ns),
        { object: deployment(ns, 'stuck', { nodeSelector: { 'no-such': 'node' } }), path: 'stuck' },
        { object: configMap(ns, 'user'), path: 'user', dependsOn: [{ path: 'stuck' }] },
      ],
    };
    const later = await platform.apply(more, { timeoutMs: 2_000 });
    expect(outcomeOf(later).failures.map(({ problem }) => problem.code)).toEqual(['ORR5002']);
    expect(outcomeOf(later).skipped.map(({ reason }) => reason)).toEqual([
      `needs Deployment/${ns}/stuck, which failed`,
    ]);
  });

  it('waits across clusters: an object of one is written when what it depends on in the other is ready', async () => {
    const program = {
      alpha: [namespace(ns), { object: deployment(ns, 'server'), path: 'server' }],
      beta: [
        namespace(ns),
        { object: configMap(ns, 'client'), path: 'client', dependsOn: [{ cluster: 'alpha', path: 'server' }] },
      ],
    };
    const applied = await platform.apply(program);
    expect(applied.outcome.clusters.map(({ status }) => status)).toEqual(['done', 'done']);
    const events = happened(applied, 'object-written', 'object-ready');
    expect(events.indexOf(`object-ready Deployment/${ns}/server`)).toBeLessThan(
      events.indexOf(`object-written ConfigMap/${ns}/client`),
    );
    await platform.destroy(['alpha', 'beta']);
  });

  it('makes the namespace of its own inventory as the program declares it', async () => {
    const home = namespace(platform.inventoryNamespace);
    const declared = { ...home, metadata: { ...home.metadata, labels: { team: 'platform' } } };
    const program = { alpha: [declared, configMap(platform.inventoryNamespace, 'notes')] };
    expect(outcomeOf(await platform.apply(program))).toMatchObject({ status: 'done', written: 2, failures: [] });
    const target = await platform.open();
    const { body } = await target.client.request({ method: 'GET', path: `/api/v1/namespaces/${home.metadata.name}` });
    expect(body).toMatchObject({ metadata: { labels: { team: 'platform', 'orrery.dev/platform': platform.id } } });
    expect(await platform.pending(program)).toEqual([]);
  });

  it('destroys everything of ours, the inventory and the lease included, and nothing else', async () => {
    const group = `${platform.id}.example.com`;
    const program = {
      alpha: [
        namespace(ns),
        deployment(ns, 'web'),
        configMap(ns, 'a'),
        definition(group, 'Widget'),
        { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'one', namespace: ns }, spec: { size: 3 } },
      ],
    };
    await platform.apply(program);
    const target = await platform.open();
    const other = platform.namespace('foreign');
    await target.client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace(other) });
    await target.client.request({
      method: 'POST',
      path: `/api/v1/namespaces/${other}/configmaps`,
      body: configMap(other, 'foreign'),
    });
    const destroyed = await platform.destroy(['alpha'], program);
    expect(outcomeOf(destroyed)).toMatchObject({ status: 'done', deleted: 5, failures: [], skipped: [] });
    const order = happened(destroyed, 'object-deleted').map((line) => line.split(' ')[1]?.split('/')[0]);
    expect(order.indexOf('Widget')).toBeLessThan(order.indexOf('CustomResourceDefinition'));
    expect(order.indexOf('Deployment')).toBeLessThan(order.indexOf('Namespace'));
    const read = async (path: string) => (await target.client.request({ method: 'GET', path })).status;
    expect(await read(`/api/v1/namespaces/${ns}`)).toBe(404);
    expect(await read(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`)).toBe(404);
    const inventory = await target.client.request({
      method: 'GET',
      path: `/api/v1/namespaces/${platform.inventoryNamespace}/secrets`,
    });
    expect((inventory.body as { items: unknown[] }).items).toEqual([]);
    const leases = await target.client.request({
      method: 'GET',
      path: `/apis/coordination.k8s.io/v1/namespaces/${platform.inventoryNamespace}/leases`,
    });
    expect((leases.body as { items: unknown[] }).items).toEqual([]);
    expect(await namesOf(target, other)).toEqual(['foreign']);
  });
});

async function namesOf(target: Awaited<ReturnType<AppliedPlatform['open']>>, where: string): Promise<string[]> {
  const { body } = await target.client.request({ method: 'GET', path: `/api/v1/namespaces/${where}/configmaps` });
  return (body as { items: { metadata: { name: string } }[] }).items
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'kube-root-ca.crt');
}
