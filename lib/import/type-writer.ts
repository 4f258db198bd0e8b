import type { Json, JsonObject } from '../kubernetes/object.ts';
import { docComment, literal, memberName, objectOf, pascal } from './typescript-text.ts';

/**
 * How a schema is read.
 * structural: the schema of a CRD. Types stand in the schema itself, never in anyOf, oneOf, allOf or not (Kubernetes documentation, "Specifying a structural schema"), and unknown
 * fields are dropped by the server, so a type holds what the schema names and nothing else.
 * values: the schema of a chart's values. It describes what is left after the chart's own values are merged in, so nothing has to be given, and null takes a default away.
 */
export type SchemaDialect = 'structural' | 'values';

/** How deep schemas may lie in each other. A type of more levels than this is of no use to anybody, and a hostile one must not end in a stack overflow. */
const DEEPEST = 200;

/**
 * Writes TypeScript types for JSON schemas: an exported interface for every object with members, equal ones once, and everything else in place.
 * What a schema cannot say in types (patterns, bounds, conditions) is left out: the types take everything that the schema takes.
 */
export class TypeWriter {
  readonly #dialect: SchemaDialect;
  readonly #root: JsonObject;
  readonly #names = new Set<string>();
  /** Interfaces by their members: equal ones are one. */
  readonly #byShape = new Map<string, string>();
  readonly #byReference = new Map<string, string>();
  readonly #declarations: string[] = [];
  /** Inside the items of an array nothing is merged: what is required there has to be given. */
  #inArray = false;

  /** @param root document that "#/…" references point into */
  constructor(dialect: SchemaDialect, root: JsonObject = {}) {
    this.#dialect = dialect;
    this.#root = root;
  }

  /** All interfaces so far, in the order in which they were begun; each with its comment. */
  text(): string {
    return this.#declarations.filter((text) => text !== '').join('\n');
  }

  /** Keeps a name from being given to an interface. */
  reserve(name: string): void {
    this.#names.add(name);
  }

  /** Writes an interface under exactly this name, before those that its lines bring. */
  declare(name: string, lines: () => readonly string[], comment = ''): void {
    this.#names.add(name);
    const at = this.#declarations.push('') - 1;
    this.#declarations[at] = `${comment}export interface ${name} {\n${lines().join('\n')}\n}\n`;
  }

  /** Writes a type under exactly this name for a schema that is no object with members of its own. */
  alias(name: string, schema: JsonObject): void {
    const at = this.#declarations.push('') - 1;
    this.#declarations[at] = `${docComment(schema, '')}export type ${name} = ${this.type(schema, name)};\n`;
  }

  /** Lines of an interface for the members of a schema. @param name of the interface: names of inner ones begin with it */
  members(schema: JsonObject, name: string, depth = 0): string[] {
    const required = requiredOf(schema);
    const lines: string[] = [];
    for (const [key, member] of Object.entries(objectOf(schema.properties) ?? {})) {
      const optional = !required.has(key) || (this.#dialect === 'values' && !this.#inArray);
      const type = this.type(member, `${name}${pascal(key)}`, depth + 1);
      const orNull = this.#dialect === 'values' && optional && !acceptsNull(type) ? ' | null' : '';
      lines.push(`${docComment(member, '  ')}  ${memberName(key)}${optional ? '?' : ''}: ${type}${orNull};`);
    }
    if (this.#isOpen(schema)) lines.push('  [key: string]: unknown;');
    return lines;
  }

  /** The type of a schema. @param name for the interface, where it becomes one */
  type(schema: Json | undefined, name: string, depth = 0): string {
    if (schema === false) return 'never';
    const object = objectOf(schema);
    if (object === undefined || depth > DEEPEST) return 'unknown';
    const type = this.#typeOf(object, name, depth);
    return object.nullable === true && !acceptsNull(type) ? `${type} | null` : type;
  }

  #typeOf(schema: JsonObject, name: string, depth: number): string {
    if (typeof schema.$ref === 'string') return this.#reference(schema.$ref, depth);
    if (schema.const !== undefined) return literal(schema.const);
    if (Array.isArray(schema.enum)) return union(schema.enum.map(literal));
    if (schema['x-kubernetes-int-or-string'] === true) return 'number | string';
    const own = this.#own(schema, name, depth);
    return this.#dialect === 'structural' ? own : this.#combined(schema, own, name, depth);
  }

  #own(schema: JsonObject, name: string, depth: number): string {
    if (Array.isArray(schema.type)) {
      return union(schema.type.map((type) => this.#plain({ ...schema, type }, name, depth)));
    }
    return this.#plain(schema, name, depth);
  }

  #plain(schema: JsonObject, name: string, depth: number): string {
    switch (schema.type) {
      case 'string':
        return schema.format === 'int-or-string' ? 'number | string' : 'string';
      case 'integer':
      case 'number':
        return 'number';
      case 'boolean':
        return 'boolean';
      case 'null':
        return 'null';
      case 'array':
        return this.#array(schema, name, depth);
      case 'object':
        return this.#object(schema, name, depth);
      default:
        if (schema.properties !== undefined || schema.additionalProperties !== undefined)
          return this.#object(schema, name, depth);
        return schema.items === undefined ? 'unknown' : this.#array(schema, name, depth);
    }
  }

  #array(schema: JsonObject, name: string, depth: number): string {
    const outer = this.#inArray;
    this.#inArray = true;
    // Tuples are told apart by position; a union of their members takes every one of them.
    const items = Array.isArray(schema.items) ? [...schema.items, schema.additionalItems] : [schema.items];
    const type = union(items.map((item, at) => this.type(item, `${name}${at === 0 ? '' : at + 1}Item`, depth + 1)));
    this.#inArray = outer;
    return /[|&]/.test(type) ? `(${type})[]` : `${type}[]`;
  }

