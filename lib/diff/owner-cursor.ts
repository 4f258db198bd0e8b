import type { Json, JsonObject, ManagedFieldsEntry } from '../kubernetes/object.ts';
import { type FieldSetCache, ownsItem } from './field-set.ts';

/** A manager at a place of an object: its fieldsV1 there. `{}` is a leaf: the value as a whole. */
export interface Owner {
  readonly entry: ManagedFieldsEntry;
  readonly node: JsonObject;
}

/** Who owns a place and what lies below it, or `whole`: it lies inside a value that is applied as a whole, or nobody says how it is divided. */
export type Owners = readonly Owner[] | 'whole';

/** The managers at the root of an object. */
export function ownersOf(entries: readonly ManagedFieldsEntry[] | undefined): Owners {
  const owners = (entries ?? []).flatMap((entry) => (entry.fieldsV1 ? [{ entry, node: entry.fieldsV1 }] : []));
  return owners.length === 0 ? 'whole' : owners;
}

/** Whether a list or map belongs to one manager as a whole: some manager owns it so, and none only parts of it. */
export function isOwnedWhole(owners: Owners, value: Json[] | JsonObject): boolean {
  if (owners === 'whole' || Object.keys(value).length === 0) return false;
  return owners.some(({ node }) => isLeaf(node)) && owners.every(({ node }) => isLeaf(node));
}

/** Into a member of an object. */
export function ownersOfMember(owners: Owners, name: string): Owners {
  return below(owners, (node) => node[`f:${name}`] as JsonObject | undefined);
}

/** Into an item of a list, with the element of fieldsV1 by which it is known. */
export function ownersOfItem(
  owners: Owners,
  item: Json,
  index: number,
  fieldSets: FieldSetCache,
): { readonly owners: Owners; readonly element: string } {
  if (owners === 'whole') return { owners, element: `i:${index}` };
  let element = `i:${index}`;
  const inside = below(owners, (node) => {
    for (const name in node) {
      if (name === '.' || !ownsItem(name, item, index, fieldSets)) continue;
      element = name;
      return node[name] as JsonObject;
    }
    return undefined;
  });
  return { owners: inside, element };
}

/** Names of the members by which the items of a list are told apart; undefined when no manager knows. */
export function listKeyOf(owners: Owners): readonly string[] | undefined {
  if (owners === 'whole') return undefined;
  for (const { node } of owners) {
    for (const name in node) if (name.startsWith('k:')) return Object.keys(JSON.parse(name.slice(2)) as object);
  }
  return undefined;
}

export function isLeaf(node: JsonObject): boolean {
  for (const _ in node) return false;
  return true;
}

/** A leaf above says nothing of what is below: where others own parts, it means an empty value that was applied. */
function below(owners: Owners, child: (node: JsonObject) => JsonObject | undefined): Owners {
  if (owners === 'whole') return owners;
  return owners.flatMap(({ entry, node }) => {
    const next = child(node);
    return next === undefined ? [] : [{ entry, node: next }];
  });
}
