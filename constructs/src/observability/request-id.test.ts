import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { JaegerStorage } from './jaeger-storage';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';
import { Tracing } from './tracing';

const MESH = Tracing.jaeger({ storage: JaegerStorage.memory() }).throughMesh();

/** What every part of a stack says of the header that requests are followed by. */
function follow(props: Partial<ObservabilityStackProps>) {
  const values: AnyObject[] = [];
  const objects = assemblyOf((platform) => {
    new ClusterSet(platform, 'clusters').add('sh');
    const placement = Placement.everywhere();
    const stack = new ObservabilityStack(platform, 'watch', { placement, tracing: MESH, ...props });
    values.push(stack.istiodValues());
  }).objects('sh');
  const found = (kind: string, name: string): AnyObject =>
    [...objects.values()].find((one) => one.kind === kind && one.metadata.name === name);
  // istiod reads the configuration that its values name.
  const { mesh } = found('ConfigMap', values[0].env.SHARED_MESH_CONFIG).data;
  const [traces, logs] = parse(mesh).extensionProviders;
  const [tracing] = found('Telemetry', 'watch').spec.tracing;
  const [accessLogging] = found('Telemetry', 'watch').spec.accessLogging;
  expect(tracing.providers).toEqual([{ name: traces.name }]);
  expect(accessLogging.providers).toEqual([{ name: logs.name }]);
  const collector = found('OpenTelemetryCollector', 'watch-traces').spec;
  expect(traces.opentelemetry.service).toBe('watch-traces-collector.observability.svc.cluster.local');
  return {
    meshTag: tracing.customTags,
    accessLog: logs.envoyFileAccessLog.logFormat.labels as { readonly [label: string]: string },
    captured: (['java', 'python', 'dotnet'] as const).map(
      (language) => found('Instrumentation', 'watch').spec[language].env[0].value,
    ),
    renamed: collector.config.processors['transform/request-id'].trace_statements.join('\n'),
  };
}

describe('the header by which requests are followed', () => {
  it.each([undefined, 'x-request-id', 'X-Correlation-Id'])(
    'is the same in the mesh, in its logs and in traces: %s',
    (given) => {
      const header = (given ?? 'x-request-id').toLowerCase();
      const { meshTag, accessLog, captured, renamed } = follow(given === undefined ? {} : { requestIdHeader: given });
      expect(meshTag).toEqual({ request_id: { header: { name: header } } });
      expect(accessLog[header]).toBe(`%REQ(${header.toUpperCase()})%`);
      expect(captured).toEqual([header, header, header]);
      expect(renamed).toContain(`span.attributes["http.request.header.${header}"][0]`);
      expect(renamed.match(/span\.attributes\["request_id"\], /g)).toHaveLength(2);
    },
  );

  it('changes all of it when it changes, and nothing of the former one stays', () => {
    const text = JSON.stringify(follow({ requestIdHeader: 'x-correlation-id' }));
    expect(text.toLowerCase()).not.toMatch(/x-request-id|x_request_id/);
  });

  it('is written into lines of a log only where somebody wants them', () => {
    const tracing = MESH.throughMesh({ accessLogs: false });
    const objects = assemblyOf((platform) => {
      new ClusterSet(platform, 'clusters').add('sh');
      new ObservabilityStack(platform, 'watch', { placement: Placement.everywhere(), tracing });
    }).objects('sh');
    const telemetry = [...objects.values()].find(({ kind }) => kind === 'Telemetry');
    expect(Object.keys(telemetry.spec)).toEqual(['tracing']);
  });

  it('has values for istiod only where a mesh tells of requests', () => {
    const program = () =>
      problemsOfProgram((platform) => {
        new ClusterSet(platform, 'clusters').add('sh');
        new ObservabilityStack(platform, 'watch', { placement: Placement.everywhere() }).istiodValues();
      });
    expect(program().map(({ code, what }) => `${code}: ${what}`)).toEqual([
      'ORR2012: No mesh tells the stack of its requests.',
    ]);
  });
});
