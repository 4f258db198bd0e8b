import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster';
import type { ClusterFacts } from '../cluster-facts';
import { Placement } from '../placement';
import { Platform } from '../platform';
import { present } from '../private/present-members';
import { AccessMode } from '../service-props';
import { type AnyObject, synthesized, temporaryFolder } from '../synthesis.test-support';
import { GpuPacking, GpuShareMode, GpuTurn, GpuUrgency } from './gpu-needs';
import type { GpuNodes } from './gpu-nodes';
import { GpuPool } from './gpu-pool';
import type { GpuPoolProps } from './gpu-pool-props';
import { GpuServer } from './gpu-server';
import type { GpuServiceProps } from './gpu-service-props';
import { GpuMode, GpuSharing } from './gpu-sharing-props';
import { GpuTrainingKind, type GpuTrainingProps } from './gpu-workload-props';

const A100: GpuNodes = { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 };
const FACTS: ClusterFacts = {
  kubernetesVersion: '1.36',
  gpuNodes: [A100],
  storageClasses: { general: 'local' },
  apiVersions: ['serving.kserve.io/v1beta1', 'keda.sh/v1alpha1', 'monitoring.coreos.com/v1'],
};
const HAMI = { sharing: GpuSharing.SHARED, mode: GpuMode.HAMI };
const WHOLE = { sharing: GpuSharing.EXCLUSIVE };
const VLLM = GpuServer.vllm({ image: 'vllm/vllm-openai:v0.11.0', model: 'Qwen/Qwen2.5-3B-Instruct' });
const TRAINING: GpuTrainingProps = { namespaceName: 'ai', image: 'pytorch/pytorch:2.9.0' };
const SERVICE: GpuServiceProps = { namespaceName: 'ai', server: VLLM };
const PROMETHEUS = 'http://prometheus.monitoring:9090';

interface Program {
  readonly pool: GpuPool;
  readonly platform: Platform;
  objects(): AnyObject[];
  object(kind: string): AnyObject;
  /** What is wrong, with what to do. */
  refused(): string;
}

function program(props: Omit<GpuPoolProps, 'placement'>, facts: Partial<ClusterFacts> = {}): Program {
  const platform = new Platform({ id: 'p', outdir: temporaryFolder() });
  new Cluster(platform, 'c', { ...FACTS, ...facts });
  const pool = new GpuPool(platform, 'pool', { ...props, placement: Placement.everywhere() });
  const objects = () =>
    [...synthesized(platform).objects('c').values()].filter(({ metadata }) => metadata.namespace === 'ai');
  return {
    platform,
    pool,
    objects,
    object: (kind) => objects().find((one) => one.kind === kind),
    refused: () => {
      try {
        platform.synth();
      } catch (error) {
        return (error as Error).message
          .split('\n')
          .filter((line) => line.startsWith('  '))
          .map((line) => line.trim())
          .join(' ');
      }
      return '';
    },
  };
}

