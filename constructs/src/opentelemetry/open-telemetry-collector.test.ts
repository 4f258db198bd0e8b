import { Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { PodTolerationOperator } from '../pods/pod-scheduling';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import type { CollectorConfig } from './collector-config';
import { CollectorIngressRule, CollectorIngressType } from './collector-network-props';
import { CollectorMode, type OpenTelemetryCollectorSpec } from './collector-props';
import { Instrumentation } from './instrumentation';
import { InstrumentationSampling, type InstrumentationSpec } from './instrumentation-props';
import { OpenTelemetryCollector, type OpenTelemetryCollectorProps } from './open-telemetry-collector';
import { TargetAllocation } from './target-allocator-props';

const CONFIG: CollectorConfig = {
  receivers: { otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' } } } },
  exporters: { debug: {} },
  service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } } },
};

type More = Partial<OpenTelemetryCollectorSpec>;

const collector = (spec: More, more: Partial<OpenTelemetryCollectorProps> = {}): AnyObject =>
  assemblyOf((platform) => {
    const chart = new Chart(new ClusterSet(platform, 'clusters').add('sh'), 'base', { namespace: 'traces' });
    const metadata = { name: 'gateway' };
    new OpenTelemetryCollector(chart, 'gateway', { metadata, spec: { config: CONFIG, ...spec }, ...more });
  }).object('sh', 'base/gateway');

const refused = (spec: More, more: Partial<OpenTelemetryCollectorProps> = {}) =>
  problemsOfProgram((platform) => {
    const cluster = new ClusterSet(platform, 'clusters').add('sh');
    new OpenTelemetryCollector(cluster, 'gateway', { spec: { config: CONFIG, ...spec }, ...more });
  }).map(({ code, what }) => `${code}: ${what}`);

