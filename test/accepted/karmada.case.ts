import {
  ClusterSet,
  DeliveryEngine,
  KarmadaPurge,
  KarmadaScheduling,
  KarmadaTaintEffect,
  KarmadaTaintPolicy,
  MultiClusterApp,
  Placement,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'an app through Karmada',
  crds: [
    'policy.karmada.io/propagationpolicies.policy.karmada.io.yaml',
    'policy.karmada.io/clusterpropagationpolicies.policy.karmada.io.yaml',
    'policy.karmada.io/overridepolicies.policy.karmada.io.yaml',
    'policy.karmada.io/clusteroverridepolicies.policy.karmada.io.yaml',
    'policy.karmada.io/clustertaintpolicies.policy.karmada.io.yaml',
  ],
  kinds: [
    'PropagationPolicy',
    'ClusterPropagationPolicy',
    'OverridePolicy',
    'ClusterOverridePolicy',
    'ClusterTaintPolicy',
    'Deployment',
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh', { region: 'cn-shanghai' });
    clusters.add('prod-gz', { region: 'gd2', registryMirror: 'registry.gz.example.com' });
    clusters.add('prod-bj', { region: 'cn-beijing' });
    const hub = clusters.add('hub', { apiVersions: ['policy.karmada.io/v1alpha1'] });
    const mall = new MultiClusterApp(platform, 'mall', {
      placement: Placement.firstOf(Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }), Placement.named('prod-bj')),
      engine: DeliveryEngine.karmada({
        hub,
        clusterFailover: KarmadaPurge.GRACEFULLY,
        applicationFailover: { tolerationSeconds: 120 },
        propagateDependencies: true,
        preserveResourcesOnDeletion: true,
        deletionProtected: true,
        tolerations: [{ key: 'lost', value: 'yes', effect: KarmadaTaintEffect.NO_EXECUTE, tolerationSeconds: 60 }],
      }),
    });
    mall.addService('cart', { image: 'mall/cart:4.12.0', replicas: 12, port: 8080 });
    mall.addService('web', {
      image: 'mall/web:1',
      cpu: '100m',
      autoscaling: { minReplicas: 3, maxReplicas: 9 },
    });
    const burst = new MultiClusterApp(platform, 'burst', {
      placement: Placement.named('prod-sh', 'prod-gz')
        .spreadOver({ regions: 2 })
        .overflowTo(Placement.named('prod-bj')),
      engine: DeliveryEngine.karmada({
        hub,
        scheduling: KarmadaScheduling.AGGREGATED,
      }),
    });
    burst.addService('batch', { image: 'mall/batch:1', replicas: 20 });
    const free = new MultiClusterApp(platform, 'free', {
      placement: Placement.named('prod-sh', 'prod-gz'),
      engine: DeliveryEngine.karmada({ hub, scheduling: KarmadaScheduling.AVAILABLE_REPLICAS }),
    });
    free.addService('worker', { image: 'mall/worker:1', replicas: 5 });
    new KarmadaTaintPolicy(platform, 'lost', { hub, members: ['prod-gz'], taintValue: 'yes' });
  },
} satisfies AcceptedCase;
