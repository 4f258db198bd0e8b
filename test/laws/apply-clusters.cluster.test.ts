import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Applied, AppliedPlatform, happened, outcomeOf } from '../applied-platform.ts';
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts';
import { configMap, deployment, namespace } from '../sample-objects.ts';

/** Law 7: clusters fail alone. And what waiting and stopping must survive. */

let platform: AppliedPlatform;
let ns: string;
let proxy: FaultProxy;

beforeEach(async () => {
  platform = new AppliedPlatform('law7');
  ns = platform.namespace();
  proxy = await startFaultProxy(inject('clusters').kubeconfig, 'beta');
});
afterEach(async () => {
  await proxy.close();
  await platform.cleanUp(['alpha', 'beta']);
});

const program = () => ({ alpha: [namespace(ns), configMap(ns, 'a')], beta: [namespace(ns), configMap(ns, 'a')] });

/** The cluster's problem says why nothing of the program was written: no object says so again, all of them are counted. */
function expectToldOnce(applied: Applied, cluster: string): void {
  const reason = 'the apply to this cluster stopped';
  expect(outcomeOf(applied, cluster)).toMatchObject({ failures: [], skipped: [{ reason }, { reason }] });
  const ofObjects = applied.events.filter((event) => 'id' in event && event.cluster === cluster);
  expect(ofObjects).toEqual([]);
}

