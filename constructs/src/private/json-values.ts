import type { IConstruct } from 'constructs';
import type { JsonValue } from '../assembly-format';
import { define, isUnsafeKey } from '../json-patch';
import { FlatJson } from './flat-json';
import { fail } from './problem';

/** An object as JSON has them. */
export interface JsonMap {
  readonly [key: string]: JsonValue;
}

/** What to do about a value that JSON cannot hold. */
export const PLAIN_DATA_RULE = 'Replace it by plain data: texts, numbers, booleans, lists and maps.';

/**
 * A value of the program as plain JSON. Refuses what JSON cannot hold, and keys at any depth that could reach a prototype in whatever reads
 * the value later.
 * @param what "values", "The value of a patch"
 * @param source line of the program that gives it, where that is not the construct's
 */
export function safeJson(construct: IConstruct, what: string, value: unknown, source?: string): JsonValue {
  const plain = new FlatJson().fill(value);
  if (plain.offence !== undefined) {
    fail(
      construct,
      'ORR2015',
      `${[what, ...plain.offence.path].join('.')} is ${plain.offence.what}, which JSON cannot hold.`,
      { source, fix: PLAIN_DATA_RULE },
    );
  }
  const json = plain.toJson();
  const unsafe = pathOfUnsafeKey(json);
  if (unsafe !== undefined) {
    fail(construct, 'ORR2018', `${what} has the key "${unsafe.join('.')}".`, {
      fix: 'Keys named __proto__, constructor or prototype are refused in values, overrides and patches.',
      source,
    });
  }
  return json;
}

/** Merges maps by key, the second over the first; anything else is replaced. Neither is changed. */
export function mergeMaps(base: JsonMap, over: JsonMap): JsonMap {
  const result: { [key: string]: JsonValue } = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const existing = Object.hasOwn(result, key) ? result[key] : undefined;
    define(result, key, isMap(existing) && isMap(value) ? mergeMaps(existing, value) : value);
  }
  return result;
}

function isMap(value: JsonValue | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathOfUnsafeKey(value: JsonValue): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (isUnsafeKey(key)) return [key];
    const path = pathOfUnsafeKey(member);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}
