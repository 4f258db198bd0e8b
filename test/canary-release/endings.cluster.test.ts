import { CanaryStep } from '@orrery/constructs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canaryWeight, lacksMesh, MeshClusters, ReleasedShop, type Shop } from './released-shop.ts';
import { RouteSampler } from './route-sampler.ts';

describe.skipIf(lacksMesh)('requests during a canary release', { timeout: 240_000 }, () => {
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
  const newShop = async (): Promise<ReleasedShop> => {
    const shop = new ReleasedShop(mesh);
    shops.push(shop);
    await shop.move({});
    return shop;
  };
  /** Everything that is done meanwhile leads requests to ready pods at every moment that is looked at. */
  const watched = async (shop: ReleasedShop, work: () => Promise<unknown>): Promise<void> => {
    const sampler = new RouteSampler(shop, 'north');
    try {
      await work();
    } finally {
      await sampler.stop();
    }
    expect(sampler.samples).toBeGreaterThan(3);
    expect(sampler.dead).toEqual([]);
  };

  it('lead to ready pods at every stage, and when the release leaves the program at its end', async () => {
    const shop = await newShop();
    await watched(shop, async () => {
      const steps = [CanaryStep.weight(10), CanaryStep.weight(100)];
      expect((await shop.move({ steps })).releases).toMatchObject([{ status: 'through' }]);
      await shop.move({ cart: { image: 'mall/cart:2' } });
    });
  });

  it.each([
    [50, 'mall/cart:1'],
    [50, 'mall/cart:2'],
    [100, 'mall/cart:1'],
    [100, 'mall/cart:2'],
  ])('lead to ready pods when it leaves the program at %i percent, with %s as the service', async (percent, image) => {
    const shop = await newShop();
    const steps = [CanaryStep.weight(percent), CanaryStep.approve()];
    await shop.move({ steps });
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(percent);
    await watched(shop, async () => {
      expect((await shop.move({ cart: { image } })).outcome.clusters).toMatchObject([{ status: 'done' }]);
    });
    expect(await shop.get(shop.deploymentPath('cart-canary'))).toBeUndefined();
    expect(await shop.record()).toBeUndefined();
    expect((await shop.move({ cart: { image } })).made.plan.changes).toBe(false);
  });

  it('lead to ready pods when it leaves the program in the middle, and the service keeps a route of its own', async () => {
    const shop = await newShop();
    const use: NonNullable<Shop['use']> = (service) => {
      service.resilience({ timeout: '2s' });
    };
    await shop.move({ use, steps: [CanaryStep.weight(100), CanaryStep.approve()] });
    const told: string[] = [];
    await watched(shop, async () => {
      const after: Shop = { use, cart: { image: 'mall/cart:2' } };
      const { outcome, events } = await shop.move(after);
      expect(outcome.clusters).toMatchObject([{ status: 'done' }]);
      for (const event of events)
        if ('id' in event && event.type.startsWith('object-'))
          told.push(`${event.type} ${event.id.kind} ${event.id.name}`);
    });
    // Old pods of the service get no request that was answered by new ones before.
    const at = (what: string) => told.indexOf(what);
    expect(at('object-ready Deployment cart')).toBeGreaterThanOrEqual(0);
    expect(at('object-ready Deployment cart')).toBeLessThan(at('object-written VirtualService cart'));
    expect(at('object-written VirtualService cart')).toBeLessThan(at('object-deleted Deployment cart-canary'));
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(0);
  });

  it('lead to ready pods when the service has to take its old version back', async () => {
    const shop = await newShop();
    const steps = [CanaryStep.weight(100)];
    await shop.move({ steps });
    expect(await shop.tell({ steps }, 'abort')).toBe('goes back');
    await watched(shop, async () => {
      expect((await shop.move({ steps }, { goesBack: true })).releases).toMatchObject([{ status: 'aborted' }]);
    });
    expect(JSON.stringify((await shop.get(shop.deploymentPath('cart')))?.spec)).toContain('mall/cart:1');
  });

  it('leave an autoscaler of the service alone: it keeps what it made of the replicas at every stage', async () => {
    const shop = await newShop();
    const cart = { autoscaling: { minReplicas: 2, maxReplicas: 6, cpuUtilization: 80 }, cpu: '100m' };
    await shop.move({ cart } as Shop);
    const { client } = await shop.open('north');
    const scale = `${shop.deploymentPath('cart')}/scale`;
    const answer = await client.request({
      method: 'PATCH',
      path: scale,
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 3 } },
    });
    expect(answer.status).toBe(200);
    const seen = new Set<unknown>();
    const steps = [CanaryStep.weight(20), CanaryStep.approve()];
    const during = await shop.move({ cart, steps } as Shop, { onEvent: () => undefined });
    expect(during.releases).toMatchObject([{ status: 'waiting' }]);
    seen.add((await shop.get(shop.deploymentPath('cart')))?.spec);
    await shop.tell({ cart, steps } as Shop, 'promote');
    expect((await shop.move({ cart, steps } as Shop)).releases).toMatchObject([{ status: 'through' }]);
    seen.add((await shop.get(shop.deploymentPath('cart')))?.spec);
    for (const spec of seen) expect(spec).toMatchObject({ replicas: 3 });
  });
});
