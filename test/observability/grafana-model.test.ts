import path from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GrafanaModel } from './grafana-model.ts';

/** Of the sources, whose imports another compiler resolves. */
const SOURCES = '../../constructs/src';
const { SERIES_SOURCES } = (await import(`${SOURCES}/observability/private/metric-catalogue.ts`)) as {
  readonly SERIES_SOURCES: readonly string[];
};
const { SHIPPED, shippedDashboards } = (await import(
  `${SOURCES}/observability/private/shipped/shipped-dashboards.ts`
)) as {
  readonly SHIPPED: readonly { readonly set: string }[];
  shippedDashboards(stack: object, sets: ReadonlySet<string>): object[];
};
const { loadDashboards } = (await import(`${SOURCES}/observability/private/dashboard/loaded-dashboards.ts`)) as {
  loadDashboards(
    dashboards: readonly object[],
    first: readonly object[],
  ): { readonly dashboards: readonly { readonly text: string }[] };
};
const { Dashboard, DashboardLink, DashboardPanel, DashboardVariable, PanelQuery } = await import('@orrery/constructs');

/** Every dashboard of a stack with a store of logs, and one with all that a program may say. */
function emitted(store: string): { readonly text: string }[] {
  const datasource = { name: 'Logs', uid: 'logs', type: store, url: 'http://logs' };
  const stack = {
    name: `of-${store.slice(0, 7)}`,
    has: (source: string) => SERIES_SOURCES.includes(source),
    datasources: [datasource],
    workspaces: [{ name: 'retail', namespaces: ['mall'] }],
  };
  const shipped = shippedDashboards(stack, new Set(SHIPPED.map(({ set }) => set)));
  return [...loadDashboards(shipped, [{ name: 'Metrics', uid: 'metrics', type: 'prometheus' }]).dashboards];
}

const queries = [PanelQuery.promql('up', { legend: '{{job}}', instant: true, datasourceUid: 'metrics' })];
const EVERYTHING = Dashboard.of({
  uid: 'everything',
  title: 'Everything',
  description: 'All that can be said.',
  tags: ['a'],
  refresh: '',
  links: [DashboardLink.url('Runbook', 'https://wiki.example.com'), DashboardLink.dashboard({ title: 'X', uid: 'x' })],
  variables: [
    DashboardVariable.query('q', 'metrics(up)', { multiple: true, regex: '/a/', hidden: true }),
    DashboardVariable.custom('c', ['a', 'B : b'], { title: 'C', includeAll: true }),
    DashboardVariable.datasource('d', 'loki'),
    DashboardVariable.interval('i', ['1m', '5m']),
    DashboardVariable.text('t', 'x'),
  ],
  annotations: [{ title: 'A', expression: 'changes(up[5m]) > 0', text: '{{job}}', color: 'red' }],
  panels: [
    DashboardPanel.gauge({ title: 'G', queries, minimum: 0, maximum: 1, noValue: 'none', lowestColor: 'red' }),
    DashboardPanel.stat({ title: 'S', queries, texts: { '0': 'down' }, background: true, sparkline: true }),
    DashboardPanel.text({ title: 'T', content: '# x', description: 'y' }),
    DashboardPanel.heatmap({ title: 'H', queries, unit: 's' }),
  ],
  rows: [{ title: 'R', collapsed: true, repeatFor: 'c', panels: [DashboardPanel.bars({ title: 'B', queries })] }],
});

const ROOT = path.join(import.meta.dirname, '../..');
const JUDGED = path.join(import.meta.dirname, 'judged-by-the-compiler.ts');

/** What the compiler says of each model as a literal of Grafana's type: fields that the type does not have, or has otherwise. */
function judge(models: readonly string[]): string[][] {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options: said } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [JUDGED] }, ts.sys, ROOT);
  const options = { ...said, incremental: false, skipLibCheck: true };
  let text = "import type { GrafanaModel } from './grafana-model.ts';\n";
  const ends = models.map((model, at) => {
    text += `export const model${at}: GrafanaModel = ${model};\n`;
    return text.length;
  });
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === JUDGED || fileExists.call(host, file);
  host.getSourceFile = (file, language) =>
    file === JUDGED ? ts.createSourceFile(file, text, language) : getSourceFile.call(host, file, language);
  const found = models.map((): string[] => []);
  const program = ts.createProgram([JUDGED], options, host);
  for (const { file, messageText, start = 0 } of ts.getPreEmitDiagnostics(program)) {
    const what = `${ts.flattenDiagnosticMessageText(messageText, ' ')} ${text.slice(start, start + 60)}`;
    const of = file?.fileName === JUDGED ? ends.findIndex((end) => start < end) : 0;
    found[of]?.push(what);
  }
  return found;
}

const MISTAKES = [
  ['"gridPos"', '"gridPosition"'],
  ['"fieldConfig"', '"fieldConfigs"'],
  ['"reduceOptions"', '"reduce"'],
  ['"graphMode": "area"', '"graphMode": "filled"'],
  ['"legendFormat"', '"legend"'],
  ['"displayMode": "table"', '"displayMode": "tables"'],
  ['"schemaVersion": 42', '"schemaVersion": "42"'],
  ['"includeAll"', '"all"'],
  ['"hide": 0', '"hide": 7'],
  ['"cellHeight"', '"rowHeight"'],
  ['"stacking"', '"stack"'],
] as const;

describe('dashboards in Grafana’s own types', () => {
  const models = ['loki', 'elasticsearch'].flatMap(emitted).map(({ text }) => text);
  const own = loadDashboards([EVERYTHING], []).dashboards.map(({ text }) => text);
  const mistaken = MISTAKES.map(([right, wrong]) => models.find((text) => text.includes(right))?.replace(right, wrong));
  let judged: string[][] = [];
  beforeAll(() => {
    judged = judge([...models, ...own, ...mistaken.map((text) => text ?? 'missing')]);
  }, 240_000);

  it('have fields that these types have, with the values that they take', () => {
    const uids = models.map((text) => (JSON.parse(text) as GrafanaModel).uid);
    expect(new Set(uids).size).toBe(2 * SHIPPED.length);
    expect(own).toHaveLength(1);
    expect(judged.slice(0, models.length + own.length).flat()).toEqual([]);
  });

  it.each(MISTAKES.map(([right, wrong], at) => ({ right, wrong, at })))(
    'would be found out with $right written as $wrong',
    ({ at }) => {
      expect(mistaken[at]).toBeDefined();
      expect(judged[models.length + own.length + at]?.length).toBeGreaterThan(0);
    },
  );
});
