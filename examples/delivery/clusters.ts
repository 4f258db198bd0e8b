import { ClusterSet, Environment, type Platform, Provider } from '@orrery/constructs';

/** Two clusters that serve, and one that builds. */
export function addClusters(platform: Platform): ClusterSet {
  const clusters = new ClusterSet(platform, 'clusters');
  const serving = {
    environment: Environment.PRODUCTION,
    kubernetesVersion: '1.36',
    apiVersions: ['networking.istio.io/v1'],
  };
  clusters.add('prod-gz', {
    ...serving,
    provider: Provider.QINGCLOUD,
    region: 'gd2',
  });
  clusters.add('prod-sh', {
    ...serving,
    provider: Provider.ALIBABA_CLOUD,
    region: 'cn-shanghai',
  });
  clusters.add('ops', {
    environment: Environment.OPERATIONS,
    kubernetesVersion: '1.36',
    apiVersions: ['tekton.dev/v1', 'triggers.tekton.dev/v1beta1'],
  });
  return clusters;
}
