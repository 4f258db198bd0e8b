import { describe, expect, it } from 'vitest';
import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { PriorityClass, type PriorityClassProps } from './priority-class';
import {
  NfsOnDelete,
  ReclaimPolicy,
  StorageClass,
  type StorageClassProps,
  VolumeBinding,
  VolumeProvisioner,
} from './storage-class';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

const CLUSTERS: Record<string, ClusterProps> = {
  sh: { storageClasses: { general: 'nfs-csi', fast: 'nas-fast' } },
  gz: { storageClasses: { general: 'csi-standard' } },
};
const NFS = VolumeProvisioner.nfs({ server: 'nas.example.com', share: '/export' });

function storage(props: Partial<StorageClassProps>, clusters = CLUSTERS): (platform: Platform) => void {
  return (platform) => {
    const set = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(clusters)) set.add(name, facts);
    const placement = Placement.everywhere();
    new StorageClass(platform, 'general', { placement, purpose: 'general', provisioner: NFS, ...props });
  };
}

const refused = (build: (platform: Platform) => void) =>
  problemsOfProgram(build).map(({ code, what, cluster }) => `${code} ${cluster ?? '-'}: ${what}`);

describe('a storage class', () => {
  it('has in each cluster the name that its facts have for the purpose, so that volumes of services find it', () => {
    const assembly = assemblyOf((platform) => {
      storage({})(platform);
      const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
      const volumes = [{ name: 'data', mountPath: '/data', size: '1Gi' }];
      mall.addService('cart', { image: 'cart:1', volumes });
    });
    const made = ['sh', 'gz'].map((cluster) => assembly.object(cluster, 'general'));
    expect(made.map(({ metadata }) => metadata.name)).toEqual(['nfs-csi', 'csi-standard']);
    expect(made[0]).toEqual({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'nfs-csi', labels: { 'app.kubernetes.io/managed-by': 'orrery' } },
      provisioner: 'nfs.csi.k8s.io',
      parameters: { server: 'nas.example.com', share: '/export' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: false,
    });
    for (const [cluster, name] of [
      ['sh', 'nfs-csi'],
      ['gz', 'csi-standard'],
    ] as const)
      expect(assembly.object(cluster, 'mall/cart/PersistentVolumeClaim/data').spec.storageClassName).toBe(name);
  });

  it('says what its driver, its volumes and their claims are like', () => {
    const share = {
      ...{ server: 'nas', share: '/', subDir: 'volumes', mountPermissions: '0770' },
      onDelete: NfsOnDelete.ARCHIVE,
    };
    const assembly = assemblyOf(
      storage({
        provisioner: VolumeProvisioner.nfs(share),
        reclaimPolicy: ReclaimPolicy.RETAIN,
        volumeBinding: VolumeBinding.IMMEDIATE,
        allowVolumeExpansion: true,
        mountOptions: ['nfsvers=4.1'],
        isDefault: true,
      }),
    );
    expect(assembly.object('sh', 'general')).toMatchObject({
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      parameters: { subDir: 'volumes', mountPermissions: '0770', onDelete: 'archive' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'Immediate',
      allowVolumeExpansion: true,
      mountOptions: ['nfsvers=4.1'],
    });
    const block = assemblyOf(storage({ provisioner: VolumeProvisioner.driver('disk.csi.example.com') }));
    expect(block.object('gz', 'general')).not.toHaveProperty('parameters');
  });

  it('is refused where a cluster has no name for the purpose, where two have the same, and where the driver is none', () => {
    expect(refused(storage({ purpose: 'fast' }))).toEqual([
      'ORR2013 gz: The storage class needs "fast" storage, for which cluster "gz" has no class. It declares: general.',
    ]);
    const same = { a: { storageClasses: { general: 'nfs', fast: 'nfs' } } };
    const twice = (platform: Platform) => {
      storage({}, same)(platform);
      new StorageClass(platform, 'fast', { placement: Placement.everywhere(), purpose: 'fast', provisioner: NFS });
    };
    expect(refused(twice).map((text) => text.slice(0, 7))).toEqual(['ORR2009']);
    const wrong = VolumeProvisioner.driver('no driver', { replicas: 2 as unknown as string });
    expect(refused(storage({ provisioner: wrong, mountOptions: [''] }))).toEqual([
      'ORR2011 -: "no driver" is no name of a driver.',
      'ORR2011 -: Parameter "replicas" of the driver is 2.',
      'ORR2011 -: A mount option is empty.',
    ]);
  });
});

describe('a priority class', () => {
  const priority = (id: string, props: Partial<PriorityClassProps>) => (platform: Platform) => {
    new ClusterSet(platform, 'clusters').add('sh');
    new PriorityClass(platform, id, { placement: Placement.everywhere(), value: 1000, ...props });
  };

  it('is in each cluster under its id', () => {
    const object = (props: Partial<PriorityClassProps>) =>
      assemblyOf(priority('checkout', props)).object('sh', 'checkout');
    expect(object({ description: 'Orders.' })).toEqual({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'checkout', labels: { 'app.kubernetes.io/managed-by': 'orrery' } },
      value: 1000,
      preemptionPolicy: 'PreemptLowerPriority',
      globalDefault: false,
      description: 'Orders.',
    });
    expect(object({ preempts: false, isDefault: true })).toMatchObject({
      preemptionPolicy: 'Never',
      globalDefault: true,
    });
  });

  it('is refused with a value or a name of the system', () => {
    expect(refused(priority('checkout', { value: 1_000_000_001 }))).toEqual([
      'ORR2011 -: The value of the priority class is 1000000001.',
    ]);
    expect(refused(priority('system-checkout', {}))).toEqual(['ORR2003 -: "system-checkout" is not a valid name.']);
  });
});
