import type { JsonValue } from '@orrery/constructs/assembly-format';
import { applyMergePatch, define } from '@orrery/constructs/json-patch';
import type { Schema } from '../checks/schema/schema.ts';
import { canonicalJson } from '../kubernetes/canonical.ts';
import type { Json, JsonObject } from '../kubernetes/object.ts';

/** A strategic patch that cannot be applied: where, and why. Values are not repeated: they may be secret. */
export class StrategicMistake extends Error {
  constructor(path: readonly string[], what: string) {
    super(`${path.length === 0 ? 'the object' : path.join('.')}: ${what}`);
  }
}

const DIRECTIVE = '$patch';

/**
 * What a strategic merge patch makes of a value: a merge patch (RFC 7386) in which lists whose items have keys are merged item by item, new items at the end, and
 * sets are united. Which lists those are says the schema that server-side apply goes by (x-kubernetes-list-type), so that a patch tells items apart as the cluster
 * will. Of kubectl's directives `$patch: delete` and `$patch: replace` are known. Neither value is changed.
 * @param schema of the value; undefined where nothing is known: maps are merged, lists replaced
 * @throws StrategicMistake
 */
export function applyStrategicMerge(
  value: Json | undefined,
  patch: Json,
  schema: Schema | undefined,
  path: readonly string[] = [],
): Json {
  if (Array.isArray(patch)) return mergeList(value, patch, schema, path);
  if (!isMap(patch)) return patch;
  const { [DIRECTIVE]: directive, ...rest } = patch;
  const other = Object.keys(rest).find((key) => key.startsWith('$'));
  if (other !== undefined) throw new StrategicMistake(path, `the directive "${other}" is not known here`);
  if (directive === 'replace') return applyMergePatch(undefined, rest as JsonValue) as Json;
  if (directive !== undefined) throw new StrategicMistake(path, 'only an item of a list can be deleted by "$patch"');
  const result: JsonObject = isMap(value) ? { ...value } : {};
  const known = schema?.fields?.().known;
  for (const [key, member] of Object.entries(rest)) {
    if (member === null) delete result[key];
    else {
      const before = Object.hasOwn(result, key) ? result[key] : undefined;
      define(
        result,
        key,
        applyStrategicMerge(before, member as Json, known?.get(key)?.schema ?? schema?.values, [...path, key]),
      );
    }
  }
  return result;
}

function mergeList(
  value: Json | undefined,
  patch: readonly Json[],
  schema: Schema | undefined,
  path: readonly string[],
): Json {
  const before = Array.isArray(value) ? value : [];
  const replaces = patch.some(isReplace);
  if (schema?.listKeys !== undefined)
    return mergeByKeys(
      replaces ? [] : before,
      patch.filter((item) => !isReplace(item)),
      schema,
      path,
    );
  if (schema?.isSet === true && !replaces) {
    const known = new Set(before.map(canonicalJson));
    return [...before, ...patch.filter((item) => !known.has(canonicalJson(item)))];
  }
  return patch.filter((item) => !isReplace(item));
}

/** An item that stands for none: the rest of the list replaces what was there. */
function isReplace(item: Json): boolean {
  return isMap(item) && item[DIRECTIVE] === 'replace' && Object.keys(item).length === 1;
}

function mergeByKeys(before: readonly Json[], patch: readonly Json[], schema: Schema, path: readonly string[]): Json[] {
  const { listKeys = [], items } = schema;
  const fields = items?.fields?.().known;
  const identity = (item: Json): string | undefined => {
    if (!isMap(item)) return undefined;
    const values = listKeys.map((key) => item[key] ?? fields?.get(key)?.default);
    return values.every((one) => one === undefined) ? undefined : canonicalJson(values.map((one) => one ?? null));
  };
  const result = [...before];
  for (const item of patch) {
    const wanted = identity(item);
    if (!isMap(item) || wanted === undefined)
      throw new StrategicMistake(
        path,
        `an item has no ${listKeys.join(' and ')}, by which the items of this list are told apart`,
      );
    const at = result.findIndex((one) => identity(one) === wanted);
    if (item[DIRECTIVE] === 'delete') {
      if (at < 0)
        throw new StrategicMistake(
          path,
          `there is no item with ${listKeys.map((key) => `${key} ${JSON.stringify(item[key] ?? null)}`).join(', ')} to delete`,
        );
      result.splice(at, 1);
    } else if (at < 0) result.push(applyStrategicMerge(undefined, item, items, path));
    else result[at] = applyStrategicMerge(result[at], item, items, path);
  }
  return result;
}

function isMap(value: Json | undefined): value is JsonObject & { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
