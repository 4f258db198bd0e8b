/** Quantities as Kubernetes writes them (apimachinery/pkg/api/resource): "500m", "1.5", "512Mi", "2e3". */
const QUANTITY = /^(\d+(?:\.\d*)?|\.\d+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

const SUFFIX: { readonly [suffix: string]: number } = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Its value as a number, good for comparing; undefined where the text is no positive quantity. */
export function quantityOf(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, digits, suffix = ''] = match as unknown as [string, string, string?];
  const factor = suffix === '' ? 1 : (SUFFIX[suffix] ?? Number(`1${suffix}`));
  return Number(digits) * factor;
}

const POWERS_OF_TEN = ['k', 'M', 'G', 'T', 'P', 'E'];
const POWERS_OF_TWO = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Its value in thousandths, exactly; undefined where the text is no positive quantity, or finer than that. */
export function exactQuantity(text: string): bigint | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, digits, suffix = ''] = match as unknown as [string, string, string?];
  const [whole = '', fraction = ''] = digits.split('.');
  const exponent = 3 - fraction.length + decimalExponent(suffix);
  // More digits than any quantity has: computing them would take long.
  if (Math.abs(exponent) > 60 || whole.length > 60) return undefined;
  const value = BigInt(whole + fraction) * 1024n ** BigInt(POWERS_OF_TWO.indexOf(suffix) + 1);
  if (exponent >= 0) return value * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return value % divisor === 0n ? value / divisor : undefined;
}

function decimalExponent(suffix: string): number {
  if (suffix === 'm') return -3;
  if (POWERS_OF_TEN.includes(suffix)) return 3 * (POWERS_OF_TEN.indexOf(suffix) + 1);
  return /^[eE]/.test(suffix) ? Number(suffix.slice(1)) : 0;
}