describe.skipIf(inject('rig') === 'missing')('one of two clusters', () => {
  it('that stops answering in the middle tells that once, counts what it did not come to, and the next run does it', async () => {
    const many = [...'abcdefghijkl'].map((name) => configMap(ns, name));
    const both = { alpha: [namespace(ns), configMap(ns, 'a')], beta: [namespace(ns), ...many] };
    const targets = [
      await platform.open('alpha'),
      await platform.open('beta', proxy.url, { attempts: 1, pauseMs: 10 }),
    ];
    const made = await platform.plan(both, targets);
    let reached = 0;
    proxy.fault = ({ isWrite, path }) => {
      if (isWrite && path.includes('/configmaps/')) reached++;
      return reached > 3 ? { cut: 'before' } : undefined;
    };
    const applied = await platform.applyMade(made, both, targets);
    expect(outcomeOf(applied, 'alpha')).toMatchObject({ status: 'done', written: 2 });
    const beta = outcomeOf(applied, 'beta');
    expect(beta).toMatchObject({ status: 'failed', failures: [], problem: { code: 'ORR3004' } });
    expect(beta.written + beta.skipped.length).toBe(13);
    expect(beta.skipped.length).toBeGreaterThanOrEqual(9);
    expect(happened(applied, 'object-skipped', 'object-failed')).toEqual([]);
    await platform.apply(both);
    expect(await platform.pending(both, 'beta')).toEqual([]);
  });

  it('that stops answering after the plan fails, the other one is done, and a new run does only what is left', async () => {
    const targets = [await platform.open('alpha'), await platform.open('beta', proxy.url, { pauseMs: 10 })];
    const made = await platform.plan(program(), targets);
    await proxy.close();
    const applied = await platform.applyMade(made, program(), targets);
    expect(outcomeOf(applied, 'alpha')).toMatchObject({ status: 'done', written: 2 });
    expect(outcomeOf(applied, 'beta')).toMatchObject({ status: 'failed', written: 0, problem: { code: 'ORR3004' } });
    expectToldOnce(applied, 'beta');
    const again = await platform.apply(program());
    expect(again.outcome.clusters).toMatchObject([
      { status: 'done', written: 0 },
      { status: 'done', written: 2 },
    ]);
    proxy = await startFaultProxy(inject('clusters').kubeconfig, 'beta');
  });

  it('in which we may only read fails with the missing right named, before anything is written there', async () => {
    const reader = await startFaultProxy(inject('clusters').kubeconfig, 'beta', {
      'impersonate-user': 'reader',
      'impersonate-group': `${platform.id}-readers`,
    });
    const beta = await platform.open('beta');
    const role = `${platform.id}-read`;
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const rules = [
      { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ];
    const meta = { metadata: { name: role } };
    await beta.client.request({ method: 'POST', path: `${rbac}/clusterroles`, body: { ...meta, rules } });
    await beta.client.request({
      method: 'POST',
      path: `${rbac}/clusterrolebindings`,
      body: {
        ...meta,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
        subjects: [{ kind: 'Group', name: `${platform.id}-readers` }],
      },
    });
    try {
      const targets = [await platform.open('alpha'), await platform.open('beta', reader.url)];
      const made = await platform.plan(program(), targets, { dryRunCreates: false });
      const applied = await platform.applyMade(made, program(), targets);
      expect(outcomeOf(applied, 'alpha').status).toBe('done');
      expect(outcomeOf(applied, 'beta')).toMatchObject({ status: 'failed', written: 0, problem: { code: 'ORR3006' } });
      expectToldOnce(applied, 'beta');
      expect(outcomeOf(applied, 'beta').problem?.what).toContain(
        `create, update leases.coordination.k8s.io in ${platform.inventoryNamespace}`,
      );
    } finally {
      await beta.client.request({ method: 'DELETE', path: `${rbac}/clusterroles/${role}` });
      await beta.client.request({ method: 'DELETE', path: `${rbac}/clusterrolebindings/${role}` });
      await reader.close();
    }
  });

  it('that is not the one the plan was made for is refused before anything is read or written there', async () => {
    const made = await platform.plan({ alpha: program().alpha }, [await platform.open('alpha')]);
    const beta = await platform.open('beta', proxy.url);
    const before = proxy.requests.length;
    const applied = await platform.applyMade(made, { alpha: program().alpha }, [{ ...beta, cluster: 'alpha' }]);
    expect(outcomeOf(applied)).toMatchObject({ status: 'failed', written: 0, problem: { code: 'ORR3003' } });
    expectToldOnce(applied, 'alpha');
    expect(proxy.requests.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v1/namespaces/kube-system',
    ]);
  });

  it('that others depend on keeps them from being written when it fails', async () => {
    const linked = {
      alpha: [
        namespace(ns),
        { object: configMap(ns, 'user'), path: 'user', dependsOn: [{ cluster: 'beta', path: 'base' }] },
        configMap(ns, 'free'),
      ],
      beta: [namespace(ns), { object: configMap(ns, 'base'), path: 'base' }],
    };
    const targets = [await platform.open('alpha'), await platform.open('beta', proxy.url)];
    const made = await platform.plan(linked, targets);
    proxy.fault = ({ isWrite }) =>
      isWrite
        ? { answer: { status: 403, body: { kind: 'Status', code: 403, message: 'no', reason: 'Forbidden' } } }
        : undefined;
    const applied = await platform.applyMade(made, linked, targets);
    expect(outcomeOf(applied, 'beta')).toMatchObject({ status: 'failed', written: 0 });
    expect(outcomeOf(applied, 'alpha')).toMatchObject({
      status: 'failed',
      written: 2,
      skipped: [{ id: { name: 'user' } }],
    });
    expect(outcomeOf(applied, 'alpha').skipped[0]?.reason).toBe(`needs Namespace/${ns} in beta, which was not done`);
  });
});

