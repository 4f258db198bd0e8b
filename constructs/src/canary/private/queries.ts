import type { HoldManifest } from '../../assembly-format';
import { milliseconds } from '../../private/gate-settings';
import type { CanaryAnalysis } from '../canary-analysis';

/** What the requests of an analysis are told apart by. */
export interface Measured {
  readonly canary: string;
  readonly stable: string;
  readonly namespace: string;
  readonly cluster: string;
  /** Labels of the mesh's metrics that requests to the canary have. */
  readonly labels: { readonly [label: string]: string };
  /** Copies of requests are reported by those who get them only. */
  readonly byReceiver: boolean;
}

type AnalysisManifest = Extract<HoldManifest, { readonly type: 'analysis' }>;

/** An analysis as the manifest has it: range queries whose points in time are judged one by one. */
export function analysisManifest(analysis: CanaryAnalysis, url: string, measured: Measured): AnalysisManifest {
  const { successRate, latency, sloBurn, metrics = [], failureLimit = 0 } = analysis;
  const durationMs = milliseconds(analysis.during) ?? 0;
  const intervalMs = intervalOf(analysis);
  const points = Math.max(1, Math.floor(durationMs / Math.max(1, intervalMs)));
  const inconclusiveLimit = analysis.inconclusiveLimit ?? Math.max(1, Math.floor(points / 4));
  const limits = { failureLimit, inconclusiveLimit };
  const window = windowOf(intervalMs);
  const found: AnalysisManifest['metrics'][number][] = [];
  if (successRate !== undefined)
    found.push({ name: 'success-rate', url, query: successQuery(measured, window), atLeast: successRate, ...limits });
  if (latency !== undefined) {
    const query = latencyQuery(measured, latency.quantile ?? 0.99, window);
    found.push({ name: 'latency', url, query, atMost: milliseconds(latency.atMost) ?? 0, ...limits });
  }
  if (sloBurn !== undefined) {
    const success = successQuery(measured, sloBurn.window ?? window);
    const query = `(1 - ${success}) / ${budget(sloBurn.objective)}`;
    found.push({ name: 'slo-burn', url, query, atMost: sloBurn.atMost ?? 1, ...limits });
  }
  for (const metric of metrics) {
    const { name, query, atLeast, atMost, failureLimit: own } = metric._rules;
    found.push({
      name,
      url,
      query: filledIn(query, { ...measured, window }),
      ...(atLeast === undefined ? {} : { atLeast }),
      ...(atMost === undefined ? {} : { atMost }),
      ...limits,
      ...(own === undefined ? {} : { failureLimit: own }),
    });
  }
  return { type: 'analysis', durationMs, intervalMs, metrics: found };
}

/** Whether it looks at the metrics that the mesh has of requests. */
export function asksMesh({ successRate, latency, sloBurn }: CanaryAnalysis): boolean {
  return successRate !== undefined || latency !== undefined || sloBurn !== undefined;
}

/** How far apart the points in time are, in milliseconds. */
export function intervalOf({ during, interval }: CanaryAnalysis): number {
  return milliseconds(interval ?? '') ?? Math.min(60_000, milliseconds(during) ?? 60_000);
}

/** 1 − 0.999 is 0.0010000000000000009 in binary. */
function budget(objective: number): number {
  return Number((1 - objective).toFixed(12));
}

/** A rate needs two samples, and Prometheus takes one every 15 s to a minute. */
function windowOf(intervalMs: number): string {
  return `${Math.max(60, Math.ceil(intervalMs / 1000))}s`;
}

/**
 * The share of requests that are not answered 5xx, by the standard metrics of the mesh (istio.io/latest/docs/reference/config/metrics). Callers report, because requests to pods
 * that are gone nobody else sees. Without requests there is no sample; when all fail it is 0, not nothing.
 */
function successQuery(measured: Measured, window: string): string {
  const good = selector(measured, 'response_code!~"5.*"');
  const all = selector(measured);
  return `(sum(rate(istio_requests_total{${good}}[${window}])) or vector(0)) / sum(rate(istio_requests_total{${all}}[${window}]))`;
}

/** Milliseconds. */
function latencyQuery(measured: Measured, quantile: number, window: string): string {
  const buckets = `istio_request_duration_milliseconds_bucket{${selector(measured)}}`;
  return `histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[${window}])))`;
}

function selector({ labels, byReceiver }: Measured, ...more: string[]): string {
  const reporter = `reporter=~"${byReceiver ? 'destination' : 'source'}|waypoint"`;
  return [reporter, ...Object.entries(labels).map(([key, value]) => `${key}="${value}"`), ...more].join(',');
}

/** What a query may leave open. */
export const PLACEHOLDERS = ['canary', 'stable', 'namespace', 'cluster', 'window'] as const;

function filledIn(query: string, values: { readonly [K in (typeof PLACEHOLDERS)[number]]: string }): string {
  return query.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name as (typeof PLACEHOLDERS)[number]] : whole,
  );
}

/** Placeholders of a query that stand for nothing. */
export function unknownPlaceholders(query: string): string[] {
  return [...query.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].flatMap(([, name = '']) =>
    (PLACEHOLDERS as readonly string[]).includes(name) ? [] : [name],
  );
}
