import { Construct } from 'constructs';
import { HelmRelease, type HelmReleaseProps } from '../../../helm-release';
import { type JsonMap, mergeMaps } from '../../../private/json-values';
import { placeObjects } from '../../../private/placed-objects';
import { renderLate } from '../../../private/unit';
import type { ChartSource, PrometheusProps } from '../../metric-props';
import type { MetricSource, StackContext } from '../stack-context';
import { checkBudgets, checkVolumes } from './budgets';
import { clusterPlan, type MetricPlan } from './cluster-plan';
import { componentMonitors } from './component-monitors';
import { grafanaValues } from './grafana-values';
import { metricFindings } from './metric-findings';
import { prometheusStackValues, RULER_LABELS } from './stack-values';
import { thanosObjects, thanosQueryUrl } from './thanos-objects';

/** What kube-prometheus-stack scrapes, and what the Prometheus of somebody else does, one hopes. */
const KUBERNETES: readonly MetricSource[] = [
  'cadvisor',
  'kube-apiserver',
  'kube-state-metrics',
  'kubelet',
  'node-exporter',
  'prometheus',
];

/** Makes what a stack needs for its metrics. */
export function installMetrics(stack: StackContext, plan: MetricPlan): void {
  const { prometheus } = plan;
  stack.setMetrics({
    evaluatesRulesIn: (cluster) => prometheus === undefined || !clusterPlan(stack, plan, cluster).isAgent,
    rulerLabels: plan.type === 'thanos' ? RULER_LABELS : undefined,
    queryUrlIn: ({ clusterName }) =>
      plan.type === 'existing' ? plan.existing.queryUrl : plan.prometheus.clusters?.[clusterName]?.queryUrl,
    hasAlertmanagerIn: (cluster) => clusterPlan(stack, plan, cluster).hasAlertmanager,
  });
  // A Prometheus that only sends evaluates nothing, but who takes its samples does.
  const components = (plan.type === 'existing' ? plan.existing.components : prometheus?.components) ?? [];
  const sources = [...KUBERNETES, ...components];
  const grafana = plan.type === 'existing' ? plan.existing.grafana : plan.prometheus.grafana;
  for (const source of sources) stack.addMetrics(source);
  if (plan.type !== 'existing') stack.addMetrics('alertmanager');
  if (plan.type === 'thanos') stack.addMetrics('thanos');
  if (grafana !== undefined && plan.type !== 'existing') stack.addMetrics('grafana');
  addDatasources(stack, plan);

  if (prometheus !== undefined) installPrometheus(stack, plan, prometheus);
  else if (plan.type === 'existing' && plan.existing.grafana !== undefined)
    installGrafana(stack, plan.existing.grafana);
  if (plan.type === 'thanos') installThanos(stack, plan);
  const monitors = new Construct(stack.scope, 'metrics');
  placeObjects(monitors, {
    placement: stack.everywhere,
    namespace: stack.namespaceName,
    findings: () => metricFindings(stack, plan),
    objects: (cluster, problems) => {
      checkVolumes(monitors, { stack, plan, cluster }, problems);
      return prometheus === undefined ? [] : componentMonitors(stack, components);
    },
  });
  // When everything is rendered, and it is known what is observed.
  renderLate(new Construct(monitors, 'budgets'), {
    clusters: () => [],
    validate: () => undefined,
    render: () => ({ entries: [] }),
    complete: (all, problems) => void checkBudgets(monitors, { stack, plan, all }, problems),
  });
}

function installPrometheus(
  stack: StackContext,
  plan: MetricPlan,
  { chart = KUBE_PROMETHEUS_STACK }: PrometheusProps,
): void {
  const release = new HelmRelease(stack.scope, 'prometheus', {
    ...chartOf(chart),
    releaseName: `${stack.name}-metrics`,
    namespaceName: stack.namespaceName,
    placement: stack.everywhere,
  });
  release._computeValues((cluster) => prometheusStackValues(stack, plan, cluster));
  release._computeValues(() => chart.values ?? {});
}

/** Without kube-prometheus-stack, by the chart that it has as a sub-chart. */
function installGrafana(stack: StackContext, props: NonNullable<PrometheusProps['grafana']>): void {
  const release = new HelmRelease(stack.scope, 'grafana', {
    ...GRAFANA,
    releaseName: `${stack.name}-grafana`,
    namespaceName: stack.namespaceName,
    placement: stack.centre,
  });
  release._computeValues(() => grafanaValues(stack, props) as JsonMap);
}

function installThanos(stack: StackContext, { thanos }: MetricPlan & { type: 'thanos' }): void {
  const objects = new Construct(stack.scope, 'thanos');
  placeObjects(objects, {
    placement: stack.centre,
    namespace: stack.namespaceName,
    findings: () => [],
    objects: (cluster) => thanosObjects(stack, thanos, cluster),
  });
  if (thanos.operatorChart === undefined) return;
  const operator = new HelmRelease(stack.scope, 'thanos-operator', {
    ...chartOf(thanos.operatorChart),
    releaseName: `${stack.name}-thanos-operator`,
    namespaceName: stack.namespaceName,
    placement: stack.centre,
    values: mergeMaps({ crd: { enable: true, keep: true } }, thanos.operatorChart.values ?? {}),
  });
  objects.node.addDependency(operator);
}

const KUBE_PROMETHEUS_STACK = {
  chart: 'kube-prometheus-stack',
  repository: 'https://prometheus-community.github.io/helm-charts',
  version: '88.5.3',
} as const;
const GRAFANA = {
  chart: 'grafana',
  repository: 'https://grafana-community.github.io/helm-charts',
  version: '12.11.1',
} as const;

function chartOf({
  chart,
  repository,
  version,
}: ChartSource): Pick<HelmReleaseProps, 'chart' | 'repository' | 'version'> {
  return { chart, ...(repository === undefined ? {} : { repository }), ...(version === undefined ? {} : { version }) };
}

/** Where Grafana asks, by the uid "metrics"; of further clusters "metrics-<cluster>". */
function addDatasources(stack: StackContext, plan: MetricPlan): void {
  const { namespaceName } = stack;
  const scraped = plan.prometheus?.scrapeInterval ?? '30s';
  const jsonData = {
    httpMethod: 'POST',
    timeInterval: scraped,
    prometheusType: plan.type === 'thanos' ? 'Thanos' : 'Prometheus',
  };
  const url = {
    'per-cluster': () => `http://prometheus-operated.${namespaceName}.svc:9090`,
    thanos: () => thanosQueryUrl(stack),
    existing: () => (plan.type === 'existing' ? plan.existing.queryUrl : ''),
  }[plan.type]();
  stack.addDatasource({ name: 'Metrics', uid: 'metrics', type: 'prometheus', url, isDefault: true, jsonData });
  for (const [cluster, { queryUrl }] of Object.entries(plan.prometheus?.clusters ?? {}))
    if (plan.type === 'per-cluster' && queryUrl !== undefined)
      stack.addDatasource({
        name: `Metrics of ${cluster}`,
        uid: `metrics-${cluster}`,
        type: 'prometheus',
        url: queryUrl,
        jsonData,
      });
  const alertmanager =
    plan.type === 'existing' ? plan.existing.alertmanagerUrl : `http://alertmanager-operated.${namespaceName}.svc:9093`;
  if (alertmanager !== undefined)
    stack.addDatasource({
      name: 'Alerts',
      uid: 'alertmanager',
      type: 'alertmanager',
      url: alertmanager,
      jsonData: { implementation: 'prometheus' },
    });
}
