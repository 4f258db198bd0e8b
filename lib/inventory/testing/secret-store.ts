import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { KubeClient, KubeRequest, KubeResponse } from '../../cluster/kube-client.ts';
import type { KubeTarget } from '../../cluster/target.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import type { InventoryChange } from '../change-inventory.ts';
import type { Inventory, InventoryEntry } from '../inventory.ts';
import { readInventory } from '../read-inventory.ts';
import { writeInventory } from '../write-inventory.ts';

export const CLUSTER_UID = '6b0c5c2e-6f0b-4f59-9f3a-2a1c7e6f0001';

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

export const entry = (n: number, more: Partial<InventoryEntry> = {}): InventoryEntry => ({
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

export const entries = (count: number) => Array.from({ length: count }, (_, n) => entry(n));
export const keysOf = (inventory: Inventory) => [...inventory.entries.keys()].sort();

/** The inventory of the platform "shop" in a store of its own. */
export class StoredInventory {
  readonly store = new SecretStore();
  readonly target = targetOf(this.store);
  readonly stateFolder = mkdtempSync(path.join(os.tmpdir(), 'orrery-inventory-'));

  readonly read = (platform = 'shop'): Promise<Inventory> =>
    readInventory(this.target, platform, { stateFolder: this.stateFolder });

  readonly write = (change: InventoryChange): Promise<Inventory> =>
    writeInventory(this.target, change, { stateFolder: this.stateFolder });

  /** Puts back what was stored when this was called. */
  snapshot(): () => void {
    const start = new Map(this.store.secrets);
    return () => {
      this.store.secrets.clear();
      for (const [name, secret] of start) this.store.secrets.set(name, structuredClone(secret));
    };
  }

  cleanUp(): void {
    rmSync(this.stateFolder, { recursive: true, force: true });
  }
}
