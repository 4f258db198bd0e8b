import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { isMap, type JsonNode, nodesOf, withValue } from '../differential/json-nodes.ts';
import type { Random } from '../differential/random.ts';

/** A mistake that people make, somewhere in an object; undefined when the object has no place for it. None knows the schemas. */
export type Mutation = (object: KubernetesObject, random: Random) => KubernetesObject | undefined;

export const MUTATIONS = {
  /** A member of another name: misspelt, or one that belongs elsewhere. */
  'misspelt field': (object, random) => {
    const node = some(nodesOf(object, 'all'), random, ({ path }) => typeof path.at(-1) === 'string');
    if (node === undefined) return undefined;
    const name = String(node.path.at(-1));
    const renamed = random.pick([misspelt(name, random), misspelt(name, random), 'replicas', `${name}s`]);
    return withValue(withValue(object, node.path, undefined), [...node.path.slice(0, -1), renamed], node.value);
  },
  'wrong type': (object, random) => {
    const node = some(nodesOf(object, 'all'), random, () => true);
    return node === undefined ? undefined : withValue(object, node.path, ofOtherType(node.value, random));
  },
  'left out': (object, random) => {
    const node = some(nodesOf(object, 'all'), random, () => true);
    return node === undefined ? undefined : withValue(object, node.path, undefined);
  },
  'an item twice': (object, random) => {
    const node = some(nodesOf(object, 'all'), random, ({ value }) => Array.isArray(value) && value.length > 0);
    if (node === undefined) return undefined;
    const list = node.value as Json[];
    return withValue(object, node.path, [...list, random.pick(list)]);
  },
  'another word': (object, random) => {
    const node = some(
      nodesOf(object, 'all'),
      random,
      ({ value }) => typeof value === 'string' && /^[A-Z][A-Za-z]+$/.test(value),
    );
    return node === undefined ? undefined : withValue(object, node.path, misspelt(String(node.value), random));
  },
  null: (object, random) => {
    const node = some(nodesOf(object, 'all'), random, () => true);
    return node === undefined ? undefined : withValue(object, node.path, null);
  },
} as const satisfies Record<string, Mutation>;

export type MutationName = keyof typeof MUTATIONS;

/** Half of the time a place anywhere, half of the time one near the root: deep trees would drown it. */
function some(nodes: readonly JsonNode[], random: Random, fits: (node: JsonNode) => boolean): JsonNode | undefined {
  const fitting = nodes.filter(fits);
  const near = random.chance(0.5) ? fitting.filter(({ path }) => path.length <= 3) : fitting;
  const from = near.length > 0 ? near : fitting;
  return from.length === 0 ? undefined : random.pick(from);
}

function misspelt(word: string, random: Random): string {
  const at = random.below(word.length);
  const letter = word[at] ?? 'x';
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  return random.pick([
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + letter + word.slice(at),
    `${word.slice(0, at)}${other === letter ? 'x' : other}${word.slice(at + 1)}`,
  ]);
}

function ofOtherType(value: Json, random: Random): Json {
  if (Array.isArray(value)) return random.pick<Json>([{}, 'text', 3, value[0] ?? false]);
  if (isMap(value)) return random.pick<Json>([[value], 'text', 3, true]);
  switch (typeof value) {
    case 'number':
      return random.pick<Json>([String(value), value + 0.5, true, [value], { value }]);
    case 'boolean':
      return random.pick<Json>([String(value), 1, [value]]);
    default:
      return random.pick<Json>([7, true, 1.5, [value], { value }]);
  }
}
