import { isPortName } from '../../private/names';
import { findingsOf, type ObjectFinding, type ReportFinding } from '../../private/typed-object';
import type { CollectorAutoscaler, CollectorMetricTarget } from '../collector-autoscaler-props';
import { CollectorIngressRule, CollectorIngressType, type CollectorPort } from '../collector-network-props';
import { CollectorMode, type OpenTelemetryCollectorSpec } from '../collector-props';
import { TargetAllocation } from '../target-allocator-props';
import { checkCollectorConfig, typeOfComponent } from './collector-config-rules';

/**
 * What is wrong with an OpenTelemetryCollector: what the webhook of the operator refuses (open-telemetry/opentelemetry-operator internal/webhook/collector_webhook.go: Validate), and what its configuration
 * would not start with.
 */
export function collectorProblems(spec: OpenTelemetryCollectorSpec): ObjectFinding[] {
  return findingsOf((report) => {
    checkMode(spec, report);
    checkPorts(spec.ports ?? [], report);
    checkReceivers(spec, report);
    checkReplicas(spec, report);
    checkIngress(spec, report);
    checkTargetAllocator(spec, report);
    checkCollectorConfig(spec.config, report);
  });
}

/** Fields that only collectors of some modes have. */
const ONLY: readonly {
  readonly field: keyof OpenTelemetryCollectorSpec;
  readonly modes: readonly CollectorMode[];
}[] = [
  ...(['volumeClaimTemplates', 'persistentVolumeClaimRetentionPolicy'] as const).map((field) => ({
    field,
    modes: [CollectorMode.STATEFULSET],
  })),
  ...(['tolerations', 'priorityClassName', 'affinity', 'additionalContainers'] as const).map((field) => ({
    field,
    modes: [CollectorMode.DAEMONSET, CollectorMode.DEPLOYMENT, CollectorMode.STATEFULSET],
  })),
  { field: 'daemonSetUpdateStrategy', modes: [CollectorMode.DAEMONSET] },
  { field: 'deploymentUpdateStrategy', modes: [CollectorMode.DEPLOYMENT] },
];

function modeOf({ mode = CollectorMode.DEPLOYMENT }: OpenTelemetryCollectorSpec): CollectorMode {
  return mode;
}

function checkMode(spec: OpenTelemetryCollectorSpec, report: ReportFinding): void {
  const mode = modeOf(spec);
  for (const { field, modes } of ONLY) {
    const value = spec[field];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    if (modes.includes(mode)) continue;
    // A strategy without a type says nothing to the operator.
    if (/Strategy$/.test(field) && (value as { ofType?: string }).ofType === undefined) continue;
    const what = `spec.${field} is set, and a ${mode} has none.`;
    report('ORR2012', what, `Leave it out, or use mode ${modes.join(' or ')}.`);
  }
}

function checkPorts(ports: readonly CollectorPort[], report: ReportFinding): void {
  const names = new Set<string>();
  for (const [i, { name = '', port }] of ports.entries()) {
    const at = `spec.ports[${i}]`;
    if (!isPortName(name)) {
      const fix = 'Use at most 15 lower-case letters, digits and "-", with a letter.';
      report('ORR2003', `${at}.name "${name}" is no name of a port.`, fix);
    } else if (names.has(name)) report('ORR2004', `${at}.name "${name}" is used twice.`, 'Give each another name.');
    names.add(name);
    if (!isPort(port)) report('ORR2011', `${at}.port ${port} is no port.`, 'Use 1 to 65535.');
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** Endpoints of receivers: from them the operator makes the ports of the Service (internal/components, single_endpoint.go: address without a host is all of the pod). */
function checkReceivers({ config }: OpenTelemetryCollectorSpec, report: ReportFinding): void {
  for (const [name, settings] of Object.entries(config.receivers)) {
    for (const [path, endpoint] of endpointsOf(settings, `config.receivers["${name}"]`)) {
      const [, port] = /:(\d+)$/.exec(endpoint) ?? [];
      if (port === undefined || isPort(Number(port))) continue;
      report('ORR2011', `${path} is "${endpoint}", which is no port.`, 'Use 1 to 65535.');
    }
  }
}

function* endpointsOf(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'endpoint' && typeof member === 'string') yield [`${path}.${key}`, member];
    else if (key === 'protocols' || path.endsWith('.protocols')) yield* endpointsOf(member, `${path}.${key}`);
  }
}

