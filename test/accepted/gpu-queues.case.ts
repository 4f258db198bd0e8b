import {
  ClusterSet,
  GpuIsolation,
  GpuPool,
  GpuQueues,
  GpuSharing,
  KueueFlavorSearch,
  KueueQueueingStrategy,
  Placement,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'queues of pools, with shares of cards, partitions and a manager',
  crds: ['kueue.x-k8s.io'],
  kinds: [
    ...['ResourceFlavor', 'ClusterQueue', 'Cohort', 'LocalQueue', 'WorkloadPriorityClass'],
    ...['AdmissionCheck', 'MultiKueueConfig', 'MultiKueueCluster'],
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const tolerations = [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }];
    clusters.add('gpu-sh', {
      kubernetesVersion: '1.36',
      gpuNodes: [
        { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8, tolerations },
        { product: 'NVIDIA-L40S', nodes: 4, cardsPerNode: 4 },
      ],
    });
    clusters.add('gpu-gz', {
      kubernetesVersion: '1.36',
      gpuNodes: [{ product: 'NVIDIA-A100-SXM4-80GB', nodes: 1, cardsPerNode: 8 }],
    });
    clusters.add('hub', { kubernetesVersion: '1.36' });
    const tenants = [
      { namespaceName: 'vision', share: 50, borrowing: 25, weight: 2 },
      { namespaceName: 'speech', share: 30, lending: 50 },
    ];
    const training = new GpuPool(platform, 'training', {
      placement: Placement.named('gpu-sh', 'gpu-gz'),
      sharing: GpuSharing.PARTITIONED,
      profiles: { '3g.40gb': 1, '2g.20gb': 2 },
      products: ['NVIDIA-A100-SXM4-80GB'],
    });
    const queues = new GpuQueues(platform, 'train', {
      pool: training,
      tenants,
      manager: Placement.named('hub'),
      priorities: { urgent: 1000 },
      queueingStrategy: KueueQueueingStrategy.BEST_EFFORT_FIFO,
      flavorFungibility: { whenCanBorrow: KueueFlavorSearch.TRY_NEXT_FLAVOR },
    });
    const shared = new GpuPool(platform, 'shared', {
      placement: Placement.named('gpu-sh'),
      sharing: GpuSharing.SHARED,
      isolation: GpuIsolation.SOFT,
      products: ['NVIDIA-L40S'],
      dedicated: true,
    });
    new GpuQueues(platform, 'serve', {
      pool: shared,
      tenants: [{ namespaceName: 'serving', share: 100 }],
      kueue: queues.kueue,
    });
  },
} satisfies AcceptedCase;
