import { pathOf } from '../../diff/field-changes.ts';
import type { Json } from '../../kubernetes/object.ts';
import { itemLabel, listViolations } from './list-rules.ts';
import { meantField } from './meant-field.ts';
import { NO_FIELDS, type Schema, type ValueRules } from './schema.ts';
import { typeMistake } from './type-mistake.ts';
import { ruleMistakes } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';

/** How a value departs from its schema. */
export interface Violation {
  readonly type: 'unknown-field' | 'type' | 'required' | 'value' | 'duplicate';
  /** From the object on, as plans write it: "spec.template.spec.containers[name=cart].image". */
  readonly path: string;
  /** One sentence. Holds no value that may be secret. */
  readonly what: string;
  readonly fix: string;
  /** Of an unknown field: the type that does not have it ("core.v1.Container"; undefined in custom resources), and its name. */
  readonly unknown?: { readonly type: string | undefined; readonly field: string } | undefined;
}

/** Where a list or an object stands, from the outermost one on: schemas and values of the way, and the steps between. */
interface Place {
  readonly schemas: Schema[];
  readonly values: Json[];
  readonly steps: (string | number)[];
}

/** Everything in which an object, or a part of one, departs from its schema. */
export function violationsOf(schema: Schema, value: Json): Violation[] {
  const walk = new Walk();
  walk.visit(schema, value);
  return walk.found;
}

function accepts(schema: Schema, value: Json): boolean {
  return violationsOf(schema, value).length === 0;
}

class Walk {
  public readonly found: Violation[] = [];
  private readonly place: Place = { schemas: [], values: [], steps: [] };

  public visit(schema: Schema, value: Json): void {
    if (value === null && schema.nulls !== undefined) return;
    const { type, rules } = schema;
    if (type !== undefined) {
      const mistake = typeMistake(type, value);
      if (mistake !== undefined) {
        this.report('type', mistake);
        return;
      }
    }
    if (rules !== undefined) {
      const judged = seesMembers(rules) ? withDefaults(schema, value) : value;
      for (const mistake of ruleMistakes(rules, judged, accepts)) this.report('value', mistake);
    }
    if (value === null || typeof value !== 'object') return;
    this.place.schemas.push(schema);
    this.place.values.push(value);
    if (Array.isArray(value)) this.visitItems(schema, value);
    else this.visitMembers(schema, value);
    this.place.schemas.pop();
    this.place.values.pop();
  }

  private visitMembers(schema: Schema, value: { [name: string]: Json | undefined }): void {
    const { known: fields, required } = schema.fields?.() ?? NO_FIELDS;
    const { steps } = this.place;
    for (const name in value) {
      const member = value[name];
      if (member === undefined) continue;
      const known = fields.get(name)?.schema ?? schema.values;
      if (known !== undefined) {
        steps.push(name);
        this.visit(known, member);
        steps.pop();
      } else if (schema.open !== true) this.unknownField(schema, name);
    }
    for (const name of required) {
      if (isAbsent(value[name], fields.get(name)?.schema)) this.missing(schema, name);
    }
  }

  private visitItems(schema: Schema, value: Json[]): void {
    const { items } = schema;
    if (items !== undefined) {
      const { steps } = this.place;
      for (let at = 0; at < value.length; at++) {
        steps.push(at);
        this.visit(items, value[at] ?? null);
        steps.pop();
      }
    }
    if (schema.listKeys === undefined && schema.isSet !== true) return;
    for (const { at, type, what, fix } of listViolations(schema, value)) this.report(type, { what, fix }, at);
  }

  private unknownField(schema: Schema, name: string): void {
    const { schemas, steps } = this.place;
    const what =
      schema.name === undefined
        ? `There is no field "${name}" here.`
        : `${shortName(schema.name)} has no field "${name}".`;
    this.found.push({
      type: 'unknown-field',
      path: pathOf(this.path(), name),
      what,
      fix: meantField(name, schemas, (depth) => pathOfPlace({ ...this.place, steps: steps.slice(0, depth) })),
      unknown: { type: schema.name, field: name },
    });
  }

  private missing(schema: Schema, name: string): void {
    this.found.push({
      type: 'required',
      path: pathOf(this.path(), name),
      what: `${schema.name === undefined ? 'It' : shortName(schema.name)} needs the field "${name}".`,
      fix: 'Set it.',
    });
  }

  /** @param at an item of the list that is being visited; it may have no key of its own */
  private report(type: Violation['type'], mistake: { readonly what: string; readonly fix: string }, at?: number): void {
    const path = at === undefined ? this.path() : `${this.path()}[${at}]`;
    this.found.push({ type, path, ...mistake });
  }

  private path(): string {
    return pathOfPlace(this.place);
  }
}

/** Rules about more than the value itself: the API server judges them when it has filled in defaults. */
function seesMembers({ allOf, anyOf, oneOf, not, enum: words, minProperties, maxProperties }: ValueRules): boolean {
  return [allOf, anyOf, oneOf, not, words, minProperties, maxProperties].some((rule) => rule !== undefined);
}

/** Paths are made for findings only: nearly every field of nearly every object has none. */
function pathOfPlace({ schemas, values, steps }: Place): string {
  let path = '';
  steps.forEach((step, depth) => {
    if (typeof step === 'string') path = pathOf(path, step);
    else path = `${path}[${itemLabel(schemas[depth]?.listKeys, values[depth] as Json[], step)}]`;
  });
  return path;
}

/** null counts as left out where it is no value. */
function isAbsent(value: Json | undefined, schema: Schema | undefined): boolean {
  return value === undefined || (value === null && schema?.nulls === 'absent');
}

/** "core.v1.Container" → "Container". */
export function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
