import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idKey } from '../kubernetes/object.ts';
import { complete, type InventoryChange } from './change-inventory.ts';
import { listPlatformInventories, readInventory } from './read-inventory.ts';
import { INVENTORY_LABEL } from './shard-format.ts';
import { entries, entry, keysOf, StoredInventory } from './testing/secret-store.ts';

let kept: StoredInventory;
beforeEach(() => {
  kept = new StoredInventory();
});
afterEach(() => kept.cleanUp());

const read = () => kept.read();
const write = (change: InventoryChange) => kept.write(change);

describe('an inventory', () => {
  it('comes back from its shards as it was written, with its key', async () => {
    const empty = await read();
    const stored = await write(
      complete(empty, [...entries(2500), entry(2500, { hook: true }), entry(2501, { helmRevision: 12 })]),
    );
    expect(stored.shards).toHaveLength(4);
    const back = await read();
    expect(back.entries).toEqual(stored.entries);
    expect(Buffer.from(back.hmacKey)).toEqual(Buffer.from(empty.hmacKey));
    expect(back.shards.map((shard) => shard.resourceVersion).sort()).toEqual(
      stored.shards.map((shard) => shard.resourceVersion).sort(),
    );
  });

  it('keeps every Secret of 10,000 entries far below 1 MiB', async () => {
    await write(complete(await read(), entries(10_000)));
    const sizes = [...kept.store.secrets.values()].map((secret) => JSON.stringify(secret.data).length);
    expect(sizes).toHaveLength(16);
    expect(Math.max(...sizes)).toBeLessThan(250_000);
  });

  it('says which part is missing when a shard is gone', async () => {
    await write(complete(await read(), entries(2500)));
    kept.store.secrets.delete('orrery.inventory.shop.2');
    await expect(read()).rejects.toMatchObject({ code: 'ORR4006', message: expect.stringContaining('has 4 parts') });
  });

  it('is refused when it was written for another cluster', async () => {
    await write(complete(await read(), entries(1)));
    const other = { ...kept.target, clusterUid: 'another' };
    await expect(readInventory(other, 'shop', { stateFolder: kept.stateFolder })).rejects.toMatchObject({
      code: 'ORR4006',
      message: expect.stringContaining('another cluster'),
    });
  });

  it('is refused when a Secret is damaged, without showing any of it', async () => {
    await write(complete(await read(), entries(1)));
    const secret = kept.store.secrets.get('orrery.inventory.shop.0');
    if (secret) secret.data = { 'inventory.json.gz': Buffer.from('CANARY').toString('base64') };
    const error = await read().catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ORR4006' });
    expect(JSON.stringify([error, error.message, error.fix, String(error.cause)])).not.toContain('CANARY');
  });

  it('loses the race when somebody else wrote the same shard', async () => {
    const mine = await write(complete(await read(), entries(1)));
    await write(complete(await read(), [entry(5)]));
    await expect(write(complete(mine, [entry(6)]))).rejects.toMatchObject({ code: 'ORR5006' });
    expect(keysOf(await read())).toEqual([entry(0), entry(5)].map((one) => idKey(one.id)).sort());
  });

  it('loses the race when two first applies create it', async () => {
    const [mine, other] = [await read(), await read()];
    await write(complete(other, [entry(1)]));
    await expect(write(complete(mine, [entry(2)]))).rejects.toMatchObject({ code: 'ORR5006' });
  });

  it('takes its own write for done when the answer was lost and the retry collides', async () => {
    const change = complete(await read(), entries(3));
    await write(change);
    const again = await write(change);
    expect(keysOf(again)).toEqual(keysOf(await read()));
  });

  it('creates its namespace when there is none', async () => {
    kept.store.namespaceExists = false;
    await write(complete(await read(), entries(1)));
    expect(keysOf(await read())).toHaveLength(1);
  });

  it('names the platforms that have one in a cluster', async () => {
    await write(complete(await read(), entries(1)));
    await write(complete(await kept.read('mall'), []));
    expect(await listPlatformInventories(kept.target)).toEqual(['mall', 'shop']);
  });
});

it('an inventory Secret is labelled with its platform and is no member of it', async () => {
  await write(complete(await read(), entries(1)));
  const [secret] = kept.store.secrets.values();
  expect(secret?.metadata.labels).toEqual({ [INVENTORY_LABEL]: 'shop' });
  expect(secret?.type).toBe('orrery.dev/inventory');
});
