import { isLabelKey, isLabelValue } from '../../private/names';
import type { Finding } from '../../private/service-validation';
import { webAddressFindings } from '../../private/web-address';
import { burnRates, daysOf } from './burn-rates';
import { indicatorFindings } from './indicator';
import { prometheusSeconds } from './prometheus/prometheus-duration';
import type { Objective, Texts } from './slo-rules';

/** With a shorter period the slowest alert would tell of burns that leave budget over (the last factor is under 0.9). */
const LEAST_DAYS = 28;
const MOST_DAYS = 366;

export function objectiveFindings(slo: Objective): Finding[] {
  const { objective, period, labels, alertLabels, alertName, runbookUrl, missingFor } = slo;
  return [
    ...indicatorFindings(slo.indicator),
    ...shareFindings(objective, period),
    ...labelFindings('labels', labels, ['slo', 'severity']),
    ...labelFindings('pageLabels', alertLabels.page, ['slo']),
    ...labelFindings('ticketLabels', alertLabels.ticket, ['slo']),
    ...alertNameFindings(alertName),
    ...(runbookUrl === undefined ? [] : webAddressFindings(runbookUrl, 'a runbook')),
    ...(missingFor === undefined || prometheusSeconds(missingFor) !== undefined
      ? []
      : [bad(`missingFor is "${missingFor}".`, 'Write it like "30m" or "1h".')]),
  ];
}

function shareFindings(objective: number, period: string): Finding[] {
  const days = daysOf(period);
  if (days === undefined || days < LEAST_DAYS || days > MOST_DAYS)
    return [
      bad(
        `The period is ${JSON.stringify(period)}.`,
        `Use days or weeks, e.g. "30d" or "4w", from ${LEAST_DAYS}d to ${MOST_DAYS}d: the windows of the alerts are made for about a month.`,
      ),
    ];
  if (!(objective > 0 && objective < 1))
    return [bad(`The objective is ${objective}.`, 'Use a share between 0 and 1, e.g. 0.999.')];
  const least = Math.min(
    ...burnRates(days)
      .filter(({ urgency }) => urgency === 'page')
      .map(({ factor }) => factor),
  );
  if (least * (1 - objective) < 1) return [];
  return [
    {
      code: 'ORR2012',
      what: `Nobody would be paged, whatever happens: errors alone burn the budget of objective ${objective} less than ${least} times as fast as allowed.`,
      fix: `Use an objective over ${Number((1 - 1 / least).toPrecision(4))}, or a shorter period.`,
    },
  ];
}

/** Labels of Prometheus (prometheus/common model/labels.go), as older versions and the operator take them. */
export function labelFindings(field: string, labels: Texts, taken: readonly string[]): Finding[] {
  return Object.keys(labels).flatMap((name) => {
    if (taken.includes(name)) return [bad(`${field} has the label "${name}", which is set here.`, 'Leave it out.')];
    if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.startsWith('__')) return [];
    return [
      bad(
        `${field} has the label "${name}", which Prometheus does not take.`,
        'Use letters, digits and "_", not starting with a digit or "__".',
      ),
    ];
  });
}

/** What an alert may be called: routes and silences write it without quotes. */
export function alertNameFindings(name: string): Finding[] {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return [];
  return [bad(`"${name}" is no name for an alert.`, 'Use letters, digits and "_", e.g. "ErrorBudgetBurn".')];
}

/** Labels of an object by which a Prometheus finds it. */
export function selectedByFindings(selectedBy: Texts): Finding[] {
  return Object.entries(selectedBy).flatMap(([key, value]) =>
    isLabelKey(key) && isLabelValue(value)
      ? []
      : [
          bad(
            `selectedBy has the label ${key}=${value}, which Kubernetes does not take.`,
            'Copy it from ruleSelector.',
          ),
        ],
  );
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
