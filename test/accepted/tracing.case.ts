import {
  ClusterSet,
  CollectorIngressType,
  CollectorMode,
  Instrumentation,
  InstrumentationSampling,
  IstioMetric,
  IstioTagOperation,
  IstioTelemetry,
  IstioWorkloadMode,
  OpenTelemetryCollector,
  PodTolerationOperator,
  TargetAllocation,
} from '@orrery/constructs';
import { Chart } from 'cdk8s';
import type { AcceptedCase } from './accepted-case.ts';

const exporters = { otlp: { endpoint: 'jaeger-collector.traces.svc:4317' } };
const otlp = { protocols: { grpc: { endpoint: '0.0.0.0:4317' } } };

export default {
  title: 'traces through collectors, instrumented pods and a mesh',
  crds: ['opentelemetry.io', 'telemetry.istio.io/telemetries.telemetry.istio.io.yaml'],
  kinds: ['OpenTelemetryCollector', 'Instrumentation', 'Telemetry'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    const chart = new Chart(clusters.add('sh'), 'traces', { namespace: 'traces' });
    new OpenTelemetryCollector(chart, 'gateway', {
      spec: {
        config: {
          receivers: { otlp },
          exporters,
          service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp'] } } },
        },
        replicas: 2,
        args: { 'feature-gates': 'x' },
        autoscaler: {
          minReplicas: 2,
          maxReplicas: 4,
          targetCPUUtilization: 80,
          behavior: { scaleUp: { policies: [{ ofType: 'Pods', value: 1, periodSeconds: 15 }] } },
          metrics: [
            {
              ofType: 'Pods',
              pods: { metric: { name: 'spans' }, target: { ofType: 'AverageValue', averageValue: '10' } },
            },
          ],
        },
        deploymentUpdateStrategy: { ofType: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } },
        ingress: { ofType: CollectorIngressType.INGRESS, hostname: 'traces.example.com', tls: [{ secretName: 'tls' }] },
        observability: { metrics: { enableMetrics: true, extraLabels: { release: 'monitoring' } } },
        podAnnotations: { 'sidecar.istio.io/inject': 'false' },
        podDisruptionBudget: { maxUnavailable: 1 },
        ports: [{ name: 'zpages', port: 55679, targetPort: 55679, protocol: 'TCP' }],
        resources: { limits: { memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } },
        tolerations: [{ key: 'a', comparison: PodTolerationOperator.EXISTS }],
      },
    });
    new OpenTelemetryCollector(chart, 'scraper', {
      spec: {
        mode: CollectorMode.STATEFULSET,
        config: {
          receivers: { prometheus: { config: { scrape_configs: [] } } },
          exporters,
          service: { pipelines: { metrics: { receivers: ['prometheus'], exporters: ['otlp'] } } },
        },
        targetAllocator: {
          enabled: true,
          allocationStrategy: TargetAllocation.CONSISTENT_HASHING,
          prometheusCR: { enabled: true, serviceMonitorSelector: { matchLabels: { release: 'monitoring' } } },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: 'queue' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
        volumeMounts: [{ name: 'queue', mountPath: '/var/lib/queue' }],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
      },
    });
    new Instrumentation(chart, 'all', {
      spec: {
        exporter: { endpoint: 'https://gateway-collector:4318', tls: { caFile: 'ca.crt', configMapName: 'authority' } },
        propagators: ['tracecontext', 'baggage'],
        sampler: { ofType: InstrumentationSampling.PARENT_BASED_TRACE_ID_RATIO, argument: '0.25' },
        resource: { addK8sUIDAttributes: true, resourceAttributes: { 'service.namespace': 'mall' } },
        env: [{ name: 'OTEL_METRICS_EXPORTER', value: 'none' }],
        java: { image: 'mirror/java:2', resources: { limits: { memory: '64Mi' } } },
        nodejs: { resourceRequirements: { limits: { memory: '64Mi' } } },
        golang: { env: [{ name: 'OTEL_GO_AUTO_INCLUDE_DB_STATEMENT', value: 'true' }] },
        nginx: { attrs: [{ name: 'NginxModuleOtelMaxQueueSize', value: '4096' }], configFile: '/etc/nginx/nginx.conf' },
      },
    });
    new IstioTelemetry(chart, 'mesh', {
      spec: {
        tracing: [
          {
            providers: [{ name: 'otel' }],
            customTags: {
              'request.id': { header: { name: 'x-request-id', defaultValue: '-' } },
              cluster: { literal: { value: 'sh' } },
            },
            match: { mode: IstioWorkloadMode.CLIENT_AND_SERVER },
            randomSamplingPercentage: 10,
            enableIstioTags: true,
          },
        ],
        metrics: [
          {
            providers: [{ name: 'prometheus' }],
            reportingInterval: '5s',
            overrides: [
              {
                match: { metric: IstioMetric.REQUEST_COUNT, mode: IstioWorkloadMode.SERVER },
                tagOverrides: {
                  host: { operation: IstioTagOperation.UPSERT, value: 'request.host' },
                  source_app: { operation: IstioTagOperation.REMOVE },
                },
              },
            ],
          },
        ],
        accessLogging: [{ filter: { expression: 'response.code >= 400' }, providers: [{ name: 'logs' }] }],
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'shop' }],
      },
    });
  },
} satisfies AcceptedCase;
