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
  /** Empty objects and arrays are left out, as cdk8s does in metadata. */
  private dropEmpty = false;
  private depth = 0;

  /** @param dropNull cdk8s drops members that are null; after patches they must survive. */
  public constructor(private readonly dropNull: boolean) {}

  /** The sorted copy; meaningless when `offence` is set afterwards. */
  public copy(value: unknown): JsonValue {
    this.forget();
    return (this.walk(value) ?? null) as JsonValue;
  }

  /**
   * The sorted copy of an object whose metadata is given apart: cdk8s leaves out what is empty there, at any depth.
   * Meaningless when `offence` is set afterwards.
   */
  public copyWithMetadata(value: object, metadata: object): { [key: string]: JsonValue } {
    this.forget();
    this.dropEmpty = true;
    const copiedMetadata = this.walkObject(metadata);
    this.dropEmpty = false;
    if (this.offence !== undefined) return this.locate('metadata', {});
    return this.walkObject(value, copiedMetadata) as { [key: string]: JsonValue };
  }

  /** Clears what the last value left behind. */
  public forget(): void {
    this.offence = undefined;
    this.integerKeys = false;
    this.depth = 0;
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
        return this.walkCollection(value);
      default:
        return this.refuse(`a ${typeof value}`);
    }
  }

  /** An object that holds itself would never end. */
  private walkCollection(value: object): unknown {
    if (this.depth === DEEPEST) return this.refuse('nested too deep, or a part of itself');
    this.depth++;
    const result = Array.isArray(value) ? this.walkArray(value) : this.walkObject(value);
    this.depth--;
    return result;
  }

  private walkArray(value: readonly unknown[]): unknown[] | undefined {
    if (this.dropEmpty && value.length === 0) return undefined;
    const result = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) {
      const member = this.walk(value[i]);
      if (this.offence !== undefined) return this.locate(String(i), result);
      result[i] = member ?? null;
    }
    return result;
  }

  /** @param metadata already copied; stands in for the member of that name, or is added */
  private walkObject(value: object, metadata?: Record<string, unknown>): Record<string, unknown> | undefined {
    const source = value as Record<string, unknown>;
    if (!isPlainObject(value) || typeof source.resolve === 'function') {
      const type = className(value);
      return this.refuse(`a ${type}`, type);
    }
    const result: Record<string, unknown> = {};
    const keys = Object.keys(source);
    if (metadata !== undefined && !('metadata' in source)) keys.push('metadata');
    sortUnlessSorted(keys);
    let empty = true;
    for (const key of keys) {
      const isMetadata = metadata !== undefined && key === 'metadata';
      const raw = isMetadata ? metadata : source[key];
      if (raw === undefined || (raw === null && this.dropNull)) continue;
      const member = isMetadata ? metadata : this.walk(raw);
      if (this.offence !== undefined) return this.locate(key, result);
      if (member === undefined) continue;
      empty = false;
      const first = key.charCodeAt(0);
      if (first <= 57 && first >= 48) this.integerKeys = true;
      if (key === '__proto__') define(result, key, member);
      else result[key] = member;
    }
    return empty && this.dropEmpty ? undefined : result;
  }

  private refuse(what: string, type = ''): undefined {
    this.offence = { what, type, path: [] };
    return undefined;
  }

  private locate<T>(key: string, result: T): T {
    if (this.offence !== undefined) {
      const { path } = this.offence;
      path.unshift(key);
      if (path.length > LONGEST_PATH) path.splice(LONGEST_PATH, path.length, '…');
    }
    return result;
  }
}

/** Deeper than any schema of Kubernetes, and far from the end of the stack. */
const DEEPEST = 500;
const LONGEST_PATH = 12;

export interface Offence {
  readonly what: string;
  /** Name of its class; '' for what has none. */
  readonly type: string;
  /** Keys from the root of the value to the offender. */
  readonly path: string[];
}

/** Most objects are written by machines or small, so sorting is skipped where nothing is to do. */
function sortUnlessSorted(keys: string[]): void {
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] as string) > (keys[i] as string)) {
      keys.sort();
      return;
    }
  }
}

/** True for object literals, also of another realm (jsii) and without prototype. */
function isPlainObject(value: object): boolean {
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
