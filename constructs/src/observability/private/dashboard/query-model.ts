import { present } from '../../../private/present-members';
import { LuceneStore } from '../../panel-query';
import type { LinkSaid, PanelKind, QuerySaid } from './panel-content';

/** JSON of Grafana. */
export interface Model {
  readonly [key: string]: unknown;
}

/** The variable with the data source of metrics, and that of logs, which dashboards get by themselves where they ask one. */
export const METRICS_VARIABLE = 'datasource';
export const LOGS_VARIABLE = 'logs';

/** Letters of queries: A is the first one. */
export const REF_IDS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const NEWEST_ONLY: ReadonlySet<PanelKind> = new Set(['table', 'gauge', 'bargauge']);
const FORMATS: { readonly [K in PanelKind]?: string } = { table: 'table', heatmap: 'heatmap' };

/** Grafana's name of the data source that answers a query. */
export function datasourceType(said: QuerySaid): string {
  if (said.language === 'lucene') return said.store;
  return said.language === 'promql' ? 'prometheus' : 'loki';
}

export function datasourceOf(said: QuerySaid): Model {
  const chosen = said.language === 'promql' ? METRICS_VARIABLE : LOGS_VARIABLE;
  return { type: datasourceType(said), uid: said.datasourceUid ?? `\${${chosen}}` };
}

/** A query of a panel: "A" is the first one (packages/grafana-schema of grafana/grafana, composable kinds of the data sources). */
export function targetModel(said: QuerySaid, refId: string, kind: PanelKind): Model {
  const common = { refId, datasource: datasourceOf(said) };
  if (said.language === 'promql') {
    const { expression, legend, instant = NEWEST_ONLY.has(kind) } = said;
    return present({
      ...common,
      expr: expression,
      editorMode: 'code',
      legendFormat: legend ?? (kind === 'heatmap' ? '{{le}}' : '__auto'),
      format: FORMATS[kind] ?? 'time_series',
      instant,
      range: !instant,
    });
  }
  const { expression, maxLines = 500 } = said;
  const isOfLines = kind === 'logs';
  if (said.language === 'logql') {
    const lines = isOfLines ? { maxLines } : { legendFormat: said.legend ?? '' };
    return { ...common, expr: expression, editorMode: 'code', queryType: 'range', ...lines };
  }
  const metrics = isOfLines
    ? [{ type: 'logs', id: '1', settings: { limit: String(maxLines) } }]
    : [{ type: 'count', id: '1' }];
  const bucketAggs = isOfLines
    ? []
    : [{ type: 'date_histogram', id: '2', field: '@timestamp', settings: { interval: 'auto' } }];
  const ofOpenSearch =
    said.store === LuceneStore.OPENSEARCH
      ? { queryType: 'lucene', luceneQueryType: isOfLines ? 'Logs' : 'Metric' }
      : {};
  return { ...common, ...ofOpenSearch, query: expression, timeField: '@timestamp', metrics, bucketAggs };
}

/** Links at the top of a dashboard, and in the menu of a panel. */
export function linkModel(said: LinkSaid): Model {
  const isInside = said.to === 'dashboard';
  return {
    title: said.title,
    type: 'link',
    icon: isInside ? 'dashboard' : 'external link',
    tooltip: '',
    url: isInside ? address(said.uid, said.variables ?? {}) : said.url,
    tags: [],
    asDropdown: false,
    targetBlank: !isInside,
    includeVars: isInside && said.variables === undefined,
    keepTime: isInside && said.keepTime !== false,
  };
}

/** Links of values: what is clicked on goes along. */
export function valueLinkModel(said: LinkSaid): Model {
  if (said.to === 'url') return { title: said.title, url: said.url, targetBlank: true };
  const url = address(said.uid, {
    ...said.variables,
    [METRICS_VARIABLE]: `\${${METRICS_VARIABLE}}`,
  });
  return {
    title: said.title,
    url: said.keepTime === false ? url : `${url}&\${__url_time_range}`,
    targetBlank: false,
  };
}

function address(uid: string, variables: { readonly [name: string]: string }): string {
  const query = Object.entries(variables).map(([name, value]) => `var-${name}=${value}`);
  return query.length === 0 ? `/d/${uid}` : `/d/${uid}?${query.join('&')}`;
}
