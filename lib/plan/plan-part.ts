import { byResource } from '../diff/live-objects.ts';
import { OrreryError } from '../errors.ts';
import { describeId, idKey, type ObjectId } from '../kubernetes/object.ts';
import { JudgedObject, type ObjectVerdict } from './object-verdict.ts';
import type { PlanItem } from './plan.ts';
import { planObject } from './plan-object.ts';
import { isSelected, type PlanOptions, type Selection, unmatched } from './plan-options.ts';
import { planRemoval } from './plan-removals.ts';
import type { ClusterReading } from './read-cluster.ts';

/** The plan of some objects of a cluster. */
export interface PartPlan {
  readonly items: readonly PlanItem[];
  readonly warnings: readonly string[];
  /** What was named and chooses nothing here. */
  readonly unmatched: readonly string[];
}

/** Plans the objects that were chosen, and nothing else: what becomes ours, or what is given up. */
export function planPart(reading: ClusterReading, part: NonNullable<PlanOptions['part']>): Promise<PartPlan> {
  return part.verb === 'adopt' ? planAdopted(reading, part.objects) : planOrphaned(reading, part.objects);
}

async function planAdopted({ context, resolved }: ClusterReading, objects: Selection): Promise<PartPlan> {
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
  return { items, warnings: oursAlready(ours), unmatched: unmatched(objects, target.cluster, ids) };
}

async function planOrphaned({ context, removals }: ClusterReading, objects: Selection): Promise<PartPlan> {
  const { cluster } = context.target;
  const chosen = removals.filter(({ entry }) => isSelected(objects, cluster, entry.id));
  const none: ReadonlySet<string> = new Set();
  const rules = { as: 'orphan', occupiedNamespaces: none, unread: [], declaredUids: none, forgetsLate: false } as const;
  const planned = await Promise.all(chosen.map((removal) => planRemoval(context, removal, rules)));
  const ids = chosen.map(({ entry }) => entry.id);
  const items = planned.filter((item) => item !== undefined);
  return { items, warnings: [], unmatched: unmatched(objects, cluster, ids) };
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
