import {
  ClusterSet,
  MultiClusterApp,
  NetworkPlugin,
  ObservabilityStack,
  ObservedRequests,
  Placement,
  ServiceLevelIndicator,
  Workspace,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'a service that a stack observes',
  crds: [
    'monitoring.coreos.com/podmonitors.monitoring.coreos.com.yaml',
    'monitoring.coreos.com/prometheusrules.monitoring.coreos.com.yaml',
  ],
  kinds: ['PodMonitor', 'PrometheusRule', 'NetworkPolicy'],
  program(platform) {
    new ClusterSet(platform, 'clusters').add('prod-sh', { networkPlugin: NetworkPlugin.CALICO });
    const placement = Placement.everywhere();
    const stack = new ObservabilityStack(platform, 'observability', { placement });
    const workspace = new Workspace(platform, 'retail', { placement, namespaces: ['mall'], network: [] });
    const mall = new MultiClusterApp(platform, 'mall', { placement, workspace });
    const ports = [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'metrics', port: 9090 },
    ];
    const cart = mall.addService('cart', {
      image: 'mall/cart:4.12.0',
      ports,
      autoscaling: { minReplicas: 2, maxReplicas: 8 },
      cpu: '100m',
      memory: '64Mi',
    });
    mall.addService('basket', { image: 'mall/basket:1.0.0', replicas: 3, stateful: {}, ports });
    mall.observe(stack, { alertLabels: { team: 'shop' }, runbookUrl: 'https://runbooks.example.com/mall' });
    cart.observe(stack, {
      requests: ObservedRequests.openTelemetry(),
      answeredWithin: '750ms',
      objective: 0.999,
      metricsPath: '/internal/metrics',
      scrapeInterval: '15s',
    });
    cart.slo('fast', {
      objective: 0.99,
      sli: ServiceLevelIndicator.httpLatency({ labels: { namespace: 'mall', job: 'cart' }, within: '500ms' }),
      missingFor: '1h',
    });
  },
} satisfies AcceptedCase;
