/** As much of JSON Schema draft 4 as the schema of Jenkins' tree uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly definitions?: { readonly [name: string]: Schema };
}

/** Where a value does not hold to the schema; undefined: it does. */
export function schemaOffence(root: Schema, value: unknown, schema: Schema = root, path = ''): string | undefined {
  const { $ref, type, anyOf } = schema;
  if ($ref !== undefined) {
    const referred = root.definitions?.[$ref.replace('#/definitions/', '')];
    if (referred === undefined) throw new Error(`${$ref} is not defined`);
    return schemaOffence(root, value, referred, path);
  }
  if (type !== undefined && ![type].flat().includes(typeOf(value))) return `${path}: is ${typeOf(value)}, not ${type}`;
  if (anyOf !== undefined) {
    const offences = anyOf.map((one) => schemaOffence(root, value, one, path));
    if (offences.every((offence) => offence !== undefined)) return offences.join(' / ');
  }
  if (Array.isArray(value)) return itemsOffence(root, value, schema, path);
  return typeof value === 'object' && value !== null ? membersOffence(root, value, schema, path) : undefined;
}

function itemsOffence(root: Schema, value: readonly unknown[], schema: Schema, path: string): string | undefined {
  const { items, minItems = 0 } = schema;
  if (value.length < minItems) return `${path}: has too few items`;
  if (items === undefined) return undefined;
  return value.map((item, index) => schemaOffence(root, item, items, `${path}/${index}`)).find(Boolean);
}

function membersOffence(root: Schema, value: object, schema: Schema, path: string): string | undefined {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${path}: lacks ${missing}`;
  for (const [name, member] of Object.entries(value)) {
    const expected = properties[name];
    if (expected === undefined && additionalProperties === false) return `${path}: has ${name}`;
    const offence = expected === undefined ? undefined : schemaOffence(root, member, expected, `${path}/${name}`);
    if (offence !== undefined) return offence;
  }
  return undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