  #object(schema: JsonObject, name: string, depth: number): string {
    const members = objectOf(schema.properties) ?? {};
    if (Object.keys(members).length > 0) return this.#interface(schema, name, depth);
    const patterns = Object.values(objectOf(schema.patternProperties) ?? {});
    const rest = schema.additionalProperties;
    const values = [...patterns, ...(rest === undefined || rest === false ? [] : [rest])];
    if (values.length > 0 && (rest !== undefined || this.#dialect === 'structural'))
      return `{ [key: string]: ${union(values.map((value) => this.type(value, `${name}Value`, depth + 1)))} }`;
    return rest === false && patterns.length === 0 ? '{ [key: string]: never }' : '{ [key: string]: unknown }';
  }

  /** Whether an object may have members that its schema does not name. A type with members of its own cannot say more of the others than that they are there. */
  #isOpen(schema: JsonObject): boolean {
    if (schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-embedded-resource'] === true)
      return true;
    const { additionalProperties: rest, patternProperties: patterns } = schema;
    if (this.#dialect === 'structural') return rest !== undefined && rest !== false;
    return (
      rest !== false || patterns !== undefined || ['allOf', 'anyOf', 'oneOf'].some((word) => schema[word] !== undefined)
    );
  }

  /** Own type and what allOf, anyOf and oneOf add to it. Branches that only set conditions add nothing. */
  #combined(schema: JsonObject, own: string, name: string, depth: number): string {
    const parts = own === 'unknown' ? [] : [own];
    for (const [at, branch] of listOf(schema.allOf).entries())
      parts.push(this.type(branch, `${name}All${at + 1}`, depth + 1));
    for (const word of ['anyOf', 'oneOf'] as const) {
      const branches = listOf(schema[word]);
      const types = branches.map((branch, at) =>
        this.type(branch, `${name}${word === 'anyOf' ? 'Any' : 'One'}${at + 1}`, depth + 1),
      );
      if (types.length > 0) parts.push(union(types));
    }
    const known = [...new Set(parts.filter((part) => part !== 'unknown'))];
    if (known.length === 0) return 'unknown';
    return known.map((part) => (known.length > 1 && part.includes('|') ? `(${part})` : part)).join(' & ');
  }

  #reference(reference: string, depth: number): string {
    const known = this.#byReference.get(reference);
    if (known !== undefined) return known;
    const target = pointed(this.#root, reference);
    if (target === undefined) return 'unknown';
    // Only objects can contain themselves: they get their name before they are written.
    if (objectOf(target)?.properties === undefined) {
      this.#byReference.set(reference, 'unknown');
      const type = this.type(target, pascal(reference.slice(reference.lastIndexOf('/') + 1)), depth + 1);
      this.#byReference.set(reference, type);
      return type;
    }
    const name = this.#free(pascal(reference.slice(reference.lastIndexOf('/') + 1)) || 'Root');
    this.#byReference.set(reference, name);
    this.declare(name, () => this.members(target as JsonObject, name, depth + 1), docComment(target, ''));
    return name;
  }

  #interface(schema: JsonObject, name: string, depth: number): string {
    const at = this.#declarations.push('') - 1;
    const shape = this.members(schema, name, depth).join('\n');
    const equal = this.#byShape.get(shape);
    if (equal !== undefined) return equal;
    const free = this.#free(name);
    this.#byShape.set(shape, free);
    this.#declarations[at] = `export interface ${free} {\n${shape}\n}\n`;
    return free;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let at = 2; this.#names.has(name); at++) name = `${wanted}${at}`;
    this.#names.add(name);
    return name;
  }
}

function union(types: readonly string[]): string {
  const parts = [...new Set(types)];
  if (parts.length === 0 || parts.includes('unknown')) return 'unknown';
  return parts.map((part) => (part.includes('&') ? `(${part})` : part)).join(' | ');
}

function acceptsNull(type: string): boolean {
  return type === 'unknown' || / ?\| null\b|^null\b/.test(type);
}

function requiredOf(schema: JsonObject): ReadonlySet<string> {
  return new Set(listOf(schema.required).filter((name) => typeof name === 'string'));
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** What a JSON pointer in the fragment of a reference means; references to other documents mean nothing here. */
function pointed(root: JsonObject, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined;
  let value: Json | undefined = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    const object: JsonObject | undefined = objectOf(value);
    if (object === undefined || !Object.hasOwn(object, key)) return undefined;
    value = object[key];
  }
  return value;
}
