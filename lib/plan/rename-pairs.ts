import { desiredDigest } from '../diff/proof.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idKey } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import type { PlanItem } from './plan.ts';

/** What was applied last: an inventory, or the index of a target folder. */
export interface Applied {
  readonly entries: ReadonlyMap<string, { readonly desired?: string | undefined }>;
  readonly hmacKey: Uint8Array;
}

/**
 * Links a delete and a create that are the same thing under two names: of one kind and namespace, and equal but for the name, or declared by the same
 * construct. In Kubernetes a rename is always a delete and a create; the pair tells the reader that nothing is lost that is not meant to be.
 */
export function withRenames(
  items: readonly PlanItem[],
  desired: ReadonlyMap<string, DesiredObject>,
  inventory: Applied,
): PlanItem[] {
  const deletes = groupBy(items.filter((item) => item.action === 'delete'));
  if (deletes.places.size === 0) return [...items];
  const creates = groupBy(items.filter((item) => item.action === 'create'));
  const from = new Map<PlanItem, PlanItem>();
  const taken = new Set<PlanItem>();
  const pair = (created: PlanItem, deleted: PlanItem) => {
    from.set(created, deleted);
    taken.add(deleted);
  };
  for (const [place, created] of creates.places) {
    const candidates = deletes.places.get(place) ?? [];
    for (const create of candidates.length === 0 ? [] : created) {
      const object = desired.get(idKey(create.id));
      const twin = candidates.find(
        (deleted) =>
          object !== undefined &&
          !taken.has(deleted) &&
          inventory.entries.get(idKey(deleted.id))?.desired === digestUnder(object, deleted.id.name, inventory.hmacKey),
      );
      if (twin !== undefined) pair(create, twin);
    }
  }
  for (const [construct, created] of creates.constructs) {
    // A chart or an included file declares many objects under one path: then the path says nothing.
    const [create, ...more] = created.filter((one) => !from.has(one));
    const [deleted, ...others] = (deletes.constructs.get(construct) ?? []).filter((one) => !taken.has(one));
    if (create !== undefined && deleted !== undefined && more.length + others.length === 0) pair(create, deleted);
  }
  const to = new Map([...from].map(([created, deleted]) => [deleted, created]));
  return items.map((item) => {
    const [source, target] = [from.get(item), to.get(item)];
    if (source !== undefined) return { ...item, renamedFrom: source.id };
    if (target !== undefined) return { ...item, renamedTo: target.id };
    return item;
  });
}

/** Items by kind and namespace, and by these and their construct. */
function groupBy(items: readonly PlanItem[]) {
  const places = new Map<string, PlanItem[]>();
  const constructs = new Map<string, PlanItem[]>();
  const add = (groups: Map<string, PlanItem[]>, key: string, item: PlanItem) => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  };
  for (const item of items) {
    const { group, kind, namespace } = item.id;
    const place = `${group}|${kind}|${namespace}`;
    add(places, place, item);
    add(constructs, `${place}|${item.path}`, item);
  }
  return { places, constructs };
}

/** Digest that the object would have under another name. */
function digestUnder(desired: DesiredObject, name: string, hmacKey: Uint8Array): string {
  const { object } = desired;
  const renamed = sha256(canonicalJson({ ...object, metadata: { ...object.metadata, name } }));
  return desiredDigest({ ...desired, sha256: renamed }, hmacKey);
}
