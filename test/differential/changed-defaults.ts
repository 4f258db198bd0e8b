import type { Json, JsonObject, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { isMap, withValue } from './json-nodes.ts';
import type { Random } from './random.ts';

/** Where a default can be set in a schema, so that objects at hand get it. */
export interface DefaultPlace {
  /** Path of the property's schema, from the schema of the whole object. */
  readonly path: readonly (string | number)[];
  readonly values: readonly [Json, Json];
  /** Inside the items of an atomic list: the list is applied as a whole, and completed anew each time. */
  readonly inAtomicList: boolean;
}

/** Scalars without rules of their own that are absent from some objects: the server would complete them. Those inside atomic lists first. */
export function defaultPlaces(
  schema: JsonObject,
  objects: readonly KubernetesObject[],
  random: Random,
): DefaultPlace[] {
  const places = new Map<string, DefaultPlace>();
  for (const object of objects) {
    const { spec } = object as { spec?: Json };
    visit(propertiesOf(schema).spec as JsonObject, spec, ['properties', 'spec'], false, places);
  }
  const found = random.shuffled([...places.values()]);
  return [...found.filter(({ inAtomicList }) => inAtomicList), ...found.filter(({ inAtomicList }) => !inAtomicList)];
}

/** The schema with a default at a place. */
export function withDefault(schema: JsonObject, { path }: DefaultPlace, value: Json): JsonObject {
  return withValue(schema, [...path, 'default'], value);
}

function visit(
  schema: JsonObject | undefined,
  value: Json | undefined,
  path: readonly (string | number)[],
  inAtomicList: boolean,
  places: Map<string, DefaultPlace>,
): void {
  if (schema === undefined || value === undefined) return;
  if (Array.isArray(value)) {
    const atomic = (schema['x-kubernetes-list-type'] ?? 'atomic') === 'atomic';
    for (const item of value)
      visit(schema.items as JsonObject, item, [...path, 'items'], inAtomicList || atomic, places);
    return;
  }
  if (!isMap(value)) return;
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    const below = [...path, 'properties', name];
    const values = value[name] === undefined ? defaultsFor(property as JsonObject) : undefined;
    if (values !== undefined) places.set(below.join('/'), { path: below, values, inAtomicList });
    visit(property as JsonObject, value[name], below, inAtomicList, places);
  }
}

function defaultsFor(schema: JsonObject): readonly [Json, Json] | undefined {
  const ruled = [
    'enum',
    'pattern',
    'format',
    'default',
    'x-kubernetes-validations',
    'minLength',
    'maxLength',
    'minimum',
    'maximum',
  ];
  if (ruled.some((rule) => schema[rule] !== undefined && schema[rule] !== 'int32' && schema[rule] !== 'int64'))
    return undefined;
  if (schema.type === 'string') return ['first', 'second'];
  if (schema.type === 'boolean') return [true, false];
  return schema.type === 'integer' ? [11, 12] : undefined;
}

function propertiesOf(schema: JsonObject): JsonObject {
  return isMap(schema.properties) ? schema.properties : {};
}
