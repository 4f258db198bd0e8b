import type { QuerySaid } from './private/dashboard/panel-content';

/** A query in PromQL. */
export interface MetricQueryOptions {
  /** What each line is called: "{{pod}}". @default - its labels */
  readonly legend?: string;
  /** Only the newest value instead of the whole time. @default - in tables, gauges and bars true */
  readonly instant?: boolean;
  /** Which data source is asked. @default - the one that is chosen in the dashboard */
  readonly datasourceUid?: string;
}

/** A query for lines of logs, or for numbers made of them. */
export interface LogQueryOptions {
  /** What each line of a chart is called. @default - its labels */
  readonly legend?: string;
  /** Most lines that are shown. @default 500 */
  readonly maxLines?: number;
  /** Which data source is asked. @default - the one that is chosen in the dashboard */
  readonly datasourceUid?: string;
}

/** Where logs are searched in Lucene's syntax. */
export enum LuceneStore {
  /** Grafana's data source "elasticsearch". */
  ELASTICSEARCH = 'elasticsearch',
  /** The plugin "grafana-opensearch-datasource". */
  OPENSEARCH = 'grafana-opensearch-datasource',
}

/** What a panel shows. */
export class PanelQuery {
  /** Metrics of Prometheus, Thanos and whatever speaks PromQL. Windows are `$__rate_interval`, variables `$cluster` or `${cluster}`. */
  public static promql(expression: string, options: MetricQueryOptions = {}): PanelQuery {
    return new PanelQuery({ language: 'promql', expression, ...options });
  }

  /** Logs of Loki. */
  public static logql(expression: string, options: LogQueryOptions = {}): PanelQuery {
    return new PanelQuery({ language: 'logql', expression, ...options });
  }

  /** Logs of Elasticsearch or OpenSearch, in Lucene's syntax. */
  public static lucene(store: LuceneStore, query: string, options: LogQueryOptions = {}): PanelQuery {
    return new PanelQuery({ language: 'lucene', store, expression: query, ...options });
  }

  private constructor(private readonly said: QuerySaid) {}

  /** @internal */
  public _said(): QuerySaid {
    return this.said;
  }
}
