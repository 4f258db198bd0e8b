import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import {
  ask,
  askAll,
  clusterVariable,
  columnsOf,
  IN_CLUSTER,
  NONE_IS_GOOD,
  needs,
  type ShippedDashboard,
} from './shipped-dashboard';

const RUNS = 'tekton_pipelines_controller_pipelinerun_total';
const TAKES = 'tekton_pipelines_controller_pipelinerun_duration_seconds';
const JENKINS = 'default_jenkins';

/** From the commit to what is deployed: runs of pipelines, how long they take, and why they do not go on. */
export const PIPELINE: ShippedDashboard = {
  key: 'pipeline',
  set: DashboardSet.PIPELINE,
  title: 'Pipelines',
  description:
    'From the commit that starts a run to its end, with which it is deployed: how long runs wait and take, and which fail.',
  anyOf: ['jenkins', 'tekton'],
  content: (view) => ({
    variables: [clusterVariable(view.has('tekton') ? RUNS : `${JENKINS}_up`)],
    links: [...view.wayTo('fleet', 'Fleet', {}), ...view.wayTo('release', 'Releases', {})],
    timeRange: '24h',
    top: [
      needs(
        ['tekton'],
        DashboardPanel.stat({
          title: 'Half of the runs take at most',
          queries: ask(
            `histogram_quantile(0.5, sum by (le) (rate(${TAKES}_bucket{${IN_CLUSTER},status="success"}[$__range])))`,
          ),
          unit: 's',
          decimals: 0,
        }),
      ),
      needs(
        ['tekton'],
        DashboardPanel.stat({
          title: 'Runs failed',
          queries: ask(
            `sum(increase(${RUNS}{${IN_CLUSTER},status="failed"}[$__range])) / sum(increase(${RUNS}{${IN_CLUSTER}}[$__range]))`,
          ),
          unit: 'percentunit',
          decimals: 0,
          thresholds: [
            { value: 0.1, color: 'orange' },
            { value: 0.3, color: 'red' },
          ],
        }),
      ),
      needs(
        ['tekton'],
        DashboardPanel.stat({
          title: 'Runs now',
          queries: ask(`sum(tekton_pipelines_controller_running_pipelineruns{${IN_CLUSTER}})`),
          decimals: 0,
        }),
      ),
      needs(
        ['jenkins'],
        DashboardPanel.stat({
          title: 'Jobs whose last build failed',
          queries: ask(`count(${JENKINS}_builds_last_build_result_ordinal{${IN_CLUSTER}} == 2) or vector(0)`),
          thresholds: NONE_IS_GOOD,
        }),
      ),
      needs(
        ['jenkins'],
        DashboardPanel.stat({
          title: 'Builds waiting for an executor',
          queries: ask(`sum(${JENKINS}_executors_queue_length{${IN_CLUSTER}})`),
          decimals: 0,
          thresholds: [{ value: 5, color: 'orange' }],
        }),
      ),
      needs(
        ['jenkins'],
        DashboardPanel.stat({
          title: 'Jenkins',
          queries: ask(`min(${JENKINS}_up{${IN_CLUSTER}})`),
          texts: { '0': 'down', '1': 'up' },
          lowestColor: 'red',
          thresholds: [{ value: 1, color: 'green' }],
        }),
      ),
    ],
    rows: [
      {
        title: 'Tekton',
        panels: [
          needs(
            ['tekton'],
            DashboardPanel.timeSeries({
              title: 'From the start of a run to its end',
              queries: askAll({
                'half {{pipeline}}': `histogram_quantile(0.5, sum by (pipeline, le) (rate(${TAKES}_bucket{${IN_CLUSTER}}[1h])))`,
                '9 of 10 {{pipeline}}': `histogram_quantile(0.9, sum by (pipeline, le) (rate(${TAKES}_bucket{${IN_CLUSTER}}[1h])))`,
              }),
              unit: 's',
            }),
          ),
          needs(
            ['tekton'],
            DashboardPanel.timeSeries({
              title: 'Runs by how they ended',
              queries: ask(`sum by (status) (increase(${RUNS}{${IN_CLUSTER}}[1h]))`, '{{status}}'),
              decimals: 0,
              stacked: true,
            }),
          ),
          needs(
            ['tekton'],
            DashboardPanel.bars({
              title: 'Tasks that take longest',
              queries: ask(
                `topk(10, sum by (pipeline, task) (rate(tekton_pipelines_controller_pipelinerun_taskrun_duration_seconds_sum{${IN_CLUSTER}}[$__range])) / sum by (pipeline, task) (rate(tekton_pipelines_controller_pipelinerun_taskrun_duration_seconds_count{${IN_CLUSTER}}[$__range])))`,
                '{{pipeline}}: {{task}}',
              ),
              unit: 's',
              minimum: 0,
            }),
          ),
          needs(
            ['tekton'],
            DashboardPanel.timeSeries({
              title: 'Tasks that wait for room',
              queries: askAll({
                'for a node': `sum(tekton_pipelines_controller_running_taskruns_throttled_by_node{${IN_CLUSTER}})`,
                'for quota': `sum(tekton_pipelines_controller_running_taskruns_throttled_by_quota{${IN_CLUSTER}})`,
              }),
              minimum: 0,
            }),
          ),
        ],
      },
      {
        title: 'Jenkins',
        panels: [
          needs(
            ['jenkins'],
            DashboardPanel.table({
              title: 'Jobs',
              queries: columnsOf([
                `max by (cluster, jenkins_job) (${JENKINS}_builds_last_build_result_ordinal{${IN_CLUSTER}})`,
                `max by (cluster, jenkins_job) (${JENKINS}_builds_last_build_duration_milliseconds{${IN_CLUSTER}})`,
                `max by (cluster, jenkins_job) (${JENKINS}_builds_last_build_start_time_milliseconds{${IN_CLUSTER}})`,
                `max by (cluster, jenkins_job) (${JENKINS}_builds_last_build_tests_failing{${IN_CLUSTER}})`,
              ]),
              columns: [
                TableColumn.label('cluster', { title: 'Cluster' }),
                TableColumn.label('jenkins_job', { title: 'Job' }),
                TableColumn.value(0, {
                  title: 'Last build: 0 good, 2 failed',
                  thresholds: [
                    { value: 1, color: 'orange' },
                    { value: 2, color: 'red' },
                  ],
                }),
                TableColumn.value(1, { title: 'It took', unit: 'ms' }),
                TableColumn.value(2, { title: 'It began', unit: 'dateTimeAsIso' }),
                TableColumn.value(3, { title: 'Tests that failed', thresholds: NONE_IS_GOOD }),
              ],
              sortBy: 'Last build: 0 good, 2 failed',
            }),
          ),
          needs(
            ['jenkins'],
            DashboardPanel.timeSeries({
              title: 'Waiting and building, mean of a job',
              queries: askAll({
                'waits {{jenkins_job}}': mean('queueing_time'),
                'builds {{jenkins_job}}': mean('duration'),
              }),
              unit: 'ms',
            }),
          ),
          needs(
            ['jenkins'],
            DashboardPanel.timeSeries({
              title: 'Builds by how they ended',
              queries: askAll({
                good: `sum(increase(${JENKINS}_builds_success_build_count_total{${IN_CLUSTER}}[1h]))`,
                failed: `sum(increase(${JENKINS}_builds_failed_build_count_total{${IN_CLUSTER}}[1h]))`,
              }),
              decimals: 0,
              stacked: true,
            }),
          ),
          needs(
            ['jenkins'],
            DashboardPanel.timeSeries({
              title: 'Executors',
              queries: askAll({
                busy: `sum(${JENKINS}_executors_busy{${IN_CLUSTER}})`,
                idle: `sum(${JENKINS}_executors_idle{${IN_CLUSTER}})`,
                'builds waiting': `sum(${JENKINS}_executors_queue_length{${IN_CLUSTER}})`,
              }),
              minimum: 0,
            }),
          ),
          needs(
            ['jenkins'],
            DashboardPanel.bars({
              title: 'Stages of last builds that took longest',
              queries: ask(
                `topk(10, max by (jenkins_job, stage) (${JENKINS}_builds_last_stage_duration_milliseconds_summary_sum{${IN_CLUSTER}}))`,
                '{{jenkins_job}}: {{stage}}',
              ),
              unit: 'ms',
              minimum: 0,
            }),
          ),
        ],
      },
    ],
  }),
};

/** Of all builds that ended in the last six hours. */
function mean(what: 'duration' | 'queueing_time'): string {
  const summary = `${JENKINS}_builds_${what}_milliseconds_summary`;
  return `sum by (jenkins_job) (rate(${summary}_sum{${IN_CLUSTER}}[6h])) / sum by (jenkins_job) (rate(${summary}_count{${IN_CLUSTER}}[6h]))`;
}
