import { HelmRelease, MultiClusterApp, Placement, type Platform, Probe } from '@orrery/constructs';
import type { Clusters } from './clusters.ts';
import { DatabaseBackup } from './database-backup.ts';

/** What runs beside the shop: a status page and a release console in the operations cluster, backups where the databases are. */
export function addOperations(platform: Platform, clusters: Clusters, shop: MultiClusterApp): void {
  const placement = Placement.on(clusters.operations);

  const console = new MultiClusterApp(platform, 'release-console', { placement, sensitive: true });
  console.addService('web', {
    image: 'platform/release-console:2.6.0',
    replicas: 1,
    port: 3000,
    cpu: '100m',
    memory: '256Mi',
    readiness: Probe.httpGet('/ready'),
    secretEnv: { SESSION_KEY: { secret: 'release-console', key: 'session-key' } },
    volumes: [{ name: 'history', mountPath: '/var/lib/console', size: '20Gi', purpose: 'general' }],
    fsGroup: 10001,
    runAsUser: 10001,
  });

  new HelmRelease(platform, 'status-page', {
    chart: `${import.meta.dirname}/charts/status-page`,
    namespaceName: 'status-page',
    createNamespace: true,
    placement,
    values: {
      title: 'Online shop: status',
      replicas: 3,
      services: Object.fromEntries(
        shop.services.map((service) => [service.serviceName, `https://status.example.com/${service.serviceName}`]),
      ),
    },
  });

  for (const cluster of [clusters.nonProduction, clusters.production]) {
    new DatabaseBackup(cluster, 'database-backup', {
      databases: ['account', 'catalog', 'orders', 'promotion', 'shipping', 'stock'],
      schedule: cluster === clusters.production ? '15 2 * * *' : '15 4 * * 0',
    });
  }
}
