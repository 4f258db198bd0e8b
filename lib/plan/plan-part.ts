import { byResource } from '../diff/live-objects.ts';
import { OrreryError } from '../errors.ts';
import { describeId, idKey, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredRelease } from '../render/desired-state.ts';
import { JudgedObject, type ObjectVerdict } from './object-verdict.ts';
import type { PlanItem } from './plan.ts';
import { planObject } from './plan-object.ts';
import { isSelected, type PlanOptions, type Selection, unmatched } from './plan-options.ts';
import { type ChosenPart, ORPHANED, planAdoptedReleases, planOrphanedReleases } from './plan-part-releases.ts';
import { planRemoval } from './plan-removals.ts';
import type { ClusterReading } from './read-cluster.ts';

/** The plan of some objects of a cluster. */
export interface PartPlan {
  readonly items: readonly PlanItem[];
  readonly warnings: readonly string[];
  /** What was named and chooses nothing here. */
  readonly unmatched: readonly string[];
}

/**
 * Plans the objects that were chosen, and nothing else: what becomes ours, or what is given up.
 * @param releases of the program that helm installs by itself
 */
export async function planPart(
  reading: ClusterReading,
  releases: readonly DesiredRelease[],
  { verb, objects }: NonNullable<PlanOptions['part']>,
): Promise<PartPlan> {
  const parts =
    verb === 'adopt'
      ? [await planAdopted(reading, objects), await planAdoptedReleases(reading.context, releases, objects)]
      : [await planOrphaned(reading, objects), await planOrphanedReleases(reading, objects)];
  const chosen = parts.flatMap(({ ids }) => ids);
  return {
    items: parts.flatMap(({ items }) => items),
    warnings: oursAlready(parts.flatMap(({ ours }) => ours)),
    unmatched: unmatched(objects, reading.context.target.cluster, chosen),
  };
}

async function planAdopted({ context, resolved }: ClusterReading, objects: Selection): Promise<ChosenPart> {
  const { target, options, reader } = context;
  const chosen = [...resolved.objects.values()].filter(({ desired }) =>
    isSelected(objects, target.cluster, desired.id),
  );
  const ids = chosen.map(({ desired }) => desired.id);
  const readable = chosen.map(({ desired, resource, isNew }) => ({
    id: desired.id,
    resource: isNew ? resolved.discovery.preferred(resource.group, resource.kind) : resource,
  }));
  await Promise.all([...byResource(readable)].map(([resource, members]) => reader.confirm(resource, members)));
  const adopting = { ...context, options: { ...options, adopt: objects } };
  // What is proved unchanged is ours.
  const open = chosen.filter(({ desired }) => reader.known(desired.id)?.state !== 'settled');
  const verdicts = await Promise.all(
    open.map(async (object) => {
      const live = await reader.of(object.desired.id);
      const exists = live.state === 'found' || live.state === 'unreadable';
      return exists ? planObject(adopting, object) : notThere(new JudgedObject(adopting, object));
    }),
  );
  const items = verdicts.flatMap((verdict) =>
    !verdict.unchanged && (verdict.item.action === 'adopt' || verdict.item.action === 'blocked') ? [verdict.item] : [],
  );
  const planned = new Set(items.map(({ id }) => idKey(id)));
  const ours = ids.filter((id) => !planned.has(idKey(id)));
  return { items, ours, ids };
}

async function planOrphaned({ context, removals }: ClusterReading, objects: Selection): Promise<ChosenPart> {
  const { cluster } = context.target;
  const chosen = removals.filter(({ entry }) => isSelected(objects, cluster, entry.id));
  const planned = await Promise.all(chosen.map((removal) => planRemoval(context, removal, ORPHANED)));
  const ids = chosen.map(({ entry }) => entry.id);
  const items = planned.filter((item) => item !== undefined);
  return { items, ours: [], ids };
}

/** Adopting makes nothing. */
function notThere(judged: JudgedObject): ObjectVerdict {
  const what = `${judged.name} is not in ${judged.context.target.cluster}: there is nothing to adopt.`;
  return judged.blocked(new OrreryError('ORR4011', what, { fix: 'orrery apply creates it.' }));
}

function oursAlready(ids: readonly ObjectId[]): string[] {
  if (ids.length === 0) return [];
  const [first = ''] = ids.map(describeId);
  const more = ids.length > 1 ? ` and ${ids.length - 1} more are` : ' is';
  return [`${first}${more} ours already: what the program changes there comes with orrery apply.`];
}
