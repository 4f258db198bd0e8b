import type { DashboardTarget } from '../../dashboard-link';
import type {
  HeatmapPanelProps,
  LabelColumnOptions,
  LogsPanelProps,
  StatPanelProps,
  TablePanelProps,
  TextPanelProps,
  TimeSeriesPanelProps,
  ValueColumnOptions,
  ValuePanelProps,
} from '../../dashboard-panel';
import type { ChoiceVariableOptions, DashboardVariableOptions, QueryVariableOptions } from '../../dashboard-variable';
import type { LogQueryOptions, LuceneStore, MetricQueryOptions } from '../../panel-query';

/** A query as the program says it. */
export type QuerySaid =
  | ({ readonly language: 'promql'; readonly expression: string } & MetricQueryOptions)
  | ({ readonly language: 'logql'; readonly expression: string } & LogQueryOptions)
  | ({ readonly language: 'lucene'; readonly store: LuceneStore; readonly expression: string } & LogQueryOptions);

/** A link as the program says it. */
export type LinkSaid =
  | ({ readonly to: 'dashboard' } & DashboardTarget)
  | { readonly to: 'url'; readonly title: string; readonly url: string };

/** A variable as the program says it. */
export type VariableSaid = { readonly name: string } & (
  | ({ readonly kind: 'query'; readonly query: string } & QueryVariableOptions)
  | ({ readonly kind: 'custom'; readonly values: readonly string[] } & ChoiceVariableOptions)
  | ({ readonly kind: 'datasource'; readonly pluginId: string } & DashboardVariableOptions)
  | ({ readonly kind: 'interval'; readonly values: readonly string[] } & DashboardVariableOptions)
  | ({ readonly kind: 'textbox'; readonly value: string } & DashboardVariableOptions)
);

/** A column of a table as the program says it. */
export type ColumnSaid =
  | ({ readonly of: 'label'; readonly label: string } & LabelColumnOptions)
  | ({ readonly of: 'value'; readonly query: number } & ValueColumnOptions);

/** A panel as the program says it. */
export type PanelSaid =
  | { readonly kind: 'timeseries'; readonly props: TimeSeriesPanelProps }
  | { readonly kind: 'stat'; readonly props: StatPanelProps }
  | { readonly kind: 'gauge'; readonly props: ValuePanelProps }
  | { readonly kind: 'bargauge'; readonly props: ValuePanelProps }
  | { readonly kind: 'table'; readonly props: TablePanelProps }
  | { readonly kind: 'heatmap'; readonly props: HeatmapPanelProps }
  | { readonly kind: 'logs'; readonly props: LogsPanelProps }
  | { readonly kind: 'text'; readonly props: TextPanelProps };

export type PanelKind = PanelSaid['kind'];
