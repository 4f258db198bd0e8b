import type { Environment } from '@marcbachmann/cel-js';
import type { CelValue } from '../cel-values.ts';
import { undecided } from '../undecided.ts';

type Scalar = string | bigint | number | boolean;

/** Functions of Kubernetes over lists (k8s.io/apiserver, pkg/cel/library/lists.go), for lists of scalars of one type. */
export function addListFunctions(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', (list: readonly CelValue[]) =>
      scalars(list).every((item, at, all) => at === 0 || compare(all[at - 1] as Scalar, item) <= 0),
    )
    .registerFunction('list.min(): dyn', (list: readonly CelValue[]) => extreme(list, -1))
    .registerFunction('list.max(): dyn', (list: readonly CelValue[]) => extreme(list, 1))
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction('list.indexOf(dyn): int', (list: readonly CelValue[], item: CelValue) =>
      BigInt(comparable(list, item).indexOf(item as Scalar)),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: readonly CelValue[], item: CelValue) =>
      BigInt(comparable(list, item).lastIndexOf(item as Scalar)),
    );
  // Sets of https://pkg.go.dev/github.com/google/cel-go/ext: lists without regard to order and repetition.
  environment
    .registerType('Sets', Sets)
    .registerConstant('sets', 'Sets', new Sets())
    .registerFunction(
      'Sets.contains(list, list): bool',
      (_: Sets, list: readonly CelValue[], of: readonly CelValue[]) => contains(list, of),
    )
    .registerFunction(
      'Sets.intersects(list, list): bool',
      (_: Sets, a: readonly CelValue[], b: readonly CelValue[]) => {
        const [left, right] = [scalars([...a, ...b]).slice(0, a.length), b];
        return left.some((item) => right.includes(item));
      },
    )
    .registerFunction(
      'Sets.equivalent(list, list): bool',
      (_: Sets, a: readonly CelValue[], b: readonly CelValue[]) => contains(a, b) && contains(b, a),
    );
}

class Sets {}

function contains(list: readonly CelValue[], of: readonly CelValue[]): boolean {
  scalars([...list, ...of]);
  return of.every((item) => list.includes(item));
}

/** The items of a list that can be compared with each other: of one scalar type. NaN compares with nothing. */
function scalars(list: readonly CelValue[]): readonly Scalar[] {
  const [first] = list;
  if (list.some((item) => !isScalar(item) || typeof item !== typeof first || Number.isNaN(item))) undecided();
  return list as readonly Scalar[];
}

function isScalar(value: CelValue): value is Scalar {
  return ['string', 'bigint', 'number', 'boolean'].includes(typeof value);
}

function comparable(list: readonly CelValue[], item: CelValue): readonly Scalar[] {
  scalars([...list, item]);
  return list as readonly Scalar[];
}

/** Strings by their bytes, false before true. */
function compare(a: Scalar, b: Scalar): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : Number(a > b);
}

function extreme(list: readonly CelValue[], sign: 1 | -1): Scalar {
  const [first, ...rest] = scalars(list);
  if (first === undefined) return undecided();
  return rest.reduce((most, item) => (compare(item, most) * sign > 0 ? item : most), first);
}

/** Of an empty list it is 0 of a type that only its schema tells. */
function sum(list: readonly CelValue[]): bigint | number {
  const items = scalars(list);
  if (items.every((item) => typeof item === 'bigint') && items.length > 0) {
    const total = items.reduce((all, item) => all + item, 0n);
    return total === BigInt.asIntN(64, total) ? total : undecided();
  }
  return items.every((item) => typeof item === 'number') && items.length > 0
    ? items.reduce((all, item) => all + item, 0)
    : undecided();
}
