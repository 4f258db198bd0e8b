import type { Json } from '../kubernetes/object.ts';

type Place = readonly (string | number)[];

/** An address where kustomize would take it for the path of a file. */
export interface FoundAddress {
  readonly entry: string;
  readonly place: Place;
}

/** Fields whose texts kustomize never takes for paths (kustomize api/types, and the fields of its builtin plugins): addresses are fine there. */
const FREE_TEXT = new Set(['metadata', 'literals', 'commonAnnotations', 'annotations', 'patch', 'jsonOp', 'value']);

/**
 * The first address in a kustomization, or in the configuration of a plugin, that kustomize would fetch: whatever it loads, a patch or a file of a generator, it takes from
 * the web when it looks like that (kustomize api/internal/loader: IsRemoteFile). Fields that are not known count as paths.
 */
export function findAddress(value: Json, place: Place = []): FoundAddress | undefined {
  if (typeof value === 'string') return isFetched(value, place) ? { entry: value, place } : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  const members: (readonly [string | number, Json])[] = Array.isArray(value)
    ? value.map((member, index) => [index, member])
    : Object.entries(value).flatMap(([key, member]) =>
        member === undefined || FREE_TEXT.has(key) ? [] : [[key, member]],
      );
  for (const [key, member] of members) {
    const found = findAddress(member, [...place, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Files of generators may have a key in front: "logo.svg=https://…". */
function isFetched(text: string, place: Place): boolean {
  const list = place.findLast((key) => typeof key === 'string');
  return String(list).toLowerCase() === 'files' ? /^(?:[^=]*=)?\s*https?:/i.test(text) : /^\s*https?:/i.test(text);
}