describe.skipIf(inject('rig') === 'missing')('waiting', () => {
  const waiting = () => ({
    beta: [namespace(ns), deployment(ns, 'web', { schedulingGates: [{ name: 'example.com/held' }] })],
  });

  /** Lets the pods of the Deployment go, as an autoscaler or a person would. */
  async function release(): Promise<void> {
    const { client } = await platform.open('beta');
    const path = `/api/v1/namespaces/${ns}/pods`;
    const pods = async () => {
      const { body } = await client.request({ method: 'GET', path });
      return (body as { items: { metadata: { name: string } }[] }).items;
    };
    await expect.poll(async () => (await pods()).length, { timeout: 30_000 }).toBeGreaterThan(0);
    for (const { metadata } of await pods()) {
      await client.request({
        method: 'PATCH',
        path: `${path}/${metadata.name}`,
        contentType: 'application/merge-patch+json',
        body: { spec: { schedulingGates: null } },
      });
    }
  }

  it.each([
    ['is cut', () => proxy.cutAll()],
    ['is told that its place is lost (410)', () => proxy.cutAll()],
  ])('goes on when its watch %s, and sees what happened meanwhile', async (what) => {
    const target = await platform.open('beta', proxy.url);
    const made = await platform.plan(waiting(), [target]);
    const watches = () =>
      proxy.requests.filter(({ path }) => path.includes('watch=true') && path.includes('deployments')).length;
    const planned = proxy.requests.length;
    const lists = () =>
      proxy.requests.slice(planned).filter(({ path }) => path.includes('deployments?') && !path.includes('watch=true'))
        .length;
    const gone = {
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
    };
    if (what.includes('410')) {
      proxy.fault = ({ path }) =>
        path.includes('watch=true') && watches() === 1
          ? { answer: { status: 200, body: `${JSON.stringify(gone)}\n` } }
          : undefined;
    }
    const applying = platform.applyMade(made, waiting(), [target]);
    await expect.poll(watches, { timeout: 30_000 }).toBeGreaterThan(0);
    if (!what.includes('410')) proxy.cutAll();
    await release();
    const applied = await applying;
    expect(outcomeOf(applied, 'beta')).toMatchObject({ status: 'done', written: 2 });
    // A place that is lost is found again by a list, a cut stream goes on where it was.
    expect(what.includes('410') ? lists() : watches()).toBeGreaterThan(1);
    expect(happened(applied, 'object-waiting').length).toBeGreaterThan(0);
  });

  it('needs one list and one watch for many objects of a kind and namespace', async () => {
    const many = { beta: [namespace(ns), ...Array.from({ length: 12 }, (_, index) => deployment(ns, `d${index}`))] };
    const target = await platform.open('beta', proxy.url);
    const applied = await platform.applyMade(await platform.plan(many, [target]), many, [target]);
    expect(outcomeOf(applied, 'beta')).toMatchObject({ status: 'done', written: 13 });
    const watches = proxy.requests.filter(({ path }) => path.includes('watch=true'));
    expect(watches).toHaveLength(1);
  });

  it('ends when somebody interrupts: what was begun is finished and known, the lease let go, and the next run does the rest', async () => {
    const stop = new AbortController();
    const target = await platform.open('beta', proxy.url);
    const desired = {
      beta: [
        ...waiting().beta,
        { object: configMap(ns, 'later'), path: 'later', dependsOn: [{ path: `Deployment-${ns}-web` }] },
      ],
    };
    const made = await platform.plan(desired, [target]);
    const applying = platform.applyMade(made, desired, [target], { signal: stop.signal });
    await expect
      .poll(() => proxy.requests.some(({ path }) => path.includes('watch=true')), { timeout: 30_000 })
      .toBe(true);
    stop.abort();
    const applied = await applying;
    expect(outcomeOf(applied, 'beta')).toMatchObject({
      status: 'interrupted',
      written: 2,
      failures: [],
      skipped: [{ id: { name: 'later' } }],
    });
    const inventory = await platform.inventory('beta');
    expect([...inventory.entries.values()].map(({ id, uid }) => [id.name, uid !== undefined]).sort()).toEqual([
      ['later', false],
      [ns, true],
      ['web', true],
    ]);
    await release();
    const rest = await platform.apply(desired);
    expect(outcomeOf(rest, 'beta')).toMatchObject({ status: 'done', written: 1 });
    expect(rest.events.filter(({ type }) => type === 'lease-waiting')).toEqual([]);
  });
});
