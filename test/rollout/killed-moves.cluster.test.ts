import { afterEach, expect, inject, it } from 'vitest';
import { startApply } from '../faults/child-process.ts';
import { killAtEveryWrite, type Told } from '../laws/every-write.ts';
import { type End, type Kill, PATIENT } from '../laws/killed-apply.ts';
import { ReadyTotal, readyIn, runShop, type Shop, shopState } from './moved-shop.ts';
import { StagedPlatform, statuses } from './staged-platform.ts';

const CLUSTERS = ['alpha', 'beta'] as const;
/** Shops between which eight replicas move; as many are ready in each as declared, at any time. */
const SHOPS: readonly { readonly shop: Shop; readonly ready: readonly number[] }[] = [
  { shop: { weights: { alpha: 5, beta: 1 } }, ready: [10, 2] },
  { shop: { weights: { alpha: 1, beta: 5 } }, ready: [2, 10] },
];
const DECLARED = 12;
/** The next run waits that long for the lease of the dead. */
const LEASE_SECONDS = 2;

/**
 * Killed at the writes of the workloads, which is where shares could be lost. With ORRERY_KILL_AT=every-write also at those of leases, inventories and revisions
 * (some minutes).
 */
const everyWrite = process.env.ORRERY_KILL_AT === 'every-write';
const isCounted = (path: string) => everyWrite || path.includes('/deployments/');

const platforms: StagedPlatform[] = [];
afterEach(async () => {
  await Promise.all(platforms.splice(0).map((platform) => platform.end()));
});

it.skipIf(inject('rig') === 'missing')(
  'shares that move, killed at any write of a workload in either cluster, arrive with the next run, and never are fewer ready than declared',
  { timeout: 300_000 },
  async () => {
    const { writes, killed, wrong } = await killAtEveryWrite(async () => {
      const platform = await StagedPlatform.start('killed');
      platforms.push(platform);
      let at = 0;
      await runShop(platform, SHOPS[at]?.shop as Shop, PATIENT);
      return async (kill) => {
        at = 1 - at;
        const { shop, ready } = SHOPS[at] as (typeof SHOPS)[number];
        const total = new ReadyTotal(platform, CLUSTERS);
        const told = await killedMove(platform, shop, ready, kill).finally(() => total.stop());
        const fewer = total.fewest < DECLARED ? [`only ${total.fewest} were ready at one time`] : [];
        return { ...told, wrong: [...told.wrong, ...fewer] };
      };
    }, 2);
    expect(wrong).toEqual([]);
    // In both clusters at least: the lease, the inventory, the workload, the revision, the inventory again, the lease again.
    const fewest = everyWrite ? 12 : 2;
    expect(writes).toBeGreaterThanOrEqual(fewest);
    expect(killed).toBeGreaterThanOrEqual(2 * fewest);
  },
);

async function killedMove(platform: StagedPlatform, shop: Shop, ready: readonly number[], kill: Kill): Promise<Told> {
  const end = await killAt(platform, shop, kill);
  const run = await runShop(platform, shop, PATIENT);
  const wrong = statuses(run, ...CLUSTERS).flatMap((status, at) =>
    status === 'done' || status === 'unchanged' ? [] : [`${CLUSTERS[at]} is ${status} after the next run`],
  );
  const next = await runShop(platform, shop, PATIENT);
  if (next.made.plan.changes) wrong.push('something was still to do');
  const now = await Promise.all(CLUSTERS.map((cluster) => readyIn(platform, cluster)));
  if (JSON.stringify(now) !== JSON.stringify(ready)) wrong.push(`ready are ${now.join(' and ')}`);
  return { end, wrong, tookOver: false };
}

/** Lets a process of its own move the shares and kills it at the given write, whichever of the clusters it is for. */
async function killAt(platform: StagedPlatform, shop: Shop, kill: Kill): Promise<End> {
  const kubeconfigs = CLUSTERS.map((cluster) => [
    cluster,
    platform.kubeconfigFor(cluster, platform.proxy(cluster).url),
  ]);
  const child = startApply({
    kubeconfigs: Object.fromEntries(kubeconfigs),
    inventoryNamespace: platform.inventoryNamespace,
    stateFolder: platform.stateFolder,
    desired: await shopState(platform, shop),
    leaseSeconds: LEASE_SECONDS,
  });
  const die = () => {
    child.process.kill('SIGKILL');
  };
  let writes = 0;
  for (const cluster of CLUSTERS)
    platform.watch(cluster, ({ isWrite, path }) => {
      if (!isWrite || !isCounted(path) || ++writes !== kill.write) return undefined;
      return kill.when === 'before' ? { before: die, cut: 'before' } : { after: die, cut: 'after' };
    });
  const { outcome, stderr } = await child.ended;
  for (const cluster of CLUSTERS) platform.watch(cluster);
  if (outcome === undefined || writes >= kill.write) return 'killed';
  if (outcome.clusters.some(({ problem }) => problem?.code === 'ORR5005' || problem?.code === 'ORR3004')) return 'lost';
  expect(
    outcome.clusters.map(({ status }) => status),
    stderr,
  ).toEqual(['done', 'done']);
  return 'done';
}
