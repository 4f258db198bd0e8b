import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { parseDuration } from '../duration';
import type { MetricTarget, ScalingRules, TriggerAuthentication } from '../scaling-props';
import type { Autoscaling, ServiceProps } from '../service-props';
import { isConfigKey, isDnsSubdomain } from './names';
import { type Problem, problemAt } from './problem';
import { quantityOf } from './quantity';
import { KEDA, type Scaling } from './scaling-rendering';
import type { TriggerRule } from './scaling-rules';
import { servesApi } from './served-apis';
import { isReplicas } from './service-replicas';
import type { Finding } from './service-validation';

/** Longest name of what KEDA scales: its HorizontalPodAutoscaler is called "keda-hpa-<name>", and the name is a label value. */
const LONGEST_SCALED_NAME = 54;

/** Reports what keeps KEDA from scaling a service in a cluster. */
export function reportUnscalable(
  construct: IConstruct,
  cluster: Cluster,
  name: string,
  scaling: Scaling,
  problems: Problem[],
): void {
  if ('replicas' in scaling || scaling.triggers.length === 0) return;
  const { clusterName } = cluster;
  if (!servesApi(cluster, KEDA)) {
    const what = `The service is scaled by events, and no fact of cluster "${clusterName}" says that KEDA is there.`;
    const fix = `Add apiVersions: ['${KEDA}'] to the facts of the cluster, or leave triggers out.`;
    problems.push(problemAt(construct, 'ORR2013', what, { fix, cluster: clusterName }));
  }
  if (name.length > LONGEST_SCALED_NAME) {
    const what = `"${name}" is too long for a service that KEDA scales: its autoscaler is called keda-hpa-${name}.`;
    const fix = `Use at most ${LONGEST_SCALED_NAME} characters.`;
    problems.push(problemAt(construct, 'ORR2003', what, { fix }));
  }
}

type Report = (code: Finding['code'], what: string, fix: string) => void;

/** What is wrong with an autoscaler. */
export function autoscalingProblems(
  autoscaling: Autoscaling,
  resources: Pick<ServiceProps, 'cpu' | 'memory'>,
): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  const { cpuPercent, memoryPercent, metrics = [], triggers = [] } = autoscaling;
  checkBounds(autoscaling, report);
  for (const [name, value] of Object.entries({ cpuPercent, memoryPercent })) {
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    report('ORR2011', `autoscaling.${name} is ${value}.`, 'Use a whole number above 0.');
  }
  const byCpu = cpuPercent !== undefined || (memoryPercent === undefined && metrics.length + triggers.length === 0);
  for (const [name, used, request] of [
    ['cpu', byCpu, resources.cpu],
    ['memory', memoryPercent !== undefined, resources.memory],
  ] as const) {
    if (!used || request !== undefined) continue;
    const fix = `A percentage of the request needs one: set ${name}.`;
    report('ORR2012', `The service scales by ${name} and requests no ${name}.`, fix);
  }
  for (const metric of metrics) {
    const { name, target } = metric._rule();
    checkTarget(name, target, report);
  }
  checkRules('scaleUp', autoscaling.scaleUp, report);
  checkRules('scaleDown', autoscaling.scaleDown, report);
  checkEvents(autoscaling, report);
  for (const trigger of triggers) checkTrigger(trigger._rule(), report);
  return findings;
}

/** KEDA starts the first pod by an event; use of CPU and memory is none while no pod runs. */
function checkBounds({ minReplicas, maxReplicas, triggers = [] }: Autoscaling, report: Report): void {
  const least = triggers.length > 0 ? 0 : 1;
  if (!isReplicas(minReplicas) || minReplicas < least) {
    const fix =
      least === 0
        ? 'Use a whole number from 0 on.'
        : 'An autoscaler keeps at least 1 replica; with triggers it may be 0.';
    report('ORR2011', `autoscaling.minReplicas is ${minReplicas}.`, fix);
  }
  if (!isReplicas(maxReplicas) || maxReplicas < minReplicas || maxReplicas === 0) {
    const fix = 'maxReplicas is a whole number from 1 on and not below minReplicas.';
    report('ORR2011', `autoscaling goes from ${minReplicas} to ${maxReplicas} replicas.`, fix);
  }
}

function checkTarget(name: string, { perPod, total }: MetricTarget, report: Report): void {
  if (name === '') report('ORR2011', 'A metric has no name.', 'Name it as the adapter of the cluster does.');
  if ((perPod === undefined) === (total === undefined)) {
    report('ORR2012', `Metric "${name}" needs exactly one of perPod and total.`, 'Set one of them.');
  }
  for (const value of [perPod, total]) {
    if (value !== undefined && (quantityOf(value) ?? 0) <= 0)
      report(
        'ORR2011',
        `The target of metric "${name}" is "${value}".`,
        'Use a quantity above 0, like "30" or "500m".',
      );
  }
}

/** Limits: k8s.io/kubernetes pkg/apis/autoscaling/validation. */
function checkRules(direction: string, rules: ScalingRules | undefined, report: Report): void {
  if (rules === undefined) return;
  const within = (what: string, text: string, least: number, most: number) => {
    const seconds = (parseDuration(text) ?? Number.NaN) / 1000;
    if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return;
    report(
      'ORR2011',
      `${direction}: ${what} is "${text}".`,
      `Use whole seconds from ${least} to ${most}, like "90s" or "5m".`,
    );
  };
  if (rules.stabilization !== undefined) within('stabilization', rules.stabilization, 0, 3600);
  for (const { pods, percent, period } of rules.policies ?? []) {
    within('the period of a policy', period, 1, 1800);
    if ((pods === undefined) === (percent === undefined)) {
      report('ORR2012', `${direction}: a policy needs exactly one of pods and percent.`, 'Set one of them.');
    }
    for (const value of [pods, percent]) {
      if (value !== undefined && (!Number.isSafeInteger(value) || value < 1))
        report(
          'ORR2011',
          `${direction}: a policy allows ${value}.`,
          'Use a whole number from 1 on; selectPolicy: DISABLED allows none.',
        );
    }
  }
}

