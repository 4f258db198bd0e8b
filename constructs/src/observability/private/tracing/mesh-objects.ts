import { writeYaml } from '../../../yaml';
import type { MeshTracing } from '../../tracing-props';
import { REQUEST_ID } from '../request-id-field';
import type { StackContext } from '../stack-context';
import { tracingLabels } from './trace-collectors';
import { headShare, spanStores, type TracePlan, traceNames } from './trace-plan';

export const ISTIO_SYSTEM = 'istio-system';

/**
 * Configuration that istiod merges under its own, by SHARED_MESH_CONFIG (istio/istio pilot/pkg/features, pilot/pkg/bootstrap/mesh.go), and the Telemetry for the whole mesh that uses it. A Telemetry
 * names its providers itself, so `defaultProviders`, which would replace Istio's metrics, stay as they are.
 */
export function meshObjects(stack: StackContext, plan: TracePlan, mesh: MeshTracing): object[] {
  const { namespaceName: namespace = ISTIO_SYSTEM, accessLogs = true } = mesh;
  const names = traceNames(stack);
  const labels = tracingLabels(stack);
  const hasTraces = spanStores(plan).length > 0;
  const tracing = {
    name: names.traceProvider,
    opentelemetry: { service: names.gatewayHost, port: 4317 },
  };
  const logging = {
    name: names.logProvider,
    envoyFileAccessLog: { path: '/dev/stdout', logFormat: { labels: logLabels(stack.requestIdHeader) } },
  };
  const config = {
    enableTracing: hasTraces,
    extensionProviders: [...(hasTraces ? [tracing] : []), ...(accessLogs ? [logging] : [])],
  };
  const spec = {
    ...(hasTraces
      ? {
          tracing: [
            {
              providers: [{ name: names.traceProvider }],
              randomSamplingPercentage: Number((headShare(plan) * 100).toPrecision(12)),
              customTags: { [REQUEST_ID]: { header: { name: stack.requestIdHeader } } },
            },
          ],
        }
      : {}),
    ...(accessLogs ? { accessLogging: [{ providers: [{ name: names.logProvider }] }] } : {}),
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: names.meshConfig, namespace, labels },
      data: { mesh: writeYaml(config) },
    },
    { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: stack.name, namespace, labels }, spec },
  ];
}

/** A line of JSON for each request: the id under the name of its header, which parsers of logs look for (Envoy's command operators). */
function logLabels(header: string): { readonly [label: string]: string } {
  return {
    start_time: '%START_TIME%',
    method: '%REQ(:METHOD)%',
    path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
    protocol: '%PROTOCOL%',
    response_code: '%RESPONSE_CODE%',
    response_flags: '%RESPONSE_FLAGS%',
    duration: '%DURATION%',
    bytes_received: '%BYTES_RECEIVED%',
    bytes_sent: '%BYTES_SENT%',
    authority: '%REQ(:AUTHORITY)%',
    upstream_cluster: '%UPSTREAM_CLUSTER%',
    user_agent: '%REQ(USER-AGENT)%',
    // As every version of Envoy has it: the trace is the second part.
    traceparent: '%REQ(TRACEPARENT)%',
    [header]: `%REQ(${header.toUpperCase()})%`,
  };
}

/** Values of the chart `istiod`. */
export function istiodValues(stack: StackContext): { [key: string]: object } {
  return { env: { SHARED_MESH_CONFIG: traceNames(stack).meshConfig } };
}
