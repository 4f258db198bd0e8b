import { isLabelValue } from '../../../private/names';
import { present } from '../../../private/present-members';
import type { Finding } from '../../../private/service-validation';
import { webAddressFindings } from '../../../private/web-address';
import type { LogAlertProps } from '../../log-alert-props';
import { labelFindings } from '../slo-findings';
import { streamName } from './owners';

/** A rule as it was asked for. */
export interface AlertModel {
  readonly name: string;
  readonly type: string;
  readonly props: LogAlertProps;
  /** What its type has beside. */
  readonly settings: object;
  /** Times as they were written, by the property. */
  readonly times: { readonly [property: string]: string | undefined };
  readonly counts?: { readonly [property: string]: number };
  /** Of which one has to be there. */
  readonly limits?: { readonly above: number | undefined; readonly below: number | undefined };
  readonly needsKey?: boolean;
}

const UNITS: { readonly [unit: string]: string } = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' };

/** A time as elastalert2 reads it: "5m" is { minutes: 5 }. */
export function elastTime(text: string): object {
  const [, number = '0', unit = 'm'] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  return { [UNITS[unit] ?? 'minutes']: Number(number) };
}

export function bucketFilter(query: string): object[] {
  return [{ query_string: { query } }];
}

/** The rule, as its file has it. */
export function alertRule(model: AlertModel, prefix: string, alertmanagers: readonly string[]): object {
  const { name, type, props, settings } = model;
  const { summary, query, workspace, queryKey, realert = '5m', severity = 'ticket', labels = {}, runbookUrl } = props;
  const index =
    props.index ??
    (workspace === undefined ? `${prefix}-container-*` : streamName(prefix, 'container', workspace.node.id));
  return present({
    name,
    type,
    index,
    ...present(settings as { [name: string]: unknown }),
    filter: query === undefined ? [] : [{ query_string: { query } }],
    query_key: queryKey,
    realert: elastTime(realert),
    alert: ['alertmanager'],
    alertmanager_hosts: alertmanagers,
    alertmanager_api_version: 'v2',
    alertmanager_alertname: name,
    alertmanager_labels: {
      ...labels,
      severity,
      source: 'logs',
      ...(workspace === undefined ? {} : { workspace: workspace.node.id }),
    },
    alertmanager_annotations: { summary, ...(runbookUrl === undefined ? {} : { runbook_url: runbookUrl }) },
    // A match is found by what it says, whatever else a record holds.
    alert_text_type: 'exclude_fields',
    ...props.settings,
  });
}

export function alertFindings(model: AlertModel): Finding[] {
  const { name, type, props, times, counts = {}, limits, needsKey } = model;
  const bad = (what: string, fix: string): Finding => ({ code: 'ORR2011', what: `Log alert "${name}": ${what}`, fix });
  const { realert, severity, labels = {}, runbookUrl, queryKey, summary } = props;
  return [
    ...(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
      ? []
      : [{ code: 'ORR2003' as const, what: `"${name}" is no name of a log alert.`, fix: 'Use a DNS label.' }]),
    ...(summary.trim() === '' ? [bad('it has no summary.', 'Say what happened.')] : []),
    ...Object.entries({ ...times, realert }).flatMap(([property, time]) =>
      time === undefined || /^[1-9]\d{0,5}[smhd]$/.test(time)
        ? []
        : [bad(`${property} is ${JSON.stringify(time)}.`, 'Use s, m, h or d, e.g. "5m".')],
    ),
    ...Object.entries(counts).flatMap(([property, count]) =>
      Number.isInteger(count) && count > 0 ? [] : [bad(`${property} is ${count}.`, 'Use a whole number from 1 on.')],
    ),
    ...(limits === undefined || limits.above !== undefined || limits.below !== undefined
      ? []
      : [bad('it has no limit.', 'Set above or below.')]),
    ...(limits?.above !== undefined && limits.below !== undefined && limits.below >= limits.above
      ? [
          {
            code: 'ORR2012' as const,
            what: `Log alert "${name}" is always on: below ${limits.below} or above ${limits.above} is everything.`,
            fix: 'Use a lower limit for below.',
          },
        ]
      : []),
    ...(needsKey === true && queryKey === undefined
      ? [bad(`a rule of type ${type} compares records of one thing, and it has no queryKey.`, 'Set queryKey.')]
      : []),
    ...(severity === undefined || isLabelValue(severity)
      ? []
      : [bad(`severity is ${JSON.stringify(severity)}.`, 'Use a word.')]),
    ...labelFindings(`labels of log alert "${name}"`, labels, ['alertname', 'severity', 'source', 'workspace']),
    ...(runbookUrl === undefined ? [] : webAddressFindings(runbookUrl, 'a runbook')),
  ];
}
