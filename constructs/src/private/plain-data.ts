import type { JsonValue } from '../assembly-format';

/**
 * Turns what a program wrote into plain sorted JSON: keys in UTF-16 order at every level, members that are undefined left out.
 * One instance may be used for many values; it does no more than one walk per value.
 */
export class PlainData {
  /** Why the last value is not plain, with the path of the offender; undefined when it is. */
  public offence: Offence | undefined;
  /** The last value has keys that JavaScript does not keep in insertion order ("8080"), so JSON.stringify would not be canonical. */
  public integerKeys = false;

  /** @param dropNull cdk8s drops members that are null; after patches they must survive. */
  public constructor(private readonly dropNull: boolean) {}

  /** Clears what the last value left behind. */
  public forget(): void {
    this.offence = undefined;
    this.integerKeys = false;
  }

  /** The sorted copy; meaningless when `offence` is set afterwards. */
  public copy(value: unknown): JsonValue {
    this.forget();
    return (this.walk(value) ?? null) as JsonValue;
  }

  /** Like `copy` with cdk8s's rule for metadata: empty objects and arrays inside are left out. */
  public copyWithoutEmpty(value: unknown): JsonValue | undefined {
    return withoutEmpty(this.copy(value));
  }

  private walk(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
      case 'undefined':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : this.refuse(`the number ${value}`);
      case 'object':
        if (value === null) return null;
        return Array.isArray(value) ? this.walkArray(value) : this.walkObject(value as Record<string, unknown>);
      default:
        return this.refuse(`a ${typeof value}`);
    }
  }

  private walkArray(value: readonly unknown[]): unknown[] {
    const result = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) {
      const member = this.walk(value[i]);
      if (this.offence !== undefined) return this.locate(String(i), result);
      result[i] = member ?? null;
    }
    return result;
  }

  private walkObject(value: Record<string, unknown>): Record<string, unknown> {
    if (!isPlainObject(value) || typeof value.resolve === 'function') {
      const type = className(value);
      return this.refuse(`a ${type}`, type) as never;
    }
    const result: Record<string, unknown> = {};
    for (const key of sortedKeys(value)) {
      const raw = value[key];
      if (raw === undefined || (raw === null && this.dropNull)) continue;
      const member = this.walk(raw);
      if (this.offence !== undefined) return this.locate(key, result);
      const first = key.charCodeAt(0);
      if (first <= 57 && first >= 48) this.integerKeys = true;
      if (key === '__proto__') define(result, key, member);
      else result[key] = member;
    }
    return result;
  }

  private refuse(what: string, type = ''): undefined {
    this.offence = { what, type, path: [] };
    return undefined;
  }

  private locate<T>(key: string, result: T): T {
    this.offence?.path.unshift(key);
    return result;
  }
}

export interface Offence {
  readonly what: string;
  /** Name of its class; '' for what has none. */
  readonly type: string;
  /** Keys from the root of the value to the offender. */
  readonly path: string[];
}

/** Keys in UTF-16 order; most objects are written by machines or small, so sorting is skipped where nothing is to do. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort();
  }
  return keys;
}

/** True for object literals, also of another realm (jsii) and without prototype. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** Sets a member without touching the prototype, whatever its name. */
export function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function className(value: object): string {
  const made = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor;
  return made?.name || 'object with methods';
}

function withoutEmpty(value: JsonValue): JsonValue | undefined {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map((member) => withoutEmpty(member) ?? null);
  }
  const result: Record<string, JsonValue> = {};
  let empty = true;
  for (const key of Object.keys(value)) {
    const member = withoutEmpty((value as { [key: string]: JsonValue })[key] as JsonValue);
    if (member === undefined) continue;
    empty = false;
    if (key === '__proto__') define(result, key, member);
    else result[key] = member;
  }
  return empty ? undefined : result;
}
