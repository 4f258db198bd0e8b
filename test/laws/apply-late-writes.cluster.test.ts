import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { movePlatform, type PlatformMove, planMove } from '../../lib/apply/move-platform.ts';
import { planRefresh, refreshInventory } from '../../lib/apply/refresh-inventory.ts';
import { readInventory } from '../../lib/inventory/read-inventory.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { AppliedPlatform, clusterPlan, happened, itemsOf, outcomeOf } from '../applied-platform.ts';
import { startApply } from '../faults/child-process.ts';
import { type FaultProxy, type ProxiedRequest, startFaultProxy } from '../faults/fault-proxy.ts';
import { configMap, namespace } from '../sample-objects.ts';

/** What an apply had sent before it lost its lease, and what arrives at the server when another one has long been there. */

let platform: AppliedPlatform;
let ns: string;
let proxy: FaultProxy;

beforeEach(async () => {
  platform = new AppliedPlatform('late');
  ns = platform.namespace();
  proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
});
afterEach(async () => {
  await proxy.close();
  await platform.cleanUp();
});

function startChild(objects: readonly KubernetesObject[]) {
  return startApply({
    kubeconfigs: { alpha: platform.kubeconfigFor('alpha', proxy.url) },
    inventoryNamespace: platform.inventoryNamespace,
    stateFolder: platform.stateFolder,
    desired: platform.desired({ alpha: objects }),
    leaseSeconds: 2,
  });
}

/** An apply of the namespace and a map that is killed when it is about to send the map. */
async function killedBefore(name: string): Promise<void> {
  const child = startChild([namespace(ns), configMap(ns, name)]);
  proxy.fault = ({ isWrite, path }) =>
    isWrite && path.includes(`/configmaps/${name}`)
      ? { before: () => void child.process.kill('SIGKILL'), cut: 'before' }
      : undefined;
  expect((await child.ended).signal).toBe('SIGKILL');
}

function isRevision({ method, path }: ProxiedRequest): boolean {
  return method === 'POST' && path.endsWith('/secrets');
}

/** The value of a map; undefined: it is not there. */
async function dataOf(name: string): Promise<string | undefined> {
  const { client } = await platform.open();
  const { status, body } = await client.request({ method: 'GET', path: `/api/v1/namespaces/${ns}/configmaps/${name}` });
  return status === 200 ? (body as { data: { value: string } }).data.value : undefined;
}

const unsettled = async () => [...(await platform.inventory()).unsettled.values()].map(({ id }) => id.name);
const known = async () => [...(await platform.inventory()).entries.values()].map(({ id }) => id.name).sort();

