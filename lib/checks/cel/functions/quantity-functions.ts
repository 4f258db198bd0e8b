import type { Environment } from '@marcbachmann/cel-js';
import { undecided } from '../undecided.ts';

/** Quantities of Kubernetes and their comparison (k8s.io/apiserver, pkg/cel/library/quantity.go). Which of them are whole numbers depends on how the server keeps them: that is not told. */
export function addQuantityFunctions(environment: Environment): void {
  environment
    .registerType('Quantity', Quantity)
    .registerFunction('isQuantity(string): bool', (text: string) => parsed(text) !== undefined)
    .registerFunction('quantity(string): Quantity', (text: string) => parsed(text) ?? undecided())
    .registerOperator('Quantity == Quantity: bool', (a: Quantity, b: Quantity) => a.nano === b.nano)
    .registerFunction('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) => BigInt(sign(a.nano - b.nano)))
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nano > b.nano)
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nano < b.nano)
    .registerFunction('Quantity.add(Quantity): Quantity', (a: Quantity, b: Quantity) => made(a.nano + b.nano))
    .registerFunction('Quantity.sub(Quantity): Quantity', (a: Quantity, b: Quantity) => made(a.nano - b.nano))
    .registerFunction('Quantity.add(int): Quantity', (a: Quantity, b: bigint) => made(a.nano + b * ONE))
    .registerFunction('Quantity.sub(int): Quantity', (a: Quantity, b: bigint) => made(a.nano - b * ONE));
}

/** In billionths, the smallest that a quantity knows. */
class Quantity {
  readonly nano: bigint;

  constructor(nano: bigint) {
    this.nano = nano;
  }
}

const ONE = 10n ** 9n;
/** What is larger is cut off by the server, each version in its own way. */
const LARGEST = 2n ** 63n * ONE;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** @returns undefined for what is no quantity (k8s.io/apimachinery, pkg/api/resource, ParseQuantity) */
function parsed(text: string): Quantity | undefined {
  const [, minus, whole = '', fraction = '', suffix = ''] =
    /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d+)$/.exec(text) ?? [];
  // "." is a quantity to some servers.
  if (/^[+-]?\.?[A-Za-z]{0,2}$/.test(text) && text !== '') return undecided();
  if (minus === undefined || (whole === '' && fraction === '')) return undefined;
  const binary = BINARY.indexOf(suffix);
  const exponent = DECIMAL[suffix] ?? (binary >= 0 ? 0 : Number(suffix.slice(1)));
  if (Math.abs(exponent) > 18 || whole.length + fraction.length > 18) return undecided();
  const scale = 9 + exponent - fraction.length;
  const digits = BigInt(whole + fraction) * (binary >= 0 ? 1024n ** BigInt(binary + 1) : 1n);
  if (scale >= 0) return made((minus === '-' ? -digits : digits) * 10n ** BigInt(scale));
  // What is finer than a billionth is rounded up.
  const divisor = 10n ** BigInt(-scale);
  return digits % divisor === 0n ? made((minus === '-' ? -digits : digits) / divisor) : undecided();
}

function made(nano: bigint): Quantity {
  return nano >= LARGEST || nano <= -LARGEST ? undecided() : new Quantity(nano);
}

function sign(value: bigint): number {
  return value < 0n ? -1 : Number(value > 0n);
}
