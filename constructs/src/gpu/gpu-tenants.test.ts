import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Cluster } from '../cluster';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import type { GpuNodes } from './gpu-nodes';
import { GpuPool } from './gpu-pool';
import type { GpuPoolProps, GpuTenant } from './gpu-pool-props';
import { GpuIsolation, GpuMode, GpuSharing } from './gpu-sharing-props';

const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 };
const L40S: GpuNodes = { product: 'NVIDIA-L40S', nodes: 4, cardsPerNode: 4 };
const { EXCLUSIVE, SHARED, PARTITIONED } = GpuSharing;
const SOFT = { sharing: SHARED, isolation: GpuIsolation.SOFT };
type Pool = Omit<GpuPoolProps, 'placement'>;

/** Objects of a kind in each of the clusters that have one. */
function objectsOf(kind: string, build: (platform: Platform) => void): AnyObject[] {
  const assembly = assemblyOf(build);
  return assembly.manifest.clusters.flatMap(({ name }) =>
    [...assembly.objects(name).values()].filter((object) => object.kind === kind),
  );
}

function one(gpuNodes: GpuNodes[], props: Pool): (platform: Platform) => void {
  return (platform) => {
    new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes });
    new GpuPool(platform, 'pool', { ...props, placement: Placement.everywhere() });
  };
}

/** "code what" of each problem. */
function refusals(build: (platform: Platform) => void): string[] {
  return problemsOfProgram(build).map(({ code, what }) => `${code} ${what}`);
}

