import { builtInScope } from '@orrery/constructs/built-in-kinds';
import { ownMember } from '../kubernetes/fields.ts';
import { groupOf, type Json, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import { type FieldSetCache, ownsItem } from './field-set.ts';

/**
 * Whether the server left out a value that was applied, although its field counts as ours: a Secret's stringData, a Service's externalTrafficPolicy whose type
 * no longer has one. Neither our fields nor the live values show what another apply of it would do (it may even be refused), so such an object is never provably
 * unchanged. The same goes for the time that the server writes into a list that is applied as a whole. Empty values (`""`, `[]`, `{}`, 0, false, null) of built-in kinds do not count: leaving them out
 * says the same. Of custom resources the server stores them, but not where a list loses its last item by the very apply that makes it empty: the next one brings it.
 * @param applied what was sent.
 * @param stored the server's answer.
 * @param fieldsV1 our field set in that answer.
 */
export function dropsValues(
  applied: KubernetesObject,
  stored: KubernetesObject,
  fieldsV1: JsonObject,
  fieldSets: FieldSetCache,
): boolean {
  if (lacksMembers(applied, stored, fieldsV1, fieldSets)) return true;
  return drops(applied as unknown as Json, stored as unknown as Json, fieldsV1, fieldSets);
}

/**
 * Whether a custom resource is without a member that is wanted, empty or not. An empty set or keyed list belongs to nobody: when it goes, neither our fields nor the values under them move, and yet
 * the next apply brings it.
 * @param fieldsV1 our field set in `stored`
 */
export function lacksMembers(
  applied: KubernetesObject,
  stored: KubernetesObject,
  fieldsV1: JsonObject,
  fieldSets: FieldSetCache,
): boolean {
  if (builtInScope(groupOf(applied.apiVersion), applied.kind) !== undefined) return false;
  return lacks(specificsOf(applied), specificsOf(stored), fieldsV1, fieldSets);
}

/** What the schema of a custom resource is about: its metadata is as that of built-in kinds, its status is not ours. */
function specificsOf({ metadata: _, status: __, ...specifics }: KubernetesObject): Json {
  return specifics as unknown as Json;
}

/** A member, empty or not, is missing; null is none, because the server prunes it. */
function lacks(
  applied: Json,
  stored: Json | undefined,
  fields: JsonObject | undefined,
  fieldSets: FieldSetCache,
): boolean {
  if (Array.isArray(applied)) {
    return Array.isArray(stored) && applied.some((item, index) => itemLacks(item, index, stored, fields, fieldSets));
  }
  if (!isMap(applied) || !isMap(stored)) return false;
  return Object.entries(applied).some(([name, value]) => {
    const kept = ownMember(stored, name);
    if (kept === undefined) return value !== undefined && value !== null;
    return lacks(value as Json, kept, fields?.[`f:${name}`] as JsonObject | undefined, fieldSets);
  });
}

/** Items of keyed lists; lists that are applied as a whole are stored as a whole. */
function itemLacks(
  item: Json,
  index: number,
  stored: readonly Json[],
  fields: JsonObject | undefined,
  fieldSets: FieldSetCache,
): boolean {
  for (const name in fields) {
    if (!name.startsWith('k:') || !ownsItem(name, item, index, fieldSets)) continue;
    const kept = stored.find((one, at) => ownsItem(name, one, at, fieldSets));
    return lacks(item, kept, fields[name] as JsonObject, fieldSets);
  }
  return false;
}

function drops(
  applied: Json | undefined,
  stored: Json | undefined,
  fields: JsonObject,
  fieldSets: FieldSetCache,
): boolean {
  if (stored === undefined) return !isEmpty(applied);
  if (isLeaf(fields)) return addsTime(applied, stored);
  if (Array.isArray(applied)) {
    return Array.isArray(stored) && applied.some((item, index) => dropsItem(item, index, stored, fields, fieldSets));
  }
  if (!isMap(applied) || !isMap(stored)) return false;
  for (const name in fields) {
    if (!name.startsWith('f:')) continue;
    const field = name.slice(2);
    if (drops(ownMember(applied, field), ownMember(stored, field), fields[name] as JsonObject, fieldSets)) return true;
  }
  return false;
}

/** An item of a keyed list. One whose key the server completed (a port without protocol) is not found among our fields, and left alone. */
function dropsItem(
  item: Json,
  index: number,
  stored: readonly Json[],
  fields: JsonObject,
  fieldSets: FieldSetCache,
): boolean {
  for (const name in fields) {
    if (!name.startsWith('k:') || !ownsItem(name, item, index, fieldSets)) continue;
    const kept = stored.find((one, at) => ownsItem(name, one, at, fieldSets));
    // An empty key is left out: the item is there and cannot be found by its key any more, which makes the same apply fail.
    if (kept === undefined) return true;
    return drops(item, kept, fields[name] as JsonObject, fieldSets);
  }
  return false;
}

/** Inside what is applied as a whole, the server puts the time of the apply (a device taint's timeAdded): each apply writes another one. */
function addsTime(applied: Json | undefined, stored: Json | undefined): boolean {
  if (applied === undefined) return typeof stored === 'string' && TIME.test(stored);
  if (Array.isArray(applied)) {
    return Array.isArray(stored) && applied.some((item, index) => addsTime(item, stored[index]));
  }
  return (
    isMap(applied) &&
    isMap(stored) &&
    Object.entries(stored).some(([name, value]) => addsTime(ownMember(applied, name), value))
  );
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function isLeaf(fields: JsonObject): boolean {
  for (const name in fields) if (name !== '.') return false;
  return true;
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (typeof value !== 'object') return false;
  const members = Array.isArray(value) ? value : Object.values(value);
  return members.every(isEmpty);
}

function isMap(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
