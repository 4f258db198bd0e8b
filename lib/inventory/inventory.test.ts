import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient, KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { complete, dissolve, type InventoryChange, narrow, widen } from './change-inventory.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import { waitingKey } from './inventory-key.ts';
import { listPlatformInventories, readInventory } from './read-inventory.ts';
import { coversAll, decodeShard, encodeShard, INVENTORY_LABEL, shardCount, shardOf } from './shard-format.ts';
import { writeInventory } from './write-inventory.ts';

const CLUSTER_UID = '6b0c5c2e-6f0b-4f59-9f3a-2a1c7e6f0001';

/** Secrets of one namespace with the API server's rules for uid and resourceVersion; stops answering after `budget` writes. */
class SecretStore implements KubeClient {
  readonly secrets = new Map<string, KubernetesObject>();
  readonly traffic = { requests: 0, bytesReceived: 0 };
  budget = Number.POSITIVE_INFINITY;
  writes: string[] = [];
  #version = 100;
  namespaceExists = true;

  async request(request: KubeRequest): Promise<KubeResponse> {
    const answer = (status: number, body: unknown): KubeResponse => ({ status, body, warnings: [] });
    const refuse = (code: number, reason: string) => answer(code, { kind: 'Status', reason, message: reason });
    const name = /\/secrets\/(.+)$/.exec(request.path)?.[1] ?? '';
    if (request.method === 'GET' && name === '') {
      const [key, value] = (request.query?.labelSelector ?? '').split('=');
      const items = [...this.secrets.values()].filter((secret) => {
        const label = secret.metadata.labels?.[key ?? ''];
        return label !== undefined && (value === undefined || label === value);
      });
      return answer(200, { items: structuredClone(items) });
    }
    const existing = this.secrets.get(name);
    if (request.method === 'GET') {
      return existing ? answer(200, structuredClone(existing)) : refuse(404, 'NotFound');
    }
    if (this.budget-- <= 0) throw new Error('killed');
    if (request.path === '/api/v1/namespaces') {
      this.namespaceExists = true;
      return answer(201, {});
    }
    if (!this.namespaceExists) return refuse(404, 'NotFound');
    if (request.method === 'DELETE') {
      const { preconditions } = request.body as { preconditions: { uid: string; resourceVersion: string } };
      if (!existing) return refuse(404, 'NotFound');
      const { uid, resourceVersion } = existing.metadata;
      if (preconditions.uid !== uid || preconditions.resourceVersion !== resourceVersion)
        return refuse(409, 'Conflict');
      this.secrets.delete(name);
      this.writes.push(`DELETE ${name}`);
      return answer(200, {});
    }
    const body = structuredClone(request.body) as KubernetesObject;
    const target = body.metadata.name ?? '';
    const current = this.secrets.get(target);
    if (request.method === 'POST' && current) return refuse(409, 'AlreadyExists');
    if (request.method === 'PUT') {
      if (!current) return refuse(409, 'Conflict');
      const { uid, resourceVersion } = current.metadata;
      if (body.metadata.uid !== uid || body.metadata.resourceVersion !== resourceVersion)
        return refuse(409, 'Conflict');
    }
    body.metadata.uid ??= `uid-${this.#version}`;
    body.metadata.resourceVersion = String(++this.#version);
    this.secrets.set(target, body);
    this.writes.push(`${request.method} ${target}`);
    return answer(200, structuredClone(body));
  }

  // biome-ignore lint/correctness/useYield: nothing is watched here
  async *watch(): AsyncGenerator<never> {
    throw new Error('not used');
  }

  async close(): Promise<void> {}
}

function targetOf(client: KubeClient): KubeTarget {
  return {
    kind: 'kube',
    cluster: 'alpha',
    client,
    clusterUid: CLUSTER_UID,
    inventoryNamespace: 'orrery-system',
    description: 'a store of secrets',
    serverState: async () => ({ doubts: [] }),
    discovery: async () => {
      throw new Error('not used');
    },
  };
}

const entry = (n: number, more: Partial<InventoryEntry> = {}): InventoryEntry => ({
  id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: `object-${n}` },
  apiVersion: 'apps/v1',
  path: `shop/object-${n}`,
  uid: `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`,
  desired: randomBytes(32).toString('hex'),
  fields: randomBytes(16).toString('hex'),
  projection: randomBytes(16).toString('hex'),
  serverState: 'a'.repeat(32),
  ...more,
});

