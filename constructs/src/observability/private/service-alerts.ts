import { ServiceLevelIndicator } from '../service-level-indicator';
import { errorRatio, type Indicator, inWindow } from './indicator';
import type { Rule, RuleGroup, Texts } from './slo-rules';
import { type AlertedWorkload, podSeries, replicaSeries } from './workload-series';

/** What counts the requests to a service. */
export type ServiceTraffic =
  /** The proxies of Istio. */
  | { readonly from: 'istio' }
  /** Nothing: there are no alerts about requests. */
  | { readonly from: 'none' }
  /** What the program says. */
  | {
      readonly from: 'indicators';
      readonly availability?: ServiceLevelIndicator;
      readonly latency?: ServiceLevelIndicator;
    };

/** A service as its alerts need it. */
export interface AlertedService {
  readonly namespace: string;
  /** Name of the Service, label `service` of its alerts. */
  readonly service: string;
  readonly workload: AlertedWorkload;
  /** On every alert, beside `namespace`, `service` and `severity`: { team: 'shop' }. */
  readonly labels?: Texts;
  readonly traffic: ServiceTraffic;
  /** Declared replicas; 0: it is off, and nothing is missed. Absent: an autoscaler decides. */
  readonly replicas?: number;
  /** Name of its HorizontalPodAutoscaler. */
  readonly autoscaler?: string;
  /** In which time Istio's requests shall be answered: a boundary of its histogram. @default "1s" */
  readonly slowFrom?: string;
  readonly runbookUrl?: string;
}

/** What is told, with the severity that decides who hears it. */
interface Told {
  readonly alert: string;
  readonly severity: 'page' | 'ticket';
  readonly expr: string;
  readonly for: string;
  /** Bridges gaps of what comes and goes (Prometheus 2.42 and later). */
  readonly keep_firing_for?: string;
  readonly summary: string;
  readonly description: string;
}

/** Too few requests tell nothing: five in five minutes. */
const LEAST_REQUESTS_PER_SECOND = 1 / 60;

/** The rules of a service beside its objectives: whether it is there, answers, answers in time, and has room. */
export function serviceAlerts(service: AlertedService): RuleGroup[] {
  const groups: readonly (readonly [name: string, told: readonly Told[]])[] = [
    ['availability', service.replicas === 0 ? [] : availability(service)],
    ['requests', requests(service)],
    ['saturation', saturation(service)],
  ];
  return groups
    .filter(([, told]) => told.length > 0)
    .map(([name, told]) => ({ name: `${service.service}-${name}`, rules: told.map((one) => ruleOf(service, one)) }));
}

function availability(service: AlertedService): Told[] {
  const { namespace, workload, replicas } = service;
  const id = `${namespace}/${service.service}`;
  const { wanted, available, raw } = replicaSeries(namespace, workload);
  const waiting = podSeries('kube_pod_container_status_waiting_reason', namespace, workload, {
    reason: 'CrashLoopBackOff',
  });
  return [
    {
      alert: 'ServiceDown',
      severity: 'page',
      expr: `${available} == 0\nand\n${wanted} > 0`,
      for: '2m',
      summary: `${id} has no available pod.`,
      description: `None of the pods of ${workload.kind} ${workload.name} is available.`,
    },
    ...(replicas === 1
      ? []
      : [
          {
            alert: 'ServiceReplicasMissing',
            severity: 'ticket',
            expr: `${wanted} - ${available} > 0`,
            for: '15m',
            summary: `${id} has fewer pods than it shall have.`,
            description: `{{ $value }} pods of ${workload.kind} ${workload.name} are not available.`,
          } as const,
        ]),
    {
      alert: 'ServiceCrashLoop',
      severity: 'ticket',
      expr: `max by (cluster, namespace, pod, container) (max_over_time(${waiting}[5m])) > 0`,
      for: '10m',
      summary: `A pod of ${id} crashes again and again.`,
      description: 'Container {{ $labels.container }} of pod {{ $labels.pod }} waits to be started again.',
    },
    {
      alert: 'ServiceUnknown',
      severity: 'ticket',
      expr: `absent(${raw})`,
      for: '15m',
      summary: `Whether ${id} runs is not known.`,
      description: `Prometheus has no series of ${workload.kind} ${workload.name}: it is gone, or kube-state-metrics is.`,
    },
  ];
}

function requests(service: AlertedService): Told[] {
  const id = `${service.namespace}/${service.service}`;
  const { answered, late, limit } = indicators(service);
  return [
    ...(answered === undefined
      ? []
      : ([
          {
            alert: 'ServiceErrors',
            severity: 'page',
            expr: over(answered, '5m', 0.1),
            for: '5m',
            summary: `Many requests to ${id} fail.`,
            description: '{{ $value | humanizePercentage }} of the requests of the last 5 minutes failed.',
          },
          {
            alert: 'ServiceErrors',
            severity: 'ticket',
            expr: over(answered, '30m', 0.01),
            for: '15m',
            summary: `Requests to ${id} fail.`,
            description: '{{ $value | humanizePercentage }} of the requests of the last 30 minutes failed.',
          },
        ] as const)),
    ...(late === undefined
      ? []
      : ([
          {
            alert: 'ServiceSlow',
            severity: 'ticket',
            expr: over(late, '10m', 0.05),
            for: '10m',
            summary: `Requests to ${id} take long.`,
            description: `{{ $value | humanizePercentage }} of the requests of the last 10 minutes were not answered ${limit}.`,
          },
        ] as const)),
  ];
}

