import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ApplyEvent } from '../../lib/apply/outcome.ts';
import { describeId } from '../../lib/kubernetes/object.ts';
import { paint } from '../../lib/report/paint.ts';
import { planText } from '../../lib/report/plan-text.ts';
import type { RevisionHead } from '../../lib/revision/revision.ts';
import { planRevisions, revisionsOfAll } from '../../lib/rollout/plan-revisions.ts';
import { outcomeOf } from '../applied-platform.ts';
import { CommandInProcess } from '../command-in-process.ts';
import { TestProject } from '../project.ts';
import { ReadyTotal, type Run, readyIn, runShop, type Shop, shopAssembly } from './moved-shop.ts';
import { StagedPlatform, statuses } from './staged-platform.ts';

const CLUSTERS = ['alpha', 'beta', 'gamma'] as const;

let platform: StagedPlatform;

/** Applies while the ready replicas of all clusters are counted. */
async function counted(run: () => Promise<Run>): Promise<{ readonly run: Run; readonly fewest: number }> {
  const total = new ReadyTotal(platform, CLUSTERS);
  const done = await run().finally(() => total.stop());
  expect(total.samples).toBeGreaterThan(0);
  return { run: done, fewest: total.fewest };
}

const ready = () => Promise.all(CLUSTERS.map((cluster) => readyIn(platform, cluster)));
const text = ({ made }: Run) => planText(made.plan, { paint: paint(false) });

