import type { Cluster } from '../../../cluster';
import type { CollectorConfig, CollectorPipeline } from '../../../opentelemetry/collector-config';
import { withDefaultProcessors } from '../../../opentelemetry/private/collector-config-rules';
import { headlessHost } from '../../../opentelemetry/private/tail-sampling';
import { goMilliseconds } from '../../../private/go-duration';
import type { TraceKeeping } from '../../tracing-props';
import { REQUEST_ID } from '../request-id-field';
import type { StackContext } from '../stack-context';
import { centreExporter, deciderExporter, type SpanExporters, storeExporters } from './span-exporters';
import { type TracePlan, traceNames } from './trace-plan';

/** Where the collectors of other clusters send to in the centre. Own ones name their cluster and pods; these are named already. */
const FAR_PORT = 4319;

const otlp = (...ports: [protocol: 'grpc' | 'http', port: number][]) => ({
  protocols: Object.fromEntries(ports.map(([protocol, port]) => [protocol, { endpoint: `0.0.0.0:${port}` }])),
});

/** The collectors of a cluster: they name where spans come from, and send them to the centre, in the centre to the stores. */
export function gatewayCollector(stack: StackContext, plan: TracePlan, cluster: Cluster): object {
  const names = traceNames(stack);
  const isCentre = cluster === stack.centreCluster();
  const out = !isCentre
    ? centreExporter(plan)
    : plan.collection.keeping === undefined
      ? storeExporters(stack, plan)
      : deciderExporter(headlessHost(names.decider, stack.namespaceName));
  const exporters = Object.keys(out.exporters);
  const own = ['k8sattributes', 'resource/cluster', 'transform/request-id'];
  const hears = isCentre && stack.clusters().some((one) => one !== cluster);
  const pipelines: { [name: string]: CollectorPipeline } = {
    traces: { receivers: ['otlp'], processors: own, exporters },
    ...(hears ? { 'traces/far': { receivers: ['otlp/far'], exporters } } : {}),
  };
  return collectorObject(stack, plan, names.gateway, out, {
    receivers: {
      otlp: otlp(['grpc', 4317], ['http', 4318]),
      ...(hears ? { 'otlp/far': otlp(['grpc', FAR_PORT]) } : {}),
    },
    processors: {
      k8sattributes: K8S_ATTRIBUTES,
      'resource/cluster': { attributes: clusterAttributes(cluster) },
      'transform/request-id': requestIdTransform(stack.requestIdHeader),
    },
    exporters: out.exporters,
    service: { pipelines },
  });
}

/** The pods that decide which traces are kept, in the centre. */
export function decidingCollector(stack: StackContext, plan: TracePlan, keeping: TraceKeeping): object {
  const out = storeExporters(stack, plan);
  const exporters = Object.keys(out.exporters);
  const config: CollectorConfig = {
    receivers: { otlp: otlp(['grpc', 4317]) },
    processors: { tail_sampling: tailSampling(keeping) },
    exporters: out.exporters,
    service: { pipelines: { traces: { receivers: ['otlp'], processors: ['tail_sampling'], exporters } } },
  };
  const { replicas = 2 } = keeping;
  return collectorObject(
    stack,
    { ...plan, collection: { ...plan.collection, replicas } },
    traceNames(stack).decider,
    out,
    config,
  );
}

function collectorObject(
  stack: StackContext,
  { collection }: TracePlan,
  name: string,
  { env, volumes, volumeMounts }: SpanExporters,
  config: CollectorConfig,
): object {
  const { replicas = 2, cpu = '200m', memory = '1Gi' } = collection;
  const isGateway = name === traceNames(stack).gateway;
  return {
    apiVersion: 'opentelemetry.io/v1beta1',
    kind: 'OpenTelemetryCollector',
    metadata: { name, namespace: stack.namespaceName, labels: tracingLabels(stack) },
    spec: {
      mode: 'deployment',
      replicas,
      ...(isGateway ? { serviceAccount: name } : {}),
      resources: { requests: { cpu, memory }, limits: { memory } },
      ...(replicas > 1 ? { podDisruptionBudget: { maxUnavailable: 1 } } : {}),
      ...(env.length === 0 ? {} : { env }),
      ...(volumes.length === 0 ? {} : { volumes, volumeMounts }),
      config: withDefaultProcessors(config),
    },
  };
}

export function tracingLabels({ name }: StackContext): { readonly [label: string]: string } {
  return { 'app.kubernetes.io/part-of': name, 'app.kubernetes.io/managed-by': 'orrery' };
}

/** Names of pods and what made them, by the address that spans come from (opentelemetry-collector-contrib processor/k8sattributesprocessor/README.md). */
const K8S_ATTRIBUTES = {
  auth_type: 'serviceAccount',
  extract: {
    metadata: [
      ...['k8s.namespace.name', 'k8s.pod.name', 'k8s.pod.uid', 'k8s.node.name'],
      ...['k8s.deployment.name', 'k8s.statefulset.name', 'k8s.daemonset.name', 'k8s.job.name'],
    ],
  },
  pod_association: [
    { sources: [{ from: 'resource_attribute', name: 'k8s.pod.uid' }] },
    { sources: [{ from: 'resource_attribute', name: 'k8s.pod.ip' }] },
    { sources: [{ from: 'connection' }] },
  ],
};

/** What `k8sattributes` reads. */
export function gatewayRights(stack: StackContext): object[] {
  const { gateway: name } = traceNames(stack);
  const namespace = stack.namespaceName;
  const labels = tracingLabels(stack);
  const role = `${namespace}-${name}`;
  const verbs = ['get', 'list', 'watch'];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: role, labels },
      rules: [
        { apiGroups: [''], resources: ['pods', 'namespaces'], verbs },
        { apiGroups: ['apps'], resources: ['replicasets'], verbs },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: role, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}

/** Attributes by which the centre tells clusters apart (OpenTelemetry semantic conventions: k8s, cloud, deployment). */
function clusterAttributes({ clusterName, facts }: Cluster): object[] {
  const said = {
    'k8s.cluster.name': clusterName,
    'cloud.region': facts.region,
    'cloud.availability_zone': facts.zone,
    'deployment.environment.name': facts.environment,
  };
  return Object.entries(said)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value, action: 'upsert' }));
}

/** Instrumented servers capture headers as attributes, whose names have had "_" or "-" (semantic conventions for HTTP spans); proxies of the mesh tag spans themselves. */
function requestIdTransform(header: string): object {
  const captured = [...new Set([header, header.replaceAll('-', '_')])].map((key) => `http.request.header.${key}`);
  return {
    error_mode: 'ignore',
    trace_statements: captured.map(
      (key) =>
        `set(span.attributes["${REQUEST_ID}"], span.attributes["${key}"][0]) where span.attributes["${REQUEST_ID}"] == nil and span.attributes["${key}"] != nil`,
    ),
  };
}

/** Policies of which one is enough (opentelemetry-collector-contrib processor/tailsamplingprocessor/config.go). */
function tailSampling({ errors = true, slowerThan, share = 0.05, waitFor = '30s' }: TraceKeeping): object {
  return {
    decision_wait: waitFor,
    policies: [
      ...(errors ? [{ name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } }] : []),
      ...(slowerThan === undefined
        ? []
        : [{ name: 'slow', type: 'latency', latency: { threshold_ms: Math.round(goMilliseconds(slowerThan) ?? 0) } }]),
      {
        name: 'share',
        type: 'probabilistic',
        probabilistic: { sampling_percentage: Number((share * 100).toPrecision(12)) },
      },
    ],
  };
}
