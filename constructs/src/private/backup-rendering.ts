import { type BackupHook, type BackupPlanProps, BackupVolumes } from '../backup-props';
import { proxyDuration } from './proxy-duration';
import { selectorOf } from './service-rendering';
import { VELERO, veleroLabels } from './velero';

/** How long backups are kept where nobody says it: Velero's own default. */
export const DEFAULT_TTL = '30d';

/** A plan on its way into one cluster. */
export interface ScheduledBackup extends Pick<BackupPlanProps, 'schedule' | 'volumes' | 'ttl' | 'paused'> {
  readonly name: string;
  /** Id of the plan. */
  readonly partOf: string;
  /** Velero's. */
  readonly namespace: string;
  /** Name of the BackupStorageLocation. */
  readonly location: string;
  readonly included: readonly string[];
  readonly hooks: readonly HookOfApp[];
}

/** A hook, and where its pods are. */
export interface HookOfApp extends Omit<BackupHook, 'service'> {
  readonly service: string;
  /** Id of the app. */
  readonly app: string;
  readonly namespace: string;
}

/** Name of the Schedule of a plan in a cluster: unique among all clusters, because a standby cluster knows the backups of others by it. */
export function scheduleName(plan: string, cluster: string): string {
  return `${plan}-${cluster}`;
}

/** A Schedule of Velero (velero.io/v1, pkg/apis/velero/v1/schedule_types.go). */
export function backupSchedule(backup: ScheduledBackup): object {
  const { name, partOf, namespace, location, included, schedule, ttl = DEFAULT_TTL, hooks } = backup;
  return {
    apiVersion: VELERO,
    kind: 'Schedule',
    metadata: { name, namespace, labels: veleroLabels(partOf) },
    spec: {
      schedule,
      ...(backup.paused === true ? { paused: true } : {}),
      // Who takes the plan out of the program still wants the backups.
      useOwnerReferencesInBackup: false,
      template: {
        includedNamespaces: included,
        storageLocation: location,
        ttl: proxyDuration(ttl),
        ...volumeSettings(backup.volumes),
        ...(hooks.length === 0 ? {} : { hooks: { resources: hooks.map(hookOf) } }),
      },
    },
  };
}

function volumeSettings(volumes: BackupVolumes): object {
  const isSnapshot = volumes === BackupVolumes.SNAPSHOT || volumes === BackupVolumes.MOVED_SNAPSHOT;
  return {
    snapshotVolumes: isSnapshot,
    ...(isSnapshot ? { snapshotMoveData: volumes === BackupVolumes.MOVED_SNAPSHOT } : {}),
    defaultVolumesToFsBackup: volumes === BackupVolumes.FILE_SYSTEM,
  };
}

function hookOf(hook: HookOfApp, at: number): object {
  const { service, app, namespace, before, after, container, timeout, continueOnError } = hook;
  const exec = (command: readonly string[]) => [
    {
      exec: {
        container: container ?? service,
        command,
        onError: continueOnError === true ? 'Continue' : 'Fail',
        ...(timeout === undefined ? {} : { timeout: proxyDuration(timeout) }),
      },
    },
  ];
  return {
    name: `${service}-${at + 1}`,
    includedNamespaces: [namespace],
    labelSelector: { matchLabels: selectorOf({ name: service, app }) },
    ...(before === undefined ? {} : { pre: exec(before) }),
    ...(after === undefined ? {} : { post: exec(after) }),
  };
}
