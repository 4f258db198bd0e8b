import type { JsonValue } from '../assembly-format';
import { define } from '../json-patch';

/** What stands at a place of a `FlatJson`. */
export const MAP = 1;
export const LIST = 2;
/** Closes a map or a list. */
export const END = 3;
/** Key of the value that follows, in a map. */
const KEY = 4;
export const TEXT = 5;
export const NUMBER = 6;
/** true, false or null: the same word in JSON and YAML. */
const WORD = 7;

/** Why a value is no plain data. */
export interface Offence {
  readonly what: string;
  /** Name of its class; '' for what has none. */
  readonly type: string;
  /** Keys from the root of the value to the offender. */
  readonly path: string[];
}

/** Deeper than any schema of Kubernetes, and far from the end of the stack. */
const DEEPEST = 500;
const LONGEST_PATH = 12;

/**
 * A value of the program as plain sorted JSON, laid out flat: keys in UTF-16 order at every level, members that are undefined left out.
 *
 * One instance is filled again and again. A copy of every object, and a text of it for every format, would be garbage of ten times its size:
 * among ten thousand objects that is most of the time and memory of a synth.
 */
export class FlatJson {
  /** Why the last value is not plain, with the path of the offender; undefined when it is. */
  public offence: Offence | undefined;
  private kinds = new Uint8Array(1024);
  private readonly values: (string | number)[] = [];
  private length = 0;
  /** Keys of the objects that are being walked, one above the other. */
  private readonly keys: string[] = [];
  private keysLength = 0;
  /** cdk8s drops members that are null; after patches they must survive. */
  private dropNull = false;
  /** Empty objects and arrays are left out, as cdk8s does in metadata. */
  private dropEmpty = false;
  private depth = 0;

  /** Fills it with a value; members that are null stay. Its content is meaningless when `offence` is set afterwards. */
  public fill(value: unknown): this {
    this.reset(false);
    if (this.walk(value) === ABSENT) this.add(WORD, 'null');
    return this;
  }

  /**
   * Fills it with an object whose metadata is given apart, by cdk8s's rules: members that are null are left out, and in metadata what is
   * empty at any depth. Its content is meaningless when `offence` is set afterwards.
   */
  public fillWithMetadata(value: object, metadata: object): this {
    this.reset(true);
    this.walkObject(value, metadata);
    return this;
  }

  /** Makes it empty. */
  public reset(dropNull = false): void {
    this.offence = undefined;
    this.length = 0;
    this.keysLength = 0;
    this.depth = 0;
    this.dropNull = dropNull;
    this.dropEmpty = false;
  }

  /** The kind at a place; the value begins at 0. */
  public kindAt(at: number): number {
    return this.kinds[at] as number;
  }

  /** The key, text or word at a place. */
  public textAt(at: number): string {
    return this.values[at] as string;
  }

  /** The number at a place. */
  public numberAt(at: number): number {
    return this.values[at] as number;
  }

  /** The place behind the value that begins at a place. */
  public after(at: number): number {
    let open = 0;
    do {
      const kind = this.kinds[at++];
      if (kind === MAP || kind === LIST) open++;
      else if (kind === END) open--;
    } while (open > 0);
    return at;
  }

  /** The place of a member's value in the map at a place; -1 where there is none, or no map. */
  public member(map: number, key: string): number {
    if (map < 0 || this.kinds[map] !== MAP) return -1;
    for (let at = map + 1; this.kinds[at] !== END; at = this.after(at + 1)) {
      if (this.values[at] === key) return at + 1;
    }
    return -1;
  }

  /** The value at a place, as a value of its own. */
  public toJson(at = 0): JsonValue {
    switch (this.kinds[at]) {
      case MAP: {
        const result: { [key: string]: JsonValue } = {};
        for (let member = at + 1; this.kinds[member] !== END; member = this.after(member + 1)) {
          const key = this.textAt(member);
          if (key === '__proto__') define(result, key, this.toJson(member + 1));
          else result[key] = this.toJson(member + 1);
        }
        return result;
      }
      case LIST: {
        const result: JsonValue[] = [];
        for (let member = at + 1; this.kinds[member] !== END; member = this.after(member)) {
          result.push(this.toJson(member));
        }
        return result;
      }
      case WORD:
        return this.values[at] === 'null' ? null : this.values[at] === 'true';
      default:
        return this.values[at] as string | number;
    }
  }

