import type { Json, JsonObject } from '../../kubernetes/object.ts';
import { isMap } from '../schema/schema.ts';

/** What rules see of a value: integers are BigInts, objects and maps are Maps. */
export type CelValue =
  | string
  | bigint
  | number
  | boolean
  | readonly CelValue[]
  | ReadonlyMap<string, CelValue>
  | Unjudged;

/** A value that is another type to the API server than to us (a timestamp, bytes), or whose type is not known: evaluation fails on it, and a rule that fails to evaluate says nothing. */
export class Unjudged {}

const UNJUDGED = new Unjudged();

/** Strings of these formats are timestamps, durations and bytes in rules (k8s.io/apiserver pkg/cel/common/schemas.go). */
const TYPED_FORMATS = new Set(['date', 'date-time', 'datetime', 'duration', 'byte', 'binary']);

/**
 * A value as the rules of a structural schema see it, with the defaults that the API server fills in before: only what the schema names, under names that are identifiers.
 * @returns undefined for a value with null in it: whether a field with null is there is not for us to say
 */
function celValue(schema: Json | undefined, value: Json): CelValue | undefined {
  try {
    return converted(schema, value);
  } catch (reason) {
    if (reason instanceof NullInside) return undefined;
    throw reason;
  }
}

/** An object as its rules see it: of its metadata only the names. */
export function celObject(schema: Json | undefined, object: JsonObject): CelValue | undefined {
  return celValue(isMap(schema) ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema, object);
}

class NullInside extends Error {}

function converted(schema: Json | undefined, value: Json): CelValue {
  if (value === null) throw new NullInside();
  if (!isMap(schema)) return UNJUDGED;
  if (schema['x-kubernetes-int-or-string'] === true) return typeof value === 'number' ? integer(value) : text(value);
  switch (schema.type) {
    case 'string':
      return typeof schema.format === 'string' && TYPED_FORMATS.has(schema.format) ? UNJUDGED : text(value);
    case 'integer':
      return integer(value);
    case 'number':
      return typeof value === 'number' ? value : UNJUDGED;
    case 'boolean':
      return typeof value === 'boolean' ? value : UNJUDGED;
    case 'array':
      return Array.isArray(value) ? whole(value.map((item) => converted(schema.items, item))) : UNJUDGED;
    case 'object':
      return isMap(value) ? members(schema, value) : UNJUDGED;
    default:
      return UNJUDGED;
  }
}

function text(value: Json): CelValue {
  return typeof value === 'string' ? value : UNJUDGED;
}

function integer(value: Json): CelValue {
  return Number.isSafeInteger(value) ? BigInt(value as number) : UNJUDGED;
}

/** Membership in a list compares with every item, also with those that cannot be judged. */
function whole(items: readonly CelValue[]): CelValue {
  return items.some((item) => item instanceof Unjudged) ? UNJUDGED : items;
}

function members(schema: JsonObject, value: JsonObject): CelValue {
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  if (isMap(schema.additionalProperties)) {
    const result = new Map<string, CelValue>();
    for (const [key, member] of Object.entries(value))
      if (member !== undefined) result.set(key, converted(schema.additionalProperties, member));
    return [...result.values()].some((member) => member instanceof Unjudged) ? UNJUDGED : result;
  }
  if (!isMap(schema.properties) && !isResource && schema['x-kubernetes-preserve-unknown-fields'] === true)
    return UNJUDGED;
  const result = new Map<string, CelValue>(isResource ? identityOf(value) : []);
  for (const [name, property] of Object.entries(isMap(schema.properties) ? schema.properties : {})) {
    if (isResource && IDENTITY.has(name)) continue;
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    const member = own ?? (isMap(property) && own === undefined ? property.default : own);
    if (member !== undefined) result.set(identifier(name), converted(property, member));
  }
  return result;
}

const IDENTITY = new Set(['apiVersion', 'kind', 'metadata']);

function identityOf({ apiVersion, kind, metadata }: JsonObject): [string, CelValue][] {
  const names = new Map<string, CelValue>();
  for (const field of ['name', 'generateName']) {
    const name = isMap(metadata) ? metadata[field] : undefined;
    if (typeof name === 'string') names.set(field, name);
  }
  return [
    ['apiVersion', text(apiVersion ?? '')],
    ['kind', text(kind ?? '')],
    ['metadata', names],
  ];
}

const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name of a property in rules (k8s.io/apiserver pkg/cel/escaping.go). */
export function identifier(name: string): string {
  return RESERVED.has(name) ? `__${name}__` : name.replaceAll(/__|[./-]/g, (part) => ESCAPES[part] ?? part);
}
