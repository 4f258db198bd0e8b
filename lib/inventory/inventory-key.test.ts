import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { complete, type InventoryChange } from './change-inventory.ts';
import { waitingKey } from './inventory-key.ts';
import { CLUSTER_UID, entries, StoredInventory } from './testing/secret-store.ts';

let kept: StoredInventory;
beforeEach(() => {
  kept = new StoredInventory();
});
afterEach(() => kept.cleanUp());

const read = () => kept.read();
const write = (change: InventoryChange) => kept.write(change);

describe('the key of a cluster without inventory', () => {
  it('is made once, kept for the owner only, and leaves the folder with the first apply', async () => {
    const first = await read();
    expect(Buffer.from((await read()).hmacKey)).toEqual(Buffer.from(first.hmacKey));
    const file = path.join(kept.stateFolder, 'keys', `shop.${CLUSTER_UID}`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await write(complete(first, entries(1)));
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(Buffer.from((await read()).hmacKey)).toEqual(Buffer.from(first.hmacKey));
  });

  it('is the same for processes that ask at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => waitingKey(kept.stateFolder, 'shop', 'uid')));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('differs between platforms and clusters', async () => {
    const keys = [
      await waitingKey(kept.stateFolder, 'shop', 'one'),
      await waitingKey(kept.stateFolder, 'shop', 'two'),
      await waitingKey(kept.stateFolder, 'mall', 'one'),
    ];
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
  });
});
