import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ClusterSet,
  GpuComputePolicy,
  GpuMode,
  type GpuNeeds,
  type GpuNodes,
  GpuPacking,
  GpuPool,
  type GpuPoolProps,
  GpuServer,
  GpuShareMode,
  GpuSharing,
  GpuTrainingKind,
  type GpuTrainingProps,
  GpuUrgency,
  Placement,
  Platform,
} from '@orrery/constructs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

/** Examples of Project-HAMi/HAMi (../shared/data/SOURCES.md); they lie beside the checkout and are no part of it. */
const EXAMPLES = path.join(import.meta.dirname, '../../../shared/data/gpu/hami');
const present = existsSync(EXAMPLES);

/** What an example asks of accelerators: annotations of the pod, and of each container the resources. */
interface Asked {
  readonly annotations: { readonly [key: string]: string };
  readonly containers: readonly { readonly [resource: string]: string }[];
}

type Build = (pool: GpuPool) => void;
type Make = (platform: Platform) => void;

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
type AnyObject = any;

const NAMESPACE = { namespaceName: 'ai' };
const UBUNTU = { ...NAMESPACE, image: 'ubuntu:22.04', command: ['bash', '-c', 'sleep 86400'] };
const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-40GB', nodes: 2, cardsPerNode: 8 };

/** A pool of one kind of nodes, with everything that is built on it. */
function onPool(nodes: GpuNodes, props: Omit<GpuPoolProps, 'placement'>, ...builds: Build[]): Make {
  return (platform) => {
    new ClusterSet(platform, 'clusters').add('c', {
      kubernetesVersion: '1.36',
      gpuNodes: [nodes],
      storageClasses: { general: 'local' },
    });
    const pool = new GpuPool(platform, 'pool', { ...props, placement: Placement.everywhere() });
    for (const build of builds) build(pool);
  };
}

const hami = (nodes: GpuNodes, ...builds: Build[]) =>
  onPool(nodes, { sharing: GpuSharing.SHARED, mode: GpuMode.HAMI }, ...builds);
const whole = (nodes: GpuNodes, ...builds: Build[]) => onPool(nodes, { sharing: GpuSharing.EXCLUSIVE }, ...builds);
const card = (product: string): GpuNodes => ({ product, nodes: 1, cardsPerNode: 8 });

/** A Pod that asks for something. */
const pod =
  (gpu: GpuNeeds, more: Partial<GpuTrainingProps> = {}, id = 'gpu-pod'): Build =>
  (pool) =>
    pool.train(id, { ...UBUNTU, kind: GpuTrainingKind.POD, gpu, ...more });

