import {
  Cluster,
  GpuInstaller,
  GpuIsolation,
  GpuMode,
  GpuPool,
  GpuSharing,
  Placement,
  Platform,
} from '@orrery/constructs';
import { afterAll, describe, expect, it } from 'vitest';
import {
  areChartValuesMissing,
  chartValuesSkipped,
  judgeReleases,
  judgeValues,
  releasesOf,
} from '../observability/chart-values.ts';
import { TemporaryFolders } from '../write-assembly.ts';

const folders = new TemporaryFolders();
afterAll(() => folders.removeAll());

const A100 = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8, nodeNames: ['a-1', 'a-2'] };
const L40S = {
  product: 'NVIDIA-L40S',
  nodes: 1,
  cardsPerNode: 4,
  nodeNames: ['l-1'],
  tolerations: [{ key: 'gpu-nodes' }],
};
const SOFTWARE = { driverVersion: '595.91.07', installsDriver: true };
const ASCEND = { product: 'Ascend910B4', nodes: 1, cardsPerNode: 8 };

describe.skipIf(areChartValuesMissing)(`values of the charts of GPU pools${chartValuesSkipped}`, () => {
  it('have keys that the charts know', () => {
    const platform = new Platform({ id: 'gpus', outdir: folders.make() });
    const placement = Placement.everywhere();
    new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes: [A100, L40S, ASCEND] });
    const soft = { sharing: GpuSharing.SHARED, isolation: GpuIsolation.SOFT, placement };
    new GpuPool(platform, 'cut', {
      sharing: GpuSharing.PARTITIONED,
      workloads: [{ name: 'w', profile: '3g.40gb', instances: 3 }],
      products: [A100.product],
      software: SOFTWARE,
      labelNodes: true,
      dedicated: true,
      placement,
    });
    new GpuPool(platform, 'soft', {
      ...soft,
      products: [L40S.product],
      software: SOFTWARE,
    });
    new GpuPool(platform, 'npu', { ...soft, products: [ASCEND.product] });
    platform.synth();
    expect(judgeReleases(platform.outdir)).toEqual(['gpu-operator', 'hami']);
  });

  it.each([
    ['turns of cards by the operator', { sharing: GpuSharing.SHARED, replicas: 4 }, ['gpu-operator']],
    ['MPS', { sharing: GpuSharing.SHARED, replicas: 4, mode: GpuMode.MPS }, ['gpu-operator']],
    [
      'the device plugin alone',
      { sharing: GpuSharing.SHARED, replicas: 4, software: { installer: GpuInstaller.DEVICE_PLUGIN } },
      ['nvidia-device-plugin'],
    ],
  ])('have keys that the charts know: %s', (_, props, charts) => {
    const platform = new Platform({ id: 'gpus', outdir: folders.make() });
    new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes: [L40S] });
    new GpuPool(platform, 'pool', { ...props, placement: Placement.everywhere() });
    platform.synth();
    expect(judgeReleases(platform.outdir)).toEqual(charts);
  });

  it('have keys that the chart of Volcano knows', () => {
    const platform = new Platform({ id: 'gpus', outdir: folders.make() });
    new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes: [L40S] });
    new GpuPool(platform, 'pool', {
      sharing: GpuSharing.SHARED,
      isolation: GpuIsolation.SOFT,
      mode: GpuMode.VOLCANO_VGPU,
      software: { volcanoPluginVersion: '1.11.0', takesUnknownVersions: true },
      placement: Placement.everywhere(),
    });
    platform.synth();
    const releases = releasesOf(platform.outdir).filter(({ chart }) => chart.name === 'volcano');
    expect(releases).toHaveLength(1);
    for (const { values = {} } of releases) judgeValues('volcano', values);
  });
});
