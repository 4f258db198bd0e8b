import type { CanaryReleaseManifest, ReleaseStateManifest } from '@orrery/constructs/assembly-format';
import type { KubeTarget } from '../cluster/target.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import type { PlanTarget } from '../plan/make-plan.ts';
import type { DesiredCanary, DesiredCluster, DesiredState } from '../render/desired-state.ts';
import { describeStanding } from './describe.ts';
import { placeStages } from './place-stage.ts';
import { readRecords } from './record-store.ts';
import type { StoredRecord } from './release-record.ts';
import { Misfit, type Standing, standingOf } from './standing.ts';

/** A desired state in which every cluster is at the stages of its records, and the targets: a cluster whose records cannot be read, or do not fit, is not planned. */
export interface PlacedState {
  readonly desired: DesiredState;
  readonly targets: readonly PlanTarget[];
}

/** A release in a cluster, with its record. */
export interface CanaryInCluster {
  readonly canary: DesiredCanary;
  readonly standing: Standing;
  readonly stored?: StoredRecord | undefined;
}

/** Refuses what knows no stages: charts that somebody else installs. @throws OrreryError ORR4301 */
export function refuseStages({ clusters }: DesiredState, what: string): void {
  for (const { name, canaries = [] } of clusters) {
    const moved = canaries.find(({ backend }) => !CONTROLLED.has(backend));
    if (moved === undefined) continue;
    throw new OrreryError('ORR4301', `canary release "${moved.name}" is moved by apply, and ${what}.`, {
      cluster: name,
      path: moved.path,
      fix: 'Use a back-end with a controller of its own (Argo Rollouts, Flagger), or take the release out.',
    });
  }
}

/** Back-ends whose traffic a controller of the cluster moves: their objects are the same at every stage. */
const CONTROLLED: ReadonlySet<CanaryReleaseManifest['backend']> = new Set(['argo-rollouts', 'flagger']);

/**
 * Places the stages of all canary releases: one request per cluster that has one, none elsewhere.
 * @param desired as it was rendered, or as revisions hold it
 */
export async function placeReleases(desired: DesiredState, targets: readonly PlanTarget[]): Promise<PlacedState> {
  if (desired.clusters.every(({ canaries }) => canaries === undefined)) return { desired, targets };
  const problems = new Map<string, OrreryError>();
  const found = new Map<string, readonly CanaryInCluster[]>();
  await Promise.all(
    desired.clusters.map(async (cluster) => {
      const target = targets.find((one) => one.cluster === cluster.name);
      if (cluster.canaries === undefined || target === undefined || target.kind === 'unopened') return;
      try {
        found.set(cluster.name, await canariesOf(cluster, target, desired.platform.id));
      } catch (error) {
        if (!isOrreryError(error)) throw error;
        problems.set(cluster.name, error);
      }
    }),
  );
  const clusters = desired.clusters.map((cluster) => {
    const canaries = found.get(cluster.name);
    if (canaries === undefined) return cluster;
    const placed = placeStages(
      cluster,
      canaries.map(({ standing }) => standing.state),
    );
    const standings = canaries.map(({ canary, standing, stored }) =>
      describeStanding(cluster, canary, standing, stored?.record, notThrough(desired, found, canary, cluster.name)),
    );
    return { ...placed, standings };
  });
  return {
    desired: { ...desired, clusters },
    targets: targets.map((target) => {
      const error = problems.get(target.cluster);
      if (error === undefined || target.kind === 'unopened') return target;
      return { kind: 'unopened', cluster: target.cluster, description: target.description, error };
    }),
  };
}

/**
 * The releases of one cluster, each with where it stands.
 * @throws OrreryError ORR4301 for what does not go together, ORR3006, ORR4015 and what the client throws
 */
export async function canariesOf(
  cluster: DesiredCluster,
  target: Exclude<PlanTarget, { kind: 'unopened' }>,
  platformId: string,
): Promise<readonly CanaryInCluster[]> {
  const { canaries = [] } = cluster;
  if (target.kind === 'directory') return canaries.map((canary) => ({ canary, standing: inFolder(cluster, canary) }));
  const records = await readRecords(target satisfies KubeTarget, platformId);
  return canaries.map((canary) => {
    const stored = records.get(canary.name);
    const standing = standingOf(cluster, canary, stored?.record);
    if (standing instanceof Misfit) throw misfitError(standing, canary, cluster.name);
    return { canary, standing, stored };
  });
}

export function misfitError({ what, fix }: Misfit, { path }: DesiredCanary, cluster: string): OrreryError {
  return new OrreryError('ORR4301', `${what}.`, { cluster, path, fix });
}

/** @throws OrreryError ORR4301: nobody would move it on there */
function inFolder({ name }: DesiredCluster, { name: release, path, backend, states }: DesiredCanary): Standing {
  const stage = states.stages.at(-1);
  if (CONTROLLED.has(backend) && stage !== undefined) return { phase: 'through', state: stage, stage };
  throw new OrreryError('ORR4301', `${name} is a folder: canary release "${release}" has nobody there to move it on.`, {
    cluster: name,
    path,
    fix: 'Reach the cluster by a kubeconfig, or use a back-end with a controller of its own (Argo Rollouts, Flagger).',
  });
}

/** Clusters of earlier waves in which a release is not through, as far as that was read. */
function notThrough(
  { canaryReleases = [] }: DesiredState,
  found: ReadonlyMap<string, readonly CanaryInCluster[]>,
  { name }: DesiredCanary,
  cluster: string,
): readonly string[] {
  const waves = canaryReleases.find((release) => release.name === name)?.waves ?? [];
  const own = waves.findIndex((wave) => wave.includes(cluster));
  return waves
    .slice(0, Math.max(0, own))
    .flat()
    .filter((other) => {
      const there = found.get(other)?.find(({ canary }) => canary.name === name);
      return there === undefined || there.standing.phase !== 'through';
    });
}

/** The desired state of a cluster with one release in another state, and the others as they stand. */
export function withState(
  cluster: DesiredCluster,
  canaries: readonly CanaryInCluster[],
  release: string,
  state: ReleaseStateManifest,
): DesiredCluster {
  return placeStages(
    cluster,
    canaries.map((one) => (one.canary.name === release ? state : one.standing.state)),
  );
}
