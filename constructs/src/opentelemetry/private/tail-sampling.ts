import type { ReportFinding } from '../../private/typed-object';
import type { CollectorConfig } from '../collector-config';
import { CollectorMode, type OpenTelemetryCollectorSpec } from '../collector-props';
import { typeOfComponent } from './collector-config-rules';

/** The collector that another one gets its spans from. */
export interface Sender {
  readonly config: CollectorConfig;
  /** How a message names it. */
  readonly title: string;
}

/** Host names by which a loadbalancing exporter finds every pod of a collector: the headless Service that the operator makes (internal/naming/main.go: HeadlessService). */
export function headlessHost(name: string, namespace: string): string {
  return `${name}-collector-headless.${namespace}.svc.cluster.local`;
}

/**
 * A decision about a whole trace needs all of its spans in one process (opentelemetry-collector-contrib processor/tailsamplingprocessor/README.md): in a collector of one pod, or behind one
 * that sends spans of a trace to the same pod.
 */
export function checkTailSampling(
  spec: OpenTelemetryCollectorSpec,
  host: string | undefined,
  sender: Sender | undefined,
  report: ReportFinding,
): void {
  const pipelines = Object.entries(spec.config.service.pipelines);
  const sampled = pipelines.filter(([, { processors = [] }]) =>
    processors.some((name) => typeOfComponent(name) === 'tail_sampling'),
  );
  for (const [pipeline] of sampled) {
    if (typeOfComponent(pipeline) !== 'traces')
      report('ORR2012', `Pipeline "${pipeline}" has tail_sampling, which is for traces.`, 'Leave it out there.');
  }
  if (sampled.length === 0) return;
  const many = severalPods(spec);
  if (many === undefined) return;
  if (sender === undefined) {
    const what = `tail_sampling decides about whole traces, and ${many}, each with some spans of a trace.`;
    const fix = 'Use one replica, or name with balancedBy the collector in front that has a loadbalancing exporter.';
    report('ORR2012', what, fix);
    return;
  }
  checkSender(sender, host, report);
}

function severalPods({ mode = CollectorMode.DEPLOYMENT, replicas = 1, autoscaler }: OpenTelemetryCollectorSpec) {
  if (mode === CollectorMode.SIDECAR) return 'there is a sidecar in every pod';
  if (mode === CollectorMode.DAEMONSET) return 'there is one on every node';
  const most = Math.max(replicas, autoscaler?.maxReplicas ?? 1);
  return most > 1 ? `there are up to ${most} pods` : undefined;
}

function checkSender({ config, title }: Sender, host: string | undefined, report: ReportFinding): void {
  const fix = 'Add to its traces: loadbalancing: { resolver: { dns: { hostname } }, protocol: { otlp: {} } }.';
  const used = Object.entries(config.service.pipelines)
    .filter(([pipeline]) => typeOfComponent(pipeline) === 'traces')
    .flatMap(([, { exporters }]) => exporters)
    .filter((name) => typeOfComponent(name) === 'loadbalancing');
  if (used.length === 0) {
    const what = `tail_sampling decides about whole traces, and ${title} in front sends none through a loadbalancing exporter.`;
    report('ORR2012', what, fix);
    return;
  }
  const exporters = used.map((name) => (config.exporters[name] ?? {}) as Balancing);
  const key = exporters.find(({ routing_key = 'traceID' }) => routing_key !== 'traceID')?.routing_key;
  if (key !== undefined) {
    const what = `tail_sampling decides about whole traces, and ${title} in front divides them by "${key}".`;
    report('ORR2012', what, 'Leave routing_key out: the default is traceID.');
  }
  const hosts = exporters.flatMap(({ resolver }) => resolver?.dns?.hostname ?? []);
  if (host === undefined || hosts.length === 0 || hosts.some((one) => host === one || host.startsWith(`${one}.`)))
    return;
  const what = `${title} in front sends spans to ${hosts.join(', ')}, which is not this collector.`;
  report('ORR2012', what, `Its pods are at ${host}.`);
}

interface Balancing {
  readonly routing_key?: string;
  readonly resolver?: { readonly dns?: { readonly hostname?: string } };
}
