import { present } from '../../../private/present-members';
import type { HeatmapPanelProps, StatPanelProps, TimeSeriesPanelProps, ValuePanelProps } from '../../dashboard-panel';
import type { PanelQuery } from '../../panel-query';
import { type GridPosition, type PanelSize, USUAL_SIZES } from './dashboard-layout';
import { fieldDefaults } from './field-model';
import type { PanelKind, PanelSaid } from './panel-content';
import { datasourceOf, linkModel, type Model, REF_IDS, targetModel } from './query-model';
import { tableModel } from './table-model';

export function panelSize({ kind, props }: PanelSaid): PanelSize {
  const usual = USUAL_SIZES[kind];
  return { width: props.width ?? usual.width, height: props.height ?? usual.height };
}

/** A panel of Grafana's classic model (grafana/grafana kinds/dashboard/dashboard_kind.cue, #Panel; options: public/app/plugins/panel, panelcfg.cue of each). */
export function panelModel(said: PanelSaid, id: number, gridPos: GridPosition): Model {
  const { title, description, links = [] } = said.props;
  const content = contentOf(said);
  return present({
    id,
    type: said.kind,
    title,
    description,
    gridPos: { h: gridPos.h, w: gridPos.w, x: gridPos.x, y: gridPos.y },
    ...content,
    links: links.length === 0 ? undefined : links.map((link) => linkModel(link._said())),
  });
}

function contentOf(said: PanelSaid): Model {
  switch (said.kind) {
    case 'timeseries':
      return { ...asked(said.props.queries, said.kind), ...timeSeries(said.props) };
    case 'stat':
      return { ...asked(said.props.queries, said.kind), ...stat(said.props) };
    case 'gauge':
      return { ...asked(said.props.queries, said.kind), ...gauge(said.props) };
    case 'bargauge':
      return { ...asked(said.props.queries, said.kind), ...bars(said.props) };
    case 'table':
      return { ...asked(said.props.queries, said.kind), ...tableModel(said.props) };
    case 'heatmap':
      return { ...asked(said.props.queries, said.kind), ...heatmap(said.props) };
    case 'logs':
      return { ...asked(said.props.queries, said.kind), ...LOGS };
    case 'text':
      return { options: { mode: 'markdown', content: said.props.content } };
  }
}

function asked(queries: readonly PanelQuery[], kind: PanelKind): Model {
  const [first] = queries;
  return {
    ...(first === undefined ? {} : { datasource: datasourceOf(first._said()) }),
    targets: queries.map((query, at) => targetModel(query._said(), REF_IDS.charAt(at), kind)),
  };
}

function timeSeries(props: TimeSeriesPanelProps): Model {
  const { stacked = false, legendTable = true, thresholds = [] } = props;
  const custom = {
    drawStyle: 'line',
    lineInterpolation: 'linear',
    lineWidth: 1,
    fillOpacity: stacked ? 40 : 10,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: thresholds.length === 0 ? 'off' : 'line' },
  };
  return {
    fieldConfig: { defaults: { ...fieldDefaults(props, 'palette-classic'), custom }, overrides: [] },
    options: {
      legend: legendTable
        ? { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['mean', 'max', 'lastNotNull'] }
        : { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

const NEWEST = { values: false, calcs: ['lastNotNull'], fields: '' };

function stat(props: StatPanelProps): Model {
  const { sparkline = false, background = false, texts = {} } = props;
  const options = Object.fromEntries(Object.entries(texts).map(([value, text], index) => [value, { text, index }]));
  const mappings = Object.keys(texts).length === 0 ? [] : [{ type: 'value', options }];
  return {
    fieldConfig: { defaults: { ...fieldDefaults(props, 'thresholds'), mappings }, overrides: [] },
    options: {
      reduceOptions: NEWEST,
      orientation: 'auto',
      textMode: 'auto',
      colorMode: background ? 'background' : 'value',
      graphMode: sparkline ? 'area' : 'none',
      justifyMode: 'auto',
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: 'standard',
    },
  };
}

function gauge(props: ValuePanelProps): Model {
  return {
    fieldConfig: { defaults: fieldDefaults(props, 'thresholds'), overrides: [] },
    options: {
      reduceOptions: NEWEST,
      orientation: 'auto',
      showThresholdLabels: false,
      showThresholdMarkers: true,
      sizing: 'auto',
      minVizWidth: 75,
      minVizHeight: 75,
    },
  };
}

function bars(props: ValuePanelProps): Model {
  return {
    fieldConfig: { defaults: fieldDefaults(props, 'thresholds'), overrides: [] },
    options: {
      reduceOptions: NEWEST,
      orientation: 'horizontal',
      displayMode: 'gradient',
      valueMode: 'color',
      namePlacement: 'auto',
      showUnfilled: true,
      sizing: 'auto',
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 300,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
    },
  };
}

function heatmap({ unit }: HeatmapPanelProps): Model {
  return {
    fieldConfig: { defaults: { custom: { scaleDistribution: { type: 'linear' } } }, overrides: [] },
    options: {
      calculate: false,
      color: {
        mode: 'scheme',
        scheme: 'Oranges',
        fill: 'dark-orange',
        scale: 'exponential',
        exponent: 0.5,
        steps: 64,
        reverse: false,
      },
      yAxis: present({ unit, axisPlacement: 'left' }),
      rowsFrame: { layout: 'auto' },
      filterValues: { le: 1e-9 },
      showValue: 'never',
      cellGap: 1,
      legend: { show: true },
      tooltip: { mode: 'single', yHistogram: false, showColorScale: false },
      exemplars: { color: 'rgba(255,0,255,0.7)' },
    },
  };
}

const LOGS: Model = {
  options: {
    showTime: true,
    showLabels: false,
    showCommonLabels: false,
    showLogContextToggle: true,
    wrapLogMessage: true,
    prettifyLogMessage: false,
    enableLogDetails: true,
    sortOrder: 'Descending',
    dedupStrategy: 'none',
  },
};
