import { describe, expect, it } from 'vitest';
import { selectorsOf } from '../../lib/checks/promql/promql-selectors.test-data.ts';
import { checkRules, isPromtoolMissing, promtoolSkipped, type RuleTest, testRules } from './promtool.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}
interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Of the sources, whose imports another compiler resolves. */
const FOLDER = '../../constructs/src/observability/private';
const { pipelineGroups } = (await import(`${FOLDER}/pipeline-rules.ts`)) as {
  pipelineGroups(name: string, told: object): Group[];
};
const { seriesFacts } = (await import(`${FOLDER}/metric-catalogue.ts`)) as {
  seriesFacts(series: string, sources: readonly string[]): { readonly labels: ReadonlySet<string> }[];
};

const TOLD = {
  jenkins: true,
  tekton: true,
  leadTime: '45m',
  failedShare: 0.5,
  alertLabels: {},
  runbookUrl: undefined,
  matcher: '',
};
const groups = (more: object = {}) => pipelineGroups('pipelines', { ...TOLD, ...more });

const TEKTON = 'tekton_pipelines_controller_pipelinerun_duration_seconds';
const JENKINS = 'default_jenkins_builds';
/** A counter that grows by so much every ten minutes, one minute a sample. */
const every10m = (step: number, minutes: number, from = 0) =>
  Array.from({ length: minutes + 1 }, (_, at) => from + step * Math.floor(at / 10)).join(' ');

/** Runs of a day: one of each end every ten minutes, as many as said, each of so many seconds. */
function tektonRuns(ends: { readonly [status: string]: number }, seconds: number): RuleTest['input_series'] {
  return Object.entries(ends).flatMap(([status, runs]) => {
    const labels = `{namespace="ci",pipeline="cart",status="${status}"}`;
    return [
      { series: `${TEKTON}_count${labels}`, values: every10m(runs, 1440) },
      { series: `${TEKTON}_sum${labels}`, values: every10m(runs * seconds, 1440) },
    ];
  });
}
const jenkinsBuilds = (
  good: number,
  failed: number,
  milliseconds: number,
  waited: number,
): RuleTest['input_series'] => [
  { series: `${JENKINS}_success_build_count_total{jenkins_job="cart"}`, values: every10m(good, 1440) },
  { series: `${JENKINS}_failed_build_count_total{jenkins_job="cart"}`, values: every10m(failed, 1440) },
  {
    series: `${JENKINS}_duration_milliseconds_summary_count{jenkins_job="cart"}`,
    values: every10m(good + failed, 1440),
  },
  {
    series: `${JENKINS}_duration_milliseconds_summary_sum{jenkins_job="cart"}`,
    values: every10m((good + failed) * milliseconds, 1440),
  },
  {
    series: `${JENKINS}_queueing_time_milliseconds_summary_sum{jenkins_job="cart"}`,
    values: every10m((good + failed) * waited, 1440),
  },
];

const firing = (alertname: string, ...labels: readonly object[]) => ({
  eval_time: '23h50m',
  alertname,
  exp_alerts: labels.map((own) => ({ exp_labels: { severity: 'warning', ...own } })),
});
const told = (input_series: RuleTest['input_series'], ...alerts: ReturnType<typeof firing>[]) =>
  testRules(withoutTexts(groups()), [{ interval: '1m', input_series, alert_rule_test: alerts }], '5m');

function withoutTexts(of: readonly Group[]): unknown {
  return of.map(({ name, rules }) => ({
    name,
    rules: rules.map((rule) => Object.fromEntries(Object.entries(rule).filter(([key]) => key !== 'annotations'))),
  }));
}

const OF_TEKTON = { system: 'tekton', namespace: 'ci', pipeline: 'cart' };
const OF_JENKINS = { system: 'jenkins', pipeline: 'cart', jenkins_job: 'cart' };