/** Writes of workloads, with what they say of replicas and image: "gamma 4 cart:1"; deletes without. */
function watchWorkloads(): string[] {
  const seen: string[] = [];
  for (const cluster of CLUSTERS)
    platform.watch(cluster, ({ isWrite, path, body, method }) => {
      if (!isWrite || !/\/(deployments|horizontalpodautoscalers)\//.test(path)) return undefined;
      const { spec = {} } = method === 'DELETE' ? {} : JSON.parse(body);
      const image = spec.template?.spec.containers[0].image;
      seen.push(
        [cluster, method === 'DELETE' ? 'gone' : (spec.replicas ?? spec.minReplicas), image]
          .filter((one) => one !== undefined)
          .join(' '),
      );
      return undefined;
    });
  return seen;
}

describe.skipIf(inject('rig') === 'missing')('the shares of a shop on three clusters', () => {
  beforeEach(async () => {
    platform = await StagedPlatform.start('moved');
  });
  afterEach(() => platform.end());

  it('move to a cluster that is added and away from one that is removed, and never are fewer ready than declared', async () => {
    await runShop(platform, { weights: { alpha: 1, beta: 1 } });
    expect(await ready()).toEqual([6, 6, 0]);

    // gamma is lost after it was planned: nobody gives anything away.
    const three = { weights: { alpha: 1, beta: 1, gamma: 1 } };
    const lost = await counted(() =>
      runShop(platform, three, {}, {}, () => platform.watch('gamma', () => ({ cut: 'before' }))),
    );
    expect(outcomeOf(lost.run, 'gamma').problem?.code).toBe('ORR3004');
    expect(outcomeOf(lost.run, 'alpha')).toMatchObject({ status: 'failed', written: 0 });
    expect(lost.fewest).toBe(12);

    const writes = watchWorkloads();
    const stop = new AbortController();
    const stopAtStepTwo = (event: ApplyEvent) => {
      if (event.type === 'replicas-released') stop.abort(new Error('enough'));
    };
    const stopped = await counted(() => runShop(platform, three, { signal: stop.signal, onEvent: stopAtStepTwo }));
    expect(text(stopped.run)).toContain(`  replicas of mall/cart move
    1. gamma 0 → 4
    2. when ready in gamma: alpha 6 → 4, beta 6 → 4
`);
    expect(writes.splice(0)[0]).toBe('gamma 4 mall/cart:1');
    expect(stopped.run.events.filter(({ type }) => type.startsWith('replicas-'))).toEqual([
      { type: 'replicas-held', service: 'mall/cart', donors: ['alpha', 'beta'], receivers: ['gamma'] },
      { type: 'replicas-released', service: 'mall/cart' },
    ]);
    const added = await counted(() => runShop(platform, three));
    expect(statuses(added.run, ...CLUSTERS)).toEqual(['done', 'done', 'done']);
    expect(Math.min(stopped.fewest, added.fewest)).toBeGreaterThanOrEqual(12);
    expect(await ready()).toEqual([4, 4, 4]);

    // beta leaves the placement, and then the program: its share has moved before it goes, what is left is listed.
    const removed = await counted(() =>
      runShop(platform, { weights: { alpha: 1, gamma: 1 } }, {}, { onLeft: 'delete' }),
    );
    expect(text(removed.run)).toContain(`    1. alpha 4 → 6, gamma 4 → 6
    2. when ready in alpha and gamma: beta 4 → 0
`);
    expect(text(removed.run)).toMatch(
      /beta .*left: the program no longer has this cluster, \d+ objects of ours are there/,
    );
    expect(removed.fewest).toBeGreaterThanOrEqual(12);
    expect(writes.at(-1)).toBe('beta gone');
    expect(await ready()).toEqual([6, 0, 6]);
  });

  it('stay while a receiver is not ready, in every later run too, and what else changes goes through the waves before', async () => {
    await runShop(platform, { weights: { alpha: 1, beta: 1 } });
    const shop: Shop = {
      weights: { alpha: 1, beta: 1, gamma: 1 },
      cart: { image: 'mall/cart:2' },
      waves: [
        { name: 'canary', clusters: ['alpha'] },
        { name: 'rest', clusters: ['beta', 'gamma'] },
      ],
    };
    const stuck = { ...shop, stuck: 'gamma' };

    const writes = watchWorkloads();
    const failed = await runShop(platform, stuck);
    expect(statuses(failed, ...CLUSTERS)).toEqual(['failed', 'failed', 'failed']);
    expect(outcomeOf(failed, 'alpha').skipped).toEqual([
      {
        id: expect.objectContaining({ kind: 'Deployment', name: 'cart' }),
        reason: `keeps its replicas until Deployment/${platform.namespace('mall')}/cart in gamma is ready, which failed`,
      },
    ]);
    expect(writes.splice(0).sort()).toEqual(['alpha 6 mall/cart:2', 'beta 6 mall/cart:2', 'gamma 4 mall/cart:2']);

    // Now nothing is left to write in gamma, and still it is what the others wait for.
    const again = await runShop(platform, stuck);
    expect(again.made.plan.clusters.find(({ cluster }) => cluster === 'gamma')?.items).toEqual([]);
    expect(text(again)).toContain('    1. when ready in gamma: alpha 6 → 4, beta 6 → 4\n');
    expect(statuses(again, 'alpha', 'beta')).toEqual(['failed', 'failed']);
    expect(writes).toEqual([]);
    expect((await ready()).slice(0, 2)).toEqual([6, 6]);

    // Who leaves gamma out finds that, too.
    const { inventoryNamespace } = platform;
    const { kubeconfig } = inject('clusters');
    const target = `{ kubeconfig: ${kubeconfig}, context: '{cluster}', inventoryNamespace: ${inventoryNamespace} }`;
    const command = new CommandInProcess(new TestProject({ 'cdk8s.yaml': `targets:\n  '*': ${target}\n` }));
    const alone = ['--assembly', shopAssembly(platform, stuck), '--cluster', 'alpha'];
    const planned = await command.run('plan', ...alone, '--out', 'plan.json');
    expect(planned.text).toContain(
      '    1. beta ? → 4, gamma ? → 4\n    2. when ready in beta and gamma: alpha 6 → 4\n',
    );
    for (const how of [['--yes'], ['plan.json']]) {
      const { code, text: said } = await command.run('apply', ...alone, ...how);
      expect([code, said]).toEqual([1, expect.stringMatching(/ORR4202.*gamma/s)]);
    }
    expect(writes).toEqual([]);

    const healed = await counted(() => runShop(platform, shop));
    expect(statuses(healed.run, ...CLUSTERS)).toEqual(['done', 'done', 'done']);
    expect(healed.fewest).toBeGreaterThanOrEqual(12);
    expect(writes.filter((write) => !write.startsWith('gamma'))).toEqual(['alpha 4 mall/cart:2', 'beta 4 mall/cart:2']);
    expect(await platform.complete(...CLUSTERS)).toEqual([true, true, true]);
    const next = await runShop(platform, shop);
    expect(next.made.plan.clusters.flatMap(({ items }) => items.map(({ id }) => describeId(id)))).toEqual([]);
  });

  it('of an autoscaled service are its minima: the autoscaler here may go lower once the one elsewhere has scaled up', async () => {
    const cart = { autoscaling: { minReplicas: 8, maxReplicas: 24 }, cpu: '10m' };
    await runShop(platform, { weights: { alpha: 1, beta: 1 }, cart });

    const there: number[] = [];
    platform.watch('alpha', ({ isWrite, path }) =>
      isWrite && path.includes('/horizontalpodautoscalers/')
        ? { before: async () => void there.push(await readyIn(platform, 'beta')) }
        : undefined,
    );
    const run = await runShop(platform, { weights: { alpha: 1, beta: 3 }, cart });
    expect(text(run)).toContain(`    1. beta 4 → 6
    2. when ready in beta: alpha 4 → 2
`);
    expect(statuses(run, 'alpha', 'beta')).toEqual(['done', 'done']);
    // More than once where the autoscaler's controller writes at the same time.
    expect([...new Set(there)]).toEqual([6]);

    // The way back goes the same way.
    const targets = await platform.openAll(['alpha', 'beta']);
    const back = await planRevisions(
      run.desired,
      await revisionsOfAll(targets, platform.id),
      (_, heads) => heads[1] as RevisionHead,
      platform.planOptions(),
    );
    expect(planText(back.plan, { paint: paint(false) })).toContain(`    1. alpha 2 → 4
    2. when ready in alpha: beta 6 → 4
`);
    const writes = watchWorkloads();
    const goingBack = [...back.heads].map(([cluster, { number }]) => [cluster, number] as const);
    const returned = await counted(async () => ({
      ...(await platform.rollMade(back, back.desired, targets, { rollbackOf: new Map(goingBack), timeoutMs: 60_000 })),
      desired: back.desired,
    }));
    expect(statuses(returned.run, 'alpha', 'beta')).toEqual(['done', 'done']);
    expect(returned.fewest).toBeGreaterThanOrEqual(8);
    expect(writes.filter((write, at) => write !== writes[at - 1])).toEqual(['alpha 4', 'beta 4']);
  });
});