describe('quotas of tenants', () => {
  it.each<[string, GpuNodes[], Pool, GpuTenant, { [key: string]: string }]>([
    ['whole cards', [A100], { sharing: EXCLUSIVE }, { gpus: 4 }, { 'requests.nvidia.com/gpu': '4' }],
    ['replicas', [L40S], { sharing: SHARED, replicas: 4 }, { gpus: 9 }, { 'requests.nvidia.com/gpu.shared': '9' }],
    [
      'shares of memory and compute',
      [L40S],
      SOFT,
      { gpus: 8, memoryMebibytes: 65_536, corePercentage: 300 },
      { 'requests.nvidia.com/gpu': '8', 'requests.nvidia.com/gpumem': '65536', 'requests.nvidia.com/gpucores': '300' },
    ],
    [
      'partitions',
      [A100],
      { sharing: PARTITIONED, profiles: { '3g.40gb': 1, '1g.10gb': 3 } },
      { partitions: { '3g.40gb': 2, '1g.10gb': 6 } },
      { 'requests.nvidia.com/mig-3g.40gb': '2', 'requests.nvidia.com/mig-1g.10gb': '6' },
    ],
    [
      'claimed devices',
      [A100],
      { sharing: EXCLUSIVE, mode: GpuMode.DRA },
      { gpus: 3 },
      { 'gpu.nvidia.com.deviceclass.resource.k8s.io/devices': '3' },
    ],
    [
      'shares of cards of another vendor, in its units',
      [{ product: 'BI-V150', nodes: 1, cardsPerNode: 8, cardMebibytes: 32_768 }],
      SOFT,
      { memoryMebibytes: 8192 },
      { 'requests.iluvatar.ai/BI-V150.vMem': '32' },
    ],
  ])('are ResourceQuotas of %s', (_, nodes, props, tenant, hard) => {
    const tenants = [{ ...tenant, namespaceName: 'research' }];
    const [quota] = objectsOf('ResourceQuota', one(nodes, { ...props, tenants }));
    expect([quota.metadata.name, quota.metadata.namespace, quota.spec.hard]).toEqual(['gpu-pool', 'research', hard]);
  });

  it('give out in clusters and namespaces what a workspace may have, to the last card, and no more than a cluster has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (nodes, namespaces, seed) => {
          const capacity = nodes.reduce((sum, count) => sum + count * 8, 0);
          const gpus = seed % (capacity + 1);
          const quotas = objectsOf('ResourceQuota', (platform) => {
            for (const [at, count] of nodes.entries()) {
              const gpuNodes = [{ ...A100, nodes: count }];
              new Cluster(platform, `c${at}`, { kubernetesVersion: '1.36', gpuNodes });
            }
            const placement = Placement.everywhere();
            const names = Array.from({ length: namespaces }, (__, at) => `research-${at}`);
            const workspace = new Workspace(platform, 'research', { placement, namespaces: names });
            new GpuPool(platform, 'pool', { sharing: EXCLUSIVE, placement, tenants: [{ workspace, gpus }] });
          });
          const given = quotas.map(({ spec }) => Number(spec.hard['requests.nvidia.com/gpu']));
          expect(given.reduce((sum, count) => sum + count, 0)).toBe(gpus);
          expect(quotas).toHaveLength(nodes.length * namespaces);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each<[string, Pool, RegExp]>([
    ['neither a workspace nor a namespace', { sharing: EXCLUSIVE, tenants: [{ gpus: 1 }] }, /ORR2012 .*neither/],
    [
      'more than the pool has',
      { sharing: EXCLUSIVE, tenants: [{ namespaceName: 'a', gpus: 17 }] },
      /ORR2012 Tenant "a" may have 17 of nvidia.com\/gpu, and the pool has 16/,
    ],
    [
      'half a card',
      { sharing: EXCLUSIVE, tenants: [{ namespaceName: 'a', gpus: 0.5 }] },
      /ORR2011 Tenant "a" has gpus: 0.5/,
    ],
    [
      'memory where none is counted',
      { sharing: EXCLUSIVE, tenants: [{ namespaceName: 'a', memoryMebibytes: 1 }] },
      /ORR2012 .*which whole-gpu does not count/,
    ],
    [
      'cards where each profile is a resource',
      { sharing: PARTITIONED, profiles: { '3g.40gb': 1, '1g.10gb': 1 }, tenants: [{ namespaceName: 'a', gpus: 1 }] },
      /ORR2012 .*each profile is a resource of its own/,
    ],
    [
      'its part twice',
      { sharing: EXCLUSIVE, tenants: [1, 2].map((gpus) => ({ namespaceName: 'a', gpus })) },
      /ORR2004 Two tenants are "a"/,
    ],
  ])('refuse a tenant with %s', (_, props, problem) => {
    const found = refusals(one([A100], props));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(problem);
  });

  it('refuse what the workspace has a quota of itself, and one resource in two pools', () => {
    const twice = refusals((platform) => {
      const placement = Placement.everywhere();
      new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes: [A100, L40S] });
      const quota = { 'requests.nvidia.com/gpu': '4' };
      const workspace = new Workspace(platform, 'research', { placement, quota });
      const tenants = [{ workspace, gpus: 2 }];
      new GpuPool(platform, 'a', { sharing: EXCLUSIVE, placement, products: [A100.product], tenants });
      new GpuPool(platform, 'b', { sharing: EXCLUSIVE, placement, products: [L40S.product], tenants });
    });
    expect(twice).toEqual([
      'ORR2012 Workspace "research" has a quota of requests.nvidia.com/gpu itself: 4 in cluster "c".',
      'ORR2012 Tenant "research" has a limit of nvidia.com/gpu in the pool "a" of the same cluster, too: a quota counts it whatever nodes its pods run on.',
      'ORR2012 Workspace "research" has a quota of requests.nvidia.com/gpu itself: 4 in cluster "c".',
    ]);
  });
});

