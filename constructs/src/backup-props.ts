import type { BackupLocation } from './backup-location';
import type { MultiClusterApp } from './multi-cluster-app';
import type { MultiClusterService } from './multi-cluster-service';
import type { Placement } from './placement';

/** What becomes of the data in volumes. */
export enum BackupVolumes {
  /** Their files are copied to the location (Velero's node agent). They can be restored anywhere, also by another provider. */
  FILE_SYSTEM = 'file-system',
  /** Snapshots, which are then copied to the location (CSI, Velero's node agent). They can be restored anywhere. */
  MOVED_SNAPSHOT = 'moved-snapshot',
  /** Snapshots, which stay with the storage of the cluster, and go where it goes. */
  SNAPSHOT = 'snapshot',
  /** Nothing: only objects are kept. */
  NONE = 'none',
}

/** Commands in the pods of a service before and after their data is taken. At least one of the two. */
export interface BackupHook {
  /** A service of one of the plan's apps. */
  readonly service: MultiClusterService;
  /** Program and arguments, e.g. to flush a database or to freeze a file system. No shell reads it. @default - none */
  readonly before?: string[];
  /** @default - none */
  readonly after?: string[];
  /** Container of the pods. @default - the service's */
  readonly container?: string;
  /** How long each may take, e.g. "30s". @default - Velero's, 30 s */
  readonly timeout?: string;
  /** Take the backup also when a command fails. @default false: it is partly failed then */
  readonly continueOnError?: boolean;
}

export interface BackupPlanProps {
  /** Apps whose namespaces are backed up, whole, in every cluster that they are in. @default - none */
  readonly apps?: MultiClusterApp[];
  /** Further namespaces. @default - none */
  readonly namespaces?: string[];
  /** Clusters to back up. @default - those of the apps */
  readonly placement?: Placement;
  /** Where backups are kept. */
  readonly location: BackupLocation;
  /** When, in the words of cron and in the time zone of Velero (UTC): "0 3 * * *", "@every 6h". What is written after a run is lost with the cluster. */
  readonly schedule: string;
  /** What becomes of the data in volumes. */
  readonly volumes: BackupVolumes;
  /** How long a backup is kept, e.g. "30d". @default "30d" */
  readonly ttl?: string;
  /** @default - none */
  readonly hooks?: BackupHook[];
  /** Make no backups for the time being. @default false */
  readonly paused?: boolean;
}
