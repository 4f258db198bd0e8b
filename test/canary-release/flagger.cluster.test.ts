import { CanaryBackend, CanaryMetric, CanaryStep } from '@orrery/constructs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { list, record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { ControlledCluster, FakePrometheus, lacksControllers } from './controllers.ts';
import { ReleasedShop, type Shop, WeightWatch } from './released-shop.ts';

const backend = CanaryBackend.FLAGGER;
const LOOK = CanaryStep.analyse({
  during: '10s',
  interval: '10s',
  metrics: [CanaryMetric.query('errors', 'errors', { atMost: 1 })],
});

/** Flagger has no checks more often than every ten seconds: these tests take minutes. */
describe.skipIf(lacksControllers)('a canary release by the real Flagger', { timeout: 600_000 }, () => {
  let cluster: ControlledCluster;
  let prometheus: FakePrometheus;
  const shops: ReleasedShop[] = [];
  beforeAll(async () => {
    prometheus = await FakePrometheus.start();
    cluster = await ControlledCluster.start('flagger', [`-metrics-server=${prometheus.url}`]);
  }, 900_000);
  afterEach(async () => {
    await Promise.all(shops.splice(0).map((shop) => shop.cleanUp(['north'])));
  });
  afterAll(async () => {
    await cluster?.end();
    prometheus?.end();
  });
  const newShop = (): ReleasedShop => {
    const shop = new ReleasedShop(cluster);
    shops.push(shop);
    return shop;
  };
  const weightOf = (route: KubernetesObject | undefined): number => {
    const [rule] = list(record(route?.spec).http);
    const canary = list(rule?.route).find(({ destination }) => String(record(destination).host).endsWith('-canary'));
    return Number(canary?.weight ?? 0);
  };

  it('goes through its shares, takes over the host of the service and gives it back', async () => {
    const shop = newShop();
    prometheus.value = '0';
    await shop.move({});
    const watch = new WeightWatch(await shop.open('north'), shop.mall, weightOf);
    const program: Shop = {
      steps: [CanaryStep.weight(5), LOOK, CanaryStep.weight(50), LOOK],
      canary: { backend, prometheus: prometheus.url },
    };
    const { releases } = await shop.move(program, { followMs: 400_000, timeoutMs: 120_000 });
    expect(releases, cluster.log('flagger').slice(-3000)).toEqual([
      { release: 'cart-2', cluster: 'north', status: 'through', stage: 'end' },
    ]);
    expect((await watch.stop()).filter((weight) => weight > 0)).toEqual([5, 50]);
    expect(await shop.get(shop.deploymentPath('cart-canary'))).toBeUndefined();
    expect(JSON.stringify((await shop.get(shop.deploymentPath('cart')))?.spec)).toContain('mall/cart:2');
    const pods = await shop.pods('cart');
    expect((await shop.move({ cart: { image: 'mall/cart:2' } })).outcome.clusters).toMatchObject([{ status: 'done' }]);
    expect(await shop.pods('cart')).toEqual(pods);
  });

  it('goes back when the measures are bad; an unrelated apply before that leaves the shares and the scale where they are', async () => {
    const shop = newShop();
    prometheus.value = '0';
    await shop.move({});
    const pods = await shop.pods('cart');
    const program: Shop = {
      steps: [5, 10, 15, 20, 25].flatMap((percent) => [CanaryStep.weight(percent), LOOK]),
      canary: { backend, prometheus: prometheus.url },
    };
    const begun = await shop.move(program, { followMs: 45_000, timeoutMs: 120_000 });
    expect(begun.releases, cluster.log('flagger').slice(-3000)).toMatchObject([
      { status: 'waiting', stage: 'release' },
    ]);
    const routes = shop.routePath('cart-canary');
    const before = weightOf(await shop.get(routes));
    const unrelated: Shop = {
      ...program,
      cart: { podAnnotations: {}, serviceAnnotations: { 'example.com/team': 'a' } },
    };
    expect((await shop.move(unrelated, { followMs: 0 })).outcome.clusters).toMatchObject([{ status: 'done' }]);
    expect(weightOf(await shop.get(routes))).toBeGreaterThanOrEqual(before);
    prometheus.value = '7';
    const { releases } = await shop.move(unrelated, { followMs: 300_000, timeoutMs: 120_000 });
    expect(releases, cluster.log('flagger').slice(-3000)).toMatchObject([{ status: 'went-back' }]);
    expect(await shop.get(shop.deploymentPath('cart-canary'))).toBeUndefined();
    expect(await shop.pods('cart')).toEqual(pods);
  });
});