describe('a training', () => {
  it('is a Job whose pods pass the restricted level, and go on after evictions', () => {
    const { pool, object } = program(WHOLE);
    pool.train('finetune', { ...TRAINING, gpu: { cards: 2 }, deadline: '12h', keepFinished: '1d', retries: 1 });
    const { spec } = object('Job');
    const [container] = spec.template.spec.containers;
    expect(spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 1,
      activeDeadlineSeconds: 43_200,
      ttlSecondsAfterFinished: 86_400,
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
    });
    expect(spec.template.spec).toMatchObject({
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } }],
    });
    expect(container).toMatchObject({
      resources: { requests: { cpu: '1', memory: '4Gi' }, limits: { memory: '4Gi', 'nvidia.com/gpu': 2 } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
    });
  });

  it('over several nodes finds its pods by name and number', () => {
    const { pool, object } = program(HAMI);
    pool.train('llm', { ...TRAINING, gpu: { cards: 8 }, completions: 2, rendezvous: { port: 3000 } });
    const { spec } = object('Job');
    const values = Object.fromEntries(
      spec.template.spec.containers[0].env.map(({ name, value }: AnyObject) => [name, value]),
    );
    expect(spec).toMatchObject({ completions: 2, parallelism: 2, completionMode: 'Indexed' });
    expect(spec.template.spec.subdomain).toBe('llm');
    expect(values).toMatchObject({
      MASTER_ADDR: 'llm-0.llm',
      PET_MASTER_PORT: '3000',
      NNODES: '2',
      PET_NPROC_PER_NODE: '8',
    });
    expect(Object.keys(values)).toEqual(expect.arrayContaining(['NODE_RANK', 'PET_NODE_RANK']));
    expect(object('Service').spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  });

  it('waits in a queue of Kueue by a label, and in one of Volcano by an annotation', () => {
    const kueue = program(HAMI);
    kueue.pool.train('a', { ...TRAINING, queueName: 'research' });
    expect(kueue.object('Job').metadata.labels['kueue.x-k8s.io/queue-name']).toBe('research');
    const volcano = program({
      sharing: GpuSharing.SHARED,
      mode: GpuMode.VOLCANO_VGPU,
      software: { volcanoPluginVersion: 'v1.11.0' },
    });
    volcano.pool.train('a', {
      ...TRAINING,
      queueName: 'research',
      gpu: { cards: 2, memoryGibibytes: 4 },
      choice: { shareMode: GpuShareMode.HAMI_CORE },
    });
    const { template } = volcano.object('Job').spec;
    expect(template.metadata.annotations).toEqual({
      'scheduling.volcano.sh/queue-name': 'research',
      'volcano.sh/vgpu-mode': 'hami-core',
    });
    expect(template.spec.schedulerName).toBe('volcano');
    expect(template.spec.containers[0].resources.limits).toMatchObject({
      'volcano.sh/vgpu-number': 2,
      'volcano.sh/vgpu-memory': 4096,
    });
  });

  it('has what the pool gives pods that say nothing', () => {
    const { pool, object } = program({ ...HAMI, share: { memoryMebibytes: 8000, corePercentage: 20 } });
    pool.train('a', { ...TRAINING, gpu: { priority: 0 } });
    expect(object('Job').spec.template.spec.containers[0].resources.limits).toMatchObject({
      'nvidia.com/gpumem': 8000,
      'nvidia.com/gpucores': 20,
      'nvidia.com/priority': 0,
    });
  });

  it('runs only where the processor has what it needs', () => {
    const facts = { gpuNodes: [{ ...A100, cpuFeatures: ['AVX512F', 'AMXINT8'] }] };
    const { pool, object } = program(WHOLE, facts);
    pool.train('a', { ...TRAINING, cpuFeatures: ['AVX512F', 'AMXINT8'] });
    expect(object('Job').spec.template.spec.nodeSelector).toEqual({
      'nvidia.com/gpu.product': A100.product,
      'feature.node.kubernetes.io/cpu-cpuid.AVX512F': 'true',
      'feature.node.kubernetes.io/cpu-cpuid.AMXINT8': 'true',
    });
    const other = program(WHOLE, facts);
    other.pool.train('a', { ...TRAINING, cpuFeatures: ['SVE'] });
    expect(other.refused()).toBe('No processor of these nodes has SVE. The nodes declare: AVX512F, AMXINT8.');
  });

  it('as root keeps from more rights, and says so to nobody but its pods', () => {
    const { pool, object } = program(WHOLE);
    pool.train('a', { ...TRAINING, runAsRoot: true });
    const { securityContext, containers } = object('Job').spec.template.spec;
    expect(securityContext).toEqual({ runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } });
    expect(containers[0].securityContext).toEqual({ allowPrivilegeEscalation: false });
  });

  it('in several clusters claims the storage of each and pulls from its registry', () => {
    const platform = new Platform({ id: 'p', outdir: temporaryFolder() });
    new Cluster(platform, 'a', FACTS);
    new Cluster(platform, 'b', { ...FACTS, storageClasses: { general: 'ssd' }, registryMirror: 'mirror.example.com' });
    const pool = new GpuPool(platform, 'pool', { ...HAMI, placement: Placement.everywhere() });
    pool.train('t', { ...TRAINING, volumes: [{ name: 'out', mountPath: '/out', size: '1Gi' }] });
    const assembly = synthesized(platform);
    const seen = ['a', 'b'].map((cluster) => {
      const all = [...assembly.objects(cluster).values()];
      const claim = all.find(({ kind }) => kind === 'PersistentVolumeClaim');
      const job = all.find(({ kind }) => kind === 'Job');
      return [claim.spec.storageClassName, job.spec.template.spec.containers[0].image];
    });
    expect(seen).toEqual([
      ['local', 'pytorch/pytorch:2.9.0'],
      ['ssd', 'mirror.example.com/pytorch/pytorch:2.9.0'],
    ]);
  });

  it('claims devices where the pool is allocated dynamically, one claim for each container', () => {
    const { pool, objects, object } = program({ sharing: GpuSharing.PARTITIONED, mode: GpuMode.DRA });
    pool.train('a', {
      ...TRAINING,
      gpu: { profile: '3g.40gb' },
      choice: { useTypes: ['A100'] },
      containers: [{ name: 'b', image: 'x', gpu: { profile: '1g.10gb', cards: 2 } }],
    });
    const { spec } = object('Job').spec.template;
    expect(spec.resourceClaims).toEqual([
      { name: 'gpu', resourceClaimTemplateName: 'a-gpu' },
      { name: 'gpu-b', resourceClaimTemplateName: 'a-gpu-b' },
    ]);
    expect(spec.containers.map(({ resources }: AnyObject) => resources.claims)).toEqual([
      [{ name: 'gpu' }],
      [{ name: 'gpu-b' }],
    ]);
    const templates = objects().filter(({ kind }) => kind === 'ResourceClaimTemplate');
    expect(templates.map(({ metadata }) => metadata.name)).toEqual(['a-gpu', 'a-gpu-b']);
    expect(templates[0].spec.spec.devices.requests[0].exactly).toEqual({
      deviceClassName: 'mig.nvidia.com',
      allocationMode: 'ExactCount',
      count: 1,
      selectors: [
        { cel: { expression: "device.attributes['gpu.nvidia.com'].profile == '3g.40gb'" } },
        { cel: { expression: "device.attributes['gpu.nvidia.com'].productName.contains('A100')" } },
      ],
    });
  });

  it.each<[string, Omit<GpuPoolProps, 'placement'>, GpuTrainingProps['claimSharing'], object]>([
    [
      'take turns on a card',
      { sharing: GpuSharing.EXCLUSIVE, mode: GpuMode.DRA },
      { turn: GpuTurn.LONG },
      { kind: 'GpuConfig', sharing: { strategy: 'TimeSlicing', timeSlicingConfig: { interval: 'Long' } } },
    ],
    [
      'run side by side on a partition',
      { sharing: GpuSharing.PARTITIONED, mode: GpuMode.DRA },
      { activeThreadPercentage: 50, pinnedMemory: '10Gi' },
      {
        kind: 'MigDeviceConfig',
        sharing: {
          strategy: 'MPS',
          mpsConfig: { defaultActiveThreadPercentage: 50, defaultPinnedDeviceMemoryLimit: '10Gi' },
        },
      },
    ],
  ])('lets containers share a claim: they %s', (_, props, claimSharing, parameters) => {
    const { pool, objects, object } = program(props);
    const gpu = props.sharing === GpuSharing.PARTITIONED ? { profile: '3g.40gb' } : {};
    pool.train('a', {
      ...TRAINING,
      gpu,
      ...present({ claimSharing }),
      containers: [{ name: 'b', image: 'x', gpu: {} }],
    });
    const { spec } = object('Job').spec.template;
    expect(spec.resourceClaims).toEqual([{ name: 'gpu', resourceClaimTemplateName: 'a-gpu' }]);
    expect(spec.containers.map(({ resources }: AnyObject) => resources.claims)).toEqual([
      [{ name: 'gpu' }],
      [{ name: 'gpu' }],
    ]);
    const templates = objects().filter(({ kind }) => kind === 'ResourceClaimTemplate');
    expect(templates.map((template) => template.spec.spec.devices.config)).toEqual([
      [
        {
          requests: ['gpu'],
          opaque: {
            driver: 'gpu.nvidia.com',
            parameters: { apiVersion: 'resource.nvidia.com/v1beta1', ...parameters },
          },
        },
      ],
    ]);
  });

  it.each<[string, Omit<GpuPoolProps, 'placement'>, Partial<GpuTrainingProps>, string]>([
    [
      'a feature that no label names',
      WHOLE,
      { cpuFeatures: ['avx512f'] },
      '"avx512f" is no feature of a processor. Use the flag as node feature discovery has it: "AVX512F".',
    ],
    [
      'a claim in common where pods claim nothing',
      HAMI,
      { claimSharing: {}, containers: [{ name: 'b', image: 'x', gpu: {} }] },
      'With hami pods claim nothing that containers could share by `claimSharing`. Leave it out, or use a pool with the mode dra.',
    ],
    [
      'a claim in common, and one more',
      { sharing: GpuSharing.EXCLUSIVE, mode: GpuMode.DRA },
      { claimSharing: {}, containers: [{ name: 'b', image: 'x', gpu: { cards: 2 } }] },
      'Container "b" uses what the main one claims, and claims something itself. Leave its `gpu` empty, or leave out `claimSharing`.',
    ],
    [
      'turns and limits',
      { sharing: GpuSharing.EXCLUSIVE, mode: GpuMode.DRA },
      {
        claimSharing: { turn: GpuTurn.SHORT, activeThreadPercentage: 200, pinnedMemory: 'much' },
        containers: [{ name: 'b', image: 'x', gpu: {} }],
      },
      'Containers take turns by `turn`, or run side by side with limits (MPS). Leave out one of the two. `activeThreadPercentage` is 200. Use a whole number from 1 to 100. `pinnedMemory` is "much". Use a quantity like "10Gi".',
    ],
    [
      'more memory than a card has',
      HAMI,
      { gpu: { memoryGibibytes: 81 } },
      'A share of 82944 MiB is more than the 81920 MiB that a card gives. Use 81920 or less, or several cards by `cards`: the share is of each.',
    ],
    [
      'more cards than a node has',
      WHOLE,
      { gpu: { cards: 9 } },
      'A pod asks for 9 cards, and a node has 8. Use 8 or fewer, and more pods.',
    ],
    [
      'a share of a whole card',
      WHOLE,
      { gpu: { memoryGibibytes: 8 } },
      'With whole-gpu a pod cannot have a share of a size of its own. Leave out `share`, or use sharing "shared" with the mode hami.',
    ],
    [
      'an order of tasks on a whole card',
      WHOLE,
      { gpu: { priority: 0 } },
      'With whole-gpu tasks on a card have no `priority`. Leave it out, or use a pool with the mode hami.',
    ],
    [
      'a card that the pool has not',
      HAMI,
      { choice: { useTypes: ['H100', 'V100'] } },
      '`useTypes` H100, V100: no card is left. The cards are: NVIDIA-A100-SXM4-80GB.',
    ],
    [
      'a choice that leaves no card',
      HAMI,
      { choice: { avoidTypes: ['a100'] } },
      '`avoidTypes` a100: no card is left. The cards are: NVIDIA-A100-SXM4-80GB.',
    ],
    [
      'fewer UUIDs than cards',
      HAMI,
      { gpu: { cards: 2 }, choice: { useUuids: ['GPU-1', 'GPU-2'], avoidUuids: ['GPU-2'] } },
      'A pod has 2 cards, and `useUuids` leaves 1. Name 2 or more, which stand in one node.',
    ],
    [
      'names that would be taken apart',
      HAMI,
      { choice: { avoidTypes: ['T4,P4', ''] } },
      '`avoidTypes` has "T4,P4". Use one name for each, without commas and spaces around it. `avoidTypes` has "". Use one name for each, without commas and spaces around it.',
    ],
    [
      "what only MetaX's cards have",
      HAMI,
      { choice: { urgency: GpuUrgency.ONLINE } },
      'With cards of NVIDIA nothing reads `urgency` of `choice`. With cards of NVIDIA there are: `useTypes`, `avoidTypes`, `useUuids`, `avoidUuids`, `sameNumaNode`, `shareMode`, `nodes`, `cards`.',
    ],
    [
      'a choice that nobody reads',
      WHOLE,
      { choice: { cards: GpuPacking.BINPACK } },
      'With whole-gpu nothing reads `cards` of `choice`. Leave it out and say `products` of the pool, or use a pool with the mode hami.',
    ],
    [
      'a policy of cards for nodes',
      HAMI,
      { choice: { nodes: GpuPacking.MUTEX } },
      '`nodes` is mutex, which is for cards. Use BINPACK or SPREAD, or say it for `cards`.',
    ],
    [
      'shared memory above the memory',
      HAMI,
      { sharedMemory: '8Gi' },
      'Shared memory of 8Gi counts as memory, of which the container may have 4Gi. Use more `memory`, or 4Gi or less `sharedMemory`.',
    ],
    [
      'two volumes on one folder',
      HAMI,
      { datasets: [{ claimName: 'a', mountPath: '/data' }], scratch: [{ mountPath: '/data' }] },
      'Two volumes are mounted on "/data". Mount one elsewhere.',
    ],
    [
      'two containers of one name',
      HAMI,
      { containers: [{ name: 't', image: 'x' }] },
      'Two containers are named "t". Rename one; the main one is named like the workload.',
    ],
    [
      'more pods at a time than have to succeed',
      HAMI,
      { parallelism: 2 },
      '2 pods at a time are more than the 1 that have to succeed. Use fewer, or more `completions`.',
    ],
    [
      'pods that wait for others that do not run',
      HAMI,
      { completions: 4, parallelism: 2, rendezvous: {} },
      'Pods that find each other run at a time, and 2 of 4 do. Leave out `parallelism`.',
    ],
    [
      'a Pod that is tried again',
      HAMI,
      { kind: GpuTrainingKind.POD, retries: 3, deadline: '1h' },
      'A Pod has no `retries`, `deadline`. Leave them out, or use GpuTrainingKind.JOB.',
    ],
    [
      'containers that have no room together',
      HAMI,
      {
        gpu: { cards: 8, memoryGibibytes: 60 },
        containers: [{ name: 'b', image: 'x', gpu: { cards: 8, memoryGibibytes: 30 } }],
      },
      'The 2 containers of a pod ask for 737280 of nvidia.com/gpumem together, and a node has 655360. Make them smaller, or put them into pods of their own.',
    ],
    [
      'containers with more cards together than a node has',
      WHOLE,
      { gpu: { cards: 6 }, containers: [{ name: 'b', image: 'x', gpu: { cards: 3 } }] },
      'The 2 containers of a pod ask for 9 of nvidia.com/gpu together, and a node has 8. Make them smaller, or put them into pods of their own.',
    ],
    [
      'a deadline without unit',
      HAMI,
      { deadline: '60' },
      '`deadline` is "60". Use a duration like "12h", of at least a second.',
    ],
    [
      'a cluster that the pool is not in',
      HAMI,
      { placement: Placement.named('other') },
      'The pool "pool" is not in cluster other. Its clusters are: c.',
    ],
  ])('is refused: %s', (_, props, more, expected) => {
    const { pool, platform, refused } = program(props);
    if (more.placement !== undefined) {
      const other = new Cluster(platform, 'other', { kubernetesVersion: '1.36' });
      expect(other.clusterName).toBe('other');
      // The pool would be in every cluster otherwise.
      const named = new GpuPool(platform, 'named', { ...props, placement: Placement.named('c') });
      named.train('t', { ...TRAINING, ...more });
      expect(refused()).toContain(expected.replace('"pool"', '"named"'));
      return;
    }
    pool.train('t', { ...TRAINING, ...more });
    expect(refused()).toBe(expected);
  });
});

