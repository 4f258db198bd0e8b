import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetworkPlugin } from '../cluster-facts';
import { ClusterSet } from '../cluster-set';
import { MultiClusterApp } from '../multi-cluster-app';
import { NetworkAllowance } from '../network-allowance';
import { collectorProblems } from '../opentelemetry/private/collector-rules';
import { checkTailSampling, headlessHost } from '../opentelemetry/private/tail-sampling';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { findingsOf } from '../private/typed-object';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { JaegerStorage } from './jaeger-storage';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';
import { TracedLanguage } from './traced-language';
import { Tracing } from './tracing';
import type { TraceCollection, TraceKeeping } from './tracing-props';

const JAEGER = Tracing.jaeger({ storage: JaegerStorage.memory() });
const FAR: TraceCollection = { centreAddress: 'traces.example.com:443' };

function withStack(
  tracing: Tracing,
  more: Partial<ObservabilityStackProps> = {},
  then: (stack: ObservabilityStack, platform: Platform) => void = () => undefined,
): (platform: Platform) => void {
  return (platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    const networkPlugin = NetworkPlugin.CALICO;
    clusters.add('sh', { region: 'cn-shanghai', storageClasses: { general: 'nfs' }, networkPlugin });
    clusters.add('gz', { region: 'cn-south' });
    clusters.add('ops', { storageClasses: { general: 'local' } });
    const [placement, centre] = [Placement.named('sh', 'gz'), Placement.named('ops')];
    const stack = new ObservabilityStack(platform, 'watch', { placement, centre, tracing, ...more });
    then(stack, platform);
  };
}

const refused = (tracing: Tracing, more: Partial<ObservabilityStackProps> = {}) =>
  problemsOfProgram(withStack(tracing, more)).map(({ code, what }) => `${code}: ${what}`);

const made = (tracing: Tracing, more: Partial<ObservabilityStackProps> = {}) => assemblyOf(withStack(tracing, more));
const objectsOf = (assembly: Assembly, cluster: string): AnyObject[] => [...assembly.objects(cluster).values()];
const named = (assembly: Assembly, cluster: string, kind: string, name: string): AnyObject =>
  objectsOf(assembly, cluster).find((one) => one.kind === kind && one.metadata.name === name);
const collectorsOf = (assembly: Assembly, cluster: string) =>
  objectsOf(assembly, cluster).filter(({ kind }) => kind === 'OpenTelemetryCollector');
const releaseOf = (assembly: Assembly, cluster: string, name: string): AnyObject =>
  assembly
    .units(cluster)
    .flatMap(({ helmReleases = [] }) => helmReleases)
    .find(({ releaseName }) => releaseName === name);

