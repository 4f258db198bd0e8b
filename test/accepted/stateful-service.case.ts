import { AccessMode, ClusterSet, MultiClusterApp, Placement, PodManagement } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'a stateful service with ranges of ordinals, claims and an autoscaler',
  crds: [],
  kinds: ['StatefulSet', 'Service', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh', { storageClasses: { general: 'nfs', fast: 'ssd' }, ordinalBlock: 0 });
    clusters.add('prod-gz', { storageClasses: { general: 'nfs', fast: 'neonsan' }, ordinalBlock: 1 });
    const data = new MultiClusterApp(platform, 'data', { placement: Placement.everywhere() });
    const volumes = [
      { name: 'log', mountPath: '/log', size: '50Gi', purpose: 'fast' },
      { name: 'backup', mountPath: '/backup', size: '1Ti', accessMode: AccessMode.READ_WRITE_MANY },
    ];
    data.addService('queue', {
      image: 'mall/queue:3.9.1',
      replicas: 6,
      port: 9092,
      volumes,
      disruptionBudget: { maxUnavailable: '1' },
      stateful: { ordinalsPerCluster: 100, podManagement: PodManagement.PARALLEL, partition: 1 },
    });
    data.addService('search', {
      image: 'mall/search:2.1.0',
      autoscaling: { minReplicas: 4, maxReplicas: 8 },
      cpu: '1',
      stateful: { ordinalsPerCluster: 10 },
    });
  },
} satisfies AcceptedCase;
