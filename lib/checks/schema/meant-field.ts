import { nearestWord } from '../../config/nearest.ts';
import { NO_FIELDS, type Schema } from './schema.ts';

/** Levels that people leave out at most: "image" of a Deployment is in template.spec.containers. */
const DEEPEST = 4;

/**
 * What somebody meant who wrote a field that is not there: another name, or another place.
 * @param schemas of the places that lead to it, outermost first, its own last
 * @param pathTo the path of one of these places, by its position
 * @returns a sentence that says what to do
 */
export function meantField(name: string, schemas: readonly Schema[], pathTo: (depth: number) => string): string {
  const own = schemas.at(-1)?.fields?.() ?? NO_FIELDS;
  const nearest = nearestWord(name, [...own.known.keys()]);
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  const outer = schemas.slice(0, -1).findLastIndex((schema) => schema.fields?.().known.has(name) === true);
  if (outer === 0) return 'It belongs to the object itself: move it there.';
  if (outer > 0) return `It belongs to ${pathTo(outer)}: move it there.`;
  const below = fieldBelow(schemas.at(-1), name);
  return below === undefined ? 'Remove it, or move it to where it belongs.' : `Did you mean ${below}?`;
}

/** The field of this name that is the fewest levels below; lists are passed through, too. */
function fieldBelow(schema: Schema | undefined, name: string): string | undefined {
  const seen = new Set<Schema>();
  let level: [string, Schema][] = schema === undefined ? [] : [['', schema]];
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const next: [string, Schema][] = [];
    for (const [path, { fields }] of level) {
      for (const [field, { schema: below }] of fields?.().known ?? []) {
        if (field === name && depth > 0) return `${path}${field}`;
        const inner = below.items ?? below;
        if (inner.fields === undefined || seen.has(inner) || field === 'metadata' || field === 'status') continue;
        seen.add(inner);
        next.push([`${path}${field}${below.items === undefined ? '' : '[]'}.`, inner]);
      }
    }
    level = next;
  }
  return undefined;
}
