import type { AnalysisHoldManifest, AnalysisMetricManifest } from '@orrery/constructs/assembly-format';
import { getText, isUnanswered } from '../gates/http-get.ts';
import { labelsOf, numberOf, resultOf } from '../gates/prometheus-gate.ts';
import { type Measured, measurementTimes, type Series } from './analysis.ts';

const TIMEOUT_MS = 10_000;

/** Asks Prometheus for the measurements of an analysis that lie in the past, all metrics at once. Never rejects. */
export async function measure(
  hold: AnalysisHoldManifest,
  start: number,
  now: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Measured>> {
  const past = measurementTimes(hold, start).filter((time) => time <= now);
  const answers = await Promise.all(
    hold.metrics.map(async (metric) => [metric.name, await measureOne(metric, past, hold.intervalMs, signal)] as const),
  );
  return new Map(answers);
}

/**
 * A range query (Prometheus HTTP API, /api/v1/query_range) whose steps are the moments of the measurements, so that the verdict does not depend on when it is asked. A query that Prometheus refuses
 * has no data.
 */
async function measureOne(
  metric: AnalysisMetricManifest,
  past: readonly number[],
  intervalMs: number,
  signal: AbortSignal | undefined,
): Promise<Measured> {
  const [first] = past;
  const last = past.at(-1);
  if (first === undefined || last === undefined) return { series: [] };
  const query = new URLSearchParams({
    query: metric.query,
    start: String(first / 1000),
    end: String(last / 1000),
    step: String(intervalMs / 1000),
  });
  const url = `${metric.url.replace(/\/+$/, '')}/api/v1/query_range?${query}`;
  const answer = await getText(url, TIMEOUT_MS, signal);
  if (isUnanswered(answer)) return { unknown: `Prometheus: ${answer.reason}` };
  const result = resultOf(answer.text);
  if (typeof result === 'string') {
    return answer.status >= 400 && answer.status < 500
      ? { series: [], why: `Prometheus refuses the query: ${result}` }
      : { unknown: `Prometheus answered ${answer.status}: ${result}` };
  }
  if (result.resultType !== 'matrix')
    return { unknown: `Prometheus gives a ${String(result.resultType)}, not a matrix` };
  const rows = result.result as readonly ({ metric?: Record<string, unknown>; values?: unknown } | null)[];
  return { series: rows.map((row) => seriesOf(labelsOf(row?.metric), row?.values, past)) };
}

/** Times come in seconds with a fraction: each value belongs to the moment that is nearest. */
function seriesOf(labels: string, rows: unknown, past: readonly number[]): Series {
  const values = new Map<number, number>();
  for (const row of Array.isArray(rows) ? rows : []) {
    const time = Array.isArray(row) ? Number(row[0]) * 1000 : Number.NaN;
    const moment = past.find((one) => Math.abs(one - time) < 1);
    if (moment !== undefined) values.set(moment, numberOf(row));
  }
  return { labels, values };
}
