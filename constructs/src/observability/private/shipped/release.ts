import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import {
  ask,
  askAll,
  chosen,
  clusterVariable,
  columnsOf,
  IN_NAMESPACE,
  namespaceVariable,
  needs,
  SHARE,
  type ShippedDashboard,
} from './shipped-dashboard';

const RATE = '[$__rate_interval]';
const SERVED = 'reporter="source",cluster=~"$cluster",destination_service_namespace=~"$namespace"';

/** Releases on their way: how far they are, and what was found on the way. */
export const RELEASE: ShippedDashboard = {
  key: 'release',
  set: DashboardSet.RELEASE,
  title: 'Releases',
  description: 'Canaries: how many requests they get, what their analyses say, and requests by version.',
  anyOf: ['argo-rollouts', 'flagger'],
  content: (view) => ({
    variables: [
      clusterVariable(view.has('argo-rollouts') ? 'rollout_info' : 'flagger_canary_total'),
      namespaceVariable(`${view.has('argo-rollouts') ? 'rollout_info' : 'flagger_canary_total'}{cluster=~"$cluster"}`, {
        multiple: true,
        includeAll: true,
        allValue: '.*',
      }),
    ],
    links: [
      ...view.wayTo('fleet', 'Fleet', {}),
      ...view.wayTo('workspace', 'Workspace', chosen('cluster')),
      ...view.wayTo('pipeline', 'Pipelines', {}),
    ],
    timeRange: '6h',
    top: [
      needs(
        ['argo-rollouts'],
        DashboardPanel.stat({
          title: 'Rollouts on their way',
          queries: ask(`count(rollout_info{${IN_NAMESPACE},phase="Progressing"}) or vector(0)`),
        }),
      ),
      needs(
        ['argo-rollouts'],
        DashboardPanel.stat({
          title: 'Rollouts paused',
          queries: ask(`count(rollout_info{${IN_NAMESPACE},phase="Paused"}) or vector(0)`),
          thresholds: [{ value: 1, color: 'blue' }],
        }),
      ),
      needs(
        ['argo-rollouts'],
        DashboardPanel.stat({
          title: 'Rollouts degraded',
          queries: ask(`count(rollout_info{${IN_NAMESPACE},phase=~"Degraded|InvalidSpec|Error"}) or vector(0)`),
          thresholds: [{ value: 1, color: 'red' }],
        }),
      ),
      needs(
        ['argo-rollouts'],
        DashboardPanel.stat({
          title: 'Analyses failed',
          queries: ask(`count(analysis_run_info{${IN_NAMESPACE},phase=~"Failed|Error"}) or vector(0)`),
          thresholds: [{ value: 1, color: 'orange' }],
        }),
      ),
      needs(
        ['flagger'],
        DashboardPanel.stat({
          title: 'Canaries of Flagger on their way',
          queries: ask(`count(flagger_canary_status{${IN_NAMESPACE}} == 0) or vector(0)`),
        }),
      ),
      needs(
        ['flagger'],
        DashboardPanel.stat({
          title: 'Canaries of Flagger failed',
          queries: ask(`count(flagger_canary_status{${IN_NAMESPACE}} == 2) or vector(0)`),
          thresholds: [{ value: 1, color: 'red' }],
        }),
      ),
    ],
    rows: [
      {
        title: 'Argo Rollouts',
        panels: [
          needs(
            ['argo-rollouts'],
            DashboardPanel.table({
              title: 'Rollouts',
              queries: columnsOf([
                `max by (cluster, namespace, name, strategy, phase) (rollout_info{${IN_NAMESPACE}} > 0)`,
              ]),
              columns: [
                TableColumn.label('cluster', { title: 'Cluster' }),
                TableColumn.label('namespace', { title: 'Namespace' }),
                TableColumn.label('name', { title: 'Rollout' }),
                TableColumn.label('strategy', { title: 'Strategy' }),
                TableColumn.label('phase', { title: 'Phase' }),
              ],
              width: 12,
            }),
          ),
          needs(
            ['argo-rollouts'],
            DashboardPanel.table({
              title: 'What analyses say',
              queries: columnsOf([
                `max by (cluster, namespace, name, metric, phase) (analysis_run_metric_phase{${IN_NAMESPACE}} > 0)`,
              ]),
              columns: [
                TableColumn.label('namespace', { title: 'Namespace' }),
                TableColumn.label('name', { title: 'Analysis' }),
                TableColumn.label('metric', { title: 'Metric' }),
                TableColumn.label('phase', { title: 'Phase' }),
              ],
              width: 12,
            }),
          ),
          needs(
            ['argo-rollouts'],
            DashboardPanel.timeSeries({
              title: 'Pods of the new version',
              queries: ask(
                `sum by (cluster, namespace, name) (rollout_info_replicas_updated{${IN_NAMESPACE}}) / sum by (cluster, namespace, name) (rollout_info_replicas_desired{${IN_NAMESPACE}} > 0)`,
                '{{name}} {{cluster}}',
              ),
              ...SHARE,
            }),
          ),
          needs(
            ['argo-rollouts'],
            DashboardPanel.timeSeries({
              title: 'What happened',
              queries: ask(
                `sum by (name, reason) (increase(rollout_events_total{${IN_NAMESPACE}}${RATE})) > 0`,
                '{{name}}: {{reason}}',
              ),
              decimals: 0,
            }),
          ),
        ],
      },
      {
        title: 'Flagger',
        panels: [
          needs(
            ['flagger'],
            DashboardPanel.timeSeries({
              title: 'Weight of canaries',
              queries: ask(
                `max by (cluster, namespace, workload) (flagger_canary_weight{${IN_NAMESPACE},workload!~".*-primary"})`,
                '{{workload}} {{cluster}}',
              ),
              unit: 'percent',
              minimum: 0,
              maximum: 100,
            }),
          ),
          needs(
            ['flagger'],
            DashboardPanel.timeSeries({
              title: 'What canaries are measured by',
              queries: ask(
                `max by (name, metric) (flagger_canary_metric_analysis{${IN_NAMESPACE}})`,
                '{{name}}: {{metric}}',
              ),
            }),
          ),
          needs(
            ['flagger'],
            DashboardPanel.timeSeries({
              title: 'Canaries that ended',
              queries: askAll({
                'well {{name}}': `sum by (name) (increase(flagger_canary_successes_total{${IN_NAMESPACE}}[1h]))`,
                'badly {{name}}': `sum by (name) (increase(flagger_canary_failures_total{${IN_NAMESPACE}}[1h]))`,
              }),
              decimals: 0,
              width: 24,
            }),
          ),
        ],
      },
      {
        title: 'Requests by version',
        panels: [
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Requests to each version',
              queries: ask(
                `sum by (destination_workload, destination_version) (rate(istio_requests_total{${SERVED}}${RATE}))`,
                '{{destination_workload}} {{destination_version}}',
              ),
              unit: 'reqps',
              stacked: true,
            }),
          ),
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Answered 5xx by each version',
              queries: ask(
                `sum by (destination_workload, destination_version) (rate(istio_requests_total{${SERVED},response_code=~"5.."}${RATE})) / sum by (destination_workload, destination_version) (rate(istio_requests_total{${SERVED}}${RATE}))`,
                '{{destination_workload}} {{destination_version}}',
              ),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
        ],
      },
    ],
  }),
};
