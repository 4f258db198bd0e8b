/**
 * Paths of fields in Kubernetes objects, as plans print them: `spec.replicas`, `spec.http[*].route[*].weight`,
 * `spec.template.spec.containers[name=cart].resources`, `metadata.annotations["example.com/x"]`. One grammar for the program and the engine;
 * imports nothing.
 */

/** One step of a path. */
export type FieldStep =
  /** Into a member of an object: `.name` or `["name"]`. */
  | { readonly type: 'member'; readonly name: string }
  /** Into every item of a list, or every member of an object: `[*]`. */
  | { readonly type: 'every' }
  /** Into the items of a list that have these members: `[name=cart]`, `[containerPort=80,protocol=TCP]`. */
  | { readonly type: 'item'; readonly key: { readonly [member: string]: string } };

/** Why a text is no path. */
export class FieldPathMistake {
  public constructor(
    /** One sentence without its subject, e.g. "ends inside brackets". */
    public readonly what: string,
  ) {}
}

const NAME = /[A-Za-z_$][\w$-]*/y;
const EVERY = /\[\*\]/y;
const QUOTED = /\[("(?:[^"\\]|\\.)*")\]/y;
const ITEM = /\[((?:[A-Za-z_$][\w$-]*=(?:"(?:[^"\\]|\\.)*"|[^[\],="\\\s]+)(?:,|(?=\])))+)\]/y;
const KEY = /([A-Za-z_$][\w$-]*)=("(?:[^"\\]|\\.)*"|[^[\],="\\\s]+)/g;

/** The steps of a path, at least one, or why it has none. */
export function parseFieldPath(path: string): FieldStep[] | FieldPathMistake {
  const steps: FieldStep[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(path);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < path.length) {
    if (path[at] !== '[') {
      if (steps.length > 0) {
        if (path[at] !== '.') return new FieldPathMistake(`has "${path[at]}" where "." or "[" must stand`);
        at++;
      }
      const name = match(NAME);
      if (name === null) return new FieldPathMistake(`has no member name at "${path.slice(at)}"`);
      steps.push({ type: 'member', name: name[0] });
    } else if (match(EVERY) !== null) {
      steps.push({ type: 'every' });
    } else {
      const step = bracketStep(match(QUOTED), match(ITEM));
      if (step === undefined)
        return new FieldPathMistake(
          `has "${path.slice(at)}", which is none of [*], ["name"] and [key=value] (items have no fixed number)`,
        );
      steps.push(step);
    }
  }
  if (steps.length === 0) return new FieldPathMistake('is empty');
  if (steps[0]?.type !== 'member') return new FieldPathMistake('does not begin with a member of the object');
  return steps;
}

function bracketStep(quoted: RegExpExecArray | null, item: RegExpExecArray | null): FieldStep | undefined {
  try {
    if (quoted?.[1] !== undefined) return { type: 'member', name: JSON.parse(quoted[1]) as string };
    if (item?.[1] === undefined) return undefined;
    const key: { [member: string]: string } = {};
    for (const [, member = '', value = ''] of item[1].matchAll(KEY))
      key[member] = value.startsWith('"') ? (JSON.parse(value) as string) : value;
    return { type: 'item', key };
  } catch {
    // No JSON text between the quotes.
    return undefined;
  }
}

/** True when a value of a list is one that the step leads into. */
export function isStepInto(step: Exclude<FieldStep, { readonly type: 'member' }>, item: unknown): boolean {
  if (step.type === 'every') return true;
  if (item === null || typeof item !== 'object') return false;
  return Object.entries(step.key).every(([member, value]) => {
    const actual = Object.hasOwn(item, member) ? (item as { [name: string]: unknown })[member] : undefined;
    return actual !== undefined && String(actual) === value;
  });
}

/** True when the path leads to something in a value of plain JSON. */
export function hasField(value: unknown, steps: readonly FieldStep[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return value !== undefined;
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value))
    return step.type !== 'member' && value.some((item) => isStepInto(step, item) && hasField(item, rest));
  const record = value as { [name: string]: unknown };
  if (step.type === 'member') return Object.hasOwn(record, step.name) && hasField(record[step.name], rest);
  return step.type === 'every' && Object.values(record).some((member) => hasField(member, rest));
}
