import type { Agent } from 'node:https';
import { expect, inject } from 'vitest';
import { holderOf, leaseName, readLease } from '../../lib/apply/lease-record.ts';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { PLATFORM_LABEL } from '../../lib/diff/ownership.ts';
import { readInventory } from '../../lib/inventory/read-inventory.ts';
import { idKey, idOf, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import { type AppliedPlatform, clusterPlan, itemsOf, outcomeOf } from '../applied-platform.ts';
import { startApply } from '../faults/child-process.ts';
import { type ProxiedRequest, startFaultProxy } from '../faults/fault-proxy.ts';

/** Applies that are killed from outside, and what is asked of the run after them. */

/** Of the runs that are killed: the next one waits that long. */
const LEASE_SECONDS = 2;
/** Of all others: a busy machine must not cost them their lease. */
export const PATIENT = { leaseSeconds: 30 };

/** How an apply with a lease of two seconds ends on a machine that is busy with other things. */
const STARVED = new Set(['ORR5005', 'ORR3004']);

/** Before the k-th write the proxy received goes on to the server, or when the server has answered it. */
export interface Kill {
  readonly write: number;
  readonly when: 'before' | 'after';
}

/** killed: as it was to be. done: there are not so many writes. lost: the lease was not renewed in time. */
export type End = 'killed' | 'done' | 'lost';

/**
 * Lets a process of its own plan and apply, and kills it at the given write.
 * @param agent connections of the proxy to the server, for one case after the other
 * @param counts which writes are counted
 */
export async function killAt(
  platform: AppliedPlatform,
  agent: Agent,
  program: readonly KubernetesObject[],
  kill: Kill,
  counts: (request: ProxiedRequest) => boolean = () => true,
): Promise<End> {
  const proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha', {}, agent);
  const child = startApply({
    kubeconfigs: { alpha: platform.kubeconfigFor('alpha', proxy.url) },
    inventoryNamespace: platform.inventoryNamespace,
    stateFolder: platform.stateFolder,
    desired: platform.desired({ alpha: program }),
    leaseSeconds: LEASE_SECONDS,
  });
  const die = () => {
    child.process.kill('SIGKILL');
  };
  let writes = 0;
  proxy.fault = (request) => {
    if (!request.isWrite || !counts(request) || ++writes !== kill.write) return undefined;
    return kill.when === 'before' ? { before: die, cut: 'before' } : { after: die, cut: 'after' };
  };
  const { outcome, stderr, signal } = await child.ended;
  // What was sent last may be carried out any time later: that is a law of its own (apply-late-writes.cluster.test.ts).
  await proxy.close();
  if (outcome === undefined) {
    expect(signal, stderr).toBe('SIGKILL');
    return 'killed';
  }
  if (writes >= kill.write) return 'killed';
  const [cluster] = outcome.clusters;
  if (STARVED.has(cluster?.problem?.code ?? '')) return 'lost';
  expect(cluster, stderr).toMatchObject({ status: 'done' });
  return 'done';
}

/** A cluster as a killed apply left it, an object in it that is nobody's, and what the next run is to make of it. */
export interface Aftermath {
  readonly platform: AppliedPlatform;
  /** Opens the cluster for the next run. */
  readonly open: () => Promise<KubeTarget>;
  readonly foreign: KubernetesObject;
  readonly program: readonly KubernetesObject[];
  /** Lists, with the group and kind of their items. */
  readonly lists: readonly (readonly [path: string, group: string, kind: string])[];
}

/** What the next run did. */
export interface Recovery {
  /** In what the cluster differs from what it should be. */
  readonly wrong: readonly string[];
  /** The lease of the dead was taken over. */
  readonly tookOver: boolean;
}

/** Runs again, in this process, and compares the cluster, the inventory and the lease with what they should be. */
export async function recover({ platform, open, foreign, program, lists }: Aftermath): Promise<Recovery> {
  const wrong: string[] = [];
  const target = await open();
  const dead = await readLease(target, leaseName(platform.id));
  wrong.push(...(await applyAgain(platform, open, program)));
  const lease = takeover(dead, await readLease(target, leaseName(platform.id)));
  wrong.push(...lease.wrong);
  const left = itemsOf(clusterPlan(await platform.plan({ alpha: program }, [await open()])));
  wrong.push(...left.map((item) => `still to do: ${item}`));
  const wanted = JSON.stringify(program.map((object) => idKey(idOf(object))).sort());
  const known = JSON.stringify([...(await readInventory(target, platform.id, platform)).entries.keys()].sort());
  if (known !== wanted) wrong.push(`inventory: ${known}`);
  const labelled = JSON.stringify((await labelledObjects(platform, target, lists)).sort());
  if (labelled !== wanted) wrong.push(`in the cluster: ${labelled}`);
  const { metadata } = foreign;
  const path = `/api/v1/namespaces/${metadata.namespace}/configmaps/${metadata.name}`;
  const { uid, resourceVersion } =
    ((await target.client.request({ method: 'GET', path })).body as KubernetesObject).metadata ?? {};
  if (uid !== metadata.uid || resourceVersion !== metadata.resourceVersion)
    wrong.push('the foreign object was touched');
  return { wrong, tookOver: lease.tookOver };
}

async function applyAgain(
  platform: AppliedPlatform,
  open: () => Promise<KubeTarget>,
  program: readonly KubernetesObject[],
): Promise<string[]> {
  for (let run = 1; ; run++) {
    const targets = [await open()];
    const made = await platform.plan({ alpha: program }, targets, { dryRunCreates: false });
    const outcome = outcomeOf(await platform.applyMade(made, { alpha: program }, targets, PATIENT));
    if (outcome.status === 'done') return [];
    // A CRD of the moment before is not served yet: nothing is deleted on such a partial view, a later run goes on.
    const partial = outcome.failures.some(({ problem }) => problem.code === 'ORR4007');
    if (!partial || run === 20) return [`run ${run} after the kill: ${JSON.stringify(outcome)}`];
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** @param dead the lease as the killed run left it. @param now as the next one did. A run that has nothing to do takes none. */
function takeover(
  dead: KubernetesObject | undefined,
  now: KubernetesObject | undefined,
): { tookOver: boolean; wrong: string[] } {
  const holder = dead === undefined ? undefined : holderOf(dead);
  if (now?.metadata.resourceVersion === dead?.metadata.resourceVersion) return { tookOver: false, wrong: [] };
  const [before, after] = [dead?.spec, now?.spec] as (Record<string, unknown> | undefined)[];
  const wrong: string[] = [];
  if (now === undefined || holderOf(now) !== undefined) wrong.push('the lease was not released');
  if (holder === undefined) return { tookOver: false, wrong };
  if (!holder.startsWith('child ')) wrong.push(`the lease was held by ${holder}`);
  const idle = Date.parse(String(after?.acquireTime)) - Date.parse(String(before?.renewTime));
  if (!(idle >= LEASE_SECONDS * 1000)) wrong.push(`the lease was taken over ${idle} ms after its last renewal`);
  return { tookOver: true, wrong };
}

async function labelledObjects(
  platform: AppliedPlatform,
  { client }: KubeTarget,
  lists: Aftermath['lists'],
): Promise<string[]> {
  const query = { labelSelector: `${PLATFORM_LABEL}=${platform.id}` };
  const found = await Promise.all(
    lists.map(async ([path, group, kind]) => {
      const { items = [] } = (await client.request({ method: 'GET', path, query })).body as {
        items?: KubernetesObject[];
      };
      return items.map(({ metadata: { namespace = '', name = '' } }) => idKey({ group, kind, namespace, name }));
    }),
  );
  return found.flat();
}
