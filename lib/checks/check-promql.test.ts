import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { hasPrometheusRules } from './promql/prometheus-rules.ts';
import { loadPromqlReader } from './promql/promql-reader.ts';
import { runChecks } from './run-checks.ts';

const promqlReader = await loadPromqlReader();

const rulesOf = (groups: readonly unknown[]) =>
  object('monitoring.coreos.com/v1', 'PrometheusRule', 'shop', { spec: { groups } });

function found(groups: readonly unknown[]): string[] {
  return runChecks(state({ alpha: [rulesOf(groups)] }), [], { promqlReader })
    .findings.filter(({ check }) => check === 'promql')
    .map(({ severity, field, what }) => `${severity} ${field}: ${what}`);
}

const ofRule = (rule: Fields) => found([{ name: 'shop', rules: [rule] }]);
const ofExpression = (expr: unknown) =>
  ofRule({ record: 'a:b', expr }).map((text) => text.replace('error spec.groups[0].rules[0].expr: ', ''));

describe('rules of Prometheus', () => {
  it.each([
    'vector(1)',
    'sum by (job) (rate(requests_total{code=~"5.."}[5m])) / ignoring (code) group_left sum(rate(requests_total[5m])) > 0.01',
    'histogram_quantile(0.99, sum by (le) (rate(duration_seconds_bucket[5m]))) > 1',
    'max_over_time(rate(requests_total[5m])[1h:1m])',
    'rate((requests_total[5m] offset 1d))',
    'predict_linear(free_bytes[1h], 4 * 3600) < 0',
    'quantile_over_time(0.9, latency[5m] @ end())',
    'absent(up{job="cart"}) # nothing is scraped\n',
    1,
  ])('load with the expression %s', (expr) => expect(ofExpression(expr)).toEqual([]));

  it.each([
    ['sum(rate(requests_total[5m])', '1:29: it ends too early'],
    ['', '1:1: it is empty'],
    ['sum(x) +\n  rates(x[5m])', '2:3: there is no function rates'],
    ['x > 1 annd y', '1:7: "annd" does not belong there'],
    ['rate(requests_total)', '1:1: rate needs a range, e.g. [5m]'],
    ['1 - avg_over_time(up)', '1:5: avg_over_time needs a range, e.g. [5m]'],
    ['sum(requests_total[5m])', '1:5: a range cannot be aggregated'],
    ['requests_total[5m] > 1', '1:1: a range cannot be calculated with'],
    ['requests_total[5m]', '1:1: the result is a range, not a number at a time'],
  ])('are found with the expression %j, with the place in it', (expr, wrong) =>
    expect(ofExpression(expr)).toEqual([`The expression of record a:b is wrong at ${wrong}.`]),
  );

  it('may have functions by the names of an older Prometheus, which is said', () => {
    expect(ofRule({ alert: 'A', expr: 'holt_winters(x[5m], 0.1, 0.1)' })).toEqual([
      'warning spec.groups[0].rules[0].expr: The expression of alert A is wrong at 1:1: holt_winters is double_exponential_smoothing since Prometheus 3.',
    ]);
  });

  it('record or alert, not both, and only alerts wait', () => {
    expect(ofRule({ expr: '1' })).toEqual(['error spec.groups[0].rules[0]: The rule has neither record nor alert.']);
    expect(ofRule({ record: 'a', alert: 'A', expr: '1' })).toEqual([
      'error spec.groups[0].rules[0]: The rule has both record and alert.',
    ]);
    expect(ofRule({ record: 'a', for: '5m', annotations: { summary: 'x' }, expr: '1' })).toEqual([
      'error spec.groups[0].rules[0].for: The rule records a and has for.',
      'error spec.groups[0].rules[0].annotations: The rule records a and has annotations.',
    ]);
    expect(ofRule({ alert: 'A', for: '5m', keep_firing_for: '1h30m', expr: '1' })).toEqual([]);
    expect(ofRule({ record: 'a-b', expr: '1' })).toEqual([
      'warning spec.groups[0].rules[0].record: "a-b" is no name of a series before Prometheus 3.',
    ]);
    expect(ofRule({ alert: 'A' })).toEqual(['error spec.groups[0].rules[0].expr: alert A has no expression.']);
  });

  it('have groups of different names, labels with names, and durations that Prometheus reads', () => {
    const rules = [{ alert: 'A', expr: '1', for: '5 minutes', labels: { 'a-b': 'c' } }];
    expect(found([{ name: 'a', rules }, { name: 'a', interval: '1m30' }, { name: '' }])).toEqual([
      'error spec.groups[1].name: A group before it has the name a, too.',
      'error spec.groups[2].name: The group has no name.',
      'error spec.groups[0].rules[0].for: "5 minutes" is no duration of Prometheus.',
      'error spec.groups[0].rules[0].labels: "a-b" is no name of a label.',
      'error spec.groups[1].interval: "1m30" is no duration of Prometheus.',
    ]);
  });

  it('of any shape are looked at without failing', () => {
    fc.assert(fc.property(fc.array(fc.object({ maxDepth: 3 })), (groups) => void found(groups)));
    const near = fc.constantFrom('rules', 'record', 'alert', 'expr', 'for', 'labels', 'name');
    const rule = fc.dictionary(near, fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant({})));
    fc.assert(fc.property(fc.array(rule), (rules) => void found([{ name: 'x', rules }])));
  });

  it('that are whole load, and without any one of their brackets do not', () => {
    const leaf = fc.constantFrom('up', 'rate(x{a="b"}[5m])', 'sum by (job) (y)', '1');
    const expression = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc
          .tuple(tie('node'), fc.constantFrom('+', '/', 'or'), tie('node'))
          .map(([a, op, b]) => `(${a}) ${op === 'or' ? '+' : op} (${b})`),
        tie('node').map((inner) => `abs(${inner})`),
      ),
    })).node;
    fc.assert(
      fc.property(expression, fc.nat(), (expr, at) => {
        expect(promqlReader(expr)).toBeUndefined();
        const brackets = [...expr.matchAll(/[()[\]{}]/g)].map(({ index }) => index);
        const cut = brackets[at % Math.max(1, brackets.length)];
        if (cut !== undefined) expect(promqlReader(expr.slice(0, cut) + expr.slice(cut + 1))).toBeDefined();
      }),
    );
  });

  it('are the only thing that the parser is needed for', () => {
    expect(hasPrometheusRules(state({ alpha: [rulesOf([])] }))).toBe(true);
    expect(hasPrometheusRules(state({ alpha: [object('v1', 'ConfigMap', 'x', {})] }))).toBe(false);
  });
});

