import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import {
  ask,
  askAll,
  clusterVariable,
  columnsOf,
  fromColumns,
  GOOD_TO_BAD,
  IN_CLUSTER,
  NONE_IS_GOOD,
  needs,
  SHARE,
  type ShippedDashboard,
} from './shipped-dashboard';

/** Series of a node have its address in `instance`; this one tells its name. */
const WITH_NAME = `* on (cluster, instance) group_left (nodename) node_uname_info{${IN_CLUSTER}}`;
const BUSY = `sum by (cluster, nodename) ((1 - avg by (cluster, instance) (rate(node_cpu_seconds_total{${IN_CLUSTER},mode="idle"}[$__rate_interval]))) ${WITH_NAME})`;
const MEMORY = `sum by (cluster, nodename) ((1 - node_memory_MemAvailable_bytes{${IN_CLUSTER}} / node_memory_MemTotal_bytes{${IN_CLUSTER}}) ${WITH_NAME})`;
const DISK = `max by (cluster, nodename) ((1 - node_filesystem_avail_bytes{${IN_CLUSTER},mountpoint="/",fstype!=""} / node_filesystem_size_bytes{${IN_CLUSTER},mountpoint="/",fstype!=""}) * on (cluster, instance) group_left (nodename) node_uname_info{${IN_CLUSTER}})`;
const VERBS = 'verb!~"WATCH|CONNECT"';

/** One cluster: its nodes, its namespaces, its API server, its volumes. */
export const CLUSTER: ShippedDashboard = {
  key: 'cluster',
  set: DashboardSet.RESOURCES,
  title: 'Cluster',
  description: 'Nodes, namespaces, API server and volumes of a cluster. A namespace leads to its own dashboard.',
  anyOf: ['kube-state-metrics'],
  content: (view) => ({
    variables: [clusterVariable('kube_node_info')],
    links: [...view.wayTo('fleet', 'Fleet', {}), ...view.wayTo('gpu', 'GPUs'), ...view.wayTo('cost', 'Cost')],
    top: [
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({ title: 'Nodes', queries: ask(`count(kube_node_info{${IN_CLUSTER}})`) }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Nodes not ready',
          queries: ask(`sum(kube_node_status_condition{${IN_CLUSTER},condition="Ready",status!="true"})`),
          thresholds: NONE_IS_GOOD,
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Pods running',
          queries: ask(`sum(kube_pod_status_phase{${IN_CLUSTER},phase="Running"})`),
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Pods that cannot be scheduled',
          queries: ask(`sum(kube_pod_status_unschedulable{${IN_CLUSTER}}) or vector(0)`),
          thresholds: NONE_IS_GOOD,
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'CPU requested',
          queries: ask(
            `sum(kube_pod_container_resource_requests{${IN_CLUSTER},resource="cpu"}) / sum(kube_node_status_allocatable{${IN_CLUSTER},resource="cpu"})`,
          ),
          unit: 'percentunit',
          decimals: 0,
          thresholds: GOOD_TO_BAD,
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Memory requested',
          queries: ask(
            `sum(kube_pod_container_resource_requests{${IN_CLUSTER},resource="memory"}) / sum(kube_node_status_allocatable{${IN_CLUSTER},resource="memory"})`,
          ),
          unit: 'percentunit',
          decimals: 0,
          thresholds: GOOD_TO_BAD,
        }),
      ),
    ],
    rows: [
      {
        title: 'Namespaces',
        panels: [
          needs(
            ['kube-state-metrics', 'cadvisor'],
            DashboardPanel.table({
              title: 'Namespaces',
              queries: columnsOf([
                `sum by (cluster, namespace) (kube_pod_status_phase{${IN_CLUSTER},phase="Running"})`,
                `sum by (cluster, namespace) (rate(container_cpu_usage_seconds_total{${IN_CLUSTER},container!=""}[$__rate_interval]))`,
                `sum by (cluster, namespace) (container_memory_working_set_bytes{${IN_CLUSTER},container!=""})`,
                `sum by (cluster, namespace) (increase(kube_pod_container_status_restarts_total{${IN_CLUSTER}}[1h]))`,
              ]),
              columns: [
                TableColumn.label('cluster', { title: 'Cluster' }),
                TableColumn.label('namespace', {
                  title: 'Namespace',
                  links: view.wayTo('workspace', 'This namespace', fromColumns('cluster', 'namespace')),
                }),
                TableColumn.value(0, { title: 'Pods running' }),
                TableColumn.value(1, { title: 'CPU', unit: 'cores', decimals: 2 }),
                TableColumn.value(2, { title: 'Memory', unit: 'bytes' }),
                TableColumn.value(3, {
                  title: 'Restarts in an hour',
                  decimals: 0,
                  thresholds: [{ value: 5, color: 'orange' }],
                }),
              ],
              sortBy: 'CPU',
            }),
          ),
        ],
      },
      {
        title: 'Nodes',
        panels: [
          needs(
            ['node-exporter'],
            DashboardPanel.timeSeries({
              title: 'CPU busy',
              queries: ask(BUSY, '{{nodename}}'),
              ...SHARE,
            }),
          ),
          needs(
            ['node-exporter'],
            DashboardPanel.timeSeries({
              title: 'Memory in use',
              queries: ask(MEMORY, '{{nodename}}'),
              ...SHARE,
            }),
          ),
          needs(
            ['node-exporter'],
            DashboardPanel.bars({
              title: 'Root file system full',
              queries: ask(DISK, '{{nodename}}'),
              ...SHARE,
              thresholds: GOOD_TO_BAD,
            }),
          ),
          needs(
            ['kubelet'],
            DashboardPanel.bars({
              title: 'Volumes fullest',
              queries: ask(
                `topk(15, max by (cluster, namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes{${IN_CLUSTER}} / kubelet_volume_stats_capacity_bytes{${IN_CLUSTER}}))`,
                '{{namespace}}/{{persistentvolumeclaim}}',
              ),
              ...SHARE,
              thresholds: GOOD_TO_BAD,
            }),
          ),
        ],
      },
      {
        title: 'API server',
        collapsed: true,
        panels: [
          needs(
            ['kube-apiserver'],
            DashboardPanel.timeSeries({
              title: 'Requests to the API server',
              queries: ask(
                `sum by (verb) (rate(apiserver_request_total{${IN_CLUSTER}}[$__rate_interval]))`,
                '{{verb}}',
              ),
              unit: 'reqps',
              stacked: true,
            }),
          ),
          needs(
            ['kube-apiserver'],
            DashboardPanel.timeSeries({
              title: 'Requests answered 5xx by the API server',
              queries: ask(
                `sum by (code) (rate(apiserver_request_total{${IN_CLUSTER},code=~"5.."}[$__rate_interval])) / ignoring (code) group_left sum(rate(apiserver_request_total{${IN_CLUSTER}}[$__rate_interval]))`,
                '{{code}}',
              ),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['kube-apiserver'],
            DashboardPanel.timeSeries({
              title: '99 of 100 requests take at most',
              queries: ask(
                `histogram_quantile(0.99, sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{${IN_CLUSTER},${VERBS}}[$__rate_interval])))`,
                '{{verb}}',
              ),
              unit: 's',
            }),
          ),
          needs(
            ['kubelet'],
            DashboardPanel.timeSeries({
              title: 'Pods by node',
              queries: askAll({ '{{node}}': `sum by (node) (kubelet_running_pods{${IN_CLUSTER}})` }),
            }),
          ),
        ],
      },
    ],
  }),
};
