import { DashboardLink } from '../../dashboard-link';
import { DashboardPanel, TableColumn } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import { DashboardVariable } from '../../dashboard-variable';
import {
  ask,
  clusterVariable,
  columnsOf,
  fromColumns,
  GOOD_TO_BAD,
  IN_NAMESPACE,
  type Needing,
  namespaceVariable,
  needs,
  SHARE,
  type ShippedDashboard,
  type ShippedView,
  type ShownWorkspace,
} from './shipped-dashboard';

const USED_OF_QUOTA = `max by (cluster, namespace, resourcequota, resource) (kube_resourcequota{${IN_NAMESPACE},type="used"}) / max by (cluster, namespace, resourcequota, resource) (kube_resourcequota{${IN_NAMESPACE},type="hard"} > 0)`;
const SERVED = `reporter="source",cluster=~"$cluster",destination_service_namespace=~"$namespace"`;

/** A workspace, or a namespace: its workloads, what they use, and its quotas. */
export const WORKSPACE: ShippedDashboard = {
  key: 'workspace',
  set: DashboardSet.RESOURCES,
  title: 'Workspace',
  description: 'Workloads, use and quotas of the namespaces of a workspace. A service leads to its own dashboard.',
  anyOf: ['kube-state-metrics'],
  content: (view) => ({
    variables: [
      clusterVariable('kube_node_info'),
      ...(view.workspaces.length === 0 ? [] : [workspaceVariable(view.workspaces)]),
      namespaceVariable(
        `kube_namespace_created{cluster=~"$cluster"${view.workspaces.length === 0 ? '' : ',namespace=~"$workspace"'}}`,
        { multiple: true, includeAll: true },
      ),
    ],
    links: [...view.wayTo('fleet', 'Fleet', {}), ...view.wayTo('cluster', 'Cluster'), ...view.wayTo('logs', 'Logs')],
    top: [
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Pods running',
          queries: ask(`sum(kube_pod_status_phase{${IN_NAMESPACE},phase="Running"})`),
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Replicas missing',
          queries: ask(`sum(kube_deployment_status_replicas_unavailable{${IN_NAMESPACE}})`),
          thresholds: [{ value: 1, color: 'orange' }],
        }),
      ),
      needs(
        ['cadvisor'],
        DashboardPanel.stat({
          title: 'CPU used',
          queries: ask(`sum(rate(container_cpu_usage_seconds_total{${IN_NAMESPACE},container!=""}[$__rate_interval]))`),
          unit: 'cores',
          decimals: 1,
          sparkline: true,
        }),
      ),
      needs(
        ['cadvisor'],
        DashboardPanel.stat({
          title: 'Memory used',
          queries: ask(`sum(container_memory_working_set_bytes{${IN_NAMESPACE},container!=""})`),
          unit: 'bytes',
          sparkline: true,
        }),
      ),
      needs(
        ['istio'],
        DashboardPanel.stat({
          title: 'Requests',
          queries: ask(`sum(rate(istio_requests_total{${SERVED}}[$__rate_interval]))`),
          unit: 'reqps',
          sparkline: true,
        }),
      ),
      needs(
        ['istio'],
        DashboardPanel.stat({
          title: 'Answered 5xx',
          queries: ask(
            `sum(rate(istio_requests_total{${SERVED},response_code=~"5.."}[$__rate_interval])) / sum(rate(istio_requests_total{${SERVED}}[$__rate_interval]))`,
          ),
          unit: 'percentunit',
          thresholds: [
            { value: 0.001, color: 'orange' },
            { value: 0.01, color: 'red' },
          ],
        }),
      ),
    ],
    rows: [
      {
        title: 'Services',
        panels: [
          workloads(view, 'Deployment', {
            Replicas: 'kube_deployment_spec_replicas',
            Available: 'kube_deployment_status_replicas_available',
            'Up to date': 'kube_deployment_status_replicas_updated',
          }),
          workloads(view, 'StatefulSet', {
            Replicas: 'kube_statefulset_replicas',
            Ready: 'kube_statefulset_status_replicas_ready',
          }),
          needs(
            ['istio'],
            DashboardPanel.table({
              title: 'Requests by service',
              queries: columnsOf([
                `label_replace(label_replace(sum by (cluster, destination_service_namespace, destination_service_name) (rate(istio_requests_total{${SERVED}}[$__rate_interval])), "service", "$1", "destination_service_name", "(.*)"), "namespace", "$1", "destination_service_namespace", "(.*)")`,
                `label_replace(label_replace(sum by (cluster, destination_service_namespace, destination_service_name) (rate(istio_requests_total{${SERVED},response_code=~"5.."}[$__rate_interval])) / sum by (cluster, destination_service_namespace, destination_service_name) (rate(istio_requests_total{${SERVED}}[$__rate_interval])), "service", "$1", "destination_service_name", "(.*)"), "namespace", "$1", "destination_service_namespace", "(.*)")`,
              ]),
              columns: [
                ...serviceColumns(view, 'Service'),
                TableColumn.value(0, { title: 'Requests', unit: 'reqps' }),
                TableColumn.value(1, {
                  title: 'Answered 5xx',
                  unit: 'percentunit',
                  thresholds: [{ value: 0.01, color: 'red' }],
                }),
              ],
              sortBy: 'Requests',
            }),
          ),
        ],
      },
      {
        title: 'Use',
        panels: [
          needs(
            ['cadvisor'],
            DashboardPanel.timeSeries({
              title: 'CPU by pod, the 20 busiest',
              queries: ask(
                `topk(20, sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{${IN_NAMESPACE},container!=""}[$__rate_interval])))`,
                '{{pod}}',
              ),
              unit: 'cores',
              valueLinks: view.wayTo('pod', 'This pod', labelsOfPod()),
            }),
          ),
          needs(
            ['cadvisor'],
            DashboardPanel.timeSeries({
              title: 'Memory by pod, the 20 largest',
              queries: ask(
                `topk(20, sum by (namespace, pod) (container_memory_working_set_bytes{${IN_NAMESPACE},container!=""}))`,
                '{{pod}}',
              ),
              unit: 'bytes',
              valueLinks: view.wayTo('pod', 'This pod', labelsOfPod()),
            }),
          ),
          needs(
            ['kube-state-metrics'],
            DashboardPanel.bars({
              title: 'Quotas used',
              queries: ask(USED_OF_QUOTA, '{{namespace}}: {{resource}}'),
              ...SHARE,
              thresholds: GOOD_TO_BAD,
            }),
          ),
          needs(
            ['kube-state-metrics'],
            DashboardPanel.bars({
              title: 'Restarts in an hour',
              queries: ask(
                `topk(15, sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{${IN_NAMESPACE}}[1h])) > 0)`,
                '{{namespace}}/{{pod}}',
              ),
              decimals: 0,
              minimum: 0,
              thresholds: [{ value: 3, color: 'orange' }],
            }),
          ),
        ],
      },
    ],
  }),
};

