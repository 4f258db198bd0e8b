import { BackupLocation, BackupPlan, BackupVolumes, ClusterSet, MultiClusterApp, Placement } from '@orrery/constructs';
import { readAssembly } from '../../lib/assembly/read-assembly.ts';
import { restoreDocument } from '../../lib/backup/restore-document.ts';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'backups by Velero, with locations of other clusters to restore from',
  crds: ['schedules', 'backupstoragelocations', 'restores'].map((kind) => `velero.io/${kind}.velero.io.yaml`),
  kinds: ['Schedule', 'BackupStorageLocation', 'Restore', 'ConfigMap'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const apiVersions = ['velero.io/v1'];
    clusters.add('prod-sh', { apiVersions, storageClasses: { general: 'nfs' } });
    clusters.add('prod-gz', { apiVersions, storageClasses: { general: 'csi' } });
    const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
    const database = mall.addService('database', {
      image: 'mall/database:8.0',
      port: 5432,
      volumes: [{ name: 'data', mountPath: '/data', size: '10Gi' }],
    });
    const location = new BackupLocation(platform, 'vault', {
      placement: Placement.everywhere(),
      provider: 'aws',
      bucket: 'shop-backups',
      config: { region: 'cn-shanghai', s3Url: 'https://minio.example.com', s3ForcePathStyle: 'true' },
      credential: { secret: 'vault', key: 'cloud' },
      restoreIn: clusters,
    });
    const hooks = [{ service: database, before: ['/flush'], after: ['/go'], timeout: '1m' }];
    const plan = { location, schedule: '0 3 * * *', hooks };
    new BackupPlan(platform, 'nightly', { ...plan, apps: [mall], volumes: BackupVolumes.FILE_SYSTEM });
    new BackupPlan(platform, 'hourly', {
      ...plan,
      apps: [mall],
      volumes: BackupVolumes.MOVED_SNAPSHOT,
      schedule: '@hourly',
      ttl: '2d',
      paused: true,
    });
  },
  async printed(folder) {
    const namespaces = new Map([['mall', 'mall-restored']]);
    const request = { from: 'prod-sh', to: 'prod-gz', plan: 'nightly', namespaces, storageClasses: new Map() };
    const assembly = await readAssembly(folder);
    return [
      ...restoreDocument(assembly, request),
      ...restoreDocument(assembly, { ...request, to: 'prod-sh', backup: 'nightly-prod-sh-20270101030000' }),
    ];
  },
} satisfies AcceptedCase;
