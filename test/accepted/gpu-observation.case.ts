import { ClusterSet, GpuPool, GpuSharing, ObservabilityStack, Placement } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'what a stack observes of pools of cards',
  crds: [
    'monitoring.coreos.com/prometheusrules.monitoring.coreos.com.yaml',
    'monitoring.coreos.com/servicemonitors.monitoring.coreos.com.yaml',
  ],
  kinds: ['PrometheusRule', 'ServiceMonitor'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const gpuNodes = [{ product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8 }];
    for (const name of ['gpu-sh', 'gpu-gz']) clusters.add(name, { kubernetesVersion: '1.36', gpuNodes });
    const placement = Placement.everywhere();
    const stack = new ObservabilityStack(platform, 'monitoring', { placement, centre: Placement.named('gpu-sh') });
    new GpuPool(platform, 'training', { placement, sharing: GpuSharing.EXCLUSIVE }).observe(stack, {
      alertLabels: { team: 'platform' },
      runbookUrl: 'https://wiki.example.com/runbooks/gpu',
    });
  },
} satisfies AcceptedCase;
