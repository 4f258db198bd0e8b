import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import {
  ask,
  columnsOf,
  fromColumns,
  GOOD_TO_BAD,
  NONE_IS_GOOD,
  needs,
  type ShippedDashboard,
} from './shipped-dashboard';

const CPU_SHARE =
  'sum by (cluster) (rate(container_cpu_usage_seconds_total{container!=""}[$__rate_interval])) / sum by (cluster) (kube_node_status_allocatable{resource="cpu"})';
const MEMORY_SHARE =
  'sum by (cluster) (container_memory_working_set_bytes{container!=""}) / sum by (cluster) (kube_node_status_allocatable{resource="memory"})';
const REQUESTED_CPU =
  'sum by (cluster) (kube_pod_container_resource_requests{resource="cpu"}) / sum by (cluster) (kube_node_status_allocatable{resource="cpu"})';
const REQUESTED_MEMORY =
  'sum by (cluster) (kube_pod_container_resource_requests{resource="memory"}) / sum by (cluster) (kube_node_status_allocatable{resource="memory"})';
const FAILED_REQUESTS =
  'sum by (cluster) (rate(istio_requests_total{reporter="source",response_code=~"5.."}[$__rate_interval])) / sum by (cluster) (rate(istio_requests_total{reporter="source"}[$__rate_interval]))';

/** All clusters at a glance. */
export const FLEET: ShippedDashboard = {
  key: 'fleet',
  set: DashboardSet.RESOURCES,
  title: 'Fleet',
  description: 'All clusters. A cluster leads to its own dashboard.',
  anyOf: ['kube-state-metrics'],
  content: (view) => ({
    variables: [],
    top: [
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({ title: 'Clusters', queries: ask('count(count by (cluster) (kube_node_info))') }),
      ),
      needs(['kube-state-metrics'], DashboardPanel.stat({ title: 'Nodes', queries: ask('count(kube_node_info)') })),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Nodes not ready',
          queries: ask('sum(kube_node_status_condition{condition="Ready",status!="true"})'),
          thresholds: NONE_IS_GOOD,
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({ title: 'Pods running', queries: ask('sum(kube_pod_status_phase{phase="Running"})') }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Pods pending or failed',
          queries: ask('sum(kube_pod_status_phase{phase=~"Pending|Failed|Unknown"})'),
          thresholds: [{ value: 1, color: 'orange' }],
        }),
      ),
      needs(
        ['rules'],
        DashboardPanel.stat({
          title: 'Alerts firing',
          queries: ask('count(ALERTS{alertstate="firing",severity!="none"}) or vector(0)'),
          thresholds: NONE_IS_GOOD,
        }),
      ),
    ],
    rows: [
      {
        title: 'Clusters',
        panels: [
          needs(
            ['kube-state-metrics', 'cadvisor'],
            DashboardPanel.table({
              title: 'Clusters',
              queries: columnsOf([
                'count by (cluster) (kube_node_info)',
                CPU_SHARE,
                MEMORY_SHARE,
                'sum by (cluster) (kube_pod_status_phase{phase="Running"})',
                'sum by (cluster) (kube_pod_status_phase{phase=~"Pending|Failed|Unknown"})',
                'sum by (cluster) (increase(kube_pod_container_status_restarts_total[1h]))',
              ]),
              columns: [
                TableColumn.label('cluster', {
                  title: 'Cluster',
                  links: view.wayTo('cluster', 'This cluster', fromColumns('cluster')),
                }),
                TableColumn.value(0, { title: 'Nodes' }),
                TableColumn.value(1, { title: 'CPU used', unit: 'percentunit', decimals: 0, thresholds: GOOD_TO_BAD }),
                TableColumn.value(2, {
                  title: 'Memory used',
                  unit: 'percentunit',
                  decimals: 0,
                  thresholds: GOOD_TO_BAD,
                }),
                TableColumn.value(3, { title: 'Pods running' }),
                TableColumn.value(4, { title: 'Pods pending or failed', thresholds: [{ value: 1, color: 'orange' }] }),
                TableColumn.value(5, {
                  title: 'Restarts in an hour',
                  decimals: 0,
                  thresholds: [{ value: 5, color: 'orange' }],
                }),
              ],
              sortBy: 'CPU used',
            }),
          ),
        ],
      },
      {
        title: 'Use',
        panels: [
          needs(
            ['cadvisor', 'kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'CPU used of what nodes have',
              queries: ask(CPU_SHARE, '{{cluster}}'),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['cadvisor', 'kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'Memory used of what nodes have',
              queries: ask(MEMORY_SHARE, '{{cluster}}'),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'CPU requested of what nodes have',
              queries: ask(REQUESTED_CPU, '{{cluster}}'),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'Memory requested of what nodes have',
              queries: ask(REQUESTED_MEMORY, '{{cluster}}'),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
        ],
      },
      {
        title: 'Requests',
        panels: [
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Requests',
              queries: ask(
                'sum by (cluster) (rate(istio_requests_total{reporter="source"}[$__rate_interval]))',
                '{{cluster}}',
              ),
              unit: 'reqps',
              stacked: true,
            }),
          ),
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Requests answered 5xx',
              queries: ask(FAILED_REQUESTS, '{{cluster}}'),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
        ],
      },
      {
        title: 'Alerts',
        panels: [
          needs(
            ['rules'],
            DashboardPanel.table({
              title: 'Alerts firing',
              queries: columnsOf([
                'count by (cluster, alertname, severity, namespace) (ALERTS{alertstate="firing",severity!="none"})',
              ]),
              columns: [
                TableColumn.label('cluster', {
                  title: 'Cluster',
                  links: view.wayTo('cluster', 'This cluster', fromColumns('cluster')),
                }),
                TableColumn.label('alertname', { title: 'Alert' }),
                TableColumn.label('severity', { title: 'Severity' }),
                TableColumn.label('namespace', {
                  title: 'Namespace',
                  links: view.wayTo('workspace', 'This namespace', fromColumns('cluster', 'namespace')),
                }),
                TableColumn.value(0, { title: 'How many' }),
              ],
              sortBy: 'How many',
            }),
          ),
        ],
      },
    ],
  }),
};
