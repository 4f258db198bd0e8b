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