describe('a model server', () => {
  it('starts within minutes, and all cards of a pod share the model', () => {
    const { pool, object, objects } = program(HAMI);
    pool.serve('chat', { ...SERVICE, gpu: { cards: 2, memoryPercentage: 30 }, replicas: 2, startsWithin: '20m' });
    const { spec } = object('Deployment');
    const [container] = spec.template.spec.containers;
    expect(container.command).toEqual(['vllm', 'serve']);
    expect(container.args.join(' ')).toBe(
      'Qwen/Qwen2.5-3B-Instruct --host 0.0.0.0 --port 8000 --tensor-parallel-size 2 --disable-custom-all-reduce --gpu-memory-utilization 0.9',
    );
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/health', port: 8000 }, periodSeconds: 10, failureThreshold: 120 },
      readinessProbe: { httpGet: { path: '/health' } },
      livenessProbe: { httpGet: { path: '/health' } },
      resources: { requests: { cpu: '2', memory: '16Gi' } },
    });
    expect(spec.template.spec.topologySpreadConstraints).toHaveLength(1);
    expect(spec.template.spec.volumes).toEqual([{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } }]);
    expect(objects().map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'PodDisruptionBudget']);
  });

  it.each<[string, Omit<GpuPoolProps, 'placement'>, number, string]>([
    ['whole cards use their own all-reduce', WHOLE, 4, '--tensor-parallel-size 4 --gpu-memory-utilization 0.9'],
    [
      'pods that take turns divide the memory',
      { sharing: GpuSharing.SHARED, replicas: 4 },
      1,
      '--tensor-parallel-size 1 --gpu-memory-utilization 0.22',
    ],
    [
      'a partition is a card of its own',
      { sharing: GpuSharing.PARTITIONED, profiles: { '3g.40gb': 2 } },
      1,
      '--tensor-parallel-size 1 --gpu-memory-utilization 0.9',
    ],
  ])('knows its cards: %s', (_, props, cards, expected) => {
    const { pool, object } = program(props);
    pool.serve('chat', { ...SERVICE, gpu: { cards } });
    expect(object('Deployment').spec.template.spec.containers[0].args.slice(5).join(' ')).toBe(expected);
  });

  it('is scaled by the requests that wait, by KEDA or by Kubernetes', () => {
    const keda = program(HAMI);
    keda.pool.serve('chat', {
      ...SERVICE,
      autoscaling: { maxReplicas: 4, waitingPerReplica: 3, prometheus: PROMETHEUS },
    });
    expect(keda.object('Deployment').spec.replicas).toBeUndefined();
    expect(keda.object('ScaledObject').spec).toMatchObject({
      minReplicaCount: 1,
      maxReplicaCount: 4,
      triggers: [
        {
          type: 'prometheus',
          metadata: {
            query: 'sum(vllm:num_requests_waiting{namespace="ai",pod=~"chat-[a-z0-9]+-[a-z0-9]+"})',
            threshold: '3',
          },
        },
      ],
    });
    const own = program(HAMI);
    own.pool.serve('chat', { ...SERVICE, autoscaling: { minReplicas: 2, maxReplicas: 4 } });
    expect(own.object('HorizontalPodAutoscaler').spec.metrics).toEqual([
      {
        type: 'Pods',
        pods: { metric: { name: 'vllm:num_requests_waiting' }, target: { type: 'AverageValue', averageValue: '5' } },
      },
    ]);
  });

  it('of KServe has what KServe makes a Deployment and a ScaledObject of', () => {
    const { pool, objects } = program(HAMI);
    pool.serve('chat', {
      ...SERVICE,
      server: GpuServer.kserve({ modelFormat: 'huggingface', args: ['--model_id=Qwen/Qwen2.5-3B-Instruct'] }),
      gpu: { cards: 2, memoryGibibytes: 20 },
      choice: { useTypes: ['A100'] },
      autoscaling: { maxReplicas: 3, prometheus: PROMETHEUS },
    });
    const [service, ...others] = objects();
    expect(others).toEqual([]);
    expect(service.metadata.annotations).toEqual({
      'serving.kserve.io/deploymentMode': 'Standard',
      'serving.kserve.io/autoscalerClass': 'keda',
    });
    expect(service.spec.predictor).toMatchObject({
      annotations: { 'nvidia.com/use-gputype': 'A100' },
      schedulerName: 'hami-scheduler',
      minReplicas: 1,
      maxReplicas: 3,
      autoScaling: { metrics: [{ external: { target: { type: 'Value', value: '5' } } }] },
      model: {
        modelFormat: { name: 'huggingface' },
        args: ['--model_id=Qwen/Qwen2.5-3B-Instruct', '--tensor-parallel-size', '2', '--disable-custom-all-reduce'],
        resources: { limits: { 'nvidia.com/gpu': 2, 'nvidia.com/gpumem': 20_480 } },
      },
    });
    expect(service.spec.predictor.containers).toBeUndefined();
  });

  it.each<[string, Omit<GpuPoolProps, 'placement'>, Partial<GpuServiceProps>, string]>([
    [
      'partitions that are to share a model',
      { sharing: GpuSharing.PARTITIONED, profiles: { '3g.40gb': 2 } },
      { gpu: { cards: 2 } },
      'vLLM cannot use 2 partitions together: a process of CUDA sees one partition. Use one larger partition by `gpu.profile`, or a pool of whole cards.',
    ],
    [
      'more memory than pods that take turns have',
      { sharing: GpuSharing.SHARED, replicas: 4 },
      { server: GpuServer.vllm({ image: 'v', model: 'm', gpuMemoryUtilization: 0.5 }) },
      '4 pods share the memory of a card, and each would take 0.5 of it. Use 0.25 or less, or a pool with the mode hami, whose shares have a limit.',
    ],
    [
      'an argument that follows from the pool',
      HAMI,
      { server: GpuServer.vllm({ image: 'v', model: 'm', otherArgs: ['--tensor-parallel-size=8'] }) },
      'The arguments have --tensor-parallel-size. Say instead: `gpu.cards`.',
    ],
    [
      'a key in the arguments',
      HAMI,
      { server: GpuServer.vllm({ image: 'v', model: 'm', otherArgs: ['--api-key', 'x'] }) },
      'The arguments have --api-key. Say instead: `apiKey`: it would stand in plans.',
    ],
    [
      'a model that is an option',
      HAMI,
      { server: GpuServer.vllm({ image: 'v', model: '--model' }) },
      '`model` is "--model". Use a name of Hugging Face, or a folder in the container.',
    ],
    [
      'no pod, and a queue that starts one',
      HAMI,
      { autoscaling: { minReplicas: 0, maxReplicas: 2, prometheus: PROMETHEUS } },
      '`minReplicas` is 0: while no pod runs nothing counts the requests that wait. Use 1.',
    ],
    [
      'a queue that is not known',
      HAMI,
      {
        server: GpuServer.container({ image: 'x', port: 80 }),
        autoscaling: { maxReplicas: 2, prometheus: PROMETHEUS },
      },
      'The server is not known to have vllm:num_requests_waiting. Say `query`, or `metricName`.',
    ],
    [
      'a volume for one node, and several pods',
      HAMI,
      { replicas: 2, volumes: [{ name: 'models', mountPath: '/models', size: '1Gi' }] },
      'Volume "models" can be used on one node only, and there are up to 2 pods. Use AccessMode.READ_WRITE_MANY, or one replica.',
    ],
    [
      'a time to start that is none',
      HAMI,
      { startsWithin: 'soon' },
      '`startsWithin` is "soon". Use a duration like "15m", of at least ten seconds.',
    ],
    [
      'KServe that scales without KEDA',
      HAMI,
      { server: GpuServer.kserve({ modelFormat: 'huggingface' }), autoscaling: { maxReplicas: 2 } },
      'KServe scales by the queue with KEDA alone. Say the address of `prometheus`.',
    ],
    [
      'a password in an address',
      HAMI,
      { autoscaling: { maxReplicas: 2, prometheus: 'http://u:p@prometheus:9090' } },
      'The address of Prometheus on prometheus:9090 holds a user or password. Leave it out: it would stand in plans.',
    ],
  ])('is refused: %s', (_, props, more, expected) => {
    const { pool, refused } = program(props);
    pool.serve('chat', { ...SERVICE, ...more });
    expect(refused()).toBe(expected);
  });

  it('is refused where a cluster lacks what makes it work', () => {
    const { pool, refused } = program(HAMI, { apiVersions: [] });
    pool.serve('a', { ...SERVICE, selectedBy: { release: 'm' } });
    pool.serve('b', { ...SERVICE, server: GpuServer.kserve({ modelFormat: 'onnx' }) });
    const text = refused();
    expect(text).toContain('No fact of cluster "c" says that the Prometheus operator is there.');
    expect(text).toContain('No fact of cluster "c" says that KServe is there.');
  });

  it('with a volume for every node keeps its number of pods while they change', () => {
    const { pool, object } = program(HAMI);
    const volumes = [{ name: 'm', mountPath: '/m', size: '1Gi', accessMode: AccessMode.READ_WRITE_MANY }];
    pool.serve('chat', { ...SERVICE, replicas: 2, volumes });
    expect(object('Deployment').spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
  });
});