/** How each example of NVIDIA and Ascend is said: one line for each. */
const SAID: { readonly [example: string]: Make } = {
  'nvidia/default_use.yaml': hami(A100, pod({ cards: 1, memoryMebibytes: 3000, corePercentage: 30 })),
  'nvidia/default_use_legacy.yaml': hami(A100, pod({ cards: 2 })),
  'nvidia/dynamic_mig_example.yaml': hami(
    A100,
    pod({ cards: 2, memoryMebibytes: 8000 }, { choice: { shareMode: GpuShareMode.MIG, cards: GpuPacking.BINPACK } }),
  ),
  'nvidia/example.yaml': hami(A100, (pool) =>
    pool.serve('cuda-sample-vector-add', {
      ...NAMESPACE,
      server: GpuServer.container({
        image: 'nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0-ubuntu22.04',
        command: ['/bin/bash', '-c', '--'],
        args: ['while true; do /cuda-samples/vectorAdd; done'],
      }),
      gpu: { memoryMebibytes: 3000 },
    }),
  ),
  'nvidia/mig_example.yaml': onPool(
    A100,
    { sharing: GpuSharing.PARTITIONED, mode: GpuMode.MIG_MIXED, profiles: { '3g.20gb': 2 } },
    pod({ profile: '3g.20gb' }),
  ),
  'nvidia/specify_card_type_not_use.yaml': hami(A100, pod({ cards: 2 }, { choice: { avoidTypes: ['1080', '2080'] } })),
  'nvidia/specify_card_type_to_use.yaml': hami(A100, pod({ cards: 2 }, { choice: { useTypes: ['A100', 'V100'] } })),
  'nvidia/specify_scheduling_policy.yaml': hami(
    A100,
    pod({ cards: 1 }, { choice: { nodes: GpuPacking.SPREAD, cards: GpuPacking.BINPACK } }),
  ),
  'nvidia/specify_uuid_not_use.yaml': hami(
    A100,
    pod({ cards: 2 }, { choice: { avoidUuids: ['GPU-03f69c50-207a-2038-9b45-23cac89cb67d'] } }),
  ),
  'nvidia/specify_uuid_to_use.yaml': hami(
    A100,
    pod(
      { cards: 1 },
      {
        choice: {
          useUuids: ['GPU-03f69c50-207a-2038-9b45-23cac89cb67d', 'GPU-03f69c50-207a-2038-9b45-23cac89cb67e'],
        },
      },
    ),
  ),
  'nvidia/use_as_normal.yaml': hami(A100, pod({}, {}, 'gpu-pod1'), pod({}, {}, 'gpu-pod2')),
  'nvidia/use_exclusive_card.yaml': hami(A100, pod({ cards: 2, memoryPercentage: 100, corePercentage: 100 })),
  'nvidia/use_memory_fraction.yaml': hami(A100, pod({ cards: 2, memoryPercentage: 50, corePercentage: 30 })),
  'nvidia/use_sharing_card.yaml': hami(
    A100,
    pod({ memoryPercentage: 40, corePercentage: 60 }, {}, 'gpu-pod1'),
    pod({ memoryPercentage: 60, corePercentage: 40 }, {}, 'gpu-pod2'),
  ),
  'nvidia/vllm_cross_vgpu.yaml': hami(A100, (pool) =>
    pool.serve('vllm-cross-vgpu', {
      ...NAMESPACE,
      server: GpuServer.vllm({
        image: 'vllm/vllm-openai:v0.11.0',
        model: 'Qwen/Qwen2.5-3B-Instruct',
        maxModelLength: 32768,
        maxBatchedTokens: 16384,
        maxSequences: 32,
        gpuMemoryUtilization: 0.95,
        otherArgs: ['--block-size', '16', '--enable-prefix-caching'],
      }),
      gpu: { cards: 2, memoryPercentage: 30, corePercentage: 30 },
      cpu: '2',
      cpuLimit: '8',
      memory: '6Gi',
      memoryLimit: '20Gi',
      volumes: [{ name: 'cache', mountPath: '/tmp/.cache/huggingface', size: '60Gi' }],
    }),
  ),
  'ascend/job-310P.yaml': hami(card('Ascend310P'), pod({ memoryMebibytes: 2000 })),
  'ascend/job-910A.yaml': hami(card('Ascend910A'), pod({ memoryMebibytes: 2000 })),
  'ascend/job-910B2.yaml': hami(card('Ascend910B2'), pod({ memoryMebibytes: 2000 })),
  'ascend/job-910B3.yaml': hami(card('Ascend910B3'), pod({ memoryMebibytes: 2000 })),
  'ascend/job-910B4.yaml': hami(card('Ascend910B4'), pod({ memoryMebibytes: 2000 })),
  'ascend/job-910C.yaml': hami(card('Ascend910C'), pod({ memoryMebibytes: 16384 })),
};

const HALF = { corePercentage: 60, memoryGibibytes: 4 };
const DCU = { corePercentage: 60, memoryMebibytes: 2000 };
const BLOCKS = { corePercentage: 50, memoryMebibytes: 64 * 256 };

