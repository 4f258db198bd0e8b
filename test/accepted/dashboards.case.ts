import {
  ClusterSet,
  Dashboard,
  DashboardDelivery,
  DashboardPanel,
  GrafanaDashboards,
  PanelQuery,
  Placement,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'dashboards, as ConfigMaps and for the operator of Grafana',
  crds: ['grafana.integreatly.org/grafanadashboards.grafana.integreatly.org.yaml'],
  kinds: ['ConfigMap', 'GrafanaDashboard'],
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
  },
} satisfies AcceptedCase;
