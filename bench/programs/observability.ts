// Synthesizes a whole observability stack over three clusters and renders its releases, charts of others replaced by one of our own:
// node observability.ts <chart> <chart with definitions> <helm> <cache folder> <outdir>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly, renderAssembly } from '@orrery/cli';
import {
  AlertChannel,
  Alerting,
  Cluster,
  JaegerStorage,
  LogCollection,
  LogLifecycle,
  LogstashPlace,
  MetricStore,
  MultiClusterApp,
  ObservabilityStack,
  Placement,
  Platform,
  ScrapedComponent,
  StackDashboards,
  Tracing,
} from '@orrery/constructs';
import { folderAsset } from '../../test/write-assembly.ts';
import { printTaken } from './synth-cases.ts';

const SERVICES = 20;
const [chart = '', withDefinitions = '', helmBinary = '', cacheFolder = '', outdir = ''] = process.argv.slice(2);

const synthesized = performance.now();
const platform = new Platform({ id: 'bench', outdir });
const apiVersions = ['monitoring.thanos.io/v1alpha1', 'networking.istio.io/v1', 'telemetry.istio.io/v1'];
for (const name of ['prod-sh', 'prod-gz', 'ops'])
  new Cluster(platform, name, { kubernetesVersion: '1.36', apiVersions, storageClasses: { general: 'ssd' } });
const placement = Placement.named('prod-sh', 'prod-gz');
const stack = new ObservabilityStack(platform, 'watch', {
  placement,
  centre: Placement.named('ops'),
  metrics: MetricStore.thanos({
    receive: { url: 'https://metrics.example.com/api/v1/receive', token: { secret: 'writer', key: 'token' } },
    objectStorage: { secret: 'thanos', key: 'objstore.yml' },
    hashrings: [{ name: 'default', storage: '100Gi' }],
    components: Object.values(ScrapedComponent),
    grafana: { adminSecret: 'grafana' },
    storage: '100Gi',
  }),
  tracing: Tracing.jaeger({
    storage: JaegerStorage.openSearch({
      url: 'https://logs.example.com:9200',
      username: 'jaeger',
      password: { secret: 'jaeger', key: 'password' },
    }),
    url: 'https://jaeger.example.com',
  })
    .alsoTo(Tracing.skyWalking({ elasticsearch: { host: 'logs.example.com', credentialsSecret: 'skywalking' } }))
    .alsoTo(Tracing.sentry({ url: 'https://sentry.example.com', adminEmail: 'platform@example.com' }))
    .collectedBy({ centreAddress: 'traces.example.com:443' })
    .throughMesh()
    .withKiali({
      prometheusUrl: 'http://prometheus-operated.observability:9090',
      grafanaUrl: 'https://grafana.example.com',
    }),
  logs: LogCollection.elastic({
    lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }),
    hot: { storage: '500Gi' },
    cold: { nodes: 2, storage: '1Ti' },
    tlsSecret: 'logs-tls',
    elasticPassword: { secret: 'logs', key: 'elastic' },
    writerPassword: { secret: 'logs', key: 'writer' },
    logstash: LogstashPlace.inCentre({ address: 'logs.example.com:5044' }),
  }),
  dashboards: StackDashboards.forSidecar(),
  alerts: Alerting.alertmanager({
    receivers: [{ name: 'operators', channels: [AlertChannel.webhook({ url: 'http://centre.alerts:8080/hook' })] }],
    receiver: 'operators',
  }),
});
const mall = new MultiClusterApp(platform, 'mall', { placement });
for (let i = 0; i < SERVICES; i++) {
  const ports = [
    { name: 'http', port: 8080 },
    { name: 'metrics', port: 9100 },
  ];
  mall.addService(`service-${i}`, { image: `mall/service-${i}:1.0.0`, replicas: 4, ports });
}
mall.observe(stack, { objective: 0.999 });
platform.synth();
const taken = performance.now() - synthesized;

const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
const [small, large] = [folderAsset(outdir, chart), folderAsset(outdir, withDefinitions)];
for (const { units } of manifest.clusters)
  for (const { helmReleases = [] } of units)
    for (const release of helmReleases)
      release.chart = { asset: release.chart.name === 'kube-prometheus-stack' ? large : small };
writeFileSync(join(outdir, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);

const rendering = performance.now();
const state = await renderAssembly(await readAssembly(outdir), { helm: { helmBinary, cacheFolder } });
const releases = manifest.clusters.flatMap(({ units }: { units: { helmReleases?: object[] }[] }) =>
  units.flatMap(({ helmReleases = [] }) => helmReleases),
);
process.stderr.write(
  `${state.clusters.length} clusters, ${releases.length} releases, ${state.clusters.flatMap(({ objects }) => objects).length} objects\n`,
);
printTaken(rendering - taken);