/** Examples of other vendors, with what they ask for: as examples/<vendor> of HAMi 2.10 and its history have it. */
const OTHERS: readonly (readonly [string, Make, Asked])[] = [
  ['MetaX, whole cards', whole(card('C500'), pod({})), asked({ 'metax-tech.com/gpu': 1 })],
  [
    'MetaX, nodes in use first',
    whole(card('C500'), pod({}, { choice: { nodes: GpuPacking.BINPACK } })),
    asked({ 'metax-tech.com/gpu': 1 }, { 'hami.io/node-scheduler-policy': 'binpack' }),
  ],
  [
    'MetaX, a share',
    hami(card('C500'), pod(HALF)),
    asked({ 'metax-tech.com/sgpu': 1, 'metax-tech.com/vcore': 60, 'metax-tech.com/vmemory': 4 }),
  ],
  [
    'MetaX, a share in MiB',
    hami(card('C500'), pod({ corePercentage: 60, memoryMebibytes: 2048 })),
    asked({ 'metax-tech.com/sgpu': 1, 'metax-tech.com/vcore': 60, 'metax-tech.com/vmemory': '2048Mi' }),
  ],
  ['MetaX, all of a shared card', hami(card('C500'), pod({})), asked({ 'metax-tech.com/sgpu': 1 })],
  [
    'MetaX, one card by its UUID',
    hami(card('C500'), pod(HALF, { choice: { useUuids: ['36beae85-c835-6b14-6ab2-02671837a59c'] } })),
    asked(
      { 'metax-tech.com/sgpu': 1, 'metax-tech.com/vcore': 60, 'metax-tech.com/vmemory': 4 },
      { 'metax-tech.com/use-gpuuuid': '36beae85-c835-6b14-6ab2-02671837a59c' },
    ),
  ],
  [
    'MetaX, best effort',
    hami(card('C500'), pod(HALF, { choice: { computePolicy: GpuComputePolicy.BEST_EFFORT } })),
    asked(
      { 'metax-tech.com/sgpu': 1, 'metax-tech.com/vcore': 60, 'metax-tech.com/vmemory': 4 },
      { 'metax-tech.com/sgpu-qos-policy': 'best-effort' },
    ),
  ],
  [
    'MetaX, linked cards',
    hami(card('C500'), pod({ cards: 4 }, { choice: { linkedCards: true } })),
    asked({ 'metax-tech.com/sgpu': 4 }, { 'metax-tech.com/sgpu-topology-aware': 'true' }),
  ],
  [
    'MetaX, work that can wait',
    hami(card('C500'), pod(HALF, { choice: { urgency: GpuUrgency.OFFLINE } })),
    asked(
      { 'metax-tech.com/sgpu': 1, 'metax-tech.com/vcore': 60, 'metax-tech.com/vmemory': 4 },
      { 'metax-tech.com/sgpu-app-class': 'offline' },
    ),
  ],
  [
    'MetaX, work that somebody waits for',
    hami(card('C500'), pod({ memoryGibibytes: 4 }, { choice: { urgency: GpuUrgency.ONLINE } })),
    asked({ 'metax-tech.com/sgpu': 1, 'metax-tech.com/vmemory': 4 }, { 'metax-tech.com/sgpu-app-class': 'online' }),
  ],
  [
    'MetaX, two containers',
    hami(
      card('C500'),
      pod(HALF, {
        containers: [{ name: 'second', image: 'ubuntu:22.04', gpu: { corePercentage: 30, memoryGibibytes: 8 } }],
      }),
    ),
    {
      annotations: {},
      containers: [
        { 'metax-tech.com/sgpu': '1', 'metax-tech.com/vcore': '60', 'metax-tech.com/vmemory': '4' },
        { 'metax-tech.com/sgpu': '1', 'metax-tech.com/vcore': '30', 'metax-tech.com/vmemory': '8' },
      ],
    },
  ],
  ...['BI-V100', 'BI-V150', 'MR-V100', 'MR-V50'].flatMap((chip): [string, Make, Asked][] => [
    [
      `Iluvatar ${chip}, a share`,
      hami(card(chip), pod(BLOCKS)),
      asked({
        [`iluvatar.ai/${chip}-vgpu`]: 1,
        [`iluvatar.ai/${chip}.vCore`]: 50,
        [`iluvatar.ai/${chip}.vMem`]: 64,
      }),
    ],
    [`Iluvatar ${chip}, whole cards`, hami(card(chip), pod({ cards: 2 })), asked({ [`iluvatar.ai/${chip}-vgpu`]: 2 })],
    [
      `Iluvatar ${chip}, two containers`,
      hami(card(chip), pod(BLOCKS, { containers: [{ name: 'second', image: 'ubuntu:22.04', gpu: BLOCKS }] })),
      {
        annotations: {},
        containers: [0, 1].map(() => ({
          [`iluvatar.ai/${chip}-vgpu`]: '1',
          [`iluvatar.ai/${chip}.vCore`]: '50',
          [`iluvatar.ai/${chip}.vMem`]: '64',
        })),
      },
    ],
  ]),
  [
    'Cambricon, a share',
    hami(card('MLU'), pod({ memoryMebibytes: 20 * 256, corePercentage: 10 })),
    asked({
      'cambricon.com/vmlu': 1,
      'cambricon.com/mlu.smlu.vmemory': 20,
      'cambricon.com/mlu.smlu.vcore': 10,
    }),
  ],
  [
    'Cambricon MLU370, a share',
    hami(card('MLU370-X8'), pod({ memoryMebibytes: 20 * 256, corePercentage: 10 })),
    asked({
      'cambricon.com/vmlu': 1,
      'cambricon.com/mlu370.smlu.vmemory': 20,
      'cambricon.com/mlu370.smlu.vcore': 10,
    }),
  ],
  ['Cambricon, a whole card', hami(card('MLU370-X8'), pod({})), asked({ 'cambricon.com/vmlu': 1 })],
  [
    'Cambricon, but some cards',
    hami(card('MLU590'), pod({}, { choice: { avoidTypes: ['270', '370'] } })),
    asked({ 'cambricon.com/vmlu': 1 }, { 'cambricon.com/nouse-mlutype': '270,370' }),
  ],
  [
    'Hygon, a share',
    hami(card('DCU-K100_AI'), pod(DCU)),
    asked({ 'hygon.com/dcunum': 1, 'hygon.com/dcumem': 2000, 'hygon.com/dcucores': 60 }),
  ],
  ['Hygon, whole cards', hami(card('DCU-K100_AI'), pod({ cards: 2 })), asked({ 'hygon.com/dcunum': 2 })],
  [
    'Hygon, some cards',
    hami(card('DCU-K100_AI'), pod(DCU, { choice: { useTypes: ['DCU-K100_AI'] } })),
    asked(
      { 'hygon.com/dcunum': 1, 'hygon.com/dcumem': 2000, 'hygon.com/dcucores': 60 },
      { 'hygon.com/use-dcutype': 'DCU-K100_AI' },
    ),
  ],
  [
    'Hygon, but some cards',
    hami(card('Z100'), pod(DCU, { choice: { avoidTypes: ['DCU-K100_AI'] } })),
    asked(
      { 'hygon.com/dcunum': 1, 'hygon.com/dcumem': 2000, 'hygon.com/dcucores': 60 },
      { 'hygon.com/nouse-dcutype': 'DCU-K100_AI' },
    ),
  ],
  [
    'Hygon, cards by their UUIDs',
    hami(
      card('Z100'),
      pod(DCU, { choice: { avoidUuids: ['DCU-TPXS320016070601', 'DCU-TPXS320010040501'] } }),
      pod(DCU, { choice: { useUuids: ['DCU-TPXS320016070601'] } }, 'second'),
    ),
    {
      annotations: {
        'hygon.com/nouse-gpuuuid': 'DCU-TPXS320016070601,DCU-TPXS320010040501',
        'hygon.com/use-gpuuuid': 'DCU-TPXS320016070601',
      },
      containers: [0, 1].map(() => ({
        'hygon.com/dcunum': '1',
        'hygon.com/dcumem': '2000',
        'hygon.com/dcucores': '60',
      })),
    },
  ],
  [
    'Moore Threads, a share',
    hami(card('MTT-S4000'), pod({ memoryGibibytes: 16, corePercentage: 50 })),
    asked({ 'mthreads.com/vgpu': 1, 'mthreads.com/sgpu-memory': 32, 'mthreads.com/sgpu-core': 8 }),
  ],
  ['Moore Threads, whole cards', hami(card('MTT-S4000'), pod({ cards: 2 })), asked({ 'mthreads.com/vgpu': 2 })],
  ['Enflame, whole cards', hami(card('GCU-S60'), pod({ cards: 2 })), asked({ 'enflame.com/gcu': 2 })],
  ['Biren, a card', hami(card('Biren-BR104'), pod({})), asked({ 'birentech.com/gpu': 1 })],
  ['Vastai, a card', hami(card('Vastai-VA16'), pod({})), asked({ 'vastaitech.com/va': 1 })],
  ['AWS Neuron, a device', hami(card('Inferentia2'), pod({})), asked({ 'aws.amazon.com/neuron': 1 })],
  ['Kunlunxin, all of a shared card', hami(card('Kunlun-P800'), pod({})), asked({ 'kunlunxin.com/vxpu': 1 })],
  ['Kunlunxin, a whole card', whole(card('Kunlun-P800'), pod({})), asked({ 'kunlunxin.com/xpu': 1 })],
  [
    'Kunlunxin, a quarter of a card',
    hami(card('Kunlun-P800'), pod({ memoryMebibytes: 24576 })),
    asked({ 'kunlunxin.com/vxpu': 1, 'kunlunxin.com/vxpu-memory': 24576 }),
  ],
  [
    'AMD, a share',
    hami(card('AMD-Instinct-MI300X'), pod({ memoryMebibytes: 4096, corePercentage: 25 })),
    asked({ 'amd.com/gpu': 1, 'amd.com/gpumem': 4096, 'amd.com/gpucores': 25 }),
  ],
  [
    'Ascend, a share kept by a library',
    hami(card('Ascend910B3'), pod({ memoryMebibytes: 28672, corePercentage: 40 })),
    asked(
      {
        'huawei.com/Ascend910B3': 1,
        'huawei.com/Ascend910B3-memory': 28672,
        'huawei.com/Ascend910B3-core': 40,
      },
      { 'huawei.com/vnpu-mode': 'hami-core' },
    ),
  ],
  [
    'Volcano, a share',
    onPool(
      A100,
      { sharing: GpuSharing.SHARED, mode: GpuMode.VOLCANO_VGPU, software: { volcanoPluginVersion: 'v1.11.0' } },
      pod({ cards: 2, memoryMebibytes: 3000, corePercentage: 50 }),
    ),
    asked({ 'volcano.sh/vgpu-number': 2, 'volcano.sh/vgpu-memory': 3000, 'volcano.sh/vgpu-cores': 50 }),
  ],
];

