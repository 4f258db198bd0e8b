// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Grafana
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import { assemblyOf, problemsOfProgram, temporaryFolder } from '../synthesis.test-support';
import { Dashboard, type DashboardProps } from './dashboard';
import { DashboardLink } from './dashboard-link';
import { DashboardPanel, TableColumn } from './dashboard-panel';
import { DashboardVariable } from './dashboard-variable';
import { DashboardDelivery, GrafanaDashboards, type GrafanaDashboardsProps } from './grafana-dashboards';
import { LuceneStore, PanelQuery } from './panel-query';
import { panelIds, placePanels } from './private/dashboard/dashboard-layout';
import { dashboardModel } from './private/dashboard/dashboard-model';
import { loadDashboards, MOST_BYTES } from './private/dashboard/loaded-dashboards';

interface GridPanel {
  readonly id: number;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly panels?: readonly GridPanel[];
}

const up = [PanelQuery.promql('up')];
const chart = (title: string, width?: number, height?: number) =>
  DashboardPanel.timeSeries({
    title,
    queries: up,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  });
const CART: DashboardProps = { uid: 'cart', title: 'Cart', panels: [chart('Up')] };
const panelsOf = (props: DashboardProps) => (dashboardModel(props) as { panels: GridPanel[] }).panels;
/** As they are when every row is open. */
const opened = (panels: readonly GridPanel[]) => panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);

function overlap({ gridPos: a }: GridPanel, { gridPos: b }: GridPanel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

const size = fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 20 }) });
const row = fc.record({ sizes: fc.array(size, { maxLength: 9 }), collapsed: fc.boolean() });
const dashboard = fc.tuple(fc.array(size, { minLength: 1, maxLength: 9 }), fc.array(row, { maxLength: 5 })).map(
  ([loose, rows]): DashboardProps => ({
    ...CART,
    panels: loose.map(({ width, height }, at) => chart(`p${at}`, width, height)),
    rows: rows.map(({ sizes, collapsed }, at) => ({
      title: `r${at}`,
      collapsed,
      panels: sizes.map(({ width, height }, index) => chart(`p${index}`, width, height)),
    })),
  }),
);

describe('where panels stand', () => {
  it('is inside the grid, and never where another one stands', () => {
    fc.assert(
      fc.property(dashboard, (props) => {
        const shown = panelsOf(props);
        for (const { gridPos } of opened(shown)) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        shown.forEach((panel, at) => {
          for (const other of shown.slice(at + 1)) expect(overlap(panel, other)).toBe(false);
          const inside = panel.panels ?? [];
          inside.forEach((one, index) => {
            expect(overlap(panel, one)).toBe(false);
            for (const other of inside.slice(index + 1)) expect(overlap(one, other)).toBe(false);
          });
        });
      }),
    );
  });

  it('is from the left, as many side by side as fit, and the next line below the highest', () => {
    const { positions, bottom } = placePanels(
      [
        { width: 12, height: 8 },
        { width: 12, height: 4 },
        { width: 6, height: 3 },
      ],
      1,
    );
    expect(positions).toEqual([
      { x: 0, y: 1, w: 12, h: 8 },
      { x: 12, y: 1, w: 12, h: 4 },
      { x: 0, y: 9, w: 6, h: 3 },
    ]);
    expect(bottom).toBe(12);
  });
});

describe('ids of panels', () => {
  it('are different, and fit into 32 bits', () => {
    fc.assert(
      fc.property(dashboard, (props) => {
        const ids = opened(panelsOf(props)).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every((id) => Number.isInteger(id) && id > 0 && id < 2 ** 31)).toBe(true);
      }),
    );
    expect(new Set(panelIds(Array.from({ length: 50 }, () => 'same'))).size).toBe(50);
  });

  it('stay when other panels come or go', () => {
    const before = panelsOf({ ...CART, rows: [{ title: 'Use', panels: [chart('CPU'), chart('Memory')] }] });
    const after = panelsOf({
      ...CART,
      panels: [],
      rows: [
        { title: 'New', panels: [chart('CPU')] },
        { title: 'Use', panels: [chart('Network'), chart('CPU'), chart('Memory')] },
      ],
    });
    for (const title of ['CPU', 'Memory']) {
      const idIn = (panels: readonly GridPanel[]) =>
        panels.filter((panel) => 'title' in panel && panel.title === title).map(({ id }) => id);
      expect(idIn(after)).toEqual(expect.arrayContaining(idIn(before)));
    }
  });
});