describe('queries of canaries', () => {
  const foundIn = (apiVersion: string, kind: string, spec: object) =>
    runChecks(state({ alpha: [object(apiVersion, kind, 'cart', { spec })] }), [], { promqlReader })
      .findings.filter(({ check }) => check === 'promql')
      .map(({ severity, field, what }) => `${severity} ${field}: ${what}`);
  const analysis = (query: unknown, kind = 'AnalysisTemplate') =>
    foundIn('argoproj.io/v1alpha1', kind, {
      metrics: [{ name: 'failures', provider: { prometheus: { address: 'http://p', query } } }],
    });
  const flagger = (query: string, type = 'prometheus') =>
    foundIn('flagger.app/v1beta1', 'MetricTemplate', { provider: { type, address: 'http://p' }, query });

  it.each([
    'sum(rate(requests_total{job="{{args.service}}",code=~"5.."}[{{args.window}}]))',
    'sum(rate({{args.metric}}_total[5m] offset {{args.before}})) > {{args.limit}}',
    'max_over_time(up{job="{{ args.job }}"}[{{args.window}}:{{args.step}}])',
    '{{args.query}}',
    '{{ if x }}up{{ else }}down{{ end }} or so',
    "max_over_time(x{a='[{{args.a}}]'}[1m:])",
  ])('may have placeholders: %s', (query) => {
    expect(analysis(query)).toEqual([]);
    expect(flagger(query.replaceAll('args.', ''))).toEqual([]);
  });

  it('are found where Prometheus could not answer, with the place in them', () => {
    const path = 'spec.metrics[0].provider.prometheus.query';
    for (const kind of ['AnalysisTemplate', 'ClusterAnalysisTemplate'])
      expect(analysis('sum(rate(x{job="{{args.job}}"}[{{args.window}}])', kind)).toEqual([
        `error ${path}: The query of metric failures is wrong at 1:49: it ends too early.`,
      ]);
    expect(analysis('rates({{args.metric}}[5m])')).toEqual([
      `warning ${path}: The query of metric failures is wrong at 1:1: there is no function rates.`,
    ]);
    expect(flagger('rate(x{ns="{{ namespace }}"})')).toEqual([
      'error spec.query: The query of the metric is wrong at 1:1: rate needs a range, e.g. [5m].',
    ]);
    const metrics = [{ name: 'request-success-rate' }, { name: 'own', query: 'sum(' }];
    expect(foundIn('flagger.app/v1beta1', 'Canary', { analysis: { metrics } })).toEqual([
      'error spec.analysis.metrics[1].query: The query of metric own is wrong at 1:5: it ends too early.',
    ]);
  });

  it('are left alone where they are for something else', () => {
    expect(flagger('avg:requests{*}', 'datadog')).toEqual([]);
    expect(
      foundIn('argoproj.io/v1alpha1', 'AnalysisTemplate', {
        metrics: [{ provider: { datadog: { query: 'a:b{*}' } } }],
      }),
    ).toEqual([]);
    expect(hasPrometheusRules(state({ alpha: [object('flagger.app/v1beta1', 'MetricTemplate', 'x', {})] }))).toBe(true);
  });
});