/** Settings of KEDA, and what it refuses (kedacore/keda apis/keda/v1alpha1/scaledobject_webhook.go). */
function checkEvents(autoscaling: Autoscaling, report: Report): void {
  const {
    triggers = [],
    metrics = [],
    fallback,
    pollingInterval,
    cooldownPeriod,
    minReplicas,
    maxReplicas,
  } = autoscaling;
  if (triggers.length === 0) {
    const given = Object.entries({ fallback, pollingInterval, cooldownPeriod }).filter(
      ([, value]) => value !== undefined,
    );
    for (const [name] of given)
      report(
        'ORR2012',
        `autoscaling.${name} is set without triggers.`,
        'It is a setting of KEDA: set triggers, or leave it out.',
      );
    return;
  }
  if (metrics.length > 0) {
    const fix = 'KEDA makes the autoscaler itself: use a trigger instead of the metric, or no triggers.';
    report('ORR2012', 'autoscaling has metrics and triggers.', fix);
  }
  for (const [name, text, least] of [
    ['pollingInterval', pollingInterval, 1],
    ['cooldownPeriod', cooldownPeriod, 0],
  ] as const) {
    const seconds = text === undefined ? least : (parseDuration(text) ?? Number.NaN) / 1000;
    if (Number.isInteger(seconds) && seconds >= least) continue;
    report('ORR2011', `autoscaling.${name} is "${text}".`, `Use whole seconds from ${least} on, like "30s".`);
  }
  if (cooldownPeriod !== undefined && minReplicas > 0) {
    const fix = 'KEDA waits that long before it goes to 0: leave it out, or set minReplicas to 0.';
    report('ORR2012', 'autoscaling.cooldownPeriod is set, and minReplicas is not 0.', fix);
  }
  if (fallback !== undefined) {
    const { failureThreshold, replicas } = fallback;
    if (!isReplicas(failureThreshold) || !isReplicas(replicas) || replicas > maxReplicas) {
      const what = `autoscaling.fallback has ${replicas} replicas after ${failureThreshold} failures.`;
      report('ORR2011', what, 'Both are whole numbers from 0 on, and the replicas are at most maxReplicas.');
    }
  }
}

function checkTrigger({ type, metadata, replicas, authentication }: TriggerRule, report: Report): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(type)) {
    report('ORR2011', `"${type}" is no type of a trigger.`, 'Name it as KEDA does, e.g. "redis".');
  }
  if (type === 'cpu' || type === 'memory') {
    report(
      'ORR2012',
      `A trigger is of type ${type}.`,
      `Use autoscaling.${type}Percent: it is rendered as such a trigger.`,
    );
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (value === '') report('ORR2011', `Trigger ${type}: ${name} is empty.`, 'Say what KEDA shall read.');
    if (/(threshold|value|replicas)$/i.test(name) && Number(value) < 0)
      report('ORR2011', `Trigger ${type}: ${name} is ${value}.`, 'Use a number from 0 on.');
  }
  if (type === 'cron') checkCron(metadata, replicas, report);
  if (authentication !== undefined) checkAuthentication(type, authentication, report);
}

function checkCron(
  { timezone = '', start = '', end = '' }: TriggerRule['metadata'],
  replicas: number | undefined,
  report: Report,
): void {
  if (replicas !== undefined && (!isReplicas(replicas) || replicas < 1)) {
    report('ORR2011', `Trigger cron asks for ${replicas} replicas.`, 'Use a whole number from 1 on.');
  }
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/.test(timezone)) {
    const fix = 'Use a name of the IANA database, like "Asia/Shanghai" or "UTC".';
    report('ORR2011', `Trigger cron: "${timezone}" is no time zone.`, fix);
  }
  for (const [name, text] of Object.entries({ start, end })) {
    if (/^[\w*/,?#-]+( [\w*/,?#-]+){4}$/.test(text)) continue;
    const fix = 'Use five fields: minute, hour, day, month, day of the week.';
    report('ORR2011', `Trigger cron: ${name} is "${text}".`, fix);
  }
  if (start === end)
    report('ORR2012', 'Trigger cron starts and ends at the same time.', 'KEDA refuses that: change one.');
}

function checkAuthentication(type: string, authentication: TriggerAuthentication, report: Report): void {
  const { secrets, identity, existing, existingForCluster } = authentication;
  const kinds = [secrets ?? identity, existing, existingForCluster].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) {
    const fix = 'Use secrets and identity, or the name of one that exists.';
    report('ORR2012', `Trigger ${type} authenticates in ${kinds.length === 0 ? 'no way' : 'several ways'}.`, fix);
  }
  for (const name of [existing, existingForCluster]) {
    if (name !== undefined && !isDnsSubdomain(name))
      report('ORR2003', `Trigger ${type}: "${name}" is not the name of an authentication.`, 'Use its name.');
  }
  for (const [parameter, { secret, key, optional }] of Object.entries(secrets ?? {})) {
    if (!isDnsSubdomain(secret) || !isConfigKey(key)) {
      const what = `Trigger ${type}: "${parameter}" is taken from key "${key}" of Secret "${secret}".`;
      report('ORR2003', what, 'Use the name of a Secret, and a key in it.');
    }
    if (optional !== undefined)
      report('ORR2012', `Trigger ${type}: "${parameter}" is optional.`, 'KEDA needs the Secret: leave optional out.');
  }
}
