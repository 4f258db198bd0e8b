import type { StackContext } from '../stack-context';
import { tracingLabels } from './trace-collectors';
import { headShare, type TracePlan, traceNames } from './trace-plan';

/** Variables by which the agent of a language takes a header into spans of servers; agents for Node.js and Go have none. */
const CAPTURE = {
  // opentelemetry.io/docs/zero-code/java/agent/instrumentation/http
  java: 'OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_REQUEST_HEADERS',
  // opentelemetry-python-contrib util/opentelemetry-util-http
  python: 'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST',
  // opentelemetry-dotnet-instrumentation docs/config.md
  dotnet: 'OTEL_DOTNET_TRACES_ASPNETCORE_INSTRUMENTATION_CAPTURE_REQUEST_HEADERS',
} as const;

/** How pods of a cluster are instrumented that ask for it by annotation. */
export function instrumentationObject(stack: StackContext, plan: TracePlan): object {
  const names = traceNames(stack);
  const share = headShare(plan);
  const sampler =
    share === 1 ? { type: 'parentbased_always_on' } : { type: 'parentbased_traceidratio', argument: String(share) };
  return {
    apiVersion: 'opentelemetry.io/v1alpha1',
    kind: 'Instrumentation',
    metadata: { name: names.instrumentation, namespace: stack.namespaceName, labels: tracingLabels(stack) },
    spec: {
      exporter: { endpoint: `http://${names.gatewayHost}:4318` },
      propagators: ['tracecontext', 'baggage'],
      sampler,
      // The collectors take traces; metrics and logs have ways of their own.
      env: [
        { name: 'OTEL_METRICS_EXPORTER', value: 'none' },
        { name: 'OTEL_LOGS_EXPORTER', value: 'none' },
      ],
      ...Object.fromEntries(
        Object.entries(CAPTURE).map(([language, variable]) => [
          language,
          { env: [{ name: variable, value: stack.requestIdHeader }] },
        ]),
      ),
    },
  };
}
