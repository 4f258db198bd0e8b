import {
  type Cluster,
  ClusterSet,
  Environment,
  LoadBalancerKind,
  NetworkPlugin,
  type Platform,
  Provider,
} from '@orrery/constructs';

/** Three clusters in three separate networks: what is tried out, what sells, and what watches over both. */
export interface Clusters {
  readonly nonProduction: Cluster;
  readonly production: Cluster;
  readonly operations: Cluster;
}

export function addClusters(platform: Platform): Clusters {
  const clusters = new ClusterSet(platform, 'clusters');
  const alibaba = {
    provider: Provider.ALIBABA_CLOUD,
    networkPlugin: NetworkPlugin.TERWAY,
    loadBalancer: LoadBalancerKind.CLOUD,
    kubernetesVersion: '1.36',
  };
  return {
    nonProduction: clusters.add('nonprod-hz', {
      ...alibaba,
      region: 'cn-hangzhou',
      environment: Environment.NON_PRODUCTION,
      network: 'vpc-nonprod',
      internetFacing: false,
      imageRegistry: 'registry.nonprod.example.com',
      // No fast NAS before production: one tier is enough to find mistakes.
      storageClasses: { general: 'nfs-general', fast: 'nfs-general' },
    }),
    production: clusters.add('prod-sh', {
      ...alibaba,
      region: 'cn-shanghai',
      environment: Environment.PRODUCTION,
      network: 'vpc-prod',
      internetFacing: true,
      imageRegistry: 'registry.prod.example.com',
      storageClasses: { general: 'nfs-general', fast: 'nas-fast' },
    }),
    operations: clusters.add('ops-sh', {
      ...alibaba,
      region: 'cn-shanghai',
      environment: Environment.OPERATIONS,
      network: 'vpc-ops',
      internetFacing: false,
      imageRegistry: 'registry.ops.example.com',
      storageClasses: { general: 'nfs-general' },
    }),
  };
}
