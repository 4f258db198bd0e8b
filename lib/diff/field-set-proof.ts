import { ownMember } from '../kubernetes/fields.ts';
import { groupOf, isSecret, type Json, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import { scopesWith } from '../kubernetes/scope.ts';
import { equalJson } from './field-changes.ts';
import { applyEntryOf, type FieldSetCache, ownsItem } from './field-set.ts';

/** What the server may do to an object beside what an apply says. */
export interface ServerFacts {
  /** A mutating webhook or policy may touch objects of this kind, or nobody may say. */
  readonly mutates: boolean;
  /** The kind is served in this version alone. In others the server may complete what an object of this one lacks. */
  readonly onlyVersion: boolean;
}

/** Why an object is not proved unchanged by itself. */
export type FieldSetDoubt =
  | 'being deleted'
  | 'not normalised'
  | 'our apply entry is gone'
  | 'admission may change it'
  | 'several versions are served'
  | 'completed by the server'
  | 'another set of fields'
  | 'other values'
  | 'another order';

/**
 * The proof of "unchanged" for objects of which the inventory holds none: from what is wanted, our entry in managedFields, and the live values alone; undefined when applying would change no value
 * and no ownership. It trusts nothing that was remembered, the key of the server's state least of all, and computes no difference: whatever it cannot see through is a doubt, to be settled
 * by a dry run.
 *
 * It holds when our set of fields is exactly that of the wanted object, walked with the set as the guide; every value that is owned as a whole (scalars, atomic lists and maps) is equal in JSON, so that
 * a default inside an atomic list or another spelling of a quantity is a doubt; items of keyed lists and sets are there once each, with their keys written, in the same order; and nothing
 * else has a hand in it: no mutating webhook or policy, no second version with defaults of its own. Of custom resources everything beside metadata must be equal: their schema may have made an atomic list
 * of a keyed one since the set was written.
 * @param live read in the version that is applied, with managedFields
 * @param applied what would be sent, namespace and label included
 */
export function doubtAboutSets(
  live: KubernetesObject,
  applied: KubernetesObject,
  manager: string,
  { mutates, onlyVersion }: ServerFacts,
  fieldSets: FieldSetCache,
): FieldSetDoubt | undefined {
  const { apiVersion, kind } = applied;
  const id = { group: groupOf(apiVersion), kind };
  if (live.metadata.deletionTimestamp !== undefined) return 'being deleted';
  if (applied.status !== undefined || (isSecret(id) && applied.stringData !== undefined)) return 'not normalised';
  if (mutates) return 'admission may change it';
  if (!onlyVersion || live.apiVersion !== apiVersion) return 'several versions are served';
  const own = applyEntryOf(live, manager);
  if (own?.fieldsV1 === undefined || own.apiVersion !== apiVersion) return 'our apply entry is gone';
  const [wanted, found] = [contentOf(applied), contentOf(live)];
  if (!isBuiltIn(id.group, id.kind) && !equalJson({ ...wanted, metadata: 0 }, { ...found, metadata: 0 }))
    return 'completed by the server';
  return doubtBelow(wanted, found, own.fieldsV1, fieldSets);
}

const isBuiltIn = scopesWith([]);

/** What an apply owns fields of: no identity, no status. */
function contentOf({ apiVersion: _, kind: __, status: ___, metadata, ...content }: KubernetesObject): JsonObject {
  const { name: ____, namespace: _____, ...rest } = metadata;
  return { ...content, metadata: rest as JsonObject } as JsonObject;
}

function doubtBelow(
  wanted: Json | undefined,
  found: Json | undefined,
  fields: JsonObject,
  fieldSets: FieldSetCache,
): FieldSetDoubt | undefined {
  if (wanted === undefined || wanted === null) return 'another set of fields';
  if (found === undefined || found === null) return 'other values';
  const names = Object.keys(fields).filter((name) => name !== '.');
  if (names.length === 0) return isPlain(wanted) && equalJson(wanted, found) ? undefined : 'other values';
  if (Array.isArray(wanted)) {
    return Array.isArray(found) ? doubtAboutItems(wanted, found, fields, names, fieldSets) : 'other values';
  }
  if (!isMap(wanted) || !isMap(found)) return 'other values';
  const members = Object.keys(wanted).filter((member) => wanted[member] !== undefined);
  if (members.length !== names.length) return 'another set of fields';
  for (const member of members) {
    const below = fields[`f:${member}`] as JsonObject | undefined;
    if (below === undefined) return 'another set of fields';
    const value = ownMember(found, member);
    const doubt = doubtBelow(wanted[member], value, below, fieldSets);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

/** Items of a keyed list, or of a set: each of ours stands once on both sides, in one order. */
function doubtAboutItems(
  wanted: readonly Json[],
  found: readonly Json[],
  fields: JsonObject,
  names: readonly string[],
  fieldSets: FieldSetCache,
): FieldSetDoubt | undefined {
  const nameOf = (item: Json, index: number) => names.filter((name) => ownsItem(name, item, index, fieldSets));
  const ours = wanted.map(nameOf);
  // A missing key that the server completes, a duplicate, an item beside our set.
  if (ours.some((matches) => matches.length !== 1) || names.some((name) => !/^[kv]:/.test(name)))
    return 'another set of fields';
  const order = ours.map(([name = '']) => name);
  if (new Set(order).size !== names.length || order.length !== names.length) return 'another set of fields';
  const places = found.flatMap((item, index) => nameOf(item, index).map((name) => ({ name, index })));
  if (places.length !== names.length) return 'other values';
  if (places.some(({ name }, at) => name !== order[at])) return 'another order';
  for (const [at, { name, index }] of places.entries()) {
    if (name.startsWith('v:')) continue;
    const doubt = doubtBelow(wanted[at], found[index], fields[name] as JsonObject, fieldSets);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

/** Values that JSON and the server read alike: no null, no integer beyond what a double holds. */
function isPlain(value: Json): boolean {
  if (value === null) return false;
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object') return true;
  return Object.values(value).every((member) => member === undefined || isPlain(member));
}

function isMap(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
