import { describe, expect, it, vi } from 'vitest';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { HeldLease } from './held-lease.ts';
import { InventoryJournal } from './inventory-journal.ts';

const EMPTY: Inventory = {
  ...{ platform: 'shop', clusterUid: 'uid', hmacKey: new Uint8Array(32) },
  ...{ entries: new Map(), unsettled: new Map(), shards: [] },
};
const PLANNED = [
  { id: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'cart' }, apiVersion: 'v1', path: 'shop/cart' },
];

describe('the journal of an inventory whose lease cannot be renewed', () => {
  it('waits as long as the lease does, once, and stores nothing afterwards', async () => {
    const ensureFresh = vi.fn(() => Promise.reject(new OrreryError('ORR5005', 'The lease could not be renewed.')));
    const lease = { ensureFresh, isLost: false } as unknown as HeldLease;
    const request = vi.fn();
    const journal = new InventoryJournal({ client: { request } } as unknown as KubeTarget, EMPTY, lease, '/nowhere');
    const lost = { code: 'ORR5005' };
    await expect(journal.widen(PLANNED)).rejects.toMatchObject(lost);
    await expect(journal.widen(PLANNED)).rejects.toMatchObject(lost);
    expect([ensureFresh.mock.calls.length, request.mock.calls.length]).toEqual([1, 0]);
    expect(journal.isEmpty).toBe(true);
  });
});