function indicators({ namespace, service, traffic, slowFrom = '1s' }: AlertedService): {
  readonly answered: Indicator | undefined;
  readonly late: Indicator | undefined;
  readonly limit: string;
} {
  if (traffic.from === 'istio') {
    const of = { serviceName: service, namespaceName: namespace };
    const late = ServiceLevelIndicator.istioLatency({ ...of, within: slowFrom });
    const answered = ServiceLevelIndicator.istioAvailability(of);
    return { answered: answered._indicator(), late: late._indicator(), limit: `within ${slowFrom}` };
  }
  const { availability: answered, latency: late } = traffic.from === 'indicators' ? traffic : {};
  return { answered: answered?._indicator(), late: late?._indicator(), limit: 'in time' };
}

/** The share of errors is over a limit, of enough requests to tell. */
function over(indicator: Indicator, window: string, share: number): string {
  const enough = `${inWindow(indicator.total, window)} >= ${LEAST_REQUESTS_PER_SECOND.toFixed(4)}`;
  return `${errorRatio(indicator, window)} > ${share}\nand\n${enough}`;
}

function saturation(service: AlertedService): Told[] {
  const { namespace, workload, autoscaler } = service;
  const id = `${namespace}/${service.service}`;
  const of = (metric: string, more: Texts = {}) => podSeries(metric, namespace, workload, more);
  const each = 'cluster, namespace, pod, container';
  const limits = (resource: string) =>
    `max by (${each}) (${of('kube_pod_container_resource_limits', { resource })} > 0)`;
  const used = (metric: string) => metric.replace('{', '{container!="",');
  const terminated = of('kube_pod_container_status_last_terminated_reason', { reason: 'OOMKilled' });
  return [
    {
      alert: 'ServiceCpuSaturated',
      severity: 'ticket',
      expr: `avg by (cluster, namespace) (\n  sum by (${each}) (rate(${used(of('container_cpu_usage_seconds_total'))}[5m]))\n  / ${limits('cpu')}\n) > 0.9`,
      for: '15m',
      summary: `${id} uses the CPU that it may.`,
      description: 'Its containers use {{ $value | humanizePercentage }} of their CPU limits.',
    },
    {
      alert: 'ServiceMemorySaturated',
      severity: 'ticket',
      expr: `max by (${each}) (${used(of('container_memory_working_set_bytes'))})\n/ ${limits('memory')}\n> 0.9`,
      for: '10m',
      summary: `A pod of ${id} uses the memory that it may.`,
      description:
        'Container {{ $labels.container }} of pod {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit.',
    },
    {
      alert: 'ServiceOutOfMemory',
      severity: 'ticket',
      expr: `max by (${each}) (${terminated}) > 0\nand\nmax by (${each}) (increase(${of('kube_pod_container_status_restarts_total')}[10m])) > 0`,
      for: '0m',
      keep_firing_for: '30m',
      summary: `A pod of ${id} was killed for its memory.`,
      description: 'Container {{ $labels.container }} of pod {{ $labels.pod }} went over its memory limit.',
    },
    ...(autoscaler === undefined ? [] : [atMaximum(id, namespace, autoscaler)]),
  ];
}

function atMaximum(id: string, namespace: string, horizontalpodautoscaler: string): Told {
  const of = (field: string) =>
    `max by (cluster, namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_${field}{namespace=${JSON.stringify(namespace)},horizontalpodautoscaler=${JSON.stringify(horizontalpodautoscaler)}})`;
  return {
    alert: 'ServiceAtMaximum',
    severity: 'ticket',
    expr: `${of('status_current_replicas')} >= ${of('spec_max_replicas')}\nand\n${of('spec_max_replicas')} > ${of('spec_min_replicas')}`,
    for: '15m',
    summary: `${id} cannot grow any more.`,
    description: 'It has {{ $value }} pods, the most that its autoscaler may make.',
  };
}

function ruleOf(
  { namespace, service, labels = {}, runbookUrl }: AlertedService,
  { alert, severity, expr, for: pending, keep_firing_for, summary, description }: Told,
): Rule {
  return {
    alert,
    expr,
    ...(pending === '0m' ? {} : { for: pending }),
    ...(keep_firing_for === undefined ? {} : { keep_firing_for }),
    labels: { ...labels, namespace, service, severity },
    annotations: { summary, description, ...(runbookUrl === undefined ? {} : { runbook_url: runbookUrl }) },
  };
}
