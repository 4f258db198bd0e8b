import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import {
  ask,
  askAll,
  clusterVariable,
  columnsOf,
  fromColumns,
  IN_CLUSTER,
  needs,
  type ShippedDashboard,
} from './shipped-dashboard';

const HOURS_A_MONTH = 730;
const GIB = '1024 / 1024 / 1024';

/** Something of containers times its price on the node where they run. */
function priced(allocated: string, price: string, by: string): string {
  return `sum by (${by}) (${allocated} * on (cluster, node) group_left max by (cluster, node) (${price}{${IN_CLUSTER}}))`;
}
const cpu = (by: string) => priced(`container_cpu_allocation{${IN_CLUSTER}}`, 'node_cpu_hourly_cost', by);
const memory = (by: string) =>
  priced(`(container_memory_allocation_bytes{${IN_CLUSTER}} / ${GIB})`, 'node_ram_hourly_cost', by);
const gpu = (by: string) => priced(`container_gpu_allocation{${IN_CLUSTER}}`, 'node_gpu_hourly_cost', by);
const volumes = (by: string) =>
  `sum by (${by}) (pod_pvc_allocation{${IN_CLUSTER}} / ${GIB} * on (cluster, persistentvolume) group_left max by (cluster, persistentvolume) (pv_hourly_cost{${IN_CLUSTER}}))`;

const NODES = `sum(max by (cluster, node) (node_total_hourly_cost{${IN_CLUSTER}}))`;

/** What clusters and namespaces cost, by the prices that OpenCost knows. */
export const COST: ShippedDashboard = {
  key: 'cost',
  set: DashboardSet.COST,
  title: 'Cost',
  description: 'What clusters and namespaces cost, by the prices that OpenCost knows. A month has 730 hours.',
  anyOf: ['opencost'],
  content: (view) => ({
    variables: [clusterVariable('node_total_hourly_cost')],
    links: view.wayTo('fleet', 'Fleet', {}),
    timeRange: '7d',
    top: [
      needs(['opencost'], money('Nodes, a month at this rate', `${NODES} * ${HOURS_A_MONTH}`)),
      needs(['opencost'], money('Volumes, a month at this rate', `sum(${volumes('cluster')}) * ${HOURS_A_MONTH}`)),
      needs(
        ['opencost'],
        money(
          'Load balancers, a month at this rate',
          `sum(max by (cluster, namespace, service_name) (kubecost_load_balancer_cost{${IN_CLUSTER}})) * ${HOURS_A_MONTH}`,
        ),
      ),
      needs(
        ['opencost', 'kube-state-metrics'],
        DashboardPanel.stat({
          title: 'CPU paid for and given to nobody',
          description: 'Of what the CPUs of the nodes cost, the share that no container has requested or used.',
          queries: ask(
            `1 - sum(${cpu('cluster')}) / sum(max by (cluster, node) (node_cpu_hourly_cost{${IN_CLUSTER}}) * on (cluster, node) max by (cluster, node) (kube_node_status_capacity{${IN_CLUSTER},resource="cpu"}))`,
          ),
          unit: 'percentunit',
          decimals: 0,
          width: 6,
        }),
      ),
    ],
    rows: [
      {
        title: 'Namespaces',
        panels: [
          needs(
            ['opencost'],
            DashboardPanel.table({
              title: 'Namespaces, a month at this rate',
              queries: columnsOf(
                [cpu, memory, gpu, volumes].map((part) => `${part('cluster, namespace')} * ${HOURS_A_MONTH}`),
              ),
              columns: [
                TableColumn.label('cluster', { title: 'Cluster' }),
                TableColumn.label('namespace', {
                  title: 'Namespace',
                  links: view.wayTo('workspace', 'This namespace', fromColumns('cluster', 'namespace')),
                }),
                ...['CPU', 'Memory', 'GPU', 'Volumes'].map((title, at) =>
                  TableColumn.value(at, { title, unit: 'currencyUSD', decimals: 2 }),
                ),
              ],
              sortBy: 'CPU',
            }),
          ),
        ],
      },
      {
        title: 'Over time',
        panels: [
          needs(
            ['opencost'],
            DashboardPanel.timeSeries({
              title: 'Nodes, an hour',
              queries: ask(
                `sum by (cluster) (max by (cluster, node) (node_total_hourly_cost{${IN_CLUSTER}}))`,
                '{{cluster}}',
              ),
              unit: 'currencyUSD',
              stacked: true,
            }),
          ),
          needs(
            ['opencost'],
            DashboardPanel.timeSeries({
              title: 'What containers have, an hour',
              queries: askAll({
                CPU: `sum(${cpu('cluster')})`,
                Memory: `sum(${memory('cluster')})`,
                GPU: `sum(${gpu('cluster')})`,
              }),
              unit: 'currencyUSD',
              stacked: true,
            }),
          ),
        ],
      },
    ],
  }),
};

function money(title: string, expression: string): DashboardPanel {
  return DashboardPanel.stat({ title, queries: ask(expression), unit: 'currencyUSD', decimals: 0, width: 6 });
}
