import {
  type ClusterFacts,
  ClusterSet,
  Environment,
  LoadBalancerKind,
  NetworkPlugin,
  type Platform,
  Provider,
} from '@orrery/constructs';

/** What runs in every cluster of the shop, whoever its machines are of. */
const everywhere = {
  environment: Environment.PRODUCTION,
  kubernetesVersion: '1.36',
  internetFacing: true,
  loadBalancer: LoadBalancerKind.CLOUD,
  entryPoints: { internet: { ingressClass: 'nginx' } },
  apiVersions: ['k8gb.io/v1beta1', 'networking.istio.io/v1', 'external-secrets.io/v1', 'velero.io/v1'],
} satisfies ClusterFacts;

/** Three regions at three providers. What differs between them is said here, and nowhere else. */
export function addClusters(platform: Platform): ClusterSet {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('prod-gz', {
    ...everywhere,
    provider: Provider.QINGCLOUD,
    region: 'gd2',
    geoTag: 'gz',
    networkPlugin: NetworkPlugin.CALICO,
    storageClasses: { general: 'csi-standard', block: 'csi-neonsan' },
    registryMirror: 'registry.gz.example.com',
    ordinalBlock: 0,
  });
  clusters.add('prod-sh', {
    ...everywhere,
    provider: Provider.ALIBABA_CLOUD,
    region: 'cn-shanghai',
    geoTag: 'sh',
    networkPlugin: NetworkPlugin.TERWAY,
    enforcesNetworkPolicies: true,
    storageClasses: { general: 'alicloud-nas', block: 'alicloud-disk-essd' },
    registryMirror: 'registry.sh.example.com',
    ordinalBlock: 1,
  });
  clusters.add('prod-la', {
    ...everywhere,
    provider: Provider.AWS,
    region: 'us-west-1',
    geoTag: 'la',
    networkPlugin: NetworkPlugin.CILIUM,
    storageClasses: { general: 'efs', block: 'gp3' },
    ordinalBlock: 2,
  });
  return clusters;
}
