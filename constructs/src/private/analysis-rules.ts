import type { ArgoAnalysisSpec, ArgoMetric, ArgoRolloutAnalysis } from '../argo/analysis-props';
import type { ArgoMetricProvider } from '../argo/metric-provider-props';
import { goMilliseconds } from './go-duration';
import { checkPodTemplate } from './pod-template-rules';
import { findingsOf, type ObjectFinding, type ReportFinding } from './typed-object';

/**
 * What is wrong with a template of analyses: what the controller would end every run with (argoproj/argo-rollouts utils/analysis/factory.go:
 * ValidateMetrics, v1.9.1), and Jobs that no API server would take.
 */
export function analysisProblems({ metrics = [], templates = [], args = [] }: ArgoAnalysisSpec): ObjectFinding[] {
  return findingsOf((report) => {
    if (metrics.length === 0 && templates.length === 0) {
      report('ORR2011', 'spec.metrics is empty.', 'Add at least one metric, or templates that have some.');
    }
    const names = new Set<string>();
    for (const [i, metric] of metrics.entries()) {
      const at = `spec.metrics[${i}]`;
      if (names.has(metric.name)) report('ORR2004', `${at}.name "${metric.name}" is used twice.`, 'Rename one.');
      names.add(metric.name);
      checkMetric(metric, at, report);
    }
    for (const [i, { name, value, valueFrom }] of args.entries()) {
      const at = `spec.args[${i}] "${name}"`;
      if (value !== undefined && valueFrom !== undefined) {
        report('ORR2012', `${at} has value and valueFrom.`, 'Leave one of them out.');
      }
      if (valueFrom !== undefined && (valueFrom.fieldRef === undefined) === (valueFrom.secretKeyRef === undefined)) {
        report('ORR2012', `${at} has not exactly one source.`, 'Set fieldRef or secretKeyRef.');
      }
    }
  });
}

function checkMetric(metric: ArgoMetric, at: string, report: ReportFinding): void {
  checkLimits(metric, at, report);
  for (const field of ['interval', 'initialDelay'] as const) {
    const value = metric[field];
    if (value === undefined || value === '' || value.includes('{{') || goMilliseconds(value) !== undefined) continue;
    report('ORR2011', `${at}.${field} "${value}" is no duration.`, 'Write it like "30s", "5m" or "1h30m".');
  }
  const providers = providersOf(metric.provider);
  if (providers.length !== 1) {
    const what = `${at}.provider has ${providers.length === 0 ? 'nobody to ask' : providers.join(' and ')}.`;
    report('ORR2012', what, 'Set exactly one.');
  }
  const { job, prometheus } = metric.provider;
  if (job !== undefined) checkPodTemplate(job.spec.template, `${at}.provider.job.spec.template`, 'Job', report);
  if (prometheus !== undefined && (prometheus.query ?? '') === '') {
    report('ORR2011', `${at}.provider.prometheus.query is not set.`, 'Set the question.');
  }
}

function checkLimits(metric: ArgoMetric, at: string, report: ReportFinding): void {
  const limit = (
    field: 'count' | 'failureLimit' | 'consecutiveSuccessLimit' | 'inconclusiveLimit' | 'consecutiveErrorLimit',
  ) => wholeNumber(metric[field]);
  const count = limit('count') ?? 0;
  const failures = limit('failureLimit') ?? 0;
  const successes = limit('consecutiveSuccessLimit') ?? 0;
  const inconclusive = limit('inconclusiveLimit') ?? 0;
  for (const [field, least] of [
    ['consecutiveSuccessLimit', 0],
    ['inconclusiveLimit', 0],
    ['consecutiveErrorLimit', 0],
    ['failureLimit', -1],
  ] as const) {
    const value = limit(field);
    if (value !== undefined && value < least) report('ORR2011', `${at}.${field} is ${value}.`, `Use ${least} or more.`);
  }
  if (successes === 0 && failures === -1) {
    const what = `${at}: failureLimit is -1 and consecutiveSuccessLimit is not set, so it would never end.`;
    report('ORR2012', what, 'Set one of them.');
  }
  if (count > 0 && Math.max(failures, 0) + successes > count) {
    const what = `${at}.count is ${count}, and failureLimit and consecutiveSuccessLimit together are ${Math.max(failures, 0) + successes}.`;
    report('ORR2012', what, 'Raise count.');
  }
  if (count > 0 && inconclusive > count) {
    const what = `${at}.count is ${count}, and inconclusiveLimit is ${inconclusive}.`;
    report('ORR2012', what, 'Raise count.');
  }
  if (count > 1 && (metric.interval ?? '') === '') {
    report('ORR2012', `${at}.count is ${count}, and there is no interval.`, 'Set interval.');
  }
}

/** Names of who is asked; each plugin counts. */
function providersOf({ plugin = {}, ...others }: ArgoMetricProvider): string[] {
  const named = Object.entries(others).flatMap(([name, settings]) => (settings === undefined ? [] : [name]));
  return [...named, ...Object.keys(plugin)];
}

/** A number, or one in a text; undefined where it is none yet, as with arguments of the analysis. */
function wholeNumber(value: number | string | undefined): number | undefined {
  if (value === undefined || !/^[+-]?\d+$/.test(String(value))) return undefined;
  return Number(value);
}

/** Fields of a Rollout that an argument may be taken from where the path begins with metadata (k8s.io/kubernetes/pkg/fieldpath). */
const METADATA_FIELD = /^metadata\.(name|namespace|uid|labels|annotations)(\['[^']+'\])?$/;

/** An analysis that a Rollout runs. */
export function checkRolloutAnalysis(
  analysis: ArgoRolloutAnalysis | undefined,
  at: string,
  report: ReportFinding,
): void {
  if (analysis === undefined) return;
  const { templates = [], args = [] } = analysis;
  if (templates.length === 0) report('ORR2011', `${at}.templates is empty.`, 'Name at least one template.');
  for (const [i, { templateName = '' }] of templates.entries()) {
    if (templateName === '') report('ORR2011', `${at}.templates[${i}].templateName is not set.`, 'Name the template.');
  }
  for (const [i, { name, value, valueFrom }] of args.entries()) {
    const where = `${at}.args[${i}] "${name}"`;
    if (value !== undefined && valueFrom !== undefined) {
      report('ORR2012', `${where} has value and valueFrom.`, 'Leave one of them out.');
    }
    const path = valueFrom?.fieldRef?.fieldPath;
    if (path?.startsWith('metadata') === true && !METADATA_FIELD.test(path)) {
      const fix = "Use metadata.name, .namespace, .uid, .labels['…'] or .annotations['…'].";
      report('ORR2011', `${where} is taken from "${path}", which nobody can read.`, fix);
    }
  }
}