  private add(kind: number, value: string | number): typeof PRESENT {
    if (this.length === this.kinds.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.kinds);
      this.kinds = larger;
    }
    this.kinds[this.length] = kind;
    this.values[this.length++] = value;
    return PRESENT;
  }

  private walk(value: unknown): Presence {
    switch (typeof value) {
      case 'string':
        return this.add(TEXT, value);
      case 'number':
        return Number.isFinite(value) ? this.add(NUMBER, value) : this.refuse(`the number ${value}`);
      case 'boolean':
        return this.add(WORD, value ? 'true' : 'false');
      case 'undefined':
        return ABSENT;
      case 'object':
        return value === null ? this.add(WORD, 'null') : this.walkCollection(value);
      default:
        return this.refuse(`a ${typeof value}`);
    }
  }

  /** An object that holds itself would never end. */
  private walkCollection(value: object): Presence {
    if (this.depth === DEEPEST) return this.refuse('nested too deep, or a part of itself');
    this.depth++;
    const result = Array.isArray(value) ? this.walkArray(value) : this.walkObject(value);
    this.depth--;
    return result;
  }

  private walkArray(value: readonly unknown[]): Presence {
    if (this.dropEmpty && value.length === 0) return ABSENT;
    this.add(LIST, '');
    for (let i = 0; i < value.length; i++) {
      const presence = this.walk(value[i]);
      if (this.offence !== undefined) return this.locate(String(i));
      if (presence === ABSENT) this.add(WORD, 'null');
    }
    return this.add(END, '');
  }

  /** @param metadata stands in for the member of that name, or is added */
  private walkObject(value: object, metadata?: object): Presence {
    const source = value as Record<string, unknown>;
    if (!isPlainObject(value) || typeof source.resolve === 'function') {
      const type = className(value);
      return this.refuse(`a ${type}`, type);
    }
    const start = this.length;
    this.add(MAP, '');
    const bottom = this.keysLength;
    const top = this.pushKeys(source, metadata !== undefined && !('metadata' in source));
    for (let at = bottom; at < top; at++) {
      const key = this.keys[at] as string;
      const isMetadata = metadata !== undefined && key === 'metadata';
      const member = isMetadata ? metadata : source[key];
      if (member === undefined || (member === null && this.dropNull)) continue;
      const before = this.length;
      this.add(KEY, key);
      if (isMetadata) this.dropEmpty = true;
      const presence = this.walk(member);
      if (isMetadata) this.dropEmpty = false;
      if (this.offence !== undefined) return this.locate(key);
      if (presence === ABSENT) this.length = before;
    }
    this.keysLength = bottom;
    if (this.dropEmpty && this.length === start + 1) {
      this.length = start;
      return ABSENT;
    }
    return this.add(END, '');
  }

  /** Puts the sorted keys of an object on top and returns their end. Object.keys and Array.sort would leave arrays behind. */
  private pushKeys(source: object, withMetadata: boolean): number {
    const { keys } = this;
    const bottom = this.keysLength;
    let top = bottom;
    for (const key in source) if (Object.hasOwn(source, key)) keys[top++] = key;
    if (withMetadata) keys[top++] = 'metadata';
    this.keysLength = top;
    sortRange(keys, bottom, top);
    return top;
  }

  private refuse(what: string, type = ''): typeof ABSENT {
    this.offence = { what, type, path: [] };
    return ABSENT;
  }

  private locate(key: string): typeof ABSENT {
    if (this.offence !== undefined) {
      const { path } = this.offence;
      path.unshift(key);
      if (path.length > LONGEST_PATH) path.splice(LONGEST_PATH, path.length, '…');
    }
    return ABSENT;
  }
}

/** Whether a walk left a value behind. */
const ABSENT = 0;
const PRESENT = 1;
type Presence = typeof ABSENT | typeof PRESENT;

/** Most maps have few keys: moving each one to its place does it. Where there are many that would be quadratic. */
function sortRange(keys: string[], from: number, to: number): void {
  if (to - from > 32) {
    const sorted = keys.slice(from, to).sort();
    for (let i = from; i < to; i++) keys[i] = sorted[i - from] as string;
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const key = keys[i] as string;
    let at = i;
    for (; at > from && isAfter(keys[at - 1] as string, key); at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
}

/** The order of `>`, which is a call into the runtime: the first letters tell most keys apart. */
function isAfter(key: string, other: string): boolean {
  const first = key.charCodeAt(0);
  const otherFirst = other.charCodeAt(0);
  return first > otherFirst || (!(first < otherFirst) && key > other);
}

/** True for object literals, also of another realm (jsii) and without prototype. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

function className(value: object): string {
  const made = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor;
  return made?.name || 'object with methods';
}
