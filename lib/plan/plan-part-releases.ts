import { isOrreryError, OrreryError } from '../errors.ts';
import { isRelease } from '../helm/native-input.ts';
import { describeId, idKey, type ObjectId } from '../kubernetes/object.ts';
import { HelmOnCluster } from '../native/helm-on-cluster.ts';
import { isThere } from '../native/release-state.ts';
import { listRevisions } from '../native/stored-release.ts';
import type { DesiredRelease } from '../render/desired-state.ts';
import type { PlanItem } from './plan.ts';
import { isSelected, type Selection } from './plan-options.ts';
import { planRelease } from './plan-release.ts';
import { blockedRelease, planUninstall } from './plan-releases.ts';
import type { RemovalRules } from './plan-removals.ts';
import type { PlanningContext } from './planning-context.ts';
import type { ClusterReading } from './read-cluster.ts';

/** What was chosen of one sort. */
export interface ChosenPart {
  readonly items: readonly PlanItem[];
  /** What is ours already. */
  readonly ours: readonly ObjectId[];
  /** Everything that was chosen. */
  readonly ids: readonly ObjectId[];
}

const NONE: ReadonlySet<string> = new Set();

/** Everything stays in the cluster. */
export const ORPHANED: RemovalRules = {
  as: 'orphan',
  occupiedNamespaces: NONE,
  unread: [],
  declaredUids: NONE,
  forgetsLate: false,
};

/**
 * Native releases that somebody else made and that were chosen: name and namespace are the identity of a release, so ours goes on from their last revision. Shown is what helm would do to each object.
 */
export async function planAdoptedReleases(
  context: PlanningContext,
  releases: readonly DesiredRelease[],
  objects: Selection,
): Promise<ChosenPart> {
  const { target, options, platformId, mask } = context;
  const chosen = releases.filter(({ id }) => isSelected(objects, target.cluster, id));
  const adopting = { ...context, options: { ...options, adopt: objects } };
  const helm = new HelmOnCluster(target, platformId, options.helm ?? {}, mask);
  const adopted = async (release: DesiredRelease): Promise<PlanItem | undefined> => {
    const revisions = await listRevisions(target, release.id);
    return isThere(revisions[0]) ? planRelease(adopting, release, revisions, helm) : notThere(context, release);
  };
  const items: PlanItem[] = [];
  for (const release of chosen) {
    const item = await adopted(release).catch((error: unknown) => {
      if (!isOrreryError(error)) throw error;
      return blockedRelease(context, release, error);
    });
    if (item?.action === 'adopt' || item?.action === 'blocked') items.push(item);
  }
  const planned = new Set(items.map(({ id }) => idKey(id)));
  const ids = chosen.map(({ id }) => id);
  return { items, ours: ids.filter((id) => !planned.has(idKey(id))), ids };
}

/** Native releases of the inventory that were chosen: helm keeps them, and they are nobody's business of ours any more. */
export async function planOrphanedReleases(
  { context, resolved }: ClusterReading,
  objects: Selection,
): Promise<ChosenPart> {
  const { inventory, target } = context;
  const chosen = [...inventory.entries.values()].filter(
    ({ id }) => isRelease(id) && isSelected(objects, target.cluster, id),
  );
  const planned = await Promise.all(chosen.map((entry) => planUninstall(context, entry, resolved, ORPHANED, false)));
  return { items: planned.filter((item) => item !== undefined), ours: [], ids: chosen.map(({ id }) => id) };
}

/** Adopting installs nothing. */
function notThere(context: PlanningContext, release: DesiredRelease): PlanItem {
  const what = `${describeId(release.id)} is not in ${context.target.cluster}: there is nothing to adopt.`;
  return blockedRelease(context, release, new OrreryError('ORR4011', what, { fix: 'orrery apply installs it.' }));
}
