import { canonicalJson, hmacSha256, sha256 } from '../kubernetes/canonical.ts';
import { idKey, isSecret } from '../kubernetes/object.ts';
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
  const deletes = items.filter((item) => item.action === 'delete');
  const creates = items.filter((item) => item.action === 'create');
  const from = new Map<PlanItem, PlanItem>();
  const taken = new Set<PlanItem>();
  const pair = (created: PlanItem, deleted: PlanItem) => {
    from.set(created, deleted);
    taken.add(deleted);
  };
  for (const created of creates) {
    const object = desired.get(idKey(created.id));
    if (object === undefined) continue;
    const twin = deletes.find(
      (deleted) =>
        !taken.has(deleted) &&
        samePlace(created, deleted) &&
        inventory.entries.get(idKey(deleted.id))?.desired === digestUnder(object, deleted.id.name, inventory.hmacKey),
    );
    if (twin !== undefined) pair(created, twin);
  }
  for (const created of creates) {
    if (from.has(created)) continue;
    const sameConstruct = (one: PlanItem) => samePlace(one, created) && one.path === created.path;
    // A chart or an included file declares many objects under one path: then the path says nothing.
    if (creates.filter(sameConstruct).length > 1) continue;
    const candidates = deletes.filter((deleted) => !taken.has(deleted) && sameConstruct(deleted));
    if (candidates.length === 1 && candidates[0] !== undefined) pair(created, candidates[0]);
  }
  const to = new Map([...from].map(([created, deleted]) => [deleted, created]));
  return items.map((item) => {
    const [source, target] = [from.get(item), to.get(item)];
    if (source !== undefined) return { ...item, renamedFrom: source.id };
    if (target !== undefined) return { ...item, renamedTo: target.id };
    return item;
  });
}

function samePlace(a: PlanItem, b: PlanItem): boolean {
  return a.id.group === b.id.group && a.id.kind === b.id.kind && a.id.namespace === b.id.namespace;
}

/** Digest that the object would have under another name. */
function digestUnder({ id, object }: DesiredObject, name: string, hmacKey: Uint8Array): string {
  const digest = sha256(canonicalJson({ ...object, metadata: { ...object.metadata, name } }));
  return isSecret(id) ? hmacSha256(hmacKey, digest) : digest;
}
