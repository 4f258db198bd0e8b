import type { Json, JsonObject } from '../../kubernetes/object.ts';

/**
 * What values of a field may be. One form for the built-in kinds (from Kubernetes' OpenAPI) and for custom resources (from the structural schemas of their
 * definitions), so that one walk judges both. Every rule that is absent allows everything.
 */
export interface Schema {
  /** Of values: an object, a list, or a scalar. */
  readonly type?: SchemaType | undefined;
  /** What the type is called in messages: "Container". */
  readonly name?: string | undefined;
  /** What null means. absent: the field is left out (Go's decoding of built-in kinds). Default: no value of any type. */
  readonly nulls?: 'absent' | 'allowed' | undefined;
  /** Known fields of an object. A function, because schemas contain themselves, and most of them are never looked at. */
  readonly fields?: (() => Fields) | undefined;
  /** Values of the other members of an object. */
  readonly values?: Schema | undefined;
  /** Members that nothing names are kept. */
  readonly open?: boolean | undefined;
  readonly items?: Schema | undefined;
  /** Members that no two items may have equal values of. */
  readonly listKeys?: readonly string[] | undefined;
  /** No two items may be equal. */
  readonly isSet?: boolean | undefined;
  readonly rules?: ValueRules | undefined;
}

export type SchemaType =
  | 'object'
  | 'list'
  | 'object-or-list'
  | 'object-or-boolean'
  | 'string'
  | 'integer'
  | 'int32'
  | 'number'
  | 'boolean'
  | 'int-or-string'
  | 'quantity'
  | 'time'
  | 'bytes';

export interface Fields {
  readonly known: ReadonlyMap<string, FieldSchema>;
  /** Those that must be there. */
  readonly required: readonly string[];
}

export interface FieldSchema {
  readonly schema: Schema;
  readonly required: boolean;
  /** Taken when the field is absent. */
  readonly default?: Json | undefined;
}

/** Rules for single values, as JSON Schema has them. */
export interface ValueRules {
  readonly enum?: readonly Json[] | undefined;
  readonly pattern?: RegExp | undefined;
  readonly format?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: boolean | undefined;
  readonly exclusiveMaximum?: boolean | undefined;
  readonly multipleOf?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly not?: Schema | undefined;
}

export const NO_FIELDS: Fields = { known: new Map(), required: [] };

export function fieldsFrom(fields: Iterable<readonly [string, FieldSchema]>): Fields {
  const known = new Map(fields);
  const required = [...known].flatMap(([name, field]) =>
    // Where null is a value, only an absent field is missing, and a default fills that.
    field.required && field.default === undefined ? [name] : [],
  );
  return { known, required };
}

export function isMap(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Calls a function once, when its result is asked for first. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
