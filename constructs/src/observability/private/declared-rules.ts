import { present } from '../../private/present-members';
import { saidTwice } from '../../private/said-twice';
import type { Finding } from '../../private/service-validation';
import { webAddressFindings } from '../../private/web-address';
import type { AlertRuleProps, RecordingRuleProps } from '../alert-rule';
import type { AlertRuleGroup } from '../alert-rules';
import { prometheusSeconds } from './prometheus/prometheus-duration';
import { alertNameFindings, labelFindings } from './slo-findings';
import type { Rule, RuleGroup } from './slo-rules';

export type DeclaredRule =
  | { readonly type: 'alert'; readonly props: AlertRuleProps }
  | { readonly type: 'recording'; readonly props: RecordingRuleProps };

/** Groups as a PrometheusRule has them. */
export function groupsOf(groups: readonly AlertRuleGroup[]): RuleGroup[] {
  return groups.map(({ name, interval, limit, rules }) => ({
    name,
    ...present({ interval, limit }),
    rules: rules.map((rule) => ruleOf(rule._rule())),
  }));
}

function ruleOf(rule: DeclaredRule): Rule {
  if (rule.type === 'recording') {
    const { name, expression, labels = {} } = rule.props;
    return { record: name, expr: expression, labels };
  }
  const { name, expression, severity, summary, description, runbookUrl, pendingFor, keepFiringFor } = rule.props;
  return {
    alert: name,
    expr: expression,
    ...present({ for: pendingFor, keep_firing_for: keepFiringFor }),
    labels: { ...rule.props.labels, severity },
    annotations: { ...rule.props.annotations, summary, ...present({ description, runbook_url: runbookUrl }) },
  };
}

/** What is wrong with rules, but for their PromQL, which the check `promql` reads. */
export function groupFindings(groups: readonly AlertRuleGroup[]): Finding[] {
  const names = groups.map(({ name }) => name);
  return [
    ...(groups.length === 0 ? [bad('There is no group of rules.', 'Say which rules there are: groups.')] : []),
    ...saidTwice(names).map((name) => bad(`There are two groups "${name}".`, 'Give each a name of its own.')),
    ...groups.flatMap(({ name, rules, interval, limit }) => [
      ...(name === '' ? [bad('A group has no name.', 'Name it.')] : []),
      ...(rules.length === 0 ? [bad(`Group "${name}" has no rule.`, 'Leave it out.')] : []),
      ...durationFindings(`The interval of group "${name}"`, interval, 0),
      ...(limit === undefined || (Number.isInteger(limit) && limit >= 0)
        ? []
        : [bad(`Group "${name}" has limit ${limit}.`, 'Use a whole number; 0 is none.')]),
      ...saidTwice(rules.map((rule) => identityOf(rule._rule()))).map((identity) =>
        bad(`Group "${name}" has ${identity.split('{')[0]} twice with the same labels.`, 'Tell them apart by a label.'),
      ),
      ...rules.flatMap((rule) => ruleFindings(rule._rule())),
    ]),
  ];
}

function ruleFindings(rule: DeclaredRule): Finding[] {
  const { name, expression } = rule.props;
  const empty =
    expression.trim() === '' ? [bad(`"${name}" has no expression.`, 'Write what is asked, in PromQL.')] : [];
  if (rule.type === 'recording') {
    const named = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)
      ? []
      : [bad(`"${name}" is no name for a series.`, 'Use letters, digits, "_" and ":".')];
    return [...named, ...empty, ...labelFindings(`"${name}"`, rule.props.labels ?? {}, [])];
  }
  const { severity, runbookUrl, pendingFor, keepFiringFor, labels = {}, annotations = {} } = rule.props;
  return [
    ...alertNameFindings(name),
    ...empty,
    ...(/^[a-z][a-z0-9_-]*$/.test(severity)
      ? []
      : [bad(`"${severity}" is no severity.`, 'Use a word of small letters, e.g. "page" or "ticket".')]),
    ...labelFindings(`"${name}"`, labels, ['severity', 'alertname']),
    ...labelFindings(`Annotations of "${name}"`, annotations, ['summary', 'description', 'runbook_url']),
    ...(runbookUrl === undefined ? [] : webAddressFindings(runbookUrl, 'a runbook')),
    ...durationFindings(`pendingFor of "${name}"`, pendingFor, 0),
    ...durationFindings(`keepFiringFor of "${name}"`, keepFiringFor, 0.001),
  ];
}

function identityOf(rule: DeclaredRule): string {
  const { name, labels = {} } = rule.props;
  const all = { ...labels, ...(rule.type === 'alert' ? { severity: rule.props.severity } : {}) };
  return `"${name}"${JSON.stringify(Object.entries(all).sort())}`.replace('[', '{');
}

function durationFindings(what: string, text: string | undefined, least: number): Finding[] {
  if (text === undefined || (prometheusSeconds(text) ?? -1) >= least) return [];
  return [bad(`${what} is "${text}".`, 'Write it like "30s", "5m" or "1h".')];
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
