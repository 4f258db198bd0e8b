import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Cluster, GpuPool, GpuSharing, Placement, Platform } from '@orrery/constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { renderAssembly } from '../../lib/render/render-assembly.ts';
import { helmBinaries } from '../helm-binaries.ts';
import { areChartValuesMissing, chartValuesSkipped } from '../observability/chart-values.ts';
import { TemporaryFolders } from '../write-assembly.ts';

/** A chart of our own that reads the values of NVIDIA's GPU operator. */
const SMALL_OPERATOR = path.join(import.meta.dirname, '../charts/gpu-operator');
const POLICY = path.join(import.meta.dirname, '../../../shared/data/crds/nvidia.com/clusterpolicies.nvidia.com.yaml');
const A100 = 'NVIDIA-A100-SXM4-80GB';
const L40S = 'NVIDIA-L40S';
const helms = await helmBinaries();
const folders = new TemporaryFolders();
afterAll(() => folders.removeAll());

/** One cluster with cards that are cut and cards that are shared. */
async function rendered() {
  const platform = new Platform({ id: 'gpus', outdir: path.join(folders.make(), 'out') });
  const gpuNodes = [
    { product: A100, nodes: 2, cardsPerNode: 8, nodeNames: ['a-1', 'a-2'] },
    { product: L40S, nodes: 1, cardsPerNode: 4, tolerations: [{ key: 'gpu-nodes' }] },
  ];
  const cluster = new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes });
  const placement = Placement.everywhere();
  const software = { charts: { 'gpu-operator': SMALL_OPERATOR } };
  const cut = new GpuPool(platform, 'cut', {
    sharing: GpuSharing.PARTITIONED,
    workloads: [
      { name: 'tune', profile: '3g.40gb', instances: 3 },
      { name: 'serve', profile: '7g.80gb', instances: 9 },
    ],
    ...{ placement, software, products: [A100] },
  });
  new GpuPool(platform, 'turns', {
    sharing: GpuSharing.SHARED,
    replicas: 4,
    ...{ placement, software, products: [L40S] },
  });
  platform.synth();
  const cacheFolder = folders.make();
  const state = await renderAssembly(await readAssembly(platform.outdir), {
    helm: { helmBinary: helms[0]?.file, cacheFolder },
  });
  const objects = state.clusters.flatMap((one) => one.objects);
  const named = (kind: string, name: string) => objects.find(({ id }) => id.kind === kind && id.name === name)?.object;
  return { state, named, labels: cut.nodeLabels(cluster) };
}

describe.skipIf(helms.length === 0)('a chart that reads the values of a pool', () => {
  it('has a layout for the label of every node, and a configuration for the nodes with shared cards', async () => {
    const { named, labels } = await rendered();
    const layouts = record(
      parse(String(record(named('ConfigMap', 'mig-layouts')?.data)['config.yaml']))['mig-configs'],
    );
    expect(Object.keys(labels)).toEqual(['a-1', 'a-2']);
    for (const node of Object.values(labels)) expect(Object.keys(layouts)).toContain(node['nvidia.com/mig.config']);
    expect(Object.keys(record(named('ConfigMap', 'gpu-sharing')?.data)).sort()).toEqual(['turns', 'whole']);
    expect(record(named('ClusterPolicy', 'cluster-policy')?.spec)).toMatchObject({
      mig: { strategy: 'mixed' },
      devicePlugin: { enabled: true, config: { name: 'gpu-sharing', default: 'whole' } },
      migManager: { enabled: true, config: { name: 'mig-layouts', default: 'all-disabled' } },
    });
  });

  it.skipIf(areChartValuesMissing)(
    `makes a policy that the operator's definition allows${chartValuesSkipped}`,
    async () => {
      const { state } = await rendered();
      const definitions = [parse(readFileSync(POLICY, 'utf8')) as KubernetesObject];
      const { findings } = runChecks(state, [], { definitions });
      expect(findings.filter(({ id }) => id.kind === 'ClusterPolicy').map(({ what }) => what)).toEqual([]);
    },
  );
});
