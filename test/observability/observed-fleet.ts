import path from 'node:path';
import {
  Cluster,
  type ClusterFacts,
  type MetricStore,
  ObservabilityStack,
  type ObservabilityStackProps,
  Placement,
  Platform,
  type PrometheusProps,
  Provider,
  ScrapedComponent,
  type ThanosProps,
  Workspace,
} from '@orrery/constructs';

/** A chart of our own that reads the values of kube-prometheus-stack. */
export const SMALL_STACK = path.join(import.meta.dirname, '../charts/prometheus-stack');

const STORAGE = { storageClasses: { fast: 'ssd' } };
const FLEET: Readonly<Record<string, ClusterFacts>> = {
  'prod-sh': { ...STORAGE, provider: Provider.ALIBABA_CLOUD, kubernetesVersion: '1.36' },
  factory: { ...STORAGE, provider: Provider.EDGE, kubernetesVersion: '1.36' },
  ops: { ...STORAGE, kubernetesVersion: '1.36', apiVersions: ['monitoring.thanos.io/v1alpha1'] },
};

/** Everything that can be said of the Prometheus of clusters. */
export const PROMETHEUS: PrometheusProps = {
  retention: '20d',
  storage: '80Gi',
  storagePurpose: 'fast',
  replicas: 2,
  shards: 2,
  scrapeInterval: '15s',
  externalLabels: { team: 'platform' },
  trustedNamespaces: ['kueue-system'],
  components: Object.values(ScrapedComponent),
  clusters: { 'prod-sh': { nodes: 20, pods: 600, controlPlane: false } },
  alertmanager: {
    url: 'https://alerts.example.com/alertmanager',
    token: { secret: 'alerts-writer', key: 'token' },
    authority: { secret: 'alerts-writer', key: 'ca.crt' },
  },
  grafana: { adminSecret: 'grafana-admin', url: 'https://grafana.example.com' },
};

/** The same, and everything that can be said of Thanos. */
export const THANOS: ThanosProps = {
  ...PROMETHEUS,
  retention: '2d',
  clusters: { 'prod-sh': { nodes: 20, pods: 600 }, factory: { nodes: 3, pods: 50, agent: true } },
  receive: {
    url: 'https://metrics.example.com/api/v1/receive',
    certificate: { secret: 'metrics-writer', key: 'tls.crt' },
    privateKey: { secret: 'metrics-writer', key: 'tls.key' },
    authority: { secret: 'metrics-writer', key: 'ca.crt' },
  },
  objectStorage: { secret: 'thanos-objects', key: 'objstore.yml' },
  hashrings: [
    { name: 'shop', tenants: ['shop'], receivers: 3, storage: '100Gi', storagePurpose: 'fast' },
    { name: 'default', receivers: 5, storage: '200Gi', storagePurpose: 'fast' },
  ],
  replicationFactor: 3,
  limits: { requestBytes: 1_048_576, requestSeries: 5_000, requestSamples: 10_000, concurrency: 64 },
  operatorChart: { chart: 'thanos-operator', repository: 'https://charts.example.com', version: '0.1.0' },
};

/** Two clusters and their centre, with a tenant in one of them. */
export function observe(platform: Platform, metrics: MetricStore, props: Partial<ObservabilityStackProps> = {}) {
  for (const [name, facts] of Object.entries(FLEET)) new Cluster(platform, name, facts);
  const shop = new Workspace(platform, 'shop', {
    placement: Placement.named('prod-sh'),
    namespaces: ['mall', 'search'],
  });
  return new ObservabilityStack(platform, 'watch', {
    placement: Placement.named('prod-sh', 'factory'),
    centre: Placement.named('ops'),
    workspaces: [shop],
    metrics,
    ...props,
  });
}

/** Writes the assembly of such a platform. @param outdir must not exist */
export function writeObserved(
  outdir: string,
  metrics: MetricStore,
  props: Partial<ObservabilityStackProps> = {},
): string {
  const platform = new Platform({ id: 'fleet', outdir });
  observe(platform, metrics, props);
  platform.synth();
  return outdir;
}
