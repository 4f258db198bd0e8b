import type { FluentBitPlan } from './fluent-bit-plan';

/** Fluent Bit's own metrics, from its pods on every node and the reader of events. */
export function fluentBitMonitor(
  { name, namespace, labels }: FluentBitPlan,
  selectedBy: { readonly [label: string]: string },
): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: `${name}-fluent-bit`, namespace, labels: { ...labels, ...selectedBy } },
    spec: {
      namespaceSelector: { matchNames: [namespace] },
      selector: {
        matchExpressions: [
          { key: 'app.kubernetes.io/name', operator: 'In', values: ['fluent-bit', 'fluent-bit-events'] },
        ],
      },
      podMetricsEndpoints: [{ port: 'metrics', path: '/api/v2/metrics/prometheus', interval: '30s' }],
    },
  };
}
