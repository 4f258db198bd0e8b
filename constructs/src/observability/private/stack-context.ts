import type { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import type { Placement } from '../../placement';
import type { ComputedValues } from '../../private/helm-rendering';
import type { Workspace } from '../../workspace';
import type { Dashboard } from '../dashboard';

/** What an ObservabilityStack shows its parts (metrics, logs, traces, dashboards, alerts). Whatever knows clusters is asked at synth. */
export interface StackContext {
  /** Parts make their constructs in it. */
  readonly scope: Construct;
  /** Id of the stack. */
  readonly name: string;
  /** The same in all clusters; the stack makes it. */
  readonly namespaceName: string;
  /** The clusters that are observed. */
  readonly placement: Placement;
  /** Where the stores of all clusters stand. */
  readonly centre: Placement;
  /** Tenants that see their own only. */
  readonly workspaces: readonly Workspace[];
  /** The observed clusters and the centre. */
  readonly everywhere: Placement;
  /** Labels of monitors and rules, by which the Prometheus of the stack, or the one that is there already, finds them. */
  readonly selectedBy: { readonly [label: string]: string };
  /** Labels of ConfigMaps with dashboards, by which Grafana finds them. */
  readonly dashboardLabels: { readonly [label: string]: string };
  /** Header by which requests are followed through mesh, logs and traces; lower case. */
  readonly requestIdHeader: string;
  /** The observed clusters in order of declaration; none where the placement is wrong, which the stack reports. */
  clusters(): readonly Cluster[];
  /** Undefined where it is not exactly one cluster, which the stack reports. */
  centreCluster(): Cluster | undefined;
  /** Something that Grafana asks. */
  addDatasource(datasource: Datasource): void;
  /** All of them. Asked at synth. */
  datasources(): readonly Datasource[];
  /** Something that metrics come from: dashboards and rules may name them. */
  addMetrics(source: MetricSource): void;
  /** What is known of the metrics of the stack; undefined in a stack without. */
  readonly metrics: StackMetrics | undefined;
  /** Says what is known of the metrics. */
  setMetrics(metrics: StackMetrics): void;
  /** Values of kube-prometheus-stack that other parts need (settings of Alertmanager), over those of the metrics. Asked at synth. */
  addPrometheusStackValues(values: ComputedValues): void;
  /** All of them for a cluster, in the order in which they came. */
  prometheusStackValues(cluster: Cluster): readonly ReturnType<ComputedValues>[];
  /** Whether a scrape takes metrics of it; at synth. */
  scrapes(source: MetricSource): boolean;
  /** Dashboards that were added to the stack; at synth. */
  addedDashboards(): readonly Dashboard[];
}

/** What other parts ask of the metrics. Whatever knows clusters is asked at synth. */
export interface StackMetrics {
  /** Whether a Prometheus in the cluster evaluates the rules there; where it only sends, rules belong into the centre, with `rulerLabels`. */
  evaluatesRulesIn(cluster: Cluster): boolean;
  /** Labels, beside `selectedBy`, of rules in the centre that see the series of all clusters; undefined: nothing evaluates such rules. */
  readonly rulerLabels: { readonly [label: string]: string } | undefined;
  /** Where somebody outside of the cluster asks for its metrics; undefined where nothing says it. */
  queryUrlIn(cluster: Cluster): string | undefined;
  /** Whether an Alertmanager of the stack is in the cluster. */
  hasAlertmanagerIn(cluster: Cluster): boolean;
}

/** A data source of Grafana in the centre (its provisioning files, apiVersion 1). */
export interface Datasource {
  readonly name: string;
  /** Dashboards name it by this. */
  readonly uid: string;
  readonly type: 'prometheus' | 'loki' | 'jaeger' | 'elasticsearch' | 'grafana-opensearch-datasource' | 'alertmanager';
  /** As Grafana reaches it. */
  readonly url: string;
  readonly isDefault?: boolean;
  readonly jsonData?: { readonly [key: string]: unknown };
}

/** Exporters and controllers whose metrics a scrape of the stack takes. What each exposes: private/metric-catalogue.ts. */
export type MetricSource =
  | 'alertmanager'
  | 'argo-rollouts'
  | 'cadvisor'
  | 'dcgm'
  | 'flagger'
  | 'fluent-bit'
  | 'grafana'
  | 'hami'
  | 'istio'
  | 'jenkins'
  | 'kube-apiserver'
  | 'kube-state-metrics'
  | 'kubelet'
  | 'kueue'
  | 'node-exporter'
  | 'opencost'
  | 'opentelemetry-collector'
  | 'prometheus'
  | 'tekton'
  | 'thanos'
  | 'vllm';

/** A part of a stack: it makes its constructs when the stack is made. */
export interface StackPart {
  _join(stack: StackContext): void;
}
