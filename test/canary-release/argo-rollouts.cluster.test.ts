import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  ArgoRollout,
  CanaryBackend,
  CanaryMetric,
  CanaryStep,
  ClusterSet,
  IstioDestinationRule,
  IstioVirtualService,
  Platform,
} from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { list, record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { DesiredState } from '../../lib/render/desired-state.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
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

  it('moves typed objects of a program: an apply in the middle leaves weights, added routes and hashes where they are', async () => {
    const shop = newShop();
    const weights = (route: KubernetesObject | undefined) =>
      list(record(route?.spec).http).map(({ name, route: to }) => [name, ...list(to).map(({ weight }) => weight)]);
    const hashes = (rule: KubernetesObject | undefined) =>
      list(record(rule?.spec).subsets).map(({ labels }) => record(labels)['rollouts-pod-template-hash']);
    const rulePath = `/apis/networking.istio.io/v1/namespaces/${shop.mall}/destinationrules/cart`;
    const rollout = rolloutPath(shop).replace('cart-canary', 'cart');

    await shop.move(await typedProgram(shop, { image: 'mall/cart:1', timeout: '5s' }), { timeoutMs: 60_000 });
    const canary = await typedProgram(shop, { image: 'mall/cart:2', timeout: '5s' });
    // The apply does not wait for what waits for somebody.
    await shop.move(canary, { timeoutMs: 2_000 });
    const isPaused = (object: KubernetesObject | undefined) => record(object?.status).phase === 'Paused';
    await until(async () => isPaused(await shop.get(rollout)));
    const inMiddle = [
      ['testers', 100],
      ['primary', 75, 25],
    ];
    expect(weights(await shop.get(shop.routePath()))).toEqual(inMiddle);
    const [stable, fresh] = hashes(await shop.get(rulePath));
    expect([typeof stable, typeof fresh, stable === fresh]).toEqual(['string', 'string', false]);

    const unrelated = await typedProgram(shop, { image: 'mall/cart:2', timeout: '9s' });
    expect((await shop.move(unrelated)).outcome.clusters).toMatchObject([{ status: 'done' }]);
    const route = await shop.get(shop.routePath());
    expect(weights(route)).toEqual(inMiddle);
    expect(JSON.stringify(route?.spec)).toContain('"timeout":"9s"');
    expect(hashes(await shop.get(rulePath))).toEqual([stable, fresh]);
    expect((await shop.move(unrelated)).made.plan.changes).toBe(false);
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

async function until(isReached: () => Promise<boolean>): Promise<void> {
  while (!(await isReached())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** A Rollout with subsets of one host, as a program of typed objects says it. */
async function typedProgram(
  shop: ReleasedShop,
  { image, timeout }: { readonly image: string; readonly timeout: string },
): Promise<DesiredState> {
  const outdir = join(shop.stateFolder, `typed-${randomBytes(3).toString('hex')}`);
  const platform = new Platform({ id: shop.id, outdir });
  const north = new ClusterSet(platform, 'clusters').add('north');
  const chart = new Chart(north, 'cart', { namespace: shop.mall });
  const labels = { app: 'cart' };
  const host = `cart.${shop.mall}.svc.cluster.local`;
  new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: shop.mall } });
  const service = { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };
  new ApiObject(chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' }, spec: service });
  const routes = new IstioVirtualService(chart, 'routes', {
    metadata: { name: 'cart' },
    spec: {
      hosts: [host],
      http: [
        {
          name: 'primary',
          timeout,
          route: [
            { destination: { host, subset: 'stable' }, weight: 100 },
            { destination: { host, subset: 'canary' }, weight: 0 },
          ],
        },
      ],
    },
  });
  const rule = new IstioDestinationRule(chart, 'rule', {
    metadata: { name: 'cart' },
    spec: {
      host,
      subsets: [
        { name: 'stable', labels },
        { name: 'canary', labels },
      ],
    },
  });
  const rollout = new ArgoRollout(chart, 'rollout', {
    metadata: { name: 'cart' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'cart', image }] } },
      strategy: {
        canary: {
          trafficRouting: {
            managedRoutes: [{ name: 'testers' }],
            istio: {
              virtualService: { name: 'cart', routes: ['primary'] },
              destinationRule: { name: 'cart', stableSubsetName: 'stable', canarySubsetName: 'canary' },
            },
          },
          steps: [
            { setWeight: 25 },
            { setHeaderRoute: { name: 'testers', match: [{ headerName: 'x-tester', headerValue: { exact: 'yes' } }] } },
            { pause: {} },
          ],
        },
      },
    },
  });
  rollout.controls(routes, rule);
  platform.synth();
  return renderAssembly(await readAssembly(outdir));
}

/** Who owns a field of the spec, by managedFields. */
function managersOf(object: KubernetesObject | undefined, field: string): string[] {
  return (object?.metadata.managedFields ?? []).flatMap(({ manager = '', fieldsV1 }) =>
    field in record(record(fieldsV1)['f:spec']) ? [manager] : [],
  );
}
