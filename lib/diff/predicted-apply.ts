import { ownMember } from '../kubernetes/fields.ts';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { equalJson } from './field-changes.ts';
import { applyEntryOf, type FieldSetCache, ownsItem } from './field-set.ts';
import { hasSameKey, isMap } from './item-pairs.ts';
import { isLeaf } from './owner-cursor.ts';

/** Who owns what at one place of an object: our fieldsV1 there, and those of the others. */
interface Owners {
  readonly mine: JsonObject | undefined;
  readonly theirs: readonly JsonObject[];
}

/**
 * What a live object would become by an apply of ours, as far as its managedFields tell without asking the server: values of the program over the live ones, items of keyed
 * lists by their key, sets joined, and without what we alone own and no longer set. Knows no default, no mutation and no validation, and takes a list of which nobody owns an item for one that is
 * replaced as a whole.
 */
export function predictedApply(
  live: KubernetesObject,
  desired: KubernetesObject,
  manager: string,
  fieldSets: FieldSetCache,
): KubernetesObject {
  const own = applyEntryOf(live, manager);
  const others = (live.metadata.managedFields ?? []).filter((entry) => entry !== own && !entry.subresource);
  const owners = {
    mine: own?.fieldsV1,
    theirs: others.flatMap(({ fieldsV1 }) => (fieldsV1 === undefined ? [] : [fieldsV1])),
  };
  return merged(live as unknown as Json, desired as unknown as Json, owners, fieldSets) as unknown as KubernetesObject;
}

function merged(live: Json, wanted: Json, owners: Owners, fieldSets: FieldSetCache): Json {
  const nodes = [...(owners.mine === undefined ? [] : [owners.mine]), ...owners.theirs];
  // Owned as a whole, by anybody: the value is replaced as a whole.
  if (nodes.some(isLeaf)) return wanted;
  if (isMap(live) && isMap(wanted)) return mergedMaps(live, wanted, owners, fieldSets);
  if (!Array.isArray(live) || !Array.isArray(wanted)) return wanted;
  const element = nodes.flatMap((node) => Object.keys(node)).find((name) => /^[kv]:/.test(name));
  if (element === undefined) return wanted;
  const key = element.startsWith('k:') ? Object.keys(JSON.parse(element.slice(2)) as object) : undefined;
  const isSame = (one: Json, item: Json) => (key === undefined ? equalJson(one, item) : hasSameKey(one, item, key));
  return mergedLists(live, wanted, owners, fieldSets, isSame);
}

function mergedMaps(live: JsonObject, wanted: JsonObject, owners: Owners, fieldSets: FieldSetCache): JsonObject {
  const members: [string, Json][] = [];
  for (const [name, value] of Object.entries(live)) {
    if (value === undefined) continue;
    const below = into(owners, `f:${name}`);
    const next = ownMember(wanted, name);
    const result = next === undefined ? pruned(value, below, fieldSets) : merged(value, next, below, fieldSets);
    if (result !== undefined) members.push([name, result]);
  }
  const added = Object.entries(wanted).filter(([name]) => !Object.hasOwn(live, name));
  return Object.fromEntries([...members, ...added]);
}

function mergedLists(
  live: readonly Json[],
  wanted: readonly Json[],
  owners: Owners,
  fieldSets: FieldSetCache,
  isSame: (wanted: Json, live: Json) => boolean,
): Json[] {
  const kept = live.flatMap((item, index): Json[] => {
    const below = intoItem(owners, item, index, fieldSets);
    const next = wanted.find((one) => isSame(one, item));
    const result = next === undefined ? pruned(item, below, fieldSets) : merged(item, next, below, fieldSets);
    return result === undefined ? [] : [result];
  });
  return [...kept, ...wanted.filter((one) => !live.some((item) => isSame(one, item)))];
}

/** A value that the program does not set, without what only we own; undefined: nothing is left. */
function pruned(value: Json, owners: Owners, fieldSets: FieldSetCache): Json | undefined {
  const { mine, theirs } = owners;
  if (mine === undefined) return value;
  if (isLeaf(mine) || mine['.'] !== undefined) {
    if (theirs.length === 0) return undefined;
    if (isLeaf(mine)) return value;
  }
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index): Json[] => {
      const left = pruned(item, intoItem(owners, item, index, fieldSets), fieldSets);
      return left === undefined ? [] : [left];
    });
    return items.length === 0 ? undefined : items;
  }
  if (!isMap(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
    const left = member === undefined ? undefined : pruned(member, into(owners, `f:${name}`), fieldSets);
    return left === undefined ? [] : [[name, left]];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function into({ mine, theirs }: Owners, name: string): Owners {
  return below(mine, theirs, (node) => node[name] as JsonObject | undefined);
}

function intoItem({ mine, theirs }: Owners, item: Json, index: number, fieldSets: FieldSetCache): Owners {
  return below(mine, theirs, (node) => {
    const name = Object.keys(node).find((element) => element !== '.' && ownsItem(element, item, index, fieldSets));
    return name === undefined ? undefined : (node[name] as JsonObject);
  });
}

function below(
  mine: JsonObject | undefined,
  theirs: readonly JsonObject[],
  at: (node: JsonObject) => JsonObject | undefined,
): Owners {
  const others = theirs.map(at).filter((node) => node !== undefined);
  return { mine: mine === undefined ? undefined : at(mine), theirs: others };
}
