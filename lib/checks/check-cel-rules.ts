import { pathOf } from '../diff/field-changes.ts';
import type { Json, JsonObject } from '../kubernetes/object.ts';
import type { CelEngine } from './cel/cel-engine.ts';
import type { CelRule, RuledPlace } from './cel/cel-rules.ts';
import { type CelValue, celObject, identifier } from './cel/cel-values.ts';
import type { CheckedObject, Found, ObjectCheck } from './check.ts';
import { definedVersion, schemaOf } from './schema/known-kinds.ts';
import { itemLabel } from './schema/list-rules.ts';
import { isMap } from './schema/schema.ts';
import { violationsOf } from './schema/violations.ts';

/**
 * Custom resources against the rules of their definitions (`x-kubernetes-validations`). As the API server does, only where the object follows the schema: rules rely on
 * it. A rule that cannot be evaluated as the API server does says nothing.
 */
export const celRules: ObjectCheck = {
  looksAt: 'object',
  id: 'cel-rule',
  title: 'custom resources that break a rule of their definition',
  run: (object, { kinds, celEngine }) => {
    const manifest = object.desired.object;
    const place = definedVersion(kinds, manifest)?.rules();
    if (place === undefined || celEngine === undefined) return [];
    const schema = schemaOf(kinds, manifest);
    const value = manifest as unknown as JsonObject;
    if (schema === undefined || violationsOf(schema, value).length > 0) return [];
    const self = celObject(place.schema, value);
    if (self === undefined) return [];
    const found: Found[] = [];
    visit(place, self, value, '', { object, engine: celEngine, found });
    return found;
  },
};

interface Visit {
  readonly object: CheckedObject;
  readonly engine: CelEngine;
  readonly found: Found[];
}

/** @param raw the value as it is written; undefined where it is a default */
function visit(place: RuledPlace, self: CelValue, raw: Json | undefined, path: string, about: Visit): void {
  for (const rule of place.rules) {
    if (about.engine(rule, self) === false) about.found.push(broken(rule, path, about.object));
  }
  if (Array.isArray(self)) {
    const { items } = place;
    if (items === undefined) return;
    const keys = place.schema['x-kubernetes-list-map-keys'];
    const listKeys = Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : undefined;
    self.forEach((item: CelValue, at) => {
      const label = Array.isArray(raw) ? itemLabel(listKeys, raw, at) : String(at);
      visit(items, item, Array.isArray(raw) ? raw[at] : undefined, `${path}[${label}]`, about);
    });
  } else if (self instanceof Map) {
    const member = (name: string) => (isMap(raw) ? raw[name] : undefined);
    for (const [name, below] of place.properties) {
      const own = self.get(identifier(name)) as CelValue | undefined;
      if (own !== undefined) visit(below, own, member(name), pathOf(path, name), about);
    }
    if (place.values === undefined) return;
    for (const [key, own] of self) visit(place.values, own as CelValue, member(key), pathOf(path, key), about);
  }
}

function broken({ rule, message, fieldPath }: CelRule, path: string, object: CheckedObject): Found {
  const words = (message ?? rule).replaceAll(/\s+/g, ' ').trim();
  const field = `${path}${fieldPath ?? ''}`;
  return {
    object,
    severity: 'error',
    ...(field === '' ? {} : { field: field.startsWith('.') ? field.slice(1) : field }),
    what:
      message === undefined ? `It breaks the rule ${words} of its definition.` : `Its definition refuses it: ${words}`,
    fix: 'Correct what the rule is about: the API server refuses the object.',
  };
}