describe.skipIf(inject('rig') === 'missing')('a write that arrives after its apply lost the lease', () => {
  it('fails by its precondition, or its object is known to the inventory and deleted by the next apply', async () => {
    const map = (name: string, value: string) => configMap(ns, name, { value });
    await platform.apply({ alpha: [namespace(ns), map('changed', 'before'), map('kept', 'before')] });
    const names = ['late', 'both', 'changed'];
    const held = new Set<string>();
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    proxy.fault = ({ isWrite, path }) => {
      const name = names.find((one) => path.includes(`/configmaps/${one}?`));
      if (!isWrite || name === undefined) return undefined;
      held.add(name);
      return { before: () => gate };
    };
    const child = startChild([namespace(ns), ...names.map((name) => map(name, 'late')), map('kept', 'before')]);
    // The revision is stored beside the first writes.
    const isSent = () => held.size === names.length && proxy.requests.some(isRevision);
    await expect.poll(isSent, { timeout: 60_000 }).toBe(true);
    child.process.kill('SIGSTOP');

    const other = { alpha: [namespace(ns), map('both', 'other'), map('changed', 'other'), map('kept', 'before')] };
    expect(outcomeOf(await platform.apply(other))).toMatchObject({ status: 'done', failures: [] });
    expect([await known(), await unsettled()]).toEqual([['both', 'changed', 'kept', ns], ['late']]);
    expect(await platform.pending(other)).toEqual([]);

    release();
    await expect.poll(() => dataOf('late'), { timeout: 60_000 }).toBe('late');
    child.process.kill('SIGCONT');
    const { outcome, stderr } = await child.ended;
    expect(outcome?.clusters[0], stderr).toMatchObject({ status: 'failed', problem: { code: 'ORR5005' } });
    expect(await Promise.all(['both', 'changed', 'kept'].map(dataOf))).toEqual(['other', 'other', 'before']);

    expect(await platform.pending(other)).toEqual([`delete ConfigMap/${ns}/late`]);
    const next = await platform.apply(other);
    expect(happened(next, 'object-written', 'object-deleted')).toEqual([`object-deleted ConfigMap/${ns}/late`]);
    expect(await dataOf('late')).toBeUndefined();
    expect([await known(), await unsettled()]).toEqual([['both', 'changed', 'kept', ns], []]);
    expect(await platform.pending(other)).toEqual([]);
  });

  it('is no longer waited for once an apply that took a released lease found nothing', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    await killedBefore('never');
    // It takes over, and has nothing else to do.
    await platform.apply({ alpha: [namespace(ns)] });
    expect([await known(), await unsettled()]).toEqual([[ns], ['never']]);
    const again = await platform.apply({ alpha: [namespace(ns)] });
    expect([outcomeOf(again).status, await unsettled()]).toEqual(['done', ['never']]);
    await platform.apply({ alpha: [namespace(ns), configMap(ns, 'another')] });
    expect([await known(), await unsettled()]).toEqual([['another', ns], []]);
  });

  it('keeps the inventory of a platform that is removed until it cannot come any more', async () => {
    await killedBefore('never');
    expect(outcomeOf(await platform.destroy())).toMatchObject({ status: 'done', deleted: 1 });
    expect([await known(), await unsettled()]).toEqual([[], ['never']]);
    expect(outcomeOf(await platform.destroy())).toMatchObject({ status: 'done', deleted: 0 });
    expect((await platform.inventory()).shards).toEqual([]);
  });

  it('stays known when the platform is moved to another id meanwhile: it comes under the former one, and the next apply deletes it', async () => {
    await platform.apply({ alpha: [namespace(ns)] });
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sent = (name: string) => proxy.requests.some(({ isWrite, path }) => isWrite && path.includes(`/${name}?`));
    proxy.fault = ({ isWrite, path }) =>
      isWrite && /\/configmaps\/(late|wanted)\?/.test(path) ? { before: () => gate } : undefined;
    const child = startChild([
      namespace(ns),
      ...['late', 'wanted'].map((name) => configMap(ns, name, { value: 'former' })),
    ]);
    await expect.poll(() => sent('late') && sent('wanted'), { timeout: 60_000 }).toBe(true);
    child.process.kill('SIGSTOP');

    const target = await platform.open();
    const [from, to] = [platform.id, `${platform.id}-new`];
    const { stateFolder } = platform;
    // A refresh in between takes the lease over, and leaves what it knows nothing of to the next.
    await refreshInventory(target, from, await planRefresh(target, from, { stateFolder }), {
      stateFolder,
      who: 'test',
    });
    const move = await planMove(target, { from, to }, stateFolder);
    await movePlatform(target, { from, to }, move as PlatformMove, { stateFolder, who: 'test' });
    const inventory = () => readInventory(target, to, { stateFolder });
    const unsettledOf = async () =>
      [...(await inventory()).unsettled.values()].map(({ id, sentBy }) => [id.name, sentBy]);
    expect((await unsettledOf()).sort()).toEqual([
      ['late', from],
      ['wanted', from],
    ]);
    const apply = async (...names: string[]) => {
      const program = { alpha: [namespace(ns), ...names.map((name) => configMap(ns, name, { value: 'new' }))] };
      const desired = { ...platform.desired(program), platform: { id: to } };
      const made = await makePlan(desired, [await platform.open()], platform.planOptions());
      return { items: itemsOf(clusterPlan(made)), applied: await platform.applyDesired(made, desired, [target]) };
    };
    // What both want is there once it is ours, and the other one fails by its precondition.
    expect((await apply('wanted')).items).toEqual([`create ConfigMap/${ns}/wanted`]);
    expect(await unsettledOf()).toEqual([['late', from]]);

    release();
    await expect.poll(() => dataOf('late'), { timeout: 60_000 }).toBe('former');
    child.process.kill('SIGCONT');
    expect((await child.ended).outcome?.clusters[0]).toMatchObject({ status: 'failed' });
    const next = await apply('wanted');
    expect(next.items).toEqual([`delete ConfigMap/${ns}/late`]);
    expect([outcomeOf(next.applied).status, await dataOf('late'), await dataOf('wanted')]).toEqual([
      'done',
      undefined,
      'new',
    ]);
    expect([await unsettledOf(), [...(await inventory()).entries.keys()].length]).toEqual([[], 2]);
    expect((await apply('wanted')).items).toEqual([]);
  });
});