describe('pods without a queue', () => {
  it('must have room together, and what a queue admits waits there', () => {
    const filled = (queueName?: string): string => {
      const { pool, refused } = program(HAMI);
      pool.serve('a', { ...SERVICE, gpu: { cards: 8, memoryGibibytes: 60 }, replicas: 2 });
      pool.train('b', {
        ...{ ...TRAINING, gpu: { cards: 8, memoryGibibytes: 50 } },
        ...(queueName === undefined ? {} : { queueName }),
      });
      return refused();
    };
    expect(filled('research')).toBe('');
    expect(filled()).toBe(
      'The declared pods ask for 1392640 of nvidia.com/gpumem together, and the pool has 1310720 in cluster "c". Declare fewer or smaller pods, more nodes, or put a queue before the pool (Kueue).',
    );
  });

  it('that say nothing of a shared card have it alone', () => {
    const { pool, refused } = program(HAMI, { gpuNodes: [{ ...A100, nodes: 1, cardsPerNode: 2 }] });
    pool.serve('a', { ...SERVICE, replicas: 3 });
    expect(refused()).toContain('ask for 245760 of nvidia.com/gpumem together, and the pool has 163840');
  });
});

describe('a notebook', () => {
  it('keeps its folder, lets one person in and can be stopped', () => {
    const { pool, object } = program(HAMI);
    pool.notebook('ann', {
      namespaceName: 'ai',
      image: 'quay.io/jupyter/pytorch-notebook:cuda12-2025-10-06',
      token: { secret: 'ann', key: 'token' },
      endsIdleKernelsAfter: '2h',
      gpu: { memoryGibibytes: 8 },
      stopped: true,
    });
    const { spec } = object('StatefulSet');
    const [container] = spec.template.spec.containers;
    expect(spec.replicas).toBe(0);
    expect(container.args).toEqual([
      '--MappingKernelManager.cull_idle_timeout=7200',
      '--MappingKernelManager.cull_connected=True',
    ]);
    expect(container.env).toContainEqual({
      name: 'JUPYTER_TOKEN',
      valueFrom: { secretKeyRef: { name: 'ann', key: 'token' } },
    });
    expect(container.volumeMounts).toEqual([{ name: 'data-home', mountPath: '/home/jovyan' }]);
    expect(object('PersistentVolumeClaim').spec.resources.requests.storage).toBe('10Gi');
    expect(object('Service').spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 8888, protocol: 'TCP' }]);
  });
});
