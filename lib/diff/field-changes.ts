import { ownMember } from '../kubernetes/fields.ts';
import type { Json, KubernetesObject, ManagedFieldsEntry } from '../kubernetes/object.ts';
import { FieldOwners } from './field-owners.ts';
import { FieldSetCache } from './field-set.ts';

/** One difference between two states of an object, unmasked. */
export interface RawFieldChange {
  /** "spec.template.spec.containers[name=cart].image"; names that are no plain words stand quoted: `metadata.labels["app.kubernetes.io/name"]`. */
  readonly path: string;
  readonly op: 'add' | 'remove' | 'replace';
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
  /** Managers of the field before the change. */
  readonly owners: readonly ManagedFieldsEntry[];
}

/** Metadata that the server writes, never an effect of an apply. */
const SERVER_METADATA = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** Keys of lists of which no manager says how they are keyed: the usual ones, tried in this order. */
const USUAL_KEYS: readonly (readonly string[])[] = [
  ['name'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['mountPath'],
  ['devicePath'],
  ['topologyKey', 'whenUnsatisfiable'],
  ['ip'],
  ['uid'],
  ['host'],
  ['key'],
  ['type'],
];

/**
 * What changes from one state of an object to another, field by field. Both states come from the server (live, and the dry run's answer), so its defaults,
 * other managers' fields and spellings of quantities are equal on both sides and never appear; `status` and what the server writes into metadata are left
 * out. Items of keyed lists are matched by key, and a changed order is a change of its own; lists of plain values change as a whole.
 */
export function diffFields(
  before: KubernetesObject,
  after: KubernetesObject,
  fieldSets: FieldSetCache = new FieldSetCache(),
): RawFieldChange[] {
  const changes: RawFieldChange[] = [];
  const owners = FieldOwners.of(before.metadata.managedFields, fieldSets);
  const ownersAfter = FieldOwners.of(after.metadata.managedFields, fieldSets);
  for (const name of namesOf(before, after)) {
    if (name === 'status' || name === 'kind') continue;
    const [a, b] = [ownMember(before, name) as Json | undefined, ownMember(after, name) as Json | undefined];
    if (name === 'metadata') {
      const metadataBefore = withoutServerMetadata(before.metadata);
      const metadataAfter = withoutServerMetadata(after.metadata);
      compare(metadataBefore, metadataAfter, 'metadata', owners.member(name), ownersAfter.member(name), changes);
    } else {
      compare(a, b, pathOf('', name), owners.member(name), ownersAfter.member(name), changes);
    }
  }
  return changes;
}

/** Equality of JSON values; a member that is undefined is absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equalJson(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const name in x) if (!equalJson(x[name], ownMember(y, name))) return false;
  for (const name in y) if (y[name] !== undefined && ownMember(x, name) === undefined) return false;
  return true;
}

function withoutServerMetadata(metadata: object): Json {
  const kept = Object.entries(metadata).filter(([name]) => !SERVER_METADATA.has(name));
  return Object.fromEntries(kept);
}

function compare(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
  owners: FieldOwners,
  ownersAfter: FieldOwners,
  changes: RawFieldChange[],
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined || after === undefined) {
    const op = before === undefined ? 'add' : 'remove';
    changes.push({ path, op, before, after, owners: owners.entries() });
    return;
  }
  if (equalJson(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after) && before.every(isObject) && after.every(isObject)) {
    compareLists(before, after, path, owners, ownersAfter, changes);
    return;
  }
  if (isObject(before) && isObject(after)) {
    for (const name of namesOf(before, after)) {
      const [a, b] = [ownMember(before, name), ownMember(after, name)];
      compare(a, b, pathOf(path, name), owners.member(name), ownersAfter.member(name), changes);
    }
    return;
  }
  changes.push({ path, op: 'replace', before, after, owners: owners.entries() });
}

type Item = { [name: string]: Json | undefined };

function compareLists(
  before: readonly Item[],
  after: readonly Item[],
  path: string,
  owners: FieldOwners,
  ownersAfter: FieldOwners,
  changes: RawFieldChange[],
): void {
  const key = keyOfList(before, after, owners.listKey() ?? ownersAfter.listKey());
  if (key === undefined) {
    compareByPosition(before, after, path, owners, ownersAfter, changes);
    return;
  }
  const labelled = (items: readonly Item[]) =>
    new Map(items.map((item, index) => [labelOf(item, key), { item, index }]));
  const [old, next] = [labelled(before), labelled(after)];
  const kept = [...old.keys()].filter((label) => next.has(label));
  const keptAfter = [...next.keys()].filter((label) => old.has(label));
  if (kept.some((label, position) => label !== keptAfter[position])) {
    const order = (items: ReadonlyMap<string, unknown>) => [...items.keys()];
    changes.push({
      path: `${path}[order]`,
      op: 'replace',
      before: order(old),
      after: order(next),
      owners: owners.entries(),
    });
  }
  for (const label of new Set([...old.keys(), ...next.keys()])) {
    const [a, b] = [old.get(label), next.get(label)];
    const itemOwners = a === undefined ? owners.item(b?.item, b?.index ?? 0) : owners.item(a.item, a.index);
    const itemOwnersAfter = ownersAfter.item((b ?? a)?.item, (b ?? a)?.index ?? 0);
    compare(a?.item, b?.item, `${path}[${label}]`, itemOwners, itemOwnersAfter, changes);
  }
}

/** Lists without a key: what is equal at both ends stays, the rest is compared in order. */
function compareByPosition(
  before: readonly Item[],
  after: readonly Item[],
  path: string,
  owners: FieldOwners,
  ownersAfter: FieldOwners,
  changes: RawFieldChange[],
): void {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && equalJson(before[start], after[start])) start++;
  let end = 0;
  while (end < shorter - start && equalJson(before[before.length - 1 - end], after[after.length - 1 - end])) end++;
  const removed = before.length - end;
  const added = after.length - end;
  for (let index = start; index < Math.max(removed, added); index++) {
    const [a, b] = [index < removed ? before[index] : undefined, index < added ? after[index] : undefined];
    const itemOwners = owners.item(a ?? b, index);
    compare(a, b, `${path}[${index}]`, itemOwners, ownersAfter.item(b ?? a, index), changes);
  }
}

/** Key members under which every item of both lists is a different one. */
function keyOfList(
  before: readonly Item[],
  after: readonly Item[],
  known: readonly string[] | undefined,
): readonly string[] | undefined {
  const candidates = known === undefined ? USUAL_KEYS : [known, ...USUAL_KEYS];
  return candidates.find((key) => [before, after].every((items) => isKey(items, key)));
}

function isKey(items: readonly Item[], key: readonly string[]): boolean {
  const labels = new Set<string>();
  for (const item of items) {
    if (!key.some((part) => isPlain(item[part]))) return false;
    labels.add(labelOf(item, key));
  }
  return labels.size === items.length;
}

/** How an item is named in paths: "name=cart", "containerPort=80,protocol=TCP". */
export function labelOf(item: Item, key: readonly string[]): string {
  return key.flatMap((part) => (item[part] === undefined ? [] : [`${part}=${plainText(item[part])}`])).join(',');
}

function plainText(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[[\],="\\\s]/.test(text) ? JSON.stringify(text) : text;
}

/** Extends a path by a member. */
export function pathOf(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function namesOf(a: object, b: object): Set<string> {
  return new Set([...Object.keys(a), ...Object.keys(b)]);
}

function isObject(value: Json | undefined): value is Item {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isPlain(value: Json | undefined): boolean {
  return value !== undefined && (value === null || typeof value !== 'object');
}
