import { isOrreryError } from '../errors.ts';
import type { PlanTarget } from '../plan/make-plan.ts';
import type { PlannedCanary, Problem } from '../plan/plan.ts';
import { problemOf } from '../plan/planning-context.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { placeReleases } from './place-releases.ts';
import { readRecords } from './record-store.ts';

/** Where a release stands in one cluster, for people who follow it. */
export interface ReleaseStatus {
  readonly release: string;
  readonly cluster: string;
  /** Absent with `problem`. */
  readonly canary?: PlannedCanary | undefined;
  /** ISO 8601: when its record changed last, and by whom; absent before it begins. */
  readonly updatedAt?: string | undefined;
  readonly by?: string | undefined;
  readonly problem?: Problem | undefined;
}

/** Reads the records of all clusters, nothing else; a cluster that cannot be read fails alone. In the order of the program, then of the waves. */
export async function releaseStatuses(
  desired: DesiredState,
  targets: readonly PlanTarget[],
  releases: readonly string[] | undefined,
): Promise<readonly ReleaseStatus[]> {
  const placed = await placeReleases(desired, targets);
  const chosen = (desired.canaryReleases ?? []).filter(({ name }) => releases?.includes(name) !== false);
  const names = new Set(targets.map(({ cluster }) => cluster));
  return Promise.all(
    chosen.flatMap(({ name: release, waves }) =>
      waves
        .flat()
        .filter((cluster) => names.has(cluster))
        .map(async (cluster): Promise<ReleaseStatus> => {
          const target = placed.targets.find((one) => one.cluster === cluster);
          const standings = placed.desired.clusters.find(({ name }) => name === cluster)?.standings;
          const canary = standings?.find((one) => one.release === release);
          if (target?.kind === 'unopened') return { release, cluster, problem: problemOf(target.error, { cluster }) };
          if (canary === undefined || target?.kind !== 'kube') return { release, cluster, canary };
          try {
            const record = (await readRecords(target, desired.platform.id)).get(release)?.record;
            if (record === undefined) return { release, cluster, canary };
            return { release, cluster, canary, updatedAt: record.updatedAt, by: record.by };
          } catch (error) {
            if (!isOrreryError(error)) throw error;
            return { release, cluster, problem: problemOf(error, { cluster }) };
          }
        }),
    ),
  );
}
