import type { IConstruct } from 'constructs';
import { define, isPlainObject } from './plain-data';
import { fail } from './problem';

/** Names that reach the prototype of an object when a program assigns by them. */
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

export function isUnsafeKey(key: string): boolean {
  return UNSAFE.has(key);
}

/** Merges maps by key, the second over the first; anything else is replaced. Neither is changed; `undefined` changes nothing. */
export function mergeMaps(
  base: { readonly [key: string]: unknown },
  over: { readonly [key: string]: unknown },
): { [key: string]: unknown } {
  const result: { [key: string]: unknown } = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const existing = Object.hasOwn(result, key) ? result[key] : undefined;
    define(result, key, isMap(existing) && isMap(value) ? mergeMaps(existing, value) : value);
  }
  return result;
}

/** Refuses keys at any depth that could reach a prototype in whatever reads the values later. */
export function refuseUnsafeKeys(
  construct: IConstruct,
  what: string,
  value: unknown,
  path: readonly string[] = [],
): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const at = [...path, key];
    if (isUnsafeKey(key)) {
      fail(construct, 'ORR2018', `${what} has the key "${at.join('.')}".`, {
        fix: 'Keys named __proto__, constructor or prototype are refused in values, overrides and patches.',
      });
    }
    refuseUnsafeKeys(construct, what, member, at);
  }
}

function isMap(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainObject(value);
}
