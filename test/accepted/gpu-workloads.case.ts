import {
  AccessMode,
  ClusterSet,
  GpuMode,
  type GpuNodes,
  GpuPacking,
  GpuPool,
  GpuServer,
  GpuSharing,
  Placement,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

const A100: GpuNodes = {
  product: 'NVIDIA-A100-SXM4-80GB',
  nodes: 2,
  cardsPerNode: 8,
  cpuFeatures: ['AVX512F'],
  tolerations: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
};
const L40S: GpuNodes = { product: 'NVIDIA-L40S', nodes: 2, cardsPerNode: 4 };

const NAMESPACE = { namespaceName: 'default' };
const TRAINING = { ...NAMESPACE, image: 'pytorch/pytorch:2.9.0' };
const VLLM = {
  image: 'vllm/vllm-openai:v0.11.0',
  model: 'Qwen/Qwen2.5-3B-Instruct',
  modelToken: { secret: 'hub', key: 'token' },
  apiKey: { secret: 'chat', key: 'key' },
};
const PROMETHEUS = 'http://prometheus-operated.monitoring:9090';

export default {
  title: 'trainings, model servers and notebooks on pools of GPUs',
  crds: [
    'serving.kserve.io',
    'keda.sh/scaledobjects.keda.sh.yaml',
    'monitoring.coreos.com/servicemonitors.monitoring.coreos.com.yaml',
  ],
  kinds: [
    ...['Job', 'Service', 'Deployment', 'StatefulSet', 'PersistentVolumeClaim', 'PodDisruptionBudget'],
    ...['HorizontalPodAutoscaler', 'ScaledObject', 'ServiceMonitor', 'InferenceService', 'ResourceClaimTemplate'],
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const facts = {
      kubernetesVersion: '1.36',
      storageClasses: { general: 'local' },
      apiVersions: ['serving.kserve.io/v1beta1', 'keda.sh/v1alpha1', 'monitoring.coreos.com/v1'],
    };
    clusters.add('a100', { ...facts, gpuNodes: [A100] });
    clusters.add('l40s', { ...facts, gpuNodes: [L40S] });
    clusters.add('mixed', { ...facts, gpuNodes: [A100, L40S] });
    const shared = new GpuPool(platform, 'shared', {
      sharing: GpuSharing.SHARED,
      mode: GpuMode.HAMI,
      placement: Placement.named('a100'),
    });
    shared.train('finetune', {
      ...TRAINING,
      command: ['torchrun'],
      args: ['train.py'],
      workingDirectory: '/work',
      env: { EPOCHS: '3' },
      secretEnv: { WANDB_API_KEY: { secret: 'wandb', key: 'key' } },
      gpu: { cards: 4, memoryGibibytes: 40, corePercentage: 50, priority: 0 },
      choice: {
        useTypes: ['A100'],
        avoidUuids: ['GPU-03f69c50-207a-2038-9b45-23cac89cb67d'],
        nodes: GpuPacking.BINPACK,
        cards: GpuPacking.TOPOLOGY_AWARE,
        sameNumaNode: true,
      },
      cpu: '8',
      cpuLimit: '16',
      memory: '64Gi',
      sharedMemory: '8Gi',
      completions: 2,
      rendezvous: {},
      retries: 2,
      deadline: '12h',
      keepFinished: '24h',
      queueName: 'research',
      cpuFeatures: ['AVX512F'],
      datasets: [{ claimName: 'imagenet', mountPath: '/data', subPath: 'train' }],
      volumes: [{ name: 'out', mountPath: '/out', size: '100Gi', accessMode: AccessMode.READ_WRITE_MANY }],
      secretVolumes: [{ secret: 'ssh', mountPath: '/ssh' }],
      scratch: [{ mountPath: '/scratch', sizeLimit: '10Gi' }],
      containers: [{ name: 'watch', image: 'tools/watch:1.0', args: ['--all'], gpu: { memoryGibibytes: 1 } }],
      imagePullSecrets: ['registry'],
      serviceAccountName: 'trainer',
      priorityClass: 'system-cluster-critical',
      podLabels: { team: 'research' },
      podAnnotations: { 'example.com/cost': 'research' },
      nodeSelector: { rack: 'r1' },
      tolerations: [{ key: 'research', value: 'yes', effect: 'NoExecute' }],
      terminationGracePeriodSeconds: 120,
    });
    shared.train('try', { ...TRAINING, runAsRoot: true, restartsInPlace: true, gpu: { memoryPercentage: 10 } });
    shared.serve('chat', {
      ...NAMESPACE,
      server: GpuServer.vllm({ ...VLLM, servedModelName: 'chat', maxModelLength: 8192 }),
      gpu: { cards: 2, memoryGibibytes: 40 },
      autoscaling: { maxReplicas: 4, prometheus: PROMETHEUS },
      selectedBy: { release: 'monitoring' },
    });
    shared.serve('chat-kserve', {
      ...NAMESPACE,
      server: GpuServer.kserve({
        modelFormat: 'huggingface',
        runtime: 'kserve-huggingfaceserver',
        storageUri: 'hf://Qwen/Qwen2.5-3B-Instruct',
        args: ['--model_name=chat'],
      }),
      gpu: { cards: 2, memoryGibibytes: 40 },
      autoscaling: { maxReplicas: 4, prometheus: PROMETHEUS, scaleUp: { stabilization: '30s' } },
    });
    shared.notebook('ann', {
      ...NAMESPACE,
      image: 'quay.io/jupyter/pytorch-notebook:cuda12-2025-10-06',
      token: { secret: 'ann', key: 'token' },
      endsIdleKernelsAfter: '2h',
      gpu: { memoryGibibytes: 8 },
    });
    const turns = new GpuPool(platform, 'turns', {
      sharing: GpuSharing.SHARED,
      replicas: 4,
      placement: Placement.named('l40s'),
    });
    turns.serve('embed', {
      ...NAMESPACE,
      server: GpuServer.vllm(VLLM),
      autoscaling: { minReplicas: 2, maxReplicas: 8 },
    });
    turns.serve('render', {
      ...NAMESPACE,
      server: GpuServer.container({ image: 'render/render:2.0', port: 9000, healthPath: '/healthz' }),
      replicas: 2,
    });
    const claimed = new GpuPool(platform, 'claimed', {
      sharing: GpuSharing.PARTITIONED,
      mode: GpuMode.DRA,
      placement: Placement.named('mixed'),
      products: ['NVIDIA-A100-SXM4-80GB'],
    });
    claimed.train('claims', {
      ...TRAINING,
      gpu: { profile: '3g.40gb' },
      choice: { useTypes: ['A100'], avoidUuids: ["GPU-o'neill"] },
      containers: [{ name: 'second', image: 'pytorch/pytorch:2.9.0', gpu: { profile: '1g.10gb', cards: 2 } }],
    });
    claimed.train('side-by-side', {
      ...TRAINING,
      gpu: { profile: '3g.40gb' },
      claimSharing: { activeThreadPercentage: 50, pinnedMemory: '10Gi' },
      containers: [{ name: 'second', image: 'pytorch/pytorch:2.9.0', gpu: {} }],
    });
    claimed.serve('claimed-kserve', {
      ...NAMESPACE,
      server: GpuServer.kserve({ modelFormat: 'onnx', storageUri: 's3://models/onnx', runtimeVersion: '1.0' }),
      gpu: { profile: '1g.10gb' },
      replicas: 2,
    });
  },
} satisfies AcceptedCase;
