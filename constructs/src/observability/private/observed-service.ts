import { isDnsLabel } from '../../private/names';
import { present } from '../../private/present-members';
import type { NamedPort } from '../../private/service-settings';
import type { Finding } from '../../private/service-validation';
import { webAddressFindings } from '../../private/web-address';
import { ObservedRequests } from '../observed-requests';
import type { ServiceObjective, ServiceObservation } from '../service-observation';
import { prometheusSeconds } from './prometheus/prometheus-duration';
import { serviceAlerts } from './service-alerts';
import { labelFindings, objectiveFindings } from './slo-findings';
import {
  DEFAULT_PERIOD,
  type DescribedObjective,
  type Objective,
  objectiveGroups,
  type RuleGroup,
  type Texts,
} from './slo-rules';

/** A service that a stack observes. */
export interface ObservedService {
  readonly name: string;
  readonly namespace: string;
  /** Labels of its objects. */
  readonly labels: Texts;
  /** Pods of the service, and of its canary: by the label app.kubernetes.io/name. */
  readonly podNames: readonly string[];
  readonly app: string;
  readonly ports: readonly NamedPort[];
  readonly workload: 'Deployment' | 'StatefulSet';
  /** Undefined where an autoscaler decides. */
  readonly replicas: number | undefined;
  readonly autoscaler: string | undefined;
  /** Whether everything that is not allowed is refused in its namespace. */
  readonly isWalled: boolean;
}

/** What the stack says of it. */
export interface Watching {
  readonly namespaceName: string;
  readonly selectedBy: Texts;
  readonly scrapesMesh: boolean;
}

/** What is declared of a service: how it is observed, and its objectives by id. */
export interface Declared {
  readonly observation: ServiceObservation;
  readonly objectives: ReadonlyMap<string, ServiceObjective>;
}

interface Made {
  readonly id: string;
  readonly object: object;
}

const METRICS_PORTS = ['metrics', 'http-metrics'];
const AVAILABILITY = 'availability';

/** What is wrong with how a service is observed. */
export function observationFindings(service: ObservedService, declared: Declared, stack: Watching): Finding[] {
  const { observation, objectives } = declared;
  const { metricsPort, scrapeInterval, metricsPath = '/metrics', alertLabels = {}, runbookUrl } = observation;
  const names = service.ports.map(({ name }) => name);
  return [
    ...(metricsPort === undefined || names.includes(metricsPort)
      ? []
      : [bad(`It has no port "${metricsPort}" with metrics.`, `Its ports: ${names.join(', ') || 'none'}.`)]),
    ...(scrapeInterval === undefined || prometheusSeconds(scrapeInterval) !== undefined
      ? []
      : [bad(`scrapeInterval is "${scrapeInterval}".`, 'Write it like "15s" or "1m".')]),
    ...(metricsPath.startsWith('/') ? [] : [bad(`metricsPath is "${metricsPath}".`, 'Start it with "/".')]),
    ...(runbookUrl === undefined ? [] : webAddressFindings(runbookUrl, 'a runbook')),
    ...labelFindings('alertLabels', alertLabels, ['namespace', 'service', 'severity']),
    ...latencyFindings(service, observation, stack),
    ...[...allObjectives(declared)].flatMap(([id, objective]) =>
      oneObjectiveFindings(service, id, objective, declared, stack),
    ),
    ...(observation.objective === undefined || !objectives.has(AVAILABILITY)
      ? []
      : [bad('It has two objectives "availability".', 'Leave `objective` out, or call the other by another name.')]),
  ];
}

function latencyFindings(service: ObservedService, { requests, answeredWithin }: ServiceObservation, stack: Watching) {
  if (answeredWithin === undefined) return [];
  const indicators = countedBy(requests, stack)._indicators();
  const why = 'nothing counts its requests';
  if (indicators === undefined)
    return [bad(`It shall answer within ${answeredWithin}, and ${why}.`, 'Set `requests`, or leave it out.')];
  return [...indicators.latency(service, answeredWithin)._indicator().findings];
}

function oneObjectiveFindings(
  service: ObservedService,
  id: string,
  objective: ServiceObjective,
  declared: Declared,
  stack: Watching,
): Finding[] {
  if (!isDnsLabel(id)) return [bad(`"${id}" is no name of an objective.`, 'Use lower-case letters, digits and "-".')];
  const decided = decidedObjective(service, id, objective, declared, stack);
  if (decided !== undefined) return objectiveFindings(decided);
  const fix = 'Set `requests` of the observation, or `sli` of the objective.';
  return [
    {
      code: 'ORR2012',
      what: `Objective "${id}" says nothing of what is measured, and nothing counts its requests.`,
      fix,
    },
  ];
}

/** What makes a stack observe a service, in one cluster. */
export function observationObjects(service: ObservedService, declared: Declared, stack: Watching): Made[] {
  const { observation } = declared;
  const objects: Made[] = [];
  const port = metricsPortOf(service, observation);
  if (port !== undefined) {
    objects.push({ id: 'PodMonitor', object: podMonitor(service, port, observation, stack) });
    if (service.isWalled) objects.push({ id: 'NetworkPolicy/metrics', object: scrapeAllowance(service, port, stack) });
  }
  const groups = [
    ...(observation.alerts === false ? [] : alertGroups(service, observation, stack)),
    ...[...allObjectives(declared)].flatMap(([id, objective]) => {
      const decided = decidedObjective(service, id, objective, declared, stack);
      return decided === undefined ? [] : objectiveGroups(`${service.name}-${id}`, decided);
    }),
  ];
  if (groups.length > 0) objects.push({ id: 'PrometheusRule', object: prometheusRule(service, groups, stack) });
  return objects;
}

