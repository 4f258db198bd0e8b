import {
  BackupLocation,
  BackupPlan,
  BackupVolumes,
  type ClusterSet,
  type MultiClusterApp,
  Placement,
  type Platform,
} from '@orrery/constructs';

/** What is left when a cluster is lost: the orders' log as of the night before, for the cluster that takes over. */
export function addRecovery(platform: Platform, clusters: ClusterSet, mall: MultiClusterApp): void {
  const vault = new BackupLocation(platform, 'vault', {
    placement: Placement.everywhere(),
    provider: 'aws',
    bucket: 'global-shop-backups',
    config: { region: 'cn-shanghai', s3Url: 'https://objects.example.com', s3ForcePathStyle: 'true' },
    credential: { secret: 'backup-vault', key: 'cloud' },
    restoreIn: clusters.named('prod-sh'),
  });
  new BackupPlan(platform, 'nightly', {
    apps: [mall],
    location: vault,
    schedule: '0 3 * * *',
    ttl: '30d',
    volumes: BackupVolumes.FILE_SYSTEM,
  });
}
