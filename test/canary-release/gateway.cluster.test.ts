import { CanaryStep, Exposure } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { list, record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { lacksMesh, MeshClusters, ReleasedShop, type Shop } from './released-shop.ts';

describe.skipIf(lacksMesh)('a canary release by HTTPRoutes', { timeout: 120_000 }, () => {
  let mesh: MeshClusters;
  let shop: ReleasedShop;
  beforeAll(async () => {
    mesh = await MeshClusters.start('north');
    shop = new ReleasedShop(mesh);
  }, 300_000);
  afterAll(async () => {
    await shop?.cleanUp(['north']);
    await mesh?.end();
  });

  it('goes through its weights as a watch sees them, and the route of the service stays', async () => {
    const exposed: Shop = {
      facts: {
        apiVersions: ['gateway.networking.k8s.io/v1'],
        entryPoints: { intranet: { gateway: 'gateways/public', ingressClass: 'nginx' } },
      },
      use: (service) => service.expose(Exposure.httpRoute('shop.example.com')),
    };
    const gateway = new RoutesAccepted(shop);
    try {
      expect((await shop.move(exposed)).outcome.clusters).toMatchObject([{ status: 'done' }]);
      const steps = [CanaryStep.weight(10), CanaryStep.weight(60)];
      const { releases } = await shop.move({ ...exposed, steps });
      expect(releases).toMatchObject([{ status: 'through' }]);
    } finally {
      await gateway.stop();
    }
    expect(gateway.weights).toEqual([0, 10, 60, 100, 0]);
    expect(await shop.get(shop.deploymentPath('cart-canary'))).toBeUndefined();
  });
});

/** What a Gateway's controller does, as far as an apply waits for it: it says that routes are accepted. And keeps what the canary gets. */
class RoutesAccepted {
  readonly weights: number[] = [];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(shop: ReleasedShop) {
    this.#done = this.#run(shop);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(shop: ReleasedShop): Promise<void> {
    const { client } = await shop.open('north');
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${shop.mall}/httproutes`;
    try {
      for await (const { type, object } of client.watch({
        path,
        query: { watch: 'true' },
        signal: this.#stop.signal,
      })) {
        if (type !== 'ADDED' && type !== 'MODIFIED') continue;
        const { metadata, spec } = object as KubernetesObject;
        const weight = canaryShare(spec);
        if (weight !== this.weights.at(-1)) this.weights.push(weight);
        const status = {
          parents: list(record(spec).parentRefs).map((parentRef) => ({
            parentRef,
            controllerName: 'example.com/gateway',
            conditions: ['Accepted', 'ResolvedRefs'].map((condition) => ({
              type: condition,
              status: 'True',
              reason: condition,
              message: '',
              lastTransitionTime: '2027-01-01T00:00:00Z',
              observedGeneration: metadata.generation,
            })),
          })),
        };
        const body = { status };
        const contentType = 'application/merge-patch+json';
        await client.request({ method: 'PATCH', path: `${path}/${metadata.name}/status`, contentType, body });
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}

/** In percent; a rule with one back-end gives it all. */
function canaryShare(spec: unknown): number {
  const [rule] = list(record(spec).rules);
  const backends = list(rule?.backendRefs);
  const sum = backends.reduce((total, { weight }) => total + Number(weight ?? 1), 0);
  const canary = backends.find(({ name }) => name === 'cart-canary');
  return canary === undefined ? 0 : (100 * Number(canary.weight ?? 1)) / sum;
}
