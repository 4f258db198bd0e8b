import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Cluster } from '../cluster';
import type { ClusterProps } from '../cluster-facts';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import type { GpuNodes } from './gpu-nodes';
import { GpuPool } from './gpu-pool';
import { GpuInstaller, type GpuPoolProps } from './gpu-pool-props';
import { GpuIsolation, GpuMode, GpuPlugin, GpuSharing } from './gpu-sharing-props';

const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 };
const L40S: GpuNodes = { product: 'NVIDIA-L40S', nodes: 4, cardsPerNode: 4 };
const ASCEND: GpuNodes = { product: 'Ascend910B4', nodes: 1, cardsPerNode: 8 };
const { EXCLUSIVE, SHARED, PARTITIONED } = GpuSharing;
type Pool = Omit<GpuPoolProps, 'placement'>;

function declare(platform: Platform, facts: ClusterProps, pools: { [name: string]: Pool }): void {
  new Cluster(platform, 'c', { kubernetesVersion: '1.36', ...facts });
  for (const [name, props] of Object.entries(pools)) {
    new GpuPool(platform, name, { ...props, placement: Placement.everywhere() });
  }
}

/** Releases of the cluster: chart and version to values. */
function releasesOf(gpuNodes: GpuNodes[], pools: { [name: string]: Pool }): { [chart: string]: AnyObject } {
  const assembly = assemblyOf((platform) => declare(platform, { gpuNodes }, pools));
  const releases = assembly.units('c').flatMap(({ helmReleases = [] }) => helmReleases);
  return Object.fromEntries(releases.map(({ chart, values }) => [`${chart.name} ${chart.version}`, values]));
}

/** "code what" of each problem. */
function refusals(facts: ClusterProps, pools: { [name: string]: Pool }): string[] {
  return problemsOfProgram((platform) => declare(platform, facts, pools)).map(({ code, what }) => `${code} ${what}`);
}

