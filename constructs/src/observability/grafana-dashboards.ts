import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { chartNamespace } from '../private/delivery';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import type { Dashboard } from './dashboard';
import { dashboardConfigMaps, grafanaDashboards } from './private/dashboard/dashboard-objects';
import { loadDashboards } from './private/dashboard/loaded-dashboards';
import { selectedByFindings } from './private/slo-findings';

/** How Grafana gets dashboards. */
export enum DashboardDelivery {
  /** ConfigMaps, which a sidecar of Grafana reads: that of its chart and of kube-prometheus-stack. */
  CONFIG_MAP = 'config-map',
  /** GrafanaDashboards (grafana.integreatly.org/v1beta1), which Grafana's operator reads. */
  GRAFANA_OPERATOR = 'grafana-operator',
}

/** Dashboards of somebody, beside those of a stack. */
export interface GrafanaDashboardsProps {
  /** Each with a uid of its own. */
  readonly dashboards: Dashboard[];
  /**
   * Labels by which Grafana finds them: of the ConfigMaps those that its sidecar looks for; of GrafanaDashboards those of the Grafana (`instanceSelector`).
   * @default - of ConfigMaps { grafana_dashboard: '1' }, as kube-prometheus-stack has it; of GrafanaDashboards they have to be said
   */
  readonly selectedBy?: { readonly [key: string]: string };
  /** Where the Grafana is. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
  /** Namespace of the objects, e.g. one of a workspace. @default - that of the chart around it, which must then have one */
  readonly namespaceName?: string;
  /** Folder of Grafana for dashboards that say none. @default - the general one */
  readonly folder?: string;
  /** @default DashboardDelivery.CONFIG_MAP */
  readonly delivery?: DashboardDelivery;
}

/** Labels that the sidecar of kube-prometheus-stack looks for (its values grafana.sidecar.dashboards.label and labelValue). */
const SIDECAR_LABELS = { grafana_dashboard: '1' };

/**
 * Dashboards as code: each one a ConfigMap, or a GrafanaDashboard, of the id and its uid. Whoever may write to a namespace can keep dashboards there; Grafana's sidecar looks into all of
 * them.
 */
export class GrafanaDashboards extends Construct {
  /**
   * @param scope the platform or a construct of it (with a placement), a cluster, or a chart in a cluster
   * @param id a DNS label; names of the objects begin with it
   */
  public constructor(scope: Construct, id: string, props: GrafanaDashboardsProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { dashboards, placement, folder, delivery = DashboardDelivery.CONFIG_MAP } = props;
    const namespace = props.namespaceName ?? chartNamespace(this) ?? '';
    const forOperator = delivery === DashboardDelivery.GRAFANA_OPERATOR;
    const selectedBy = props.selectedBy ?? (forOperator ? {} : SIDECAR_LABELS);
    const ours = { 'app.kubernetes.io/managed-by': 'orrery' };
    placeObjects(this, {
      placement,
      namespace,
      findings: () => [
        ...loadDashboards(dashboards, []).findings,
        ...selectedByFindings(selectedBy),
        ...(Object.keys(selectedBy).length > 0
          ? []
          : [
              {
                code: 'ORR2013' as const,
                what: 'It says no labels by which a Grafana finds the dashboards.',
                fix: forOperator
                  ? "Set selectedBy to labels of the Grafana, e.g. { dashboards: 'grafana' }."
                  : 'Set selectedBy to the label that its sidecar looks for, or leave it out.',
              },
            ]),
      ],
      objects: () => {
        const { dashboards: loaded } = loadDashboards(dashboards, []);
        const place = { name: id, namespace, folder };
        return forOperator
          ? grafanaDashboards(loaded, { ...place, labels: ours }, selectedBy)
          : dashboardConfigMaps(loaded, { ...place, labels: { ...ours, ...selectedBy } });
      },
    });
  }
}
