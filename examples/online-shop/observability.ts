import {
  Include,
  LogCollection,
  LogDrop,
  LogLifecycle,
  LogstashPlace,
  MetricStore,
  type MultiClusterApp,
  MultilineFormat,
  ObservabilityStack,
  ObservedRequests,
  Placement,
  type Platform,
  PlatformAlerts,
  PlatformAlertTopic,
  ServiceLevelIndicator,
  StackDashboards,
} from '@orrery/constructs';
import type { Clusters } from './clusters.ts';

/** Services whose failures customers notice at once, and how good they shall be. */
const OBJECTIVES = { storefront: 0.999, cart: 0.999, order: 0.9995, payment: 0.9995 };

/** What the Prometheus of our clusters looks for. */
const SELECTED_BY = { release: 'monitoring' };

/**
 * The operator of Prometheus runs in every cluster already, and its Prometheus finds what has its labels. The shop is observed with one call. Logs go
 * by Filebeat and Logstash to Elasticsearch in the operations cluster, which keeps them fast for two weeks.
 */
export function addObservability(platform: Platform, clusters: Clusters, shop: MultiClusterApp): ObservabilityStack {
  const definitions = new Include(platform, 'monitoring-definitions', {
    file: `${import.meta.dirname}/manifests/monitoring-definitions.yaml`,
    placement: Placement.everywhere(),
  });
  shop.node.addDependency(definitions);

  const stack = new ObservabilityStack(platform, 'observability', {
    placement: Placement.everywhere(),
    centre: Placement.on(clusters.operations),
    metrics: MetricStore.existing({
      queryUrl: 'https://prometheus.ops.example.com',
      selectedBy: SELECTED_BY,
    }),
    logs: LogCollection.elastic({
      lifecycle: LogLifecycle.hotCold({ coldAfter: '14d', deleteAfter: '90d' }),
      hot: { nodes: 3, storage: '500Gi' },
      cold: { nodes: 2, storage: '2Ti' },
      tlsSecret: 'logs-tls',
      elasticPassword: { secret: 'logs-passwords', key: 'elastic' },
      writerPassword: { secret: 'logs-passwords', key: 'writer' },
      logstash: LogstashPlace.inCentre({ address: 'logs.ops.example.com:5044' }),
      multiline: [MultilineFormat.JAVA],
      drop: [LogDrop.lines('GET /health/')],
    }),
    dashboards: StackDashboards.forSidecar({ folder: 'Shop' }),
  });
  new PlatformAlerts(platform, 'platform-alerts', {
    placement: Placement.everywhere(),
    namespaceName: stack.namespaceName,
    selectedBy: SELECTED_BY,
    topics: [PlatformAlertTopic.NODES, PlatformAlertTopic.WORKLOADS],
    runbooks: 'https://runbooks.example.com/platform/',
  }).node.addDependency(definitions);
  stack.node.addDependency(definitions);

  const requests = ObservedRequests.own();
  const everyService = { metricsPort: 'http', requests, alertLabels: { team: 'shop' } };
  shop.observe(stack, { ...everyService, runbookUrl: 'https://runbooks.example.com/shop' });
  for (const service of shop.services) {
    const { serviceName } = service;
    const objective = Object.hasOwn(OBJECTIVES, serviceName)
      ? OBJECTIVES[serviceName as keyof typeof OBJECTIVES]
      : undefined;
    if (objective !== undefined) {
      service.slo('availability', { objective, runbookUrl: `https://runbooks.example.com/shop/${serviceName}` });
    }
  }
  const storefront = shop.services.find(({ serviceName }) => serviceName === 'storefront');
  storefront?.slo('fast', {
    objective: 0.99,
    sli: ServiceLevelIndicator.httpLatency({
      labels: { namespace: shop.namespaceName, job: 'storefront' },
      within: '500ms',
    }),
  });
  return stack;
}