describe('what pools install', () => {
  it('is the GPU operator for whole cards, with nothing that cuts or shares them', () => {
    expect(releasesOf([A100], { train: { sharing: EXCLUSIVE } })).toEqual({
      'gpu-operator v26.7.0': {
        driver: { enabled: true },
        devicePlugin: { enabled: true },
        migManager: { enabled: false },
      },
    });
  });

  it('is one operator in a cluster for all its pools, with a configuration for each', () => {
    const releases = releasesOf([A100, L40S], {
      cut: { sharing: PARTITIONED, profiles: { '3g.40gb': 2 }, products: [A100.product] },
      turns: { sharing: SHARED, replicas: 4, products: [L40S.product] },
    });
    expect(Object.keys(releases)).toEqual(['gpu-operator v26.7.0']);
    const { devicePlugin, migManager, mig } = releases['gpu-operator v26.7.0'];
    expect(mig).toEqual({ strategy: 'single' });
    const layouts = parse(migManager.config.data['config.yaml'])['mig-configs'];
    expect(Object.values(layouts)).toEqual([
      [{ devices: 'all', 'mig-enabled': false }],
      [{ devices: 'all', 'mig-enabled': true, 'mig-devices': { '3g.40gb': 2 } }],
    ]);
    expect(devicePlugin.config.default).toBe('whole');
    expect(parse(devicePlugin.config.data.turns).sharing.timeSlicing.resources).toEqual([
      { name: 'nvidia.com/gpu', replicas: 4 },
    ]);
  });

  it('is HAMi beside an operator that announces nothing', () => {
    const releases = releasesOf([L40S], {
      soft: { sharing: SHARED, isolation: GpuIsolation.SOFT, memoryScaling: 1.5 },
    });
    expect(Object.keys(releases)).toEqual(['gpu-operator v26.7.0', 'hami 2.10.0']);
    expect(releases['gpu-operator v26.7.0'].devicePlugin).toEqual({ enabled: false });
    expect(releases['hami 2.10.0'].devicePlugin).toMatchObject({
      deviceSplitCount: 10,
      deviceMemoryScaling: 1.5,
      runtimeClassName: 'nvidia',
      nodeConfiguration: { config: '{"nodeconfig":[]}' },
    });
  });

  it('leaves nodes of HAMi out of the device plugin where both are in a cluster, and pods out of its webhook', () => {
    assemblyOf((platform) => {
      declare(
        platform,
        { gpuNodes: [A100, L40S] },
        {
          whole: { sharing: EXCLUSIVE, products: [A100.product] },
          soft: { sharing: SHARED, isolation: GpuIsolation.SOFT, products: [L40S.product] },
        },
      );
      const cluster = platform.clusters[0] as Cluster;
      const [whole, soft] = ['whole', 'soft'].map((name) => platform.node.findChild(name) as GpuPool);
      expect(soft?.nodeLabels(cluster)).toEqual({
        '4 × NVIDIA-L40S': { gpu: 'on', 'nvidia.com/gpu.deploy.device-plugin': 'false' },
      });
      expect(whole?._view().podSettings({}, cluster).labels).toEqual({ 'hami.io/webhook': 'ignore' });
      expect(soft?._view().podSettings({}, cluster).schedulerName).toBe('hami-scheduler');
    });
  });

  it('is HAMi alone for cards of another vendor', () => {
    expect(releasesOf([ASCEND], { npu: { sharing: SHARED } })).toEqual({
      'hami 2.10.0': { devicePlugin: { enabled: false }, devices: { ascend: { enabled: true } } },
    });
  });

  it("is NVIDIA's device plugin alone where the nodes have the rest", () => {
    const releases = releasesOf([L40S], {
      turns: { sharing: SHARED, replicas: 3, software: { installer: GpuInstaller.DEVICE_PLUGIN } },
    });
    expect(Object.keys(releases)).toEqual(['nvidia-device-plugin 0.20.0']);
    expect(releases['nvidia-device-plugin 0.20.0'].gfd).toEqual({ enabled: true });
    expect(Object.keys(releases['nvidia-device-plugin 0.20.0'].config.map)).toEqual(['turns', 'whole']);
  });

  it('is nothing where it is there already', () => {
    const there = { sharing: EXCLUSIVE, software: { installer: GpuInstaller.NONE } };
    const assembly = () => releasesOf([A100], { train: there, soft: { ...there, products: ['none'] } });
    expect(assembly).toThrow(/has no none/);
  });

  it('is the driver for dynamic resource allocation, which finds the driver where the operator puts it', () => {
    const releases = releasesOf([A100], { dra: { sharing: EXCLUSIVE, mode: GpuMode.DRA } });
    expect(Object.keys(releases)).toEqual(['gpu-operator v26.7.0', 'dra-driver-nvidia-gpu 0.5.0']);
    expect(releases['gpu-operator v26.7.0'].devicePlugin).toEqual({ enabled: false });
    expect(releases['dra-driver-nvidia-gpu 0.5.0']).toMatchObject({
      gpuResourcesEnabledOverride: true,
      nvidiaDriverRoot: '/run/nvidia/driver',
    });
    const own = releasesOf([{ ...A100, driverVersion: '580.95.05' }], {
      dra: { sharing: EXCLUSIVE, mode: GpuMode.DRA },
    });
    expect(own['gpu-operator v26.7.0'].driver).toEqual({ enabled: false });
    expect(own['dra-driver-nvidia-gpu 0.5.0'].nvidiaDriverRoot).toBe('/');
  });

  it("is Volcano with the scheduler's plugin for shares, and its own device plugin in the version that is said", () => {
    const releases = releasesOf([L40S], {
      v: {
        sharing: SHARED,
        mode: GpuMode.VOLCANO_VGPU,
        isolation: GpuIsolation.SOFT,
        software: { volcanoPluginVersion: '1.12.0' },
      },
    });
    expect(Object.keys(releases)).toEqual([
      'gpu-operator v26.7.0',
      'volcano 1.15.1',
      'volcano-vgpu-device-plugin 1.12.0',
    ]);
    const scheduler = parse(releases['volcano 1.15.1'].custom.scheduler_config_override);
    expect(scheduler.tiers[1].plugins).toContainEqual({
      name: 'deviceshare',
      arguments: { 'deviceshare.VGPUEnable': true },
    });
  });

  it('says to HAMi by the names of nodes what pools of one cluster differ in', () => {
    const nodes = [
      { ...L40S, nodes: 1, nodeNames: ['l-1'] },
      { ...A100, nodes: 1, nodeNames: ['a-1'] },
    ];
    const soft = { sharing: SHARED, isolation: GpuIsolation.SOFT, mode: GpuMode.HAMI };
    const releases = releasesOf(nodes, {
      four: { ...soft, replicas: 4, products: [L40S.product] },
      two: { ...soft, replicas: 2, memoryScaling: 2, products: [A100.product] },
    });
    const { nodeconfig } = JSON.parse(releases['hami 2.10.0'].devicePlugin.nodeConfiguration.config);
    expect(nodeconfig).toMatchObject([
      { name: 'l-1', devicesplitcount: 4, devicememoryscaling: 1 },
      { name: 'a-1', devicesplitcount: 2, devicememoryscaling: 2 },
    ]);
  });
});

