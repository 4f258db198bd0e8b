import { saidTwice } from '../../../private/said-twice';
import type { Finding } from '../../../private/service-validation';
import { webAddressFindings } from '../../../private/web-address';
import type { DashboardProps, DashboardRow } from '../../dashboard';
import type { DashboardPanel, PanelThreshold } from '../../dashboard-panel';
import { GRID_COLUMNS } from './dashboard-layout';
import { allPanels } from './dashboard-model';
import type { LinkSaid, PanelSaid, VariableSaid } from './panel-content';
import { panelSize } from './panel-model';
import { REF_IDS } from './query-model';
import { columnTitle } from './table-model';

/** Grafana takes 40 characters of these (grafana/grafana pkg/util/shortid_generator.go, IsValidShortUID and IsShortUIDTooLong). */
const UID = /^[a-zA-Z0-9_-]{1,40}$/;

const DURATION = /^[1-9]\d*[smhdwMy]$/;

/** What is wrong with a dashboard that is made of rows and panels. */
export function dashboardFindings(props: DashboardProps): Finding[] {
  const { uid, title, rows = [], panels = [], timeRange = '1h', refresh = '1m' } = props;
  const where = `Dashboard ${JSON.stringify(uid)}`;
  return [
    ...uidFindings(uid),
    ...(title.trim() === '' ? [bad(`${where} has no title.`, 'Give it one.')] : []),
    ...(DURATION.test(timeRange)
      ? []
      : [bad(`${where} shows the time ${JSON.stringify(timeRange)}.`, 'Write it like "6h".')]),
    ...(refresh === '' || DURATION.test(refresh)
      ? []
      : [bad(`${where} is asked again every ${JSON.stringify(refresh)}.`, 'Write it like "30s"; "" for never.')]),
    ...(allPanels(props).length === 0 ? [bad(`${where} has no panels.`, 'Give it some.')] : []),
    ...saidTwice(rows.map((row) => row.title)).map((name) =>
      bad(`${where} has two rows "${name}".`, 'Give each a title of its own.'),
    ),
    ...variableFindings(where, props),
    ...[{ title: '', panels }, ...rows].flatMap((row) => rowFindings(where, row)),
    ...(props.links ?? []).flatMap((link) => linkFindings(where, link._said())),
  ];
}

export function uidFindings(uid: string): Finding[] {
  if (UID.test(uid)) return [];
  return [
    bad(`${JSON.stringify(uid)} is no uid of a dashboard.`, 'Use letters, digits, "-" and "_", at most 40 of them.'),
  ];
}

function rowFindings(where: string, { title, panels }: DashboardRow): Finding[] {
  const titles = panels.map((panel) => panel._said().props.title);
  return [
    ...saidTwice(titles).map((name) =>
      bad(
        `${where} has two panels "${name}"${title === '' ? '' : ` in row "${title}"`}.`,
        'Give each a title of its own: links to a panel are made of it.',
      ),
    ),
    ...panels.flatMap((panel) => panelFindings(where, panel)),
  ];
}

function panelFindings(where: string, panel: DashboardPanel): Finding[] {
  const said = panel._said();
  const { props } = said;
  const at = `${where}, panel "${props.title}",`;
  const { width, height } = panelSize(said);
  return [
    ...(isWhole(width, 1, GRID_COLUMNS)
      ? []
      : [bad(`${at} has width ${width}.`, `Use whole columns, 1 to ${GRID_COLUMNS}.`)]),
    ...(isWhole(height, 1, 100) ? [] : [bad(`${at} has height ${height}.`, 'Use whole rows, 1 to 100.')]),
    ...queryFindings(at, said),
    ...tableFindings(at, said),
    ...('thresholds' in props ? thresholdFindings(at, props.thresholds ?? []) : []),
    ...(props.links ?? []).flatMap((link) => linkFindings(at, link._said())),
    ...('valueLinks' in props ? (props.valueLinks ?? []).flatMap((link) => linkFindings(at, link._said())) : []),
  ];
}

