import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { gpuPlan } from './gpu-plan.ts';

interface Said {
  readonly mode?: string;
  readonly nodes?: number;
  readonly cards?: number;
  readonly cardMebibytes?: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly shares?: object;
  readonly selector?: Readonly<Record<string, string>>;
}

const SHARES = {
  count: 'nvidia.com/gpu',
  memory: 'nvidia.com/gpumem',
  memoryUnit: 1,
  memoryPercentage: 'nvidia.com/gpumem-percentage',
  cores: 'nvidia.com/gpucores',
  coresOfCard: 100,
};

/** What `GpuPool` writes of itself; that it is this, the tests of the constructs say (test/gpu/gpu-plan.test.ts). */
function pool(name: string, said: Said): KubernetesObject {
  const { mode = 'whole-gpu', nodes = 2, cards = 4, cardMebibytes, resources, shares, selector = {} } = said;
  const description = {
    pool: name,
    mode,
    shares,
    capacity: { nodes, cards: nodes * cards, resources },
    nodes: [{ product: 'NVIDIA-L40S', selector, nodes, cards, cardMebibytes }],
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `gpu-pool-${name}`, namespace: 'gpu-system', labels: { 'gpu.orrery.dev/pool': name } },
    data: { 'pool.yaml': JSON.stringify(description) },
  } as unknown as KubernetesObject;
}

function work(name: string, replicas: number, limits: object, more: object = {}): KubernetesObject {
  const container = { name: 'main', image: 'x', resources: { limits, requests: limits } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'vision' },
    spec: { replicas, template: { spec: { containers: [container], ...more } } },
  } as unknown as KubernetesObject;
}

const hami = (said: Partial<Said> = {}) =>
  pool('shared', {
    mode: 'hami',
    nodes: 1,
    cards: 4,
    cardMebibytes: 40_000,
    resources: { 'nvidia.com/gpu': 40, 'nvidia.com/gpumem': 160_000, 'nvidia.com/gpucores': 400 },
    shares: SHARES,
    ...said,
  });

const planned = (...objects: KubernetesObject[]) => gpuPlan('gpu-sh', objects);
const of = (...objects: KubernetesObject[]) => planned(...objects).pools[0];

