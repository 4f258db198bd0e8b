import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Alerting,
  type AlertmanagerOptions,
  type AlertTenant,
  ClusterSet,
  MetricStore,
  ObservabilityStack,
  Placement,
  Platform,
  Workspace,
} from '@orrery/constructs';
import type { AlertmanagerConfig } from '../../constructs/lib/observability/private/alertmanager-config.js';
import { configurationFile, mergedConfig } from '../../constructs/lib/observability/private/merged-alertmanager.js';

/** A tenant without the workspace, by the namespaces of one. */
export type TenantOptions = Omit<AlertTenant, 'workspace'> & { readonly namespaces: string[] };

/**
 * The AlertmanagerConfigs of a cluster "sh", which is observed together with "gz" from "ops".
 * @param tenants by the name of their workspace
 */
export function emittedConfigs(
  options: AlertmanagerOptions,
  tenants: { readonly [workspace: string]: TenantOptions } = {},
  cluster = 'sh',
  metrics = MetricStore.perCluster(),
): AlertmanagerConfig[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'orrery-alerts-'));
  try {
    writeAlerting(outdir, options, tenants, metrics);
    const objects = JSON.parse(readFileSync(path.join(outdir, `clusters/${cluster}/objects.json`), 'utf8'));
    return objects.filter(({ kind }: AlertmanagerConfig) => kind === 'AlertmanagerConfig');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** An assembly of clusters "sh" and "gz", observed from "ops". */
export function writeAlerting(
  outdir: string,
  options: AlertmanagerOptions,
  tenants: { readonly [workspace: string]: TenantOptions },
  metrics: MetricStore,
): void {
  const platform = new Platform({ id: 'shop', outdir });
  const clusters = new ClusterSet(platform, 'clusters');
  for (const name of ['sh', 'gz', 'ops']) clusters.add(name);
  const placement = Placement.named('sh', 'gz');
  new ObservabilityStack(platform, 'watch', {
    placement,
    centre: Placement.named('ops'),
    metrics,
    alerts: Alerting.alertmanager({
      ...options,
      tenants: Object.entries(tenants).map(([id, { namespaces, ...tenant }]) => ({
        ...tenant,
        workspace: new Workspace(platform, id, { placement, namespaces }),
      })),
    }),
  });
  platform.synth();
}

/** What Alertmanager in a cluster gets: the configs merged, in the format of its file. Values of secrets are "http://secret.example.com/<name>/<key>", unless said otherwise. */
export function configurationOf(
  configs: readonly AlertmanagerConfig[],
  secrets: { readonly [nameAndKey: string]: string } = {},
): object {
  const place = {
    namespace: 'observability',
    configuration: 'watch-alerts',
    strategy: 'OnNamespaceExceptForAlertmanagerNamespace',
  } as const;
  return configurationFile(
    mergedConfig(configs, place),
    ({ name, key }) => secrets[`${name}/${key}`] ?? `http://secret.example.com/${name}/${key}`,
  );
}
