import type { Json, JsonObject } from '../kubernetes/object.ts';
import { type FieldSetCache, ownsItem } from './field-set.ts';
import { isMap } from './item-pairs.ts';
import { isLeaf } from './owner-cursor.ts';

/** What of a live value is ours alone. */
export interface OwnedPart {
  /** Absent: nothing. */
  readonly value?: Json | undefined;
  /** Something is left out because another one owns it as well. */
  readonly shared: boolean;
}

/**
 * The part of a live value under our field set, without what others own as well. Items of keyed lists keep their keys.
 * @param mine our fieldsV1 there.
 * @param theirs the others' fieldsV1 there.
 */
export function ownedPart(
  value: Json,
  mine: JsonObject,
  theirs: readonly JsonObject[],
  fieldSets: FieldSetCache,
): OwnedPart {
  if (isLeaf(mine)) return theirs.some(isLeaf) ? { shared: true } : { value, shared: false };
  if (Array.isArray(value)) return partOfList(value, mine, theirs, fieldSets);
  if (!isMap(value)) return { value, shared: false };
  let shared = false;
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const [own, others] = at(mine, theirs, `f:${name}`);
    if (own === undefined || member === undefined) continue;
    const part = ownedPart(member, own, others, fieldSets);
    shared ||= part.shared;
    if (part.value !== undefined) members.push([name, part.value]);
  }
  return members.length === 0 ? { shared } : { value: Object.fromEntries(members), shared };
}

function partOfList(
  list: readonly Json[],
  mine: JsonObject,
  theirs: readonly JsonObject[],
  fieldSets: FieldSetCache,
): OwnedPart {
  let shared = false;
  const items = list.flatMap((item, index): Json[] => {
    const name = Object.keys(mine).find((element) => element !== '.' && ownsItem(element, item, index, fieldSets));
    if (name === undefined) return [];
    const [own = {}, others] = at(mine, theirs, name);
    const part = ownedPart(item, own, others, fieldSets);
    shared ||= part.shared;
    if (part.value === undefined || !isMap(part.value) || !isMap(item) || !name.startsWith('k:'))
      return part.value === undefined ? [] : [part.value];
    const key = Object.keys(JSON.parse(name.slice(2)) as object).map((member) => [member, item[member]]);
    return [{ ...Object.fromEntries(key), ...part.value }];
  });
  return items.length === 0 ? { shared } : { value: items, shared };
}

function at(mine: JsonObject, theirs: readonly JsonObject[], name: string): [JsonObject | undefined, JsonObject[]] {
  const others = theirs.flatMap((node) => (node[name] === undefined ? [] : [node[name] as JsonObject]));
  return [mine[name] as JsonObject | undefined, others];
}
