import {
  ClusterSet,
  NfsOnDelete,
  Placement,
  PriorityClass,
  Provider,
  StorageClass,
  VolumeBinding,
  VolumeProvisioner,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'storage by purpose and priorities',
  crds: [],
  kinds: ['StorageClass', 'PriorityClass'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh', { provider: Provider.ALIBABA_CLOUD, storageClasses: { general: 'nfs', fast: 'essd' } });
    clusters.add('prod-gz', { provider: Provider.QINGCLOUD, storageClasses: { general: 'nfs', fast: 'neonsan' } });
    const placement = Placement.everywhere();
    new StorageClass(platform, 'general', {
      placement,
      purpose: 'general',
      provisioner: VolumeProvisioner.nfs({
        ...{ server: 'nas.example.com', share: '/export', subDir: 'volumes', mountPermissions: '0770' },
        onDelete: NfsOnDelete.ARCHIVE,
      }),
      volumeBinding: VolumeBinding.IMMEDIATE,
      mountOptions: ['nfsvers=4.1'],
      isDefault: true,
    });
    new StorageClass(platform, 'fast', {
      placement: Placement.withProvider(Provider.ALIBABA_CLOUD),
      purpose: 'fast',
      provisioner: VolumeProvisioner.driver('diskplugin.csi.alibabacloud.com', { type: 'cloud_essd' }),
      allowVolumeExpansion: true,
    });
    new PriorityClass(platform, 'checkout', { placement, value: 100_000, preempts: false, description: 'Orders.' });
  },
} satisfies AcceptedCase;
