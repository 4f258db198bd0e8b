import { sha256 } from '../../../private/canonical';
import { present } from '../../../private/present-members';
import type { LoadedDashboard } from './dashboard-content';

/** Annotation by which Grafana's sidecar chooses the folder (grafana chart, sidecar.dashboards.folderAnnotation; with provider.foldersFromFilesStructure). */
export const FOLDER_ANNOTATION = 'grafana_folder';

/** Where dashboards are put, and by what Grafana finds them. */
export interface DashboardPlace {
  /** Names of objects begin with it. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
  /** Of dashboards that say nothing of it. */
  readonly folder: string | undefined;
}

/** One ConfigMap for each dashboard: others stay as they are when one comes, goes or grows. Keys are unique, since the sidecar writes all of them into one folder. */
export function dashboardConfigMaps(dashboards: readonly LoadedDashboard[], place: DashboardPlace): object[] {
  return dashboards.map(({ uid, folder = place.folder, text }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: present({
      name: objectName(place.name, uid),
      namespace: place.namespace,
      labels: place.labels,
      annotations: folder === undefined ? undefined : { [FOLDER_ANNOTATION]: folder },
    }),
    data: { [`${uid}.json`]: text },
  }));
}

/** For Grafana's operator (grafana/grafana-operator api/v1beta1/grafanadashboard_types.go). */
export function grafanaDashboards(
  dashboards: readonly LoadedDashboard[],
  place: DashboardPlace,
  instanceLabels: { readonly [key: string]: string },
): object[] {
  return dashboards.map(({ uid, folder = place.folder, text }) => ({
    apiVersion: 'grafana.integreatly.org/v1beta1',
    kind: 'GrafanaDashboard',
    metadata: { name: objectName(place.name, uid), namespace: place.namespace, labels: place.labels },
    spec: present({
      instanceSelector: { matchLabels: instanceLabels },
      allowCrossNamespaceImport: true,
      folder,
      json: text,
    }),
  }));
}

/** uids may have letters that names of objects may not. */
function objectName(prefix: string, uid: string): string {
  const plain = uid
    .toLowerCase()
    .replaceAll('_', '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === uid ? `${prefix}-${uid}` : `${prefix}-${plain === '' ? '' : `${plain}-`}${sha256(uid).slice(0, 8)}`;
}
