import type { Cluster } from '../../../cluster';
import { type JsonMap, mergeMaps } from '../../../private/json-values';
import { present } from '../../../private/present-members';
import { quantityOf } from '../../../private/quantity';
import { MonitorSelection, type PrometheusProps } from '../../metric-props';
import type { StackContext } from '../stack-context';
import { CLUSTER_LABEL, type ClusterPlan, clusterPlan, type MetricPlan, REPLICA_LABEL } from './cluster-plan';
import { grafanaValues } from './grafana-values';
import { alertmanagerConfig, remoteWrite, secretsOf, writesToThanos } from './remote-write';
import { sizeForVolume } from './series-budget';

/** What Prometheus reads of a cluster; values and fields are named by it: serviceMonitorSelector, serviceMonitorNamespaceSelector. */
const READINGS = ['serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig', 'rule'] as const;

/** Says of a rule in the centre that the ruler evaluates it, over all clusters, and no Prometheus does. */
export const RULER_LABELS = { 'observability.orrery.dev/evaluated-by': 'ruler' } as const;

/** Values of kube-prometheus-stack 88.5.3 for a cluster (charts/kube-prometheus-stack/values.yaml of prometheus-community/helm-charts). */
export function prometheusStackValues(stack: StackContext, plan: MetricPlan, cluster: Cluster): JsonMap {
  const { prometheus = {} } = plan;
  const own = clusterPlan(stack, plan, cluster);
  const { isAgent, isCentre, hasAlertmanager, hasControlPlane } = own;
  const isLabelled = prometheus.selection === MonitorSelection.LABELLED;
  const grafana = isCentre ? prometheus.grafana : undefined;
  const values = {
    fullnameOverride: fullName(stack),
    // Definitions are objects of the release, upgraded like all others and before what needs them: no job of the chart is needed for it.
    crds: { enabled: true, upgradeJob: { enabled: false } },
    ...(isLabelled ? { commonLabels: stack.selectedBy } : {}),
    // Certificates of the webhook come from jobs that are hooks; what it would refuse is checked before anything is applied.
    prometheusOperator: { admissionWebhooks: { enabled: false }, tls: { enabled: false } },
    alertmanager: { enabled: hasAlertmanager },
    grafana: { enabled: grafana !== undefined, ...(grafana === undefined ? {} : grafanaOf(stack, grafana)) },
    ...controlPlane(hasControlPlane),
    ...(isLabelled ? exporterLabels(stack.selectedBy) : {}),
    defaultRules: { create: !isAgent, ...(hasControlPlane ? {} : { rules: WITHOUT_CONTROL_PLANE }) },
    prometheus: { agentMode: isAgent, prometheusSpec: prometheusSpec(stack, plan, cluster, own) },
  } as unknown as JsonMap;
  return stack
    .prometheusStackValues(cluster)
    .reduce<JsonMap>((merged, more) => mergeMaps(merged, more as JsonMap), values);
}

/** What the names of the chart's objects begin with; it takes 26 characters. */
function fullName({ name }: StackContext): string {
  return name.slice(0, 26).replace(/-+$/, '');
}

function grafanaOf(stack: StackContext, props: NonNullable<PrometheusProps['grafana']>): JsonMap {
  const several = stack.clusters().length > 1;
  return mergeMaps(grafanaValues(stack, props) as JsonMap, {
    sidecar: {
      dashboards: several ? { multicluster: { global: { enabled: true } } } : {},
      // The stack provisions what Grafana asks.
      datasources: { defaultDatasourceEnabled: false, alertmanager: { enabled: false } },
    },
  });
}

/** Components that only who runs the control plane can reach; kube-proxy listens on the loopback of nodes there. */
function controlPlane(isThere: boolean): object {
  if (isThere) return {};
  const off = { enabled: false };
  return { kubeEtcd: off, kubeControllerManager: off, kubeScheduler: off, kubeProxy: off };
}

const WITHOUT_CONTROL_PLANE = {
  etcd: false,
  kubeControllerManager: false,
  kubeSchedulerAlerting: false,
  kubeSchedulerRecording: false,
  kubeProxy: false,
} as const;

