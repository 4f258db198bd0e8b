import { isDeepStrictEqual } from 'node:util';
import type { HoldManifest, JsonValue, ReleaseInClusterManifest, ReleaseStateManifest } from '../../assembly-format';
import { FlatJson } from '../../private/flat-json';
import type { Entry } from '../../private/unit';

/** Everything that a release has to do with, as it is at a moment. */
export type World = readonly Entry[];

/** What a release goes through in one cluster, in objects. */
export interface ReleaseWorlds {
  readonly before: World;
  /** The last one is the end. */
  readonly stages: readonly StageWorld[];
  readonly abort: readonly World[];
}

export interface StageWorld {
  readonly name: string;
  readonly weight?: number;
  readonly hold?: HoldManifest;
  readonly world: World;
}

type JsonMap = { readonly [key: string]: JsonValue };

/**
 * What is written of a release: its objects, and how they look at each stage.
 * @param written objects that others write, as they write them: they are not among those that are returned
 */
export function statesOf(
  worlds: ReleaseWorlds,
  written: readonly Entry[] = [],
): { entries: Entry[]; manifest: ReleaseInClusterManifest } {
  const { before, stages, abort } = worlds;
  // As it is before the end: everything is there.
  const base = stages[Math.max(0, stages.length - 2)]?.world ?? before;
  const entries = new Map(base.map((entry) => [entry.path, entry]));
  for (const entry of written) entries.set(entry.path, entry);
  for (const world of [...stages.map((stage) => stage.world), before, ...abort])
    for (const entry of world) if (!entries.has(entry.path)) entries.set(entry.path, entry);
  const json = new JsonOf();
  const stateOf = (world: World) => difference(entries, world, json);
  return {
    entries: [...entries.values()].filter((entry) => !written.includes(entry)),
    manifest: {
      before: stateOf(before),
      stages: stages.map(({ world, ...stage }) => ({ ...stage, ...stateOf(world) })),
      abort: abort.map(stateOf),
    },
  };
}

function difference(entries: ReadonlyMap<string, Entry>, world: World, json: JsonOf): ReleaseStateManifest {
  const there = new Map(world.map((entry) => [entry.path, entry]));
  const fields: { object: string; field: string; value?: JsonValue }[] = [];
  const absent: string[] = [];
  for (const [path, entry] of entries) {
    const other = there.get(path);
    if (other === undefined) absent.push(path);
    else if (other !== entry)
      for (const { field, value } of fieldsOf(json.of(entry), json.of(other)))
        fields.push({ object: path, field, ...(value === undefined ? {} : { value }) });
  }
  return { ...(fields.length === 0 ? {} : { fields }), ...(absent.length === 0 ? {} : { absent }) };
}

/**
 * The fields in which an object differs from its base: paths of maps only. A map with a dot in one of its keys, as labels have, is one value. A template of pods is one, too: it is
 * released as a whole.
 */
function fieldsOf(base: JsonMap, other: JsonMap, path = ''): { field: string; value?: JsonValue }[] {
  return [...new Set([...Object.keys(base), ...Object.keys(other)])].sort().flatMap((key) => {
    const [from, to] = [base[key], other[key]];
    const field = path === '' ? key : `${path}.${key}`;
    if (to === undefined) return from === undefined ? [] : [{ field }];
    if (from === undefined) return [{ field, value: to }];
    if (isMap(from) && isMap(to) && !WHOLE.has(field) && ![...Object.keys(from), ...Object.keys(to)].some(hasDot))
      return fieldsOf(from, to, field);
    return isDeepStrictEqual(from, to) ? [] : [{ field, value: to }];
  });
}

const WHOLE = new Set(['metadata.labels', 'metadata.annotations', 'spec.template']);

function hasDot(key: string): boolean {
  return key.includes('.') || key.includes('/');
}

function isMap(value: JsonValue): value is JsonMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Objects as JSON, each made once. */
class JsonOf {
  private readonly known = new Map<object, JsonMap>();
  private readonly flat = new FlatJson();

  public of({ content }: Entry): JsonMap {
    const object = content.type === 'object' ? content.object : {};
    let json = this.known.get(object);
    if (json === undefined) {
      json = this.flat.fill(object).toJson() as JsonMap;
      this.known.set(object, json);
    }
    return json;
  }
}
