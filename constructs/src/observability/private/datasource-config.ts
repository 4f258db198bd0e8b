import { writeYaml } from '../../yaml';
import type { Datasource, StackContext } from './stack-context';

/** Label by which Grafana's sidecar finds data sources (grafana chart, sidecar.datasources.label and labelValue). */
const LABELS = { grafana_datasource: '1' };

/** The ConfigMap with which Grafana's sidecar provisions data sources (Grafana provisioning files, apiVersion 1). */
export function datasourceConfig(
  { name, namespaceName }: StackContext,
  datasources: readonly Datasource[],
  labels: { readonly [label: string]: string },
): object {
  const provisioned = datasources.map(({ isDefault = false, jsonData = {}, ...datasource }) => ({
    ...datasource,
    access: 'proxy',
    editable: false,
    isDefault,
    jsonData,
  }));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${name}-datasources`, namespace: namespaceName, labels: { ...labels, ...LABELS } },
    data: { 'datasources.yaml': writeYaml({ apiVersion: 1, datasources: provisioned }) },
  };
}
