import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';

/** A value inside an object, and the way to it. */
export interface JsonNode {
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/** Metadata that says which object it is, or that only the server writes. */
const FIXED_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'generateName',
  'ownerReferences',
  'finalizers',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** Everything in an object that somebody may want to change, outside in. @param part only labels and annotations, or all but status */
export function nodesOf(object: KubernetesObject, part: 'metadata' | 'all' | 'status'): JsonNode[] {
  const nodes: JsonNode[] = [];
  if (part === 'status') {
    if (object.status !== undefined) collect(object.status as Json, ['status'], nodes);
    return nodes;
  }
  for (const [name, value] of Object.entries(object.metadata)) {
    if (!FIXED_METADATA.has(name) && value !== undefined) collect(value as Json, ['metadata', name], nodes);
  }
  if (part === 'metadata') return nodes;
  for (const [name, value] of Object.entries(object)) {
    if (['apiVersion', 'kind', 'metadata', 'status'].includes(name) || value === undefined) continue;
    collect(value as Json, [name], nodes);
  }
  return nodes;
}

function collect(value: Json, path: readonly (string | number)[], nodes: JsonNode[]): void {
  nodes.push({ path, value });
  if (Array.isArray(value)) for (const [index, item] of value.entries()) collect(item, [...path, index], nodes);
  else if (isMap(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) collect(member, [...path, name], nodes);
    }
  }
}

/** What stands at a path; undefined when the path leads nowhere. */
export function at(object: unknown, path: readonly (string | number)[]): Json | undefined {
  let value = object as Json | undefined;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as { [name: string | number]: Json | undefined })[step];
  }
  return value;
}

/** A copy with another value at a path; undefined removes the member or the item. Maps that are missing on the way are made. */
export function withValue<T>(object: T, path: readonly (string | number)[], value: Json | undefined): T {
  const [step, ...rest] = path;
  if (step === undefined) return value as T;
  if (Array.isArray(object)) {
    const copy = [...object];
    if (rest.length === 0 && value === undefined) copy.splice(step as number, 1);
    else copy[step as number] = withValue(copy[step as number], rest, value);
    return copy as T;
  }
  const copy: Record<string, unknown> = { ...(object as object) };
  if (rest.length === 0 && value === undefined) delete copy[step];
  else copy[step] = withValue(copy[step] ?? {}, rest, value);
  return copy as T;
}

export function isMap(value: unknown): value is { [name: string]: Json | undefined } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
