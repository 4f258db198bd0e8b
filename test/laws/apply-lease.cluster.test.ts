import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Moment } from '../../lib/apply/elapsed.ts';
import { acquireLease } from '../../lib/apply/lease.ts';
import { microTime } from '../../lib/apply/lease-record.ts';
import { PLATFORM_LABEL } from '../../lib/diff/ownership.ts';
import { isOrreryError } from '../../lib/errors.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, outcomeOf } from '../applied-platform.ts';
import { startApply } from '../faults/child-process.ts';
import { type ProxiedRequest, startFaultProxy } from '../faults/fault-proxy.ts';
import { configMap, namespace } from '../sample-objects.ts';

/** One apply at a time, whatever happens to the others. */

let platform: AppliedPlatform;
let ns: string;

beforeEach(() => {
  platform = new AppliedPlatform('lease');
  ns = platform.namespace();
});
afterEach(() => platform.cleanUp(['alpha', 'beta']));

const program = (value: string) => ({
  alpha: [namespace(ns), configMap(ns, 'a', { value }), configMap(ns, 'b', { value })],
});

function isRevision({ method, path }: ProxiedRequest): boolean {
  return method === 'POST' && path.endsWith('/secrets');
}

function leasePath(): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${platform.inventoryNamespace}/leases`;
}

/** A lease as a process would leave it that died right after taking it. */
async function leaveLease(cluster: string, spec: Record<string, unknown> = {}): Promise<void> {
  const { client } = await platform.open(cluster);
  await client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace(platform.inventoryNamespace) });
  const body = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: `orrery-${platform.id}` },
    spec: {
      holderIdentity: 'ghost 00000000-0000-4000-8000-000000000000',
      leaseDurationSeconds: 2,
      acquireTime: microTime(),
      renewTime: microTime(),
      ...spec,
    },
  };
  expect((await client.request({ method: 'POST', path: leasePath(), body })).status).toBe(201);
}

async function readLease(cluster = 'alpha'): Promise<KubernetesObject> {
  const { client } = await platform.open(cluster);
  return (await client.request({ method: 'GET', path: `${leasePath()}/orrery-${platform.id}` }))
    .body as KubernetesObject;
}

/** Answers of the two maps: which revision the cluster holds. */
async function revision(): Promise<unknown[]> {
  const { client } = await platform.open();
  const maps = await Promise.all(
    ['a', 'b'].map((name) => client.request({ method: 'GET', path: `/api/v1/namespaces/${ns}/configmaps/${name}` })),
  );
  return maps.map(({ body }) => (body as { data?: { value?: string } }).data?.value);
}

describe.skipIf(inject('rig') === 'missing')('the lease of a cluster', () => {
  it('is released at the end, and the next apply takes it without waiting', async () => {
    await platform.apply(program('1'));
    expect((await readLease()).spec).not.toHaveProperty('holderIdentity');
    const applied = await platform.apply(program('2'));
    expect(applied.events.filter(({ type }) => type === 'lease-waiting')).toEqual([]);
    expect(outcomeOf(applied).status).toBe('done');
  });

  it('of a holder that died is waited for and taken over, however wrong its clock was', async () => {
    await leaveLease('alpha', { renewTime: '2999-01-01T00:00:00.000000Z' });
    const applied = await platform.apply(program('1'));
    expect(applied.events.find(({ type }) => type === 'lease-waiting')).toMatchObject({ holder: 'ghost' });
    expect(outcomeOf(applied).status).toBe('done');
    expect((await readLease()).spec).toMatchObject({ leaseTransitions: 1 });
  });

  it('that expired before we look is taken over at once, by the clock of the server', async () => {
    await leaveLease('alpha');
    await sleep(3_500);
    const applied = await platform.apply(program('1'));
    expect(applied.events.filter(({ type }) => type === 'lease-waiting')).toEqual([]);
    expect(outcomeOf(applied).status).toBe('done');
  });

  it('held by an apply that is alive refuses another one, in all clusters, before anything is written', async () => {
    const both = { alpha: [namespace(ns), configMap(ns, 'a')], beta: [namespace(ns), configMap(ns, 'a')] };
    const holder = await acquireLease(await platform.open('beta'), {
      platformId: platform.id,
      who: 'mina',
      durationSeconds: 2,
    });
    try {
      const applied = await platform.apply(both);
      expect(outcomeOf(applied, 'beta')).toMatchObject({ status: 'failed', problem: { code: 'ORR5004' } });
      expect(outcomeOf(applied, 'beta').problem?.what).toMatch(/^mina is applying to beta since \d{4}-/);
      expect(outcomeOf(applied, 'alpha')).toMatchObject({
        status: 'skipped',
        written: 0,
        problem: { code: 'ORR5004' },
      });
      // It was new there: nobody may take it for one that was released to us.
      expect(await readLease('alpha')).toMatchObject({ reason: 'NotFound' });
      const { client } = await platform.open();
      expect((await client.request({ method: 'GET', path: `/api/v1/namespaces/${ns}` })).status).toBe(404);
    } finally {
      await holder.release();
    }
    expect((await platform.apply(both)).outcome.clusters.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('was held by a quicker apply that wrote to one of its clusters: nothing is written to the others either', async () => {
    const both = (value: string) => ({
      alpha: [namespace(ns), configMap(ns, 'a', { value })],
      beta: [namespace(ns), configMap(ns, 'a', { value: value === 'late' ? value : 'same' })],
    });
    await platform.apply(both('first'));
    const targets = [await platform.open('alpha'), await platform.open('beta')];
    const made = await platform.plan(both('late'), targets);
    await platform.apply(both('quicker'));
    const { inventories } = made;
    const applied = await platform.applyMade(made, both('late'), targets, { inventories });
    expect(outcomeOf(applied, 'alpha')).toMatchObject({ status: 'failed', written: 0, problem: { code: 'ORR5006' } });
    expect(outcomeOf(applied, 'beta')).toMatchObject({ status: 'skipped', written: 0, problem: { code: 'ORR5006' } });
    for (const cluster of ['alpha', 'beta'])
      expect((await readLease(cluster)).spec).not.toHaveProperty('holderIdentity');
    expect(await platform.pending(both('quicker'))).toEqual([]);
  });

  it('lets one of two applies through that start together, and the state is wholly one of them', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
    // The first one is slow enough for the second to meet it.
    proxy.fault = ({ isWrite, path }) =>
      isWrite && path.includes('/configmaps/') ? { before: () => sleep(4_000) } : undefined;
    const child = startApply(childRun(platform, program('child'), proxy.url));
    await expect
      .poll(() => proxy.requests.some(({ isWrite, path }) => isWrite && path.includes('/configmaps/')), {
        timeout: 30_000,
      })
      .toBe(true);
    const second = await platform.apply(program('second'));
    expect(outcomeOf(second).problem?.code).toBe('ORR5004');
    const { outcome, stderr } = await child.ended;
    expect(outcome?.clusters[0], stderr).toMatchObject({ status: 'done' });
    expect(await revision()).toEqual(['child', 'child']);
    await proxy.close();
  });

  it.each([
    ['the same revision', 'one', 'one'],
    ['different revisions', 'one', 'two'],
  ])(
    'lets one of two applies of %s through that ask for it at the same moment; the other one says why it ended',
    async (_, ...values) => {
      await platform.apply({ alpha: [namespace(ns)] });
      const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
      const revisions = values.map((value) => ({ alpha: [...program(value).alpha, configMap(ns, `only-${value}`)] }));
      // Both have planned when the first of them may take it.
      let waiting = 0;
      let open: () => void = () => {};
      const both = new Promise<void>((resolve) => {
        open = resolve;
      });
      proxy.fault = ({ isWrite, path }) => {
        if (!isWrite || !path.includes('/leases') || waiting >= 2) return undefined;
        if (++waiting === 2) open();
        return { before: () => both };
      };
      const runs = await Promise.all(
        revisions.map((one) => startApply({ ...childRun(platform, one, proxy.url), leaseSeconds: 15 }).ended),
      );
      await proxy.close();
      const found = runs.map(({ outcome }) => outcome?.clusters[0]);
      const winner = found.findIndex((cluster) => cluster?.status === 'done');
      const loser = found[1 - winner];
      expect(found.map((cluster) => cluster?.status).sort(), JSON.stringify(runs)).toEqual(['done', 'failed']);
      // Seen alive, or gone again already: then the plan of the other one is out of date.
      expect(loser?.problem?.what).toMatch(
        /^child \d+ is applying to alpha|^Another apply ran after the plan was made/,
      );
      expect(loser).toMatchObject({ written: 0, deleted: 0 });
      const value = values[winner] as string;
      expect(await revision()).toEqual([value, value]);
      expect(await platform.pending(revisions[winner] as (typeof revisions)[0])).toEqual([]);
      const { client } = await platform.open();
      const query = { labelSelector: `${PLATFORM_LABEL}=${platform.id}` };
      const { body } = await client.request({ method: 'GET', path: `/api/v1/namespaces/${ns}/configmaps`, query });
      expect((body as { items: KubernetesObject[] }).items.map(({ metadata: { name } }) => name)).toEqual([
        'a',
        'b',
        `only-${value}`,
      ]);
    },
  );

  it('is noticed as old by a process that was stopped: it sends nothing on an older check, and what another apply did stays', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
    const child = startApply({ ...childRun(platform, program('stopped'), proxy.url), concurrency: 1 });
    let writes = 0;
    let halt: () => void = () => {};
    const halted = new Promise<void>((resolve) => {
      halt = resolve;
    });
    proxy.fault = ({ isWrite, path }) => {
      if (!isWrite || !path.includes('/configmaps/') || ++writes > 1) return undefined;
      return {
        // The revision is stored beside the first write: once it is in, all that can come late comes from a check after the stop.
        before: () => expect.poll(() => proxy.requests.some(isRevision), { timeout: 30_000 }).toBe(true),
        after: () => {
          child.process.kill('SIGSTOP');
          halt();
        },
      };
    };
    await halted;
    const other = await platform.apply(program('other'));
    expect(outcomeOf(other)).toMatchObject({ status: 'done' });
    const before = proxy.requests.length;
    child.process.kill('SIGCONT');
    const { outcome, stderr } = await child.ended;
    expect(outcome?.clusters[0], stderr).toMatchObject({ status: 'failed', problem: { code: 'ORR5005' } });
    const late = proxy.requests.slice(before).filter(({ isWrite, path }) => isWrite && !path.includes('/leases/'));
    expect(late).toEqual([]);
    expect(await revision()).toEqual(['other', 'other']);
    expect(await platform.pending(program('other'))).toEqual([]);
    await proxy.close();
  });

  it('is not fresh after half its time, by whichever clock saw more of it, and is again after a renewal', async () => {
    const now: { -readonly [K in keyof Moment]: number } = { monotonic: 0, wall: 0 };
    const lease = await acquireLease(await platform.open(), {
      platformId: platform.id,
      who: 'x',
      durationSeconds: 30,
      clock: () => ({ ...now }),
    });
    const code = (): string => {
      try {
        lease.assertFresh();
        return 'fresh';
      } catch (error) {
        return isOrreryError(error) ? error.code : String(error);
      }
    };
    now.monotonic = 14_900;
    expect(code()).toBe('fresh');
    now.monotonic = 15_100;
    expect(code()).toBe('ORR5005');
    await lease.ensureFresh();
    expect(code()).toBe('fresh');
    // The machine slept: only the wall clock went on.
    now.wall = 60_000;
    expect(code()).toBe('ORR5005');
    await lease.ensureFresh();
    expect(code()).toBe('fresh');
    now.wall = -60_000;
    expect(code()).toBe('fresh');
    await lease.release();
    expect(code()).toBe('ORR5005');
  });
});

function childRun(of: AppliedPlatform, what: ReturnType<typeof program>, server: string) {
  return {
    kubeconfigs: { alpha: of.kubeconfigFor('alpha', server) },
    inventoryNamespace: of.inventoryNamespace,
    stateFolder: of.stateFolder,
    desired: of.desired(what),
    leaseSeconds: 2,
  };
}
