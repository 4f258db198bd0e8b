import { afterAll, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { readInventory } from '../../lib/inventory/read-inventory.ts';
import {
  encodeShard,
  INVENTORY_LABEL,
  INVENTORY_SECRET_TYPE,
  SHARD_DATA_KEY,
  shardName,
  shardOf,
} from '../../lib/inventory/shard-format.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { REVISION_LABEL } from '../../lib/revision/revision-names.ts';
import { type AppliedPlatform, outcomeOf } from '../applied-platform.ts';
import { configMap, definition, deployment, namespace, secret } from '../sample-objects.ts';
import { isForward, killAtEveryWrite, Sites } from './every-write.ts';
import { type Aftermath, killAt, PATIENT, recover } from './killed-apply.ts';

/** Law 3: nothing is lost. Every run is killed from outside, by a proxy that counts the writes it receives. */

const sites = new Sites();
afterAll(() => sites.cleanUp());

describe.skipIf(inject('rig') === 'missing')('an apply that is killed before or after any of its writes', () => {
  it('of a first revision converges with the next run, forward or back: inventory exact, no orphan, nothing foreign touched', {
    timeout: 600_000,
  }, async () => {
    const { writes, takenOver, wrong } = await killAtEveryWrite(async () => async (kill) => {
      const site = await sites.add();
      const { program, lists } = firstRevision(site.platform);
      const end = await killAt(site.platform, sites.agent, program, kill);
      return {
        end,
        ...(await recover({
          ...site,
          lists,
          open: () => site.platform.open(),
          program: isForward(kill) ? program : [],
        })),
      };
    });
    expect(wrong).toEqual([]);
    expect(writes).toBeGreaterThan(8);
    // Not where it died before it had the lease, or where nothing was left to do.
    expect(takenOver).toBeGreaterThan(8);
  });

  it('of forty objects that creates, updates and deletes, with an inventory of three shards, does so too', {
    timeout: 600_000,
  }, async () => {
    const { writes, killed, takenOver, wrong } = await killAtEveryWrite(async () => {
      const site = await sites.add();
      const { platform, target } = site;
      const { states, lists } = fortyObjects(platform);
      let [present, other] = states;
      await applied(platform, target, present);
      return async (kill) => {
        await threeShards(platform, target);
        const end = await killAt(platform, sites.agent, other, kill);
        const told = await recover({
          ...site,
          lists,
          open: async () => target,
          program: isForward(kill) ? other : present,
        });
        // Where it went forward, the next case leads back: as many objects are created, updated and deleted on that way.
        if (isForward(kill)) [present, other] = [other, present];
        return { end, ...told };
      };
    });
    expect(wrong).toEqual([]);
    expect(writes).toBeGreaterThan(45);
    expect(killed - takenOver).toBeLessThanOrEqual(10);
  });
});

type Lists = Aftermath['lists'];

const LISTS: Lists = [
  ['/api/v1/namespaces', '', 'Namespace'],
  ['/api/v1/configmaps', '', 'ConfigMap'],
  ['/api/v1/secrets', '', 'Secret'],
];

/** Nothing is there yet, not even the namespace of the lease; a CRD comes with its resource, and a workload that is waited for. */
function firstRevision(platform: AppliedPlatform): { program: KubernetesObject[]; lists: Lists } {
  const ns = platform.namespace();
  const group = `${platform.id}.example.com`;
  const widget = {
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name: 'one', namespace: ns },
    spec: { size: 1 },
  };
  const program = [
    namespace(ns),
    configMap(ns, 'settings', { a: '1' }),
    secret(ns, 'password', { value: 'one' }),
    definition(group, 'Widget'),
    widget,
    deployment(ns, 'web'),
  ];
  const lists: Lists = [
    ...LISTS,
    ['/apis/apps/v1/deployments', 'apps', 'Deployment'],
    ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', 'apiextensions.k8s.io', 'CustomResourceDefinition'],
    [`/apis/${group}/v1/widgets`, group, 'Widget'],
  ];
  return { program, lists };
}

/** Two states of forty objects each; on the way from one to the other, in either direction, a third is created, a third updated, a third deleted. */
function fortyObjects(platform: AppliedPlatform): {
  states: [KubernetesObject[], KubernetesObject[]];
  lists: Lists;
} {
  const ns = platform.namespace();
  const maps = (from: number, to: number, value: string): KubernetesObject[] =>
    Array.from({ length: to - from }, (_, index) => configMap(ns, `map-${from + index}`, { value }));
  const accounts = (prefix: string): KubernetesObject[] =>
    Array.from({ length: 3 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: `${prefix}-${index}`, namespace: ns },
    }));
  const state = (value: string, own: KubernetesObject[]): KubernetesObject[] => [
    namespace(ns),
    ...maps(0, 10, 'stays'),
    ...maps(10, 23, value),
    secret(ns, 'password', { value }),
    secret(ns, `key-${value}`, { value: 'any' }),
    ...accounts(value),
    ...own,
  ];
  const states: [KubernetesObject[], KubernetesObject[]] = [
    state('one', maps(23, 34, 'of one')),
    state('two', maps(34, 45, 'of two')),
  ];
  expect(states.map(({ length }) => length)).toEqual([40, 40]);
  return { states, lists: [...LISTS, ['/api/v1/serviceaccounts', '', 'ServiceAccount']] };
}

async function applied(platform: AppliedPlatform, target: KubeTarget, program: KubernetesObject[]): Promise<void> {
  const made = await platform.plan({ alpha: program }, [target], { dryRunCreates: false });
  const outcome = outcomeOf(await platform.applyMade(made, { alpha: program }, [target], PATIENT));
  expect(outcome).toMatchObject({ status: 'done', failures: [], skipped: [] });
}

/**
 * Writes the inventory as a growth leaves it that was interrupted: parts 0 and 1 of two, and 2 of four. And takes the revisions away, so that every
 * case has the same writes.
 */
async function threeShards(platform: AppliedPlatform, target: KubeTarget): Promise<void> {
  const read = () => readInventory(target, platform.id, platform);
  const { entries, hmacKey, clusterUid, shards } = await read();
  const path = `/api/v1/namespaces/${platform.inventoryNamespace}/secrets`;
  for (const [index, count] of [
    [2, 4],
    [1, 2],
    [0, 2],
  ] as const) {
    const name = shardName(platform.id, index);
    const mine = [...entries].filter(([key]) => shardOf(key, count) === index).map(([, entry]) => entry);
    const contents = { platform: platform.id, clusterUid, index, count, hmacKey: Buffer.from(hmacKey).toString('hex') };
    const body = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, labels: { [INVENTORY_LABEL]: platform.id } },
      type: INVENTORY_SECRET_TYPE,
      data: { [SHARD_DATA_KEY]: encodeShard({ ...contents, entries: mine }) },
    };
    const exists = shards.some((shard) => shard.index === index);
    const { status } = await target.client.request(
      exists ? { method: 'PUT', path: `${path}/${name}`, body } : { method: 'POST', path, body },
    );
    expect(status).toBe(exists ? 200 : 201);
  }
  await target.client.request({ method: 'DELETE', path: `${path}/${shardName(platform.id, 3)}` });
  const labelSelector = `${REVISION_LABEL}=${platform.id}`;
  expect((await target.client.request({ method: 'DELETE', path, query: { labelSelector } })).status).toBe(200);
  expect((await read()).shards).toHaveLength(3);
}
