import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, GpuInstaller, GpuPool, GpuSharing, Placement, Platform } from '@orrery/constructs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import { gpuPlan } from '../../lib/gpu/gpu-plan.ts';
import { liveGpus } from '../../lib/gpu/live-gpus.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, outcomeOf } from '../applied-platform.ts';
import { TemporaryFolders } from '../write-assembly.ts';

const PRODUCT = 'NVIDIA-LIVE-TEST';
const NODE = 'gpu-plan-live';
const folders = new TemporaryFolders();

/** What a pool of two nodes with four cards each says of itself. */
function poolObjects(): KubernetesObject[] {
  const outdir = folders.make();
  const platform = new Platform({ id: 'gpus', outdir });
  new Cluster(platform, 'alpha', { gpuNodes: [{ product: PRODUCT, nodes: 2, cardsPerNode: 4 }] });
  new GpuPool(platform, 'live', {
    placement: Placement.everywhere(),
    sharing: GpuSharing.EXCLUSIVE,
    software: { installer: GpuInstaller.NONE },
  });
  platform.synth();
  return JSON.parse(readFileSync(join(outdir, 'clusters/alpha/objects.json'), 'utf8')) as KubernetesObject[];
}

describe.skipIf(inject('rig') === 'missing')('orrery gpu plan --live', () => {
  let platform: AppliedPlatform;
  let target: KubeTarget;
  beforeAll(async () => {
    platform = new AppliedPlatform('gpu-live');
    target = await platform.open();
  });
  afterAll(async () => {
    await target?.client.request({ method: 'DELETE', path: `/api/v1/nodes/${NODE}` });
    await platform.cleanUp();
    folders.removeAll();
  });

  it('counts the pods that are there and have not ended, and holds what nodes announce against what is expected', async () => {
    const { client } = target;
    const namespace = platform.namespace('research');
    const made = await platform.apply({
      alpha: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as KubernetesObject],
    });
    expect(outcomeOf(made, 'alpha').status).toBe('done');
    const send = async (path: string, body: object) =>
      expect((await client.request({ method: 'POST', path, body })).status).toBe(201);
    const patch = async (path: string, status: object) => {
      const contentType = 'application/merge-patch+json';
      const answer = await client.request({ method: 'PATCH', path: `${path}/status`, body: { status }, contentType });
      expect(answer.status).toBe(200);
    };
    const labels = { 'nvidia.com/gpu.product': PRODUCT };
    const taints = [{ key: 'gpu-plan-live', effect: 'NoSchedule' }];
    await send('/api/v1/nodes', { metadata: { name: NODE, labels }, spec: { taints } });
    const announced = { 'nvidia.com/gpu': '4', pods: '10' };
    await patch(`/api/v1/nodes/${NODE}`, { capacity: announced, allocatable: announced });
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    for (const [name, count] of [
      ['runs', 2],
      ['waits', 1],
      ['ended', 4],
    ] as const) {
      const limits = { 'nvidia.com/gpu': count };
      await expect
        .poll(
          async () =>
            (await client.request({ method: 'GET', path: `${pods.replace('/pods', '')}/serviceaccounts/default` }))
              .status,
        )
        .toBe(200);
      await send(pods, {
        metadata: { name },
        spec: {
          nodeSelector: labels,
          containers: [{ name: 'main', image: 'x', resources: { limits } }],
        },
      });
    }
    await patch(`${pods}/ended`, { phase: 'Succeeded' });

    const { pools } = gpuPlan('alpha', poolObjects(), await liveGpus(target));
    expect(pools).toMatchObject([
      {
        pool: 'live',
        slices: 8,
        requested: 3,
        cardsNeeded: 3,
        unplaced: [],
        announced: { nodes: 1, slices: 4 },
      },
    ]);
  });
});