describe.skipIf(isPromtoolMissing)(
  `rules of pipelines, run by promtool${promtoolSkipped}`,
  { timeout: 120_000 },
  () => {
    it('load, for all clusters and for some', () => {
      expect(checkRules(groups())).toBe('');
      expect(checkRules(groups({ matcher: 'cluster=~"a|b"' }))).toBe('');
    });

    it('tell of runs of Tekton that fail more often than they may', () => {
      const fails = firing('PipelineRunsFail', OF_TEKTON);
      expect(told(tektonRuns({ failed: 2, success: 1 }, 60), fails)).toBe('');
      expect(told(tektonRuns({ failed: 1 }, 60), fails)).toBe('');
      expect(told(tektonRuns({ failed: 1, success: 2 }, 60), firing('PipelineRunsFail'))).toBe('');
      expect(told(tektonRuns({ success: 2 }, 60), firing('PipelineRunsFail'))).toBe('');
    });

    it('tell of nobody’s failures without at least three runs', () => {
      const labels = '{namespace="ci",pipeline="cart",status="failed"}';
      const once = Array.from({ length: 1441 }, (_, at) => (at < 1400 ? 0 : 1)).join(' ');
      expect(told([{ series: `${TEKTON}_count${labels}`, values: once }], firing('PipelineRunsFail'))).toBe('');
    });

    it('tell of runs that take longer than they may, waiting included', () => {
      const slow = 'PipelineLeadTimeTooLong';
      expect(told(tektonRuns({ success: 1 }, 46 * 60), firing(slow, OF_TEKTON))).toBe('');
      expect(told(tektonRuns({ success: 1 }, 44 * 60), firing(slow))).toBe('');
      expect(told(jenkinsBuilds(1, 0, 40 * 60_000, 6 * 60_000), firing(slow, OF_JENKINS))).toBe('');
      expect(told(jenkinsBuilds(1, 0, 40 * 60_000, 4 * 60_000), firing(slow))).toBe('');
    });

    it('record the mean of a day in seconds, and the share that failed', () => {
      const record = (expr: string, value: number) => ({
        expr: `round(${expr}, 0.001)`,
        eval_time: '23h50m',
        exp_samples: [{ labels: '{system="jenkins", pipeline="cart", jenkins_job="cart"}', value }],
      });
      const problems = testRules(
        withoutTexts(groups()),
        [
          {
            interval: '1m',
            input_series: jenkinsBuilds(3, 1, 600_000, 60_000),
            promql_expr_test: [
              record('pipeline:lead_time_seconds:mean1d', 660),
              record('pipeline:failed_runs:ratio3h', 0.25),
            ],
          },
        ],
        '5m',
      );
      expect(problems).toBe('');
    });

    it('tell of builds and tasks that wait for half an hour', () => {
      const queue = [{ series: 'default_jenkins_executors_queue_length{label="linux"}', values: '2x1440' }];
      expect(told(queue, firing('PipelineBuildsWait', {}))).toBe('');
      const name = 'tekton_pipelines_controller_running_taskruns_throttled_by_quota';
      expect(
        told([{ series: `${name}{namespace="ci"}`, values: '1x1440' }], firing('PipelineTasksHaveNoRoom', {})),
      ).toBe('');
      expect(told([{ series: `${name}{namespace="ci"}`, values: '0x1440' }], firing('PipelineTasksHaveNoRoom'))).toBe(
        '',
      );
    });
  },
);

describe('rules of pipelines', () => {
  it('name only series that Jenkins, Tekton and they themselves have, with labels of these', () => {
    for (const { expr } of groups({ matcher: 'cluster=~"a"' }).flatMap(({ rules }) => rules))
      for (const { series, matched } of selectorsOf(expr)) {
        if (series === '') continue;
        const facts = seriesFacts(series, ['jenkins', 'tekton', 'rules']);
        expect(facts, series).not.toEqual([]);
        expect(
          matched.filter((label) => !facts.some(({ labels }) => labels.has(label))),
          series,
        ).toEqual([]);
      }
  });

  it('look at the series of some clusters alone where that is said', () => {
    for (const { expr } of groups({ matcher: 'cluster=~"a"' }).flatMap(({ rules }) => rules))
      for (const { matched } of selectorsOf(expr)) expect(matched, expr).toContain('cluster');
  });
});
