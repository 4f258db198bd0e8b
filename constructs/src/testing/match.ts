/** A difference between what a test expects of an object and what the program makes. */
export interface Mismatch {
  /** Where in the object, e.g. "spec.template.spec.containers[0].image". Empty: the object itself. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** A question about a value, where a plain value would say too little. Made by `Match`. */
export abstract class Matcher {
  /** Empty: the value is as expected. `actual` is undefined where there is none. */
  public abstract mismatches(actual: unknown, path: string): Mismatch[];
}

/**
 * What may stand in the place of an expected value, at any depth. Without them a map has at least the members that are named, a list has exactly the items, each
 * compared in the same way, and anything else is equal.
 */
export class Match {
  /** Any value, as long as there is one. */
  public static anyValue(): Matcher {
    return matcher('any value', (actual) => actual !== undefined);
  }

  /** No value at all. */
  public static absent(): Matcher {
    return matcher('nothing', (actual) => actual === undefined);
  }

  /** The value and nothing beside it: maps have no further members. */
  public static exact(value: unknown): Matcher {
    return matcher(`exactly ${shown(value)}`, (actual) => isEqual(value, actual));
  }

  /** A list with items like these, in this order, and perhaps others between them. */
  public static arrayWith(items: readonly unknown[]): Matcher {
    return matcher(`a list with ${shown(items)}`, (actual) => Array.isArray(actual) && holdsInOrder(items, actual));
  }

  /** A text that a regular expression matches. */
  public static stringMatching(expression: RegExp): Matcher {
    return matcher(
      `a text like ${expression}`,
      (actual) => typeof actual === 'string' && actual.search(expression) >= 0,
    );
  }

  /** Anything that is not like this. */
  public static not(value: unknown): Matcher {
    return matcher(`not ${shown(value)}`, (actual) => mismatches(value, actual, '').length > 0);
  }

  private constructor() {}
}

/** Everything in which a value is not as expected; see `Match` for how values are compared. */
export function mismatches(expected: unknown, actual: unknown, path: string): Mismatch[] {
  if (expected instanceof Matcher) return expected.mismatches(actual, path);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [{ path, expected: shown(expected), actual: shown(actual) }];
    const length = { path, expected: `${expected.length} items`, actual: `${actual.length}: ${shown(actual)}` };
    if (expected.length !== actual.length) return [length];
    return expected.flatMap((item, at) => mismatches(item, actual[at], `${path}[${at}]`));
  }
  if (isMap(expected)) {
    if (!isMap(actual)) return [{ path, expected: shown(expected), actual: shown(actual) }];
    // A member that is expected to be undefined is one that was left open.
    const named = Object.entries(expected).filter(([, member]) => member !== undefined);
    return named.flatMap(([name, member]) => mismatches(member, own(actual, name), memberPath(path, name)));
  }
  // JSON knows one zero only.
  return expected === actual ? [] : [{ path, expected: shown(expected), actual: shown(actual) }];
}

function matcher(expected: string, accepts: (actual: unknown) => boolean): Matcher {
  return new (class extends Matcher {
    public mismatches(actual: unknown, path: string): Mismatch[] {
      return accepts(actual) ? [] : [{ path, expected, actual: shown(actual) }];
    }

    public override toString(): string {
      return expected;
    }
  })();
}

function holdsInOrder(items: readonly unknown[], list: readonly unknown[]): boolean {
  let at = 0;
  for (const item of list) if (at < items.length && mismatches(items[at], item, '').length === 0) at++;
  return at === items.length;
}

function isEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => isEqual(item, other[at]));
  if (!isMap(one) || !isMap(other)) return mismatches(one, other, '').length === 0;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isEqual(own(one, name), own(other, name)));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Matcher);
}

function own(map: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** Longest text of a value in a message. */
const SHOWN = 300;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = value instanceof Matcher ? String(value) : jsonWithMatchers(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function jsonWithMatchers(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) => (member instanceof Matcher ? `<${String(member)}>` : member)) ??
    String(value)
  );
}
