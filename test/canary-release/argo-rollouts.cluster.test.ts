import { CanaryBackend, CanaryMetric, CanaryStep } from '@orrery/constructs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { ControlledCluster, FakePrometheus, lacksControllers } from './controllers.ts';
import { canaryWeight, ReleasedShop, type Shop, WeightWatch } from './released-shop.ts';

const backend = CanaryBackend.ARGO_ROLLOUTS;

describe.skipIf(lacksControllers)('a canary release by the real Argo Rollouts', { timeout: 240_000 }, () => {
  let cluster: ControlledCluster;
  const shops: ReleasedShop[] = [];
  beforeAll(async () => {
    cluster = await ControlledCluster.start('argo-rollouts');
  }, 900_000);
  afterEach(async () => {
    await Promise.all(shops.splice(0).map((shop) => shop.cleanUp(['north'])));
  });
  afterAll(async () => {
    await cluster?.end();
  });
  const newShop = (): ReleasedShop => {
    const shop = new ReleasedShop(cluster);
    shops.push(shop);
    return shop;
  };
  const rolloutPath = (shop: ReleasedShop) => `/apis/argoproj.io/v1alpha1/namespaces/${shop.mall}/rollouts/cart-canary`;

  it('goes 5, 25, 50, 100 as a watch of the routes sees it, and ends at the service', async () => {
    const shop = newShop();
    await shop.move({});
    const watch = new WeightWatch(await shop.open('north'), shop.mall);
    const steps = [5, 25, 50, 100].map((percent) => CanaryStep.weight(percent));
    const program: Shop = { steps, canary: { backend } };
    const { outcome, releases } = await shop.move(program, { followMs: 120_000 });
    expect(outcome.clusters).toMatchObject([{ status: 'done' }]);
    expect(releases).toEqual([{ release: 'cart-2', cluster: 'north', status: 'through', stage: 'end' }]);
    expect((await watch.stop()).filter((weight) => weight > 0)).toEqual([5, 25, 50, 100]);
    expect(await shop.get(shop.routePath())).toBeUndefined();
    expect(await shop.get(rolloutPath(shop))).toBeUndefined();
    expect(JSON.stringify((await shop.get(shop.deploymentPath('cart')))?.spec)).toContain('mall/cart:2');
    const pods = await shop.pods('cart');
    const after: Shop = { cart: { image: 'mall/cart:2' } };
    expect((await shop.move(after)).outcome.clusters).toMatchObject([{ status: 'done' }]);
    expect(await shop.pods('cart')).toEqual(pods);
    expect((await shop.move(after)).made.plan.changes).toBe(false);
  });

  it('waits for somebody, and an unrelated apply in the middle leaves the weights where they are', async () => {
    const shop = newShop();
    const program: Shop = { steps: [CanaryStep.weight(25), CanaryStep.approve()], canary: { backend } };
    await shop.move({});
    const waiting = await shop.move(program, { followMs: 60_000 });
    expect(waiting.releases).toMatchObject([{ status: 'waiting', stage: 'release' }]);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(25);
    const settled = await shop.plan1(program);
    expect(settled.plan.clusters[0]?.items).toEqual([]);
    const unrelated: Shop = { ...program, use: (service) => void service.resilience({ timeout: '3s' }) };
    const before = await shop.get(rolloutPath(shop));
    expect((await shop.move(unrelated, { followMs: 0 })).outcome.clusters).toMatchObject([{ status: 'done' }]);
    const route = await shop.get(shop.routePath());
    expect(canaryWeight(route)).toBe(25);
    expect(JSON.stringify(route?.spec)).toContain('"timeout":"3s"');
    expect((await shop.get(rolloutPath(shop)))?.metadata.generation).toBe(before?.metadata.generation);
    await shop.tell(unrelated, 'promote');
    expect((await shop.move(unrelated, { followMs: 120_000 })).releases).toMatchObject([{ status: 'through' }]);
  });

  it('goes back when it is aborted: the routes first, and the pods of the service were never touched', async () => {
    const shop = newShop();
    const program: Shop = { steps: [CanaryStep.weight(50), CanaryStep.approve()], canary: { backend } };
    await shop.move({});
    const pods = await shop.pods('cart');
    await shop.move(program, { followMs: 60_000 });
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(50);
    expect(await shop.tell(program, 'abort')).toBe('goes back');
    const watch = new WeightWatch(await shop.open('north'), shop.mall);
    const back = await shop.move(program, { onlyReleases: true, goesBack: true, followMs: 120_000 });
    expect(back.releases).toMatchObject([{ status: 'aborted' }]);
    expect((await watch.stop()).at(-1)).toBe(0);
    expect(await shop.get(rolloutPath(shop))).toBeUndefined();
    expect(await shop.pods('cart')).toEqual(pods);
  });

  it('goes back by itself when an analysis fails, and takes no answer for no success', async () => {
    const prometheus = await FakePrometheus.start();
    try {
      const shop = newShop();
      const metrics = [CanaryMetric.query('errors', 'errors', { atMost: 1 })];
      const analysis = CanaryStep.analyse({ during: '2s', interval: '1s', metrics });
      const program: Shop = {
        steps: [CanaryStep.weight(25), analysis, CanaryStep.weight(50)],
        canary: { backend, prometheus: prometheus.url },
      };
      await shop.move({});
      const pods = await shop.pods('cart');
      prometheus.value = '7';
      const watch = new WeightWatch(await shop.open('north'), shop.mall);
      const { releases } = await shop.move(program, { followMs: 120_000 });
      expect(releases).toMatchObject([{ status: 'went-back', reason: expect.stringContaining('errors') }]);
      expect((await watch.stop()).filter((weight) => weight > 0)).toEqual([25]);
      expect(await shop.get(rolloutPath(shop))).toBeUndefined();
      expect(await shop.pods('cart')).toEqual(pods);

      prometheus.value = undefined;
      await shop.tell(program, 'resume');
      const unsure = await shop.move(program, { followMs: 60_000 });
      expect(unsure.releases).toMatchObject([{ status: 'waiting', reason: expect.stringContaining('inconclusive') }]);
      expect(canaryWeight(await shop.get(shop.routePath()))).toBe(25);
    } finally {
      prometheus.end();
    }
  });

  it('lets the controller alone write shares, and our apply everything else of the routes', async () => {
    const shop = newShop();
    await shop.move({});
    await shop.move(
      { steps: [CanaryStep.weight(25), CanaryStep.approve()], canary: { backend } },
      { followMs: 60_000 },
    );
    const managers = managersOf(await shop.get(shop.routePath()), 'f:http');
    expect(['rollouts-controller', 'argo-rollouts']).toEqual(expect.arrayContaining(managers));
  });
});

/** Who owns a field of the spec, by managedFields. */
function managersOf(object: KubernetesObject | undefined, field: string): string[] {
  return (object?.metadata.managedFields ?? []).flatMap(({ manager = '', fieldsV1 }) =>
    field in record(record(fieldsV1)['f:spec']) ? [manager] : [],
  );
}
