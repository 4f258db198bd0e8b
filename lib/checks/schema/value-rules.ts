import { isIP } from 'node:net';
import { nearestWord } from '../../config/nearest.ts';
import { canonicalJson } from '../../kubernetes/canonical.ts';
import type { Json } from '../../kubernetes/object.ts';
import { isMap, type Schema, type ValueRules } from './schema.ts';
import { RFC3339 } from './type-mistake.ts';

interface Mistake {
  readonly what: string;
  readonly fix: string;
}

/** Judges one alternative of anyOf and its like. */
type Accepts = (schema: Schema, value: Json) => boolean;

/** Rules that a value breaks. */
export function ruleMistakes(rules: ValueRules, value: Json, accepts: Accepts): readonly Mistake[] {
  const found: Mistake[] = [];
  if (rules.enum !== undefined) found.push(...outsideEnum(rules.enum, value));
  if (typeof value === 'string') found.push(...ofText(rules, value));
  else if (typeof value === 'number') found.push(...ofNumber(rules, value));
  else if (Array.isArray(value)) found.push(...ofSize(value.length, rules.minItems, rules.maxItems, 'items'));
  else if (isMap(value))
    found.push(...ofSize(Object.keys(value).length, rules.minProperties, rules.maxProperties, 'members'));
  found.push(...combined(rules, value, accepts));
  return found;
}

function outsideEnum(allowed: readonly Json[], value: Json): Mistake[] {
  const isPlain = value === null || typeof value !== 'object';
  if (isPlain ? allowed.includes(value) : allowed.some((one) => canonicalJson(one) === canonicalJson(value))) return [];
  const values = allowed
    .filter((one) => one !== '')
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const nearest = typeof value === 'string' ? nearestWord(value, values) : undefined;
  const given = isPlain ? ` ${JSON.stringify(value)}` : '';
  return [
    {
      what: `The value${given} is none of ${values.join(', ')}.`,
      fix: nearest === undefined ? 'Take one of them.' : `Did you mean ${nearest}?`,
    },
  ];
}

function ofText({ pattern, format, minLength, maxLength }: ValueRules, value: string): Mistake[] {
  const found: Mistake[] = [];
  if (pattern !== undefined && value.length <= LONGEST_MATCHED && !pattern.test(value))
    found.push({ what: `The text does not match ${pattern.source}.`, fix: 'Write it as the pattern says.' });
  if (format !== undefined && FORMATS.get(format)?.(value) === false)
    found.push({ what: `The text is no ${format}.`, fix: `Write it in the format ${format}.` });
  if (minLength !== undefined || maxLength !== undefined)
    found.push(...ofSize([...value].length, minLength, maxLength, 'characters'));
  return found;
}

/** Go matches in linear time, we do not: what is longer than texts with a pattern are is not matched. */
const LONGEST_MATCHED = 4096;

/** The formats of which API servers and we mean the same (k8s.io/kube-openapi: pkg/validation/strfmt). */
const FORMATS: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['date-time', (value) => RFC3339.test(value)],
  ['date', (value) => /^\d{4}-\d\d-\d\d$/.test(value)],
  ['ipv4', (value) => isIP(value) === 4],
  ['ipv6', (value) => isIP(value) === 6],
  ['uuid', (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(value)],
]);

function ofNumber(rules: ValueRules, value: number): Mistake[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = rules;
  const found: Mistake[] = [];
  if (minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    const wanted = exclusiveMinimum === true ? 'more than' : 'at least';
    found.push({ what: `${value} is too little: ${wanted} ${minimum} is allowed.`, fix: 'Raise it.' });
  }
  if (maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    const wanted = exclusiveMaximum === true ? 'less than' : 'at most';
    found.push({ what: `${value} is too much: ${wanted} ${maximum} is allowed.`, fix: 'Lower it.' });
  }
  if (multipleOf !== undefined && multipleOf > 0 && !Number.isInteger(value / multipleOf))
    found.push({ what: `${value} is no multiple of ${multipleOf}.`, fix: 'Take a multiple.' });
  return found;
}

function ofSize(size: number, least: number | undefined, most: number | undefined, unit: string): Mistake[] {
  if (least !== undefined && size < least)
    return [{ what: `It has ${size} ${unit}; at least ${least} are needed.`, fix: 'Add what is missing.' }];
  if (most !== undefined && size > most)
    return [{ what: `It has ${size} ${unit}; at most ${most} are allowed.`, fix: 'Remove some.' }];
  return [];
}

function combined({ allOf, anyOf, oneOf, not }: ValueRules, value: Json, accepts: Accepts): Mistake[] {
  const found: Mistake[] = [];
  const matching = (schemas: readonly Schema[]) => schemas.filter((one) => accepts(one, value)).length;
  if (allOf?.some((one) => !accepts(one, value)) === true)
    found.push({ what: 'It does not fulfil all of the conditions of its definition.', fix: 'See allOf of the CRD.' });
  if (anyOf !== undefined && matching(anyOf) === 0)
    found.push({ what: `It fulfils none of ${conditions(anyOf)}.`, fix: 'One of them must hold (anyOf of the CRD).' });
  if (oneOf !== undefined && matching(oneOf) !== 1)
    found.push({
      what: `It fulfils ${matching(oneOf) === 0 ? 'none' : 'several'} of ${conditions(oneOf)}.`,
      fix: 'Exactly one of them must hold (oneOf of the CRD).',
    });
  if (not !== undefined && accepts(not, value))
    found.push({ what: 'It is what its definition excludes.', fix: 'See not of the CRD.' });
  return found;
}

/** Most alternatives say which fields must be there. */
function conditions(schemas: readonly Schema[]): string {
  const required = schemas.map(({ fields }) => fields?.().required ?? []);
  if (required.some((names) => names.length === 0)) return `${schemas.length} conditions of its definition`;
  return required.map((names) => names.join(' with ')).join(', ');
}
