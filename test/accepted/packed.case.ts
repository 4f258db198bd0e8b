import { ClusterSet, DeliveryEngine, MultiClusterApp, Placement } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'apps through Open Cluster Management and Fleet',
  crds: [
    'work.open-cluster-management.io/manifestworks.work.open-cluster-management.io.yaml',
    'fleet.cattle.io/bundles.fleet.cattle.io.yaml',
  ],
  kinds: ['ManifestWork', 'Bundle'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const sh = clusters.add('prod-sh');
    clusters.add('prod-gz', { registryMirror: 'registry.gz.example.com' });
    const hub = clusters.add('ops', {
      apiVersions: ['work.open-cluster-management.io/v1', 'fleet.cattle.io/v1alpha1'],
    });
    const placement = Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 });
    const autoscaling = { minReplicas: 3, maxReplicas: 9 };
    const mall = new MultiClusterApp(platform, 'mall', {
      placement,
      engine: DeliveryEngine.openClusterManagement({ hub, orphanOnDeletion: true, forceConflicts: true }),
    });
    const web = mall.addService('web', { image: 'mall/web:1', cpu: '100m', port: 80, autoscaling });
    web.controllerOwnsIn(sh, { kind: 'Service' }, { path: 'spec.ports[name=http].nodePort', onlyLive: true });
    const shops = new MultiClusterApp(platform, 'shops', {
      placement,
      engine: DeliveryEngine.fleet({ hub, keepResources: true, correctDrift: true, takeOwnership: true }),
    });
    shops.addService('till', { image: 'shops/till:1', cpu: '100m', port: 80, autoscaling });
  },
} satisfies AcceptedCase;
