import type { Json, JsonObject } from '../../kubernetes/object.ts';
import { isMap } from '../schema/schema.ts';

/** A rule of `x-kubernetes-validations`. */
export interface CelRule {
  readonly rule: string;
  readonly message: string | undefined;
  /** Field that the rule is about, from its value on: ".replicas". */
  readonly fieldPath: string | undefined;
  /** Schema of the value that it judges. */
  readonly schema: JsonObject;
}

/** A place in a structural schema at or below which there are rules. */
export interface RuledPlace {
  readonly schema: JsonObject;
  readonly rules: readonly CelRule[];
  readonly properties: readonly (readonly [name: string, place: RuledPlace])[];
  readonly items: RuledPlace | undefined;
  /** Values of a map (additionalProperties). */
  readonly values: RuledPlace | undefined;
}

/**
 * The rules of a structural schema that a new object has to fulfil; undefined where there are none. Those that compare with the former object (`oldSelf`) have nothing to compare with
 * before there is a cluster.
 */
export function ruledPlace(schema: Json | undefined): RuledPlace | undefined {
  if (!isMap(schema)) return undefined;
  const rules = rulesOf(schema);
  const properties = Object.entries(isMap(schema.properties) ? schema.properties : {}).flatMap(([name, property]) => {
    const place = ruledPlace(property);
    return place === undefined ? [] : [[name, place] as const];
  });
  const items = ruledPlace(schema.items);
  const values = ruledPlace(schema.additionalProperties);
  const hasRules = rules.length > 0 || properties.length > 0 || items !== undefined || values !== undefined;
  return hasRules ? { schema, rules, properties, items, values } : undefined;
}

function rulesOf(schema: JsonObject): CelRule[] {
  const given = schema['x-kubernetes-validations'];
  return (Array.isArray(given) ? given : []).flatMap((one): CelRule[] => {
    if (!isMap(one) || typeof one.rule !== 'string' || /\boldSelf\b/.test(one.rule)) return [];
    const { rule, message, fieldPath } = one;
    return [
      {
        rule,
        message: typeof message === 'string' && message !== '' ? message : undefined,
        fieldPath: typeof fieldPath === 'string' ? fieldPath : undefined,
        schema,
      },
    ];
  });
}