function asked(resources: { readonly [key: string]: number | string }, annotations = {}): Asked {
  return { annotations, containers: [texts(resources)] };
}

function texts(map: { readonly [key: string]: unknown }): { [key: string]: string } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}

/** Annotations and resources with a domain; those of Kubernetes itself have none. */
function ofAccelerators(map: object | undefined): { [key: string]: string } {
  return texts(Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => key.includes('/'))));
}

function askedBy(objects: readonly AnyObject[]): Asked {
  const pods = objects.flatMap(({ kind, metadata, spec }: AnyObject) => {
    if (kind === 'Pod') return [{ metadata, spec }];
    return spec?.template === undefined ? [] : [spec.template];
  });
  return {
    annotations: Object.assign({}, ...pods.map(({ metadata }) => ofAccelerators(metadata?.annotations))),
    containers: pods.flatMap(({ spec }) =>
      spec.containers.map(({ resources }: AnyObject) => ({
        ...ofAccelerators(resources?.requests),
        ...ofAccelerators(resources?.limits),
      })),
    ),
  };
}

function built(make: Make): AnyObject[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'orrery-hami-'));
  try {
    const platform = new Platform({ id: 'ai', outdir });
    make(platform);
    platform.synth();
    const objects: AnyObject[] = JSON.parse(readFileSync(path.join(outdir, 'clusters/c/objects.json'), 'utf8'));
    // What the pool itself needs is not what is asked of it.
    return objects.filter(({ metadata }) => metadata.namespace === NAMESPACE.namespaceName);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

describe.skipIf(!present && process.env.CI !== 'true')(
  `examples of HAMi${present ? '' : ' (skipped: ../shared/data is not there)'}`,
  () => {
    it('are all of them said by a pool', () => {
      const files = globSync('{nvidia,ascend}/*.yaml', { cwd: EXAMPLES }).sort();
      expect(files).toHaveLength(21);
      expect(Object.keys(SAID).sort()).toEqual(files);
    });

    it.each(Object.entries(SAID))('ask in %s for what the pool asks for', (file, make) => {
      const documents = parseAllDocuments(readFileSync(path.join(EXAMPLES, file), 'utf8'));
      expect(askedBy(built(make))).toEqual(askedBy(documents.map((document) => document.toJS())));
    });
  },
);

describe('pods of other vendors', () => {
  it.each(OTHERS)('ask for what HAMi knows: %s', (_, make, expected) => {
    expect(askedBy(built(make))).toEqual(expected);
  });
});
