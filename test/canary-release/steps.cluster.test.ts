import { CanaryStep } from '@orrery/constructs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canaryWeight, lacksMesh, MeshClusters, ReleasedShop, type Shop, WeightWatch } from './released-shop.ts';

const WEIGHTS = [5, 25, 50, 100].map((percent) => CanaryStep.weight(percent));

describe.skipIf(lacksMesh)('a canary release on a real server with Istio’s definitions', { timeout: 240_000 }, () => {
  let mesh: MeshClusters;
  const shops: ReleasedShop[] = [];
  beforeAll(async () => {
    mesh = await MeshClusters.start('north');
  }, 300_000);
  afterEach(async () => {
    await Promise.all(shops.splice(0).map((shop) => shop.cleanUp(['north'])));
  });
  afterAll(async () => {
    await mesh?.end();
  });
  const newShop = (): ReleasedShop => {
    const shop = new ReleasedShop(mesh);
    shops.push(shop);
    return shop;
  };

  it('goes 5, 25, 50, 100 as a watch sees it, ends at the service, and leaving the program it restarts no pod', async () => {
    const shop = newShop();
    await shop.move({});
    const watch = new WeightWatch(await shop.open('north'), shop.mall);
    const { outcome, releases } = await shop.move({ steps: WEIGHTS });
    expect(outcome.clusters).toMatchObject([{ status: 'done' }]);
    expect(releases).toEqual([{ release: 'cart-2', cluster: 'north', status: 'through', stage: 'end' }]);
    expect((await watch.stop()).filter((weight) => weight > 0)).toEqual([5, 25, 50, 100]);
    expect(await shop.get(shop.routePath())).toBeUndefined();
    expect(await shop.get(shop.deploymentPath('cart-canary'))).toBeUndefined();
    const stable = await shop.get(shop.deploymentPath('cart'));
    expect(JSON.stringify(stable?.spec)).toContain('mall/cart:2');
    const again = await shop.move({ steps: WEIGHTS });
    expect(again.made.plan.changes).toBe(false);
    expect(again.releases).toMatchObject([{ status: 'through' }]);

    const pods = await shop.pods('cart');
    expect(pods).toHaveLength(2);
    const after: Shop = { cart: { image: 'mall/cart:2' } };
    const ended = await shop.move(after);
    expect(ended.outcome.clusters).toMatchObject([{ status: 'done' }]);
    expect(await shop.pods('cart')).toEqual(pods);
    expect(await shop.record()).toBeUndefined();
    expect((await shop.move(after)).made.plan.changes).toBe(false);
  });

  it('stays at an approval; an unrelated apply leaves the weight, and a weight changed by hand is drift and healed', async () => {
    const shop = newShop();
    const steps = [CanaryStep.weight(25), CanaryStep.approve('look at it'), CanaryStep.weight(100)];
    const { releases } = await shop.move({ steps });
    expect(releases).toMatchObject([{ status: 'waiting', reason: 'approval: look at it' }]);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(25);
    const settled = await shop.plan1({ steps });
    expect(settled.plan.changes).toBe(false);
    expect(settled.plan.clusters[0]?.canaryReleases).toMatchObject([{ release: 'cart-2', phase: 'progressing' }]);

    const unrelated: Shop = { steps, use: (service) => void service.resilience({ timeout: '3s' }) };
    expect((await shop.move(unrelated)).outcome.clusters).toMatchObject([{ status: 'done' }]);
    const route = await shop.get(shop.routePath());
    expect(canaryWeight(route)).toBe(25);
    expect(JSON.stringify(route?.spec)).toContain('"timeout":"3s"');

    const { client } = await shop.open('north');
    const body = [{ op: 'replace', path: '/spec/http/0/route/1/weight', value: 75 }];
    const patched = await client.request({
      method: 'PATCH',
      path: shop.routePath(),
      contentType: 'application/json-patch+json',
      body,
    });
    expect(patched.status).toBe(200);
    expect((await shop.plan1(unrelated)).plan.clusters[0]?.items).toMatchObject([
      { action: 'update', id: { kind: 'VirtualService' } },
    ]);
    await shop.move(unrelated);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(25);

    await shop.tell(unrelated, 'promote');
    expect((await shop.move(unrelated)).releases).toMatchObject([{ status: 'through' }]);
  });

  it('goes back when it is aborted, and begins anew when that is said', async () => {
    const shop = newShop();
    const steps = [CanaryStep.weight(50), CanaryStep.approve()];
    await shop.move({});
    const pods = await shop.pods('cart');
    await shop.move({ steps });
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(50);
    expect(await shop.tell({ steps }, 'abort')).toBe('goes back');
    const watch = new WeightWatch(await shop.open('north'), shop.mall);
    const back = await shop.move({ steps }, { onlyReleases: true, goesBack: true });
    expect(back.releases).toMatchObject([{ status: 'aborted' }]);
    expect((await watch.stop()).at(-1)).toBe(0);
    expect(await shop.get(shop.deploymentPath('cart-canary'))).toBeUndefined();
    expect(await shop.pods('cart')).toEqual(pods);
    const after = await shop.move({ steps });
    expect(after.made.plan.changes).toBe(false);
    expect(after.releases).toMatchObject([{ status: 'aborted', reason: 'aborted by test' }]);
    expect(await shop.tell({ steps }, 'resume')).toBe('begins anew');
    expect((await shop.move({ steps })).releases).toMatchObject([{ status: 'waiting' }]);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(50);
  });
});
