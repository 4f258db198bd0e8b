import { list, record } from '../../kubernetes/fields.ts';
import type { KubernetesObject, ObjectId } from '../../kubernetes/object.ts';

/** A query of an object that asks Prometheus while a canary goes on. */
export interface TemplatedQuery {
  readonly path: string;
  /** As the object has it. */
  readonly query: string;
  /** "metric success-rate". */
  readonly title: string;
}

/** Whether an object may ask Prometheus by a query with placeholders: of Argo Rollouts, or of Flagger. */
export function isTemplatedQuery({ group, kind }: ObjectId): boolean {
  if (group === 'argoproj.io') return kind === 'AnalysisTemplate' || kind === 'ClusterAnalysisTemplate';
  return group === 'flagger.app' && (kind === 'MetricTemplate' || kind === 'Canary');
}

/** Queries in PromQL of such an object (argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/analysis_types.go; fluxcd/flagger pkg/apis/flagger/v1beta1/metric.go and canary.go). */
export function templatedQueries(object: KubernetesObject): TemplatedQuery[] {
  const spec = record(object.spec);
  if (object.kind === 'MetricTemplate') {
    if (record(spec.provider).type !== 'prometheus') return [];
    return queryAt('spec.query', spec.query, 'the metric');
  }
  const [metrics, at] =
    object.kind === 'Canary'
      ? [list(record(spec.analysis).metrics), 'spec.analysis.metrics']
      : [list(spec.metrics), 'spec.metrics'];
  return metrics.flatMap((metric, i) => {
    const title = `metric ${typeof metric.name === 'string' ? metric.name : i + 1}`;
    if (object.kind === 'Canary') return queryAt(`${at}[${i}].query`, metric.query, title);
    const { query } = record(record(metric.provider).prometheus);
    return queryAt(`${at}[${i}].provider.prometheus.query`, query, title);
  });
}

function queryAt(path: string, query: unknown, title: string): TemplatedQuery[] {
  return typeof query === 'string' ? [{ path, query, title }] : [];
}

/** A query that can be read, and whether more than texts and durations stand for something else in it. */
export interface ReadableQuery {
  readonly query: string;
  readonly isOpen: boolean;
}

/**
 * The query with something in place of each placeholder, of the same length, so that places stay where they are: a duration where only one can be, else a name, which may stand for a part of a name, a series
 * or a number. Undefined where what stands between braces is more than a name (conditions of Go's templates).
 */
export function withStandIns(query: string): ReadableQuery | undefined {
  let isOpen = false;
  let isRead = true;
  const readable = query.replace(/\{\{[^{}]*\}\}/g, (placeholder, offset: number) => {
    const { length } = placeholder;
    if (!/^\{\{-?\s*[\w.-]+\s*-?\}\}$/.test(placeholder)) isRead = false;
    const before = query.slice(0, offset).replace(TEXTS, '""');
    if (/(\[[^\]"']*|\boffset\s+-?)$/.test(before)) return `${'0'.repeat(length - 2)}1m`;
    if (!/["'`]/.test(before.replaceAll('""', ''))) isOpen = true;
    return 'x'.repeat(length);
  });
  return isRead ? { query: readable, isOpen } : undefined;
}

const TEXTS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g;
