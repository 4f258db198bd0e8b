import type { DashboardAnnotation, DashboardRow } from '../../dashboard';
import { DashboardLink } from '../../dashboard-link';
import type { DashboardPanel } from '../../dashboard-panel';
import type { DashboardSet } from '../../dashboard-set';
import { DashboardVariable, type QueryVariableOptions } from '../../dashboard-variable';
import { type MetricQueryOptions, PanelQuery } from '../../panel-query';
import type { SeriesSource } from '../metric-catalogue';
import type { Datasource } from '../stack-context';

/** What the dashboards of a stack are made for. */
export interface ShippedView {
  /** Whether a scrape takes metrics of it; of rules: whether somebody evaluates some. */
  has(source: SeriesSource): boolean;
  /** Where logs are searched, if anywhere. */
  readonly logs: Datasource | undefined;
  readonly workspaces: readonly ShownWorkspace[];
  /** The way to another dashboard of the set; none where that one is not there. */
  wayTo(key: string, title: string, variables?: { readonly [name: string]: string }): DashboardLink[];
}

export interface ShownWorkspace {
  readonly name: string;
  readonly namespaces: readonly string[];
}

/** A panel and what it needs metrics of. */
export interface Needing {
  readonly needs: readonly SeriesSource[];
  readonly panel: DashboardPanel;
}

export interface ShippedRow {
  readonly title: string;
  readonly collapsed?: boolean;
  readonly panels: readonly Needing[];
}

/** A dashboard that is there where its sources are. */
export interface ShippedDashboard {
  /** End of its uid. */
  readonly key: string;
  readonly set: DashboardSet;
  readonly title: string;
  readonly description: string;
  /** Without one of these there is nothing to show. */
  readonly anyOf: readonly SeriesSource[] | 'logs';
  content(view: ShippedView): ShippedContent;
}

export interface ShippedContent {
  readonly variables: readonly DashboardVariable[];
  readonly top: readonly Needing[];
  readonly rows: readonly ShippedRow[];
  readonly annotations?: readonly (DashboardAnnotation & { readonly needs: readonly SeriesSource[] })[];
  readonly links?: readonly DashboardLink[];
  readonly timeRange?: string;
}

/** A panel that needs metrics of these. */
export function needs(sources: readonly SeriesSource[], panel: DashboardPanel): Needing {
  return { needs: sources, panel };
}

/** Rows with the panels whose sources are there; none that are empty. */
export function availableRows(rows: readonly ShippedRow[], view: ShippedView): DashboardRow[] {
  return rows.flatMap(({ title, collapsed = false, panels }) => {
    const there = available(panels, view);
    return there.length === 0 ? [] : [{ title, collapsed, panels: there }];
  });
}

export function available(panels: readonly Needing[], view: ShippedView): DashboardPanel[] {
  return panels.flatMap(({ needs: sources, panel }) => (sources.every((source) => view.has(source)) ? [panel] : []));
}

/** One query, as most panels have. */
export function ask(expression: string, legend?: string): PanelQuery[] {
  return [legend === undefined ? PanelQuery.promql(expression) : PanelQuery.promql(expression, { legend })];
}

/** Several queries, each with what its lines are called. */
export function askAll(queries: { readonly [legend: string]: string }): PanelQuery[] {
  return Object.entries(queries).map(([legend, expression]) => PanelQuery.promql(expression, { legend }));
}

/** Queries of a table, one for each column of values. */
export function columnsOf(expressions: readonly string[], options: MetricQueryOptions = {}): PanelQuery[] {
  return expressions.map((expression) => PanelQuery.promql(expression, options));
}

/** Series of the chosen clusters; where there is one cluster alone they may have no such label. */
export const IN_CLUSTER = 'cluster=~"$cluster"';
export const IN_NAMESPACE = `${IN_CLUSTER},namespace=~"$namespace"`;

const ANY_CLUSTER: QueryVariableOptions = { title: 'Cluster', includeAll: true, allValue: '.*' };

/** Which cluster is looked at. @param selector series that every cluster of interest has */
export function clusterVariable(selector: string): DashboardVariable {
  return DashboardVariable.labelValues('cluster', selector, 'cluster', ANY_CLUSTER);
}

export function namespaceVariable(selector: string, options: QueryVariableOptions = {}): DashboardVariable {
  return DashboardVariable.labelValues('namespace', selector, 'namespace', { title: 'Namespace', ...options });
}

/** What a row of a table has in these columns, for the variables of the same name. */
export function fromColumns(...labels: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(labels.map((label) => [label, DashboardLink.columnValue(label)]));
}

/** What is chosen here, for the variables of the same name there. */
export function chosen(...names: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(names.map((name) => [name, DashboardLink.variableValue(name)]));
}

export const GOOD_TO_BAD = [
  { value: 0.75, color: 'orange' },
  { value: 0.9, color: 'red' },
];
export const NONE_IS_GOOD = [{ value: 1, color: 'red' }];

/** How a share of a whole is shown. */
export const SHARE = { unit: 'percentunit', minimum: 0, maximum: 1 };
