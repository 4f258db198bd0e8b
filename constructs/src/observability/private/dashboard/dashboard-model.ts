import { present } from '../../../private/present-members';
import type { DashboardAnnotation, DashboardProps, DashboardRow } from '../../dashboard';
import type { DashboardPanel } from '../../dashboard-panel';
import { panelIds, placePanels } from './dashboard-layout';
import type { PanelSaid, VariableSaid } from './panel-content';
import { panelModel, panelSize } from './panel-model';
import { datasourceType, LOGS_VARIABLE, linkModel, METRICS_VARIABLE, type Model } from './query-model';

/** Of the classic model; newer versions of Grafana bring it up to date as they load it. */
const SCHEMA_VERSION = 42;

/** Data sources that variables begin with, where they are known. */
export interface FirstChoice {
  readonly name: string;
  readonly uid: string;
  readonly type: string;
}

/** A dashboard in Grafana's classic model (grafana/grafana kinds/dashboard/dashboard_kind.cue). */
export function dashboardModel(props: DashboardProps, firstChoices: readonly FirstChoice[] = []): Model {
  const { title, description, tags = [], links = [], annotations = [], timeRange = '1h', refresh = '1m' } = props;
  return {
    ...present({ uid: props.uid, title, description }),
    tags,
    editable: false,
    graphTooltip: 1,
    schemaVersion: SCHEMA_VERSION,
    time: { from: `now-${timeRange}`, to: 'now' },
    timezone: 'browser',
    refresh,
    templating: { list: variablesOf(props).map((said) => variableModel(said, firstChoices)) },
    annotations: { list: [GRAFANAS_OWN, ...annotations.map(annotationModel)] },
    links: links.map((link) => linkModel(link._said())),
    panels: panelsOf(props),
  };
}

/** All panels, those of rows too. */
export function allPanels({ panels = [], rows = [] }: DashboardProps): readonly DashboardPanel[] {
  return [...panels, ...rows.flatMap((row) => row.panels)];
}

function panelsOf({ panels = [], rows = [] }: DashboardProps): Model[] {
  const named = [
    ...panels.map((panel) => `/${panel._said().props.title}`),
    ...rows.flatMap(({ title, panels: inside }) => [
      `${title}/`,
      ...inside.map((panel) => `${title}/${panel._said().props.title}`),
    ]),
  ];
  const ids = panelIds(named);
  let next = 0;
  const model = (saids: readonly PanelSaid[], top: number) => {
    const { positions, bottom } = placePanels(saids.map(panelSize), top);
    const models = positions.map((position, at) => panelModel(saids[at] as PanelSaid, ids[next++] as number, position));
    return { models, bottom };
  };
  const loose = model(
    panels.map((panel) => panel._said()),
    0,
  );
  let top = loose.bottom;
  const placed = rows.flatMap((row) => {
    const id = ids[next++] as number;
    const { models, bottom } = model(
      row.panels.map((panel) => panel._said()),
      top + 1,
    );
    const heading = rowModel(row, id, top, row.collapsed === true ? models : []);
    top = row.collapsed === true ? top + 1 : bottom;
    return row.collapsed === true ? [heading] : [heading, ...models];
  });
  return [...loose.models, ...placed];
}

/** Panels of a closed row are inside it, where they stand once it is open. */
function rowModel(
  { title, collapsed = false, repeatFor }: DashboardRow,
  id: number,
  y: number,
  panels: Model[],
): Model {
  return present({
    id,
    type: 'row',
    title,
    collapsed,
    gridPos: { h: 1, w: 24, x: 0, y },
    repeat: repeatFor,
    panels,
  });
}

