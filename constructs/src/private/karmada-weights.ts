import { divideReplicas, ReplicaDivision } from '../replica-division';

type Numbers = ReadonlyMap<string, number>;

/**
 * Whether Karmada (1.16 and later, static weights) gives clusters exactly these shares of their sum, whatever the UID of its binding: the UID decides which of two
 * equal claims goes first, and is unknown before the object exists.
 */
export function dividesInto(weights: Numbers, shares: Numbers): boolean {
  const total = sum(shares);
  const taking = new Map([...weights].filter(([, weight]) => weight > 0));
  if (total === 0 || taking.size === 0) return total === 0;
  return [taking, mirrored(taking)].every((list) => {
    const divided = divideReplicas(total, list, ReplicaDivision.WEBSTER);
    const names = [...taking.keys()].sort(byText);
    return [...shares].every(([name, share]) => {
      const alias = list === taking ? name : mirrorOf(names.indexOf(name), names.length);
      return (taking.has(name) ? divided.get(alias) : 0) === share;
    });
  });
}

/**
 * Weights by which Karmada divides into these shares: the declared ones where they do; those with ties decided, so that who is earlier by name goes first; else the
 * shares themselves, which Webster's method always returns. Without a cluster of share 0 when it is by the shares: Karmada leaves out who weighs nothing.
 */
export function weightsFor(shares: Numbers, declared: Numbers): Map<string, number> {
  const candidates = [reduced(declared), untied(reduced(declared), sum(shares)), positive(shares)];
  return candidates.find((weights) => weights !== undefined && dividesInto(weights, shares)) ?? new Map();
}

/**
 * The same weights with ties decided. Of equal claims, Webster's method as Karmada has it prefers fewer replicas, so the smaller weight, then the name: each weight is
 * scaled and gets a bonus in this order, too small to change anything else.
 * @param total most replicas that are divided by them
 */
export function untied(weights: Numbers, total: number): Map<string, number> | undefined {
  const order = [...positive(weights)].sort(([a, x], [b, y]) => x - y || byText(a, b));
  const scale = 10 ** Math.ceil(Math.log10((order.length + 1) * (2 * total + 1) + 1));
  const result = new Map(order.map(([name, weight], i) => [name, weight * scale + order.length - i]));
  if ([...result.values()].some((weight) => !Number.isSafeInteger(weight))) return undefined;
  return new Map([...weights.keys()].flatMap((name) => (result.has(name) ? [[name, result.get(name) as number]] : [])));
}

/** By the largest common divisor, without those of weight 0. */
export function reduced(weights: Numbers): Map<string, number> {
  const taking = positive(weights);
  const divisor = [...taking.values()].reduce(commonDivisor, 0);
  return new Map([...taking].map(([name, weight]) => [name, weight / divisor]));
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function positive(numbers: Numbers): Map<string, number> {
  return new Map([...numbers].filter(([, number]) => number > 0));
}

function sum(numbers: Numbers): number {
  return [...numbers.values()].reduce((total, number) => total + number, 0);
}

/** The same weights under names that sort the other way round. */
function mirrored(weights: Numbers): Map<string, number> {
  const names = [...weights.keys()].sort(byText);
  return new Map(names.map((name, i) => [mirrorOf(i, names.length), weights.get(name) as number]));
}

function mirrorOf(index: number, count: number): string {
  return String(count - index).padStart(9, '0');
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
