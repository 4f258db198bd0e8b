import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../lib/cluster/target.ts';
import { complete, dissolve, narrow, widen } from '../lib/inventory/change-inventory.ts';
import type { InventoryEntry } from '../lib/inventory/inventory.ts';
import { listPlatformInventories, readInventory } from '../lib/inventory/read-inventory.ts';
import { writeInventory } from '../lib/inventory/write-inventory.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { AppliedPlatform } from './applied-platform.ts';
import { openAs } from './laws/limited-access.ts';
import { Somebody } from './laws/somebody.ts';
import { configMap, namespace } from './sample-objects.ts';

let platform: AppliedPlatform;
let target: KubeTarget;
let options: { stateFolder: string };
beforeEach(async () => {
  platform = new AppliedPlatform('stock');
  target = await platform.open();
  options = { stateFolder: platform.stateFolder };
});
afterEach(() => platform.cleanUp(['alpha', 'beta']));

const read = () => readInventory(target, platform.id, options);

function entry(n: number): InventoryEntry {
  return {
    id: { group: 'apps', kind: 'Deployment', namespace: `team-${n % 7}`, name: `service-${n}` },
    apiVersion: 'apps/v1',
    path: `mall/team-${n % 7}/service-${n}/deployment`,
    uid: `${randomBytes(4).toString('hex')}-0000-4000-8000-${randomBytes(6).toString('hex')}`,
    desired: randomBytes(32).toString('hex'),
    fields: randomBytes(16).toString('hex'),
    projection: randomBytes(16).toString('hex'),
    serverState: 'f'.repeat(32),
  };
}

async function secrets(): Promise<KubernetesObject[]> {
  const path = `/api/v1/namespaces/${platform.inventoryNamespace}/secrets`;
  const { body } = await target.client.request({ method: 'GET', path });
  return (body as { items: KubernetesObject[] }).items;
}

describe.skipIf(inject('rig') === 'missing')('an inventory in a real cluster', () => {
  it('of 10,000 entries is stored in shards far below the limit, and read by one request', async () => {
    const entries = Array.from({ length: 10_000 }, (_, n) => entry(n));
    const stored = await writeInventory(target, complete(await read(), entries), options);
    const shards = await secrets();
    expect(shards).toHaveLength(16);
    const largest = Math.max(...shards.map((shard) => JSON.stringify(shard.data).length));
    expect(largest).toBeLessThan(200_000);
    const before = target.client.traffic.requests;
    const back = await read();
    expect(target.client.traffic.requests - before).toBe(1);
    expect(back.entries).toEqual(stored.entries);

    const writes = target.client.traffic.requests;
    await writeInventory(target, narrow(back, [[...back.entries.keys()][7] ?? '']), options);
    expect(target.client.traffic.requests - writes).toBe(1);
  });

  it('is a Secret of a type of its own, and no member of the platform', async () => {
    await platform.apply({ alpha: [namespace(platform.namespace())] });
    const [shard, ...others] = (await secrets()).filter(({ type }) => type !== 'orrery.dev/revision');
    expect(others).toEqual([]);
    expect(shard).toMatchObject({
      type: 'orrery.dev/inventory',
      metadata: { labels: { 'orrery.dev/inventory': platform.id } },
    });
    expect(shard?.metadata.labels).not.toHaveProperty('orrery.dev/platform');
  });

  it('is changed by compare-and-swap: of two writers that read the same, one loses and nothing of the other is lost', async () => {
    const first = await writeInventory(target, complete(await read(), [entry(1)]), options);
    const results = await Promise.allSettled([
      writeInventory(target, widen(first, [entry(2)]), options),
      writeInventory(target, widen(first, [entry(3)]), options),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'ORR5006', where: { cluster: 'alpha' } });
    expect((await read()).entries.size).toBe(2);
  });

  it('that two first applies create at the same time has one winner', async () => {
    const [one, two] = [await read(), await read()];
    const results = await Promise.allSettled([
      writeInventory(target, widen(one, [entry(1)]), options),
      writeInventory(target, widen(two, [entry(2)]), options),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await read()).entries.size).toBe(1);
  });

  it('with a missing shard is an error, and nothing is planned on it', async () => {
    const entries = Array.from({ length: 1500 }, (_, n) => entry(n));
    await writeInventory(target, complete(await read(), entries), options);
    const name = `orrery.inventory.${platform.id}.1`;
    await new Somebody(target).remove('v1', 'Secret', platform.inventoryNamespace, name);
    await expect(read()).rejects.toMatchObject({ code: 'ORR4006' });
    const { plan } = await platform.plan({ alpha: [configMap('default', 'x')] }, [await platform.open()]);
    expect(plan.clusters[0]).toMatchObject({ problem: { code: 'ORR4006' }, items: [] });
  });

  it('that came with a backup of another cluster is refused', async () => {
    await platform.apply({ alpha: [namespace(platform.namespace())] });
    const [shard] = await secrets();
    if (shard === undefined) throw new Error('no inventory');
    const beta = await platform.open('beta');
    const somebody = new Somebody(beta);
    await somebody.create(namespace(platform.inventoryNamespace));
    const { name, namespace: where, labels } = shard.metadata;
    await somebody.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: name ?? '', namespace: where ?? '', labels: labels ?? {} },
      type: shard.type,
      data: shard.data,
    });
    await expect(readInventory(beta, platform.id, options)).rejects.toMatchObject({
      code: 'ORR4006',
      message: expect.stringContaining('another cluster'),
    });
  });

  it('names the platforms that have one, without reading what they hold', async () => {
    await writeInventory(target, complete(await read(), [entry(1)]), options);
    const other = await readInventory(target, `${platform.id}-b`, options);
    await writeInventory(target, complete(other, [entry(2)]), options);
    expect(await listPlatformInventories(target)).toEqual([platform.id, `${platform.id}-b`]);
  });

  it('disappears with the platform', async () => {
    await platform.apply({ alpha: [namespace(platform.namespace())] });
    await platform.destroy();
    expect(await secrets()).toEqual([]);
    await writeInventory(target, dissolve(await read()), options);
  });

  it('that may not be listed is an error that names the right', async () => {
    await platform.apply({ alpha: [namespace(platform.namespace())] });
    const limited = await openAs(platform, target, new Somebody(target), {});
    try {
      await expect(readInventory(limited.target, platform.id, options)).rejects.toMatchObject({
        code: 'ORR3006',
        fix: expect.stringContaining('list on secrets'),
      });
    } finally {
      await limited.forget();
    }
  });
});
