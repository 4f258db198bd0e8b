import { placeReleases } from '../canary-release/place-releases.ts';
import type { KubeTarget, Target } from '../cluster/target.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import { type MadePlan, makePlan, type PlanTarget } from '../plan/make-plan.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { desiredOfRevisions } from '../revision/desired-of-revisions.ts';
import { listRevisions, readRevision } from '../revision/read-revisions.ts';
import type { Revision, RevisionHead } from '../revision/revision.ts';

/** What a cluster keeps, or why that is not known. */
export interface ClusterRevisions {
  readonly cluster: string;
  /** Newest first. */
  readonly heads: readonly RevisionHead[];
  readonly target?: KubeTarget | undefined;
  readonly error?: OrreryError | undefined;
}

/** Lists what each cluster keeps; one that fails, fails alone. */
export function revisionsOfAll(
  targets: readonly PlanTarget[],
  platformId: string,
): Promise<readonly ClusterRevisions[]> {
  return Promise.all(targets.map((target) => revisionsOf(target, platformId)));
}

async function revisionsOf(target: PlanTarget, platformId: string): Promise<ClusterRevisions> {
  const { cluster } = target;
  if (target.kind === 'unopened') return { cluster, heads: [], error: target.error };
  if (target.kind === 'directory') {
    const error = new OrreryError('ORR4010', `${cluster} is a folder, which keeps no revisions.`, {
      cluster,
      fix: 'Its history is that of the repository it lies in.',
    });
    return { cluster, heads: [], error };
  }
  try {
    return { cluster, heads: (await listRevisions(target, platformId)).heads, target };
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    return { cluster, heads: [], error };
  }
}

/** A plan that leads to revisions instead of the program. */
export interface RevisionPlan extends MadePlan {
  readonly desired: DesiredState;
  /** The revision of each cluster that has one. */
  readonly heads: ReadonlyMap<string, RevisionHead>;
}

/**
 * @param program whose platform it is, and what it declares of services over several clusters: also on the way back replicas go only once they are ready elsewhere
 * @param choose the revision of a cluster; what it throws is the problem of that cluster alone
 */
export async function planRevisions(
  { platform, apps }: Pick<DesiredState, 'platform' | 'apps'>,
  clusters: readonly ClusterRevisions[],
  choose: (cluster: string, heads: readonly RevisionHead[]) => RevisionHead,
  rules: PlanOptions,
): Promise<RevisionPlan> {
  const revisions: Revision[] = [];
  const planTargets: PlanTarget[] = [];
  const unread: DesiredState['clusters'][number][] = [];
  await Promise.all(
    clusters.map(async ({ cluster, heads, target, error }) => {
      try {
        if (error !== undefined) throw error;
        revisions.push(await readRevision(target as KubeTarget, platform.id, choose(cluster, heads)));
        planTargets.push(target as Target);
      } catch (problem) {
        if (!isOrreryError(problem)) throw problem;
        unread.push({ name: cluster, facts: {}, objects: [] });
        planTargets.push({ kind: 'unopened', cluster, description: cluster, error: problem });
      }
    }),
  );
  const order = clusters.map(({ cluster }) => cluster);
  const inOrder = <T>(all: readonly T[], name: (one: T) => string): T[] =>
    [...all].sort((a, b) => order.indexOf(name(a)) - order.indexOf(name(b)));
  const stored = desiredOfRevisions(
    platform,
    inOrder(revisions, ({ desired }) => desired.name),
  );
  const held = { ...stored, apps, clusters: inOrder([...stored.clusters, ...unread], ({ name }) => name) };
  const { desired, targets } = await placeReleases(held, planTargets);
  const made = await makePlan(desired, targets, rules);
  return { ...made, desired, heads: new Map(revisions.map(({ desired: { name }, head }) => [name, head])) };
}
