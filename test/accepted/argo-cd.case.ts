import { ArgoCdDelivery, ArgoCdGrouping, ClusterSet, MultiClusterApp, Placement, Rollout } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

const repository = 'https://git.example.com/platform.git';

export default {
  title: 'delivery by Argo CD',
  crds: [
    'argoproj.io/applications.argoproj.io.yaml',
    'argoproj.io/applicationsets.argoproj.io.yaml',
    'argoproj.io/appprojects.argoproj.io.yaml',
  ],
  kinds: ['ApplicationSet', 'AppProject', 'Application'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh');
    const gz = clusters.add('prod-gz');
    const hub = clusters.add('ops', { apiVersions: ['argoproj.io/v1alpha1'] });
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.named('prod-sh', 'prod-gz') });
    const web = mall.addService('web', {
      image: 'mall/web:1',
      cpu: '100m',
      port: 80,
      autoscaling: { minReplicas: 3, maxReplicas: 9 },
    });
    web.controllerOwnsIn(gz, { kind: 'Service' }, { path: 'spec.ports[name=http].nodePort', onlyLive: true });
    new Rollout(platform, 'rollout', {
      waves: [{ name: 'first', clusters: Placement.named('prod-gz') }],
      maxParallelClusters: 1,
    });
    new ArgoCdDelivery(platform, 'fleet', { hub, repository, deleteWithApplication: true });
    new ArgoCdDelivery(platform, 'single', {
      hub,
      repository,
      clusters: Placement.named('prod-gz'),
      grouping: ArgoCdGrouping.APPLICATIONS,
      deleteWithApplication: true,
    });
  },
} satisfies AcceptedCase;
