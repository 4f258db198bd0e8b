import type { Schema } from '../../lib/checks/schema/schema.ts';
import type { Json, JsonObject, KubernetesObject } from '../../lib/kubernetes/object.ts';

/** The object with one name of a field changed, and which: "spec.strategy.type". */
export interface Misnamed {
  readonly field: string;
  readonly object: KubernetesObject;
}

/**
 * The object once for each field that it has, with the name of that field changed. Of a list's items every field is changed once, not once per item.
 * Names that a schema leaves open (labels, keys of a ConfigMap) are no fields.
 */
export function misnamed(object: KubernetesObject, schema: Schema): Misnamed[] {
  const seen = new Set<string>();
  const found: Misnamed[] = [];
  for (const way of fieldsOf(object as unknown as Json, schema, [])) {
    const field = way.filter((step) => typeof step === 'string').join('.');
    // They are the address of the request, not part of what is judged.
    if (/^(apiVersion|kind|metadata(\.name|\.namespace)?)$/.test(field) || seen.has(field)) continue;
    seen.add(field);
    found.push({ field, object: renamedAt(object as unknown as Json, way) as unknown as KubernetesObject });
  }
  return found;
}

/** The same without a schema: every name at any depth of one part of the object, but for those of labels and quantities, which are no fields. */
export function misnamedAnywhere(object: KubernetesObject, part: string): Misnamed[] {
  const ways = [...namesOf((object as unknown as JsonObject)[part] ?? null, [part])];
  return ways.map((way) => ({
    field: way.join('.'),
    object: renamedAt(object as unknown as Json, way) as unknown as KubernetesObject,
  }));
}

const OPEN: ReadonlySet<string> = new Set(['nodeSelector', 'matchLabels', 'requests', 'limits']);

function* namesOf(value: Json, way: Way): Generator<Way> {
  if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* namesOf(item, [...way, at]);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield [...way, name];
      if (!OPEN.has(name)) yield* namesOf(member ?? null, [...way, name]);
    }
  }
}

type Way = readonly (string | number)[];

/** @param kept whether something around keeps whatever it gets: what is inside is kept, too, but for what must be there */
function* fieldsOf(value: Json, schema: Schema, way: Way, kept = false): Generator<Way> {
  const open = kept || schema.open === true;
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      if (schema.items !== undefined) yield* fieldsOf(item, schema.items, [...way, at], open);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const known = schema.fields?.().known;
  for (const [name, member] of Object.entries(value)) {
    const field = known?.get(name);
    // Where everything is kept, a wrong name is no mistake that a server could see.
    if (field !== undefined && (!open || field.required)) yield [...way, name];
    const below = field?.schema ?? schema.values;
    if (below !== undefined) yield* fieldsOf(member ?? null, below, [...way, name], open);
  }
}

function renamedAt(value: Json, [step, ...rest]: Way): Json {
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? renamedAt(item, rest) : item));
  const entries = Object.entries(value as JsonObject).map(([name, member = null]): [string, Json] => {
    if (name !== step) return [name, member];
    return rest.length === 0 ? [`${name}X`, member] : [name, renamedAt(member, rest)];
  });
  return Object.fromEntries(entries);
}
