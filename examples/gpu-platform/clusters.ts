import { Cluster, Environment, type Platform, Provider } from '@orrery/constructs';

/** What is installed in both: the GPU operator, HAMi, Kueue, and a Prometheus that takes what has the label release=monitoring. */
const INSTALLED = ['kueue.x-k8s.io/v1beta2', 'monitoring.coreos.com/v1'];

/** Two clusters, and which nodes of them have cards. */
export function addClusters(platform: Platform): void {
  const facts = { provider: Provider.ON_PREMISES, environment: Environment.PRODUCTION, kubernetesVersion: '1.36' };
  new Cluster(platform, 'gpu-sh', {
    ...facts,
    region: 'cn-shanghai',
    apiVersions: INSTALLED,
    gpuNodes: [
      { product: 'NVIDIA-A100-SXM4-80GB', nodes: 2, cardsPerNode: 8, driverVersion: '595.91.07' },
      { product: 'NVIDIA-L40S', nodes: 4, cardsPerNode: 4, driverVersion: '595.91.07' },
    ],
  });
  new Cluster(platform, 'gpu-gz', {
    ...facts,
    region: 'cn-guangzhou',
    apiVersions: INSTALLED,
    gpuNodes: [{ product: 'NVIDIA-L40S', nodes: 2, cardsPerNode: 4, driverVersion: '595.91.07' }],
  });
}
