/** What a JSON value must look like. */
export type Shape =
  | {
      readonly kind: 'object';
      readonly members: { readonly [name: string]: Shape };
      readonly required: readonly string[];
    }
  | { readonly kind: 'array'; readonly items: Shape; readonly least: number }
  | { readonly kind: 'any'; readonly of: readonly Shape[] }
  | { readonly kind: 'text' | 'flag' | 'scalar' }
  /** One that contains itself. */
  | { readonly kind: 'later'; readonly shape: () => Shape };

export const TEXT: Shape = { kind: 'text' };
export const FLAG: Shape = { kind: 'flag' };
export const SCALAR: Shape = { kind: 'scalar' };

/** Names with "?" behind them may be missing; others than those named may not be there. */
export function object(members: { readonly [name: string]: Shape }): Shape {
  const entries = Object.entries(members);
  return {
    kind: 'object',
    members: Object.fromEntries(entries.map(([name, shape]) => [name.replace('?', ''), shape])),
    required: entries.flatMap(([name]) => (name.endsWith('?') ? [] : [name])),
  };
}

export function array(items: Shape, least = 0): Shape {
  return { kind: 'array', items, least };
}

export function anyOf(...of: Shape[]): Shape {
  return { kind: 'any', of };
}

export function later(shape: () => Shape): Shape {
  return { kind: 'later', shape };
}

/** Where a value is otherwise; undefined: it is not. */
export interface ShapeOffence {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

export function shapeOffence(shape: Shape, value: unknown): ShapeOffence | undefined {
  switch (shape.kind) {
    case 'later':
      return shapeOffence(shape.shape(), value);
    case 'text':
      return typeof value === 'string' ? undefined : offence('is no text');
    case 'flag':
      return typeof value === 'boolean' ? undefined : offence('is neither true nor false');
    case 'scalar':
      return value === null || ['string', 'number', 'boolean'].includes(typeof value)
        ? undefined
        : offence('is neither text nor number nor flag nor null');
    case 'array':
      return arrayOffence(shape, value);
    case 'object':
      return objectOffence(shape, value);
    case 'any':
      return deepest(shape.of.map((each) => shapeOffence(each, value)));
  }
}

function offence(what: string): ShapeOffence {
  return { path: [], what };
}

/** Of several that could be meant the one that fits furthest says most. */
function deepest(all: readonly (ShapeOffence | undefined)[]): ShapeOffence | undefined {
  let result: ShapeOffence | undefined;
  for (const each of all) {
    if (each === undefined) return undefined;
    if (result === undefined || each.path.length > result.path.length) result = each;
  }
  return result;
}

function arrayOffence(shape: Extract<Shape, { kind: 'array' }>, value: unknown): ShapeOffence | undefined {
  if (!Array.isArray(value)) return offence('is no list');
  if (value.length < shape.least) return offence('is empty');
  for (const [index, item] of value.entries()) {
    const inner = shapeOffence(shape.items, item);
    if (inner !== undefined) return { path: [index, ...inner.path], what: inner.what };
  }
  return undefined;
}

function objectOffence(shape: Extract<Shape, { kind: 'object' }>, value: unknown): ShapeOffence | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return offence('is no object');
  const record = value as { readonly [name: string]: unknown };
  for (const name of shape.required) {
    if (!Object.hasOwn(record, name)) return offence(`lacks "${name}"`);
  }
  for (const [name, member] of Object.entries(record)) {
    const expected = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
    if (expected === undefined) return offence(`has "${name}", which has no meaning here`);
    const inner = shapeOffence(expected, member);
    if (inner !== undefined) return { path: [name, ...inner.path], what: inner.what };
  }
  return undefined;
}