const entries = (count: number) => Array.from({ length: count }, (_, n) => entry(n));
const keysOf = (inventory: Inventory) => [...inventory.entries.keys()].sort();

let stateFolder = '';
let store: SecretStore;
let target: KubeTarget;
beforeEach(async () => {
  stateFolder = await mkdtemp(path.join(os.tmpdir(), 'orrery-inventory-'));
  store = new SecretStore();
  target = targetOf(store);
});
afterEach(() => rm(stateFolder, { recursive: true, force: true }));

const read = () => readInventory(target, 'shop', { stateFolder });
const write = (change: InventoryChange) => writeInventory(target, change, { stateFolder });

describe('an inventory', () => {
  it('comes back from its shards as it was written, with its key', async () => {
    const empty = await read();
    const stored = await write(complete(empty, [...entries(2500), entry(2500, { hook: true })]));
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
    const sizes = [...store.secrets.values()].map((secret) => JSON.stringify(secret.data).length);
    expect(sizes).toHaveLength(16);
    expect(Math.max(...sizes)).toBeLessThan(250_000);
  });

  it('touches one shard when one entry of many changes', async () => {
    const stored = await write(complete(await read(), entries(5000)));
    store.writes = [];
    await write(complete(stored, [entry(7)]));
    expect(store.writes).toHaveLength(1);
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

  it('says which part is missing when a shard is gone', async () => {
    await write(complete(await read(), entries(2500)));
    store.secrets.delete('orrery.inventory.shop.2');
    await expect(read()).rejects.toMatchObject({ code: 'ORR4006', message: expect.stringContaining('has 4 parts') });
  });

  it('is refused when it was written for another cluster', async () => {
    await write(complete(await read(), entries(1)));
    target = { ...target, clusterUid: 'another' };
    await expect(read()).rejects.toMatchObject({
      code: 'ORR4006',
      message: expect.stringContaining('another cluster'),
    });
  });

  it('is refused when a Secret is damaged, without showing any of it', async () => {
    await write(complete(await read(), entries(1)));
    const secret = store.secrets.get('orrery.inventory.shop.0');
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
    store.namespaceExists = false;
    await write(complete(await read(), entries(1)));
    expect(keysOf(await read())).toHaveLength(1);
  });

  it('disappears when it is dissolved, and refuses to while it holds entries', async () => {
    const stored = await write(complete(await read(), entries(1500)));
    expect(() => dissolve(stored)).toThrow();
    const emptied = await write(narrow(stored, stored.entries.keys()));
    await write(dissolve(emptied));
    expect(store.secrets.size).toBe(0);
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

  it('names the platforms that have one in a cluster', async () => {
    await write(complete(await read(), entries(1)));
    await writeInventory(target, complete(await readInventory(target, 'mall', { stateFolder }), []), { stateFolder });
    expect(await listPlatformInventories(target)).toEqual(['mall', 'shop']);
  });
});

describe('a change of the inventory that is killed after any of its writes', () => {
  const interrupted = async (change: InventoryChange, budget: number) => {
    store.budget = budget;
    await expect(write(change)).rejects.toThrow('killed');
    store.budget = Number.POSITIVE_INFINITY;
  };

  it('reads as a superset while it grows, and the next change repairs it', async () => {
    const first = await write(complete(await read(), entries(1000)));
    const grown = complete(first, entries(2001));
    const total = grown.writes.flat().length;
    expect(total).toBe(4);
    const start = new Map(store.secrets);
    for (let budget = 0; budget < total; budget++) {
      store.secrets.clear();
      for (const [name, secret] of start) store.secrets.set(name, structuredClone(secret));
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
    const start = new Map(store.secrets);
    for (let budget = 0; budget < total; budget++) {
      store.secrets.clear();
      for (const [name, secret] of start) store.secrets.set(name, structuredClone(secret));
      await interrupted(dissolve(emptied), budget);
      await write(dissolve(await read()));
      expect(store.secrets.size).toBe(0);
    }
  });
});

describe('shards', () => {
  it('hold what was put in, for any names', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text, text, text, fc.option(text, { nil: undefined }))), (rows) => {
        const [first] = rows;
        const contents = {
          platform: 'shop',
          clusterUid: CLUSTER_UID,
          index: 1,
          count: 4,
          hmacKey: '0'.repeat(64),
          entries: rows.map(([kind, namespace, name, apiVersion, objectPath, uid]) => ({
            id: { group: '', kind, namespace, name },
            apiVersion,
            path: objectPath,
            uid,
            desired: uid,
            fields: undefined,
            projection: undefined,
            serverState: undefined,
          })),
          ...(first === undefined
            ? {}
            : {
                unsettled: [
                  {
                    ...entry(1),
                    id: { group: first[0], kind: first[1], namespace: first[2], name: first[3] },
                    path: first[4],
                  },
                ],
              }),
        };
        expect(decodeShard(encodeShard(contents), 'x', 'alpha')).toEqual(contents);
      }),
    );
  });

  it('split in two when the count doubles: an entry stays or moves to one known new shard', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(1, 2, 4, 8, 16), (key, count) => {
        expect(shardOf(key, count * 2) % count).toBe(shardOf(key, count));
      }),
    );
  });

  it('never become fewer', () => {
    fc.assert(
      fc.property(fc.nat(40_000), fc.constantFrom(1, 2, 8, 32), (count, current) => {
        const next = shardCount(count, current);
        expect(next).toBeGreaterThanOrEqual(current);
        expect(next * 1000).toBeGreaterThanOrEqual(count);
        expect(Number.isInteger(Math.log2(next))).toBe(true);
      }),
    );
  });

  it('cover all entries exactly when no residue is missing', () => {
    expect(coversAll([])).toBe(false);
    expect(coversAll([{ index: 0, count: 1 }])).toBe(true);
    expect(coversAll([{ index: 0, count: 2 }])).toBe(false);
    expect(
      coversAll([
        { index: 0, count: 2 },
        { index: 1, count: 4 },
        { index: 3, count: 4 },
      ]),
    ).toBe(true);
  });
});

describe('the key of a cluster without inventory', () => {
  it('is made once, kept for the owner only, and leaves the folder with the first apply', async () => {
    const first = await read();
    expect(Buffer.from((await read()).hmacKey)).toEqual(Buffer.from(first.hmacKey));
    const file = path.join(stateFolder, 'keys', `shop.${CLUSTER_UID}`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await write(complete(first, entries(1)));
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(Buffer.from((await read()).hmacKey)).toEqual(Buffer.from(first.hmacKey));
  });

  it('is the same for processes that ask at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => waitingKey(stateFolder, 'shop', 'uid')));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('differs between platforms and clusters', async () => {
    const keys = [
      await waitingKey(stateFolder, 'shop', 'one'),
      await waitingKey(stateFolder, 'shop', 'two'),
      await waitingKey(stateFolder, 'mall', 'one'),
    ];
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
  });
});

it('an inventory Secret is labelled with its platform and is no member of it', async () => {
  await write(complete(await read(), entries(1)));
  const [secret] = store.secrets.values();
  expect(secret?.metadata.labels).toEqual({ [INVENTORY_LABEL]: 'shop' });
  expect(secret?.type).toBe('orrery.dev/inventory');
});
