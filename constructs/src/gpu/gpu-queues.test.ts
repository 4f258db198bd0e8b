import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster';
import { Kueue, KueueUndeclaredResources } from '../kueue/kueue';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, problemsOf, synthesized, testPlatform } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import type { GpuNodes } from './gpu-nodes';
import { GpuPool } from './gpu-pool';
import type { GpuPoolProps } from './gpu-pool-props';
import { GpuQueues } from './gpu-queues';
import type { GpuQueuesProps, GpuQueueTenant } from './gpu-queues-props';
import { GpuIsolation, GpuMode, GpuSharing } from './gpu-sharing-props';
import { shareOut } from './private/queue-shares';

const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 };
const L40S: GpuNodes = { product: 'NVIDIA-L40S', nodes: 4, cardsPerNode: 4 };
const TENANTS: GpuQueueTenant[] = [
  { namespaceName: 'vision', share: 50, borrowing: 25 },
  { namespaceName: 'speech', share: 30, lending: 50, weight: 2 },
];
const HAMI = { sharing: GpuSharing.SHARED, isolation: GpuIsolation.SOFT };

interface Program extends Omit<GpuPoolProps, 'sharing'> {
  readonly sharing?: GpuSharing;
  readonly queues?: Partial<GpuQueuesProps>;
}

function programOn(clusters: { readonly [name: string]: GpuNodes[] }, { queues = {}, ...props }: Program = {}) {
  const platform = testPlatform();
  for (const [name, gpuNodes] of Object.entries(clusters)) {
    new Cluster(platform, name, { kubernetesVersion: '1.36', ...(gpuNodes.length === 0 ? {} : { gpuNodes }) });
  }
  const withNodes = Object.keys(clusters).filter((name) => clusters[name]?.length !== 0);
  const placement = Placement.named(...withNodes);
  const pool = new GpuPool(platform, 'pool', { sharing: GpuSharing.EXCLUSIVE, ...props, placement });
  const made = new GpuQueues(platform, 'gpu', { pool, tenants: TENANTS, ...queues });
  return { platform, pool, queues: made };
}

function objectsIn(platform: Platform, cluster = 'sh'): AnyObject[] {
  return [...synthesized(platform).objects(cluster).values()].filter(({ apiVersion }) =>
    apiVersion.startsWith('kueue'),
  );
}

const named = (objects: AnyObject[], kind: string, name?: string): AnyObject =>
  objects.find((one) => one.kind === kind && (name === undefined || one.metadata.name === name));

/** resource → nominal quota, over all groups and flavors. */
function nominals(spec: AnyObject): { [resource: string]: number } {
  const sums: { [resource: string]: number } = {};
  for (const { flavors } of spec?.resourceGroups ?? []) {
    for (const { name, nominalQuota } of flavors.flatMap(({ resources }: AnyObject) => resources))
      sums[name] = (sums[name] ?? 0) + Number(nominalQuota);
  }
  return sums;
}

