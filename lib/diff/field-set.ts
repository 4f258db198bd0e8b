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

/** What is parsed of fieldsV1, shared by the objects of one run: the same few shapes, and path elements, come back in every object. */
export class FieldSetCache {
  readonly elements = new Map<string, PathElement>();
  /** By the text of fieldsV1. */
  readonly shapes = new Map<string, Shape>();
}

/** Shapes remembered in a run. Where every object has its own (the keys of ConfigMaps), memory is worth more than a second parsing. */
const REMEMBERED_SHAPES = 256;

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
  cache: FieldSetCache,
  hmacKey?: Uint8Array | undefined,
): OwnedFields {
  const shape = shapeOf(fieldsV1, cache);
  const projection = nodeText(live, shape.root);
  shape.digest ??= shortDigest(shape.text);
  return {
    fields: shape.digest,
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
export function ownedTexts(live: unknown, fieldsV1: JsonObject, cache: FieldSetCache): OwnedFields {
  const { text, root } = shapeOf(fieldsV1, cache);
  return { fields: text, projection: nodeText(live, root) };
}

/** A fieldsV1, ready to be laid over any number of objects. */
interface Shape {
  /** Canonical JSON. */
  readonly text: string;
  readonly root: ShapeNode;
  /** Of the text; made when first asked. */
  digest?: string;
}

/** Path elements and what lies below them, in canonical order. Undefined: owned as a whole, which scalars, atomic lists and maps, and `{}` are. */
type ShapeNode = readonly ShapeMember[] | undefined;

interface ShapeMember {
  readonly element: PathElement;
  readonly below: ShapeNode;
}

function shapeOf(fieldsV1: JsonObject, cache: FieldSetCache): Shape {
  const written = JSON.stringify(fieldsV1);
  const known = cache.shapes.get(written);
  if (known !== undefined) return known;
  // The server writes field names in order, so that its own JSON is canonical already.
  const shape = { text: isInOrder(fieldsV1) ? written : canonicalJson(fieldsV1), root: shapeNode(fieldsV1, cache) };
  if (cache.shapes.size < REMEMBERED_SHAPES) cache.shapes.set(written, shape);
  return shape;
}

function isInOrder(fields: JsonObject): boolean {
  const names = Object.keys(fields);
  return isSorted(names) && names.every((name) => isInOrder(fields[name] as JsonObject));
}

function shapeNode(fields: JsonObject, cache: FieldSetCache): ShapeNode {
  const names = Object.keys(fields);
  if (names.length === 0 || (names.length === 1 && names[0] === '.')) return undefined;
  if (!isSorted(names)) names.sort();
  return names.map((name) => ({
    element: pathElement(name, cache),
    below: shapeNode(fields[name] as JsonObject, cache),
  }));
}

function nodeText(value: unknown, node: ShapeNode): string {
  if (node === undefined) return valueText(value);
  if (Array.isArray(value)) return listText(value, node);
  // The type changed under us: whatever stands there now is not what was projected before.
  if (value === null || typeof value !== 'object') return valueText(value);
  return mapText(value as Record<string, unknown>, node);
}

/** A field that is absent from the value is absent from the projection. */
function mapText(record: Record<string, unknown>, members: readonly ShapeMember[]): string {
  let text = '(';
  for (const { element, below } of members) {
    if (element.kind !== 'field') continue;
    const value = record[element.member];
    // What a plain object inherits is no JSON value.
    if (value === undefined || typeof value === 'function' || value === Object.prototype) continue;
    text += element.text;
    text += nodeText(value, below);
  }
  return `${text})`;
}

function listText(list: readonly unknown[], members: readonly ShapeMember[]): string {
  let text = '<';
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    for (const { element, below } of members) {
      if (!isItem(element, item, index)) continue;
      text += element.text;
      text += element.kind === 'value' ? valueText(item) : nodeText(item, below);
      break;
    }
  }
  return `${text}>`;
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
export function ownsItem(name: string, item: unknown, index: number, cache: FieldSetCache): boolean {
  return isItem(pathElement(name, cache), item, index);
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

function pathElement(name: string, { elements }: FieldSetCache): PathElement {
  const known = elements.get(name);
  if (known !== undefined) return known;
  const element = parsedElement(name);
  elements.set(name, element);
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
