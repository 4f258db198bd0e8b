import type { Json, JsonObject } from '../../lib/kubernetes/object.ts';
import { isMap } from './json-nodes.ts';
import type { Random } from './random.ts';

/**
 * What another manager would have to apply to reach into fields that we own: an object with nothing but the way to some of them, keys of list items included.
 * @param fields our fieldsV1, or a part of it.
 * @param change makes the value to apply from the live one.
 * @returns undefined when the way leads nowhere in the live object.
 */
export function partOf(
  fields: JsonObject,
  live: Json | undefined,
  random: Random,
  change: (value: Json) => Json,
): Json | undefined {
  if (live === undefined) return undefined;
  const names = Object.keys(fields).filter((name) => name !== '.');
  if (names.length === 0) return change(live);
  const name = random.pick(names);
  const below = (fields[name] ?? {}) as JsonObject;
  const rest = name.slice(2);
  if (name.startsWith('f:') && isMap(live)) {
    const member = partOf(below, live[rest], random, change);
    return member === undefined ? undefined : { [rest]: member };
  }
  if (name.startsWith('v:') && Array.isArray(live)) return [change(JSON.parse(rest) as Json)];
  if (name.startsWith('k:') && Array.isArray(live)) {
    const key = JSON.parse(rest) as JsonObject;
    const item = partOf(below, itemOf(live, key), random, change);
    return isMap(item) ? [{ ...item, ...key }] : [key];
  }
  return undefined;
}

/** The items of one of our keyed lists, by their keys alone and in another order: applied by another manager, they are moved. */
export function otherOrder(fields: JsonObject, random: Random): JsonObject | undefined {
  const lists: { path: readonly string[]; items: Json[] }[] = [];
  const visit = (node: JsonObject, path: readonly string[]): void => {
    const items: Json[] = Object.keys(node).flatMap((name) =>
      /^[kv]:/.test(name) ? [JSON.parse(name.slice(2)) as Json] : [],
    );
    if (items.length > 1) lists.push({ path, items });
    for (const [name, below] of Object.entries(node)) {
      if (name.startsWith('f:')) visit(below as JsonObject, [...path, name.slice(2)]);
    }
  };
  visit(fields, []);
  if (lists.length === 0) return undefined;
  const { path, items } = random.pick(lists);
  const order = random.chance(0.5) ? items.toReversed() : random.shuffled(items);
  return path.reduceRight<Json>((below, name) => ({ [name]: below }), order) as JsonObject;
}

function itemOf(list: readonly Json[], key: JsonObject): Json | undefined {
  return list.find((item) => isMap(item) && Object.entries(key).every(([name, value]) => item[name] === value));
}
