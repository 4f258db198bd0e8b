import { parseCron, pauseWords } from '@orrery/constructs/cron';
import { list, record } from '../kubernetes/fields.ts';
import type { Uncovered } from '../plan/plan.ts';
import type { DesiredCluster, DesiredObject, DesiredState } from '../render/desired-state.ts';

/** A claim of storage that stands in several clusters: as many volumes, each with data of its own. */
export interface DividedVolume {
  /** Of the PersistentVolumeClaim, or of the StatefulSet that makes one for each pod. */
  readonly path: string;
  readonly unit: string;
  /** Of the claim, without that of the pod. */
  readonly name: string;
  readonly namespace: string;
  readonly clusters: readonly string[];
}

type Cluster = Pick<DesiredCluster, 'name' | 'facts'> & {
  readonly objects: readonly Pick<DesiredObject, 'object' | 'path' | 'unit'>[];
};

/** Claims of one place in the program that stand in several clusters of one environment: data of production and of tests is not meant to be the same. */
export function dividedVolumes(clusters: readonly Cluster[]): DividedVolume[] {
  const claims = clusters.flatMap(({ name, facts: { environment = '' }, objects }) =>
    objects.flatMap(({ object, path, unit }) =>
      claimNames(object).map((claim) => {
        const { namespace = '' } = object.metadata;
        return {
          key: JSON.stringify([environment, path, namespace, claim]),
          path,
          unit,
          namespace,
          name: claim,
          cluster: name,
        };
      }),
    ),
  );
  return [...Map.groupBy(claims, ({ key }) => key).values()].flatMap(([first, ...others]) =>
    first === undefined || others.length === 0
      ? []
      : [{ ...first, clusters: [first, ...others].map(({ cluster }) => cluster) }],
  );
}

/** Names of the claims that an object is or makes. */
export function claimNames({ kind, metadata, ...object }: DesiredObject['object']): string[] {
  if (kind === 'PersistentVolumeClaim') return [metadata.name ?? ''];
  if (kind !== 'StatefulSet') return [];
  return list(record(object.spec).volumeClaimTemplates).map((claim) => String(record(claim.metadata).name));
}

/** What the program does not keep from being lost: data of volumes in several clusters, and what is written after a backup. For plans. */
export function uncoveredData({ clusters }: Pick<DesiredState, 'clusters'>): Uncovered[] {
  const volumes = Map.groupBy(dividedVolumes(clusters), ({ unit, clusters: all }) => JSON.stringify([unit, all]));
  const divided = [...volumes.values()].flatMap((all): Uncovered[] => {
    const [first] = all;
    if (first === undefined) return [];
    const names = [...new Set(all.map(({ name }) => name))];
    const what = `${names.length === 1 ? 'volume' : 'volumes'} ${names.join(', ')}: each cluster has data of its own, and nothing keeps it equal`;
    return [{ path: first.unit, what, clusters: first.clusters }];
  });
  return [...divided, ...backupLimits(clusters)];
}

/** What the plans of backups by Velero leave out, whoever makes them. */
function backupLimits(clusters: readonly Cluster[]): Uncovered[] {
  const schedules = clusters.flatMap(({ name, objects }) =>
    objects.flatMap(({ object, unit }) =>
      object.kind === 'Schedule' && object.apiVersion.startsWith('velero.io/')
        ? [{ path: unit, what: limitsOf(record(object.spec)), cluster: name }]
        : [],
    ),
  );
  return [...Map.groupBy(schedules, ({ path, what }) => JSON.stringify([path, what])).values()].flatMap((all) =>
    all.slice(0, 1).map(({ path, what }) => ({ path, what, clusters: all.map(({ cluster }) => cluster) })),
  );
}

function limitsOf({ schedule, paused, template }: Readonly<Record<string, unknown>>): string {
  if (paused === true) return 'no backups are made: the schedule is paused';
  const cron = parseCron(String(schedule));
  const { snapshotVolumes, snapshotMoveData, defaultVolumesToFsBackup, hooks } = record(template);
  const isFiles = defaultVolumesToFsBackup === true;
  return [
    `what is written after the last backup (${String(schedule)}) is lost with its cluster${cron === undefined ? '' : `: up to ${pauseWords(cron)} of it`}`,
    ...(snapshotVolumes === false && !isFiles ? ['data in volumes is not backed up'] : []),
    ...(snapshotVolumes === true && snapshotMoveData !== true
      ? ['snapshots stay with the storage of their cluster, and go where it goes']
      : []),
    ...(isFiles && list(record(hooks).resources).length === 0
      ? ['files are copied while programs write them: no hook makes them stand still']
      : []),
  ].join('; ');
}