describe('a dashboard', () => {
  it('lets the data sources that its queries ask be chosen', () => {
    const model = dashboardModel(
      {
        ...CART,
        panels: [chart('Up'), DashboardPanel.logs({ title: 'Logs', queries: [PanelQuery.logql('{app="cart"}')] })],
        variables: [DashboardVariable.labelValues('pod', 'kube_pod_info', 'pod', { includeAll: true, allValue: '.*' })],
      },
      [{ name: 'Metrics', uid: 'metrics', type: 'prometheus' }],
    ) as { templating: { list: { name: string; type: string; query: unknown; current?: unknown }[] } };
    expect(model.templating.list.map(({ name, type, query }) => [name, type, query])).toEqual([
      ['datasource', 'datasource', 'prometheus'],
      ['logs', 'datasource', 'loki'],
      ['pod', 'query', { query: 'label_values(kube_pod_info, pod)', refId: 'variable-pod' }],
    ]);
    expect(model.templating.list[0]?.current).toEqual({ text: 'Metrics', value: 'metrics' });
  });

  it('leads to another one with what was clicked on, and the chosen data source', () => {
    const column = TableColumn.label('namespace', {
      links: [
        DashboardLink.dashboard({
          title: 'Namespace',
          uid: 'namespace',
          variables: { namespace: DashboardLink.columnValue('namespace') },
        }),
      ],
    });
    const [table] = panelsOf({
      ...CART,
      panels: [DashboardPanel.table({ title: 'All', queries: up, columns: [column] })],
    });
    const { overrides } = (table as unknown as { fieldConfig: { overrides: { properties: unknown[] }[] } }).fieldConfig;
    expect(overrides[0]?.properties).toEqual([
      {
        id: 'links',
        value: [
          {
            title: 'Namespace',
            targetBlank: false,
            url: '/d/namespace?var-namespace=${__data.fields["namespace"]:percentencode}&var-datasource=${datasource}&${__url_time_range}',
          },
        ],
      },
    ]);
  });

  const wrong: [string, Partial<DashboardProps>][] = [
    ['"a b" is no uid of a dashboard.', { uid: 'a b' }],
    ['Dashboard "cart" has no title.', { title: ' ' }],
    ['Dashboard "cart" has no panels.', { panels: [] }],
    ['Dashboard "cart" shows the time "1 hour".', { timeRange: '1 hour' }],
    ['Dashboard "cart" is asked again every "often".', { refresh: 'often' }],
    ['Dashboard "cart" has two panels "Up".', { panels: [chart('Up'), chart('Up')] }],
    ['Dashboard "cart" has two rows "Use".', { rows: [1, 2].map(() => ({ title: 'Use', panels: [] })) }],
    ['Dashboard "cart", panel "Up", has width 25.', { panels: [chart('Up', 25)] }],
    ['Dashboard "cart", panel "Up", has height 0.', { panels: [chart('Up', 24, 0)] }],
    ['Dashboard "cart", panel "Up", has 0 queries.', { panels: [DashboardPanel.stat({ title: 'Up', queries: [] })] }],
    [
      'Dashboard "cart", panel "Up", asks in promql and logql.',
      { panels: [DashboardPanel.stat({ title: 'Up', queries: [...up, PanelQuery.logql('{}')] })] },
    ],
    [
      'Dashboard "cart", panel "Up", shows metrics as lines of logs.',
      { panels: [DashboardPanel.logs({ title: 'Up', queries: up })] },
    ],
    [
      'Dashboard "cart", panel "Up", has thresholds 2, 1.',
      {
        panels: [
          DashboardPanel.stat({
            title: 'Up',
            queries: up,
            thresholds: [2, 1].map((value) => ({ value, color: 'red' })),
          }),
        ],
      },
    ],
    [
      'Dashboard "cart", panel "Up", has a column of query 1.',
      {
        panels: [DashboardPanel.table({ title: 'Up', queries: up, columns: [TableColumn.value(1, { title: 'A' })] })],
      },
    ],
    ['Dashboard "cart" has two variables "pod".', { variables: [1, 2].map(() => DashboardVariable.text('pod', '')) }],
    ['Dashboard "cart" has the variable "a-b".', { variables: [DashboardVariable.text('a-b', '')] }],
    [
      'Dashboard "cart": the variable "step" has the values ["often"].',
      { variables: [DashboardVariable.interval('step', ['often'])] },
    ],
    [
      'Dashboard "cart" repeats row "Use" for the variable "pod", which it does not have.',
      { rows: [{ title: 'Use', panels: [], repeatFor: 'pod' }] },
    ],
    ['"runbook" is no address of a link.', { links: [DashboardLink.url('Runbook', 'runbook')] }],
  ];
  it.each(wrong)('is refused: %s', (what, props) => {
    expect(loadDashboards([Dashboard.of({ ...CART, ...props })], []).findings.map((finding) => finding.what)).toEqual([
      what,
    ]);
  });

  it('may ask Elasticsearch and OpenSearch for logs', () => {
    const types = [LuceneStore.ELASTICSEARCH, LuceneStore.OPENSEARCH].map((store) => {
      const queries = [PanelQuery.lucene(store, 'kubernetes.pod_name:cart*')];
      const model = dashboardModel({ ...CART, panels: [DashboardPanel.logs({ title: 'Logs', queries })] });
      return (model as { templating: { list: { query: string }[] } }).templating.list.map(({ query }) => query);
    });
    expect(types).toEqual([['elasticsearch'], ['grafana-opensearch-datasource']]);
  });
});

