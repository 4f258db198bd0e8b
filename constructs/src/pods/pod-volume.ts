// Volumes of pods.

import type { PodFieldReference, PodPullPolicy, PodResourceFieldReference } from './pod-container';
import type {
  PodAwsDisk,
  PodAzureDisk,
  PodAzureFile,
  PodCephFs,
  PodCinder,
  PodFibreChannel,
  PodFlexVolume,
  PodFlocker,
  PodGceDisk,
  PodGitRepo,
  PodGluster,
  PodIscsi,
  PodPhotonDisk,
  PodPortworx,
  PodQuobyte,
  PodRbd,
  PodScaleIo,
  PodStorageOs,
  PodVsphereDisk,
} from './pod-network-disk';
import type { PodLabelSelector } from './pod-scheduling';
import type { PodLocalReference, PodMetadata } from './pod-template';

/** A volume: its name and one source. */
export interface PodVolume {
  /** Name, unique in the pod. */
  readonly name: string;
  /** AWS disk. */
  readonly awsElasticBlockStore?: PodAwsDisk;
  /** Azure disk. */
  readonly azureDisk?: PodAzureDisk;
  /** Azure share. */
  readonly azureFile?: PodAzureFile;
  /** CephFS. */
  readonly cephfs?: PodCephFs;
  /** OpenStack Cinder. */
  readonly cinder?: PodCinder;
  /** A ConfigMap. */
  readonly configMap?: PodObjectVolume;
  /** A driver's ephemeral volume. */
  readonly csi?: PodCsiVolume;
  /** Fields of the pod. */
  readonly downwardAPI?: PodDownwardVolume;
  /** An empty folder. */
  readonly emptyDir?: PodEmptyDir;
  /** A claim that lives with the pod. */
  readonly ephemeral?: PodEphemeralVolume;
  /** Fibre Channel. */
  readonly fc?: PodFibreChannel;
  /** FlexVolume. */
  readonly flexVolume?: PodFlexVolume;
  /** Flocker. */
  readonly flocker?: PodFlocker;
  /** Google disk. */
  readonly gcePersistentDisk?: PodGceDisk;
  /** A git repository, as it is when the pod starts. */
  readonly gitRepo?: PodGitRepo;
  /** GlusterFS. */
  readonly glusterfs?: PodGluster;
  /** A path of the node. */
  readonly hostPath?: PodHostPath;
  /** Files of an image. */
  readonly image?: PodImageVolume;
  /** iSCSI. */
  readonly iscsi?: PodIscsi;
  /** NFS. */
  readonly nfs?: PodNfs;
  /** A claim. */
  readonly persistentVolumeClaim?: PodClaimVolume;
  /** Photon disk. */
  readonly photonPersistentDisk?: PodPhotonDisk;
  /** Portworx. */
  readonly portworxVolume?: PodPortworx;
  /** Several sources in one folder. */
  readonly projected?: PodProjectedVolume;
  /** Quobyte. */
  readonly quobyte?: PodQuobyte;
  /** Ceph RBD. */
  readonly rbd?: PodRbd;
  /** ScaleIO. */
  readonly scaleIO?: PodScaleIo;
  /** A Secret. */
  readonly secret?: PodSecretVolume;
  /** StorageOS. */
  readonly storageos?: PodStorageOs;
  /** vSphere disk. */
  readonly vsphereVolume?: PodVsphereDisk;
}

/** A key and its file. */
export interface PodKeyToPath {
  /** Key. */
  readonly key: string;
  /** Mode bits. */
  readonly mode?: number;
  /** File. */
  readonly path: string;
}

/** A ConfigMap as files. */
export interface PodObjectVolume {
  /** Mode bits. */
  readonly defaultMode?: number;
  /** Keys. Without it all. */
  readonly items?: PodKeyToPath[];
  /** Name. */
  readonly name?: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
}

/** A Secret as files. */
export interface PodSecretVolume {
  /** Mode bits. */
  readonly defaultMode?: number;
  /** Keys. Without it all. */
  readonly items?: PodKeyToPath[];
  /** Whether it may be missing. */
  readonly optional?: boolean;
  /** Name. */
  readonly secretName?: string;
}

/** Fields of the pod as files. */
export interface PodDownwardVolume {
  /** Mode bits. */
  readonly defaultMode?: number;
  /** Files. */
  readonly items?: PodDownwardFile[];
}

/** A field of the pod as a file. */
export interface PodDownwardFile {
  /** Field. */
  readonly fieldRef?: PodFieldReference;
  /** Mode bits. */
  readonly mode?: number;
  /** File. */
  readonly path: string;
  /** Resources. */
  readonly resourceFieldRef?: PodResourceFieldReference;
}

/** An empty folder. */
export interface PodEmptyDir {
  /** "Memory", or the node's disk. */
  readonly medium?: string;
  /** Most that fits. */
  readonly sizeLimit?: number | string;
}

