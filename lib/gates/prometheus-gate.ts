import type { PrometheusGateManifest } from '@orrery/constructs/assembly-format';
import type { GateAnswer } from './gate.ts';
import { getText, isUnanswered } from './http-get.ts';

/** A sample: its labels and its value ("NaN", "+Inf" included), as the HTTP API of Prometheus gives them. */
interface Sample {
  readonly labels: string;
  readonly value: number;
}

/**
 * An instant query (Prometheus HTTP API, /api/v1/query); vectors and scalars are compared, every sample. No sample is no pass: a rate without traffic and a
 * metric that nobody exports any more look the same.
 */
export async function askPrometheusGate(
  gate: PrometheusGateManifest,
  signal: AbortSignal | undefined,
): Promise<GateAnswer> {
  const url = `${gate.url.replace(/\/+$/, '')}/api/v1/query?query=${encodeURIComponent(gate.query)}`;
  const answer = await getText(url, gate.timeoutMs, signal);
  if (isUnanswered(answer)) return { passed: false, detail: answer.reason };
  const samples = samplesOf(answer.text);
  if (typeof samples === 'string') return { passed: false, detail: `it answered ${answer.status}: ${samples}` };
  if (samples.length === 0) return { passed: false, detail: 'the query has no data' };
  const outside = samples.find((sample) => !isInside(sample.value, gate));
  if (outside !== undefined)
    return { passed: false, detail: `${outside.labels} is ${outside.value}, not ${boundsOf(gate)}` };
  const values = samples.map(({ value }) => value);
  const range = samples.length === 1 ? `${values[0]}` : `${Math.min(...values)} to ${Math.max(...values)}`;
  return {
    passed: true,
    detail: `${samples.length === 1 ? 'the sample is' : `${samples.length} samples are`} ${range}`,
  };
}

/** What a value may be. */
type Bounds = Pick<PrometheusGateManifest, 'atLeast' | 'atMost'>;

/** NaN is inside of nothing. */
export function isInside(value: number, { atLeast, atMost }: Bounds): boolean {
  return (
    !Number.isNaN(value) && (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost)
  );
}

/** "at least 0.99 and at most 1". */
export function boundsOf({ atLeast, atMost }: Bounds): string {
  return [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ].join(' and ');
}

/** What an answer of Prometheus holds, or what is wrong with it. */
export function resultOf(text: string): { readonly resultType: unknown; readonly result: readonly unknown[] } | string {
  let body: { status?: unknown; error?: unknown; data?: { resultType?: unknown; result?: unknown } } | null;
  try {
    body = JSON.parse(text) as typeof body;
  } catch {
    return 'that is no JSON';
  }
  if (body?.status !== 'success')
    return typeof body?.error === 'string' ? body.error.slice(0, 300) : 'that is no answer of Prometheus';
  const { resultType, result } = body.data ?? {};
  return Array.isArray(result) ? { resultType, result } : 'that is no answer of Prometheus';
}

/** The samples of an answer, or what is wrong with it. */
function samplesOf(text: string): readonly Sample[] | string {
  const answer = resultOf(text);
  if (typeof answer === 'string') return answer;
  const { resultType } = answer;
  const result = answer.result as readonly ({ metric?: Record<string, unknown>; value?: unknown } | null)[];
  if (resultType === 'scalar') return [{ labels: 'the sample', value: numberOf(result) }];
  if (resultType !== 'vector') return `the query gives a ${String(resultType)}, not a vector or scalar`;
  return result.map((sample) => ({
    labels: labelsOf(sample?.metric),
    value: numberOf(sample?.value),
  }));
}

/** `{code="500"}`. */
export function labelsOf(metric: Readonly<Record<string, unknown>> | undefined): string {
  const labels = Object.entries(metric ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${labels.join(', ')}}`;
}

/** [time, "value"]; what is none is NaN. */
export function numberOf(pair: unknown): number {
  const text: unknown = Array.isArray(pair) ? pair[1] : undefined;
  if (typeof text !== 'string') return Number.NaN;
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return text.trim() === '' ? Number.NaN : Number(text);
}
