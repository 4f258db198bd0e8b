import type { AnalysisHoldManifest, AnalysisMetricManifest } from '@orrery/constructs/assembly-format';
import { boundsOf, isInside } from '../gates/prometheus-gate.ts';

/**
 * Judges an analysis: metrics at regular moments of a time that began when the objects of the stage were ready. Pure: what was measured is given, so that the same measurements always give the same
 * verdict, whichever process asks.
 */

/** One series of a range query. */
export interface Series {
  /** `{code="500"}`. */
  readonly labels: string;
  /** By time in milliseconds since 1970; what is no number is NaN. */
  readonly values: ReadonlyMap<number, number>;
}

/** What was found out about one metric: its series (and why there are none, where that is known), or why nothing is known yet. */
export type Measured =
  | { readonly series: readonly Series[]; readonly why?: string | undefined }
  | { readonly unknown: string };

/**
 * passed: every measurement is in, none too many failed. failed: more measurements lie outside their bounds than are tolerated. inconclusive: more have no data than are tolerated, or all of them.
 * running: not every measurement is in yet. unknown: Prometheus does not answer; its data may come later.
 */
export interface AnalysisVerdict {
  readonly status: 'passed' | 'failed' | 'inconclusive' | 'running' | 'unknown';
  /** One line. May hold text of strangers. */
  readonly detail: string;
}

/** The moments of the measurements, in milliseconds since 1970: one at the end of each whole interval. */
export function measurementTimes(
  { durationMs, intervalMs }: Pick<AnalysisHoldManifest, 'durationMs' | 'intervalMs'>,
  start: number,
): readonly number[] {
  const count = Math.floor(durationMs / intervalMs);
  return Array.from({ length: count }, (_, at) => start + (at + 1) * intervalMs);
}

/** Worst first: one metric that failed decides, whatever the others say. */
const ORDER = [
  'failed',
  'inconclusive',
  'unknown',
  'running',
  'passed',
] as const satisfies readonly AnalysisVerdict['status'][];

/**
 * @param start when the analysis began, in milliseconds since 1970
 * @param now moments after it have no measurement yet
 * @param measured by name of the metric
 */
export function judgeAnalysis(
  hold: AnalysisHoldManifest,
  start: number,
  now: number,
  measured: ReadonlyMap<string, Measured>,
): AnalysisVerdict {
  const times = measurementTimes(hold, start);
  const past = times.filter((time) => time <= now);
  const verdicts = hold.metrics.map((metric) =>
    judgeMetric(metric, past, times.length - past.length, measured.get(metric.name) ?? { unknown: 'it was not asked' }),
  );
  const status = ORDER.find((one) => verdicts.some((verdict) => verdict.status === one)) ?? 'inconclusive';
  const details = verdicts.filter((verdict) => verdict.status === status).map(({ detail }) => detail);
  return { status, detail: details.join('; ') };
}

function judgeMetric(
  metric: AnalysisMetricManifest,
  past: readonly number[],
  open: number,
  measured: Measured,
): AnalysisVerdict {
  const { name, failureLimit = 0, inconclusiveLimit = 0 } = metric;
  const said = (status: AnalysisVerdict['status'], what: string): AnalysisVerdict => ({
    status,
    detail: `${name}: ${what}`,
  });
  if ('unknown' in measured) return said('unknown', measured.unknown);
  const results = past.map((time) => judgeMoment(metric, measured.series, time));
  const outside = results.filter((result) => typeof result === 'string');
  const empty = results.filter((result) => result === undefined).length;
  const [worst] = outside;
  const because = measured.why === undefined ? '' : ` (${measured.why})`;
  if (outside.length > failureLimit)
    return said('failed', `${worst}, in ${outside.length} of ${past.length} measurements`);
  if (empty > inconclusiveLimit) return said('inconclusive', `${empty} of ${past.length} measurements have no data`);
  if (open > 0) return said('running', `${past.length} of ${past.length + open} measurements`);
  // Data that is tolerated to lack must not add up to a pass without any.
  if (results.every((result) => result !== true)) return said('inconclusive', `no measurement is good${because}`);
  return said(
    'passed',
    `${past.length - outside.length - empty} of ${past.length} measurements are ${boundsOf(metric)}`,
  );
}

/** true: every series is inside. A text: which one is not. undefined: there is no data, or a series has none that is a number. */
function judgeMoment(
  metric: AnalysisMetricManifest,
  series: readonly Series[],
  time: number,
): true | string | undefined {
  let data = false;
  let numbers = true;
  for (const { labels, values } of series) {
    const value = values.get(time);
    if (value === undefined) continue;
    data = true;
    if (Number.isNaN(value)) numbers = false;
    else if (!isInside(value, metric))
      return `${labels === '{}' ? 'the value' : labels} is ${value}, not ${boundsOf(metric)}`;
  }
  return data && numbers ? true : undefined;
}
