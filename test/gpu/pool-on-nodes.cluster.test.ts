import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Cluster,
  GpuInstaller,
  type GpuNodes,
  GpuPool,
  GpuSharing,
  GpuTrainingKind,
  Placement,
  Platform,
} from '@orrery/constructs';
import type { AssemblyManifest } from '@orrery/constructs/assembly-format';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeClient } from '../../lib/cluster/kube-client.ts';
import { record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { apiStatus } from '../../lib/kubernetes/status.ts';
import { AppliedPlatform, outcomeOf } from '../applied-platform.ts';

const PARTITION = 'nvidia.com/mig-3g.40gb';

/** What the device plugin of a node would announce: resource to number. */
type Announced = Readonly<Record<string, string>>;

describe.skipIf(inject('rig') === 'missing')('a pool of GPUs on a real API server and scheduler', () => {
  let platform: AppliedPlatform;
  let client: KubeClient;
  let nodes: string[];
  const announced: [node: string, resources: Announced][] = [];

  const get = async (path: string) => (await client.request({ method: 'GET', path })).body as KubernetesObject;
  const announce = async (node: string, resources: Announced | Record<string, null>) => {
    const status = { capacity: resources, allocatable: resources };
    const contentType = 'application/merge-patch+json';
    const answer = await client.request({
      method: 'PATCH',
      path: `/api/v1/nodes/${node}/status`,
      body: { status },
      contentType,
    });
    expect(answer.status).toBe(200);
  };

  beforeAll(async () => {
    platform = new AppliedPlatform('gpus');
    ({ client } = await platform.open());
    const { items } = (await get('/api/v1/nodes')) as unknown as { items: KubernetesObject[] };
    nodes = items.flatMap(({ metadata }) => metadata.name ?? []).slice(0, 2);
    announced.push([nodes[0] as string, { 'nvidia.com/gpu': '4' }], [nodes[1] as string, { [PARTITION]: '2' }]);
    for (const [node, resources] of announced) await announce(node, resources);
  });
  afterAll(async () => {
    for (const [node, resources] of announced)
      await announce(node, Object.fromEntries(Object.keys(resources).map((name) => [name, null])));
    await platform.cleanUp();
  });

  it('has its pods run on the nodes that announce them, and its quotas refuse what exceeds them', async () => {
    const namespace = platform.namespace('research');
    const { objects } = programOf(platform, nodes, { '3g.40gb': 1, '1g.10gb': 3 });
    const applied = await platform.apply({ alpha: [namespaceOf(namespace), ...objects] });
    expect(outcomeOf(applied, 'alpha')).toMatchObject({ status: 'done', failures: [] });

    const pod = async (name: string) => get(`/api/v1/namespaces/${namespace}/pods/${name}`);
    expect(record((await pod('train')).spec).nodeName).toBe(nodes[0]);
    expect(record((await pod('tune')).spec).nodeName).toBe(nodes[1]);

    const like = async (name: string, resource: string, count: number) => {
      const { spec } = objects.find(({ metadata }) => metadata.name === name) as KubernetesObject;
      const [container] = record(spec).containers as Record<string, unknown>[];
      const resources = { limits: { [resource]: count }, requests: { [resource]: count } };
      const body = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { generateName: `${name}-` },
        spec: { ...record(spec), containers: [{ ...container, resources }] },
      };
      return client.request({ method: 'POST', path: `/api/v1/namespaces/${namespace}/pods`, body });
    };
    for (const [name, resource, count, used, limit] of [
      ['train', 'nvidia.com/gpu', 2, 2, 3],
      ['tune', PARTITION, 1, 1, 1],
    ] as const) {
      const refused = await like(name, resource, count);
      expect(refused.status).toBe(403);
      expect(apiStatus(refused).message).toContain(
        `requested: requests.${resource}=${count}, used: requests.${resource}=${used}, limited: requests.${resource}=${limit}`,
      );
    }
    const accepted = await like('train', 'nvidia.com/gpu', 1);
    expect(accepted.status).toBe(201);
    const { name = '' } = (accepted.body as KubernetesObject).metadata;
    await expect.poll(async () => record((await pod(name)).spec).nodeName, { timeout: 20_000 }).toBe(nodes[0]);
  });

  it('leaves pods waiting for what no node has left', async () => {
    const other = platform.namespace('other');
    await client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespaceOf(other) });
    const { objects } = programOf(platform, nodes, { '3g.40gb': 1, '1g.10gb': 3 });
    const { spec } = objects.find(({ metadata }) => metadata.name === 'train') as KubernetesObject;
    const [container] = record(spec).containers as Record<string, unknown>[];
    const resources = { limits: { 'nvidia.com/gpu': 4 }, requests: { 'nvidia.com/gpu': 4 } };
    const path = `/api/v1/namespaces/${other}/pods`;
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'large' },
      spec: { ...record(spec), containers: [{ ...container, resources }] },
    };
    expect((await client.request({ method: 'POST', path, body })).status).toBe(201);
    const condition = async () => {
      const { conditions = [] } = record((await get(`${path}/large`)).status) as {
        conditions?: { message?: string }[];
      };
      return conditions.map(({ message }) => message ?? '').join(' ');
    };
    await expect.poll(condition, { timeout: 20_000 }).toContain('Insufficient nvidia.com/gpu');
  });

  it('shows a plan that cuts cards of nodes anew as dangerous', async () => {
    const configOf = (profiles: { [profile: string]: number }): KubernetesObject => {
      const data = programOf(platform, nodes, profiles, GpuInstaller.GPU_OPERATOR).layouts;
      const metadata = { name: 'mig-layouts', namespace: platform.namespace('gpus') };
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as KubernetesObject;
    };
    const namespace = namespaceOf(platform.namespace('gpus'));
    await platform.apply({ alpha: [namespace, configOf({ '3g.40gb': 1, '1g.10gb': 3 })] });
    const made = await platform.plan({ alpha: [namespace, configOf({ '7g.80gb': 1 })] }, [await platform.open()]);
    const items = made.plan.clusters.flatMap(({ items: all }) => all);
    const dangers = items.filter(({ id }) => id.kind === 'ConfigMap').flatMap((item) => item.dangers);
    expect(dangers).toEqual([{ kind: 'gpu-repartition', text: expect.stringContaining('drain them before') }]);
  });
});