/** The sub-charts do not take `commonLabels`. */
function exporterLabels(labels: StackContext['selectedBy']): object {
  return {
    'kube-state-metrics': { prometheus: { monitor: { additionalLabels: labels } } },
    'prometheus-node-exporter': { prometheus: { monitor: { additionalLabels: labels } } },
  };
}

function prometheusSpec(stack: StackContext, plan: MetricPlan, cluster: Cluster, own: ClusterPlan): object {
  const { prometheus = {} } = plan;
  const { isAgent, hasAlertmanager, replicas, shards, scrapeInterval } = own;
  const writes = writesOf(stack, plan, cluster);
  const elsewhere = isAgent || hasAlertmanager ? undefined : prometheus.alertmanager;
  return present({
    ...selectors(stack, prometheus),
    externalLabels: { ...prometheus.externalLabels, [CLUSTER_LABEL]: cluster.clusterName },
    replicaExternalLabelName: REPLICA_LABEL,
    scrapeInterval,
    ...(isAgent ? {} : { evaluationInterval: scrapeInterval }),
    replicas,
    shards,
    ...kept(prometheus, cluster, own),
    remoteWrite: writes.length === 0 ? undefined : writes,
    ...enforced(stack, prometheus),
    additionalAlertManagerConfigs: elsewhere === undefined ? undefined : [alertmanagerConfig(elsewhere)],
    secrets: elsewhere === undefined ? undefined : secretsOf(elsewhere),
  });
}

/** Selectors are said whatever they select: where they are left to the chart, only what has the label of its release is seen. */
function selectors({ selectedBy }: StackContext, { selection }: PrometheusProps): object {
  const byLabel = selection === MonitorSelection.LABELLED ? { matchLabels: selectedBy } : {};
  const forRuler = Object.entries(RULER_LABELS).map(([key, value]) => ({ key, operator: 'NotIn', values: [value] }));
  return Object.fromEntries(
    READINGS.flatMap((reading) => [
      [`${reading}SelectorNilUsesHelmValues`, false],
      [`${reading}Selector`, reading === 'rule' ? { ...byLabel, matchExpressions: forRuler } : byLabel],
      [`${reading}NamespaceSelector`, {}],
    ]),
  );
}

function kept({ retentionSize }: PrometheusProps, cluster: Cluster, own: ClusterPlan): object {
  const { isAgent, retention, storage } = own;
  const volume = storage === undefined ? undefined : quantityOf(storage);
  return {
    ...(isAgent ? {} : { retention }),
    ...(isAgent || volume === undefined ? {} : { retentionSize: retentionSize ?? sizeForVolume(volume) }),
    ...(storage === undefined
      ? {}
      : { storageSpec: { volumeClaimTemplate: { spec: claim(storage, own.storagePurpose, cluster) } } }),
  };
}

/** A claim of a volume. */
export function claim(storage: string, purpose: string | undefined, { facts }: Cluster): object {
  return present({
    storageClassName: purpose === undefined ? undefined : facts.storageClasses?.[purpose],
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage } },
  });
}

function writesOf(stack: StackContext, plan: MetricPlan, cluster: Cluster): readonly object[] {
  if (plan.type === 'thanos') return writesToThanos(stack, plan.thanos, cluster);
  if (plan.type === 'existing' && plan.existing.remoteWrite !== undefined)
    return [remoteWrite('existing', plan.existing.remoteWrite)];
  return [];
}

/**
 * With tenants, what a monitor scrapes has the namespace of the monitor, whatever the target says; rules see that of theirs only. What says truly of which namespace it speaks
 * (kube-state-metrics, kubelet) is excepted by the namespace of its monitors.
 */
function enforced({ workspaces, namespaceName }: StackContext, { trustedNamespaces = [] }: PrometheusProps): object {
  if (workspaces.length === 0) return {};
  const resources = ['servicemonitors', 'podmonitors', 'probes', 'scrapeconfigs', 'prometheusrules'];
  return {
    enforcedNamespaceLabel: 'namespace',
    excludedFromEnforcement: [...new Set([namespaceName, ...trustedNamespaces])].flatMap((namespace) =>
      resources.map((resource) => ({ group: 'monitoring.coreos.com', resource, namespace })),
    ),
  };
}
