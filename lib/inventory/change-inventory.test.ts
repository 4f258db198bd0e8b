import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idKey } from '../kubernetes/object.ts';
import { carryOver, complete, dissolve, type InventoryChange, narrow, sentEntry, widen } from './change-inventory.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import { entries, entry, keysOf, StoredInventory } from './testing/secret-store.ts';

let kept: StoredInventory;
beforeEach(() => {
  kept = new StoredInventory();
});
afterEach(() => kept.cleanUp());

const read = () => kept.read();
const write = (change: InventoryChange) => kept.write(change);

describe('a change of the inventory', () => {
  it('touches one shard when one entry of many changes', async () => {
    const stored = await write(complete(await read(), entries(5000)));
    kept.store.writes = [];
    await write(complete(stored, [entry(7)]));
    expect(kept.store.writes).toHaveLength(1);
  });

  it('writes nothing when nothing changes', async () => {
    const stored = await write(complete(await read(), entries(10)));
    expect(
      complete(
        stored,
        [...stored.entries.values()].map((known) => ({ ...known })),
      ).writes,
    ).toEqual([]);
    expect(widen(stored, stored.entries.values()).writes).toEqual([]);
    expect(narrow(stored, ['apps|Deployment|shop|nobody']).writes).toEqual([]);
  });

  it('is widened without losing what proves the objects it knows', async () => {
    const stored = await write(complete(await read(), entries(3)));
    const { inventory } = widen(stored, [entry(1, { desired: 'other' }), entry(9)]);
    expect(inventory.entries.get(idKey(entry(1).id))).toEqual(stored.entries.get(idKey(entry(1).id)));
    const added = inventory.entries.get(idKey(entry(9).id));
    expect(added?.uid).toBeUndefined();
    expect(added?.fields).toBeUndefined();
  });

  it('is never changed in place', async () => {
    const stored = await write(complete(await read(), entries(3)));
    const before = keysOf(stored);
    widen(stored, [entry(8)]);
    narrow(stored, [before[0] ?? '']);
    expect(keysOf(stored)).toEqual(before);
  });

  it('disappears when it is dissolved, and refuses to while it holds entries', async () => {
    const stored = await write(complete(await read(), entries(1500)));
    expect(() => dissolve(stored)).toThrow();
    const emptied = await write(narrow(stored, stored.entries.keys()));
    await write(dissolve(emptied));
    expect(kept.store.secrets.size).toBe(0);
  });

  it('keeps what may come late apart from the entries, also when it grows, until it is wanted again or removed', async () => {
    const late = (inventory: Inventory) => [...inventory.unsettled.keys()].sort();
    const stored = await write(complete(await read(), entries(3)));
    const keys = keysOf(stored) as [string, string, string];
    await write(narrow(stored, [], keys));
    expect([keysOf(await read()), late(await read())]).toEqual([[], keys]);
    expect(() => dissolve(stored)).toThrow();

    const other = entries(2003).slice(3);
    const grown = await write(complete(await read(), other));
    expect([grown.entries.size, late(await read())]).toEqual([2000, keys]);
    const [wanted] = entries(1) as [InventoryEntry];
    await write(widen(await read(), [wanted]));
    expect(late(await read())).toEqual(keys.filter((key) => key !== idKey(wanted.id)));
    const { uid } = (await read()).entries.get(idKey(wanted.id)) as InventoryEntry;
    expect(uid).toBeUndefined();
    await write(narrow(await read(), keys));
    expect([(await read()).entries.size, late(await read())]).toEqual([2000, []]);
  });

  it('takes over what a former id may have sent, who sent it included, and forgets that with the first answer of its own', async () => {
    const [known, intended, never] = entries(3) as [InventoryEntry, InventoryEntry, InventoryEntry];
    const own = await write(widen(await write(complete(await read(), [known])), [intended]));
    const sent = [known, intended, never].map((one) => sentEntry(one, 'former'));
    await write(carryOver(own, sent));
    const senders = async () => {
      const { entries: ours, unsettled } = await read();
      return [...ours.values(), ...unsettled.values()].map(({ id, sentBy }) => [id.name, sentBy]);
    };
    const carried = [
      [known.id.name, undefined],
      [intended.id.name, 'former'],
      [never.id.name, 'former'],
    ];
    expect(await senders()).toEqual(carried);
    expect(carryOver(await read(), sent).writes).toEqual([]);
    // An entry that is announced once more is still one whose object may come from there; so is one that did not come.
    await write(widen(await read(), [never]));
    await write(complete(await read(), [sentEntry(never)]));
    expect(await senders()).toEqual(carried);
    await write(narrow(await read(), [], [idKey(never.id)]));
    expect(await senders()).toEqual(carried);
    await write(complete(await read(), [intended, never]));
    expect(await senders()).toEqual([known, intended, never].map(({ id }) => [id.name, undefined]));
  });
});

describe('a change of the inventory that is killed after any of its writes', () => {
  const interrupted = async (change: InventoryChange, budget: number) => {
    kept.store.budget = budget;
    await expect(write(change)).rejects.toThrow('killed');
    kept.store.budget = Number.POSITIVE_INFINITY;
  };

  it('reads as a superset while it grows, and the next change repairs it', async () => {
    const first = await write(complete(await read(), entries(1000)));
    const grown = complete(first, entries(2001));
    const total = grown.writes.flat().length;
    expect(total).toBe(4);
    const restore = kept.snapshot();
    for (let budget = 0; budget < total; budget++) {
      restore();
      await interrupted(grown, budget);
      const seen = await read();
      for (const key of first.entries.keys()) expect(seen.entries.has(key)).toBe(true);
      await write(complete(seen, grown.inventory.entries.values()));
      expect((await read()).entries).toEqual(grown.inventory.entries);
    }
  });

  it('can be read and dissolved again while it is dissolved', async () => {
    const stored = await write(complete(await read(), entries(1001)));
    const emptied = await write(narrow(stored, stored.entries.keys()));
    const total = dissolve(emptied).writes.flat().length;
    const restore = kept.snapshot();
    for (let budget = 0; budget < total; budget++) {
      restore();
      await interrupted(dissolve(emptied), budget);
      await write(dissolve(await read()));
      expect(kept.store.secrets.size).toBe(0);
    }
  });
});