/** Those that the program says, after the data sources that its queries ask. */
function variablesOf(props: DashboardProps): VariableSaid[] {
  const said = (props.variables ?? []).map((variable) => variable._said());
  const queries = allPanels(props).flatMap((panel) => {
    const { props: ofPanel } = panel._said();
    return 'queries' in ofPanel ? ofPanel.queries.map((query) => query._said()) : [];
  });
  const asked = queries.filter(({ datasourceUid }) => datasourceUid === undefined);
  const logs = asked.find(({ language }) => language !== 'promql');
  const needsMetrics =
    asked.some(({ language }) => language === 'promql') ||
    said.some((variable) => variable.kind === 'query' && variable.datasourceUid === undefined) ||
    (props.annotations ?? []).length > 0;
  const own: VariableSaid[] = [
    ...(needsMetrics
      ? [{ kind: 'datasource' as const, name: METRICS_VARIABLE, pluginId: 'prometheus', title: 'Metrics' }]
      : []),
    ...(logs === undefined
      ? []
      : [{ kind: 'datasource' as const, name: LOGS_VARIABLE, pluginId: datasourceType(logs), title: 'Logs' }]),
  ];
  return [...own.filter(({ name }) => !said.some((variable) => variable.name === name)), ...said];
}

const ALL = { text: 'All', value: '$__all' };

function variableModel(said: VariableSaid, firstChoices: readonly FirstChoice[]): Model {
  const { name, title, hidden = false } = said;
  const common = { ...present({ name, label: title }), hide: hidden ? 2 : 0, skipUrlSync: false };
  switch (said.kind) {
    case 'query': {
      const { query, regex = '', allValue, multiple = false, includeAll = false, datasourceUid } = said;
      return present({
        ...common,
        type: 'query',
        datasource: { type: 'prometheus', uid: datasourceUid ?? `\${${METRICS_VARIABLE}}` },
        definition: query,
        query: { query, refId: `variable-${name}` },
        regex,
        refresh: 2,
        sort: 1,
        multi: multiple,
        includeAll,
        allValue,
        current: includeAll ? ALL : undefined,
        options: [],
      });
    }
    case 'custom': {
      const { values, multiple = false, includeAll = false } = said;
      const options = values.map((value, at) => ({ ...optionOf(value), selected: at === 0 && !includeAll }));
      const [first] = options;
      return present({
        ...common,
        type: 'custom',
        query: values.join(','),
        multi: multiple,
        includeAll,
        current: includeAll ? ALL : first,
        options: includeAll ? [{ ...ALL, selected: true }, ...options] : options,
      });
    }
    case 'datasource': {
      const first = firstChoices.find(({ type }) => type === said.pluginId);
      return present({
        ...common,
        type: 'datasource',
        query: said.pluginId,
        regex: '',
        refresh: 1,
        multi: false,
        includeAll: false,
        current: first === undefined ? undefined : { text: first.name, value: first.uid },
        options: [],
      });
    }
    case 'interval': {
      const options = said.values.map((value, at) => ({ text: value, value, selected: at === 0 }));
      return present({
        ...common,
        type: 'interval',
        query: said.values.join(','),
        auto: false,
        auto_count: 30,
        auto_min: '10s',
        refresh: 2,
        current: options[0],
        options,
      });
    }
    case 'textbox': {
      const option = { text: said.value, value: said.value, selected: true };
      return { ...common, type: 'textbox', query: said.value, current: option, options: [option] };
    }
  }
}

/** Of "name : value" the name is shown (grafana/scenes packages/scenes/src/variables/variants/CustomVariable.tsx). */
function optionOf(text: string): { readonly text: string; readonly value: string } {
  const [, shown, value] = /^\s*(.+)\s:\s(.+)$/.exec(text) ?? [];
  return shown === undefined || value === undefined ? { text, value: text } : { text: shown, value };
}

/** Marks that people set, as Grafana itself writes it into every dashboard. */
const GRAFANAS_OWN: Model = {
  builtIn: 1,
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  name: 'Annotations & Alerts',
  type: 'dashboard',
};

function annotationModel({ title, expression, text, color = 'blue' }: DashboardAnnotation): Model {
  return present({
    name: title,
    datasource: { type: 'prometheus', uid: `\${${METRICS_VARIABLE}}` },
    enable: true,
    hide: false,
    iconColor: color,
    expr: expression,
    titleFormat: title,
    textFormat: text,
    step: '60s',
    useValueForTime: false,
  });
}
