import type { Json } from '../../kubernetes/object.ts';
import type { SchemaType } from './schema.ts';

interface Mistake {
  readonly what: string;
  readonly fix: string;
}

/** Why a value is not of its type; undefined when it is. Values are not repeated: they may be secret. */
export function typeMistake(type: SchemaType, value: Json): Mistake | undefined {
  switch (type) {
    case 'object':
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? undefined : other(type, value);
    case 'list':
      return Array.isArray(value) ? undefined : other(type, value);
    case 'object-or-list':
      return value !== null && typeof value === 'object' ? undefined : other(type, value);
    case 'object-or-boolean':
      return (value !== null && typeof value === 'object' && !Array.isArray(value)) || typeof value === 'boolean'
        ? undefined
        : other(type, value);
    case 'string':
      return typeof value === 'string' ? undefined : other(type, value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : other(type, value);
    case 'number':
      return typeof value === 'number' ? undefined : other(type, value);
    case 'integer':
      return Number.isInteger(value) ? outOf(2 ** 63, value as number) : other(type, value);
    case 'int32':
      return Number.isInteger(value) ? outOf(2 ** 31, value as number) : other(type, value);
    case 'int-or-string':
      if (typeof value === 'string') return undefined;
      return Number.isInteger(value) ? outOf(2 ** 31, value as number) : other(type, value);
    case 'quantity':
      if (typeof value === 'number' || (typeof value === 'string' && QUANTITY.test(value))) return undefined;
      return other(type, value);
    case 'time':
      return typeof value === 'string' && RFC3339.test(value) && !Number.isNaN(Date.parse(value.toUpperCase()))
        ? undefined
        : other(type, value);
    case 'bytes':
      return typeof value === 'string' && isBase64(value) ? undefined : other(type, value);
  }
}

/** k8s.io/apimachinery: pkg/api/resource/quantity.go, suffix.go. */
const QUANTITY = /^[+-]?(\d+(\.\d*)?|\.\d+)(n|u|m|k|[KMGTPE]i|[MGTPE]|[eE][+-]?\d+)?$/;
export const RFC3339 = /^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d([.,]\d+)?(z|[+-]\d\d:\d\d)$/i;

/** As Go's encoding/base64 reads it: padded, line ends do not count. */
function isBase64(value: string): boolean {
  const text = /[\r\n]/.test(value) ? value.replace(/[\r\n]/g, '') : value;
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return !/[^A-Za-z0-9+/]/.test(padding === 0 ? text : text.slice(0, -padding));
}

function outOf(limit: number, value: number): Mistake | undefined {
  return value >= -limit && value < limit
    ? undefined
    : { what: `The number does not fit into ${limit > 2 ** 31 ? 64 : 32} bits.`, fix: 'Write a smaller one.' };
}

function other(type: SchemaType, value: Json): Mistake {
  return { what: `${WANTED[type]} belongs here, not ${kindOf(value)}.`, fix: fixOf(type, value) };
}

const WANTED: Readonly<Record<SchemaType, string>> = {
  object: 'An object',
  list: 'A list',
  'object-or-list': 'An object or a list',
  'object-or-boolean': 'An object, true or false',
  string: 'Text',
  integer: 'A whole number',
  int32: 'A whole number',
  number: 'A number',
  boolean: 'true or false',
  'int-or-string': 'A whole number or text',
  quantity: 'A quantity ("500m", "2Gi")',
  time: 'A time (RFC 3339)',
  bytes: 'Text in base64',
};

const TEXTUAL: ReadonlySet<SchemaType> = new Set<SchemaType>(['quantity', 'time', 'bytes']);

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return 'this text';
    case 'number':
      return Number.isInteger(value) ? 'a number' : 'a fraction';
    default:
      return String(value);
  }
}

function fixOf(type: SchemaType, value: Json): string {
  if (value === null) return 'Leave the field out, or give it a value.';
  if (type === 'list') return 'Write a list, also for one item.';
  if (type === 'string' && typeof value !== 'object') return 'Put it in quotes.';
  if (typeof value === 'string' && !TEXTUAL.has(type)) {
    const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
    if (isNumber && type !== 'boolean' && type !== 'object') return 'Leave out the quotes.';
    if (type === 'boolean' && /^(true|false)$/.test(value)) return 'Leave out the quotes.';
  }
  return `Write ${WANTED[type].replace(/^[AT](?=\w* )/, (letter) => letter.toLowerCase())}.`;
}
