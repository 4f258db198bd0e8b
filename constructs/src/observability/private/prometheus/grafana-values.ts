import { present } from '../../../private/present-members';
import type { GrafanaProps } from '../../metric-props';
import { FOLDER_ANNOTATION } from '../dashboard/dashboard-objects';
import type { StackContext } from '../stack-context';

/**
 * Values of the chart grafana: a Grafana whose sidecars load data sources and dashboards from ConfigMaps, of all namespaces. Without a Secret the chart would make up a
 * password at every rendering.
 */
export function grafanaValues({ dashboardLabels }: StackContext, props: GrafanaProps): object {
  const { adminSecret, userKey = 'admin-user', passwordKey = 'admin-password', url } = props;
  const [[label, labelValue] = ['grafana_dashboard', '1']] = Object.entries(dashboardLabels);
  return present({
    admin: { existingSecret: adminSecret, userKey, passwordKey },
    env: url === undefined ? undefined : { GF_SERVER_ROOT_URL: url },
    sidecar: {
      dashboards: {
        enabled: true,
        label,
        labelValue,
        searchNamespace: 'ALL',
        folderAnnotation: FOLDER_ANNOTATION,
        provider: { foldersFromFilesStructure: true },
      },
      datasources: { enabled: true, label: 'grafana_datasource', labelValue: '1' },
    },
  });
}
