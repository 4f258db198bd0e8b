import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ClusterSet,
  DeadMansSwitch,
  Platform,
  ServiceLevelIndicator,
  ServiceLevelObjective,
  type ServiceLevelObjectiveProps,
} from '@orrery/constructs';
import { describe, expect, it } from 'vitest';
import { loadPromqlReader } from '../../lib/checks/promql/promql-reader.ts';
import { checkRules, isPromtoolMissing, promtoolSkipped, type RuleTest, testRules } from './promtool.ts';
import { counter } from './rule-series.ts';

interface Group {
  readonly name: string;
  readonly rules: readonly {
    readonly expr: string;
    readonly labels: { readonly severity?: string };
    readonly annotations?: object;
  }[];
}

/** The burn rates that the field has agreed on (../shared/data/SOURCES.md). */
const BURN_RATES = path.join(import.meta.dirname, '../../../shared/data/slo/burn-rates.tsv');
const isDataMissing = !existsSync(BURN_RATES) && process.env.CI !== 'true';

/** A machine with other things to do. */
const TIMEOUT = 120_000;

const TOTAL = 'http_requests_total{job="cart",code="200"}';
const FAILED = 'http_requests_total{job="cart",code="500"}';
const SLO = {
  objective: 0.999,
  sli: ServiceLevelIndicator.httpAvailability({ labels: { job: 'cart' } }),
  selectedBy: {},
  namespaceName: 'mall',
};

function groupsOf(props: Partial<ServiceLevelObjectiveProps> = {}): Group[] {
  return emitted((cluster) => void new ServiceLevelObjective(cluster, 'cart', { ...SLO, ...props }));
}

