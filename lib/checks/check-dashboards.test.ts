// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Grafana
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDashboards } from './check-dashboards.ts';
import { fillVariables, readGrafanaPromql } from './dashboards/grafana-promql.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { loadPromqlReader } from './promql/promql-reader.ts';
import { runChecks } from './run-checks.ts';

const promqlReader = await loadPromqlReader();
type Objects = Parameters<typeof state>[0][string];

const LABEL = { labels: { grafana_dashboard: '1' } };
const board = (name: string, data: Fields, metadata: Fields = LABEL) =>
  object('v1', 'ConfigMap', name, { data }, metadata);
const cart = (fields: Fields = {}) => JSON.stringify({ uid: 'cart', title: 'Cart', panels: [], ...fields });

function found(...objects: Objects): string[] {
  return runChecks(state({ alpha: [...objects] }), [], { promqlReader })
    .findings.filter(({ check }) => check === 'dashboard')
    .map(({ severity, id, field, what }) => `${severity} ${id.name} ${field}: ${what}`);
}
const ofModel = (fields: Fields) => found(board('cart', { 'cart.json': cart(fields) }));

const PROMETHEUS = { type: 'prometheus', uid: 'metrics' };
const panel = (expr: string, more: Fields = {}) => ({
  id: 1,
  title: 'Up',
  type: 'timeseries',
  datasource: PROMETHEUS,
  targets: [{ expr }],
  ...more,
});

describe('queries of dashboards', () => {
  it.each([
    'sum by (pod) (rate(x_total{cluster="$cluster",pod=~"${pod:regex}"}[$__rate_interval]))',
    'rate(x_total{a=~"[[a]]"}[[[interval]]])',
    'rate(x_total[$__interval:$__interval])',
    'increase(x_total[${__range_s}s]) > $threshold',
    'topk($count, sum by ($group, pod) (x))',
    'x @ ${__to:date:seconds}',
    'x offset $shift + $offset',
    '${metric}_total{a="b$"}',
    '$aggregation(rate(x_total[5m]))',
    'sum($metric) by ([[label]])',
    '$whole_query',
    'sum(rate(x[$__range])) # $comment (',
    'label_replace(x, "a", "$1", "b", "(.*)")',
    'a $operator b',
  ])('are read with any value of their variables: %s', (expr) =>
    expect(ofModel({ panels: [panel(expr)] })).toEqual([]),
  );

  it.each([
    ['sum(rate(x{a="$a"}[$__rate_interval])', '1:38: it ends too early'],
    ['sum(rate(x[$__rate_interval])))\n+ $y', '1:31: ")" does not belong there'],
    ['rates(x[$__interval])', '1:1: there is no function rates'],
    ['rate(x{a="$a"})', '1:1: rate needs a range, e.g. [5m]'],
    ['sum(x[$__interval])', '1:5: a range cannot be aggregated'],
  ])('are found where they are wrong, with the panel and the place: %s', (expr, wrong) =>
    expect(ofModel({ panels: [panel(expr)] })).toEqual([
      `error cart data["cart.json"]: The query of panel "Up" is wrong at ${wrong}.`,
    ]),
  );

  it('are found in rows, variables and annotations, whichever way they name their data source', () => {
    const list = [
      { name: 'ds', type: 'datasource', query: 'prometheus' },
      { name: 'pod', type: 'query', datasource: '$ds', query: 'label_values(x{, pod)' },
      {
        name: 'good',
        type: 'query',
        datasource: { uid: '${ds}' },
        query: { query: 'label_values(up{a="$pod"}, instance)' },
      },
      { name: 'names', type: 'query', datasource: '$ds', query: 'metrics(up_.*)' },
      { name: 'result', type: 'query', datasource: '$ds', query: 'query_result(topk(3, x)' },
    ];
    const annotations = { list: [{ name: 'Deployed', datasource: PROMETHEUS, expr: 'changes(x)' }] };
    const row = {
      type: 'row',
      collapsed: true,
      panels: [panel('sum(', { title: 'Inside', datasource: { uid: '$ds' } })],
    };
    const old = { panels: [{ id: 9, datasource: '$ds', targets: [{ expr: ')' }] }] };
    expect(ofModel({ templating: { list }, annotations, panels: [row], rows: [old] })).toEqual(
      [
        'variable "pod" is wrong at 1:3: it ends too early',
        'variable "result" is wrong at 1:10: it ends too early',
        'annotation "Deployed" is wrong at 1:1: changes needs a range, e.g. [5m]',
        'panel "Inside" is wrong at 1:5: it ends too early',
        'panel 9 is wrong at 1:1: ")" does not belong there',
      ].map((text) => `error cart data["cart.json"]: The query of ${text}.`),
    );
  });

  it('of other data sources, and hidden ones, are nobody’s concern here', () => {
    const loki = panel('{app="cart"} |= "x"', { datasource: { type: 'loki', uid: 'logs' } });
    const unknown = panel('{app="cart"} |= "x"', { datasource: null });
    const hidden = { ...panel(''), targets: [{ expr: 'sum(', hide: true }] };
    expect(ofModel({ panels: [loki, unknown, hidden] })).toEqual([]);
  });

  it('that are whole stay so, and without any of their brackets they do not, wherever variables are', () => {
    const leaf = fc.constantFrom(
      '$m',
      'rate(x{a=~"$a"}[$__rate_interval])',
      'sum by (job) (y{a="$l"})',
      '${n}_total',
      '[[q]]',
    );
    const expression = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.tuple(tie('node'), fc.constantFrom('+', '/', 'or'), tie('node')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
        tie('node').map((inner) => `abs(${inner})`),
      ),
    })).node;
    fc.assert(
      fc.property(expression, fc.nat(), (query, at) => {
        expect(readGrafanaPromql(query, promqlReader)).toBeUndefined();
        expect(fillVariables(query)?.text).toHaveLength(query.length);
        const round = [...query.matchAll(/[()]/g)].map(({ index }) => index);
        const cut = round[at % Math.max(1, round.length)];
        if (cut !== undefined)
          expect(readGrafanaPromql(query.slice(0, cut) + query.slice(cut + 1), promqlReader)).toBeDefined();
      }),
    );
  });
});

