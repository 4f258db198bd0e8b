import { present } from '../../private/present-members';
import type { Rule, RuleGroup, Texts } from './slo-rules';

/** What is told of pipelines, with everything decided. */
export interface ToldOfPipelines {
  readonly jenkins: boolean;
  readonly tekton: boolean;
  readonly leadTime: string;
  readonly failedShare: number;
  readonly alertLabels: Texts;
  readonly runbookUrl: string | undefined;
  /** Of the series that are looked at: `cluster=~"a|b"`; '' for all. */
  readonly matcher: string;
}

/** Mean seconds of the runs that ended in a day, from the commit that starts them: waiting and running. */
const LEAD_TIME = 'pipeline:lead_time_seconds:mean1d';
/** Runs that ended within three hours, and the share of them that failed. */
const RUNS = 'pipeline:runs:increase3h';
const FAILED = 'pipeline:failed_runs:ratio3h';
const FEWEST_RUNS = 3;

export function pipelineGroups(name: string, told: ToldOfPipelines): RuleGroup[] {
  return [
    {
      name: `${name}-recordings`,
      rules: [...(told.jenkins ? ofJenkins(told) : []), ...(told.tekton ? ofTekton(told) : [])],
    },
    { name: `${name}-alerts`, rules: alerts(told) },
  ];
}

/** jenkinsci/prometheus-plugin docs/metrics/index.md: a job of it is a pipeline here. */
function ofJenkins({ matcher }: ToldOfPipelines): Rule[] {
  const labels = { system: 'jenkins' };
  const of = (metric: string, window: string, rate = 'rate') =>
    `sum by (cluster, jenkins_job) (${rate}(default_jenkins_builds_${metric}${braces(matcher)}[${window}]))`;
  const named = (expr: string) => `label_replace(${expr}, "pipeline", "$1", "jenkins_job", "(.*)")`;
  const [good, failed] = ['success', 'failed'].map((end) => of(`${end}_build_count_total`, '3h', 'increase'));
  const took = of('duration_milliseconds_summary_sum', '1d');
  const waited = of('queueing_time_milliseconds_summary_sum', '1d');
  return [
    {
      record: LEAD_TIME,
      expr: named(
        `(${took} + (${waited} or 0 * ${took})) / (${of('duration_milliseconds_summary_count', '1d')} > 0) / 1000`,
      ),
      labels,
    },
    { record: RUNS, expr: named(`${good} + ${failed}`), labels },
    { record: FAILED, expr: named(`${failed} / (${good} + ${failed} > 0)`), labels },
  ];
}

/** tektoncd/pipeline docs/metrics.md: how runs of a pipeline ended is in the label `status` of how long they took. */
function ofTekton({ matcher }: ToldOfPipelines): Rule[] {
  const labels = { system: 'tekton' };
  const of = (ending: string, window: string, rate: string, more = '') =>
    `sum by (cluster, namespace, pipeline) (${rate}(tekton_pipelines_controller_pipelinerun_duration_seconds_${ending}${braces(matcher, more)}[${window}]))`;
  const all = of('count', '3h', 'increase');
  const failed = of('count', '3h', 'increase', 'status="failed"');
  return [
    { record: LEAD_TIME, expr: `${of('sum', '1d', 'rate')} / (${of('count', '1d', 'rate')} > 0)`, labels },
    { record: RUNS, expr: all, labels },
    { record: FAILED, expr: `(${failed} or 0 * ${all}) / (${all} > 0)`, labels },
  ];
}

function alerts(told: ToldOfPipelines): Rule[] {
  const { jenkins, tekton, leadTime, failedShare, matcher } = told;
  const series = (name: string) => `${name}${braces(matcher)}`;
  const waiting = `sum by (cluster) (default_jenkins_executors_queue_length${braces(matcher)})`;
  return [
    alert(told, {
      name: 'PipelineRunsFail',
      expr: `${series(FAILED)} > ${failedShare} and ${series(RUNS)} >= ${FEWEST_RUNS}`,
      waits: '5m',
      summary: 'Runs of {{ $labels.pipeline }} fail.',
      description: `{{ $value | humanizePercentage }} of the runs of three hours failed ({{ $labels.system }}).`,
    }),
    alert(told, {
      name: 'PipelineLeadTimeTooLong',
      expr: `${series(LEAD_TIME)} > ${secondsOf(leadTime)}`,
      waits: '30m',
      summary: 'From commit to deployed {{ $labels.pipeline }} takes too long.',
      description: `Runs of the last day took {{ $value | humanizeDuration }} in the mean; ${leadTime} is the limit ({{ $labels.system }}).`,
    }),
    ...(jenkins
      ? [
          alert(told, {
            name: 'PipelineBuildsWait',
            expr: `${waiting} > 0`,
            waits: '30m',
            summary: 'Builds wait for an executor of Jenkins.',
            description: 'For half an hour {{ $value }} or more builds have found none.',
          }),
        ]
      : []),
    ...(tekton
      ? [
          alert(told, {
            name: 'PipelineTasksHaveNoRoom',
            expr: `sum by (cluster) ({__name__=~"tekton_pipelines_controller_running_taskruns_throttled_by_(node|quota)"${matcher === '' ? '' : `,${matcher}`}}) > 0`,
            waits: '30m',
            summary: 'Tasks of Tekton find no room.',
            description: 'For half an hour {{ $value }} or more tasks have waited for a node, or for quota.',
          }),
        ]
      : []),
  ];
}

interface Told {
  readonly name: string;
  readonly expr: string;
  readonly waits: string;
  readonly summary: string;
  readonly description: string;
}

function alert({ alertLabels, runbookUrl }: ToldOfPipelines, { name, expr, waits, summary, description }: Told): Rule {
  return {
    alert: name,
    expr,
    for: waits,
    labels: { severity: 'warning', ...alertLabels },
    annotations: present({ summary, description, runbook_url: runbookUrl }) as Texts,
  };
}

function braces(...matchers: readonly string[]): string {
  const some = matchers.filter((matcher) => matcher !== '');
  return some.length === 0 ? '' : `{${some.join(',')}}`;
}

/** Seconds of "45m" or "2h"; NaN where it is neither. */
export function secondsOf(text: string): number {
  const [, number, unit = ''] = /^([1-9]\d*)([mh])$/.exec(text) ?? [];
  return Number(number) * (unit === 'h' ? 3600 : 60);
}
