import { hash } from 'node:crypto';
import { canonicalJson, hmacSha256 } from '../kubernetes/canonical.ts';
import type { Json, JsonObject, KubernetesObject, ManagedFieldsEntry } from '../kubernetes/object.ts';

/**
 * F and P of an object: what we own, and what the live object says there.
 *
 * F is the digest of our fieldsV1 in canonical form. P is the digest of the live object projected under it. Both must agree with what the apply response
 * said for an object to be provably unchanged; either alone is fooled (facts: server-side apply, section 1). The projection keeps the live order of list items
 * and every item that matches a key: duplicates and swapped items change what an apply would do although no owned value changes.
 */
export interface OwnedFields {
  readonly fields: string;
  readonly projection: string;
}

/** Parsed list keys, shared by the objects of one run: the same few keys ("name", port and protocol) come back in every object. */
export type ListKeyCache = Map<string, Json | undefined>;

/** The one server-side-apply entry of a manager, or undefined when there is none or more than one (several versions of a kind). */
export function applyEntryOf(object: KubernetesObject, manager: string): ManagedFieldsEntry | undefined {
  let found: ManagedFieldsEntry | undefined;
  for (const entry of object.metadata.managedFields ?? []) {
    if (entry.manager !== manager || entry.operation !== 'Apply' || entry.subresource) continue;
    if (found !== undefined) return undefined;
    found = entry;
  }
  return found;
}

/**
 * F and P of a live object.
 * @param hmacKey given for objects whose values are secret: P is then an HMAC.
 */
export function ownedFields(
  live: KubernetesObject,
  fieldsV1: JsonObject,
  keys: ListKeyCache,
  hmacKey?: Uint8Array | undefined,
): OwnedFields {
  const projection = projectionText(live, fieldsV1, keys);
  return {
    fields: shortDigest(canonicalJson(fieldsV1)),
    projection: hmacKey === undefined ? shortDigest(projection) : hmacSha256(hmacKey, projection).slice(0, 32),
  };
}

/** 128 bits of sha256: nobody finds a second preimage of that, and an inventory of 10,000 entries stays small. */
function shortDigest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** The projection itself: canonical text, for tests and digests. A field that is absent from the value is absent from the text. */
export function projectionText(value: unknown, fields: JsonObject, keys: ListKeyCache): string {
  const names = childNames(fields);
  // A field without children is owned as a whole: scalars, atomic lists and maps, and `{}`.
  if (names.length === 0) return canonicalJson(value);
  if (Array.isArray(value)) return listText(value, fields, names, keys);
  // The type changed under us: whatever stands there now is not what was projected before.
  if (value === null || typeof value !== 'object') return canonicalJson(value);
  const record = value as Record<string, unknown>;
  let text = '';
  for (const name of names) {
    if (!name.startsWith('f:')) continue;
    const key = name.slice(2);
    const member = Object.hasOwn(record, key) ? record[key] : undefined;
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${projectionText(member, fields[name] as JsonObject, keys)}`;
  }
  return `{${text}}`;
}

function listText(list: readonly unknown[], fields: JsonObject, names: readonly string[], keys: ListKeyCache): string {
  let text = '';
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    for (const name of names) {
      if (!ownsItem(name, item, index, keys)) continue;
      const owned = name.startsWith('v:')
        ? canonicalJson(item)
        : projectionText(item, fields[name] as JsonObject, keys);
      text += `${text === '' ? '' : ','}[${JSON.stringify(name)},${owned}]`;
      break;
    }
  }
  return `[${text}]`;
}

/** Whether a path element of fieldsV1 (k: associative list, v: set, i: index) means this item of a list. */
export function ownsItem(name: string, item: unknown, index: number, keys: ListKeyCache): boolean {
  if (name.startsWith('i:')) return Number(name.slice(2)) === index;
  if (name.startsWith('v:')) return canonicalJson(item) === canonicalJson(parsedKey(name, keys));
  if (!name.startsWith('k:') || item === null || typeof item !== 'object') return false;
  const key = parsedKey(name, keys);
  if (key === undefined || key === null || typeof key !== 'object' || Array.isArray(key)) return false;
  for (const part in key) {
    const expected = key[part];
    const actual = (item as Record<string, unknown>)[part];
    if (expected !== actual && canonicalJson(expected) !== canonicalJson(actual)) return false;
  }
  return true;
}

function parsedKey(name: string, keys: ListKeyCache): Json | undefined {
  if (keys.has(name)) return keys.get(name);
  let parsed: Json | undefined;
  try {
    parsed = JSON.parse(name.slice(2));
  } catch {
    parsed = undefined;
  }
  keys.set(name, parsed);
  return parsed;
}

function childNames(fields: JsonObject): string[] {
  const names: string[] = [];
  for (const name in fields) if (name !== '.') names.push(name);
  return names.sort();
}
