import { CanaryFailure, CanaryMetric, CanaryStep } from '@orrery/constructs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakePrometheus } from './fake-prometheus.ts';
import { canaryWeight, lacksMesh, MeshClusters, ReleasedShop, type Shop, WeightWatch } from './released-shop.ts';

const CLUSTERS = ['north', 'south'];
const NORTH = { clusters: ['north'] };

function inNorth(shop: Shop): Shop {
  return { ...shop, ...NORTH };
}

describe.skipIf(lacksMesh)('an analysis of a canary release', { timeout: 240_000 }, () => {
  let mesh: MeshClusters;
  let prometheus: FakePrometheus;
  const shops: ReleasedShop[] = [];
  beforeAll(async () => {
    [mesh, prometheus] = await Promise.all([MeshClusters.start(...CLUSTERS), FakePrometheus.start()]);
  }, 300_000);
  afterEach(async () => {
    await Promise.all(shops.splice(0).map((shop) => shop.cleanUp(CLUSTERS)));
  });
  afterAll(async () => {
    await prometheus?.end();
    await mesh?.end();
  });
  const newShop = (): ReleasedShop => {
    const shop = new ReleasedShop(mesh);
    shops.push(shop);
    return shop;
  };
  const analysed = (more: Shop['canary'] = {}): Shop => {
    const metrics = [CanaryMetric.query('errors', 'sum(rate(errors[1m]))', { atMost: 0.05 })];
    return {
      steps: [
        CanaryStep.weight(5),
        CanaryStep.analyse({ during: '2s', interval: '1s', metrics }),
        CanaryStep.weight(50),
      ],
      canary: { prometheus: prometheus.url, ...more },
    };
  };

  it('that passes goes on, first in the first cluster, then in the second', async () => {
    prometheus.value = 0.01;
    const shop = newShop();
    const weights: string[] = [];
    const { releases } = await shop.move(analysed({ firstOn: 'north' }), {
      onEvent: (event) => {
        if (event.type === 'release-stage' && event.weight !== undefined)
          weights.push(`${event.cluster} ${event.weight}`);
      },
    });
    expect(releases).toMatchObject([
      { cluster: 'north', status: 'through' },
      { cluster: 'south', status: 'through' },
    ]);
    expect(weights).toEqual([
      'north 5',
      'north 50',
      'north 100',
      'north 0',
      'south 5',
      'south 50',
      'south 100',
      'south 0',
    ]);
    const [query] = prometheus.queries;
    expect(query?.get('step')).toBe('1');
  });

  it('that fails rolls back, and the second cluster is not written at all', async () => {
    const shop = newShop();
    await shop.move({});
    const untouched = await shop.versions('south');
    prometheus.value = 0.5;
    const watch = new WeightWatch(await shop.open('north'), shop.mall);
    const { releases } = await shop.move(analysed({ firstOn: 'north' }));
    expect(releases).toMatchObject([
      { cluster: 'north', status: 'went-back', problem: { code: 'ORR5301' } },
      { cluster: 'south', status: 'waiting', reason: 'north comes first, and went back' },
    ]);
    expect((await watch.stop()).filter((weight) => weight > 0)).toEqual([5]);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(0);
    expect(await shop.get(shop.deploymentPath('cart-canary'))).toBeUndefined();
    expect(JSON.stringify((await shop.get(shop.deploymentPath('cart')))?.spec)).toContain('mall/cart:1');
    expect(await shop.versions('south')).toEqual(untouched);
    expect(await shop.record('south')).toBeUndefined();
    const again = await shop.move(analysed({ firstOn: 'north' }));
    expect(again.releases).toMatchObject([{ status: 'aborted' }, { status: 'waiting' }]);
    expect(await shop.versions('south')).toEqual(untouched);
    // What the command line leaves out comes first all the same.
    const only = await shop.move(analysed({ firstOn: 'north' }), { clusters: ['south'] });
    expect(only.releases).toMatchObject([
      { cluster: 'south', status: 'waiting', reason: 'north comes first, and is not through' },
    ]);
    expect(await shop.versions('south')).toEqual(untouched);
  });

  it('that fails stays where it is and asks, where the program says so', async () => {
    const shop = newShop();
    prometheus.value = 0.5;
    const wish = inNorth(analysed({ onFailure: CanaryFailure.PAUSE }));
    const { releases } = await shop.move(wish, NORTH);
    expect(releases).toMatchObject([{ cluster: 'north', status: 'waiting', reason: expect.stringContaining('0.5') }]);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(5);
    expect(await shop.record()).toMatchObject({ status: 'paused' });
  });

  it('without data is inconclusive: it pauses, and goes on when somebody says so', async () => {
    const shop = newShop();
    prometheus.value = undefined;
    const wish = inNorth(analysed());
    const { releases } = await shop.move(wish, NORTH);
    expect(releases).toMatchObject([{ status: 'waiting', reason: expect.stringMatching(/^inconclusive: .*no data/) }]);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(5);
    expect(await shop.tell(wish, 'promote')).toBeDefined();
    expect((await shop.move(wish, NORTH)).releases).toMatchObject([{ status: 'through' }]);
  });

  it('that outlasts the apply is judged by the next one, over the same time', async () => {
    const shop = newShop();
    prometheus.value = 0.01;
    const wish = inNorth(analysed());
    const { releases } = await shop.move(wish, { ...NORTH, followMs: 0 });
    expect(releases).toMatchObject([{ status: 'waiting', stage: expect.stringContaining('analys') }]);
    const since = (await shop.record())?.heldSince;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    prometheus.queries.length = 0;
    expect((await shop.move(wish, { ...NORTH, followMs: 0 })).releases).toMatchObject([{ status: 'through' }]);
    expect(Number(prometheus.queries[0]?.get('start')) * 1000).toBe(Date.parse(since ?? '') + 1000);
  });

  it('is not needed for a rollback: a canary whose pods do not get ready goes back', async () => {
    const shop = newShop();
    await shop.move({ clusters: ['north'] }, { clusters: ['north'] });
    const pods = await shop.pods('cart');
    const stuck: Shop = {
      clusters: ['north'],
      steps: [CanaryStep.weight(5)],
      canary: { changes: { nodeSelector: { 'no-such': 'node' } } },
    };
    const { releases } = await shop.move(stuck, { clusters: ['north'], timeoutMs: 5000 });
    expect(releases).toMatchObject([{ status: 'went-back' }]);
    expect(canaryWeight(await shop.get(shop.routePath()))).toBe(0);
    expect(await shop.pods('cart')).toEqual(pods);
  });
});
