import type { PromqlMistake, PromqlReader } from '../promql/promql-reader.ts';

/**
 * Variables as Grafana writes them into queries: `$name`, `${name}`, `${name:regex}`, `${__field.name}`, `[[name]]`, `[[name:csv]]` (grafana/grafana public/app/features/variables/utils.ts,
 * variableRegex).
 */
const VARIABLE = /\$(\w+)|\[\[(\w+?)(?::\w+)?\]\]|\$\{(\w+)(?:\.[^:^}]+)?(?::[^}]+)?\}/g;

/** Variables that Grafana itself fills with a number (packages/grafana-prometheus/src/datasource.ts, getRangeScopedVars). */
const NUMBERS = new Set(['__interval_ms', '__rate_interval_ms', '__range_ms', '__range_s', '__from', '__to']);

/** A unit behind a variable: `${__range_s}s`. */
const UNIT = /^(ms|[smhdwy])/;

/** PromQL with something of the same length where variables are, so that places stay. */
export interface FilledQuery {
  readonly text: string;
  /** Where something stands that nobody knows yet. */
  readonly filled: readonly (readonly [from: number, to: number])[];
}

/** A query of a dashboard as Prometheus may get it; undefined where a variable is a function or an operator, so that nothing can be said of it. */
export function fillVariables(query: string): FilledQuery | undefined {
  const filled: (readonly [number, number])[] = [];
  let [text, at] = ['', 0];
  for (const match of query.matchAll(VARIABLE)) {
    const [whole, plain, inBrackets, inBraces] = match;
    const from = match.index;
    text += query.slice(at, from);
    at = from + whole.length;
    const after = query.slice(at);
    const place = placeOf(text, after);
    if (place === 'function') return undefined;
    text +=
      place === 'duration' && !UNIT.test(after)
        ? duration(whole.length)
        : filling(place, plain ?? inBrackets ?? inBraces ?? '', whole.length);
    filled.push([from, at]);
  }
  return { text: text + query.slice(at), filled };
}

/** The first mistake in a query of a dashboard that stays one whatever its variables are. */
export function readGrafanaPromql(query: string, read: PromqlReader): PromqlMistake | undefined {
  const filled = fillVariables(query);
  if (filled === undefined) return undefined;
  const mistake = read(filled.text);
  if (mistake === undefined) return undefined;
  const offset = offsetOf(filled.text, mistake.at);
  const isOfVariable = filled.filled.some(([from, to]) => offset >= from && offset < to);
  return isOfVariable ? undefined : mistake;
}

type Place = 'text' | 'duration' | 'number' | 'function' | 'name';

function placeOf(before: string, after: string): Place {
  if (isInText(before)) return 'text';
  if (/\[[^\]]*$/.test(before) || /\boffset\s+-?$/.test(before)) return 'duration';
  if (/@\s*$/.test(before)) return 'number';
  if (/^\s*\(/.test(after) && !/\b(by|without|on|ignoring|group_left|group_right)\s*$/.test(before)) return 'function';
  return 'name';
}

/** Whether a string is open at the end. */
function isInText(before: string): boolean {
  let quote = '';
  for (let at = 0; at < before.length; at++) {
    const sign = before.charAt(at);
    if (quote === '') {
      if (sign === '"' || sign === "'" || sign === '`') quote = sign;
      else if (sign === '#') at = before.indexOf('\n', at) === -1 ? before.length : before.indexOf('\n', at);
    } else if (sign === '\\' && quote !== '`') at++;
    else if (sign === quote) quote = '';
  }
  return quote !== '';
}

function filling(place: Place, name: string, length: number): string {
  if (place === 'text') return 'x'.repeat(length);
  if (place === 'number' || place === 'duration' || NUMBERS.has(name)) return '1'.repeat(length);
  return 'x'.repeat(length);
}

function duration(length: number): string {
  return `${'1'.repeat(length - 1)}s`;
}

function offsetOf(text: string, at: string): number {
  const [line = 1, column = 1] = at.split(':').map(Number);
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}
