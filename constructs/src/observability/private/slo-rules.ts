import { type BurnRate, burnRates, daysOf, type Urgency, WINDOWS } from './burn-rates';
import { errorRatio, type Indicator, inWindow } from './indicator';

/** Names to values. */
export interface Texts {
  readonly [name: string]: string;
}

/** A rule of a PrometheusRule. */
export type Rule =
  | { readonly record: string; readonly expr: string; readonly labels: Texts }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly keep_firing_for?: string;
      readonly labels: Texts;
      readonly annotations: Texts;
    };

export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly limit?: number;
  readonly rules: readonly Rule[];
}

export const DEFAULT_PERIOD = '30d';

/** An objective as machines are told of it. */
export interface DescribedObjective {
  /** Value of the label `slo` on its series and alerts. */
  readonly id: string;
  readonly objective: number;
  readonly period: string;
  readonly description?: string;
  readonly runbook?: string;
}

/** An objective with everything decided. */
export interface Objective {
  /** "mall/cart": tells its series from those of all others. */
  readonly id: string;
  readonly objective: number;
  readonly indicator: Indicator;
  /** "30d". */
  readonly period: string;
  /** On all series and alerts. */
  readonly labels: Texts;
  readonly alertName: string;
  /** On the alerts beside `labels`, by urgency. */
  readonly alertLabels: { readonly [K in Urgency]: Texts };
  readonly description: string | undefined;
  readonly runbookUrl: string | undefined;
  readonly missingFor: string | undefined;
}

const RATIO = 'slo:sli_error:ratio_rate';

/** The rules of an objective: what is recorded, and when somebody is told. */
export function objectiveGroups(name: string, objective: Objective): RuleGroup[] {
  return [
    { name: `${name}-slo-recordings`, rules: recordings(objective) },
    { name: `${name}-slo-alerts`, rules: [...burnAlerts(objective), ...missingAlert(objective)] },
  ];
}

function recordings(slo: Objective): Rule[] {
  const { objective, indicator, period } = slo;
  const labels = seriesLabels(slo);
  const shortest = series(slo, WINDOWS[0]);
  return [
    ...WINDOWS.map((window) => ({ record: `${RATIO}${window}`, expr: errorRatio(indicator, window), labels })),
    // The ratio over the whole period from what is recorded already: a rate over so many raw samples would be dear.
    {
      record: `${RATIO}${period}`,
      expr: `sum_over_time(${shortest}[${period}]) / count_over_time(${shortest}[${period}])`,
      labels,
    },
    { record: 'slo:objective:ratio', expr: `vector(${objective})`, labels },
    {
      record: 'slo:period_error_budget_remaining:ratio',
      expr: `1 - ${series(slo, period)} / (1 - ${objective})`,
      labels,
    },
  ];
}

function burnAlerts(slo: Objective): Rule[] {
  const rates = burnRates(daysOf(slo.period) ?? 0);
  return (['page', 'ticket'] as const).map((urgency) => ({
    alert: slo.alertName,
    expr: rates
      .filter((rate) => rate.urgency === urgency)
      .map((rate) => `(\n${burns(slo, rate)}\n)`)
      .join('\nor\n'),
    labels: alertLabels(slo, urgency),
    annotations: annotations(
      slo,
      `The error budget of ${slo.id} burns too fast.`,
      `{{ $value | humanizePercentage }} are errors; ${percentage(1 - slo.objective)} may be over ${slo.period}.`,
    ),
  }));
}

/** Both windows over the threshold: the budget burns, and still does. */
function burns(slo: Objective, { shortWindow, longWindow, factor }: BurnRate): string {
  return [shortWindow, longWindow]
    .map((window) => `  ${series(slo, window)} > (${factor} * (1 - ${slo.objective}))`)
    .join('\n  and\n');
}

function missingAlert(slo: Objective): Rule[] {
  if (slo.missingFor === undefined) return [];
  return [
    {
      alert: `${slo.alertName}Unknown`,
      expr: `absent(${inWindow(slo.indicator.total, WINDOWS[0])})`,
      for: slo.missingFor,
      labels: { ...seriesLabels(slo), ...alertLabels(slo, 'ticket') },
      annotations: annotations(
        slo,
        `Whether ${slo.id} is met is not known.`,
        'Prometheus has no series of what the objective counts.',
      ),
    },
  ];
}

function series({ id }: Objective, window: string): string {
  return `${RATIO}${window}{slo=${JSON.stringify(id)}}`;
}

function seriesLabels({ id, labels }: Objective): Texts {
  return { ...labels, slo: id };
}

function alertLabels({ alertLabels: own }: Objective, urgency: Urgency): Texts {
  return { severity: urgency, ...own[urgency] };
}

function annotations({ description, runbookUrl }: Objective, summary: string, detail: string): Texts {
  return {
    summary,
    description: description === undefined ? detail : `${description} ${detail}`,
    ...(runbookUrl === undefined ? {} : { runbook_url: runbookUrl }),
  };
}

/** 0.001 is "0.1 %", without the noise of binary fractions. */
function percentage(share: number): string {
  return `${Number((100 * share).toPrecision(10))} %`;
}
