import { describe, expect, it } from 'vitest';
import { promqlQueries } from '../../lib/checks/dashboards/dashboard-model.ts';
import { fillVariables } from '../../lib/checks/dashboards/grafana-promql.ts';
import { groupedLabels, isWhole, selectorsOf } from '../../lib/checks/promql/promql-selectors.test-data.ts';
import { checkRules, isPromtoolMissing, promtoolSkipped } from './promtool.ts';

type Source = string;
interface Facts {
  readonly source: Source;
  readonly type: string;
  readonly labels: ReadonlySet<string>;
}
interface Shipped {
  readonly key: string;
  readonly set: string;
  readonly anyOf: readonly Source[] | 'logs';
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly panels?: readonly Panel[];
  readonly targets?: readonly { readonly expr?: string; readonly legendFormat?: string }[];
}
interface Model {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

/** Of the sources, whose imports another compiler resolves. */
const FOLDER = '../../constructs/src/observability/private';
const { SERIES_SOURCES, seriesFacts } = (await import(`${FOLDER}/metric-catalogue.ts`)) as {
  readonly SERIES_SOURCES: readonly Source[];
  seriesFacts(series: string, sources: Iterable<Source>): Facts[];
};
const { SHIPPED, shippedDashboards } = (await import(`${FOLDER}/shipped/shipped-dashboards.ts`)) as {
  readonly SHIPPED: readonly Shipped[];
  shippedDashboards(stack: object, sets: ReadonlySet<string>): object[];
};
const { loadDashboards } = (await import(`${FOLDER}/dashboard/loaded-dashboards.ts`)) as {
  loadDashboards(
    dashboards: readonly object[],
    first: readonly object[],
  ): { readonly dashboards: readonly { readonly text: string }[]; readonly findings: readonly object[] };
};
const SETS = new Set(SHIPPED.map(({ set }) => set));
const WORKSPACES = [{ name: 'retail', namespaces: ['mall', 'cart'] }];

/** The dashboards of a stack that scrapes these, and has this store of logs. */
function dashboardsOf(sources: Iterable<Source>, logs?: string): Model[] {
  const scraped = new Set(sources);
  const datasources = logs === undefined ? [] : [{ name: 'Logs', uid: 'logs', type: logs, url: 'http://logs' }];
  const stack = { name: 'watch', has: (source: Source) => scraped.has(source), datasources, workspaces: WORKSPACES };
  const { dashboards, findings } = loadDashboards(shippedDashboards(stack, SETS), []);
  expect(findings).toEqual([]);
  return dashboards.map(({ text }) => JSON.parse(text) as Model);
}

/** Every query with what is in place of its variables. */
const queriesOf = (model: Model) =>
  promqlQueries(model as unknown as Parameters<typeof promqlQueries>[0]).map(({ where, expression }) => ({
    where: `${model.title}, ${where}`,
    expression,
    query: fillVariables(expression)?.text ?? 'a variable is a function',
  }));

/** Labels that a query makes itself. */
const made = (query: string) =>
  [...query.matchAll(/label_replace\((?:[^"]|"(?!,))*?", "(\w+)"/g)].map(([, label]) => label);

const ALL = dashboardsOf(SERIES_SOURCES, 'loki');
const QUERIES = ALL.flatMap(queriesOf);

describe('the dashboards of a stack', () => {
  it('are there for everything that is scraped, with many queries', () => {
    expect(ALL.map(({ uid }) => uid)).toEqual(SHIPPED.map(({ key }) => `watch-${key}`));
    expect(QUERIES.length).toBeGreaterThan(150);
  });

  it.each(QUERIES)('have a query that is whole: $where: $expression', ({ query }) => {
    expect(isWhole(query)).toBe(true);
  });

  it.each(QUERIES)(
    'name only series that some source exposes, with labels that they have: $where: $expression',
    ({ query, expression }) => {
      const facts = selectorsOf(query).flatMap(({ series, matched }) => {
        const known = seriesFacts(series, SERIES_SOURCES);
        expect(known, `nobody exposes ${series}`).not.toEqual([]);
        for (const label of matched)
          expect(
            known.some(({ labels }) => labels.has(label)),
            `${series} has no label ${label}`,
          ).toBe(true);
        return known;
      });
      const own = new Set(made(expression));
      for (const label of groupedLabels(query)) {
        if (own.has(label)) continue;
        expect(
          facts.some(({ labels }) => labels.has(label)),
          `nothing there has a label ${label}`,
        ).toBe(true);
      }
    },
  );

  it.skipIf(isPromtoolMissing)(`have queries that Prometheus itself takes${promtoolSkipped}`, () => {
    const rules = QUERIES.map(({ expression }, at) => ({
      record: `query:${at}`,
      expr: fillVariables(expression.replaceAll(/\$__(rate_interval|interval|range)\b/g, '5m'))?.text,
    }));
    expect(checkRules([{ name: 'dashboards', rules }])).toBe('');
  });

  it('would be found out with an invented metric or label', () => {
    expect(seriesFacts('container_cpu_usage_second_total', SERIES_SOURCES)).toEqual([]);
    const [facts] = seriesFacts('kube_pod_info', ['kube-state-metrics']);
    expect(facts?.labels.has('pods')).toBe(false);
    expect(selectorsOf('sum(rate(a{b="c"}[5m])) / d{e=~"f",g!=""}')).toEqual([
      { series: 'a', matched: ['b'] },
      { series: 'd', matched: ['e', 'g'] },
    ]);
    expect(groupedLabels('sum by (a, b) (x) / on (c) group_left (d) y')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('rate counters and histograms, never gauges, and gauges are not rated', () => {
    for (const { query, where } of QUERIES)
      for (const [, called, series] of query.matchAll(/\b(rate|increase|changes)\(([a-zA-Z_:][\w:]*)/g)) {
        const types = seriesFacts(String(series), SERIES_SOURCES).map(({ type }) => type);
        expect(
          types.some((type) => (called === 'changes' ? type === 'gauge' : type !== 'gauge')),
          `${where}: ${series}`,
        ).toBe(true);
      }
  });

  it.each([...SERIES_SOURCES, 'loki', 'elasticsearch', 'grafana-opensearch-datasource'])(
    'name nothing of what is not scraped, without %s',
    (left) => {
      const scraped = SERIES_SOURCES.filter((source) => source !== left);
      const models = dashboardsOf(scraped, left === 'loki' ? undefined : 'elasticsearch');
      for (const model of models)
        for (const { query, where } of queriesOf(model))
          for (const { series } of selectorsOf(query))
            expect(seriesFacts(series, scraped), `${where} names ${series}`).not.toEqual([]);
    },
  );

  it.each(SERIES_SOURCES)('name nothing else where only %s is scraped, and none is empty', (only) => {
    const models = dashboardsOf([only]);
    const wanted = SHIPPED.filter(({ anyOf }) => anyOf !== 'logs' && anyOf.includes(only));
    expect(models.map(({ uid }) => uid)).toEqual(wanted.map(({ key }) => `watch-${key}`));
    for (const model of models) {
      expect(model.panels.length).toBeGreaterThan(0);
      for (const { query, where } of queriesOf(model))
        for (const { series } of selectorsOf(query))
          expect(seriesFacts(series, [only]), `${where} names ${series}`).not.toEqual([]);
    }
  });

  it('use variables that they have, and no others', () => {
    const OWN = /^__|^(datasource|logs)$/;
    for (const model of ALL) {
      const names = model.templating.list.map(({ name }) => name);
      const text = JSON.stringify([model.panels, model.templating.list]);
      const used = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => String(name)).filter((name) => !OWN.test(name));
      expect(
        used.filter((name) => !names.includes(name) && !/^\d+$/.test(name)),
        model.title,
      ).toEqual([]);
      const declared = names.filter((name) => !OWN.test(name));
      expect(
        declared.filter((name) => !used.includes(name)),
        model.title,
      ).toEqual([]);
    }
  });

  it('lead from all clusters to a pod, and only to dashboards that are there', () => {
    const uids = ALL.map(({ uid }) => uid);
    const targets = (model: Model) =>
      [...JSON.stringify(model).matchAll(/"\/d\/([\w-]+)[?"]/g)].map(([, uid]) => String(uid));
    for (const model of ALL)
      expect(
        targets(model).filter((uid) => !uids.includes(uid)),
        model.title,
      ).toEqual([]);
    const way = ['fleet', 'cluster', 'workspace', 'service', 'pod'].map((key) => `watch-${key}`);
    way.slice(0, -1).forEach((uid, at) => {
      const model = ALL.find((one) => one.uid === uid) as Model;
      expect(targets(model), uid).toContain(way[at + 1]);
    });
    for (const model of dashboardsOf(['opencost'])) expect(targets(model)).toEqual([]);
  });

  it('hand on only variables that the dashboard they lead to has', () => {
    for (const model of ALL)
      for (const [, uid, query] of JSON.stringify(model).matchAll(/"\/d\/([\w-]+)\?([^"]*(?:\\"[^"]*)*)"/g)) {
        const names = (ALL.find((one) => one.uid === uid) as Model).templating.list.map(({ name }) => name);
        for (const [, variable] of String(query).matchAll(/var-(\w+)=/g))
          expect(names, `${model.title} → ${uid}`).toContain(variable);
      }
  });

  it('name in legends only labels that the query leaves', () => {
    for (const model of ALL)
      for (const panel of model.panels.flatMap((one) => [one, ...(one.panels ?? [])]))
        for (const { expr, legendFormat = '' } of panel.targets ?? []) {
          if (expr === undefined) continue;
          for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
            expect(expr, `${model.title}, ${panel.title}`).toMatch(
              new RegExp(`\\b(by|group_left) \\([^)]*\\b${label}\\b`),
            );
        }
  });
});
