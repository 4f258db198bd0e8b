import { DashboardPanel } from '../../dashboard-panel';
import { DashboardSet } from '../../dashboard-set';
import { DashboardVariable } from '../../dashboard-variable';
import { LuceneStore, PanelQuery } from '../../panel-query';
import type { Datasource } from '../stack-context';
import {
  chosen,
  clusterVariable,
  IN_NAMESPACE,
  namespaceVariable,
  needs,
  type ShippedDashboard,
} from './shipped-dashboard';

/** What is looked at: one pod, or all of a service. */
type Scope = 'pod' | 'service';

/** Fields of Kubernetes as Fluent Bit's filter names them, and as Filebeat does. */
const DOCUMENTS: { readonly [K in Scope]: string } = {
  pod: '(kubernetes.namespace_name:"$namespace" OR kubernetes.namespace:"$namespace") AND (kubernetes.pod_name:"$pod" OR kubernetes.pod.name:"$pod")',
  service:
    '(kubernetes.namespace_name:"$namespace" OR kubernetes.namespace:"$namespace") AND (kubernetes.pod_name:$service-* OR kubernetes.pod.name:$service-*) AND $search',
};
/** Pods are no label of streams, which would be too many of them, but in the lines (private/logs/fluent-bit-outputs.ts). */
const STREAMS: { readonly [K in Scope]: string } = {
  pod: '{namespace="$namespace"} | json | kubernetes_pod_name="$pod"',
  service: '{namespace="$namespace"} |~ "(?i)$search" | json | kubernetes_pod_name=~"$service-.+"',
};

function linesOf(store: Datasource, scope: Scope): PanelQuery {
  if (store.type === 'loki') return PanelQuery.logql(STREAMS[scope]);
  return PanelQuery.lucene(
    store.type === 'elasticsearch' ? LuceneStore.ELASTICSEARCH : LuceneStore.OPENSEARCH,
    DOCUMENTS[scope],
  );
}

function countOf(store: Datasource): PanelQuery {
  if (store.type === 'loki')
    return PanelQuery.logql(`sum by (kubernetes_pod_name) (count_over_time(${STREAMS.service} [$__auto]))`, {
      legend: '{{kubernetes_pod_name}}',
    });
  return linesOf(store, 'service');
}

/** The lines of a pod or a service. */
export function logPanel(store: Datasource, scope: Scope): DashboardPanel {
  return DashboardPanel.logs({ title: 'Logs', queries: [linesOf(store, scope)] });
}

/** What a service writes. */
export const LOGS: ShippedDashboard = {
  key: 'logs',
  set: DashboardSet.LOGS,
  title: 'Logs of a service',
  description: 'What the pods of a service write, and how much of it.',
  anyOf: 'logs',
  content: (view) => ({
    variables: [
      ...(view.has('kube-state-metrics')
        ? [
            clusterVariable('kube_node_info'),
            namespaceVariable('kube_namespace_created{cluster=~"$cluster"}'),
            DashboardVariable.labelValues('service', `kube_service_info{${IN_NAMESPACE}}`, 'service', {
              title: 'Service',
            }),
          ]
        : [
            DashboardVariable.text('namespace', 'default', { title: 'Namespace' }),
            DashboardVariable.text('service', '', { title: 'Service' }),
          ]),
      DashboardVariable.text('search', view.logs?.type === 'loki' ? '' : '*', { title: 'Search' }),
    ],
    links: view.has('kube-state-metrics')
      ? view.wayTo('service', 'Service', chosen('cluster', 'namespace', 'service'))
      : [],
    top:
      view.logs === undefined
        ? []
        : [
            needs(
              [],
              DashboardPanel.timeSeries({
                title: 'Lines',
                queries: [countOf(view.logs)],
                stacked: true,
                legendTable: false,
                width: 24,
                height: 6,
              }),
            ),
            needs([], logPanel(view.logs, 'service')),
          ],
    rows: [],
  }),
};
