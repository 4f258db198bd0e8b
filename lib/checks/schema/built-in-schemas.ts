import { NOT_ENFORCED, NOT_LOOKED_INTO, UNPUBLISHED_ENUMS } from './as-enforced.ts';
import { type BuiltInTable, type Minors, type Ranged, ranged } from './built-in-table.ts';
import { type FieldSchema, type Fields, fieldsFrom, NO_FIELDS, once, type Schema, type SchemaType } from './schema.ts';

/** A field of a built-in type that other releases have: which. */
export type OtherReleases = (type: string, field: string) => Minors | undefined;

/** The built-in types in one Kubernetes release, read from the table when they are asked for and once. */
export interface BuiltInSchemas {
  /** Schema of a type of the table: "apps.v1.Deployment". */
  readonly typed: (type: string) => Schema;
  readonly otherReleases: OtherReleases;
}

/** @param minors the release, or several: then a field counts that any of them has, as the newest has it */
export function builtInSchemas(table: BuiltInTable, minors: Minors): BuiltInSchemas {
  const schemas = new Map<string, Schema>();
  const typed = (type: string): Schema => {
    const known = schemas.get(type);
    if (known !== undefined) return known;
    const schema: Schema = {
      type: 'object',
      name: type,
      nulls: 'absent',
      fields: once(() => fieldsOf(table.types.get(type) ?? '', type)),
    };
    schemas.set(type, schema);
    return schema;
  };
  const fieldsOf = (line: string, type: string): Fields => {
    if (line === '') return NO_FIELDS;
    const fields = new Map<string, FieldSchema>();
    const noMore = new Set<string>();
    for (const { name, value, from, to } of entriesOf(line, table)) {
      // What a newer release does not require no more is what API servers never asked for.
      if (from > minors.to && !value.includes('!')) noMore.add(name);
      if (from > minors.to || to < minors.from) continue;
      fields.set(name, asEnforced(type, name, new Code(value, typed).field()));
    }
    return fieldsFrom([...fields].map(([name, field]) => [name, noMore.has(name) ? optional(field) : field]));
  };
  const otherReleases: OtherReleases = (type, field) => {
    const entries = entriesOf(table.types.get(type) ?? '', table).filter(({ name }) => name === field);
    const first = entries[0];
    const last = entries.at(-1);
    return first === undefined || last === undefined ? undefined : { from: first.from, to: last.to };
  };
  return { typed, otherReleases };
}

function asEnforced(type: string, name: string, field: FieldSchema): FieldSchema {
  const key = `${type}.${name}`.replace(/\.v\d\w*\./, '.');
  if (NOT_LOOKED_INTO.has(key)) return { ...field, schema: shapeOf(field.schema, false) };
  const values = UNPUBLISHED_ENUMS.get(key);
  const { schema } = field;
  const rules = values === undefined ? undefined : { enum: ['', ...values] };
  const ruled =
    rules === undefined
      ? schema
      : schema.items === undefined
        ? { ...schema, rules }
        : { ...schema, items: { ...schema.items, rules } };
  return NOT_ENFORCED.has(key) ? { ...optional(field), schema: ruled } : { ...field, schema: ruled };
}

function optional(field: FieldSchema): FieldSchema {
  return { ...field, required: false };
}

interface NamedEntry extends Ranged<string> {
  readonly name: string;
}

function entriesOf(line: string, { minors }: BuiltInTable): NamedEntry[] {
  return line.split('; ').map((entry) => {
    const space = entry.indexOf(' ');
    return { name: entry.slice(0, space), ...ranged(entry.slice(space + 1), minors) };
  });
}

/** Reads one code of the table. */
class Code {
  private readonly text: string;
  private readonly typed: (type: string) => Schema;
  private at = 0;

  public constructor(text: string, typed: (type: string) => Schema) {
    this.text = text;
    this.typed = typed;
  }

  public field(): FieldSchema {
    const schema = this.schema();
    const isRequired = this.take('!');
    // An empty struct in its place would lack its own required fields.
    const required = (this.take('+') && (schema.fields?.().required.length ?? 0) > 0) || isRequired;
    return { schema, required, default: this.take('~') ? this.text.slice(this.at) : undefined };
  }

  private schema(): Schema {
    const code = this.text[this.at++];
    switch (code) {
      case '[': {
        const rule = /^((?:\w+,?)*=)?/.exec(this.text.slice(this.at))?.[0] ?? '';
        this.at += rule.length;
        const items = this.schema();
        this.at++;
        const list: Schema = { type: 'list', nulls: 'absent', items };
        if (rule === '') return list;
        return rule === '=' ? { ...list, isSet: true } : { ...list, listKeys: rule.slice(0, -1).split(',') };
      }
      case '{': {
        const values = this.schema();
        this.at++;
        return { type: 'object', nulls: 'absent', values };
      }
      case '#':
        return this.typed(this.until(/[\]}!+~]|$/));
      case '*':
        return { nulls: 'absent', open: true };
      case 'o':
        return { type: 'object', nulls: 'absent', open: true };
      case 'L': {
        // API servers decode it by hand, and lose what they do not know.
        const schema = shapeOf(this.typed(JSON_SCHEMA), true);
        return { ...schema, type: 'object-or-list', items: schema };
      }
      case 'B':
        return { ...shapeOf(this.typed(JSON_SCHEMA), true), type: 'object-or-boolean' };
      default: {
        const type = SCALARS[code ?? ''];
        if (type === undefined) throw new Error(`the table has the code ${this.text}`);
        if (!this.take('(')) return { type, nulls: 'absent' };
        const values = this.until(/\)/).split('|');
        this.at++;
        return { type, nulls: 'absent', rules: { enum: ['', ...values] } };
      }
    }
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private until(end: RegExp): string {
    const rest = this.text.slice(this.at);
    const length = rest.search(end);
    this.at += length;
    return rest.slice(0, length);
  }
}

const JSON_SCHEMA = 'apiextensions.v1.JSONSchemaProps';

/** A schema as far as types go: nothing is required, no word is asked for. @param open unknown fields do not matter either */
function shapeOf(schema: Schema, open: boolean): Schema {
  const { type, name, nulls, values, items, fields } = schema;
  return {
    type,
    name,
    nulls,
    open: open || schema.open,
    values: values === undefined ? undefined : shapeOf(values, open),
    items: items === undefined ? undefined : shapeOf(items, open),
    fields: once(() => {
      const known = [...(fields?.().known ?? [])];
      return fieldsFrom(known.map(([at, field]) => [at, optional({ ...field, schema: shapeOf(field.schema, open) })]));
    }),
  };
}

const SCALARS: Readonly<Record<string, SchemaType>> = {
  s: 'string',
  i: 'int32',
  I: 'integer',
  n: 'number',
  b: 'boolean',
  q: 'quantity',
  x: 'int-or-string',
  t: 'time',
  y: 'bytes',
};
