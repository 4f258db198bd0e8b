import type { Json, JsonObject } from '../../kubernetes/object.ts';
import { type FieldSchema, fieldsFrom, isMap, once, type Schema, type SchemaType, type ValueRules } from './schema.ts';

/**
 * The structural schema of a CustomResourceDefinition's version (apiextensions.k8s.io/v1 JSONSchemaProps) as our schema: what it does not name is pruned,
 * so it is an unknown field, unless `x-kubernetes-preserve-unknown-fields` keeps it.
 * @param meta schema of metadata, which definitions do not describe
 */
export function structuralSchema(root: Json | undefined, meta: Schema): Schema {
  const schema = schemaOf(root, meta);
  const fields = once(() => fieldsFrom([...(schema.fields?.().known ?? []), ...identity(meta)]));
  return { ...schema, type: 'object', fields };
}

/** What every object has. A status is never applied. */
function identity(meta: Schema): [string, FieldSchema][] {
  const field = (schema: Schema): FieldSchema => ({ schema, required: false });
  return [
    ['apiVersion', field({ type: 'string' })],
    ['kind', field({ type: 'string' })],
    ['metadata', field(meta)],
    ['status', field({ open: true, nulls: 'allowed' })],
  ];
}

/** @param isKept a list around it keeps unknown fields: then its items do as well (k8s.io/apiextensions-apiserver, pkg/apiserver/schema/pruning) */
function schemaOf(given: Json | undefined, meta: Schema, isKept = false): Schema {
  if (!isMap(given)) return { open: true, nulls: 'allowed' };
  const keepsUnknown = isKept || given['x-kubernetes-preserve-unknown-fields'] === true;
  const isIntOrString = given['x-kubernetes-int-or-string'] === true;
  const embedded = given['x-kubernetes-embedded-resource'] === true;
  const properties = isMap(given.properties) ? given.properties : undefined;
  const { additionalProperties } = given;
  return {
    type: isIntOrString ? 'int-or-string' : typeOf(given),
    nulls: given.nullable === true ? 'allowed' : given.default === undefined ? undefined : 'absent',
    fields: once(() =>
      fieldsFrom([
        ...fieldsOf(properties, given.required, (property) => schemaOf(property, meta)),
        ...(embedded ? identity(meta).filter(([name]) => name !== 'status') : []),
      ]),
    ),
    values: isMap(additionalProperties) ? schemaOf(additionalProperties, meta) : undefined,
    open: keepsUnknown || additionalProperties === true,
    items: given.items === undefined ? undefined : schemaOf(given.items, meta, keepsUnknown),
    ...listRules(given),
    rules: rulesOf(given, isIntOrString),
  };
}

/** A condition (below allOf, anyOf, oneOf, not): it describes no values, so it knows no unknown field, and null is none of its business. */
function conditionOf(given: Json): Schema {
  if (!isMap(given)) return { open: true, nulls: 'allowed' };
  const properties = isMap(given.properties) ? given.properties : undefined;
  return {
    type: typeOf(given),
    fields: once(() => fieldsFrom(fieldsOf(properties, given.required, conditionOf))),
    values: isMap(given.additionalProperties) ? conditionOf(given.additionalProperties) : undefined,
    open: true,
    items: given.items === undefined ? undefined : conditionOf(given.items),
    rules: rulesOf(given, false),
  };
}

function fieldsOf(
  properties: JsonObject | undefined,
  required: Json | undefined,
  compile: (property: Json) => Schema,
): [string, FieldSchema][] {
  const names = Array.isArray(required) ? required : [];
  const described = Object.entries(properties ?? {}).map(([name, property]): [string, FieldSchema] => [
    name,
    {
      schema: compile(property ?? null),
      required: names.includes(name),
      default: isMap(property) ? property.default : undefined,
    },
  ]);
  // What is required may be described elsewhere.
  const others = names.flatMap((name): [string, FieldSchema][] =>
    typeof name !== 'string' || (properties !== undefined && Object.hasOwn(properties, name))
      ? []
      : [[name, { schema: { open: true, nulls: 'allowed' }, required: true }]],
  );
  return [...described, ...others];
}

const TYPES: Readonly<Record<string, SchemaType>> = {
  object: 'object',
  array: 'list',
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
};

function typeOf({ type }: JsonObject): SchemaType | undefined {
  return typeof type === 'string' ? TYPES[type] : undefined;
}

function listRules(given: JsonObject): Pick<Schema, 'listKeys' | 'isSet'> {
  const keys = given['x-kubernetes-list-map-keys'];
  switch (given['x-kubernetes-list-type']) {
    case 'map':
      return { listKeys: Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [] };
    case 'set':
      return { isSet: true };
    default:
      return {};
  }
}

function rulesOf(given: JsonObject, isIntOrString: boolean): ValueRules | undefined {
  const number = (name: string) => (typeof given[name] === 'number' ? (given[name] as number) : undefined);
  const conditions = (name: string) =>
    Array.isArray(given[name]) ? (given[name] as Json[]).map(conditionOf) : undefined;
  const rules: ValueRules = {
    enum: Array.isArray(given.enum) ? given.enum : undefined,
    pattern: typeof given.pattern === 'string' ? patternOf(given.pattern) : undefined,
    format: typeof given.format === 'string' ? given.format : undefined,
    minimum: number('minimum'),
    maximum: number('maximum'),
    exclusiveMinimum: given.exclusiveMinimum === true,
    exclusiveMaximum: given.exclusiveMaximum === true,
    multipleOf: number('multipleOf'),
    minLength: number('minLength'),
    maxLength: number('maxLength'),
    minItems: number('minItems'),
    maxItems: number('maxItems'),
    minProperties: number('minProperties'),
    maxProperties: number('maxProperties'),
    allOf: conditions('allOf'),
    // Where x-kubernetes-int-or-string stands, anyOf may only repeat it.
    anyOf: isIntOrString ? undefined : conditions('anyOf'),
    oneOf: conditions('oneOf'),
    not: given.not === undefined ? undefined : conditionOf(given.not),
  };
  const hasRule = Object.values(rules).some((rule) => rule !== undefined && rule !== false);
  return hasRule ? rules : undefined;
}

/** Go's regular expressions (RE2) as ours; undefined for the few that only Go has. */
function patternOf(source: string): RegExp | undefined {
  const insensitive = source.startsWith('(?i)');
  const body = (insensitive ? source.slice(4) : source).replaceAll('\\A', '^').replaceAll('\\z', '$');
  if (/\[\[:|\(\?[a-zA-Z]|\\[pPQCa]|\\x\{/.test(body)) return undefined;
  // Unicode mode takes no needless escape ("\_"); Go and the other mode do.
  for (const mode of ['u', '']) {
    try {
      return new RegExp(body, insensitive ? `i${mode}` : mode);
    } catch {
      // Not in this mode.
    }
  }
  return undefined;
}