const made =
  (props: Partial<GrafanaDashboardsProps>) => (platform: Parameters<Parameters<typeof assemblyOf>[0]>[0]) => {
    new ClusterSet(platform, 'clusters').add('ops');
    new GrafanaDashboards(platform, 'boards', {
      dashboards: [Dashboard.of(CART)],
      placement: Placement.named('ops'),
      namespaceName: 'mall',
      ...props,
    });
  };

describe('GrafanaDashboards', () => {
  it('are ConfigMaps that the sidecar finds, one for each dashboard, in a folder', () => {
    const dashboards = [Dashboard.of(CART), Dashboard.of({ ...CART, uid: 'Cart_2', folder: 'Other' })];
    const assembly = assemblyOf(made({ dashboards, folder: 'Mall' }));
    const objects = [...assembly.objects('ops').values()];
    expect(objects.map(({ metadata, data }) => [metadata.name, metadata.annotations, Object.keys(data)])).toEqual([
      ['boards-cart', { grafana_folder: 'Mall' }, ['cart.json']],
      [expect.stringMatching(/^boards-cart-2-[0-9a-f]{8}$/), { grafana_folder: 'Other' }, ['Cart_2.json']],
    ]);
    for (const { kind, metadata, data } of objects) {
      expect(kind).toBe('ConfigMap');
      expect(metadata).toMatchObject({ namespace: 'mall', labels: { grafana_dashboard: '1' } });
      expect(JSON.parse(Object.values(data)[0] as string)).toMatchObject({ title: 'Cart', schemaVersion: 42 });
    }
  });

  it('are objects of the operator of Grafana, for a Grafana with these labels', () => {
    const selectedBy = { dashboards: 'grafana' };
    const assembly = assemblyOf(made({ delivery: DashboardDelivery.GRAFANA_OPERATOR, selectedBy }));
    const { kind, spec } = assembly.object('ops', 'boards/GrafanaDashboard');
    expect(kind).toBe('GrafanaDashboard');
    expect(spec.instanceSelector).toEqual({ matchLabels: { dashboards: 'grafana' } });
    expect(JSON.parse(spec.json)).toMatchObject({ uid: 'cart' });
    expect(
      problemsOfProgram(made({ delivery: DashboardDelivery.GRAFANA_OPERATOR })).map(({ code, what }) => [code, what]),
    ).toEqual([['ORR2013', 'It says no labels by which a Grafana finds the dashboards.']]);
  });

  it('are the same for the same program', () => {
    fc.assert(
      fc.property(dashboard, (props) => {
        const text = () => loadDashboards([Dashboard.of(props)], []).dashboards[0]?.text;
        expect(text()).toBe(text());
      }),
      { numRuns: 20 },
    );
  });

  it('have under 1 MiB each, whatever their size, or are refused with what to do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60_000 }), (panels, length) => {
        const large = Dashboard.of({
          ...CART,
          panels: Array.from({ length: panels }, (_, at) =>
            DashboardPanel.text({ title: `p${at}`, content: 'ä'.repeat(length / 2) }),
          ),
        });
        const { dashboards, findings } = loadDashboards([large], []);
        const bytes = Buffer.byteLength(dashboards[0]?.text ?? '');
        expect(findings.map(({ fix }) => fix)).toEqual(
          bytes <= MOST_BYTES ? [] : ['Make several of it, with links between them: one for each row, say.'],
        );
        const least = Buffer.byteLength(JSON.stringify(JSON.parse(dashboards[0]?.text ?? '')));
        expect(findings.length > 0).toBe(least > MOST_BYTES);
      }),
      { numRuns: 30 },
    );
  });

  it('may not have a uid twice', () => {
    const dashboards = [Dashboard.of(CART), Dashboard.of(CART)];
    expect(problemsOfProgram(made({ dashboards })).map(({ what }) => what)).toEqual([
      'Two dashboards have the uid "cart".',
    ]);
  });

  it('may be files of Grafana, as long as its sidecar loads them', () => {
    const folder = temporaryFolder();
    const file = (name: string, content: unknown) => {
      const at = path.join(folder, name);
      fs.writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
      return at;
    };
    const mixin = { uid: 'mixin', title: 'Mixin', panels: [] };
    const { dashboards, findings } = loadDashboards(
      [
        Dashboard.fromFile(file('good.json', mixin), 'Mixins'),
        Dashboard.fromFile(file('text.json', 'no json')),
        Dashboard.fromFile(file('v2.json', { apiVersion: 'dashboard.grafana.app/v2beta1', spec: {} })),
        Dashboard.fromFile(file('none.json', { ...mixin, panels: undefined })),
        Dashboard.fromFile(file('anonymous.json', { ...mixin, uid: null })),
        Dashboard.fromFile(file('shared.json', { ...mixin, __inputs: [{ name: 'DS_PROMETHEUS' }] })),
        Dashboard.fromFile(path.join(folder, 'missing.json')),
      ],
      [],
    );
    expect(dashboards.map(({ uid, folder: of }) => [uid, of])).toEqual([['mixin', 'Mixins']]);
    expect(findings.map(({ what }) => what.replaceAll(folder, ''))).toEqual([
      expect.stringContaining('The dashboard "/text.json" cannot be read: '),
      'The dashboard "/v2.json" is a Kubernetes resource of Grafana (schema v2), which its sidecar does not load.',
      'The file "/none.json" is no dashboard: it has no panels.',
      'The dashboard "/anonymous.json" has no uid.',
      'The dashboard "/shared.json" was exported to be shared: it asks for inputs, which nobody fills.',
      'The dashboard "/missing.json" does not exist.',
    ]);
  });
});
