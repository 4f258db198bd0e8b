import { Agent } from 'node:https';
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
import { AppliedPlatform, outcomeOf } from '../applied-platform.ts';
import { configMap, definition, deployment, namespace, secret } from '../sample-objects.ts';
import { type Aftermath, type End, type Kill, killAt, PATIENT, type Recovery, recover } from './killed-apply.ts';

/** Law 3: nothing is lost. Every run is killed from outside, by a proxy that counts the writes it receives. */

/** Runs at a time; each has its own platform, namespaces and lease. Most of a case is waiting for the lease of the dead. */
const PARALLEL = 8;

const platforms: AppliedPlatform[] = [];
const agent = new Agent({ keepAlive: true });
afterAll(async () => {
  agent.destroy();
  await Promise.all(platforms.map((platform) => platform.cleanUp()));
});

/** A platform with an object beside it that is nobody's. */
interface Site {
  readonly platform: AppliedPlatform;
  readonly target: KubeTarget;
  readonly foreign: KubernetesObject;
}

async function newSite(): Promise<Site> {
  const platform = new AppliedPlatform('crash');
  platforms.push(platform);
  const target = await platform.open();
  const ns = platform.namespace('foreign');
  await target.client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace(ns) });
  const path = `/api/v1/namespaces/${ns}/configmaps`;
  const { body } = await target.client.request({ method: 'POST', path, body: configMap(ns, 'foreign') });
  return { platform, target, foreign: body as KubernetesObject };
}

interface Told extends Recovery {
  readonly end: End;
}

/**
 * Kills at the first, second, … write, before and after it was executed, until a run is done before so many were sent.
 * @param newWorker makes what deals with one case after the other
 * @returns how many writes a run has, how many were killed, in how many cases the lease of the dead was taken over, and what went wrong
 */
async function killAtEveryWrite(
  newWorker: () => Promise<(kill: Kill) => Promise<Told>>,
): Promise<{ writes: number; killed: number; takenOver: number; wrong: string[] }> {
  const wrong: string[] = [];
  let [given, last, killed, takenOver] = [0, Number.POSITIVE_INFINITY, 0, 0];
  const work = async (): Promise<void> => {
    let worker = await newWorker();
    for (;;) {
      const kill: Kill = { write: Math.floor(given / 2) + 1, when: given % 2 === 0 ? 'before' : 'after' };
      if (kill.write > last) return;
      given++;
      let told = await worker(kill);
      for (let again = 0; told.end === 'lost' && again < 5; again++) told = await worker(kill);
      if (told.end === 'lost') wrong.push(`could not be killed ${kill.when} write ${kill.write}`);
      if (told.end === 'done') last = Math.min(last, kill.write - 1);
      else killed++;
      if (told.tookOver) takenOver++;
      wrong.push(...told.wrong.map((text) => `killed ${kill.when} write ${kill.write}: ${text}`));
      if (told.wrong.length > 0) worker = await newWorker();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return { writes: last, killed, takenOver, wrong };
}

/** Whether the run after the kill wants the same again, or what was there before: then what the killed run created must go. */
function isForward({ write, when }: Kill): boolean {
  return (write % 2 === 0) === (when === 'after');
}

describe.skipIf(inject('rig') === 'missing')('an apply that is killed before or after any of its writes', () => {
  it('of a first revision converges with the next run, forward or back: inventory exact, no orphan, nothing foreign touched', {
    timeout: 600_000,
  }, async () => {
    const { writes, takenOver, wrong } = await killAtEveryWrite(async () => async (kill) => {
      const site = await newSite();
      const { program, lists } = firstRevision(site.platform);
      const end = await killAt(site.platform, agent, program, kill);
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
      const site = await newSite();
      const { platform, target } = site;
      const { states, lists } = fortyObjects(platform);
      let [present, other] = states;
      await applied(platform, target, present);
      return async (kill) => {
        await threeShards(platform, target);
        const end = await killAt(platform, agent, other, kill);
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