describe('a pool is refused', () => {
  const soft = { sharing: SHARED, isolation: GpuIsolation.SOFT };
  it.each<[string, ClusterProps, { [name: string]: Pool }, RegExp]>([
    ['where nothing is known of GPUs', {}, { p: { sharing: EXCLUSIVE } }, /^ORR2013 .*nothing is known/],
    [
      'on the nodes of another one, which two plugins would announce',
      { gpuNodes: [L40S] },
      { a: { sharing: EXCLUSIVE }, b: soft },
      /^ORR2012 The pool "a" has the same nodes \(NVIDIA-L40S\), and hami and nvidia-device-plugin would announce/,
    ],
    [
      'on cards of several vendors',
      { gpuNodes: [L40S, ASCEND] },
      { p: soft },
      /^ORR2012 Its nodes have cards of nvidia and ascend/,
    ],
    [
      'where it is for cards of another vendor',
      { gpuNodes: [ASCEND] },
      { p: { sharing: SHARED, mode: GpuMode.TIME_SLICING, replicas: 2 } },
      /^ORR2012 The mode time-slicing is for NVIDIA/,
    ],
    [
      'with strict isolation and time-slicing',
      { gpuNodes: [L40S] },
      { p: { sharing: SHARED, mode: GpuMode.TIME_SLICING, replicas: 2, isolation: GpuIsolation.STRICT } },
      /^ORR2012 The mode time-slicing gives the isolation "none"/,
    ],
    [
      'with MPS on cards in MIG mode',
      { gpuNodes: [{ ...A100, migEnabled: true }] },
      { p: { sharing: SHARED, mode: GpuMode.MPS, replicas: 2 } },
      /MPS does not work with MIG/,
    ],
    ['with one replica', { gpuNodes: [L40S] }, { p: { sharing: SHARED, replicas: 1 } }, /^ORR2011 `replicas` is 1/],
    ['for GPUs of other nodes', { gpuNodes: [L40S] }, { p: { sharing: EXCLUSIVE, remote: true } }, /another node/],
    [
      'with a share over the card',
      { gpuNodes: [L40S] },
      { p: { ...soft, share: { memoryMebibytes: 50_000 } } },
      /^ORR2012 A share of 50000 MiB is more than the 46068 MiB/,
    ],
    [
      'with a size where the mode has none',
      { gpuNodes: [A100] },
      { p: { sharing: PARTITIONED, profiles: { '3g.40gb': 2 }, share: { memoryMebibytes: 1000 } } },
      /^ORR2012 With mig-single a pod cannot have a share/,
    ],
    [
      'with the strategy for one profile and several',
      { gpuNodes: [A100] },
      { p: { sharing: PARTITIONED, mode: GpuMode.MIG_SINGLE, profiles: { '3g.40gb': 1, '1g.10gb': 1 } } },
      /^ORR2012 The strategy "single" is for one profile/,
    ],
    [
      'where another plugin has the cards',
      { gpuNodes: [L40S] },
      { p: { ...soft, otherPlugins: [GpuPlugin.NVIDIA_DEVICE_PLUGIN] } },
      /would announce the same cards/,
    ],
    [
      'with workloads that have no place',
      { gpuNodes: [{ ...A100, nodes: 1, cardsPerNode: 1 }] },
      { p: { sharing: PARTITIONED, workloads: [{ name: 'w', profile: '3g.40gb', instances: 3 }] } },
      /^ORR2012 1 instances of "w" have no place/,
    ],
    [
      'with DRA on an older Kubernetes',
      { gpuNodes: [A100], kubernetesVersion: '1.33' },
      { p: { sharing: EXCLUSIVE, mode: GpuMode.DRA } },
      /^ORR2012 Dynamic resource allocation needs Kubernetes 1.34/,
    ],
    [
      'with an operator that was not validated with the Kubernetes of the cluster',
      { gpuNodes: [A100] },
      { p: { sharing: EXCLUSIVE, software: { operatorVersion: 'v25.3.1' } } },
      /^ORR2012 gpu-operator v25.3.1 is for Kubernetes 1.29 to 1.33, and cluster "c" has 1.36/,
    ],
    [
      'with a version of which nothing is known',
      { gpuNodes: [L40S] },
      { p: { ...soft, software: { hamiVersion: '2.3.0' } } },
      /^ORR2011 Nothing is known of version 2.3.0 of hami/,
    ],
    [
      'with a driver that cuts no such card',
      { gpuNodes: [{ product: 'NVIDIA-H100-80GB-HBM3', nodes: 1, cardsPerNode: 8, driverVersion: '515.105.01' }] },
      { p: { sharing: PARTITIONED, profiles: { '1g.10gb': 7 } } },
      /^ORR2012 MIG on a NVIDIA-H100-80GB-HBM3 needs driver 525.53 or newer/,
    ],
    [
      'where nodes of two pools differ for HAMi and have no names',
      { gpuNodes: [L40S, A100] },
      {
        a: { ...soft, products: [L40S.product] },
        b: { ...soft, mode: GpuMode.HAMI, replicas: 3, products: [A100.product] },
      },
      /^ORR2013 The pool "a" of the cluster has other `replicas`/,
    ],
    [
      'without the version of a plugin that is not known',
      { gpuNodes: [L40S] },
      { p: { ...soft, mode: GpuMode.VOLCANO_VGPU } },
      /^ORR2013 It is not said which version of Volcano/,
    ],
  ])('%s', (_, facts, pools, problem) => {
    const found = refusals(facts, pools);
    expect(found.filter((text) => problem.test(text))).toHaveLength(1);
    expect(found).toHaveLength(1);
  });

  it('takes versions of which nothing is known where the program says so', () => {
    const software = { hamiVersion: '2.3.0', takesUnknownVersions: true };
    expect(Object.keys(releasesOf([L40S], { p: { ...soft, software } }))).toContain('hami 2.3.0');
  });
});

