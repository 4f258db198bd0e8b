import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  Cluster,
  GpuIsolation,
  GpuMode,
  GpuPool,
  GpuQueues,
  GpuSharing,
  Placement,
  Platform,
} from '@orrery/constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { areChartValuesMissing, chartValuesSkipped, judgeValues } from '../observability/chart-values.ts';
import { TemporaryFolders } from '../write-assembly.ts';

const folders = new TemporaryFolders();
afterAll(() => folders.removeAll());

interface Release {
  readonly releaseName: string;
  readonly chart: { readonly name?: string; readonly version?: string };
  readonly values?: { readonly managerConfig: { readonly controllerManagerConfigYaml: string } };
}

/** The release of Kueue for a pool with shares and one with claimed devices. */
function release(): Release {
  const outdir = folders.make();
  const platform = new Platform({ id: 'gpus', outdir });
  const nodes = { nodes: 2, cardsPerNode: 4 };
  const gpuNodes = [
    { product: 'NVIDIA-L40S', ...nodes },
    { product: 'NVIDIA-H200', ...nodes },
  ];
  new Cluster(platform, 'gpu-sh', { kubernetesVersion: '1.36', gpuNodes });
  const placement = Placement.everywhere();
  const shared = new GpuPool(platform, 'shared', {
    placement,
    sharing: GpuSharing.SHARED,
    isolation: GpuIsolation.SOFT,
    products: ['NVIDIA-L40S'],
  });
  const claimed = new GpuPool(platform, 'claimed', {
    placement,
    sharing: GpuSharing.EXCLUSIVE,
    mode: GpuMode.DRA,
    products: ['NVIDIA-H200'],
  });
  const tenants = [{ namespaceName: 'vision', share: 100, weight: 1 }];
  const { kueue } = new GpuQueues(platform, 'share', { pool: shared, tenants });
  new GpuQueues(platform, 'claim', { pool: claimed, tenants: [{ namespaceName: 'speech', share: 100 }], kueue });
  platform.synth();
  const { clusters } = JSON.parse(readFileSync(path.join(outdir, 'manifest.json'), 'utf8')) as {
    readonly clusters: readonly { readonly units: readonly { readonly helmReleases?: readonly Release[] }[] }[];
  };
  const found = clusters
    .flatMap(({ units }) => units.flatMap(({ helmReleases = [] }) => helmReleases))
    .find(({ releaseName }) => releaseName === 'kueue');
  if (found === undefined) throw new Error('no release of Kueue');
  return found;
}

describe.skipIf(areChartValuesMissing)(`the release of Kueue${chartValuesSkipped}`, () => {
  const DEFAULTS = path.join(import.meta.dirname, '../../../shared/data/chart-values/kueue');
  const read = (file: string) => parse(readFileSync(path.join(DEFAULTS, file), 'utf8'));

  it('sets nothing that its chart does not have, in the version whose values are known', () => {
    const { chart, values } = release();
    judgeValues('kueue', values ?? {});
    expect(chart.version).toBe(read('Chart.yaml').version);
  });

  it("keeps what the chart's own configuration says, and adds what queues need", () => {
    const own = parse(read('values.yaml').managerConfig.controllerManagerConfigYaml);
    const ours = parse(release().values?.managerConfig.controllerManagerConfigYaml ?? '');
    const { resources, fairSharing, metrics, ...kept } = ours;
    const { metrics: _, ...default_ } = own;
    expect(kept).toEqual(default_);
    expect(metrics).toEqual({ ...own.metrics, enableClusterQueueResources: true });
    expect(fairSharing.preemptionStrategies).toHaveLength(2);
    // What the chart has in comments only: names of the API (kubernetes-sigs/kueue apis/config/v1beta2/configuration_types.go).
    expect(Object.keys(resources)).toEqual(['quotaCheckStrategy', 'transformations', 'deviceClassMappings']);
    expect(Object.keys(resources.transformations[0])).toEqual(['input', 'strategy', 'multiplyBy', 'outputs']);
  });
});
