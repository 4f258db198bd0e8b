import {
  ClusterSet,
  Dashboard,
  DashboardDelivery,
  DashboardPanel,
  GrafanaDashboards,
  MetricStore,
  ObservabilityStack,
  PanelQuery,
  PipelineAlerts,
  Placement,
  ScrapedComponent,
  StackDashboards,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'dashboards, as ConfigMaps and for the operator of Grafana, and rules of pipelines',
  crds: [
    'grafana.integreatly.org/grafanadashboards.grafana.integreatly.org.yaml',
    'monitoring.coreos.com/prometheusrules.monitoring.coreos.com.yaml',
  ],
  kinds: ['ConfigMap', 'GrafanaDashboard', 'PrometheusRule'],
  program(platform) {
    new ClusterSet(platform, 'clusters').add('ops');
    const boards = {
      placement: Placement.named('ops'),
      namespaceName: 'mall',
      folder: 'Shop',
      dashboards: [
        Dashboard.of({
          uid: 'Orders_1',
          title: 'Orders',
          panels: [DashboardPanel.stat({ title: 'Up', queries: [PanelQuery.promql('sum(up)')] })],
        }),
      ],
    };
    new GrafanaDashboards(platform, 'boards', boards);
    new GrafanaDashboards(platform, 'boards-of-operator', {
      ...boards,
      delivery: DashboardDelivery.GRAFANA_OPERATOR,
      selectedBy: { dashboards: 'grafana' },
    });
    const stack = new ObservabilityStack(platform, 'watch', {
      placement: Placement.named('ops'),
      metrics: MetricStore.existing({
        queryUrl: 'http://prometheus.monitoring:9090',
        selectedBy: { release: 'monitoring' },
        components: [ScrapedComponent.JENKINS, ScrapedComponent.TEKTON],
      }),
      dashboards: StackDashboards.forGrafanaOperator({ dashboards: 'grafana' }),
    });
    new PipelineAlerts(platform, 'pipelines', { stack, runbookUrl: 'https://wiki.example.com/pipelines' });
  },
} satisfies AcceptedCase;
