/** What a tenant has of a resource, in whole units. */
export interface SharedOut {
  readonly nominal: readonly number[];
  /** What belongs to nobody. */
  readonly rest: number;
}

/**
 * Divides a number of units by hundredths, to the unit: together no more than the hundredths are together, and each within a unit of its own (largest remainder; of equal ones the first).
 */
export function shareOut(units: number, shares: readonly number[]): SharedOut {
  const exact = shares.map((share) => (units * share) / 100);
  const nominal = exact.map(wholeOf);
  let left = wholeOf(exact.reduce((sum, one) => sum + one, 0)) - nominal.reduce((sum, one) => sum + one, 0);
  const byRemainder = exact
    .map((one, at) => ({ at, remainder: one - (nominal[at] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  for (const { at } of byRemainder) {
    if (left <= 0) break;
    nominal[at] = (nominal[at] ?? 0) + 1;
    left -= 1;
  }
  return { nominal, rest: Math.max(0, units - nominal.reduce((sum, one) => sum + one, 0)) };
}

/** Hundredths of a number of units, rounded down. */
export function partOf(units: number, share: number): number {
  return wholeOf((units * share) / 100);
}

/** Rounded down, where binary fractions of hundredths do not count. */
function wholeOf(exact: number): number {
  return Math.floor(exact + 1e-9);
}