describe('an OpenTelemetryCollector', () => {
  it('is written as the API has it, with memory_limiter first and batch last', () => {
    const made = collector({
      mode: CollectorMode.STATEFULSET,
      args: { 'feature-gates': 'x' },
      deploymentUpdateStrategy: {},
      autoscaler: { maxReplicas: 3, targetCPUUtilization: 80 },
      tolerations: [{ key: 'a', comparison: PodTolerationOperator.EXISTS }],
    });
    expect(made).toMatchObject({
      apiVersion: 'opentelemetry.io/v1beta1',
      kind: 'OpenTelemetryCollector',
      metadata: { name: 'gateway', namespace: 'traces' },
      spec: {
        mode: 'statefulset',
        args: { 'feature-gates': 'x' },
        tolerations: [{ key: 'a', operator: 'Exists' }],
        config: {
          receivers: CONFIG.receivers,
          processors: { memory_limiter: { limit_percentage: 80 }, batch: {} },
          service: { pipelines: { traces: { processors: ['memory_limiter', 'batch'] } } },
        },
      },
    });
    expect(collector({}).spec.mode).toBe('deployment');
    expect(collector({}, { defaultProcessors: false }).spec.config).toEqual(CONFIG);
  });

  it('has in each mode only what the operator takes in it', () => {
    const only: [More, CollectorMode[]][] = [
      [{ volumeClaimTemplates: [{ spec: {} }] }, [CollectorMode.STATEFULSET]],
      [{ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } }, [CollectorMode.STATEFULSET]],
      [{ daemonSetUpdateStrategy: { ofType: 'OnDelete' } }, [CollectorMode.DAEMONSET]],
      [{ deploymentUpdateStrategy: { ofType: 'Recreate' } }, [CollectorMode.DEPLOYMENT]],
      ...[
        { tolerations: [{ key: 'a' }] },
        { priorityClassName: 'high' },
        { affinity: {} },
        { additionalContainers: [{ name: 'a', image: 'b' }] },
        { ingress: { ofType: CollectorIngressType.INGRESS } },
      ].map((spec): [More, CollectorMode[]] => [
        spec,
        [CollectorMode.DAEMONSET, CollectorMode.DEPLOYMENT, CollectorMode.STATEFULSET],
      ]),
    ];
    for (const [spec, modes] of only) {
      for (const mode of Object.values(CollectorMode)) {
        const [field] = Object.keys(spec);
        if (modes.includes(mode)) expect(collector({ ...spec, mode }).spec[field as string]).toBeDefined();
        else
          expect(refused({ ...spec, mode })).toEqual([expect.stringMatching(`^ORR2012: spec.${field} is set, and a`)]);
      }
    }
  });

  it('gives targets to a daemonset per node, to a statefulset by anything else, to nothing else, and only where it scrapes', () => {
    const scraping = { ...CONFIG.receivers, prometheus: { config: { scrape_configs: [] } } };
    const pipelines = { traces: { receivers: ['otlp', 'prometheus'], exporters: ['debug'] } };
    const config = { ...CONFIG, receivers: scraping, service: { pipelines } };
    for (const mode of Object.values(CollectorMode)) {
      for (const allocationStrategy of [undefined, ...Object.values(TargetAllocation)]) {
        const targetAllocator = { enabled: true, ...(allocationStrategy === undefined ? {} : { allocationStrategy }) };
        const perNode = allocationStrategy === TargetAllocation.PER_NODE;
        const right = perNode ? mode === CollectorMode.DAEMONSET : mode === CollectorMode.STATEFULSET;
        if (right) expect(collector({ mode, targetAllocator, config }).spec.targetAllocator).toEqual(targetAllocator);
        else expect(refused({ mode, targetAllocator, config })).toHaveLength(1);
      }
    }
    expect(refused({ mode: CollectorMode.STATEFULSET, targetAllocator: { enabled: true } })).toEqual([
      'ORR2012: spec.targetAllocator is enabled, and no receiver "prometheus" asks it for targets.',
    ]);
  });

  it('has ports and endpoints that are ports, with names that are names', () => {
    expect(refused({ ports: [{ port: 80 }, { name: 'a', port: 70_000 }, { name: 'a', port: 1 }] })).toEqual([
      'ORR2003: spec.ports[0].name "" is no name of a port.',
      'ORR2011: spec.ports[1].port 70000 is no port.',
      'ORR2004: spec.ports[2].name "a" is used twice.',
    ]);
    const grpc = { endpoint: '0.0.0.0:99999' };
    expect(refused({ config: { ...CONFIG, receivers: { otlp: { protocols: { grpc } } } } })).toEqual([
      'ORR2011: config.receivers["otlp"].protocols.grpc.endpoint is "0.0.0.0:99999", which is no port.',
    ]);
  });

  it('scales within its bounds', () => {
    expect(refused({ autoscaler: { minReplicas: 2 } })).toEqual([
      'ORR2012: spec.autoscaler has minReplicas 2, and no maxReplicas.',
    ]);
    expect(refused({ replicas: 4, autoscaler: { maxReplicas: 3 } })).toEqual([
      'ORR2012: spec.replicas 4 is over maxReplicas 3.',
    ]);
    expect(refused({ autoscaler: { minReplicas: 4, maxReplicas: 3 } })).toEqual([
      'ORR2012: spec.autoscaler has minReplicas 4 over maxReplicas 3.',
    ]);
    const target = { ofType: 'AverageValue', averageValue: '500m' };
    const metrics = [{ ofType: 'Pods', pods: { metric: { name: 'spans' }, target } }, { ofType: 'Object' }];
    const behavior = { scaleUp: { stabilizationWindowSeconds: 3601 } };
    expect(refused({ autoscaler: { maxReplicas: 3, metrics, behavior, targetCPUUtilization: 0 } })).toEqual([
      'ORR2011: spec.autoscaler.targetCPUUtilization is 0.',
      'ORR2011: spec.autoscaler.behavior.scaleUp.stabilizationWindowSeconds is 3601.',
      'ORR2011: spec.autoscaler.metrics[0].pods.target.averageValue is 500m.',
      'ORR2011: spec.autoscaler.metrics[1].type is "Object".',
    ]);
    expect(refused({ ingress: { ruleType: CollectorIngressRule.SUBDOMAIN, hostname: '*' } })).toEqual([
      'ORR2012: spec.ingress tells receivers apart by subdomain, and has no hostname.',
    ]);
  });
});

