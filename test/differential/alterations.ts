import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { at, isMap, type JsonNode, nodesOf, withValue } from './json-nodes.ts';
import type { Random } from './random.ts';

/**
 * One random change to an object, by its kind; undefined when the object has nothing to change in that way. It knows nothing of Kubernetes' schemas: what the server
 * refuses is drawn again. The same changes are made to what the program wants and to what stands in the cluster.
 */
export type Alteration = (object: KubernetesObject, random: Random, part: Part) => KubernetesObject | undefined;

/** Where to change: only labels and annotations (objects whose content decides about others), or everything but status. */
export type Part = 'metadata' | 'all' | 'status';

const QUANTITY = /^(\d+)(m|k|M|G|Ti|Gi|Mi|Ki)?$/;
/** Few names, so that what is left behind does not grow. */
const NAMES = ['example.com/alien', 'zz', 'aa'] as const;

export const ALTERATIONS = {
  value: atSome(isScalar, (value, random) => otherScalar(value, random)),
  order: atSome(
    (value) => Array.isArray(value) && value.length > 1,
    (value, random) => reordered(value as Json[], random),
  ),
  remove: (object, random, part) => {
    const nodes = nodesOf(object, part).filter(({ path }) => path.length > 2 || part === 'all');
    return nodes.length === 0 ? undefined : withValue(object, random.pick(nodes).path, undefined);
  },
  empty: (object, random, part) => {
    const inContainer = part === 'all' && random.chance(0.5) ? emptyInContainer(object, random) : undefined;
    return inContainer ?? emptied(object, random, part);
  },
  fill: atSome(isEmpty, (value, random) => filled(value, random)),
  null: (object, random, part) => {
    const nodes = nodesOf(object, part);
    return nodes.length === 0 ? undefined : withValue(object, random.pick(nodes).path, null);
  },
  quantity: atSome(
    (value, path) => isQuantity(value, path),
    (value, random) => otherQuantity(value as string | number, random),
  ),
  duplicate: atSome(
    (value) => Array.isArray(value) && value.length > 0,
    (value, random) => withDuplicate(value as Json[], random),
  ),
  add: (object, random, part) => added(object, random, part),
  type: atSome(
    (value) => typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value !== ''),
    (value) => (typeof value === 'string' ? asOtherType(value) : String(value)),
  ),
} as const satisfies Record<string, Alteration>;

export type AlterationName = keyof typeof ALTERATIONS;

function atSome(
  fits: (value: Json, path: readonly (string | number)[]) => boolean,
  change: (value: Json, random: Random) => Json,
): Alteration {
  return (object, random, part) => {
    const nodes = nodesOf(object, part).filter(({ value, path }) => fits(value, path));
    if (nodes.length === 0) return undefined;
    const node = chosen(nodes, random);
    return withValue(object, node.path, change(node.value, random));
  };
}

/** Deep trees would drown what stands near the root: half of the choices first choose the member of the root. */
function chosen(nodes: readonly JsonNode[], random: Random): JsonNode {
  if (random.chance(0.5)) return random.pick(nodes);
  const root = random.pick([...new Set(nodes.map(({ path }) => path.slice(0, 2).join('\n')))]);
  return random.pick(nodes.filter(({ path }) => path.slice(0, 2).join('\n') === root));
}

function isScalar(value: Json): boolean {
  return value !== null && typeof value !== 'object';
}

/** `""`, `[]` or `{}`. */
export function isEmpty(value: Json): boolean {
  if (value === '') return true;
  return value !== null && typeof value === 'object' && Object.keys(value).length === 0;
}

function otherScalar(value: Json, random: Random): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return random.pick([value + 1, Math.max(0, value - 1), value * 2, 0]);
  const text = String(value);
  if (text === 'TCP' || text === 'UDP') return text === 'TCP' ? 'UDP' : 'TCP';
  const digit = text.search(/\d/);
  if (digit >= 0 && random.chance(0.6)) {
    return text.slice(0, digit) + String((Number(text[digit]) + 1) % 10) + text.slice(digit + 1);
  }
  return random.pick([`${text}x`, `x${text}`, 'changed', '']);
}

function reordered(list: readonly Json[], random: Random): Json[] {
  const way = random.below(3);
  if (way === 0) return list.toReversed();
  if (way === 1) return [...list.slice(1), list[0] as Json];
  return random.shuffled(list);
}

function emptied(object: KubernetesObject, random: Random, part: Part): KubernetesObject | undefined {
  const nodes = nodesOf(object, part).filter(
    ({ value, path }) => (typeof value === 'string' || typeof value === 'object') && path.length > 1,
  );
  if (nodes.length === 0) return undefined;
  const { path, value } = chosen(nodes, random);
  return withValue(object, path, Array.isArray(value) ? [] : typeof value === 'string' ? '' : {});
}