describe('queues of a pool', () => {
  it('give each tenant its share of what the cluster has, and everybody the rest', () => {
    const { platform } = programOn({ sh: [{ ...A100, tolerations: [{ key: 'gpu', effect: 'NoSchedule' }] }] });
    const objects = objectsIn(platform);
    expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
      ['ResourceFlavor', undefined, 'pool-nvidia-a100-sxm4-80gb'],
      ['Cohort', undefined, 'gpu'],
      ['ClusterQueue', undefined, 'gpu-vision'],
      ['LocalQueue', 'vision', 'gpu'],
      ['ClusterQueue', undefined, 'gpu-speech'],
      ['LocalQueue', 'speech', 'gpu'],
    ]);
    expect(named(objects, 'ResourceFlavor').spec).toEqual({
      nodeLabels: { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' },
      tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
    });
    expect(named(objects, 'ClusterQueue', 'gpu-vision').spec).toEqual({
      cohortName: 'gpu',
      namespaceSelector: {
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['vision'] }],
      },
      fairSharing: { weight: '1' },
      preemption: { reclaimWithinCohort: 'Any', withinClusterQueue: 'LowerPriority' },
      resourceGroups: [
        {
          coveredResources: ['nvidia.com/gpu'],
          flavors: [
            {
              name: 'pool-nvidia-a100-sxm4-80gb',
              resources: [{ name: 'nvidia.com/gpu', nominalQuota: '8', borrowingLimit: '4' }],
            },
          ],
        },
      ],
    });
    const speech = named(objects, 'ClusterQueue', 'gpu-speech').spec.resourceGroups[0].flavors[0].resources[0];
    expect(speech).toEqual({ name: 'nvidia.com/gpu', nominalQuota: '4', lendingLimit: '2' });
    expect(nominals(named(objects, 'Cohort').spec)).toEqual({ 'nvidia.com/gpu': 4 });
    expect(named(objects, 'LocalQueue').spec).toEqual({ clusterQueue: 'gpu-vision' });
  });

  it.each<[string, Program, GpuNodes[], { [resource: string]: number }]>([
    ['replicas', { sharing: GpuSharing.SHARED, replicas: 4 }, [L40S], { 'nvidia.com/gpu.shared': 64 }],
    [
      'instances',
      { sharing: GpuSharing.PARTITIONED, profiles: { '3g.40gb': 1, '2g.20gb': 2 } },
      [A100],
      { 'nvidia.com/mig-3g.40gb': 16, 'nvidia.com/mig-2g.20gb': 32 },
    ],
    [
      'totals of memory and compute, where pods ask for them by card',
      HAMI,
      [L40S],
      { 'nvidia.com/gpu': 160, 'nvidia.com/total-gpumem': 737_088, 'nvidia.com/total-gpucores': 1600 },
    ],
    [
      'MiB, where pods ask for memory in other units',
      HAMI,
      [{ product: 'MXC500', cardMebibytes: 65_536, nodes: 1, cardsPerNode: 2 }],
      { 'metax-tech.com/sgpu': 20, 'metax-tech.com/total-vmemory': 131_072, 'metax-tech.com/total-vcore': 200 },
    ],
    ['cards that pods claim', { mode: GpuMode.DRA }, [A100], { 'nvidia.com/gpu': 16 }],
    ['cards of two kinds', {}, [A100, L40S], { 'nvidia.com/gpu': 32 }],
  ])('are of what its pods are counted by: %s', (_, props, nodes, capacity) => {
    const tenants = [
      { namespaceName: 'a', share: 60 },
      { namespaceName: 'b', share: 40 },
    ];
    const { platform } = programOn({ sh: nodes }, { ...props, queues: { tenants } });
    const objects = objectsIn(platform);
    const [a, b] = ['gpu-a', 'gpu-b'].map((name) => nominals(named(objects, 'ClusterQueue', name).spec));
    const sum = Object.fromEntries(Object.keys(capacity).map((name) => [name, (a?.[name] ?? 0) + (b?.[name] ?? 0)]));
    expect(sum).toEqual(capacity);
    expect(Object.keys(a ?? {})).toEqual(Object.keys(capacity));
  });

  it('count memory and compute of all cards of a pod', () => {
    const { queues, platform } = programOn({ sh: [L40S] }, HAMI);
    const [cluster] = platform.clusters;
    const configuration = queues.kueue.configuration(cluster as Cluster);
    expect(configuration).toContain(`  transformations:
    - input: nvidia.com/gpumem
      strategy: Replace
      multiplyBy: nvidia.com/gpu
      outputs:
        nvidia.com/total-gpumem: "1"
    - input: nvidia.com/gpumem-percentage
      strategy: Replace
      multiplyBy: nvidia.com/gpu
      outputs:
        nvidia.com/total-gpumem: "461"
    - input: nvidia.com/gpucores
      strategy: Replace
      multiplyBy: nvidia.com/gpu
      outputs:
        nvidia.com/total-gpucores: "1"
`);
    expect(configuration).toContain('fairSharing:');
    expect(configuration).toContain('quotaCheckStrategy: IgnoreUndeclared');
  });

  it('tell Kueue which device class cards are of', () => {
    const { queues, platform } = programOn({ sh: [A100] }, { mode: GpuMode.DRA });
    expect(queues.kueue.configuration(platform.clusters[0] as Cluster)).toContain(`  deviceClassMappings:
    - name: nvidia.com/gpu
      deviceClassNames:
        - gpu.nvidia.com
`);
  });

  it('share one Kueue, which they can be given', () => {
    const platform = testPlatform();
    const cluster = new Cluster(platform, 'sh', { gpuNodes: [A100, L40S] });
    const placement = Placement.everywhere();
    const kueue = new Kueue(platform, 'kueue', {
      placement,
      undeclaredResources: KueueUndeclaredResources.BLOCK,
      frameworks: ['batch/job'],
      replicas: 2,
    });
    const whole = { placement, sharing: GpuSharing.EXCLUSIVE, products: [A100.product] };
    const shares = { placement, ...HAMI, products: [L40S.product] };
    const pools = [new GpuPool(platform, 'whole', whole), new GpuPool(platform, 'shares', shares)];
    for (const pool of pools) {
      const tenants = [{ namespaceName: 'vision', share: 100 }];
      new GpuQueues(platform, `${pool.poolName}-queues`, { pool, kueue, tenants });
    }
    expect(kueue.configuration(cluster)).toContain('quotaCheckStrategy: BlockUndeclared\n  transformations:');
    const { manifest } = synthesized(platform);
    const releases = manifest.clusters[0]?.units.flatMap(({ helmReleases = [] }) => helmReleases) ?? [];
    const ours = releases.filter(({ releaseName }) => releaseName === 'kueue');
    expect(ours.map(({ chart, namespace }) => [chart, namespace])).toMatchObject([
      [{ name: 'kueue', version: '0.19.2', repository: 'oci://registry.k8s.io/kueue/charts' }, 'kueue-system'],
    ]);
    expect(ours[0]?.values).toMatchObject({
      controllerManager: { replicas: 2 },
      managerConfig: { controllerManagerConfigYaml: kueue.configuration(cluster) },
    });
  });

  it('are where workloads of the pool wait, unless they say another', () => {
    const { platform, pool } = programOn({ sh: [A100] });
    const train = { image: 'research/train:1.4.0', cpu: '4', memory: '16Gi' };
    pool.train('resnet', { ...train, namespaceName: 'vision' });
    pool.train('whisper', { ...train, namespaceName: 'speech', queueName: 'nights' });
    pool.train('free', { ...train, namespaceName: 'elsewhere' });
    const objects = [...synthesized(platform).objects('sh').values()];
    const queueOf = (name: string) => named(objects, 'Job', name).metadata.labels['kueue.x-k8s.io/queue-name'];
    expect(['resnet', 'whisper', 'free'].map(queueOf)).toEqual(['gpu', 'nights', undefined]);
  });

  it('are one for each namespace of a workspace, in clusters that it is in', () => {
    const build = (placement: Placement) => {
      const platform = testPlatform();
      for (const name of ['sh', 'gz']) new Cluster(platform, name, { gpuNodes: [A100] });
      const workspace = new Workspace(platform, 'research', { placement, namespaces: ['vision', 'speech'] });
      const pool = new GpuPool(platform, 'pool', {
        placement: Placement.everywhere(),
        sharing: GpuSharing.EXCLUSIVE,
      });
      new GpuQueues(platform, 'gpu', { pool, tenants: [{ workspace, share: 100 }] });
      return platform;
    };
    const objects = objectsIn(build(Placement.everywhere()));
    expect(objects.filter(({ kind }) => kind === 'LocalQueue').map(({ metadata }) => metadata.namespace)).toEqual([
      'vision',
      'speech',
    ]);
    expect(named(objects, 'ClusterQueue', 'gpu-research')).toBeDefined();
    expect(problemsOf(() => build(Placement.named('sh')).synth())).toMatchObject([
      { code: 'ORR2012', what: 'The workspace research is not in gz, where its queue is.' },
    ]);
  });
});

