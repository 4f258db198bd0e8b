import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster';
import { Placement } from '../placement';
import { Platform } from '../platform';
import { temporaryFolder } from '../synthesis.test-support';
import type { GpuNodes } from './gpu-nodes';
import { GpuPool } from './gpu-pool';
import type { GpuPoolProps } from './gpu-pool-props';
import { GpuIsolation, GpuMode, GpuSharing } from './gpu-sharing-props';

const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 };
const L40S: GpuNodes = { product: 'NVIDIA-L40S', nodes: 4, cardsPerNode: 4 };

function poolOn(gpuNodes: GpuNodes[], props: Omit<GpuPoolProps, 'placement'>) {
  const platform = new Platform({ id: 'p', outdir: temporaryFolder() });
  const cluster = new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes });
  const pool = new GpuPool(platform, 'pool', { ...props, placement: Placement.everywhere() });
  return { platform, cluster, pool, view: pool._view() };
}

describe('a pool', () => {
  it.each<[string, GpuNodes[], Omit<GpuPoolProps, 'placement'>, GpuMode, { [resource: string]: number }]>([
    ['whole cards', [A100], { sharing: GpuSharing.EXCLUSIVE }, GpuMode.WHOLE_GPU, { 'nvidia.com/gpu': 16 }],
    [
      'replicas',
      [L40S],
      { sharing: GpuSharing.SHARED, replicas: 4 },
      GpuMode.TIME_SLICING,
      { 'nvidia.com/gpu.shared': 64 },
    ],
    [
      'instances of one profile',
      [A100],
      { sharing: GpuSharing.PARTITIONED, profiles: { '3g.40gb': 2 } },
      GpuMode.MIG_SINGLE,
      { 'nvidia.com/gpu': 32 },
    ],
    [
      'instances for workloads, and the cards that stay whole',
      [{ ...A100, nodes: 1, cardsPerNode: 2 }],
      { sharing: GpuSharing.PARTITIONED, workloads: [{ name: 'w', profile: '3g.40gb', instances: 2 }] },
      GpuMode.MIG_MIXED,
      { 'nvidia.com/gpu': 1, 'nvidia.com/mig-3g.40gb': 2 },
    ],
    [
      'shares',
      [L40S],
      { sharing: GpuSharing.SHARED, isolation: GpuIsolation.SOFT },
      GpuMode.HAMI,
      { 'nvidia.com/gpu': 160, 'nvidia.com/gpumem': 737_088, 'nvidia.com/gpucores': 1600 },
    ],
    [
      'shares of cards of another vendor',
      [{ product: 'Ascend910B4', nodes: 1, cardsPerNode: 8 }],
      { sharing: GpuSharing.SHARED, replicas: 4 },
      GpuMode.HAMI,
      { 'huawei.com/Ascend910B4': 32, 'huawei.com/Ascend910B4-memory': 262_144 },
    ],
  ])('of %s knows what its nodes announce', (_, nodes, props, mode, resources) => {
    const { view, cluster } = poolOn(nodes, props);
    expect([view.mode(), view.capacity(cluster).resources]).toEqual([mode, resources]);
    expect(view.resourceNames()).toEqual(Object.keys(resources));
  });

  it('says what pods ask for and where they run', () => {
    const { view, cluster } = poolOn([L40S, { ...A100, tolerations: [{ key: 'a100' }] }], {
      sharing: GpuSharing.EXCLUSIVE,
    });
    expect(view.podSettings({ gpus: 2 }, cluster)).toEqual({
      limits: { 'nvidia.com/gpu': 2 },
      annotations: {},
      labels: {},
      nodeSelector: {},
      nodeTerms: [
        {
          matchExpressions: [
            { key: 'nvidia.com/gpu.product', operator: 'In', values: ['NVIDIA-L40S', 'NVIDIA-A100-SXM4-80GB'] },
          ],
        },
      ],
      tolerations: [{ key: 'a100' }],
      resourceClaims: [],
    });
    expect(view.findings({ gpus: 8 }, cluster)).toEqual([]);
    expect(view.findings({ gpus: 9 }, cluster).map(({ what }) => what)).toEqual([
      'A pod asks for 9 cards, and a node has 8.',
    ]);
  });

  it('is refused where the facts of its nodes contradict it', () => {
    const { platform } = poolOn([L40S], { sharing: GpuSharing.PARTITIONED, profiles: { '3g.40gb': 2 } });
    expect(() => platform.synth()).toThrow(/NVIDIA-L40S cannot be cut in hardware/);
  });
});