function checkReplicas(spec: OpenTelemetryCollectorSpec, report: ReportFinding): void {
  const { replicas, autoscaler } = spec;
  if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 0))
    report('ORR2011', `spec.replicas is ${replicas}.`, 'Use a whole number from 0.');
  if (autoscaler === undefined) return;
  const { minReplicas, maxReplicas } = autoscaler;
  if (maxReplicas === undefined) {
    if (minReplicas === undefined) return;
    const what = `spec.autoscaler has minReplicas ${minReplicas}, and no maxReplicas.`;
    report('ORR2012', what, 'Set maxReplicas.');
    return;
  }
  const least = minReplicas ?? replicas ?? 1;
  if ((replicas ?? 1) > maxReplicas)
    report('ORR2012', `spec.replicas ${replicas ?? 1} is over maxReplicas ${maxReplicas}.`, 'Raise maxReplicas.');
  else if (least > maxReplicas)
    report(
      'ORR2012',
      `spec.autoscaler has minReplicas ${least} over maxReplicas ${maxReplicas}.`,
      'Raise maxReplicas.',
    );
  checkAutoscaler(autoscaler, report);
}

function checkAutoscaler({ minReplicas, maxReplicas, ...rest }: CollectorAutoscaler, report: ReportFinding): void {
  const at = 'spec.autoscaler';
  const least = { minReplicas, maxReplicas, ...pick(rest) };
  for (const [field, value] of Object.entries(least)) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    report('ORR2011', `${at}.${field} is ${value}.`, 'Use a whole number from 1.');
  }
  for (const way of ['scaleDown', 'scaleUp'] as const) {
    const seconds = rest.behavior?.[way]?.stabilizationWindowSeconds;
    if (seconds === undefined || (seconds >= 0 && seconds <= 3600)) continue;
    const what = `${at}.behavior.${way}.stabilizationWindowSeconds is ${seconds}.`;
    report('ORR2011', what, 'Use 0 to 3600.');
  }
  for (const [i, { ofType, pods }] of (rest.metrics ?? []).entries()) {
    const which = `${at}.metrics[${i}]`;
    if (ofType !== 'Pods')
      report('ORR2011', `${which}.type is "${ofType}".`, 'Use "Pods": the operator takes no other.');
    else if (pods === undefined) report('ORR2011', `${which} has no pods.`, 'Set pods, with metric and target.');
    else checkTarget(pods.target, `${which}.pods.target`, report);
  }
}

function pick({ targetCPUUtilization, targetMemoryUtilization }: CollectorAutoscaler): {
  readonly [field: string]: number | undefined;
} {
  return { targetCPUUtilization, targetMemoryUtilization };
}

function checkTarget(target: CollectorMetricTarget, at: string, report: ReportFinding): void {
  const { ofType, averageValue, value } = target;
  const field = { AverageValue: 'averageValue', Value: 'value' }[ofType];
  if (field === undefined) {
    report('ORR2011', `${at}.type is "${ofType}".`, 'Use "AverageValue" or "Value".');
    return;
  }
  const given = ofType === 'Value' ? value : averageValue;
  // Whole numbers without or with a unit; "500m" has no whole value.
  if (/^[1-9]\d*([kMGTPE]i?)?$/.test(String(given ?? ''))) return;
  report('ORR2011', `${at}.${field} is ${given ?? 'not set'}.`, 'Use a whole number over 0.');
}

function checkIngress(spec: OpenTelemetryCollectorSpec, report: ReportFinding): void {
  const { ofType, ruleType, hostname = '' } = spec.ingress ?? {};
  if (ofType === CollectorIngressType.INGRESS && modeOf(spec) === CollectorMode.SIDECAR)
    report('ORR2012', 'spec.ingress is set, and a sidecar has no Service.', 'Leave it out, or use another mode.');
  if (ruleType === CollectorIngressRule.SUBDOMAIN && (hostname === '' || hostname === '*'))
    report('ORR2012', 'spec.ingress tells receivers apart by subdomain, and has no hostname.', 'Set hostname.');
}

function checkTargetAllocator(spec: OpenTelemetryCollectorSpec, report: ReportFinding): void {
  const { targetAllocator } = spec;
  if (targetAllocator?.enabled !== true) return;
  const mode = modeOf(spec);
  const { allocationStrategy = TargetAllocation.CONSISTENT_HASHING } = targetAllocator;
  const perNode = allocationStrategy === TargetAllocation.PER_NODE;
  if (mode !== CollectorMode.STATEFULSET && mode !== CollectorMode.DAEMONSET) {
    const what = `spec.targetAllocator is enabled, and targets cannot be given to a ${mode}.`;
    report('ORR2012', what, 'Use mode statefulset or daemonset.');
  } else if ((mode === CollectorMode.DAEMONSET) !== perNode) {
    const what = `spec.targetAllocator divides by ${allocationStrategy}, and the collector is a ${mode}.`;
    report('ORR2012', what, 'A daemonset takes per-node, and nothing else does.');
  }
  if (Object.keys(spec.config.receivers).some((name) => typeOfComponent(name) === 'prometheus')) return;
  const what = 'spec.targetAllocator is enabled, and no receiver "prometheus" asks it for targets.';
  report('ORR2012', what, 'Define the receiver, or leave the target allocator out.');
}