describe('traces of a stack', () => {
  it('are collected in each cluster, are given the name of it, and come together in the centre', () => {
    const assembly = made(JAEGER.collectedBy(FAR));
    for (const cluster of ['sh', 'gz']) {
      expect(collectorsOf(assembly, cluster).map(({ metadata }) => metadata.name)).toEqual(['watch-traces']);
      const { config } = named(assembly, cluster, 'OpenTelemetryCollector', 'watch-traces').spec;
      expect(config.exporters).toEqual({ 'otlp/centre': { endpoint: 'traces.example.com:443' } });
      expect(config.service.pipelines).toEqual({
        traces: {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'k8sattributes', 'resource/cluster', 'transform/request-id', 'batch'],
          exporters: ['otlp/centre'],
        },
      });
      expect(config.processors['resource/cluster'].attributes).toContainEqual({
        key: 'k8s.cluster.name',
        value: cluster,
        action: 'upsert',
      });
      expect(named(assembly, cluster, 'ServiceAccount', 'watch-traces')).toBeDefined();
      expect(named(assembly, cluster, 'Instrumentation', 'watch').spec.exporter.endpoint).toBe(
        'http://watch-traces-collector.observability.svc.cluster.local:4318',
      );
      expect(releaseOf(assembly, cluster, 'watch-opentelemetry-operator').values).toMatchObject({
        admissionWebhooks: { certManager: { enabled: true } },
      });
    }
    const { config } = named(assembly, 'ops', 'OpenTelemetryCollector', 'watch-traces').spec;
    // What comes from other clusters has been named there.
    expect(config.service.pipelines['traces/far']).toEqual({
      receivers: ['otlp/far'],
      processors: ['memory_limiter', 'batch'],
      exporters: ['otlp/jaeger'],
    });
    expect(config.receivers['otlp/far'].protocols.grpc.endpoint).toBe('0.0.0.0:4319');
    expect(config.exporters).toEqual({
      'otlp/jaeger': {
        endpoint: 'watch-jaeger-collector.observability.svc.cluster.local:4317',
        tls: { insecure: true },
      },
    });
  });

  it('need a way to the centre where there are others, and none where there are not', () => {
    expect(refused(JAEGER)).toEqual(['ORR2013: Traces of sh, gz go to "ops", and nothing says how they get there.']);
    const alone = { placement: Placement.named('ops') };
    const { config } = named(made(JAEGER, alone), 'ops', 'OpenTelemetryCollector', 'watch-traces').spec;
    expect(Object.keys(config.receivers)).toEqual(['otlp']);
    expect(refused(JAEGER.collectedBy({ caSecret: 'ca' }), alone)).toEqual([
      'ORR2012: Certificates for the way to the centre are said, and no other cluster is observed.',
    ]);
  });

  it('are authenticated by Secrets as files, and go to several stores at once', () => {
    const headers = { authorization: { secret: 'tempo', key: 'header' } };
    const tracing = JAEGER.alsoTo(Tracing.otlp({ name: 'tempo', endpoint: 'https://tempo.example.com', headers }))
      .alsoTo(Tracing.otlp({ endpoint: 'otel.example.com:4317', caSecret: 'otel-ca' }))
      .alsoTo(Tracing.skyWalking())
      .collectedBy({ ...FAR, caSecret: 'centre-ca', clientSecret: 'sender' });
    const assembly = made(tracing);
    const { config, env, volumes, volumeMounts } = named(
      assembly,
      'ops',
      'OpenTelemetryCollector',
      'watch-traces',
    ).spec;
    expect(config.exporters).toMatchObject({
      'otlp/jaeger': {},
      'otlphttp/tempo': {
        endpoint: 'https://tempo.example.com',
        headers: { authorization: `\${env:OTLP_TEMPO_AUTHORIZATION}` },
      },
      'otlp/existing': { endpoint: 'otel.example.com:4317', tls: { ca_file: '/etc/existing-ca/ca.crt' } },
      'otlp/skywalking': { endpoint: 'watch-skywalking-oap.observability.svc.cluster.local:11800' },
    });
    const secretKeyRef = { name: 'tempo', key: 'header' };
    expect(env).toEqual([{ name: 'OTLP_TEMPO_AUTHORIZATION', valueFrom: { secretKeyRef } }]);
    expect(volumes).toEqual([{ name: 'existing-ca', secret: { secretName: 'otel-ca' } }]);
    expect(volumeMounts).toEqual([{ name: 'existing-ca', mountPath: '/etc/existing-ca', readOnly: true }]);
    const far = named(assembly, 'sh', 'OpenTelemetryCollector', 'watch-traces').spec;
    expect(far.config.exporters['otlp/centre'].tls).toEqual({
      ca_file: '/etc/centre-ca/ca.crt',
      cert_file: '/etc/centre-client/tls.crt',
      key_file: '/etc/centre-client/tls.key',
    });
    expect(far.volumes).toHaveLength(2);
  });

  it('are kept by what is in them only where they are whole: behind a balancer in the centre', () => {
    const tracing = JAEGER.collectedBy({ ...FAR, keeping: { slowerThan: '1.5s', share: 0.001 } });
    const assembly = made(tracing);
    expect(collectorsOf(assembly, 'sh')).toHaveLength(1);
    const decider = named(assembly, 'ops', 'OpenTelemetryCollector', 'watch-traces-decider').spec.config;
    expect(decider.processors.tail_sampling).toEqual({
      decision_wait: '30s',
      policies: [
        { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
        { name: 'slow', type: 'latency', latency: { threshold_ms: 1500 } },
        { name: 'share', type: 'probabilistic', probabilistic: { sampling_percentage: 0.1 } },
      ],
    });
    const front = named(assembly, 'ops', 'OpenTelemetryCollector', 'watch-traces').spec.config;
    expect(front.exporters.loadbalancing.resolver.dns.hostname).toBe(
      'watch-traces-decider-collector-headless.observability.svc.cluster.local',
    );
    // All traces are there to decide about.
    for (const cluster of ['sh', 'ops'])
      expect(named(assembly, cluster, 'Instrumentation', 'watch').spec.sampler).toEqual({
        type: 'parentbased_always_on',
      });
    expect(named(made(JAEGER.collectedBy(FAR)), 'sh', 'Instrumentation', 'watch').spec.sampler).toEqual({
      type: 'parentbased_traceidratio',
      argument: '0.1',
    });
  });

  it('go through collectors that start, whatever is said of them', () => {
    const storage = fc.constantFrom(
      JaegerStorage.memory(),
      JaegerStorage.badger({ size: '10Gi' }),
      JaegerStorage.elasticsearch({ url: 'https://es:9200', caSecret: 'ca' }),
      JaegerStorage.openSearch({ url: 'http://os:9200', username: 'jaeger', password: { secret: 's', key: 'k' } }),
    );
    const stores = fc.uniqueArray(
      fc.oneof(
        storage.map((one) => ['jaeger', Tracing.jaeger({ storage: one })] as const),
        fc.constant(['otlp', Tracing.otlp({ endpoint: 'http://tempo:4318' })] as const),
        fc.constant(['other', Tracing.otlp({ name: 'other', endpoint: 'other:4317', tls: false })] as const),
        fc.constant(['skywalking', Tracing.skyWalking()] as const),
      ),
      { minLength: 1, selector: ([name]) => name },
    );
    const keeping: fc.Arbitrary<TraceKeeping | undefined> = fc.option(
      fc.record(
        {
          errors: fc.boolean(),
          slowerThan: fc.constantFrom('200ms', '2s'),
          share: fc.double({ min: 0.001, max: 1, noNaN: true }),
          replicas: fc.integer({ min: 1, max: 4 }),
        },
        { requiredKeys: ['share'] },
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(stores, keeping, fc.integer({ min: 1, max: 3 }), fc.boolean(), (all, kept, replicas, alone) => {
        const [first, ...rest] = all.map(([, tracing]) => tracing) as [Tracing, ...Tracing[]];
        const collection = { replicas, ...(kept === undefined ? {} : { keeping: kept }), ...(alone ? {} : FAR) };
        const tracing = rest.reduce((sum, one) => sum.alsoTo(one), first).collectedBy(collection);
        const assembly = made(tracing, alone ? { placement: Placement.named('ops') } : {});
        for (const cluster of alone ? ['ops'] : ['sh', 'gz', 'ops']) {
          const collectors = collectorsOf(assembly, cluster);
          expect(collectors.length).toBeGreaterThan(0);
          const front = collectors.find(({ metadata }) => metadata.name === 'watch-traces');
          for (const { metadata, spec } of collectors) {
            expect(collectorProblems(spec)).toEqual([]);
            const sender = { config: front.spec.config, title: 'front' };
            const host = headlessHost(metadata.name, metadata.namespace);
            expect(findingsOf((report) => checkTailSampling(spec, host, sender, report))).toEqual([]);
            for (const { processors } of Object.values<AnyObject>(spec.config.service.pipelines)) {
              expect(processors[0]).toBe('memory_limiter');
              expect(processors.at(-1)).toBe('batch');
            }
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it('are in a Jaeger whose storage is that of its pods, of a disk, or of an index', () => {
    const jaeger = (storage: JaegerStorage, replicas = 1) => {
      const assembly = made(Tracing.jaeger({ storage, replicas }).collectedBy(FAR));
      expect(named(assembly, 'sh', 'OpenTelemetryCollector', 'watch-jaeger')).toBeUndefined();
      return named(assembly, 'ops', 'OpenTelemetryCollector', 'watch-jaeger').spec;
    };
    const store = ({ config }: AnyObject) => config.extensions.jaeger_storage.backends.traces;
    expect(store(jaeger(JaegerStorage.memory(500)))).toEqual({ memory: { max_traces: 500 } });
    const badger = jaeger(JaegerStorage.badger({ size: '50Gi', retention: '168h' }));
    expect(badger).toMatchObject({
      mode: 'statefulset',
      volumeClaimTemplates: [{ spec: { storageClassName: 'local', resources: { requests: { storage: '50Gi' } } } }],
      volumeMounts: [{ name: 'traces', mountPath: '/badger' }],
    });
    expect(store(badger).badger.ttl).toEqual({ spans: '168h' });
    const url = 'https://logs.example.com:9200';
    const password = { secret: 'jaeger', key: 'pass' };
    const index = jaeger(JaegerStorage.openSearch({ url, username: 'jaeger', password, caSecret: 'ca' }), 3);
    expect(store(index)).toEqual({
      opensearch: {
        server_urls: [url],
        auth: { basic: { username: 'jaeger', password_file: '/etc/store-password/password' } },
        tls: { ca_file: '/etc/store-ca/ca.crt' },
        indices: { index_prefix: 'watch' },
        max_span_age: '72h',
      },
    });
    expect(index).toMatchObject({ mode: 'deployment', replicas: 3, ports: [{ port: 16686 }, { port: 16685 }] });
    expect(index.volumes[1]).toEqual({
      name: 'store-password',
      secret: { secretName: 'jaeger', items: [{ key: 'pass', path: 'password' }] },
    });
  });

  it('are what Grafana asks, too', () => {
    const config = named(made(JAEGER.collectedBy(FAR)), 'ops', 'ConfigMap', 'watch-datasources');
    expect(config.data['datasources.yaml']).toContain(
      'http://watch-jaeger-collector.observability.svc.cluster.local:16686',
    );
  });

  it('are refused where they would be nowhere, in two places, or half of them', () => {
    const es = { url: 'es:9200', username: 'jaeger', lookback: 'long', indexPrefix: 'A' };
    expect(refused(Tracing.jaeger({ storage: JaegerStorage.memory(), replicas: 2 }).collectedBy(FAR))).toEqual([
      'ORR2012: Jaeger has 2 pods, and each would have traces of its own in memory.',
    ]);
    expect(refused(Tracing.jaeger({ storage: JaegerStorage.elasticsearch(es) }).collectedBy(FAR))).toEqual([
      'ORR2011: "es:9200" is no address of the store of Jaeger.',
      'ORR2011: lookback is "long".',
      'ORR2012: The store of Jaeger has only one of username and password.',
      'ORR2011: indexPrefix is "A".',
    ]);
    expect(refused(JAEGER.alsoTo(JAEGER).collectedBy(FAR))).toEqual(['ORR2004: Traces go to jaeger twice.']);
    expect(refused(JAEGER.collectedBy({ ...FAR, share: 0.5, keeping: {} }))).toEqual([
      'ORR2012: Only a share of 0.5 of all traces is there, so most with errors are gone before anything is decided.',
    ]);
    expect(refused(JAEGER.collectedBy({ ...FAR, keeping: { errors: false, share: 0 } }))).toEqual([
      'ORR2012: No trace would be kept.',
    ]);
    const otlp = {
      name: 'X',
      endpoint: 'tempo',
      tls: false,
      caSecret: 'ca',
      headers: { 'a b': { secret: 's', key: 'k' } },
    };
    expect(refused(Tracing.otlp(otlp).collectedBy({ centreAddress: 'https://a', share: 2, memory: '1 GB' }))).toEqual([
      'ORR2003: "X" is no name for a store.',
      'ORR2011: endpoint is "tempo".',
      'ORR2012: caSecret is set, and there is no TLS.',
      'ORR2011: "a b" is no header.',
      'ORR2011: share is 2.',
      'ORR2011: memory is "1 GB".',
      'ORR2011: centreAddress is "https://a".',
    ]);
    expect(refused(Tracing.sentry({ url: 'sentry', adminEmail: 'x' }).collectedBy({ share: 1 }))).toEqual([
      'ORR2011: "sentry" is no address of Sentry.',
      'ORR2011: adminEmail is "x".',
      'ORR2012: It says which traces there are, and nothing keeps any.',
    ]);
    const long = (id: string) =>
      problemsOfProgram((platform) => {
        new ClusterSet(platform, 'clusters').add('sh');
        new ObservabilityStack(platform, id, { placement: Placement.everywhere(), tracing: JAEGER });
      }).map(({ code, fix }) => `${code}: ${fix}`);
    expect(long('w'.repeat(30))).toEqual(['ORR2003: Use an id of at most 29 characters.']);
    const badger = Tracing.jaeger({ storage: JaegerStorage.badger({ size: '1Gi', storagePurpose: 'fast' }) });
    expect(refused(badger.collectedBy(FAR))).toEqual([
      'ORR2013: Jaeger needs "fast" storage, for which cluster "ops" has no class. It declares: general.',
    ]);
  });
});

describe('errors of front-ends', () => {
  it('go to a Sentry without published passwords, and need no collectors', () => {
    const assembly = made(Tracing.sentry({ url: 'https://sentry.example.com', adminEmail: 'a@example.com' }));
    expect(releaseOf(assembly, 'ops', 'watch-sentry')).toMatchObject({
      chart: { name: 'sentry' },
      values: { user: { create: false }, system: { url: 'https://sentry.example.com' }, auth: { register: false } },
    });
    for (const cluster of ['sh', 'ops']) expect(collectorsOf(assembly, cluster)).toEqual([]);
    expect(releaseOf(assembly, 'ops', 'watch-opentelemetry-operator')).toBeUndefined();
  });
});

describe('SkyWalking', () => {
  it('takes traces of the collectors, finds them by the id of a request, and reads passwords from a file', () => {
    const elasticsearch = { host: 'logs.example.com', protocol: 'https', credentialsSecret: 'es' };
    const assembly = made(Tracing.skyWalking({ elasticsearch, retentionDays: 3 }).collectedBy(FAR));
    const { values } = releaseOf(assembly, 'ops', 'watch-skywalking');
    expect(values).toMatchObject({
      fullnameOverride: 'watch-skywalking',
      oap: {
        storageType: 'elasticsearch',
        env: {
          SW_OTEL_RECEIVER_ENABLED_HANDLERS: 'otlp-traces',
          SW_CORE_RECORD_DATA_TTL: '3',
          SW_ES_SECRETS_MANAGEMENT_FILE: '/skywalking/credentials/credentials.properties',
        },
        secretMounts: [{ secretName: 'es', path: '/skywalking/credentials' }],
      },
      elasticsearch: { enabled: false, config: { host: 'logs.example.com', port: { http: 9200 } } },
      banyandb: { enabled: false },
    });
    expect(values.oap.env.SW_ZIPKIN_SEARCHABLE_TAG_KEYS).toContain('request_id');
    expect(releaseOf(made(Tracing.skyWalking().collectedBy(FAR)), 'ops', 'watch-skywalking').values).toMatchObject({
      oap: { storageType: 'banyandb', env: { SW_STORAGE_BANYANDB_ZIPKIN_TRACE_TTL_DAYS: '7' } },
      banyandb: { enabled: true },
    });
  });
});

describe('a Kiali', () => {
  it('draws from the Prometheus that it is told of, and shows traces of Jaeger', () => {
    const prometheusUrl = 'http://prometheus:9090';
    const jaeger = Tracing.jaeger({ storage: JaegerStorage.memory(), url: 'https://jaeger.example.com' });
    const assembly = made(jaeger.collectedBy(FAR).withKiali({ prometheusUrl, grafanaUrl: 'https://g.example.com' }));
    expect(named(assembly, 'ops', 'Kiali', 'kiali')).toMatchObject({
      apiVersion: 'kiali.io/v1alpha1',
      metadata: { namespace: 'istio-system' },
      spec: {
        auth: { strategy: 'token' },
        deployment: { view_only_mode: true },
        external_services: {
          prometheus: { url: prometheusUrl },
          grafana: { enabled: true, external_url: 'https://g.example.com' },
          tracing: {
            internal_url: 'http://watch-jaeger-collector.observability.svc.cluster.local:16686',
            external_url: 'https://jaeger.example.com',
          },
        },
      },
    });
    expect(releaseOf(assembly, 'ops', 'watch-kiali-operator').values).toEqual({ onlyViewOnlyMode: true });
    expect(refused(JAEGER.collectedBy(FAR).withKiali())).toEqual([
      'ORR2013: Kiali draws who calls whom from metrics, and nothing says where Prometheus is.',
    ]);
  });
});

describe('a service', () => {
  const traced = (then: (stack: ObservabilityStack, platform: Platform) => void) =>
    withStack(JAEGER.collectedBy(FAR), {}, then);

  it('is traced by annotations of its pods, in clusters that the stack observes', () => {
    const assembly = assemblyOf(
      traced((stack, platform) => {
        const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
        const cart = mall.addService('cart', { image: 'cart:1', port: 80, podAnnotations: { a: 'b' } });
        cart.trace(stack, TracedLanguage.JAVA);
      }),
    );
    const annotations = (cluster: string) =>
      named(assembly, cluster, 'Deployment', 'cart').spec.template.metadata.annotations;
    expect(annotations('sh')).toEqual({
      a: 'b',
      'instrumentation.opentelemetry.io/inject-java': 'observability/watch',
    });
    expect(annotations('ops')).toEqual({ a: 'b' });
  });

  it('comes after what instruments its pods, which comes after the operator', () => {
    const assembly = assemblyOf(
      traced((stack, platform) => {
        const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
        mall.addService('cart', { image: 'cart:1', port: 80 }).trace(stack, TracedLanguage.JAVA);
        mall.addService('pay', { image: 'pay:1', port: 80 });
      }),
    );
    const all = assembly.units('sh').flatMap(({ objects }) => objects);
    const after = (path: string) => all.find((one) => one.path === path)?.dependsOn ?? [];
    expect(after('mall/cart/Deployment')).toContain('watch/traces');
    expect(after('mall/pay/Deployment')).not.toContain('watch/traces');
    expect(JSON.stringify(assembly.unit('sh', 'watch/traces').dependsOn)).toContain('"watch/opentelemetry-operator"');
  });

  it('may send to the collectors where everything else is refused', () => {
    const assembly = assemblyOf(
      traced((stack, platform) => {
        const placement = Placement.named('sh');
        const workspace = new Workspace(platform, 'retail', { placement, network: [NetworkAllowance.dns()] });
        const mall = new MultiClusterApp(platform, 'mall', { placement, workspace });
        mall.addService('cart', { image: 'cart:1', port: 80 }).trace(stack, TracedLanguage.SDK);
      }),
    );
    expect(named(assembly, 'sh', 'NetworkPolicy', 'cart-traces').spec.egress[0].to).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } },
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'watch-traces-collector' } },
      },
    ]);
  });

  it('is refused twice, and where the stack keeps no traces', () => {
    const once = (tracing: Tracing, times: number) =>
      problemsOfProgram(
        withStack(tracing, {}, (stack, platform) => {
          const mall = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
          const cart = mall.addService('cart', { image: 'cart:1', port: 80 });
          for (let i = 0; i < times; i++) cart.trace(stack, TracedLanguage.PYTHON);
        }),
      ).map(({ code, what }) => `${code}: ${what}`);
    expect(once(JAEGER.collectedBy(FAR), 2)).toEqual(['ORR2004: The service is traced twice.']);
    const sentry = Tracing.sentry({ url: 'https://sentry.example.com', adminEmail: 'a@example.com' });
    expect(once(sentry, 1)).toEqual(['ORR2012: The service is traced, and stack "watch" keeps no traces.']);
  });
});