function emitted(make: (cluster: ReturnType<ClusterSet['add']>) => void): Group[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'orrery-slo-'));
  try {
    const platform = new Platform({ id: 'shop', outdir });
    make(new ClusterSet(platform, 'clusters').add('sh'));
    platform.synth();
    const objects = JSON.parse(readFileSync(path.join(outdir, 'clusters/sh/objects.json'), 'utf8'));
    return objects.flatMap(({ spec }: { spec: { groups: Group[] } }) => spec.groups);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const alert = (severity: string) => ({ exp_labels: { slo: 'mall/cart', severity } });
const burning = (at: string, ...severities: string[]) => ({
  eval_time: at,
  alertname: 'ErrorBudgetBurn',
  exp_alerts: severities.map(alert),
});

/** Alerts as they are without their texts, which vary with what is measured. */
const withoutTexts = (groups: readonly Group[]): unknown =>
  groups.map(({ name, rules }) => ({
    name,
    rules: rules.map(({ annotations: _, ...rule }) => rule),
  }));

function told(groups: readonly Group[], test: Omit<RuleTest, 'interval'>, evaluationInterval = '1m'): string {
  return testRules(withoutTexts(groups), [{ interval: '1m', ...test }], evaluationInterval);
}

const HOUR = 60;
const DAY = 24 * HOUR;

describe.skipIf(isPromtoolMissing)(`the rules of an objective, run by promtool${promtoolSkipped}`, () => {
  it.each([0.99, 0.999, 0.9999])(
    'page within the hour for a burn at 15× that begins after a good day, with the objective %d',
    { timeout: TIMEOUT },
    (objective) => {
      const at = (minutes: number) => `${DAY + minutes}m`;
      const failed = Math.round(15 * (1 - objective) * 100_000);
      const problems = told(
        groupsOf({ objective }),
        {
          input_series: [
            { series: TOTAL, values: counter([100_000, DAY], [100_000 - failed, 2 * HOUR]) },
            { series: FAILED, values: counter([0, DAY], [failed, 2 * HOUR]) },
          ],
          alert_rule_test: [burning(at(-2)), burning(at(30)), burning(at(60), 'page'), burning(at(90), 'page')],
        },
        '2m',
      );
      expect(problems).toBe('');
    },
  );

  it('page at once where the burn is all that is known, and no longer soon after it has ended', {
    timeout: TIMEOUT,
  }, () => {
    const problems = told(groupsOf(), {
      input_series: [
        { series: TOTAL, values: counter([985, 2 * HOUR], [1000, 2 * HOUR]) },
        { series: FAILED, values: counter([15, 2 * HOUR], [0, 2 * HOUR]) },
      ],
      // The slow pair looks back half an hour: 15 × 30 minutes are under 6 × after 18 of them.
      alert_rule_test: [burning('10m', 'page', 'ticket'), burning('119m', 'page', 'ticket'), burning('145m', 'ticket')],
    });
    expect(problems).toBe('');
  });

  it('never tell anybody of a burn at 0.9×', { timeout: TIMEOUT }, () => {
    const problems = told(
      groupsOf(),
      {
        input_series: [
          { series: TOTAL, values: counter([9991, 7 * DAY]) },
          { series: FAILED, values: counter([9, 7 * DAY]) },
        ],
        alert_rule_test: ['5m', '1h', '6h', '1d', '3d', '5d', '6d23h'].map((at) => burning(at)),
        promql_expr_test: [
          {
            expr: 'count_over_time(ALERTS{alertname="ErrorBudgetBurn"}[7d])',
            eval_time: '6d23h',
            exp_samples: [],
          },
          {
            expr: 'round(slo:period_error_budget_remaining:ratio, 0.001)',
            eval_time: '6d23h',
            exp_samples: [{ labels: '{slo="mall/cart"}', value: 0.1 }],
          },
        ],
      },
      '5m',
    );
    expect(problems).toBe('');
  });

  it('make a ticket, and wake nobody, for a burn at 2×', { timeout: TIMEOUT }, () => {
    const problems = told(
      groupsOf(),
      {
        input_series: [
          { series: TOTAL, values: counter([10_000, 3 * DAY], [9980, 3 * DAY]) },
          { series: FAILED, values: counter([0, 3 * DAY], [20, 3 * DAY]) },
        ],
        alert_rule_test: [burning('3d'), burning('4d'), burning('5d', 'ticket'), burning('5d20h', 'ticket')],
      },
      '5m',
    );
    expect(problems).toBe('');
  });

  it('tell nobody without traffic or without errors, and have a value only where something happened', () => {
    const idle = {
      input_series: [
        { series: TOTAL, values: counter([0, 2 * HOUR]) },
        { series: FAILED, values: counter([0, 2 * HOUR]) },
      ],
    };
    const ratio = (labels: string | undefined, value = 0) => ({
      expr: 'slo:sli_error:ratio_rate5m',
      eval_time: '1h',
      exp_samples:
        labels === undefined ? [] : [{ labels: `slo:sli_error:ratio_rate5m{slo="mall/cart"${labels}}`, value }],
    });
    const quiet = { alert_rule_test: [burning('1h')] };
    expect(told(groupsOf(), { ...idle, ...quiet, promql_expr_test: [ratio(undefined)] })).toBe('');
    const good = { input_series: [{ series: TOTAL, values: counter([100, 2 * HOUR]) }] };
    expect(told(groupsOf(), { ...good, ...quiet, promql_expr_test: [ratio('')] })).toBe('');
    const failing = { input_series: [{ series: FAILED, values: counter([100, 2 * HOUR]) }] };
    const loud = { alert_rule_test: [burning('1h', 'page', 'ticket')] };
    expect(told(groupsOf(), { ...failing, ...loud, promql_expr_test: [ratio('', 1)] })).toBe('');
  });

  it('count what is too late by boundaries as every Prometheus writes them, and everything where none is there', () => {
    const requests = { serviceName: 'cart', namespaceName: 'mall', within: '1s' };
    const groups = groupsOf({ sli: ServiceLevelIndicator.istioLatency(requests) });
    const labels = 'reporter="source",destination_service_name="cart",destination_service_namespace="mall"';
    const name = 'istio_request_duration_milliseconds';
    const late = (le: string | undefined, inTime: number) => ({
      input_series: [
        { series: `${name}_count{${labels}}`, values: counter([100, 2 * HOUR]) },
        ...(le === undefined
          ? []
          : [{ series: `${name}_bucket{${labels},le="${le}"}`, values: counter([inTime, 2 * HOUR]) }]),
      ],
    });
    for (const le of ['1000', '1000.0']) {
      expect(told(groups, { ...late(le, 100), alert_rule_test: [burning('1h')] })).toBe('');
      expect(told(groups, { ...late(le, 90), alert_rule_test: [burning('1h', 'page', 'ticket')] })).toBe('');
    }
    expect(told(groups, { ...late(undefined, 0), alert_rule_test: [burning('1h', 'page', 'ticket')] })).toBe('');
  });

  it('tell of series that are missing, and of nothing where the dead man is alive', () => {
    const groups = groupsOf({ missingFor: '1h' });
    const missing = (at: string, isTold: boolean) => ({
      eval_time: at,
      alertname: 'ErrorBudgetBurnUnknown',
      exp_alerts: isTold ? [alert('ticket')] : [],
    });
    const input_series = [{ series: TOTAL, values: counter([100, 30]) }];
    expect(told(groups, { input_series, alert_rule_test: [missing('50m', false), missing('3h', true)] })).toBe('');
    const watchdog = emitted(
      (cluster) => void new DeadMansSwitch(cluster, 'watchdog', { selectedBy: {}, namespaceName: 'monitoring' }),
    );
    const always = { eval_time: '0m', alertname: 'Watchdog', exp_alerts: [{ exp_labels: { severity: 'none' } }] };
    expect(told(watchdog, { input_series: [], alert_rule_test: [always] })).toBe('');
  });

  it('say in words what burns', () => {
    const problems = testRules(
      groupsOf({ runbookUrl: 'https://wiki.example.com/cart' }),
      [
        {
          interval: '1m',
          input_series: [{ series: FAILED, values: counter([100, HOUR]) }],
          alert_rule_test: [
            {
              eval_time: '30m',
              alertname: 'ErrorBudgetBurn',
              exp_alerts: ['page', 'ticket'].map((severity) => ({
                ...alert(severity),
                exp_annotations: {
                  summary: 'The error budget of mall/cart burns too fast.',
                  description: '100% are errors; 0.1 % may be over 30d.',
                  runbook_url: 'https://wiki.example.com/cart',
                },
              })),
            },
          ],
        },
      ],
      '1m',
    );
    expect(problems).toBe('');
  });

  it('load whatever is measured, and are read by our check as well', { timeout: TIMEOUT }, async () => {
    const read = await loadPromqlReader();
    const requests = { serviceName: 'cart', namespaceName: 'mall' };
    for (const sli of [
      SLO.sli,
      ServiceLevelIndicator.istioAvailability(requests),
      ServiceLevelIndicator.istioLatency({ ...requests, within: '250ms' }),
      ServiceLevelIndicator.httpLatency({ labels: { path: '/a\\b"c' }, within: '2.5s' }),
      ServiceLevelIndicator.errorRatio({ errors: 'rate(a[{{window}}]) # one', total: 'rate(b[{{window}}])' }),
    ]) {
      for (const objective of [0.9, 0.95, 0.9999999]) {
        const groups = groupsOf({ sli, objective, period: '4w', missingFor: '2h', labels: { team: 'shop' } });
        expect(checkRules(groups)).toBe('');
        for (const { expr } of groups.flatMap(({ rules }) => rules)) expect(read(expr)).toBeUndefined();
      }
    }
  });
});

it.skipIf(isDataMissing)(
  `alerts have the windows and factors of the shared table${isDataMissing ? ' (skipped: ../shared/data is not there)' : ''}`,
  () => {
    const [, ...lines] = readFileSync(BURN_RATES, 'utf8').trim().split('\n');
    const rows = lines.map((line) => line.split('\t'));
    expect(rows.length).toBeGreaterThan(0);
    for (const period of new Set(rows.map(([of = '']) => of))) {
      const wanted = rows
        .filter(([of]) => of === period)
        .flatMap(([, severity, , short, long, factor]) => [
          `${severity} ${short} ${factor}`,
          `${severity} ${long} ${factor}`,
        ]);
      const rules = groupsOf({ period }).flatMap((group) => group.rules);
      const found = rules.flatMap(({ labels, expr }) =>
        [...expr.matchAll(/ratio_rate(\w+)\{[^}]*\} > \((\S+) \*/g)].map(
          ([, window, factor]) => `${labels.severity} ${window} ${factor}`,
        ),
      );
      expect(found.sort()).toEqual(wanted.sort());
    }
  },
);
