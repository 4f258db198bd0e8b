import { divideReplicas, ReplicaDivision } from '../replica-division';
import { exactQuantity } from './quantity';

/** A quantity as a whole number of units that can be divided, and how so many units are written. */
export interface Divisible {
  readonly units: number;
  readonly write: (units: number) => string;
}

const CPU = /^(?:(?:requests|limits)\.)?cpu$/;
const BYTES = /(?:^|[./-])(?:memory|storage)$/;
const HUGE_PAGES = /^(?:requests\.)?hugepages-(.+)$/;
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['k', 'M', 'G', 'T', 'P', 'E'];

/**
 * CPU is divided in thousandths, memory and storage in mebibytes (where the quantity is not a multiple of one, in the largest of megabytes, kibibytes, kilobytes and bytes), huge pages in pages,
 * everything else one by one.
 * @returns undefined where the text is no quantity, or no whole number of units that a number holds exactly
 */
export function divisible(resource: string, text: string): Divisible | undefined {
  const thousandths = exactQuantity(text);
  if (thousandths === undefined) return undefined;
  if (CPU.test(resource))
    return counted(thousandths, (units) => (units % 1000 === 0 ? `${units / 1000}` : `${units}m`));
  if (thousandths % 1000n !== 0n) return undefined;
  const whole = thousandths / 1000n;
  const page = HUGE_PAGES.exec(resource)?.[1];
  if (page !== undefined) {
    const size = (exactQuantity(page) ?? 0n) / 1000n;
    if (size === 0n || whole % size !== 0n) return undefined;
    return counted(whole / size, (units) => suffixed(Number(size) * units, 0, BINARY, 1024));
  }
  if (!BYTES.test(resource)) return counted(whole, String);
  if (whole % 2n ** 20n === 0n) return counted(whole / 2n ** 20n, (units) => suffixed(units, 2, BINARY, 1024));
  if (whole % 10n ** 6n === 0n) return counted(whole / 10n ** 6n, (units) => suffixed(units, 2, DECIMAL, 1000));
  if (whole % 1024n === 0n) return counted(whole / 1024n, (units) => suffixed(units, 1, BINARY, 1024));
  if (whole % 1000n === 0n) return counted(whole / 1000n, (units) => suffixed(units, 1, DECIMAL, 1000));
  return counted(whole, String);
}

function counted(units: bigint, write: Divisible['write']): Divisible | undefined {
  return units <= BigInt(Number.MAX_SAFE_INTEGER) ? { units: Number(units), write } : undefined;
}

/** As the API server writes it: the largest suffix that leaves a whole number. */
function suffixed(units: number, suffix: number, suffixes: readonly string[], step: number): string {
  if (units === 0) return '0';
  let [number, at] = [units, suffix];
  while (number % step === 0 && at < suffixes.length) {
    number /= step;
    at++;
  }
  return `${number}${at === 0 ? '' : suffixes[at - 1]}`;
}

/**
 * Divides like `divideReplicas`, in a time that does not grow with the total. Webster's method rounds weight / divisor of each
 * taker; with n takers the divisor is at most (sum of weights) / (total - n / 2), because rounding adds at most a half to each. So what that divisor gives, rounded down, is given at
 * once, and only the last few units one by one.
 */
export function divideUnits(
  total: number,
  weights: ReadonlyMap<string, number>,
  method: ReplicaDivision = ReplicaDivision.WEBSTER,
): Map<string, number> {
  if (method !== ReplicaDivision.WEBSTER) return divideReplicas(total, weights, method);
  const takers = [...weights].filter(([, weight]) => weight > 0);
  const sum = takers.reduce((all, [, weight]) => all + BigInt(weight), 0n);
  if (sum === 0n) return divideReplicas(0, weights);
  // In halves of a unit: 2 × total - n, and one half taken off for the rounding. BigInt, because the products may be larger than numbers are exact.
  const halves = BigInt(Math.max(0, 2 * total - takers.length));
  const start = new Map<string, number>();
  let given = 0;
  for (const [name, weight] of takers) {
    const least = Number((BigInt(weight) * halves - sum) / (2n * sum));
    start.set(name, Math.max(0, least));
    given += Math.max(0, least);
  }
  return divideReplicas(total - given, weights, ReplicaDivision.WEBSTER, start);
}
