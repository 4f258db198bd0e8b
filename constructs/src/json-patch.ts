import type { JsonValue, PatchOperation } from './assembly-format';

/**
 * JSON patches (RFC 6902) and merge patches (RFC 7386). Used at synth for objects of constructs, and by the engine for what charts render: it imports nothing.
 */

/** Names that reach the prototype of an object when a program assigns by them. */
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

export function isUnsafeKey(key: string): boolean {
  return UNSAFE.has(key);
}

/** Sets a member without touching the prototype, whatever its name. */
export function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A patch that cannot be applied; the message says which operation and why. */
export class PatchFailure {
  public constructor(
    public readonly operation: PatchOperation,
    public readonly why: string,
    public readonly unsafe = false,
  ) {}
}

type Container = JsonValue[] | { [key: string]: JsonValue };

/**
 * Applies operations to a copy of a document, as RFC 6902 says: what is replaced, removed, moved, copied or tested must exist, and the parent
 * of what is added too. (cdk8s's JsonPatch adds what should be replaced.) Paths through `__proto__`, `constructor` or `prototype` are refused.
 * @returns the new document, or why it failed
 */
export function applyJsonPatch(document: JsonValue, operations: readonly PatchOperation[]): JsonValue | PatchFailure {
  let result = structuredClone(document) as JsonValue;
  for (const operation of operations) {
    const next = applyOne(result, operation);
    if (next instanceof PatchFailure) return next;
    result = next;
  }
  return result;
}

/**
 * What a merge patch (RFC 7386) makes of a document: maps are merged by key, null removes, anything else replaces. Neither is changed.
 */
export function applyMergePatch(document: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isMap(patch)) return patch;
  const result: { [key: string]: JsonValue } = isMap(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else define(result, key, applyMergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value));
  }
  return result;
}

function isMap(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function applyOne(document: JsonValue, operation: PatchOperation): JsonValue | PatchFailure {
  const path = segments(operation, operation.path);
  if (path instanceof PatchFailure) return path;
  switch (operation.op) {
    case 'add':
      return add(document, operation, path, structuredClone(operation.value ?? null) as JsonValue);
    case 'replace': {
      if (path.length === 0) return structuredClone(operation.value ?? null) as JsonValue;
      const removed = remove(document, operation, path);
      return removed instanceof PatchFailure
        ? removed
        : add(removed.document, operation, path, structuredClone(operation.value ?? null) as JsonValue);
    }
    case 'remove': {
      const removed = remove(document, operation, path);
      return removed instanceof PatchFailure ? removed : removed.document;
    }
    case 'test': {
      const found = get(document, operation, path);
      if (found instanceof PatchFailure) return found;
      const wanted = operation.value ?? null;
      return sameJson(found.value, wanted)
        ? document
        : new PatchFailure(operation, `there is ${JSON.stringify(found.value)}, not ${JSON.stringify(wanted)}`);
    }
    default: {
      const from = segments(operation, operation.from ?? '');
      if (from instanceof PatchFailure) return from;
      if (operation.op === 'move' && path.length > from.length && from.every((part, i) => part === path[i])) {
        return new PatchFailure(operation, 'a value cannot be moved into itself');
      }
      const found = get(document, operation, from);
      if (found instanceof PatchFailure) return found;
      if (operation.op === 'copy') return add(document, operation, path, structuredClone(found.value) as JsonValue);
      const removed = remove(document, operation, from);
      return removed instanceof PatchFailure ? removed : add(removed.document, operation, path, found.value);
    }
  }
}

/** JSON Pointer (RFC 6901) to its parts. */
function segments(operation: PatchOperation, pointer: string): string[] | PatchFailure {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return new PatchFailure(operation, `the path "${pointer}" does not begin with "/"`);
  const parts = pointer
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  const unsafe = parts.find(isUnsafeKey);
  return unsafe === undefined ? parts : new PatchFailure(operation, `the path goes through "${unsafe}"`, true);
}

function get(
  document: JsonValue,
  operation: PatchOperation,
  path: readonly string[],
): { value: JsonValue } | PatchFailure {
  let at: JsonValue = document;
  for (const [i, part] of path.entries()) {
    const member = memberOf(at, part);
    if (member === undefined) return missing(operation, path.slice(0, i), part, at);
    at = member;
  }
  return { value: at };
}

function add(
  document: JsonValue,
  operation: PatchOperation,
  path: readonly string[],
  value: JsonValue,
): JsonValue | PatchFailure {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = get(document, operation, path.slice(0, -1));
  if (parent instanceof PatchFailure) return parent;
  const container = parent.value as Container;
  if (Array.isArray(container)) {
    const index = last === '-' ? container.length : indexOf(last);
    if (index === undefined || index > container.length) return missing(operation, path.slice(0, -1), last, container);
    container.splice(index, 0, value);
  } else if (typeof container === 'object' && container !== null) define(container, last, value);
  else return missing(operation, path.slice(0, -1), last, container);
  return document;
}

function remove(
  document: JsonValue,
  operation: PatchOperation,
  path: readonly string[],
): { document: JsonValue } | PatchFailure {
  const last = path.at(-1);
  if (last === undefined) return new PatchFailure(operation, 'the whole object cannot be removed');
  const parent = get(document, operation, path.slice(0, -1));
  if (parent instanceof PatchFailure) return parent;
  const container = parent.value as Container;
  if (memberOf(container, last) === undefined) return missing(operation, path.slice(0, -1), last, container);
  if (Array.isArray(container)) container.splice(indexOf(last) as number, 1);
  else delete container[last];
  return { document };
}

function memberOf(container: JsonValue, key: string): JsonValue | undefined {
  if (typeof container !== 'object' || container === null) return undefined;
  if (Array.isArray(container)) {
    const index = indexOf(key);
    return index === undefined ? undefined : container[index];
  }
  return Object.hasOwn(container, key) ? (container as { [key: string]: JsonValue })[key] : undefined;
}

function indexOf(part: string): number | undefined {
  return /^(0|[1-9]\d*)$/.test(part) ? Number(part) : undefined;
}

function missing(
  operation: PatchOperation,
  parent: readonly string[],
  part: string,
  container: JsonValue,
): PatchFailure {
  const where = parent.length === 0 ? 'the object' : `/${parent.join('/')}`;
  if (typeof container !== 'object' || container === null)
    return new PatchFailure(operation, `${where} has no members`);
  const has = Array.isArray(container) ? `${container.length} members` : Object.keys(container).join(', ') || 'nothing';
  return new PatchFailure(operation, `${where} has no "${part}"; it has: ${has}`);
}

/** Whether two values are the same JSON. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const [x, y] = [memberOf(a, key), memberOf(b, key)];
    return x !== undefined && y !== undefined && sameJson(x, y);
  });
}
