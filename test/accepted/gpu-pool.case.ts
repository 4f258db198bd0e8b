import { Cluster, GpuMode, GpuPool, GpuSharing, Placement, Workspace } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'pools of GPUs: quotas of tenants, priorities, rules that label nodes, claims of devices',
  crds: ['./definitions/nodefeaturerules.nfd.k8s-sigs.io.yaml'],
  kinds: ['Namespace', 'ResourceQuota', 'PriorityClass', 'ConfigMap', 'NodeFeatureRule', 'ResourceClaimTemplate'],
  program(platform) {
    const placement = Placement.everywhere();
    new Cluster(platform, 'training', {
      kubernetesVersion: '1.36',
      gpuNodes: [
        { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8, nodeNames: ['gpu-1', 'gpu-2'] },
        { product: 'NVIDIA-H200', nodes: 1, cardsPerNode: 8 },
        { product: 'NVIDIA-L40S', nodes: 4, cardsPerNode: 4 },
      ],
    });
    const research = new Workspace(platform, 'research', { placement, namespaces: ['research', 'research-batch'] });
    new GpuPool(platform, 'notebooks', {
      sharing: GpuSharing.PARTITIONED,
      workloads: [
        { name: 'notebooks', gigabytes: 10, instances: 40 },
        { name: 'tuning', profile: '3g.40gb', instances: 9 },
      ],
      tenants: [{ workspace: research, partitions: { '1g.10gb': 20, '3g.40gb': 3 } }],
      priorities: { 'gpu-serving': 1000, 'gpu-batch': 100 },
      products: ['NVIDIA-A100-SXM4-80GB'],
      labelNodes: true,
      dedicated: true,
      placement,
    });
    const claimed = new GpuPool(platform, 'claimed', {
      sharing: GpuSharing.EXCLUSIVE,
      mode: GpuMode.DRA,
      tenants: [{ workspace: research, gpus: 4 }],
      products: ['NVIDIA-H200'],
      labelNodes: true,
      placement,
    });
    const pod = { namespaceName: 'research', image: 'research/train:1.4.0' };
    claimed.train('claimed-cards', { ...pod, products: ['NVIDIA-H200'], gpu: { cards: 2 } });
    new GpuPool(platform, 'shares', {
      sharing: GpuSharing.SHARED,
      share: { memoryMebibytes: 8192, corePercentage: 20 },
      tenants: [{ workspace: research, memoryMebibytes: 65_536, corePercentage: 200 }],
      products: ['NVIDIA-L40S'],
      placement,
    });
  },
} satisfies AcceptedCase;
