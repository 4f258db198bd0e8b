import type { JsonValue } from '../assembly-format';
import { sameJson } from '../json-patch';

/** A `plaintext` overrider of Karmada: an operation of RFC 6902. */
export interface PlaintextOverrider {
  readonly path: string;
  readonly operator: 'add' | 'remove' | 'replace';
  readonly value?: JsonValue;
}

export type JsonMap = { readonly [key: string]: JsonValue };

/**
 * The operations that make one object of another one, labels aside. They also hold on what an API server keeps of the first: it adds defaults, and drops what is
 * empty. So members are added, which replaces where they exist; only what surely is there is removed or entered. Lists of another length are replaced as a whole.
 */
export function overridersBetween(from: JsonMap, to: JsonMap): PlaintextOverrider[] {
  const operations: PlaintextOverrider[] = [];
  compareMaps(withLabels(from, undefined), withLabels(to, undefined), '', operations);
  return operations;
}

/**
 * The operations after which an object has the labels of another one, whatever it had: those that an apply or Karmada put on the template are none of the
 * cluster's object.
 */
export function labelOverriders(to: JsonMap): PlaintextOverrider[] {
  const labels = labelsOf(to);
  const set: PlaintextOverrider = { path: LABELS, operator: 'add', value: labels ?? {} };
  return labels === undefined ? [set, { path: LABELS, operator: 'remove' }] : [set];
}

const LABELS = '/metadata/labels';

export function labelsOf(object: JsonMap): JsonMap | undefined {
  const { labels } = (object.metadata ?? {}) as { readonly labels?: JsonMap };
  return labels;
}

/** The same object with other labels; undefined: with none. */
export function withLabels(object: JsonMap, labels: JsonMap | undefined): JsonMap {
  const { labels: _others, ...metadata } = (object.metadata ?? {}) as { readonly [key: string]: JsonValue };
  return { ...object, metadata: { ...metadata, ...(labels === undefined ? {} : { labels }) } };
}

function compareMaps(from: JsonMap, to: JsonMap, pointer: string, operations: PlaintextOverrider[]): void {
  for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
    const path = `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    const after = Object.hasOwn(to, key) ? to[key] : undefined;
    if (after === undefined) {
      // What the server may have dropped cannot be removed: then it is there before it goes.
      if (!stays(before)) operations.push({ path, operator: 'add', value: before ?? null });
      operations.push({ path, operator: 'remove' });
    } else compareValues(before, after, path, 'add', operations);
  }
}

function compareValues(
  before: JsonValue | undefined,
  after: JsonValue,
  path: string,
  set: 'add' | 'replace',
  operations: PlaintextOverrider[],
): void {
  if (before !== undefined && sameJson(before, after)) return;
  if (isMap(before) && isMap(after) && stays(before)) compareMaps(before, after, path, operations);
  else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && stays(before))
    for (const [i, item] of after.entries())
      compareValues(before[i] as JsonValue, item, `${path}/${i}`, 'replace', operations);
  else operations.push({ path, operator: set, value: after });
}

/** Whether an API server keeps a value for sure: what is empty it may drop. */
function stays(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.values(value).some(stays);
  return Boolean(value);
}

function isMap(value: JsonValue | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
