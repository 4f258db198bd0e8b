import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type ClusterFacts, ClusterSet, Placement, Platform, Rollout } from '@orrery/constructs';
import { JsonPatch } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { addShop } from '../../examples/online-shop/shop.ts';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { paint } from '../../lib/report/paint.ts';
import { planText } from '../../lib/report/plan-text.ts';
import { ReadyTotal, type Run, runState } from './moved-shop.ts';
import { StagedPlatform, statuses, wavesIn } from './staged-platform.ts';

/** The example as a company with three production clusters would have it, on three real ones. */

const CLUSTERS = ['alpha', 'beta', 'gamma'] as const;
const NAMESPACE = 'mall';
const FACTS: ClusterFacts = {
  internetFacing: true,
  imageRegistry: 'registry.example.com',
  storageClasses: { general: 'nfs-general', fast: 'nas-fast' },
};

interface ShopProgram {
  readonly clusters: readonly string[];
  /** Version of the cart. */
  readonly cart?: string;
  /** One cluster after the other. */
  readonly inTurn?: boolean;
}

/** What every service declares over all clusters: replicas, or the fewest that its autoscaler keeps. */
let declared: ReadonlyMap<string, number>;
let staged: StagedPlatform;

async function stateOf({ clusters, cart, inTurn = false }: ShopProgram): Promise<DesiredState> {
  const outdir = join(staged.stateFolder, `assembly-${randomBytes(3).toString('hex')}`);
  const platform = new Platform({ id: staged.id, outdir });
  const set = new ClusterSet(platform, 'clusters');
  for (const name of clusters) set.add(name, FACTS);
  const weights = Object.fromEntries(clusters.map((name) => [name, 1]));
  const mall = addShop(platform, { placement: Placement.weighted(weights), production: set });
  if (cart !== undefined) {
    const image = JsonPatch.replace('/spec/template/spec/containers/0/image', `registry.example.com/mall/cart:${cart}`);
    for (const service of mall.services)
      if (service.serviceName === 'cart') service.patchIn(set, { kind: 'Deployment' }, image);
  }
  if (inTurn)
    new Rollout(platform, 'rollout', {
      waves: clusters.map((name) => ({ name, clusters: Placement.named(name) })),
    });
  platform.synth();
  const assembly = await readAssembly(outdir);
  const services = (assembly.apps ?? []).flatMap(({ services: all = [] }) => all);
  declared = new Map(services.map((one) => [one.path.split('/').at(-1) ?? '', one.replicas ?? one.minReplicas ?? 0]));
  return renderAssembly(assembly, { helm: {} });
}

/** Waits until the autoscalers of a first apply, which begin with one pod each, have what is declared. */
async function scaledUp(): Promise<void> {
  await vi.waitUntil(
    async () => {
      const total = new ReadyTotal(staged, CLUSTERS, NAMESPACE);
      await total.stop();
      return [...declared].every(([service, wanted]) => total.fewestOf(service) >= wanted);
    },
    { timeout: 60_000, interval: 500 },
  );
}

/** Applies while the ready pods of every service are counted; the services of which fewer than declared were ready at one time. */
async function counted(
  program: ShopProgram,
  ...how: OptionsOfRun
): Promise<{ readonly run: Run; readonly fewer: string[] }> {
  const desired = await stateOf(program);
  const total = new ReadyTotal(staged, CLUSTERS, NAMESPACE);
  const run = await runState(staged, desired, ...how).finally(() => total.stop());
  expect(total.samples).toBeGreaterThan(0);
  expect(declared.size).toBe(12);
  const fewer = [...declared].flatMap(([service, wanted]) => {
    const fewest = total.fewestOf(service);
    return fewest < wanted ? [`${service}: ${fewest} of ${wanted}`] : [];
  });
  return { run, fewer };
}
type OptionsOfRun = Parameters<typeof runState> extends [unknown, unknown, ...infer Rest] ? Rest : never;

const text = ({ made }: Pick<Run, 'made'>) => planText(made.plan, { paint: paint(false) });

describe.skipIf(inject('rig') === 'missing')('the online shop in three clusters', () => {
  beforeAll(async () => {
    staged = await StagedPlatform.start('shop');
  });
  afterAll(async () => {
    await staged.destroy(CLUSTERS);
    await staged.end();
  });

  it('loses one, gets one and has one failing, and no service ever has fewer ready pods than declared', {
    timeout: 300_000,
  }, async () => {
    const first = await runState(staged, await stateOf({ clusters: CLUSTERS }));
    expect(statuses(first, ...CLUSTERS)).toEqual(['done', 'done', 'done']);
    await scaledUp();

    // beta leaves the program: what is left there is listed, and stays until somebody chooses.
    const two: ShopProgram = { clusters: ['alpha', 'gamma'] };
    const open = await staged.openAll(CLUSTERS);
    const listed = await makePlan(await stateOf(two), open, staged.planOptions());
    expect(text({ made: listed })).toMatch(
      /beta .*left: the program no longer has this cluster, \d+ objects of ours are there/,
    );
    const removed = await counted(two, {}, { onLeft: 'delete' });
    expect(text(removed.run)).toContain(`  replicas of mall/cart move
    1. alpha 4 → 6, gamma 4 → 6
    2. when ready in alpha and gamma: beta 4 → 0
`);
    expect(removed.fewer).toEqual([]);
    expect(statuses(removed.run, 'beta')).toEqual(['done']);

    const added = await counted({ clusters: CLUSTERS });
    expect(text(added.run)).toContain('    1. beta 0 → 4\n    2. when ready in beta: alpha 6 → 4, gamma 6 → 4\n');
    expect(statuses(added.run, ...CLUSTERS)).toEqual(['done', 'done', 'done']);
    expect(added.fewer).toEqual([]);

    // beta goes away in the middle of a rollout of a new cart.
    const next: ShopProgram = { clusters: CLUSTERS, cart: '4.13.0', inTurn: true };
    staged.watch('beta', ({ isWrite, path }) =>
      isWrite && path.includes('/deployments/cart') ? { cut: 'before' } : undefined,
    );
    const failed = await counted(next);
    expect(wavesIn(failed.run)).toEqual(['done alpha', 'failed beta', 'not-started gamma']);
    // Where it was replaced, its own rolling update takes a pod at a time.
    expect(failed.fewer.filter((service) => !service.startsWith('cart:'))).toEqual([]);
    expect(staged.objectWrites().filter((write) => write.startsWith('gamma'))).toEqual([]);

    staged.watch('beta');
    const resumed = await runState(staged, await stateOf(next));
    expect(statuses(resumed, 'beta', 'gamma')).toEqual(['done', 'done']);
    expect(staged.objectWrites().map((write) => write.replace(/ .*\//, ' '))).toEqual(['beta cart', 'gamma cart']);
    expect((await runState(staged, await stateOf(next))).made.plan.changes).toBe(false);
  });
});
