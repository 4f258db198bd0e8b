import {
  Include,
  MetricStore,
  type MultiClusterApp,
  ObservabilityStack,
  ObservedRequests,
  Placement,
  type Platform,
  ServiceLevelIndicator,
} from '@orrery/constructs';
import type { Clusters } from './clusters.ts';

/** Services whose failures customers notice at once, and how good they shall be. */
const OBJECTIVES = { storefront: 0.999, cart: 0.999, order: 0.9995, payment: 0.9995 };

/** The operator of Prometheus runs in every cluster already, and its Prometheus finds what has its labels. The shop is observed with one call. */
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
      selectedBy: { release: 'monitoring' },
    }),
  });

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
