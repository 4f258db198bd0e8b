import type { IConstruct } from 'constructs';
import type { ServiceOverride, ServiceProps } from '../service-props';
import type { Override } from './overrides';
import { type Problem, type ProblemCode, problemAt } from './problem';
import { autoscalingProblems } from './scaling-validation';
import { isReplicas, MOST_REPLICAS } from './service-replicas';
import { type ServiceSettings, settingsIn } from './service-settings';
import { settingsProblems } from './settings-validation';
import { partitionProblems, statefulProblems } from './stateful-validation';

/** What is wrong, before it is known where. */
export interface Finding {
  readonly code: ProblemCode;
  readonly what: string;
  readonly fix: string;
}

/**
 * Reports what is wrong with a service as declared, and with every override on top of it.
 * @param settings those without overrides
 */
export function validateService(
  construct: IConstruct,
  props: ServiceProps,
  settings: ServiceSettings,
  overrides: readonly Override<ServiceOverride>[],
  problems: Problem[],
): void {
  const base = [
    ...scalingProblems(props),
    ...settingsProblems(settings),
    ...statefulProblems(construct.node.id, props),
  ];
  for (const { code, what, fix } of base) problems.push(problemAt(construct, code, what, { fix }));
  // An override is judged with the props under it; what was wrong before is not reported again.
  const known = new Set(base.map((finding) => finding.what));
  for (const { value, site } of overrides) {
    const overridden = settingsIn(props, [value]);
    for (const { code, what, fix } of [...overrideProblems(props, value), ...settingsProblems(overridden)]) {
      if (known.has(what)) continue;
      problems.push(problemAt(construct, code, `In an override: ${what}`, { fix, source: site.source }));
    }
  }
}

function scalingProblems(props: ServiceProps): Finding[] {
  const findings: Finding[] = [];
  const { replicas, replicasPerCluster, autoscaling, survive } = props;
  const report = (code: ProblemCode, what: string, fix: string) => findings.push({ code, what, fix });
  if (replicas !== undefined && replicasPerCluster !== undefined) {
    report(
      'ORR2012',
      'replicas and replicasPerCluster are both set.',
      'replicas is divided over the clusters, replicasPerCluster is not: choose one.',
    );
  }
  if (survive !== undefined && replicas === undefined && autoscaling === undefined) {
    report(
      'ORR2012',
      'survive is set, and no number that shall survive.',
      'Say how many replicas have to be left: set replicas or autoscaling.',
    );
  }
  for (const [name, value] of Object.entries({ replicas, replicasPerCluster })) {
    if (value === undefined) continue;
    if (!isReplicas(value)) report('ORR2011', `${name} is ${value}.`, `Use a whole number from 0 to ${MOST_REPLICAS}.`);
    if (autoscaling !== undefined) {
      const fix = `The autoscaler decides the number: remove ${name}, and set autoscaling.minReplicas.`;
      report('ORR2012', `${name} and autoscaling are both set.`, fix);
    }
  }
  if (autoscaling !== undefined) findings.push(...autoscalingProblems(autoscaling, props));
  return findings;
}

function overrideProblems(props: ServiceProps, override: ServiceOverride): Finding[] {
  const findings: Finding[] = [];
  const { replicas, autoscaling, partition } = override;
  if (partition !== undefined) {
    const fix = 'Only pods of a stateful service are updated in part: set stateful.';
    if (props.stateful === undefined)
      findings.push({ code: 'ORR2012', what: 'partition is set for a service without identity.', fix });
    else findings.push(...partitionProblems({ ...props.stateful, partition }));
  }
  if (replicas !== undefined && !isReplicas(replicas)) {
    findings.push({
      code: 'ORR2011',
      what: `replicas is ${replicas}.`,
      fix: `Use a whole number from 0 to ${MOST_REPLICAS}.`,
    });
  }
  if (replicas !== undefined && props.autoscaling !== undefined) {
    const fix = 'The autoscaler decides the number: override autoscaling instead.';
    findings.push({ code: 'ORR2012', what: 'replicas is set for a service that scales automatically.', fix });
  }
  if (autoscaling !== undefined && props.autoscaling === undefined) {
    const fix = 'Set autoscaling on the service, or override replicas.';
    findings.push({
      code: 'ORR2012',
      what: 'autoscaling is set for a service that does not scale automatically.',
      fix,
    });
  }
  if (autoscaling !== undefined) {
    const whole = { ...props.autoscaling, ...autoscaling };
    findings.push(...autoscalingProblems(whole, { ...props, ...override }));
  }
  return findings;
}