function metricsPortOf({ ports }: ObservedService, { metricsPort }: ServiceObservation): NamedPort | undefined {
  return ports.find(({ name }) => (metricsPort === undefined ? METRICS_PORTS.includes(name) : name === metricsPort));
}

function countedBy(requests: ObservedRequests | undefined, { scrapesMesh }: Watching): ObservedRequests {
  return requests ?? (scrapesMesh ? ObservedRequests.istio() : ObservedRequests.uncounted());
}

function alertGroups(service: ObservedService, observation: ServiceObservation, stack: Watching): RuleGroup[] {
  const { requests, answeredWithin = '1s', alertLabels = {}, runbookUrl } = observation;
  const counted = countedBy(requests, stack)._indicators();
  return serviceAlerts({
    namespace: service.namespace,
    service: service.name,
    workload: { kind: service.workload, name: service.name },
    labels: alertLabels,
    traffic:
      counted === undefined
        ? { from: 'none' }
        : {
            from: 'indicators',
            availability: counted.availability(service),
            latency: counted.latency(service, answeredWithin),
          },
    ...(service.replicas === undefined ? {} : { replicas: service.replicas }),
    ...(service.autoscaler === undefined ? {} : { autoscaler: service.autoscaler }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
  });
}

/** Value of the label `slo`. */
function objectiveId({ namespace, name }: Pick<ObservedService, 'namespace' | 'name'>, id: string): string {
  return `${namespace}/${name}-${id}`;
}

/** Objectives for machines that look for causes. */
export function describedObjectives(
  service: Pick<ObservedService, 'namespace' | 'name'>,
  declared: Declared,
): DescribedObjective[] {
  return [...allObjectives(declared)].map(([id, { objective, period = DEFAULT_PERIOD, description, runbookUrl }]) =>
    present({
      id: objectiveId(service, id),
      objective,
      period,
      description,
      runbook: runbookUrl ?? declared.observation.runbookUrl,
    }),
  );
}

function allObjectives({ observation, objectives }: Declared): ReadonlyMap<string, ServiceObjective> {
  const { objective } = observation;
  return objective === undefined ? objectives : new Map([[AVAILABILITY, { objective }], ...objectives]);
}

/** Undefined where nothing is said of what is measured. */
function decidedObjective(
  service: ObservedService,
  id: string,
  { objective, sli, period = DEFAULT_PERIOD, description, runbookUrl, missingFor }: ServiceObjective,
  { observation }: Declared,
  stack: Watching,
): Objective | undefined {
  const measured = sli ?? countedBy(observation.requests, stack)._indicators()?.availability(service);
  if (measured === undefined) return undefined;
  return {
    id: objectiveId(service, id),
    objective,
    indicator: measured._indicator(),
    period,
    labels: { ...observation.alertLabels, namespace: service.namespace, service: service.name },
    alertName: 'ErrorBudgetBurn',
    alertLabels: { page: {}, ticket: {} },
    description,
    runbookUrl: runbookUrl ?? observation.runbookUrl,
    missingFor,
  };
}

/** prometheus-operator pkg/apis/monitoring/v1/podmonitor_types.go. By pods and not by Services: a stateful service has two of them, a release one more. */
function podMonitor(
  { name, namespace, labels, podNames, app }: ObservedService,
  port: NamedPort,
  { metricsPath = '/metrics', scrapeInterval }: ServiceObservation,
  { selectedBy }: Watching,
): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name, namespace, labels: { ...labels, ...selectedBy } },
    spec: {
      selector: {
        matchLabels: { 'app.kubernetes.io/part-of': app },
        matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [...podNames] }],
      },
      podMetricsEndpoints: [
        {
          port: port.name,
          path: metricsPath,
          ...(scrapeInterval === undefined ? {} : { interval: scrapeInterval }),
          // Alerts and objectives are about the service with its canary.
          relabelings: [{ targetLabel: 'job', replacement: name }],
        },
      ],
    },
  };
}

/** Only where the workspace refuses what is not allowed: elsewhere it would be what begins to refuse. */
function scrapeAllowance(
  { name, namespace, labels, podNames, app }: ObservedService,
  { targetPort, protocol }: NamedPort,
  stack: Watching,
): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${name}-metrics`, namespace, labels },
    spec: {
      podSelector: {
        matchLabels: { 'app.kubernetes.io/part-of': app },
        matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [...podNames] }],
      },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': stack.namespaceName } } }],
          ports: [{ port: targetPort, protocol }],
        },
      ],
    },
  };
}

function prometheusRule(
  { name, namespace, labels }: ObservedService,
  groups: readonly RuleGroup[],
  { selectedBy }: Watching,
): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name, namespace, labels: { ...labels, ...selectedBy } },
    spec: { groups },
  };
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
