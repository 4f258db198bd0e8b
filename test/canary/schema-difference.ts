import { API_NAMES } from '../../constructs/lib/private/api-value.js';
import { propertiesOf, propsOf, typeOf } from './from-manifest.ts';

/** The part of a CRD's schema that is compared. */
export interface Schema {
  readonly properties?: { readonly [name: string]: Schema };
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
}

/** Fields that stand in one of the two only. */
export interface SchemaDifference {
  /** In the definition, and not in the types. */
  readonly missing: Set<string>;
  /** In the types, and not in the definition. */
  readonly extra: Set<string>;
  /** Needed by the types, and not by the definition. */
  readonly needed: Set<string>;
}

type Reference = ReturnType<typeof propertiesOf>[number]['type'];

/** Compares the schema of a kind's `spec` with the types of its construct, field by field, all the way down. */
export function compareSchema(construct: string, spec: Schema): SchemaDifference {
  const difference: SchemaDifference = { missing: new Set(), extra: new Set(), needed: new Set() };
  const type = propertiesOf(propsOf(construct)).find(({ name }) => name === 'spec')?.type;
  if (type === undefined) throw new Error(`${construct} has no spec`);
  compare(type, spec, 'spec', difference);
  return difference;
}

function compare(type: Reference, schema: Schema, path: string, difference: SchemaDifference): void {
  if (type.collection !== undefined) {
    const inner = schema.items ?? schema.additionalProperties;
    if (typeof inner === 'object') compare(type.collection.elementtype, inner, `${path}[]`, difference);
    return;
  }
  if (type.fqn === undefined || typeOf(type.fqn).kind === 'enum') return;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true && schema.properties === undefined) return;
  const ours = new Map(
    propertiesOf(type.fqn).map((property) => [API_NAMES.get(property.name) ?? property.name, property]),
  );
  const theirs = schema.properties ?? {};
  for (const name of ours.keys()) if (!Object.hasOwn(theirs, name)) difference.extra.add(`${path}.${name}`);
  for (const [name, member] of Object.entries(theirs)) {
    const property = ours.get(name);
    if (property === undefined) difference.missing.add(`${path}.${name}`);
    else if (property.optional !== true && schema.required?.includes(name) !== true)
      difference.needed.add(`${path}.${name}`);
    if (property !== undefined) compare(property.type, member, `${path}.${name}`, difference);
  }
}
