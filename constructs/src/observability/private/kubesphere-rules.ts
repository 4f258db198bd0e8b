import { present } from '../../private/present-members';
import type { Finding } from '../../private/service-validation';
import type { AlertRuleProps } from '../alert-rule';
import type { KubeSphereRuleGroupProps } from '../kubesphere-rule-group';
import { groupFindings } from './declared-rules';

/** Severities of KubeSphere's console, by those that rules have here. */
const SEVERITIES: { readonly [severity: string]: string } = {
  page: 'critical',
  critical: 'critical',
  error: 'error',
  ticket: 'warning',
  warning: 'warning',
};

/** Labels that KubeSphere gives to rules itself (kubesphere pkg/controller/alerting/util.go). */
const OWN_LABELS = ['rule_id', 'rule_level', 'rule_group', 'cluster', 'namespace', 'alerttype'];

/** A group of rules (kubesphere staging/src/kubesphere.io/api/alerting/v2beta1). Each has its `rule_id`, which KubeSphere would otherwise make up anew whenever ours is written. */
export function kubeSphereGroup(
  name: string,
  namespace: string | undefined,
  { level, rules, interval }: KubeSphereRuleGroupProps,
): object {
  return {
    apiVersion: 'alerting.kubesphere.io/v2beta1',
    kind: level,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { 'app.kubernetes.io/managed-by': 'orrery', 'alerting.kubesphere.io/enable': 'true' },
    },
    spec: { ...present({ interval }), rules: alertsOf(rules).map((rule, at) => ruleOf(name, rule, at)) },
  };
}

function alertsOf(rules: KubeSphereRuleGroupProps['rules']): AlertRuleProps[] {
  return rules.flatMap((rule) => {
    const declared = rule._rule();
    return declared.type === 'alert' ? [declared.props] : [];
  });
}

function ruleOf(group: string, rule: AlertRuleProps, at: number): object {
  const { name, expression, severity, summary, description, runbookUrl, pendingFor, labels, annotations } = rule;
  return {
    alert: name,
    expr: expression,
    ...present({ for: pendingFor }),
    severity: SEVERITIES[severity] ?? severity,
    labels: { ...labels, rule_id: `${group}-${at}-${name}`.toLowerCase() },
    // What the console shows first is `summary`, and `message` below it.
    annotations: { ...annotations, summary, message: description ?? summary, ...present({ runbook_url: runbookUrl }) },
  };
}

export function kubeSphereGroupFindings(id: string, props: KubeSphereRuleGroupProps): Finding[] {
  const { rules, interval, namespaceName, level } = props;
  const alerts = alertsOf(rules);
  return [
    ...groupFindings([{ name: id, rules, ...present({ interval }) }]),
    ...(alerts.length === rules.length
      ? []
      : [conflict('A rule records a series.', 'KubeSphere has alerts only: record it with AlertRules.')]),
    ...alerts
      .filter(({ keepFiringFor }) => keepFiringFor !== undefined)
      .map(({ name }) => conflict(`"${name}" has keepFiringFor, which KubeSphere does not know.`, 'Leave it out.')),
    ...alerts
      .filter(({ severity }) => !Object.hasOwn(SEVERITIES, severity))
      .map(({ name, severity }) =>
        conflict(
          `"${name}" has severity "${severity}", which KubeSphere's console does not know.`,
          `Use ${Object.keys(SEVERITIES).join(', ')}.`,
        ),
      ),
    ...alerts.flatMap(({ name, labels = {} }) =>
      Object.keys(labels)
        .filter((label) => OWN_LABELS.includes(label))
        .map((label) => conflict(`"${name}" has the label "${label}", which KubeSphere sets.`, 'Leave it out.')),
    ),
    ...(namespaceName === undefined || level === 'RuleGroup'
      ? []
      : [conflict(`A ${level} is in no namespace, and has namespaceName.`, 'Leave it out, or use level NAMESPACE.')]),
  ];
}

function conflict(what: string, fix: string): Finding {
  return { code: 'ORR2012', what, fix };
}