/** All Deployments, or StatefulSets, with numbers of each; services are called like them. */
function workloads(
  view: ShippedView,
  kind: 'Deployment' | 'StatefulSet',
  numbers: { readonly [title: string]: string },
): Needing {
  const label = kind.toLowerCase();
  const named = (series: string) =>
    `label_replace(sum by (cluster, namespace, ${label}) (${series}{${IN_NAMESPACE}}), "service", "$1", "${label}", "(.*)")`;
  return needs(
    ['kube-state-metrics'],
    DashboardPanel.table({
      title: `${kind}s`,
      queries: columnsOf(Object.values(numbers).map(named)),
      columns: [
        ...serviceColumns(view, kind),
        ...Object.keys(numbers).map((title, at) => TableColumn.value(at, { title })),
      ],
      width: 12,
    }),
  );
}

function serviceColumns(view: ShippedView, title: string): TableColumn[] {
  return [
    TableColumn.label('cluster', { title: 'Cluster' }),
    TableColumn.label('namespace', { title: 'Namespace' }),
    TableColumn.label('service', {
      title,
      links: view.wayTo('service', 'This service', fromColumns('cluster', 'namespace', 'service')),
    }),
  ];
}

function labelsOfPod(): { readonly [name: string]: string } {
  return Object.fromEntries(['namespace', 'pod'].map((label) => [label, DashboardLink.labelValue(label)]));
}

/** Names are shown, regular expressions of namespaces are meant (custom variables of Grafana: "text : value"). */
function workspaceVariable(workspaces: readonly ShownWorkspace[]): DashboardVariable {
  const values = workspaces.map(({ name, namespaces }) => `${name} : ${namespaces.join('|')}`);
  return DashboardVariable.custom('workspace', values, { title: 'Workspace' });
}