function queryFindings(at: string, { kind, props }: PanelSaid): Finding[] {
  if (!('queries' in props)) return [];
  const queries = props.queries.map((query) => query._said());
  const languages = [...new Set(queries.map(({ language }) => language))];
  const wrongKind =
    kind === 'logs'
      ? queries.some(({ language }) => language === 'promql')
      : kind === 'heatmap' && languages.length > 1;
  return [
    ...(queries.length >= 1 && queries.length <= REF_IDS.length
      ? []
      : [bad(`${at} has ${queries.length} queries.`, `Give it 1 to ${REF_IDS.length}.`)]),
    ...queries.flatMap(({ expression }) =>
      expression.trim() === '' ? [bad(`${at} has an empty query.`, 'Write what it shows.')] : [],
    ),
    ...(languages.length > 1
      ? [bad(`${at} asks in ${languages.join(' and ')}.`, 'A panel asks one data source: make two of it.')]
      : []),
    ...(wrongKind ? [bad(`${at} shows metrics as lines of logs.`, 'Ask in LogQL or Lucene, or make it a chart.')] : []),
  ];
}

function tableFindings(at: string, { kind, props }: PanelSaid): Finding[] {
  if (kind !== 'table') return [];
  const columns = props.columns.map((column) => column._said());
  const titles = columns.map(columnTitle);
  return [
    ...(columns.length === 0 ? [bad(`${at} has no columns.`, 'Say what is shown.')] : []),
    ...saidTwice(titles).map((title) => bad(`${at} has two columns "${title}".`, 'Give each a title of its own.')),
    ...columns.flatMap((column) =>
      column.of === 'label' || isWhole(column.query, 0, props.queries.length - 1)
        ? []
        : [
            bad(
              `${at} has a column of query ${column.query}.`,
              `Queries are counted from 0; it has ${props.queries.length}.`,
            ),
          ],
    ),
    ...columns.flatMap((column) => (column.of === 'value' ? thresholdFindings(at, column.thresholds ?? []) : [])),
    ...columns.flatMap(({ links = [] }) => links.flatMap((link) => linkFindings(at, link._said()))),
  ];
}

function thresholdFindings(at: string, thresholds: readonly PanelThreshold[]): Finding[] {
  const isRising = thresholds.every(
    ({ value }, index) => Number.isFinite(value) && (index === 0 || value > (thresholds[index - 1]?.value ?? value)),
  );
  if (isRising) return [];
  const values = thresholds.map(({ value }) => value).join(', ');
  return [bad(`${at} has thresholds ${values}.`, 'Put them in rising order, each once.')];
}

function linkFindings(at: string, said: LinkSaid): Finding[] {
  if (said.to === 'dashboard')
    return uidFindings(said.uid).map((finding) => ({ ...finding, what: `${at} ${finding.what}` }));
  return webAddressFindings(said.url, 'a link');
}

function variableFindings(where: string, { variables = [], rows = [] }: DashboardProps): Finding[] {
  const said = variables.map((variable) => variable._said());
  const names = said.map(({ name }) => name);
  const isKnown = (name: string) => names.includes(name);
  return [
    ...saidTwice(names).map((name) => bad(`${where} has two variables "${name}".`, 'Give each a name of its own.')),
    ...said.flatMap((variable) => [
      ...(/^[a-zA-Z]\w*$/.test(variable.name)
        ? []
        : [bad(`${where} has the variable ${JSON.stringify(variable.name)}.`, 'Use letters, digits and "_".')]),
      ...valueFindings(where, variable),
    ]),
    ...rows.flatMap(({ title, repeatFor }) =>
      repeatFor === undefined || isKnown(repeatFor)
        ? []
        : [bad(`${where} repeats row "${title}" for the variable "${repeatFor}", which it does not have.`, 'Add it.')],
    ),
  ];
}

function valueFindings(where: string, said: VariableSaid): Finding[] {
  if (said.kind !== 'custom' && said.kind !== 'interval') return [];
  const fix = said.kind === 'interval' ? 'Give it durations, e.g. "5m".' : 'Give it some, without ",".';
  const isGood = (value: string) => (said.kind === 'interval' ? DURATION.test(value) : !value.includes(','));
  if (said.values.length > 0 && said.values.every(isGood)) return [];
  return [bad(`${where}: the variable "${said.name}" has the values ${JSON.stringify(said.values)}.`, fix)];
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
