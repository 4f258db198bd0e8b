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

/** Parsed path elements of fieldsV1, shared by the objects of one run: the same few come back in every object. */
export type ListKeyCache = Map<string, PathElement>;

interface PathElement {
  /** field: "f:name". item: "k:{…}", an item of an associative list. value: "v:…", an item of a set. index: "i:0". self: ".". */
  readonly kind: 'field' | 'item' | 'value' | 'index' | 'self' | 'unknown';
  /** Name of the field. */
  readonly member: string;
  /** How it stands in a projection. */
  readonly text: string;
  /** Key members of the item, or the value, or the index. */
  readonly key?: Json | undefined;
}

/** The one server-side-apply entry of a manager, or undefined when there is none or more than one. */
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
  const { fields, projection } = ownedTexts(live, fieldsV1, keys);
  return {
    fields: shortDigest(fields),
    projection: hmacKey === undefined ? shortDigest(projection) : hmacSha256(hmacKey, projection).slice(0, 32),
  };
}

/** 128 bits of sha256: nobody finds a second preimage of that, and an inventory of 10,000 entries stays small. */
function shortDigest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/**
 * The texts under the digests: our set of fields as canonical JSON, and the projection. The projection is canonical but no JSON: every name and string carries
 * its length, so nothing needs quoting. This is the hottest loop of a plan.
 */
export function ownedTexts(live: unknown, fieldsV1: JsonObject, keys: ListKeyCache): OwnedFields {
  const walk = new ProjectionWalk(keys);
  walk.into(live, fieldsV1);
  // The server writes field names in order, so that its own JSON is canonical already; the walk has seen every name.
  return { fields: walk.inOrder ? JSON.stringify(fieldsV1) : canonicalJson(fieldsV1), projection: walk.text };
}

class ProjectionWalk {
  text = '';
  inOrder = true;
  readonly #keys: ListKeyCache;

  constructor(keys: ListKeyCache) {
    this.#keys = keys;
  }

  into(value: unknown, fields: JsonObject): void {
    const names = this.#namesOf(fields);
    // A field without children is owned as a whole: scalars, atomic lists and maps, and `{}`.
    if (names.length === 0 || (names.length === 1 && names[0] === '.')) {
      this.text += valueText(value);
    } else if (Array.isArray(value)) {
      this.#list(value, fields, names);
    } else if (value === null || typeof value !== 'object') {
      // The type changed under us: whatever stands there now is not what was projected before.
      this.text += valueText(value);
      this.#skip(fields, names);
    } else {
      this.#object(value as Record<string, unknown>, fields, names);
    }
  }

  /** A field that is absent from the value is absent from the projection. */
  #object(record: Record<string, unknown>, fields: JsonObject, names: readonly string[]): void {
    this.text += '(';
    for (const name of names) {
      const element = pathElement(name, this.#keys);
      const value = element.kind === 'field' ? record[element.member] : undefined;
      // What a plain object inherits is no JSON value.
      if (value === undefined || typeof value === 'function' || value === Object.prototype) {
        this.#skip(fields[name] as JsonObject);
      } else {
        this.text += element.text;
        this.into(value, fields[name] as JsonObject);
      }
    }
    this.text += ')';
  }

  #list(list: readonly unknown[], fields: JsonObject, names: readonly string[]): void {
    const found = new Set<string>();
    this.text += '<';
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      for (const name of names) {
        const element = pathElement(name, this.#keys);
        if (!isItem(element, item, index)) continue;
        found.add(name);
        this.text += element.text;
        if (element.kind === 'value') this.text += valueText(item);
        else this.into(item, fields[name] as JsonObject);
        break;
      }
    }
    this.text += '>';
    if (found.size < names.length)
      for (const name of names) if (!found.has(name)) this.#skip(fields[name] as JsonObject);
  }

  /** Looks only at the order of names. */
  #skip(fields: JsonObject, names: readonly string[] = this.#namesOf(fields)): void {
    for (const name of names) this.#skip(fields[name] as JsonObject);
  }

  #namesOf(fields: JsonObject): string[] {
    const names = Object.keys(fields);
    if (isSorted(names)) return names;
    this.inOrder = false;
    return names.sort();
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return `${value.length}"${value}`;
  if (value === null || typeof value !== 'object') return `=${String(value)};`;
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += valueText(item);
    return `[${text}]`;
  }
  const record = value as JsonObject;
  const names = Object.keys(record);
  for (const name of isSorted(names) ? names : names.sort()) {
    const member = record[name];
    if (member !== undefined) text += `${name.length}:${name}${valueText(member)}`;
  }
  return `{${text}}`;
}

/** Whether a path element of fieldsV1 means this item of a list. */
export function ownsItem(name: string, item: unknown, index: number, keys: ListKeyCache): boolean {
  return isItem(pathElement(name, keys), item, index);
}

function isItem({ kind, key }: PathElement, item: unknown, index: number): boolean {
  if (kind === 'index') return key === index;
  if (kind === 'value') return key === item || canonicalJson(item) === canonicalJson(key);
  if (kind !== 'item' || item === null || typeof item !== 'object') return false;
  const wanted = key as JsonObject;
  for (const part in wanted) {
    const expected = wanted[part];
    const actual = (item as Record<string, unknown>)[part];
    if (expected !== actual && canonicalJson(expected) !== canonicalJson(actual)) return false;
  }
  return true;
}

function pathElement(name: string, keys: ListKeyCache): PathElement {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const element = parsedElement(name);
  keys.set(name, element);
  return element;
}

function parsedElement(name: string): PathElement {
  const rest = name.slice(2);
  const text = `${name.length}:${name}`;
  if (name === '.') return { kind: 'self', member: '', text };
  if (name.startsWith('f:')) return { kind: 'field', member: rest, text };
  if (name.startsWith('i:')) return { kind: 'index', member: '', text, key: Number(rest) };
  try {
    const key: Json = JSON.parse(rest);
    if (name.startsWith('v:')) return { kind: 'value', member: '', text, key };
    const isKey = name.startsWith('k:') && key !== null && typeof key === 'object' && !Array.isArray(key);
    if (isKey) return { kind: 'item', member: '', text, key };
  } catch {
    // No path element that any API server writes: it matches nothing.
  }
  return { kind: 'unknown', member: '', text };
}

function isSorted(names: readonly string[]): boolean {
  for (let at = 1; at < names.length; at++) if ((names[at - 1] as string) > (names[at] as string)) return false;
  return true;
}