function namespaceOf(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } as KubernetesObject;
}

/** Two pools, of whole cards and of partitions, with a tenant and a pod each; and the configuration of the MIG manager. */
function programOf(
  applied: AppliedPlatform,
  nodes: readonly string[],
  profiles: { [profile: string]: number },
  installer = GpuInstaller.NONE,
): { objects: KubernetesObject[]; layouts: Record<string, string> } {
  const outdir = mkdtempSync(join(inject('scratch'), 'gpu-pool-'));
  const platform = new Platform({ id: applied.id, outdir });
  const on = (node: string | undefined) => ({ nodes: 1, nodeSelector: { 'kubernetes.io/hostname': node ?? '' } });
  const gpuNodes: GpuNodes[] = [
    { product: 'NVIDIA-A100-SXM4-80GB', cardsPerNode: 4, ...on(nodes[0]) },
    { product: 'NVIDIA-H100-80GB-HBM3', cardsPerNode: 2, ...on(nodes[1]) },
  ];
  new Cluster(platform, 'alpha', { kubernetesVersion: '1.36', gpuNodes });
  const software = { installer, namespaceName: applied.namespace('gpus') };
  const namespaceName = applied.namespace('research');
  const placement = Placement.everywhere();
  const whole = new GpuPool(platform, 'whole', {
    sharing: GpuSharing.EXCLUSIVE,
    ...{ placement, software, products: ['NVIDIA-A100-SXM4-80GB'], tenants: [{ namespaceName, gpus: 3 }] },
  });
  const [profile = ''] = Object.keys(profiles);
  const cut = new GpuPool(platform, 'cut', {
    sharing: GpuSharing.PARTITIONED,
    ...{ placement, software, products: ['NVIDIA-H100-80GB-HBM3'], profiles },
    ...(Object.keys(profiles).length > 1 ? { tenants: [{ namespaceName, partitions: { [profile]: 1 } }] } : {}),
  });
  const pod = { namespaceName, image: 'research/train:1', kind: GpuTrainingKind.POD };
  whole.train('train', { ...pod, gpu: { cards: 2 } });
  cut.train('tune', { ...pod, gpu: { cards: 1, profile } });
  platform.synth();
  const objects = JSON.parse(readFileSync(join(outdir, 'clusters/alpha/objects.json'), 'utf8')) as KubernetesObject[];
  const { clusters } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as AssemblyManifest;
  const releases = clusters.flatMap(({ units }) => units.flatMap(({ helmReleases = [] }) => helmReleases));
  const { migManager } = record(releases.find(({ releaseName }) => releaseName === 'gpu-operator')?.values);
  const layouts = record(record(record(migManager).config).data) as Record<string, string>;
  return { objects, layouts };
}
