import {
  ClusterSet,
  JaegerStorage,
  MultiClusterApp,
  ObservabilityStack,
  Placement,
  TracedLanguage,
  Tracing,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';
import { unknownInKiali } from './kiali-names.ts';

export default {
  title: 'the traces of a stack: collectors, Jaeger in several ways, a mesh, and who calls whom',
  crds: [
    'opentelemetry.io',
    'telemetry.istio.io/telemetries.telemetry.istio.io.yaml',
    './definitions/kialis.kiali.io.yaml',
  ],
  kinds: [
    ...['OpenTelemetryCollector', 'Instrumentation', 'Telemetry', 'Kiali', 'ConfigMap'],
    ...['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Deployment'],
  ],
  judged: { kinds: ['Kiali'], judge: unknownInKiali },
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('sh', { region: 'cn-shanghai' });
    clusters.add('ops', { storageClasses: { general: 'local' } });
    const placement = Placement.named('sh');
    const centre = Placement.named('ops');
    const password = { secret: 'jaeger', key: 'password' };
    const url = 'https://logs.example.com:9200';
    const storages = [
      JaegerStorage.badger({ size: '50Gi', retention: '168h' }),
      JaegerStorage.openSearch({ url, username: 'jaeger', password, caSecret: 'ca' }),
    ];
    const stacks = storages.map((storage, i) => {
      const headers = { authorization: { secret: 'tempo', key: 'header' } };
      const tracing = Tracing.jaeger({ storage, url: 'https://jaeger.example.com' })
        .alsoTo(Tracing.otlp({ name: 'tempo', endpoint: 'https://tempo.example.com', headers, caSecret: 'tempo-ca' }))
        .collectedBy({
          centreAddress: 'traces.example.com:443',
          caSecret: 'centre-ca',
          clientSecret: 'sender',
          ...(i === 0 ? { keeping: { slowerThan: '2s' } } : {}),
        })
        .throughMesh();
      const kiali = { prometheusUrl: 'http://prometheus:9090', grafanaUrl: 'https://grafana.example.com' };
      return new ObservabilityStack(platform, `watch-${i}`, {
        placement,
        centre,
        namespaceName: `traces-${i}`,
        tracing: i === 0 ? tracing.withKiali(kiali) : tracing,
      });
    });
    const mall = new MultiClusterApp(platform, 'mall', { placement });
    const cart = mall.addService('cart', { image: 'mall/cart:1', port: 80 });
    cart.trace(stacks[0] as ObservabilityStack, TracedLanguage.JAVA);
  },
} satisfies AcceptedCase;
