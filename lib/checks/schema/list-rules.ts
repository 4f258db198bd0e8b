import { labelOf } from '../../diff/field-changes.ts';
import { canonicalJson } from '../../kubernetes/canonical.ts';
import type { Json, JsonObject } from '../../kubernetes/object.ts';
import { isMap, type Schema } from './schema.ts';

interface ListViolation {
  readonly type: 'duplicate' | 'required';
  /** Position of the item. */
  readonly at: number;
  readonly what: string;
  readonly fix: string;
}

/**
 * Lists that server-side apply takes apart (sigs.k8s.io/structured-merge-diff, typed/helpers.go): items of a list with keys have all of them and no two the
 * same, items of a set differ.
 */
export function listViolations({ listKeys, items }: Schema, list: readonly Json[]): ListViolation[] {
  const found: ListViolation[] = [];
  const seen = new Map<string, number>();
  const fields = items?.fields?.().known;
  list.forEach((item, at) => {
    if (item === null) {
      found.push({ type: 'required', at, what: 'The item is null.', fix: 'Remove it, or write what it shall hold.' });
      return;
    }
    let identity: string;
    if (listKeys === undefined) {
      if (typeof item === 'object') identity = canonicalJson(item);
      else identity = `${typeof item} ${String(item)}`;
    } else {
      if (!isMap(item)) return;
      // null, too, is a value of a key.
      const values = listKeys.map((key) => (item[key] === undefined ? fields?.get(key)?.default : item[key]));
      const missing = listKeys.filter((_, n) => values[n] === undefined);
      // Where the field itself is required, that it is missing is said already.
      const [first] = missing.filter((key) => fields?.get(key)?.required !== true);
      if (first !== undefined && missing.length === listKeys.length) {
        found.push({
          type: 'required',
          at,
          what: `It has no ${missing.join(' and ')}, by which the items of this list are told apart.`,
          fix: `Give it ${missing.join(' and ')}.`,
        });
      }
      if (missing.length > 0) return;
      identity = JSON.stringify(values);
    }
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, at);
    else found.push({ type: 'duplicate', at, ...sameAs(listKeys, item, first) });
  });
  return found;
}

function sameAs(keys: readonly string[] | undefined, item: Json, first: number): { what: string; fix: string } {
  if (keys === undefined)
    return {
      what: `It is in the list twice, first at ${first}; items of this list are different.`,
      fix: 'Remove one.',
    };
  const label = labelOf(item as JsonObject & Record<string, Json>, keys);
  return {
    what: `The list has two items with ${label}, the first at ${first}; the API server refuses that.`,
    fix: 'Remove one, or give it another key.',
  };
}

/** How an item is named in paths: by its keys where they tell it from the others, else by its position. */
export function itemLabel(keys: readonly string[] | undefined, list: readonly Json[], at: number): string {
  const item = list[at];
  if (keys === undefined || item === undefined || !isMap(item)) return String(at);
  const same = list.filter((one) => isMap(one) && keys.every((key) => one[key] === item[key]));
  const isPlain = keys.every((key) => item[key] === undefined || typeof item[key] !== 'object');
  const label = isPlain && same.length === 1 ? labelOf(item as JsonObject & Record<string, Json>, keys) : '';
  return label === '' ? String(at) : label;
}
