import type { Json } from '../../kubernetes/object.ts';
import { isMap, type Schema } from './schema.ts';

/** A value with the defaults of its schema at every depth; the value itself where there is nothing to fill in. */
export function withDefaults(schema: Schema, value: Json): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const filled = value.map((item) => withDefaults(items, item));
    return filled.some((item, at) => item !== value[at]) ? filled : value;
  }
  if (!isMap(value)) return value;
  const known = schema.fields?.().known;
  const changed = new Map<string, Json>();
  for (const [name, { schema: field, default: preset }] of known ?? []) {
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    const isLeftOut = own === undefined || (own === null && field.nulls === 'absent');
    const given = isLeftOut ? preset : own;
    if (given === undefined) continue;
    const filled = withDefaults(field, given);
    if (filled !== own) changed.set(name, filled);
  }
  if (schema.values !== undefined) {
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined || known?.has(name) === true) continue;
      const filled = withDefaults(schema.values, member);
      if (filled !== member) changed.set(name, filled);
    }
  }
  return changed.size === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}