describe('dashboards', () => {
  it('are looked at where Grafana finds them, as ConfigMaps or objects of its operator', () => {
    const wrong = { 'cart.json': 'no json', 'README.md': 'x' };
    expect(found(board('other', wrong, {}))).toEqual([]);
    expect(found(board('cart', wrong))).toEqual(['error cart data["cart.json"]: It is no JSON of a dashboard.']);
    const kind = 'GrafanaDashboard';
    const ofOperator = object('grafana.integreatly.org/v1beta1', kind, 'cart', {
      spec: { json: cart({ panels: [panel(')')] }) },
    });
    expect(found(ofOperator)).toEqual([
      'error cart spec.json: The query of panel "Up" is wrong at 1:1: ")" does not belong there.',
    ]);
    expect(hasDashboards(state({ alpha: [ofOperator] }))).toBe(true);
    expect(hasDashboards(state({ alpha: [board('other', wrong, {})] }))).toBe(false);
  });

  it('may not have one uid, nor be one file, where one Grafana loads both', () => {
    const selector = (dashboards: string) => ({
      spec: { json: cart(), instanceSelector: { matchLabels: { dashboards } } },
    });
    const of = (name: string, spec: Fields) =>
      object('grafana.integreatly.org/v1beta1', 'GrafanaDashboard', name, spec);
    expect(found(of('a', selector('one')), of('b', selector('two')), board('c', { 'c.json': cart() }))).toEqual([]);
    expect(found(board('a', { 'a.json': cart() }), board('b', { 'b.json': cart() }))).toEqual([
      'error b data["b.json"]: Its uid "cart" is also that of ConfigMap shop/a: Grafana loads one of them, and not always the same.',
    ]);
    const folder = { ...LABEL, annotations: { grafana_folder: 'Shop' } };
    expect(found(board('a', { 'x.json': cart() }), board('b', { 'x.json': cart({ uid: 'b' }) }, folder))).toEqual([]);
    expect(found(board('a', { 'x.json': cart() }), board('b', { 'x.json': cart({ uid: 'b' }) }))).toEqual([
      'warning b data["x.json"]: The sidecar writes it over ConfigMap shop/a: both are the file x.json.',
    ]);
  });

  it('have 1 MiB together in a ConfigMap', () => {
    const large = cart({ description: 'ä'.repeat(300_000) });
    expect(found(board('cart', { 'a.json': large }))).toEqual([]);
    expect(found(board('cart', { 'a.json': large, 'b.txt': large }))).toEqual([
      'error cart data["a.json"]: The ConfigMap has 1.1 MiB; it holds 1 MiB.',
    ]);
  });

  it('are in the classic model, and ask for nothing', () => {
    expect(found(board('cart', { 'cart.json': JSON.stringify({ kind: 'Dashboard', spec: {} }) }))).toEqual([
      'error cart data["cart.json"]: It is a resource of Grafana’s schema v2, which neither sidecar nor provisioning loads.',
    ]);
    const __inputs = [{ name: 'DS_PROMETHEUS' }];
    const source = { type: 'prometheus', uid: '${DS_PROMETHEUS}' };
    expect(ofModel({ __inputs, panels: [panel('up', { datasource: source })] })).toEqual([
      'error cart data["cart.json"]: It was exported to be shared and asks for DS_PROMETHEUS, which nobody fills in.',
    ]);
    const datasources = [{ inputName: 'DS_PROMETHEUS', datasourceName: 'Metrics' }];
    const spec = { json: cart({ __inputs }), datasources };
    expect(found(object('grafana.integreatly.org/v1beta1', 'GrafanaDashboard', 'cart', { spec }))).toEqual([]);
  });

  it('ask data sources that are there, as far as somebody says which there are', () => {
    const panels = [panel('up', { datasource: { type: 'prometheus', uid: 'meters' } })];
    const sources = (text: string) =>
      object('v1', 'ConfigMap', 'sources', { data: { 'sources.yaml': text } }, { labels: { grafana_datasource: '1' } });
    const boards = board('cart', { 'cart.json': cart({ panels }) });
    expect(found(boards)).toEqual([]);
    expect(found(boards, sources('datasources: [{ name: Metrics }]'))).toEqual([]);
    expect(found(boards, sources('datasources: [{ uid: meters }]'))).toEqual([]);
    expect(found(boards, sources('datasources: [{ uid: metrics }, { uid: logs }]'))).toEqual([
      'warning cart data["cart.json"]: Panel "Up" asks the data source "meters", which the program does not give to Grafana.',
    ]);
    expect(ofModel({ panels: [panel('up', { datasource: { type: 'prometheus', uid: '$ds' } })] })).toEqual([
      'error cart data["cart.json"]: Panel "Up" asks the data source of the variable ds, which the dashboard does not have.',
    ]);
  });

  it('have panels that do not overlap', () => {
    const at = (title: string, x: number, y: number) => panel('up', { title, gridPos: { x, y, w: 12, h: 8 } });
    expect(ofModel({ panels: [at('A', 0, 0), at('B', 12, 0), at('C', 0, 8)] })).toEqual([]);
    expect(ofModel({ panels: [at('A', 0, 0), at('B', 11, 7)] })).toEqual([
      'warning cart data["cart.json"]: Panel "A" stands where panel "B" stands.',
    ]);
  });

  it('of any shape are looked at without failing', () => {
    const key = fc.constantFrom(
      'panels',
      'targets',
      'datasource',
      'expr',
      'templating',
      'list',
      'gridPos',
      'type',
      'uid',
      'rows',
    );
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom(null, 1, 'x', '$a', 'prometheus'),
        fc.array(tie('node')),
        fc.dictionary(key, tie('node')),
      ),
    }));
    fc.assert(fc.property(node, (model) => void found(board('cart', { 'cart.json': JSON.stringify(model) ?? '' }))));
  });
});