describe('tail sampling', () => {
  const tail: CollectorConfig = {
    ...CONFIG,
    processors: { tail_sampling: { policies: [] } },
    service: { pipelines: { traces: { receivers: ['otlp'], processors: ['tail_sampling'], exporters: ['debug'] } } },
  };
  const balancing = (exporter: object): CollectorConfig => ({
    ...CONFIG,
    exporters: { loadbalancing: exporter },
    service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['loadbalancing'] } } },
  });
  const dns = (hostname: string) => ({ resolver: { dns: { hostname } } });
  const behind = (front: CollectorConfig, spec: More = { replicas: 3 }) => {
    const build = (platform: Parameters<Parameters<typeof assemblyOf>[0]>[0]) => {
      const chart = new Chart(new ClusterSet(platform, 'clusters').add('sh'), 'base', { namespace: 'traces' });
      const balancedBy = new OpenTelemetryCollector(chart, 'front', {
        metadata: { name: 'front' },
        spec: { config: front },
      });
      const metadata = { name: 'tail' };
      new OpenTelemetryCollector(chart, 'tail', { metadata, spec: { config: tail, ...spec }, balancedBy });
    };
    return build;
  };

  it('is taken where one pod sees all spans, and where the collector in front sends those of a trace to one pod', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(CollectorMode)),
        fc.integer({ min: 1, max: 4 }),
        fc.option(fc.integer({ min: 4, max: 6 }), { nil: undefined }),
        (mode, replicas, maxReplicas) => {
          const counted = mode === CollectorMode.DEPLOYMENT || mode === CollectorMode.STATEFULSET;
          const one = counted && replicas === 1 && maxReplicas === undefined;
          const spec = {
            mode,
            replicas,
            ...(maxReplicas === undefined ? {} : { autoscaler: { maxReplicas } }),
            config: tail,
          };
          if (one) expect(collector(spec).spec.replicas).toBe(1);
          else
            expect(refused(spec)).toEqual([
              expect.stringMatching(/^ORR2012: tail_sampling decides about whole traces/),
            ]);
        },
      ),
      { numRuns: 20 },
    );
    const host = 'tail-collector-headless.traces.svc.cluster.local';
    for (const hostname of [host, 'tail-collector-headless.traces', 'tail-collector-headless.traces.svc'])
      assemblyOf(behind(balancing(dns(hostname))));
  });

  it('is refused behind one that divides otherwise, or sends to somebody else', () => {
    const texts = (front: CollectorConfig) => problemsOfProgram(behind(front)).map(({ what }) => what);
    expect(texts(CONFIG)).toEqual([
      'tail_sampling decides about whole traces, and "front" in front sends none through a loadbalancing exporter.',
    ]);
    expect(texts(balancing({ routing_key: 'service', ...dns('tail-collector-headless.traces') }))).toEqual([
      'tail_sampling decides about whole traces, and "front" in front divides them by "service".',
    ]);
    expect(texts(balancing(dns('other-collector-headless.traces')))).toEqual([
      '"front" in front sends spans to other-collector-headless.traces, which is not this collector.',
    ]);
  });
});

describe('an Instrumentation', () => {
  const instrumented = (spec: InstrumentationSpec) =>
    problemsOfProgram((platform) => {
      new Instrumentation(new ClusterSet(platform, 'clusters').add('sh'), 'all', { spec });
    }).map(({ code, what }) => `${code}: ${what}`);

  it('is written as the API has it', () => {
    const exporter = { endpoint: 'https://a:4318', tls: { caFile: 'ca.crt', secretName: 'tls' } };
    const golang = { env: [{ name: 'A', value: 'b' }] };
    const sampler = { ofType: InstrumentationSampling.TRACE_ID_RATIO, argument: '0.25' };
    const made = assemblyOf((platform) => {
      const cluster = new ClusterSet(platform, 'clusters').add('sh');
      new Instrumentation(cluster, 'all', { metadata: { name: 'all' }, spec: { exporter, golang, sampler } });
    }).object('sh', 'all/all');
    expect(made).toMatchObject({
      apiVersion: 'opentelemetry.io/v1alpha1',
      kind: 'Instrumentation',
      spec: {
        exporter: { endpoint: 'https://a:4318', tls: { ca_file: 'ca.crt', secretName: 'tls' } },
        go: { env: [{ name: 'A', value: 'b' }] },
        sampler: { type: 'traceidratio', argument: '0.25' },
      },
    });
  });

  it('is refused where the operator would refuse or warn', () => {
    expect(
      instrumented({
        propagators: ['tracecontext', 'w3c'],
        sampler: { ofType: InstrumentationSampling.PARENT_BASED_TRACE_ID_RATIO, argument: '25' },
        java: { volumeLimitSize: '1Gi', volumeClaimTemplate: { spec: {} } },
        exporter: { endpoint: 'http://a', tls: { keyFile: 'tls.key' } },
      }),
    ).toEqual([
      'ORR2011: spec.sampler.argument is "25".',
      'ORR2012: spec.java has volumeClaimTemplate and volumeLimitSize.',
      'ORR2011: spec.propagators[1] is "w3c".',
      'ORR2012: spec.exporter.tls has only one of certFile and keyFile.',
      'ORR2012: spec.exporter.tls is set, and the endpoint is not https.',
    ]);
    const remote = (argument: string) =>
      instrumented({ sampler: { ofType: InstrumentationSampling.JAEGER_REMOTE, argument } });
    expect(remote('endpoint=,pollingIntervalMs=x,rest')).toHaveLength(3);
    expect(instrumented({ exporter: { endpoint: 'traces:4317' } })).toHaveLength(1);
  });
});
