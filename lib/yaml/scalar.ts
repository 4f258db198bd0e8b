/**
 * How a plain YAML scalar is read by kubectl and helm: the resolver of go-yaml v2 (go.yaml.in/yaml/v2 v2.4.4, resolve.go), which
 * follows neither YAML 1.1 nor 1.2: y/n/yes/no/on/off are booleans, `0400` and `0o17` are octal, `1_000` is a number, base 60 is
 * not, timestamps stay strings.
 */

/** A resolved scalar: an integer is always a bigint and a float always a number, since map keys print them differently. */
export type Scalar = null | boolean | bigint | number | string;

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...words(true, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words(false, 'n N no No NO false False FALSE off Off OFF'),
  ...words(null, '~ null Null NULL'),
  ...words(Number.NaN, '.nan .NaN .NAN'),
  ...words(Number.POSITIVE_INFINITY, '.inf .Inf .INF +.inf +.Inf +.INF'),
  ...words(Number.NEGATIVE_INFINITY, '-.inf -.Inf -.INF'),
  ['', null],
]);

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** Resolves an untagged plain scalar. Never fails: what is nothing else is a string. */
export function resolvePlain(text: string): Scalar {
  const first = text.charCodeAt(0);
  const isNumberLike = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  if (text.length <= 5) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  if (first === 0x2e /* . */) return dotFloat(text) ?? text;
  if (!isNumberLike) return text;
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  return parseInteger(plain) ?? styledFloat(plain) ?? signedBinary(plain) ?? text;
}

/** Integers as strconv.ParseInt and ParseUint with base 0 accept them; undefined outside int64 and uint64. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]*)|([1-9][0-9]*))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, octal, binary, oldOctal, decimal] = match;
  let value: bigint;
  if (decimal !== undefined) value = BigInt(decimal);
  else if (hex !== undefined) value = BigInt(`0x${hex}`);
  else if (binary !== undefined) value = BigInt(`0b${binary}`);
  else value = BigInt(`0o${octal ?? (oldOctal || '0')}`);
  if (sign === '-') value = -value;
  return value >= INT64_MIN && value <= (sign === '' ? UINT64_MAX : INT64_MAX) ? value : undefined;
}

function styledFloat(text: string): number | undefined {
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return undefined;
  return finite(Number(text));
}

/** A scalar that starts with a dot goes to strconv.ParseFloat as it is, which takes underscores between digits only. */
function dotFloat(text: string): number | undefined {
  if (!/^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/.test(text)) return undefined;
  return finite(Number(text.replaceAll('_', '')));
}

/** A leftover of the resolver: "0b-1" and "0b+1", where the sign follows the prefix. */
function signedBinary(text: string): bigint | undefined {
  const match = /^0b([-+])([01]+)$/.exec(text);
  if (match === null) return undefined;
  const value = BigInt(`0b${match[2]}`) * (match[1] === '-' ? -1n : 1n);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** strconv reports an overflow as an error, after which the scalar stays a string. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Resolves a scalar with an explicit tag, plain or quoted.
 * @returns undefined when the text cannot be read as the tag says.
 */
export function resolveTagged(tag: string, text: string): Scalar | undefined {
  const name = tag.startsWith('tag:yaml.org,2002:') ? tag.slice('tag:yaml.org,2002:'.length) : undefined;
  const value = resolvePlain(text);
  switch (name) {
    case 'int':
      return typeof value === 'bigint' ? value : undefined;
    case 'float':
      return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'null':
      return value === null ? null : undefined;
    case 'binary':
      return decodeBinary(text);
    default:
      return text;
  }
}

/** The text in a `!!binary` scalar; undefined for bad base64 and for bytes that are no UTF-8 (JSON could not hold them). */
function decodeBinary(text: string): string | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(compact, 'base64'));
  } catch {
    return undefined;
  }
}

/**
 * The text that a scalar has as a mapping key (sigs.k8s.io/yaml, convertToJSONableObject).
 * @returns undefined for null and for integers beyond int64, which are refused as keys there.
 */
export function keyText(key: Scalar): string | undefined {
  switch (typeof key) {
    case 'string':
      return key;
    case 'boolean':
      return key ? 'true' : 'false';
    case 'bigint':
      return key <= INT64_MAX ? key.toString() : undefined;
    case 'number':
      return shortestFloat32(key);
    default:
      return undefined;
  }
}

/** strconv.FormatFloat(value, 'g', -1, 32), with the names that YAML has for infinity and NaN. */
function shortestFloat32(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let text = '';
  for (let digits = 0; digits < 9; digits++) {
    text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) break;
  }
  const [mantissa = '', exponentText = ''] = text.split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return plainDecimal(mantissa, exponent);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function plainDecimal(mantissa: string, exponent: number): string {
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace(/[-.]/g, '');
  let text: string;
  if (exponent < 0) text = `0.${'0'.repeat(-exponent - 1)}${digits}`;
  else if (digits.length <= exponent + 1) text = digits.padEnd(exponent + 1, '0');
  else text = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  return negative ? `-${text}` : text;
}

function words(value: Scalar, names: string): [string, Scalar][] {
  return names.split(' ').map((name) => [name, value]);
}
