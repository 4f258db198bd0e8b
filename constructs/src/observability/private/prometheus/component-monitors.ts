import { ScrapedComponent } from '../../metric-props';
import type { StackContext } from '../stack-context';

/** How a component is scraped, in whatever namespace it is. */
interface Scraped {
  readonly kind: 'ServiceMonitor' | 'PodMonitor';
  /** Of the monitor, after the name of the stack. */
  readonly suffix: string;
  readonly selector: object;
  readonly endpoint: object;
}

/** Those that tell of other namespaces than their own keep the labels that they give. */
const COMPONENTS: { readonly [C in ScrapedComponent]: readonly Scraped[] } = {
  // samples/addons/extras/prometheus-operator.yaml of istio/istio; the port is that of every injected proxy (manifests/charts/istio-control/istio-discovery/files)
  [ScrapedComponent.ISTIO]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'istiod',
      selector: { matchLabels: { istio: 'pilot' } },
      endpoint: { port: 'http-monitoring' },
    },
    {
      kind: 'PodMonitor',
      suffix: 'istio-proxies',
      selector: { matchExpressions: [{ key: 'istio-prometheus-ignore', operator: 'DoesNotExist' }] },
      endpoint: { port: 'http-envoy-prom', path: '/stats/prometheus' },
    },
  ],
  // charts/argo-rollouts/templates/controller/metrics-service.yaml of argoproj/argo-helm
  [ScrapedComponent.ARGO_ROLLOUTS]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'argo-rollouts',
      selector: { matchLabels: { 'app.kubernetes.io/name': 'argo-rollouts' } },
      endpoint: { port: 'metrics', honorLabels: true },
    },
  ],
  // charts/flagger/templates/deployment.yaml of fluxcd/flagger
  [ScrapedComponent.FLAGGER]: [
    {
      kind: 'PodMonitor',
      suffix: 'flagger',
      selector: { matchLabels: { 'app.kubernetes.io/name': 'flagger' } },
      endpoint: { port: 'http', honorLabels: true },
    },
  ],
  // config/controller.yaml of tektoncd/pipeline
  [ScrapedComponent.TEKTON]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'tekton',
      selector: { matchLabels: { 'app.kubernetes.io/part-of': 'tekton-pipelines' } },
      endpoint: { port: 'http-metrics', honorLabels: true },
    },
  ],
  // assets/state-dcgm-exporter/0800_service.yaml of NVIDIA/gpu-operator
  [ScrapedComponent.DCGM]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'dcgm',
      selector: { matchLabels: { app: 'nvidia-dcgm-exporter' } },
      endpoint: { port: 'gpu-metrics', honorLabels: true },
    },
  ],
  // charts/opencost/templates/service.yaml of opencost/opencost-helm-chart
  [ScrapedComponent.OPENCOST]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'opencost',
      selector: { matchLabels: { 'app.kubernetes.io/name': 'opencost' } },
      endpoint: { port: 'http', honorLabels: true },
    },
  ],
  // charts/jenkins/templates/jenkins-controller-svc.yaml of jenkinsci/helm-charts; the path is the plugin's own
  [ScrapedComponent.JENKINS]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'jenkins',
      selector: { matchLabels: { 'app.kubernetes.io/component': 'jenkins-controller' } },
      endpoint: { port: 'http', path: '/prometheus' },
    },
  ],
  // config/components/prometheus/monitor.yaml of kubernetes-sigs/kueue
  [ScrapedComponent.KUEUE]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'kueue',
      selector: {
        matchLabels: { 'app.kubernetes.io/name': 'kueue', 'app.kubernetes.io/component': 'metrics-service' },
      },
      endpoint: {
        port: 'https',
        scheme: 'https',
        bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
        tlsConfig: { insecureSkipVerify: true },
      },
    },
  ],
  // charts/hami/templates/scheduler/service.yaml and device-plugin/monitorservice.yaml of Project-HAMi/HAMi
  [ScrapedComponent.HAMI]: [
    {
      kind: 'ServiceMonitor',
      suffix: 'hami-scheduler',
      selector: { matchLabels: { 'app.kubernetes.io/component': 'hami-scheduler' } },
      endpoint: { port: 'monitor', honorLabels: true },
    },
    {
      kind: 'ServiceMonitor',
      suffix: 'hami-device-plugin',
      selector: { matchLabels: { 'app.kubernetes.io/component': 'hami-device-plugin' } },
      endpoint: { port: 'monitorport', honorLabels: true },
    },
  ],
};

/** Monitors in the namespace of the stack: there they may say truly of which namespace they speak. */
export function componentMonitors(stack: StackContext, components: readonly ScrapedComponent[]): object[] {
  const theirs = stack.workspaces.flatMap(({ namespaces }) => namespaces);
  // A tenant could make something with the labels of a component, and tell of other namespaces than its own.
  const notTheirs =
    theirs.length === 0
      ? {}
      : { relabelings: [{ action: 'drop', sourceLabels: ['__meta_kubernetes_namespace'], regex: theirs.join('|') }] };
  return [...new Set(components)].flatMap((component) =>
    COMPONENTS[component].map(({ kind, suffix, selector, endpoint }) => ({
      apiVersion: 'monitoring.coreos.com/v1',
      kind,
      metadata: {
        name: `${stack.name}-${suffix}`,
        namespace: stack.namespaceName,
        labels: { 'app.kubernetes.io/managed-by': 'orrery', ...stack.selectedBy },
      },
      spec: {
        selector,
        namespaceSelector: { any: true },
        [kind === 'ServiceMonitor' ? 'endpoints' : 'podMetricsEndpoints']: [
          'honorLabels' in endpoint ? { ...endpoint, ...notTheirs } : endpoint,
        ],
      },
    })),
  );
}
