import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Cluster, GpuIsolation, GpuMode, GpuPool, GpuSharing, Placement, Platform } from '@orrery/constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { gpuPlan } from '../../lib/gpu/gpu-plan.ts';
import { poolsOf } from '../../lib/gpu/pool-record.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { TestProject } from '../project.ts';
import { TemporaryFolders } from '../write-assembly.ts';

const folders = new TemporaryFolders();
afterAll(() => folders.removeAll());

const L40S = { product: 'NVIDIA-L40S', nodes: 2, cardsPerNode: 4 };
const A100 = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 1, cardsPerNode: 8 };
const train = { image: 'research/train:1.4.0', cpu: '4', memory: '16Gi', namespaceName: 'vision' };

function program(outdir: string): void {
  const platform = new Platform({ id: 'gpus', outdir });
  new Cluster(platform, 'gpu-sh', { kubernetesVersion: '1.36', gpuNodes: [L40S, A100] });
  const placement = Placement.everywhere();
  const shared = new GpuPool(platform, 'shared', {
    placement,
    sharing: GpuSharing.SHARED,
    isolation: GpuIsolation.SOFT,
    products: [L40S.product],
  });
  const cut = new GpuPool(platform, 'cut', {
    placement,
    sharing: GpuSharing.PARTITIONED,
    mode: GpuMode.MIG_MIXED,
    profiles: { '3g.40gb': 2 },
    products: [A100.product],
  });
  for (const name of ['one', 'two', 'three']) {
    shared.train(name, { ...train, gpu: { memoryMebibytes: 12_000, corePercentage: 30 } });
  }
  cut.train('cut', train);
  platform.synth();
}

function objectsIn(outdir: string): KubernetesObject[] {
  return JSON.parse(readFileSync(path.join(outdir, 'clusters/gpu-sh/objects.json'), 'utf8')) as KubernetesObject[];
}

describe('orrery gpu plan', () => {
  it('reads what pools say of themselves, and what their workloads ask for', () => {
    const outdir = folders.make();
    program(outdir);
    const objects = objectsIn(outdir);
    expect(poolsOf(objects).map(({ name, mode, cards }) => [name, mode, cards])).toEqual([
      ['shared', 'hami', 8],
      ['cut', 'mig-mixed', 8],
    ]);
    const { pools, outside } = gpuPlan('gpu-sh', objects);
    expect(outside).toEqual([]);
    expect(pools).toMatchObject([
      { pool: 'shared', slices: 80, requested: 3, cardsNeeded: 1, cardsAlone: 3, idleCards: 7, unplaced: [] },
      { pool: 'cut', slices: 16, requested: 1, free: 15, cardsNeeded: 1, cardsAlone: 1, unplaced: [] },
    ]);
  });

  it('prints a table, and JSON for programs; a cluster that there is not is an error', async () => {
    const outdir = folders.make();
    program(outdir);
    const project = new TestProject();
    const plan = (...args: string[]) => project.orrery('gpu', 'plan', '--assembly', outdir, ...args);
    const text = await plan();
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain('cards needed  without the pool  idle');
    expect(text.stdout).toMatch(/shared +hami +8 +80 +3 +77 +1 +3 +7/);
    const json = await plan('--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 'orrery/gpu-plan',
      live: false,
      clusters: [{ cluster: 'gpu-sh', pools: [{ pool: 'shared' }, { pool: 'cut' }] }],
    });
    expect((await plan('--cluster', 'none')).code).toBe(1);
  });
});
