import { DashboardLink } from '../../dashboard-link';
import { DashboardPanel } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import { DashboardVariable } from '../../dashboard-variable';
import {
  ask,
  askAll,
  chosen,
  clusterVariable,
  IN_NAMESPACE,
  namespaceVariable,
  needs,
  type ShippedDashboard,
} from './shipped-dashboard';

/**
 * Pods of the Deployment or StatefulSet that is called like the service: names that their controllers make (kubernetes/apimachinery pkg/util/rand, SafeEncodeString: no vowels, no 0, 1 and 3),
 * so that those of "cart-api" are not taken for those of "cart".
 */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
const ITS_PODS = `${IN_NAMESPACE},pod=~"\${service}-(${SAFE}{6,10}-${SAFE}{5}|[0-9]+)"`;
const ITS_CONTAINERS = `${ITS_PODS},container!="",container!="istio-proxy"`;
const SERVED =
  'reporter="destination",cluster=~"$cluster",destination_service_namespace=~"$namespace",destination_service_name="$service"';
const RATE = '[$__rate_interval]';

/** A service: what it is asked, what it answers, how long it takes, what it uses. */
export const SERVICE: ShippedDashboard = {
  key: 'service',
  set: DashboardSet.RESOURCES,
  title: 'Service',
  description:
    'Requests, replicas and use of a service: of the Deployment or StatefulSet of the same name. A pod leads to its own dashboard.',
  anyOf: ['kube-state-metrics'],
  content: (view) => ({
    variables: [
      clusterVariable('kube_node_info'),
      namespaceVariable('kube_namespace_created{cluster=~"$cluster"}'),
      DashboardVariable.labelValues('service', `kube_service_info{${IN_NAMESPACE}}`, 'service', { title: 'Service' }),
    ],
    links: [
      ...view.wayTo('workspace', 'Workspace', chosen('cluster', 'namespace')),
      ...view.wayTo('release', 'Releases', chosen('cluster', 'namespace')),
      ...view.wayTo('logs', 'Logs', chosen('cluster', 'namespace', 'service')),
    ],
    top: [
      needs(
        ['istio'],
        DashboardPanel.stat({
          title: 'Requests',
          queries: ask(`sum(rate(istio_requests_total{${SERVED}}${RATE}))`),
          unit: 'reqps',
          sparkline: true,
        }),
      ),
      needs(
        ['istio'],
        DashboardPanel.stat({
          title: 'Answered without 5xx',
          queries: ask(
            `sum(rate(istio_requests_total{${SERVED},response_code!~"5.."}${RATE})) / sum(rate(istio_requests_total{${SERVED}}${RATE}))`,
          ),
          unit: 'percentunit',
          decimals: 2,
        }),
      ),
      needs(
        ['istio'],
        DashboardPanel.stat({
          title: '99 of 100 take at most',
          queries: ask(quantile(0.99)),
          unit: 'ms',
          decimals: 0,
          sparkline: true,
        }),
      ),
      needs(
        ['cadvisor'],
        DashboardPanel.stat({
          title: 'CPU used',
          queries: ask(`sum(rate(container_cpu_usage_seconds_total{${ITS_CONTAINERS}}${RATE}))`),
          unit: 'cores',
          decimals: 2,
          sparkline: true,
        }),
      ),
      needs(
        ['cadvisor'],
        DashboardPanel.stat({
          title: 'Memory used',
          queries: ask(`sum(container_memory_working_set_bytes{${ITS_CONTAINERS}})`),
          unit: 'bytes',
          sparkline: true,
        }),
      ),
      needs(
        ['kube-state-metrics'],
        DashboardPanel.stat({
          title: 'Pods ready',
          queries: ask(`sum(kube_pod_status_ready{${ITS_PODS},condition="true"})`),
          decimals: 0,
        }),
      ),
    ],
    rows: [
      {
        title: 'Requests',
        panels: [
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Requests by status',
              queries: ask(
                `sum by (response_code) (rate(istio_requests_total{${SERVED}}${RATE}))`,
                '{{response_code}}',
              ),
              unit: 'reqps',
              stacked: true,
            }),
          ),
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'How long requests take',
              queries: askAll({
                'half of them': quantile(0.5),
                '90 of 100': quantile(0.9),
                '99 of 100': quantile(0.99),
              }),
              unit: 'ms',
            }),
          ),
          needs(
            ['istio'],
            DashboardPanel.heatmap({
              title: 'Requests by how long they take',
              queries: ask(
                `sum by (le) (rate(istio_request_duration_milliseconds_bucket{${SERVED}}${RATE}))`,
                '{{le}}',
              ),
              unit: 'ms',
            }),
          ),
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Requests by caller',
              queries: ask(
                `sum by (source_workload, source_workload_namespace) (rate(istio_requests_total{${SERVED}}${RATE}))`,
                '{{source_workload_namespace}}/{{source_workload}}',
              ),
              unit: 'reqps',
              stacked: true,
            }),
          ),
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Requests by version',
              queries: ask(
                `sum by (destination_version) (rate(istio_requests_total{${SERVED}}${RATE}))`,
                '{{destination_version}}',
              ),
              unit: 'reqps',
              stacked: true,
            }),
          ),
          needs(
            ['istio'],
            DashboardPanel.timeSeries({
              title: 'Requests by cluster',
              queries: ask(`sum by (cluster) (rate(istio_requests_total{${SERVED}}${RATE}))`, '{{cluster}}'),
              unit: 'reqps',
              stacked: true,
            }),
          ),
        ],
      },
      {
        title: 'Replicas',
        panels: [
          needs(
            ['kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'Replicas',
              queries: askAll({
                'wanted {{cluster}}': `sum by (cluster) (kube_deployment_spec_replicas{${IN_NAMESPACE},deployment="$service"}) or sum by (cluster) (kube_statefulset_replicas{${IN_NAMESPACE},statefulset="$service"})`,
                'available {{cluster}}': `sum by (cluster) (kube_deployment_status_replicas_available{${IN_NAMESPACE},deployment="$service"}) or sum by (cluster) (kube_statefulset_status_replicas_available{${IN_NAMESPACE},statefulset="$service"})`,
              }),
              minimum: 0,
            }),
          ),
          needs(
            ['kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'Autoscaler',
              queries: askAll({
                'wanted {{horizontalpodautoscaler}}': `sum by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_desired_replicas{${IN_NAMESPACE},horizontalpodautoscaler=~"(keda-hpa-)?$service"})`,
                'at most {{horizontalpodautoscaler}}': `sum by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{${IN_NAMESPACE},horizontalpodautoscaler=~"(keda-hpa-)?$service"})`,
              }),
              minimum: 0,
            }),
          ),
        ],
      },
      {
        title: 'Use by pod',
        panels: [
          needs(
            ['cadvisor'],
            DashboardPanel.timeSeries({
              title: 'CPU',
              queries: ask(
                `sum by (cluster, namespace, pod) (rate(container_cpu_usage_seconds_total{${ITS_CONTAINERS}}${RATE}))`,
                '{{pod}}',
              ),
              unit: 'cores',
              valueLinks: view.wayTo('pod', 'This pod', podLabels()),
            }),
          ),
          needs(
            ['cadvisor'],
            DashboardPanel.timeSeries({
              title: 'Memory',
              queries: ask(
                `sum by (cluster, namespace, pod) (container_memory_working_set_bytes{${ITS_CONTAINERS}})`,
                '{{pod}}',
              ),
              unit: 'bytes',
              valueLinks: view.wayTo('pod', 'This pod', podLabels()),
            }),
          ),
          needs(
            ['cadvisor'],
            DashboardPanel.timeSeries({
              title: 'Time that was held back for the CPU limit',
              queries: ask(
                `sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{${ITS_CONTAINERS}}${RATE})) / sum by (pod) (rate(container_cpu_cfs_periods_total{${ITS_CONTAINERS}}${RATE}))`,
                '{{pod}}',
              ),
              unit: 'percentunit',
              minimum: 0,
            }),
          ),
          needs(
            ['kube-state-metrics'],
            DashboardPanel.timeSeries({
              title: 'Restarts',
              queries: ask(
                `sum by (pod) (increase(kube_pod_container_status_restarts_total{${ITS_PODS}}${RATE}))`,
                '{{pod}}',
              ),
              decimals: 0,
              minimum: 0,
            }),
          ),
        ],
      },
    ],
    annotations: [
      {
        needs: ['kube-state-metrics'],
        title: 'New version',
        expression: `changes(kube_deployment_status_observed_generation{${IN_NAMESPACE},deployment="$service"}[2m]) > 0`,
        text: '{{cluster}}: {{namespace}}/{{deployment}}',
      },
    ],
  }),
};

function quantile(share: number): string {
  return `histogram_quantile(${share}, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${SERVED}}${RATE})))`;
}

function podLabels(): { readonly [name: string]: string } {
  return Object.fromEntries(['cluster', 'namespace', 'pod'].map((label) => [label, DashboardLink.labelValue(label)]));
}
