import type { Finding } from '../../private/service-validation';

/** What is measured: PromQL with `{{window}}` for the time over which it is. */
export interface Indicator {
  /** Events that are counted in `part`. */
  readonly counts: 'errors' | 'good';
  readonly part: string;
  readonly total: string;
  /** What is wrong with how it was made. */
  readonly findings: readonly Finding[];
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * The share of errors over a window. Where nothing happened it has no value: neither good nor bad. Where nothing failed (or nothing was good) there may be no series yet, which counts as
 * none of them.
 */
export function errorRatio({ counts, part, total }: Indicator, window: string): string {
  const [some, all] = [inWindow(part, window), inWindow(total, window)];
  const ratio = `(${some} or 0 * ${all}) / (${all} > 0)`;
  return counts === 'errors' ? ratio : `1 - ${ratio}`;
}

/** An expression over a window, in parentheses. A comment at its end must not hide the closing one. */
export function inWindow(query: string, window: string): string {
  const text = query.trim().replace(PLACEHOLDER, (whole, name) => (name === 'window' ? window : whole));
  return text.includes('#') ? `(\n${text}\n)` : `(${text})`;
}

export function indicatorFindings({ counts, part, total, findings }: Indicator): Finding[] {
  return [...findings, ...queryFindings(counts, part), ...queryFindings('total', total)];
}

function queryFindings(what: string, query: string): Finding[] {
  const names = [...query.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const unknown = names.filter((name) => name !== 'window');
  return [
    ...unknown.map(
      (name): Finding => ({
        code: 'ORR2011',
        what: `The query for ${what} has the placeholder {{${name}}}, which stands for nothing.`,
        fix: 'The only one is {{window}}.',
      }),
    ),
    ...(names.includes('window')
      ? []
      : [
          {
            code: 'ORR2011' as const,
            what: `The query for ${what} says nowhere over which time it counts: ${JSON.stringify(query)}.`,
            fix: 'Write {{window}} where the window is, e.g. sum(rate(requests_total[{{window}}])).',
          },
        ]),
  ];
}

/** "name{a="b",le="1"}" */
export function series(metric: string, labels: { readonly [name: string]: string }, ...more: string[]): string {
  const matchers = [...Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`), ...more];
  return `${metric}{${matchers.join(',')}}`;
}

/** How often per second it happened. */
export function rateOf(selected: string): string {
  return `sum(rate(${selected}[{{window}}]))`;
}

/**
 * Matches a boundary of a histogram. Prometheus 3 writes whole ones with ".0" (its migration guide, "le and quantile label values"), older ones as they are
 * exposed.
 */
export function boundary(value: number): string {
  return Number.isInteger(value) ? `le=~"${value}([.]0)?"` : `le="${value}"`;
}

/** Of "500ms", "2.5s" or "1m", exactly; NaN where it is none of these. */
export function millisecondsOf(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  return Number((Number(number) * (UNITS[unit] ?? Number.NaN)).toFixed(6));
}

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000 };

/** A histogram counts at its boundaries alone: between them nothing can be told. Prometheus writes very small and very large ones in a way of its own. */
export function boundaryFindings(
  within: string,
  limit: number,
  boundaries: readonly number[],
  unit: string,
): Finding[] {
  const usable = boundaries.filter((value) => value >= 0.0001 && value < 1_000_000);
  if (usable.includes(limit)) return [];
  return [
    {
      code: 'ORR2011',
      what: `"${within}" is no boundary of the histogram: how many requests took longer cannot be told.`,
      fix: `Boundaries are ${usable.map((value) => `${value}${unit}`).join(', ')}.`,
    },
  ];
}
