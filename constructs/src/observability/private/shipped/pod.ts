import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import { DashboardVariable } from '../../dashboard-variable';
import { logPanel } from './logs';
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

const THIS = `${IN_NAMESPACE},pod="$pod"`;
const CONTAINERS = `${THIS},container!=""`;
const RATE = '[$__rate_interval]';

/** A pod: its containers, what they use of what they may, and what they write. */
export const POD: ShippedDashboard = {
  key: 'pod',
  set: DashboardSet.RESOURCES,
  title: 'Pod',
  description: 'Containers of a pod, and what they use of what they requested.',
  anyOf: ['kube-state-metrics'],
  content: (view) => ({
    variables: [
      clusterVariable('kube_node_info'),
      namespaceVariable('kube_namespace_created{cluster=~"$cluster"}'),
      DashboardVariable.labelValues('pod', `kube_pod_info{${IN_NAMESPACE}}`, 'pod', { title: 'Pod' }),
    ],
    links: [
      ...view.wayTo('workspace', 'Workspace', chosen('cluster', 'namespace')),
      ...view.wayTo('cluster', 'Cluster', chosen('cluster')),
    ],
    top: [
      needs(
        ['kube-state-metrics'],
        DashboardPanel.table({
          title: 'Where it runs',
          queries: columnsOf([
            `max by (node, host_ip, pod_ip, created_by_kind, created_by_name) (kube_pod_info{${THIS}})`,
          ]),
          columns: [
            TableColumn.label('node', { title: 'Node' }),
            TableColumn.label('pod_ip', { title: 'Address' }),
            TableColumn.label('created_by_kind', { title: 'Made by' }),
            TableColumn.label('created_by_name', { title: 'Name' }),
          ],
          width: 12,
          height: 4,
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Containers ready',
          queries: ask(`sum(kube_pod_container_status_ready{${THIS}})`),
          decimals: 0,
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Restarts',
          queries: ask(`sum(kube_pod_container_status_restarts_total{${THIS}})`),
          decimals: 0,
          thresholds: [{ value: 1, color: 'orange' }],
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Runs for',
          queries: ask(`time() - max(kube_pod_start_time{${THIS}})`),
          unit: 's',
          decimals: 0,
        }),
      ),
    ],
    rows: [
      {
        title: 'Containers',
        panels: [
          needs(
            ['kube-state-metrics'],
            DashboardPanel.table({
              title: 'Why containers ended or wait',
              queries: columnsOf([
                `max by (container, reason) (kube_pod_container_status_last_terminated_reason{${THIS}} > 0 or kube_pod_container_status_waiting_reason{${THIS}} > 0)`,
              ]),
              columns: [
                TableColumn.label('container', { title: 'Container' }),
                TableColumn.label('reason', { title: 'Reason' }),
              ],
              height: 5,
            }),
          ),
          needs(
            ['cadvisor', 'kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'CPU',
              queries: askAll({
                '{{container}}': `sum by (container) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}${RATE}))`,
                'requested {{container}}': `sum by (container) (kube_pod_container_resource_requests{${THIS},resource="cpu"})`,
                'at most {{container}}': `sum by (container) (kube_pod_container_resource_limits{${THIS},resource="cpu"})`,
              }),
              unit: 'cores',
            }),
          ),
          needs(
            ['cadvisor', 'kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'Memory',
              queries: askAll({
                '{{container}}': `sum by (container) (container_memory_working_set_bytes{${CONTAINERS}})`,
                'requested {{container}}': `sum by (container) (kube_pod_container_resource_requests{${THIS},resource="memory"})`,
                'at most {{container}}': `sum by (container) (kube_pod_container_resource_limits{${THIS},resource="memory"})`,
              }),
              unit: 'bytes',
            }),
          ),
          needs(
            ['cadvisor'],
            DashboardPanel.timeSeries({
              title: 'Time that was held back for the CPU limit',
              queries: ask(
                `sum by (container) (rate(container_cpu_cfs_throttled_periods_total{${CONTAINERS}}${RATE})) / sum by (container) (rate(container_cpu_cfs_periods_total{${CONTAINERS}}${RATE}))`,
                '{{container}}',
              ),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['cadvisor'],
            DashboardPanel.timeSeries({
              title: 'Network',
              queries: askAll({
                received: `sum(rate(container_network_receive_bytes_total{${THIS}}${RATE}))`,
                sent: `sum(rate(container_network_transmit_bytes_total{${THIS}}${RATE}))`,
              }),
              unit: 'Bps',
            }),
          ),
        ],
      },
      {
        title: 'Volumes and GPUs',
        panels: [
          needs(
            ['kubelet', 'kube-state-metrics'],
            DashboardPanel.bars({
              title: 'Volumes full',
              queries: ask(
                `max by (persistentvolumeclaim) (kubelet_volume_stats_used_bytes{${IN_NAMESPACE}} / kubelet_volume_stats_capacity_bytes{${IN_NAMESPACE}} * on (cluster, namespace, persistentvolumeclaim) group_left max by (cluster, namespace, persistentvolumeclaim) (kube_pod_spec_volumes_persistentvolumeclaims_info{${THIS}}))`,
                '{{persistentvolumeclaim}}',
              ),
              ...SHARE,
            }),
          ),
          needs(
            ['dcgm'],
            DashboardPanel.timeSeries({
              title: 'GPU engine active',
              queries: ask(
                `max by (gpu, GPU_I_ID, container) (DCGM_FI_PROF_GR_ENGINE_ACTIVE{${THIS}})`,
                'card {{gpu}} {{GPU_I_ID}} {{container}}',
              ),
              ...SHARE,
            }),
          ),
        ],
      },
      ...(view.logs === undefined ? [] : [{ title: 'Logs', panels: [needs([], logPanel(view.logs, 'pod'))] }]),
    ],
  }),
};
