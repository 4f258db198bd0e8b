import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { JaegerStorage } from './jaeger-storage';
import { LogCollection } from './log-collection';
import { LogLifecycle } from './log-lifecycle';
import { LogStore } from './log-store';
import { filterWith, readLogstash } from './logstash.test-support';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';
import { Tracing } from './tracing';

const ELASTIC = LogCollection.elastic({
  lifecycle: LogLifecycle.hot({ deleteAfter: '30d' }),
  hot: { storage: '100Gi' },
  tlsSecret: 'tls',
  elasticPassword: { secret: 'elastic', key: 'elastic' },
  writerPassword: { secret: 'elastic', key: 'writer' },
});
const FLUENT_BIT = LogCollection.fluentBit({ to: LogStore.existingLoki({ host: 'loki.example.com' }) });

const MESH = Tracing.jaeger({ storage: JaegerStorage.memory() }).throughMesh();

/** What every part of a stack says of the header that requests are followed by. */
function follow(props: Partial<ObservabilityStackProps>) {
  const values: AnyObject[] = [];
  const objects = assemblyOf((platform) => {
    new ClusterSet(platform, 'clusters').add('sh', { storageClasses: { general: 'disk' } });
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
    parser: found('ClusterParser', 'watch-logs-request-id')?.spec.regex.regex as string | undefined,
    logstash: found('ConfigMap', 'watch-logs-logstash')?.data['logstash.conf'] as string | undefined,
  };
}

/** A line that a proxy of the mesh writes about a request. */
function accessLine(accessLog: { readonly [label: string]: string }, header: string, id: string): string {
  const value = (format: string) => (format === `%REQ(${header.toUpperCase()})%` ? id : '-');
  return JSON.stringify(Object.fromEntries(Object.entries(accessLog).map(([label, format]) => [label, value(format)])));
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

  it.each(['x-request-id', 'x-correlation-id', 'traceid'])(
    'is found where the mesh writes it into its logs, by whatever collects them: %s',
    (requestIdHeader) => {
      const id = '6f1c1f2e-9d44-4d29-8f0b-0e3b8f0c1a2b';
      const { accessLog, parser = '' } = follow({ requestIdHeader, logs: FLUENT_BIT });
      const line = accessLine(accessLog, requestIdHeader, id);
      expect(line).toContain(id);
      expect(new RegExp(parser.replace('(?i:', '(?:'), 'i').exec(line)?.groups?.request_id).toBe(id);
      const { logstash = '' } = follow({ requestIdHeader, logs: ELASTIC });
      const record = {
        message: line,
        kind: 'container',
        source: { namespace: 'mall' },
        log: { file: { path: '/x.log' } },
      };
      expect(filterWith(readLogstash(logstash))(record)?.request_id).toBe(id);
    },
  );

  it('changes all of it when it changes, and nothing of the former one stays', () => {
    const text = JSON.stringify(
      [FLUENT_BIT, ELASTIC].map((logs) => follow({ requestIdHeader: 'x-correlation-id', logs })),
    );
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
