import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GpuSharingPlan } from './gpu-sharing-plan';
import { GpuIsolation, GpuMode, GpuPlugin, GpuSharing, type GpuSharingProps } from './gpu-sharing-props';

const A100 = 'NVIDIA-A100-SXM4-80GB';
const L40S = 'NVIDIA-L40S';
const shared: GpuSharingProps = { sharing: GpuSharing.SHARED, products: [A100] };
const exclusive: GpuSharingProps = { sharing: GpuSharing.EXCLUSIVE, products: [A100] };
const cut: GpuSharingProps = { sharing: GpuSharing.PARTITIONED, products: [A100], profiles: { '3g.40gb': 2 } };
const hami: GpuSharingProps = { ...shared, share: { memoryMebibytes: 8192 } };
const { STRICT, SOFT, NONE } = GpuIsolation;

/** "ORR2012 what | fix" of each problem. */
function refusals(props: GpuSharingProps): string[] {
  try {
    GpuSharingPlan.of(props);
    return [];
  } catch (error) {
    const { problems } = error as { problems: { code: string; what: string; fix: string }[] };
    return problems.map(({ code, what, fix }) => `${code} ${what} | ${fix}`);
  }
}

describe('the mode that is chosen', () => {
  it.each<[string, GpuSharingProps, GpuMode, GpuIsolation]>([
    ['whole cards where a pod has them alone', exclusive, GpuMode.WHOLE_GPU, STRICT],
    ['time-slicing where cards are shared without isolation', { ...shared, replicas: 4 }, GpuMode.TIME_SLICING, NONE],
    ['MPS for equal parts', { ...shared, isolation: SOFT, replicas: 4 }, GpuMode.MPS, SOFT],
    ['HAMi for shares of any size', hami, GpuMode.HAMI, SOFT],
    ['HAMi where memory is limited and nothing else is said', { ...shared, isolation: SOFT }, GpuMode.HAMI, SOFT],
    ['MIG of one profile', cut, GpuMode.MIG_SINGLE, STRICT],
    ['MIG of several', { ...cut, profiles: { '3g.40gb': 1, '1g.10gb': 4 } }, GpuMode.MIG_MIXED, STRICT],
    ['Volcano where the program says so', { ...hami, mode: GpuMode.VOLCANO_VGPU }, GpuMode.VOLCANO_VGPU, SOFT],
    ['DRA too', { ...exclusive, mode: GpuMode.DRA, kubernetesVersion: '1.34.1' }, GpuMode.DRA, STRICT],
  ])('is %s', (_, props, mode, isolation) => {
    const plan = GpuSharingPlan.of(props);
    expect([plan.mode, plan.isolation]).toEqual([mode, isolation]);
    expect(plan.reason).not.toBe('');
  });

  it('gives at least the isolation that is asked for, or is refused with a reason and something to do', () => {
    const rank = [NONE, SOFT, STRICT];
    fc.assert(
      fc.property(
        fc.record(
          {
            sharing: fc.constantFrom(...Object.values(GpuSharing)),
            products: fc.subarray([A100, L40S, 'NVIDIA-A30']),
            isolation: fc.constantFrom(...rank),
            mode: fc.constantFrom(...Object.values(GpuMode)),
            replicas: fc.integer({ min: 0, max: 4 }),
            share: fc.record({ memoryPercentage: fc.integer({ min: 0, max: 101 }) }),
            profiles: fc.constantFrom({ '3g.40gb': 2 }, { '3g.40gb': 2, '1g.10gb': 1 }, { '1g.10gb': 1, '2g.20gb': 1 }),
            gpusPerPod: fc.integer({ min: 0, max: 3 }),
            migEnabled: fc.boolean(),
            kubernetesVersion: fc.constantFrom('1.33', '1.34', '1.36.2'),
          },
          { requiredKeys: ['sharing', 'products'] },
        ),
        (props) => {
          const found = refusals(props);
          for (const refusal of found) expect(refusal).toMatch(/^ORR201[123] .+\. \| .+\.$/s);
          if (found.length > 0) return;
          const plan = GpuSharingPlan.of(props);
          expect(rank.indexOf(plan.isolation)).toBeGreaterThanOrEqual(rank.indexOf(props.isolation ?? NONE));
          expect(plan.mode).toBe(props.mode ?? plan.mode);
          expect(parse(JSON.stringify(plan.operatorValues))).toEqual(plan.operatorValues);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('what contradicts itself', () => {
  it.each<[string, GpuSharingProps, string[]]>([
    [
      'strict isolation with time-slicing, where cards can be cut',
      { ...shared, isolation: STRICT, mode: GpuMode.TIME_SLICING, replicas: 2 },
      [
        'ORR2012 The mode time-slicing gives the isolation "none", and "strict" is asked for. | Use sharing "partitioned": these cards can be cut in hardware (MIG).',
      ],
    ],
    [
      'strict isolation of shared cards that cannot be cut',
      { ...shared, isolation: STRICT, products: [L40S] },
      [
        'ORR2012 The mode hami gives the isolation "soft", and "strict" is asked for. | Use sharing "exclusive": not all of these cards can be cut in hardware (MIG).',
      ],
    ],
    [
      'soft isolation with time-slicing',
      { ...shared, isolation: SOFT, mode: GpuMode.TIME_SLICING, replicas: 2 },
      [
        'ORR2012 The mode time-slicing gives the isolation "none", and "soft" is asked for. | Use the mode hami or mps.',
      ],
    ],
    [
      'MPS on cards in MIG mode',
      { ...shared, isolation: SOFT, replicas: 2, migEnabled: true },
      [
        'ORR2012 The cards are in MIG mode, and MPS does not work with MIG devices. | Use sharing "partitioned", or turn off MIG on these nodes.',
      ],
    ],
    [
      'a mode that is for other sharing',
      { ...exclusive, mode: GpuMode.MPS, replicas: 2 },
      ['ORR2012 The mode mps is not for sharing "exclusive". | Use sharing shared, or leave out `mode`.'],
    ],
    [
      'fewer than two replicas',
      { ...shared, replicas: 1 },
      ['ORR2011 `replicas` is 1. | Use a whole number from 2 on; for one pod on a card sharing "exclusive".'],
    ],
    [
      'no replicas',
      shared,
      ['ORR2011 The mode time-slicing has no number of pods on a card. | Say it with `replicas`: 2 or more.'],
    ],
    [
      'replicas where a pod does not share',
      { ...cut, replicas: 2 },
      [
        'ORR2012 `replicas` is 2, and with mig-single a pod does not share. | Leave out `replicas`, or use sharing "shared".',
      ],
    ],
    [
      'two plugins that own the same cards',
      { ...hami, otherPlugins: [GpuPlugin.NVIDIA_DEVICE_PLUGIN, GpuPlugin.HAMI] },
      [
        'ORR2012 hami and nvidia-device-plugin would announce the same cards, and each would give them away. | Turn off nvidia-device-plugin on these nodes, or give them nodes of their own.',
      ],
    ],
    [
      'a share over the card',
      { ...hami, cardMebibytes: 8191 },
      [
        'ORR2012 A share of 8192 MiB is more than the 8191 MiB that a card gives. | Use 8191 or less, or several cards by `gpusPerPod`: the share is of each.',
      ],
    ],
    [
      'a share over 32 bits, as 4Gi would be',
      { ...shared, share: { memoryMebibytes: 4_294_967_296 } },
      ['ORR2011 `memoryMebibytes` is 4294967296. | Use a whole number of MiB: 8192 for 8 GiB.'],
    ],
    [
      'two words for the memory, and percentages over 100',
      { ...shared, share: { memoryMebibytes: 1, memoryPercentage: 101, corePercentage: 101 } },
      [
        'ORR2012 A share has `memoryMebibytes` and `memoryPercentage`. | Leave out one of the two.',
        'ORR2011 `memoryPercentage` is 101. | Use a whole number from 1 to 100.',
        'ORR2011 `corePercentage` is 101. | Use a whole number from 0 to 100.',
      ],
    ],
    [
      'a share where parts are equal',
      { ...hami, mode: GpuMode.MPS, replicas: 2 },
      [
        'ORR2012 With mps a pod cannot have a share of a size of its own. | Leave out `share`, or use sharing "shared" with the mode hami.',
      ],
    ],
    [
      'a GPU of another node',
      { ...exclusive, remote: true },
      [
        'ORR2012 A pod cannot use the GPU of another node. | Leave out `remote` and let pods run where the GPUs are; `sharing: shared` gives several of them one card.',
      ],
    ],
    [
      'partitions of cards that cannot be cut',
      { ...cut, products: [L40S] },
      [
        'ORR2012 NVIDIA-L40S cannot be cut in hardware (MIG), as far as is known. | Use sharing "shared" with isolation "soft" (hami), or "exclusive".',
      ],
    ],
    [
      'partitions of cards that cannot be cut, strictly',
      { ...cut, products: [L40S], isolation: STRICT },
      ['ORR2012 NVIDIA-L40S cannot be cut in hardware (MIG), as far as is known. | Use sharing "exclusive".'],
    ],
    [
      'partitions without room',
      { ...cut, profiles: { '3g.40gb': 2, '1g.10gb': 1 } },
      [
        'ORR2012 2 × 3g.40gb + 1 × 1g.10gb has no room on one A100-80GB. Nearest: 2 × 3g.40gb. | Use the nearest, `MigGeometry.maximalMixes` for all that have room, or a pool for each model.',
      ],
    ],
    [
      'several profiles with the strategy single',
      { ...cut, mode: GpuMode.MIG_SINGLE, profiles: { '3g.40gb': 1, '1g.10gb': 1 } },
      [
        'ORR2012 The strategy "single" is for one profile on a node, not 3g.40gb and 1g.10gb. | Use the mode mig-mixed.',
      ],
    ],
    [
      'partitions that nobody says',
      { sharing: GpuSharing.PARTITIONED, products: [A100] },
      [
        'ORR2011 It is not said which partitions the cards have. | Say them with `profiles`, e.g. { "3g.40gb": 2 }; `MigPlanner` finds them for workloads.',
      ],
    ],
    [
      'several replicas for one pod',
      { ...shared, replicas: 4, gpusPerPod: 2 },
      [
        'ORR2012 A pod asks for 2 replicas of cards, which may be of one card. | Use 1, or sharing "exclusive" or the mode hami for several cards.',
      ],
    ],
    [
      'more cards than a node has',
      { ...exclusive, gpusPerPod: 9, gpusPerNode: 8 },
      ['ORR2012 A pod asks for 9 cards, and a node has 8. | Use 8 or fewer, and more pods.'],
    ],
    [
      'DRA without a version, or with an old one',
      { ...exclusive, mode: GpuMode.DRA },
      [
        'ORR2013 Dynamic resource allocation depends on the version of Kubernetes, which is not said. | Say it with `kubernetesVersion`.',
      ],
    ],
    [
      'DRA with an old version',
      { ...exclusive, mode: GpuMode.DRA, kubernetesVersion: '1.33.4' },
      ['ORR2012 Dynamic resource allocation needs Kubernetes 1.34 or newer, and this is 1.33.4. | Leave out `mode`.'],
    ],
    [
      'no cards',
      { ...exclusive, products: [] },
      [
        'ORR2013 It is not said which GPUs there are. | Name their products in `products`, as in the `gpuModels` of the cluster.',
      ],
    ],
  ])('%s', (_, props, expected) => {
    expect(refusals(props)).toEqual(expected);
  });
});

describe('what makes it so', () => {
  const configOf = (values: { [key: string]: unknown }, path: readonly string[]): { [key: string]: string } =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], values) as { [key: string]: string };

  it('are the configuration of the device plugin and a label for time-slicing; other nodes keep whole cards', () => {
    const plan = GpuSharingPlan.of({ ...shared, replicas: 4 });
    const { data, ...config } = plan.operatorValues.devicePlugin.config;
    expect(config).toEqual({ create: true, name: 'gpu-sharing', default: 'whole' });
    expect(parse(data.pool)).toEqual({
      version: 'v1',
      sharing: {
        timeSlicing: {
          renameByDefault: true,
          failRequestsGreaterThanOne: true,
          resources: [{ name: 'nvidia.com/gpu', replicas: 4 }],
        },
      },
    });
    expect(parse(data.whole)).toEqual({ version: 'v1' });
    expect(plan.nodeLabels).toEqual({ 'nvidia.com/device-plugin.config': 'pool' });
    expect(plan.podLimits()).toEqual({ 'nvidia.com/gpu.shared': 1 });
  });

  it('are the same for MPS, without what it does by itself', () => {
    const plan = GpuSharingPlan.of({ ...shared, isolation: SOFT, replicas: 2 });
    const { pool = '' } = configOf(plan.operatorValues, ['devicePlugin', 'config', 'data']);
    expect(parse(pool).sharing).toEqual({
      mps: { renameByDefault: true, resources: [{ name: 'nvidia.com/gpu', replicas: 2 }] },
    });
    expect(plan.warnings).toEqual(["MPS is experimental in NVIDIA's device plugin."]);
  });

  it('are a layout of the MIG manager and the strategy for partitions', () => {
    const plan = GpuSharingPlan.of({ ...cut, profiles: { '3g.40gb': 1, '1g.10gb+me': 1 } });
    const data = configOf(plan.operatorValues, ['migManager', 'config', 'data']);
    expect(parse(data['config.yaml'] ?? '')).toEqual({
      version: 'v1',
      'mig-configs': {
        'all-disabled': [{ devices: 'all', 'mig-enabled': false }],
        pool: [{ devices: 'all', 'mig-enabled': true, 'mig-devices': { '3g.40gb': 1, '1g.10gb+me': 1 } }],
      },
    });
    expect(plan.operatorValues.mig).toEqual({ strategy: 'mixed' });
    expect(plan.nodeLabels).toEqual({ 'nvidia.com/mig.config': 'pool' });
    expect(plan.podLimits('1g.10gb+me')).toEqual({ 'nvidia.com/mig-1g.10gb.me': 1 });
    expect(() => plan.podLimits()).toThrow(/It is not said which partition a pod has/);
    expect(() => plan.podLimits('7g.80gb')).toThrow(/The cards have no 7g.80gb[\s\S]*3g.40gb, 1g.10gb\+me/);
  });

  it('are nvidia.com/gpu for partitions of one profile, and the name that the driver has for it', () => {
    const plan = GpuSharingPlan.of({ ...cut, profiles: { '7g.79gb': 1 } });
    expect(plan.operatorValues.mig).toEqual({ strategy: 'single' });
    expect(configOf(plan.operatorValues, ['migManager', 'config', 'data'])['config.yaml']).toContain('7g.79gb');
    expect(plan.podLimits()).toEqual({ 'nvidia.com/gpu': 1 });
    expect(() => plan.podLimits('7g.79gb')).toThrow(/With mig-single pods do not ask for a profile/);
  });

  it('are the resources of HAMi, whose plugin has the cards alone', () => {
    const plan = GpuSharingPlan.of({
      ...shared,
      replicas: 5,
      gpusPerPod: 2,
      share: { memoryPercentage: 50, corePercentage: 30 },
      memoryScaling: 1.5,
    });
    expect(plan.podLimits()).toEqual({
      'nvidia.com/gpu': 2,
      'nvidia.com/gpumem-percentage': 50,
      'nvidia.com/gpucores': 30,
    });
    expect(plan.operatorValues).toEqual({ devicePlugin: { enabled: false } });
    expect(plan.hamiValues).toEqual({ devicePlugin: { deviceSplitCount: 5, deviceMemoryScaling: 1.5 } });
    expect(plan.nodeLabels).toEqual({ gpu: 'on' });
    expect(plan.warnings).toEqual([
      'More memory is given out than there is: programs may find none left while they run.',
    ]);
  });

  it('are the resources of Volcano, or a class of devices with DRA', () => {
    const volcano = GpuSharingPlan.of({ ...hami, mode: GpuMode.VOLCANO_VGPU });
    expect(volcano.podLimits()).toEqual({ 'volcano.sh/vgpu-number': 1, 'volcano.sh/vgpu-memory': 8192 });
    expect(volcano.hamiValues).toEqual({});
    const claims = { mode: GpuMode.DRA, kubernetesVersion: '1.34' };
    expect(GpuSharingPlan.of({ ...exclusive, ...claims }).deviceClass).toBe('gpu.nvidia.com');
    const parts = GpuSharingPlan.of({ sharing: GpuSharing.PARTITIONED, products: [A100], ...claims });
    expect([parts.deviceClass, parts.podLimits()]).toEqual(['mig.nvidia.com', {}]);
    expect(volcano.deviceClass).toBeUndefined();
  });

  it('are nothing but whole cards where a pod has them alone', () => {
    const plan = GpuSharingPlan.of({ ...exclusive, gpusPerPod: 8, gpusPerNode: 8 });
    expect(plan.podLimits()).toEqual({ 'nvidia.com/gpu': 8 });
    expect([plan.nodeLabels, plan.operatorValues]).toEqual([{}, { devicePlugin: { enabled: true } }]);
  });
});