/** A claim that lives with the pod. */
export interface PodEphemeralVolume {
  /** Template of the claim. */
  readonly volumeClaimTemplate?: PodClaimTemplate;
}

/** Template of a claim. */
export interface PodClaimTemplate {
  /** Labels and annotations. */
  readonly metadata?: PodMetadata;
  /** What is claimed. */
  readonly spec: PodClaimSpec;
}

/** What is claimed. */
export interface PodClaimSpec {
  /** "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod". */
  readonly accessModes?: string[];
  /** What it is filled from. */
  readonly dataSource?: PodDataSource;
  /** The same, also from other namespaces. */
  readonly dataSourceRef?: PodDataSource;
  /** Size. */
  readonly resources?: PodClaimResources;
  /** Volumes by label. */
  readonly selector?: PodLabelSelector;
  /** StorageClass. */
  readonly storageClassName?: string;
  /** VolumeAttributesClass. */
  readonly volumeAttributesClassName?: string;
  /** "Filesystem" or "Block". */
  readonly volumeMode?: string;
  /** The volume itself. */
  readonly volumeName?: string;
}

/** What a claim is filled from. */
export interface PodDataSource {
  /** Group. */
  readonly apiGroup?: string;
  /** Kind. */
  readonly kind: string;
  /** Name. */
  readonly name: string;
  /** Namespace, of `dataSourceRef` alone. In the API: `namespace`. */
  readonly inNamespace?: string;
}

/** Size of a claim. */
export interface PodClaimResources {
  /** Most. */
  readonly limits?: { readonly [key: string]: number | string };
  /** Least: "storage". */
  readonly requests?: { readonly [key: string]: number | string };
}

/** A claim. */
export interface PodClaimVolume {
  /** Name. */
  readonly claimName: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
}

/** A driver's ephemeral volume. */
export interface PodCsiVolume {
  /** Driver. */
  readonly driver: string;
  /** File system. */
  readonly fsType?: string;
  /** Secret for the driver. */
  readonly nodePublishSecretRef?: PodLocalReference;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Settings of the driver. */
  readonly volumeAttributes?: { readonly [key: string]: string };
}

/** A path of the node. */
export interface PodHostPath {
  /** Path. */
  readonly path: string;
  /** "", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice". In the API: `type`. */
  readonly ofType?: string;
}

/** Files of an image. */
export interface PodImageVolume {
  /** When it is pulled. */
  readonly pullPolicy?: PodPullPolicy;
  /** Image. */
  readonly reference?: string;
}

/** NFS. */
export interface PodNfs {
  /** Path. */
  readonly path: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Server. */
  readonly server: string;
}

/** Several sources in one folder. */
export interface PodProjectedVolume {
  /** Mode bits. */
  readonly defaultMode?: number;
  /** Sources. */
  readonly sources?: PodProjection[];
}

/** A source: one of them. */
export interface PodProjection {
  /** Certificates of authorities. */
  readonly clusterTrustBundle?: PodTrustBundle;
  /** A ConfigMap. */
  readonly configMap?: PodProjectedObject;
  /** Fields of the pod. */
  readonly downwardAPI?: PodProjectedFields;
  /** A certificate of the pod. */
  readonly podCertificate?: PodCertificate;
  /** A Secret. */
  readonly secret?: PodProjectedObject;
  /** A token of the account. */
  readonly serviceAccountToken?: PodTokenProjection;
}

/** Certificates of authorities. */
export interface PodTrustBundle {
  /** Bundles by label. */
  readonly labelSelector?: PodLabelSelector;
  /** A bundle by name. */
  readonly name?: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
  /** File. */
  readonly path: string;
  /** Signer. */
  readonly signerName?: string;
}

/** A ConfigMap or Secret. */
export interface PodProjectedObject {
  /** Keys. Without it all. */
  readonly items?: PodKeyToPath[];
  /** Name. */
  readonly name?: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
}

/** Fields of the pod. */
export interface PodProjectedFields {
  /** Files. */
  readonly items?: PodDownwardFile[];
}

/** A certificate of the pod. */
export interface PodCertificate {
  /** File of the chain. */
  readonly certificateChainPath?: string;
  /** File of key and chain. */
  readonly credentialBundlePath?: string;
  /** File of the key. */
  readonly keyPath?: string;
  /** Type of the key. */
  readonly keyType: string;
  /** Longest life, in seconds. */
  readonly maxExpirationSeconds?: number;
  /** Signer. */
  readonly signerName: string;
  /** What the signer is told. Kubernetes 1.35. */
  readonly userAnnotations?: { readonly [key: string]: string };
}

/** A token of the account. */
export interface PodTokenProjection {
  /** Audience. */
  readonly audience?: string;
  /** Life, in seconds. */
  readonly expirationSeconds?: number;
  /** File. */
  readonly path: string;
}
