import { Construct } from 'constructs';
import { HelmRelease } from '../../../helm-release';
import type { Placement } from '../../../placement';
import { placeObjects } from '../../../private/placed-objects';
import type { StackContext } from '../stack-context';
import { installSentry, installSkyWalking } from './apm-releases';
import { instrumentationObject } from './instrumentation-objects';
import { JAEGER_PAGES, jaegerCollector } from './jaeger-collector';
import { installKiali } from './kiali-objects';
import { ISTIO_SYSTEM, meshObjects } from './mesh-objects';
import { decidingCollector, gatewayCollector, gatewayRights, tracingLabels } from './trace-collectors';
import { traceFindings } from './trace-findings';
import { spanStores, TRACES, type TracePlan, traceNames } from './trace-plan';

/** Makes what a stack needs for its traces. */
export function installTracing(stack: StackContext, plan: TracePlan): void {
  const everywhere: Placement = stack.everywhere;
  const { stores, collection, mesh, kiali } = plan;
  const collects = spanStores(plan).length > 0;
  for (const store of stores) {
    if (store.type === 'skywalking') installSkyWalking(stack, store.props);
    if (store.type === 'sentry') installSentry(stack, store.props);
    if (store.type === 'jaeger') addJaeger(stack);
  }
  const traces = new Construct(stack.scope, TRACES);
  // Its webhooks fail what comes before they are ready.
  if (collects && collection.installOperator !== false) traces.node.addDependency(installOperator(stack, everywhere));
  placeObjects(traces, {
    placement: everywhere,
    namespace: stack.namespaceName,
    differs: true,
    findings: () => traceFindings(stack, plan),
    objects: (cluster, problems) => {
      if (!collects) return [];
      const isCentre = cluster === stack.centreCluster();
      const { keeping } = collection;
      const jaegers = stores.flatMap((store) => (store.type === 'jaeger' ? [store.props] : []));
      return [
        ...gatewayRights(stack),
        gatewayCollector(stack, plan, cluster),
        instrumentationObject(stack, plan),
        ...(isCentre && keeping !== undefined ? [decidingCollector(stack, plan, keeping)] : []),
        ...(isCentre
          ? jaegers.map((props) => jaegerCollector({ stack, construct: traces, cluster, problems }, props))
          : []),
        ...(stack.metrics === undefined ? [] : [collectorMonitor(stack)]),
      ];
    },
  });
  if (collects) stack.addMetrics('opentelemetry-collector');
  if (mesh !== undefined) installMeshTracing(stack, plan, mesh);
  if (kiali !== undefined) installKiali(stack, plan, kiali);
}

/** Its webhooks need certificates, which cert-manager makes: those that the chart would make differ at every rendering. */
function installOperator(stack: StackContext, placement: Placement): HelmRelease {
  return new HelmRelease(stack.scope, 'opentelemetry-operator', {
    chart: 'opentelemetry-operator',
    repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
    version: '0.122.0',
    releaseName: `${stack.name}-opentelemetry-operator`,
    namespaceName: stack.namespaceName,
    placement,
    values: {
      admissionWebhooks: { certManager: { enabled: true }, autoGenerateCert: { enabled: false } },
      manager: { autoInstrumentation: { go: { enabled: false } } },
    },
  });
}

function addJaeger(stack: StackContext): void {
  stack.addDatasource({
    name: 'Jaeger',
    uid: 'jaeger',
    type: 'jaeger',
    url: `http://${traceNames(stack).jaegerHost}:${JAEGER_PAGES}`,
    jsonData: { nodeGraph: { enabled: true }, traceIdTimeParams: { enabled: true } },
  });
}

/** What the operator calls the port and labels the pods of collectors (internal/manifests/collector/container.go, internal/manifests/manifestutils/labels.go). */
function collectorMonitor(stack: StackContext): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: {
      name: traceNames(stack).gateway,
      namespace: stack.namespaceName,
      labels: { ...tracingLabels(stack), ...stack.selectedBy },
    },
    spec: {
      selector: {
        matchLabels: {
          'app.kubernetes.io/component': 'opentelemetry-collector',
          'app.kubernetes.io/managed-by': 'opentelemetry-operator',
        },
      },
      podMetricsEndpoints: [{ port: 'metrics' }],
    },
  };
}

function installMeshTracing(stack: StackContext, plan: TracePlan, mesh: NonNullable<TracePlan['mesh']>): void {
  placeObjects(new Construct(stack.scope, 'mesh-tracing'), {
    placement: mesh.placement ?? stack.placement,
    namespace: mesh.namespaceName ?? ISTIO_SYSTEM,
    findings: () => [],
    objects: () => meshObjects(stack, plan, mesh),
  });
}