/** What a program may write without meaning anything, and somebody else may fill: `args: []`, `env: [{name, value: ""}]`, `securityContext: {}`. */
function emptyInContainer(object: KubernetesObject, random: Random): KubernetesObject | undefined {
  const containers = nodesOf(object, 'all').filter(({ value }) => isMap(value) && 'image' in value && 'name' in value);
  if (containers.length === 0) return undefined;
  const { path } = random.pick(containers);
  const [name, value] = random.pick<[string, Json]>([
    ['args', []],
    ['command', []],
    ['env', [{ name: 'EMPTY', value: '' }]],
    ['env', []],
    ['envFrom', []],
    ['ports', []],
    ['volumeMounts', []],
    ['securityContext', {}],
    ['resources', {}],
  ]);
  return withValue(object, [...path, name], value);
}

/** Something in the place of nothing. */
export function filled(value: Json, random: Random): Json {
  if (value === '') return random.pick(['filled', '1', 'x.example.com']);
  if (Array.isArray(value))
    return random.pick<Json>([['filled'], [{ name: 'filled' }], [{ name: 'FILLED', value: 'x' }]]);
  return random.pick<Json>([{ filled: 'x' }, { medium: 'Memory' }, { cpu: '10m' }, { privileged: false }]);
}

function isQuantity(value: Json, path: readonly (string | number)[]): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const measured =
    /^(limits|requests|hard|capacity|resources|cpu|memory|storage|max|min|default|defaultRequest|.*Quota)$/i;
  return QUANTITY.test(String(value)) && path.some((step) => measured.test(String(step)));
}

/** The same quantity in another spelling, or another one. */
function otherQuantity(value: string | number, random: Random): Json {
  const [, digits = '1', unit = ''] = QUANTITY.exec(String(value)) ?? [];
  const number = Number(digits);
  if (random.chance(0.4)) return `${number + 1}${unit}`;
  if (unit === '') return random.pick<Json>([`${number}000m`, `${number}.0`, `${number}e0`]);
  if (unit === 'm') return number % 1000 === 0 ? String(number / 1000) : `0${number}m`;
  if (unit === 'Gi') return `${number * 1024}Mi`;
  if (unit === 'Mi') return `${number * 1024}Ki`;
  if (unit === 'Ti') return `${number * 1024}Gi`;
  return `${number}.0${unit}`;
}

function withDuplicate(list: readonly Json[], random: Random): Json[] {
  const item = random.pick(list);
  const copy = random.chance(0.5) ? item : similar(item, random);
  const position = random.below(list.length + 1);
  return [...list.slice(0, position), copy, ...list.slice(position)];
}

/** An item with one member changed: with the same key, or with another. */
function similar(item: Json, random: Random): Json {
  if (!isMap(item)) return otherScalar(item, random);
  const names = Object.keys(item).filter((name) => isScalar(item[name] ?? null));
  if (names.length === 0) return item;
  const name = random.pick(names);
  return { ...item, [name]: otherScalar(item[name] ?? '', random) };
}

function added(object: KubernetesObject, random: Random, part: Part): KubernetesObject | undefined {
  const name = random.pick(NAMES);
  if (part === 'metadata' || random.chance(0.3)) {
    const map = random.pick(['labels', 'annotations'] as const);
    return withValue(object, ['metadata', map, name], random.pick(['one', 'two', '']));
  }
  const nodes = nodesOf(object, part).filter(({ value }) => Array.isArray(value) || isMap(value));
  if (nodes.length === 0) return undefined;
  const { path, value } = chosen(nodes, random);
  if (!Array.isArray(value)) return withValue(object, [...path, 'zz'], random.pick<Json>(['one', 'two', '']));
  const position = random.below(value.length + 1);
  const item = isMap(value[0])
    ? similar(value[0], random)
    : typeof value[0] === 'number'
      ? 7
      : random.pick(['zz', 'aa']);
  return withValue(object, path, [...value.slice(0, position), item as Json, ...value.slice(position)]);
}

function asOtherType(value: string): Json {
  return /^\d+$/.test(value) ? Number(value) : value === 'true' ? true : value === 'false' ? false : [value];
}

/** The same object with its members written in another order: no change. */
export function respelled<T>(value: T, random: Random): T {
  if (Array.isArray(value)) return value.map((item) => respelled(item, random)) as T;
  if (!isMap(value)) return value;
  return Object.fromEntries(
    random.shuffled(Object.entries(value)).map(([name, member]) => [name, respelled(member, random)]),
  ) as T;
}

/** A field that the server filled in, which the program now writes itself: with the same value, or with another. */
export function withServersValue(
  desired: KubernetesObject,
  live: KubernetesObject,
  random: Random,
): KubernetesObject | undefined {
  const filledIn = nodesOf(live, 'all').filter(
    ({ value, path }) =>
      isScalar(value) &&
      path[0] !== 'metadata' &&
      at(desired, path) === undefined &&
      at(desired, path.slice(0, -1)) !== undefined,
  );
  if (filledIn.length === 0) return undefined;
  const { path, value } = random.pick(filledIn);
  return withValue(desired, path, random.chance(0.6) ? value : otherScalar(value, random));
}
