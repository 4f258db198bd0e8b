// Volumes of particular storage systems, most of them replaced by CSI drivers.

import type { PodLocalReference } from './pod-template';

/** AWS disk. */
export interface PodAwsDisk {
  /** File system. */
  readonly fsType?: string;
  /** Partition. */
  readonly partition?: number;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Disk. */
  readonly volumeID: string;
}

/** Azure disk. */
export interface PodAzureDisk {
  /** "None", "ReadOnly" or "ReadWrite". */
  readonly cachingMode?: string;
  /** Disk. */
  readonly diskName: string;
  /** Its address. */
  readonly diskURI: string;
  /** File system. */
  readonly fsType?: string;
  /** "Shared", "Dedicated" or "Managed". */
  readonly kind?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
}

/** Azure share. */
export interface PodAzureFile {
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Secret with account and key. */
  readonly secretName: string;
  /** Share. */
  readonly shareName: string;
}

/** CephFS. */
export interface PodCephFs {
  /** Monitors. */
  readonly monitors: string[];
  /** Path. */
  readonly path?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** File of the key. */
  readonly secretFile?: string;
  /** Secret of the key. */
  readonly secretRef?: PodLocalReference;
  /** User. */
  readonly user?: string;
}

/** OpenStack Cinder. */
export interface PodCinder {
  /** File system. */
  readonly fsType?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Secret. */
  readonly secretRef?: PodLocalReference;
  /** Volume. */
  readonly volumeID: string;
}

/** Fibre Channel. */
export interface PodFibreChannel {
  /** File system. */
  readonly fsType?: string;
  /** Logical unit. */
  readonly lun?: number;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** World wide names of targets. */
  readonly targetWWNs?: string[];
  /** World wide identifiers. */
  readonly wwids?: string[];
}

/** FlexVolume. */
export interface PodFlexVolume {
  /** Driver. */
  readonly driver: string;
  /** File system. */
  readonly fsType?: string;
  /** Settings of the driver. */
  readonly options?: { readonly [key: string]: string };
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Secret. */
  readonly secretRef?: PodLocalReference;
}

/** Flocker. */
export interface PodFlocker {
  /** Name. */
  readonly datasetName?: string;
  /** Identifier. */
  readonly datasetUUID?: string;
}

/** Google disk. */
export interface PodGceDisk {
  /** File system. */
  readonly fsType?: string;
  /** Partition. */
  readonly partition?: number;
  /** Disk. */
  readonly pdName: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
}

/** A git repository. */
export interface PodGitRepo {
  /** Folder. */
  readonly directory?: string;
  /** Address. */
  readonly repository: string;
  /** Commit. */
  readonly revision?: string;
}

/** GlusterFS. */
export interface PodGluster {
  /** Endpoints. */
  readonly endpoints: string;
  /** Volume. */
  readonly path: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
}

/** iSCSI. */
export interface PodIscsi {
  /** Whether discovery is authenticated. */
  readonly chapAuthDiscovery?: boolean;
  /** Whether sessions are authenticated. */
  readonly chapAuthSession?: boolean;
  /** File system. */
  readonly fsType?: string;
  /** Initiator. */
  readonly initiatorName?: string;
  /** Target. */
  readonly iqn: string;
  /** Interface. */
  readonly iscsiInterface?: string;
  /** Logical unit. */
  readonly lun: number;
  /** Portals. */
  readonly portals?: string[];
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Secret. */
  readonly secretRef?: PodLocalReference;
  /** Portal. */
  readonly targetPortal: string;
}

/** Photon disk. */
export interface PodPhotonDisk {
  /** File system. */
  readonly fsType?: string;
  /** Disk. */
  readonly pdID: string;
}

/** Portworx. */
export interface PodPortworx {
  /** File system. */
  readonly fsType?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Volume. */
  readonly volumeID: string;
}

/** Quobyte. */
export interface PodQuobyte {
  /** Group. */
  readonly group?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Registry. */
  readonly registry: string;
  /** Tenant. */
  readonly tenant?: string;
  /** User. */
  readonly user?: string;
  /** Volume. */
  readonly volume: string;
}

/** Ceph RBD. */
export interface PodRbd {
  /** File system. */
  readonly fsType?: string;
  /** Image. */
  readonly image: string;
  /** File of the key. */
  readonly keyring?: string;
  /** Monitors. */
  readonly monitors: string[];
  /** Pool. */
  readonly pool?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Secret of the key. */
  readonly secretRef?: PodLocalReference;
  /** User. */
  readonly user?: string;
}

/** ScaleIO. */
export interface PodScaleIo {
  /** File system. */
  readonly fsType?: string;
  /** Gateway. */
  readonly gateway: string;
  /** Protection domain. */
  readonly protectionDomain?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Secret. */
  readonly secretRef: PodLocalReference;
  /** Whether TLS is used. */
  readonly sslEnabled?: boolean;
  /** "ThickProvisioned" or "ThinProvisioned". */
  readonly storageMode?: string;
  /** Pool. */
  readonly storagePool?: string;
  /** System. */
  readonly system: string;
  /** Volume. */
  readonly volumeName?: string;
}

/** StorageOS. */
export interface PodStorageOs {
  /** File system. */
  readonly fsType?: string;
  /** Whether it is read-only. */
  readonly readOnly?: boolean;
  /** Secret. */
  readonly secretRef?: PodLocalReference;
  /** Volume. */
  readonly volumeName?: string;
  /** Its namespace. */
  readonly volumeNamespace?: string;
}

/** vSphere disk. */
export interface PodVsphereDisk {
  /** File system. */
  readonly fsType?: string;
  /** Policy, by identifier. */
  readonly storagePolicyID?: string;
  /** Policy. */
  readonly storagePolicyName?: string;
  /** Path. */
  readonly volumePath: string;
}