describe('nodes with GPUs of a cluster', () => {
  it.each<[Partial<GpuNodes>, string]>([
    [{ nodes: 0 }, 'gpuNodes: nodes of NVIDIA-L40S is 0, which is no whole number from 1 on.'],
    [{ cardsPerNode: 1.5 }, 'gpuNodes: cardsPerNode of NVIDIA-L40S is 1.5, which is no whole number from 1 on.'],
    [{ cardMebibytes: -1 }, 'gpuNodes: cardMebibytes of NVIDIA-L40S is -1, which is no whole number from 1 on.'],
    [{ product: 'NVIDIA L40S' }, 'gpuNodes: "NVIDIA L40S" is no product as nodes are labelled with it.'],
    [{ driverVersion: 'r580' }, 'gpuNodes: driverVersion "r580" is not of the form "580.95.05".'],
    [{ nodeNames: ['a'] }, 'gpuNodes: NVIDIA-L40S has 4 nodes and 1 nodeNames.'],
    [{ nodes: 2, nodeNames: ['a', 'a'] }, 'gpuNodes: a name is twice in the nodeNames of NVIDIA-L40S.'],
    [{ nodes: 1, nodeNames: ['A_1'] }, 'gpuNodes: "A_1" is not a valid name of a node.'],
    [{ nodeSelector: { 'a b': 'c' } }, 'gpuNodes: "a b" is not a valid label key.'],
    [{ nodeSelector: { a: 'b c' } }, 'gpuNodes: "b c" is not a valid value for label "a".'],
  ])('are refused with %j', (wrong, what) => {
    const found = refusals({ gpuNodes: [{ ...L40S, ...wrong }] }, { p: { sharing: EXCLUSIVE } });
    expect(found.filter((text) => text.endsWith(what))).toHaveLength(1);
  });

  it('are the GPU models of the assembly', () => {
    const assembly = assemblyOf((platform) =>
      declare(platform, { gpuNodes: [L40S, A100, L40S] }, { p: { sharing: EXCLUSIVE } }),
    );
    const [cluster] = assembly.manifest.clusters;
    expect(cluster?.facts).toEqual({ kubernetesVersion: '1.36', gpuModels: [L40S.product, A100.product] });
  });
});