describe('the plan of GPUs', () => {
  it('counts whole cards, on one node each', () => {
    const whole = pool('whole', { resources: { 'nvidia.com/gpu': 8 } });
    expect(of(whole, work('train', 2, { 'nvidia.com/gpu': 3 }))).toEqual({
      pool: 'whole',
      mode: 'whole-gpu',
      nodes: 2,
      cards: 8,
      slices: 8,
      requested: 6,
      free: 2,
      memory: undefined,
      cardsNeeded: 6,
      cardsAlone: 6,
      idleCards: 2,
      strandedMebibytes: undefined,
      unplaced: [],
    });
    // Two cards are left, and none of the nodes has two.
    expect(
      of(whole, work('train', 2, { 'nvidia.com/gpu': 3 }), work('more', 1, { 'nvidia.com/gpu': 2 })),
    ).toMatchObject({
      free: 0,
      unplaced: [{ from: 'Deployment/vision/more', pods: 1 }],
    });
  });

  it('puts pods onto the cards that they share, and says how many they would have alone', () => {
    const shared = pool('shared', { mode: 'time-slicing', resources: { 'nvidia.com/gpu.shared': 32 } });
    expect(of(shared, work('serve', 9, { 'nvidia.com/gpu.shared': 1 }))).toMatchObject({
      slices: 32,
      requested: 9,
      free: 23,
      cardsNeeded: 3,
      cardsAlone: 9,
      idleCards: 5,
    });
  });

  it('packs shares of memory and compute by card, and tells what is left on those in use', () => {
    const serve = work('serve', 6, { 'nvidia.com/gpu': 1, 'nvidia.com/gpumem': 15_000, 'nvidia.com/gpucores': 20 });
    expect(of(hami(), serve)).toMatchObject({
      cardsNeeded: 3,
      cardsAlone: 6,
      memory: { mebibytes: 160_000, requested: 90_000 },
      strandedMebibytes: 30_000,
      unplaced: [],
    });
    const cores = work('busy', 5, { 'nvidia.com/gpu': 1, 'nvidia.com/gpumem': 100, 'nvidia.com/gpucores': 60 });
    expect(of(hami(), cores)).toMatchObject({ cardsNeeded: 4, unplaced: [{ pods: 1 }] });
    const half = work('half', 3, { 'nvidia.com/gpu': 2, 'nvidia.com/gpumem-percentage': 50 });
    expect(of(hami(), half)).toMatchObject({ cardsNeeded: 4, cardsAlone: 6, unplaced: [] });
    const whole = work('whole', 3, { 'nvidia.com/gpu': 2 });
    expect(of(hami(), whole)).toMatchObject({ cardsNeeded: 4, unplaced: [{ pods: 1 }] });
  });

  it('counts partitions by profile', () => {
    const cut = pool('cut', {
      mode: 'mig-mixed',
      resources: { 'nvidia.com/mig-3g.40gb': 8, 'nvidia.com/mig-1g.10gb': 16 },
    });
    const objects = [
      work('train', 3, { 'nvidia.com/mig-3g.40gb': 1 }),
      work('notebooks', 17, { 'nvidia.com/mig-1g.10gb': 1 }),
    ];
    expect(of(cut, ...objects)).toMatchObject({
      slices: 24,
      requested: 20,
      free: 4,
      cardsNeeded: 8,
      cardsAlone: 20,
      unplaced: [{ from: 'Deployment/vision/notebooks', pods: 1 }],
    });
  });

  it('gives a request to the pool that it is for, by its resources and where it may run', () => {
    const a = pool('a', { resources: { 'nvidia.com/gpu': 8 }, selector: { 'nvidia.com/gpu.product': 'NVIDIA-A100' } });
    const l = { ...hami({ selector: { 'nvidia.com/gpu.product': 'NVIDIA-L40S' } }) };
    const on = (product: string) => ({ nodeSelector: { 'nvidia.com/gpu.product': product } });
    const plan = planned(
      a,
      l,
      work('one', 1, { 'nvidia.com/gpu': 1 }, on('NVIDIA-A100')),
      work('two', 1, { 'nvidia.com/gpu': 1, 'nvidia.com/gpumem': 10 }),
      work('three', 2, { 'nvidia.com/gpu': 1 }, on('NVIDIA-H100')),
      work('none', 1, { cpu: '4', 'example.com/other': 1 }),
    );
    expect(plan.pools.map(({ pool: name, requested }) => [name, requested])).toEqual([
      ['a', 1],
      ['shared', 1],
    ]);
    expect(plan.outside).toEqual([{ from: 'Deployment/vision/three', pods: 2 }]);
  });

  it('counts a pod that is on a node, or may be on some, where these nodes are', () => {
    const products = ['NVIDIA-A100', 'NVIDIA-L40S'];
    const label = (product: string) => ({ 'nvidia.com/gpu.product': product });
    const pools = products.map((name) =>
      pool(name.slice(7).toLowerCase(), { resources: { 'nvidia.com/gpu': 8 }, selector: label(name) }),
    );
    const pod = { pods: 1, wants: { 'nvidia.com/gpu': 1 }, nodeSelector: {} };
    const requests = [
      { ...pod, from: 'on-l', nodes: [{ ...label('NVIDIA-L40S'), zone: 'a' }] },
      { ...pod, from: 'either', nodes: products.map(label) },
      { ...pod, from: 'elsewhere', nodes: [{ zone: 'a' }] },
      { ...pod, from: 'nobody-knows' },
    ];
    const plan = gpuPlan('gpu-sh', pools, { requests, announced: () => ({ nodes: 0, slices: 0 }) });
    expect(plan.pools.map(({ pool: name, requested }) => [name, requested])).toEqual([
      ['a100', 2],
      ['l40s', 1],
    ]);
    expect(plan.outside).toEqual([{ from: 'elsewhere', pods: 1 }]);
  });

  it('knows how many pods a Job has at a time, what containers before others want, and the pods of KServe', () => {
    const whole = pool('whole', { resources: { 'nvidia.com/gpu': 8 } });
    const job = work('train', 0, { 'nvidia.com/gpu': 1 });
    const jobOf = (spec: object) =>
      ({ ...job, kind: 'Job', spec: { ...(job.spec as object), ...spec } }) as KubernetesObject;
    expect(of(whole, jobOf({ parallelism: 4, completions: 3 }))?.requested).toBe(3);
    const before = { initContainers: [{ name: 'warm', resources: { limits: { 'nvidia.com/gpu': 2 } } }] };
    expect(of(whole, work('init', 1, { 'nvidia.com/gpu': 1 }, before))?.requested).toBe(2);
    const served = {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'llm', namespace: 'vision' },
      spec: { predictor: { minReplicas: 2, model: { resources: { limits: { 'nvidia.com/gpu': '2' } } } } },
    } as unknown as KubernetesObject;
    expect(of(whole, served)?.requested).toBe(4);
  });

  it('never needs more cards than there are, nor than pods would have alone, and places all pods or tells of them', () => {
    const mebibytes = fc.integer({ min: 1, max: 40_000 });
    const wanted = fc.record({ pods: fc.nat(6), cards: fc.integer({ min: 1, max: 4 }), memory: fc.option(mebibytes) });
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (all, nodes) => {
        const objects = all.map(({ pods, cards, memory }, at) =>
          work(`w${at}`, pods, {
            'nvidia.com/gpu': cards,
            ...(memory === null ? {} : { 'nvidia.com/gpumem': memory }),
          }),
        );
        const resources = {
          'nvidia.com/gpu': nodes * 40,
          'nvidia.com/gpumem': nodes * 160_000,
          'nvidia.com/gpucores': nodes * 400,
        };
        const plan = of(hami({ nodes, resources }), ...objects);
        const pods = all.reduce((sum, one) => sum + one.pods, 0);
        const without = plan?.unplaced.reduce((sum, one) => sum + one.pods, 0) ?? 0;
        expect(plan?.cardsNeeded).toBeLessThanOrEqual(Math.min(nodes * 4, plan?.cardsAlone ?? 0));
        expect(without).toBeLessThanOrEqual(pods);
        if (plan !== undefined && plan.cardsAlone <= 4) expect(without).toBe(0);
        expect((plan?.strandedMebibytes ?? 0) >= 0).toBe(true);
      }),
    );
  });
});
