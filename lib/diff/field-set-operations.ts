import type { Json, JsonObject } from '../kubernetes/object.ts';
import { type FieldSetCache, ownsItem } from './field-set.ts';

/** Operations on sets of fields as managedFields write them (fieldsV1): a leaf, and "." in a node with children, say that the path itself is in the set. */

/** What is in any of some sets. They must be of the same API version: paths mean something only there. */
export function unionOfAll([first, ...rest]: readonly JsonObject[]): JsonObject {
  return first === undefined ? {} : rest.reduce(unionOfFields, first);
}

function unionOfFields(a: JsonObject, b: JsonObject): JsonObject {
  if (isLeaf(a) && isLeaf(b)) return {};
  const union: JsonObject = { ...(isLeaf(a) ? { '.': {} } : a) };
  for (const [name, below] of Object.entries(isLeaf(b) ? { '.': {} } : b)) {
    const known = union[name];
    union[name] = known === undefined ? below : unionOfFields(known as JsonObject, below as JsonObject);
  }
  return union;
}

/**
 * A value without what only a set that goes away holds: what server-side apply removes when its manager no longer applies these fields. What another set holds at or below
 * a path keeps that path; a structure or list item that nobody else holds goes as a whole, what nobody holds in it included.
 * Source of the rules: structured-merge-diff, merge/update.go (`prune`).
 * @param gone the set that goes away
 * @param kept the union of all other sets
 */
export function withoutFields(
  value: Json | undefined,
  gone: JsonObject,
  kept: JsonObject | undefined,
  fieldSets: FieldSetCache,
): Json | undefined {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const names = Object.keys(gone).filter((name) => name !== '.' && ownsItem(name, item, index, fieldSets));
      const [name] = names;
      if (name === undefined) return [item];
      const [below, other] = [gone[name] as JsonObject, kept?.[name] as JsonObject | undefined];
      if (other === undefined && (isLeaf(below) || below['.'] !== undefined)) return [];
      return [withoutFields(item, below, other ?? {}, fieldSets) as Json];
    });
  }
  if (value === null || typeof value !== 'object') return value;
  const rest: JsonObject = {};
  for (const [member, below] of Object.entries(value as JsonObject)) {
    const name = `f:${member}`;
    const leaving = gone[name] as JsonObject | undefined;
    const other = kept?.[name] as JsonObject | undefined;
    if (leaving === undefined) rest[member] = below;
    else if (other !== undefined)
      rest[member] = isLeaf(leaving) ? below : withoutFields(below, leaving, other, fieldSets);
  }
  return rest;
}

function isLeaf(fields: JsonObject): boolean {
  return Object.keys(fields).length === 0;
}