describe('what a pool says to a cluster', () => {
  it('is what it is and what its nodes need, in a ConfigMap', () => {
    const [config] = objectsOf('ConfigMap', one([L40S], { ...SOFT, memoryScaling: 1.5 }));
    expect(config.metadata).toMatchObject({ name: 'gpu-pool-pool', namespace: 'gpu-system' });
    expect(parse(config.data['pool.yaml'])).toMatchObject({
      mode: 'hami',
      capacity: { nodes: 4, cards: 16, resources: { 'nvidia.com/gpu': 160, 'nvidia.com/gpumem': 1_105_632 } },
      nodes: [{ product: 'NVIDIA-L40S', labels: { gpu: 'on' } }],
      warnings: ['More memory is given out than there is: programs may find none left while they run.'],
    });
  });

  it('are priority classes', () => {
    const classes = objectsOf('PriorityClass', one([L40S], { ...SOFT, priorities: { 'gpu-serving': 1000 } }));
    expect(classes.map(({ metadata, value }) => [metadata.name, value])).toEqual([['gpu-serving', 1000]]);
  });

  it('are rules that label nodes, by the names of the nodes or the device ids of their cards, and never a node', () => {
    const rulesOf = (node: GpuNodes, props: Pool) => {
      const program = one([node], { ...props, labelNodes: true });
      expect(objectsOf('Node', program)).toEqual([]);
      return objectsOf('NodeFeatureRule', program)[0].spec.rules;
    };
    const cut = { sharing: PARTITIONED, profiles: { '3g.40gb': 2 } };
    const [byDevice] = rulesOf(A100, cut);
    expect(byDevice.matchFeatures).toEqual([
      {
        feature: 'pci.device',
        matchExpressions: {
          vendor: { op: 'In', value: ['10de'] },
          device: { op: 'In', value: ['20b2', '20b5', '20f3', '20f5'] },
        },
      },
    ]);
    expect(Object.keys(byDevice.labels)).toEqual(['nvidia.com/mig.config']);
    const packed = { sharing: PARTITIONED, workloads: [{ name: 'w', profile: '7g.80gb', instances: 9 }] };
    const byName = rulesOf({ ...A100, nodeNames: ['a-1', 'a-2'] }, { ...packed, dedicated: true });
    expect(byName).toMatchObject([
      { matchFeatures: [{ feature: 'system.name', matchExpressions: { nodename: { value: ['a-1'] } } }] },
      { matchFeatures: [{ feature: 'system.name', matchExpressions: { nodename: { value: ['a-2'] } } }] },
    ]);
    expect(byName[0].taints).toEqual([{ key: 'nvidia.com/gpu', value: 'pool', effect: 'NoSchedule' }]);
    expect(refusals(one([A100], { ...packed, labelNodes: true }))).toEqual([
      'ORR2013 Nodes with NVIDIA-A100-SXM4-80GB are cut differently, and their names are not said.',
    ]);
    expect(refusals(one([L40S], { ...SOFT, labelNodes: true }))).toEqual([
      'ORR2012 HAMi finds its nodes by the label "gpu", and node feature discovery gives none without a prefix.',
    ]);
    expect(refusals(one([L40S], { sharing: SHARED, replicas: 2, labelNodes: true }))).toEqual([
      'ORR2013 Nodes with NVIDIA-L40S cannot be told from others, and their names are not said.',
    ]);
  });
});

describe('declared pods', () => {
  const declare = (pods: number, gpus: number) => (platform: Platform) => {
    new Cluster(platform, 'c', { kubernetesVersion: '1.36', gpuNodes: [{ ...L40S, nodes: 1, cardsPerNode: 2 }] });
    const pool = new GpuPool(platform, 'pool', { ...SOFT, placement: Placement.everywhere() });
    const request = { gpus, share: { memoryMebibytes: 20_000 } };
    pool._view().addDemand({ construct: pool, request, pods: () => pods });
  };

  it('have room together', () => {
    expect(objectsOf('ConfigMap', declare(4, 1))).toHaveLength(1);
    expect(objectsOf('ConfigMap', declare(2, 2))).toHaveLength(1);
  });

  it('are refused where they have not, memory counted for each of their cards', () => {
    expect(refusals(declare(5, 1))).toEqual([
      'ORR2012 The declared pods ask for 100000 of nvidia.com/gpumem together, and the pool has 92136 in cluster "c".',
    ]);
    expect(refusals(declare(3, 2))[0]).toContain('ask for 120000 of nvidia.com/gpumem');
  });
});
