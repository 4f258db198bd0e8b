import type { IConstruct } from 'constructs';
import type { Cluster } from '../../../cluster';
import type { CollectorConfig } from '../../../opentelemetry/collector-config';
import { withDefaultProcessors } from '../../../opentelemetry/private/collector-config-rules';
import type { Problem } from '../../../private/problem';
import { storageClassFor } from '../../../private/storage-classes';
import type { JaegerProps } from '../../tracing-props';
import type { StackContext } from '../stack-context';
import { BADGER_FOLDER, type JaegerBackend, mountedFor, storageOf } from './jaeger-backend';
import { tracingLabels } from './trace-collectors';
import { traceNames } from './trace-plan';

/** Pages and API of Jaeger. */
export const JAEGER_PAGES = 16686;
const QUERY_GRPC = 16685;

/** A Jaeger is a collector with a store and pages of its own (jaegertracing/jaeger cmd/jaeger/internal/all-in-one.yaml), which the operator keeps. */
export function jaegerCollector({ stack, construct, cluster, problems }: InCentre, props: JaegerProps): object {
  const { replicas = 1, cpu = '200m', memory = '1Gi', image = 'docker.io/jaegertracing/jaeger:2.19.0' } = props;
  const backend = props.storage._backend();
  const { volumes, volumeMounts } = mountedFor(backend);
  const classFor = (purpose: string) => storageClassFor(construct, cluster, 'Jaeger', purpose, problems);
  const disk = backend.type === 'badger' ? claimOf(backend, classFor) : undefined;
  const mounts = [...volumeMounts, ...(disk === undefined ? [] : [{ name: 'traces', mountPath: BADGER_FOLDER }])];
  return {
    apiVersion: 'opentelemetry.io/v1beta1',
    kind: 'OpenTelemetryCollector',
    metadata: { name: traceNames(stack).jaeger, namespace: stack.namespaceName, labels: tracingLabels(stack) },
    spec: {
      mode: disk === undefined ? 'deployment' : 'statefulset',
      image,
      replicas,
      ports: [
        { name: 'jaeger-query', port: JAEGER_PAGES },
        { name: 'query-grpc', port: QUERY_GRPC },
      ],
      resources: { requests: { cpu, memory }, limits: { memory } },
      ...(disk === undefined ? {} : { volumeClaimTemplates: [disk], podSecurityContext: { fsGroup: 10001 } }),
      ...(volumes.length === 0 ? {} : { volumes }),
      ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
      config: jaegerConfig(backend, stack),
    },
  };
}

function jaegerConfig(backend: JaegerBackend, stack: StackContext): CollectorConfig {
  const storage = 'traces';
  return withDefaultProcessors({
    receivers: { otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: storage } },
    extensions: {
      jaeger_storage: { backends: { [storage]: storageOf(backend, stack.name) } },
      jaeger_query: {
        storage: { traces: storage },
        http: { endpoint: `0.0.0.0:${JAEGER_PAGES}` },
        grpc: { endpoint: `0.0.0.0:${QUERY_GRPC}` },
      },
    },
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
    },
  });
}

function claimOf(
  { size, storagePurpose = 'general' }: JaegerBackend & { type: 'badger' },
  classFor: (purpose: string) => string | undefined,
): object {
  const storageClassName = classFor(storagePurpose);
  return {
    metadata: { name: 'traces' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClassName === undefined ? {} : { storageClassName }),
      resources: { requests: { storage: size } },
    },
  };
}

/** Where it is made, and who is told what is wrong. */
export interface InCentre {
  readonly stack: StackContext;
  readonly construct: IConstruct;
  readonly cluster: Cluster;
  readonly problems: Problem[];
}