describe('queues with a manager', () => {
  const clusters = { sh: [A100], gz: [{ ...A100, nodes: 1 }], hub: [] };

  it('send workloads to the clusters of the pool, with the quotas of all of them', () => {
    const { platform } = programOn(clusters, {
      queues: { manager: Placement.named('hub'), kubeconfigSecrets: { gz: 'to-gz' } },
    });
    const assembly = synthesized(platform);
    const hub = [...assembly.objects('hub').values()].filter(({ apiVersion }) => apiVersion.startsWith('kueue'));
    const vision = named(hub, 'ClusterQueue', 'gpu-vision').spec;
    expect(vision.admissionChecksStrategy).toEqual({ admissionChecks: [{ name: 'gpu' }] });
    expect(nominals(vision)).toEqual({ 'nvidia.com/gpu': 12 });
    expect(named(hub, 'AdmissionCheck').spec).toEqual({
      controllerName: 'kueue.x-k8s.io/multikueue',
      parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'MultiKueueConfig', name: 'gpu' },
    });
    expect(named(hub, 'MultiKueueConfig').spec).toEqual({ clusters: ['gpu-sh', 'gpu-gz'] });
    const to = (name: string) => named(hub, 'MultiKueueCluster', name).spec.clusterSource.kubeConfig;
    expect([to('gpu-sh'), to('gpu-gz')]).toEqual([
      { location: 'sh-kubeconfig', locationType: 'Secret' },
      { location: 'to-gz', locationType: 'Secret' },
    ]);
    expect(named(hub, 'LocalQueue').metadata).toMatchObject({ name: 'gpu', namespace: 'vision' });
    const gz = [...assembly.objects('gz').values()];
    expect(nominals(named(gz, 'ClusterQueue', 'gpu-vision').spec)).toEqual({ 'nvidia.com/gpu': 4 });
    expect(named(gz, 'AdmissionCheck')).toBeUndefined();
    const releases = assembly.manifest.clusters.map(({ units }) =>
      units.flatMap(({ helmReleases = [] }) => helmReleases).filter(({ releaseName }) => releaseName === 'kueue'),
    );
    expect(releases.map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('are refused where it has nodes of the pool itself, or is no cluster, or a kubeconfig is for none', () => {
    const what = (queues: Partial<GpuQueuesProps>) =>
      problemsOf(() => programOn(clusters, { queues }).platform.synth()).map((problem) => problem.what);
    expect(what({ manager: Placement.named('sh') })).toEqual([expect.stringContaining('to itself')]);
    expect(what({ manager: Placement.named('sh', 'hub') })).toEqual(
      expect.arrayContaining([expect.stringContaining('is 2 clusters')]),
    );
    expect(what({ manager: Placement.named('hub'), kubeconfigSecrets: { bj: 'x' } })).toEqual([
      'kubeconfigSecrets names bj, which the pool is not in.',
    ]);
  });
});

describe('what contradicts itself in queues', () => {
  it.each<[string, Partial<GpuQueuesProps>, string, string]>([
    ['no tenants', { tenants: [] }, 'ORR2011', 'of no tenants'],
    ['more than there is', { tenants: [...TENANTS, { namespaceName: 'c', share: 21 }] }, 'ORR2012', 'are 101'],
    ['a share above 100', { tenants: [{ namespaceName: 'a', share: 200 }], overcommits: true }, 'ORR2011', 'is 200'],
    ['a weight below 0', { tenants: [{ namespaceName: 'a', share: 1, weight: -1 }] }, 'ORR2011', 'weight of a is -1'],
    ['a tenant that is nobody', { tenants: [{ share: 10 }] }, 'ORR2012', 'neither of workspace and namespaceName'],
    [
      'a namespace of two',
      { tenants: [...TENANTS, { namespaceName: 'vision', share: 1 }] },
      'ORR2004',
      'is of vision twice',
    ],
    ['a name of a queue that is none', { queueName: 'GPU!' }, 'ORR2003', 'GPU!'],
  ])('is refused: %s', (_, queues, code, text) => {
    const problems = problemsOf(() => programOn({ sh: [A100] }, { queues }).platform.synth());
    expect(problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ code, what: expect.stringContaining(text) })]),
    );
  });

  it('is not that shares are more than 100, where the program says so', () => {
    const tenants = [...TENANTS, { namespaceName: 'batch', share: 100 }];
    const { platform } = programOn({ sh: [A100] }, { queues: { tenants, overcommits: true } });
    expect(nominals(named(objectsIn(platform), 'ClusterQueue', 'gpu-batch').spec)).toEqual({ 'nvidia.com/gpu': 16 });
  });

  it('is memory that is given out and not known', () => {
    const nodes = [{ product: 'NVIDIA-UNKNOWN', nodes: 1, cardsPerNode: 1 }];
    expect(problemsOf(() => programOn({ sh: nodes }, HAMI).platform.synth())).toMatchObject([
      { code: 'ORR2013', what: 'The memory of NVIDIA-UNKNOWN is not known, and queues give it out.' },
    ]);
  });
});

describe('shares', () => {
  const shares = fc
    .array(fc.nat(100), { minLength: 1, maxLength: 8 })
    .map((all) => all.filter((_, at) => all.slice(0, at + 1).reduce((sum, one) => sum + one, 0) <= 100))
    .filter((all) => all.length > 0);

  it('are of all units together never more than there are, and each within one unit of its own', () => {
    fc.assert(
      fc.property(fc.nat(1e7), shares, (units, all) => {
        const { nominal, rest } = shareOut(units, all);
        expect(nominal.reduce((sum, one) => sum + one, 0) + rest).toBe(units);
        for (const [at, one] of nominal.entries()) {
          expect(Number.isInteger(one)).toBe(true);
          expect(Math.abs(one - (units * (all[at] ?? 0)) / 100)).toBeLessThan(1);
        }
      }),
    );
  });

  it('of 100 together leave nothing', () => {
    expect(shareOut(7, [33, 33, 34])).toEqual({ nominal: [2, 2, 3], rest: 0 });
    expect(shareOut(16, [50, 30, 20])).toEqual({ nominal: [8, 5, 3], rest: 0 });
  });
});
