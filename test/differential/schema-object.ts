import type { Json, JsonObject } from '../../lib/kubernetes/object.ts';
import type { Random } from './random.ts';

/** Texts that common patterns accept: names, versions, durations, quantities, addresses, URLs, times. */
const TEXTS: readonly string[] = [
  'alpha',
  'a.example.com',
  'example.com/alpha',
  'v1',
  '10s',
  '5m',
  '1Gi',
  '10%',
  '8080',
  '10.0.0.1',
  '10.0.0.0/24',
  'fd00::1',
  'https://example.com/a',
  'http://example.com',
  '2026-01-01T00:00:00Z',
  'Alpha',
  'ALPHA',
  '0 3 * * *',
  'a',
  '1',
  '/alpha',
  '1.2.3',
  'YWxwaGE=',
  '00:11:22:33:44:55',
];
const DEEPEST = 9;

/**
 * A random value that fits an OpenAPI schema of a CRD, as far as a schema says it; rules in CEL are left to the server.
 * @param density 0: only what is required; 1: everything.
 */
export function valueFor(schema: JsonObject, random: Random, density: number, depth = 0): Json {
  if (Array.isArray(schema.enum)) return random.pick(schema.enum);
  if (schema['x-kubernetes-int-or-string'] === true) return random.chance(0.5) ? 10 : '10%';
  switch (schema.type) {
    case 'object':
      return mapFor(schema, random, density, depth);
    case 'array':
      return listFor(schema, random, density, depth);
    case 'string':
      return textFor(schema, random);
    case 'integer':
    case 'number':
      return numberFor(schema, random);
    case 'boolean':
      return random.chance(0.5);
    default:
      return { free: 'form' };
  }
}

function mapFor(schema: JsonObject, random: Random, density: number, depth: number): JsonObject {
  const result: JsonObject = {};
  const properties = record(schema.properties);
  const required = new Set([...namesIn(schema.required), ...branchOf(schema, random)]);
  for (const [name, property] of Object.entries(properties)) {
    const wanted = depth < DEEPEST && random.chance(depth === 0 ? Math.max(density, 0.5) : density);
    if (required.has(name) || wanted) result[name] = valueFor(record(property), random, density * 0.85, depth + 1);
  }
  const free = record(schema.additionalProperties);
  if (Object.keys(free).length > 0 && random.chance(0.7)) {
    for (const name of random.shuffled(['alpha', 'beta', 'gamma']).slice(0, 1 + random.below(2))) {
      result[name] = valueFor(free, random, density * 0.85, depth + 1);
    }
  }
  if (schema['x-kubernetes-embedded-resource'] === true) {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'alpha' }, data: { a: 'b' } };
  }
  return result;
}

/** `oneOf` and `anyOf` mostly say which members belong together. */
function branchOf(schema: JsonObject, random: Random): string[] {
  const branches = [schema.oneOf, schema.anyOf].filter((list) => Array.isArray(list) && list.length > 0) as Json[][];
  return branches.flatMap((list) => namesIn(record(random.pick(list)).required));
}

function namesIn(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

/** Of an associative list every item gets another key. */
function listFor(schema: JsonObject, random: Random, density: number, depth: number): Json[] {
  const least = Number(schema.minItems ?? 0);
  const most = Math.min(Number(schema.maxItems ?? 3), 3);
  const length = Math.max(least, depth < DEEPEST ? 1 + random.below(Math.max(most, 1)) : 0);
  const items = Array.from({ length: Math.min(length, Math.max(most, least)) }, () =>
    valueFor(record(schema.items), random, density, depth + 1),
  );
  const keys = schema['x-kubernetes-list-map-keys'];
  const isSet = schema['x-kubernetes-list-type'] === 'set';
  const keyOf = (item: Json): string =>
    Array.isArray(keys) ? JSON.stringify(keys.map((key) => (item as JsonObject)[String(key)])) : JSON.stringify(item);
  return Array.isArray(keys) || isSet ? [...new Map(items.map((item) => [keyOf(item), item])).values()] : items;
}

function textFor(schema: JsonObject, random: Random): string {
  const pattern = typeof schema.pattern === 'string' ? safePattern(schema.pattern) : undefined;
  const fits = (text: string): boolean =>
    (pattern === undefined || pattern.test(text)) &&
    text.length >= Number(schema.minLength ?? 0) &&
    text.length <= Number(schema.maxLength ?? 1000);
  if (schema.format === 'date-time') return '2026-01-01T00:00:00Z';
  if (schema.format === 'byte') return 'YWxwaGE=';
  const preferred = random.chance(0.6) ? TEXTS.slice(0, 2) : TEXTS;
  const fitting = preferred.filter(fits);
  return random.pick(fitting.length > 0 ? fitting : [...TEXTS.filter(fits), 'alpha'].slice(0, 3));
}

function safePattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined; // Go's regular expressions know a few things that JavaScript's do not.
  }
}

function numberFor(schema: JsonObject, random: Random): number {
  const least = Number(schema.minimum ?? 0);
  const most = Math.min(Number(schema.maximum ?? least + 100), least + 100);
  return least + random.below(most - least + 1);
}

function record(value: unknown): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
}
