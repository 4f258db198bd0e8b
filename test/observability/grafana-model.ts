import type * as barGauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as elasticsearch from '@grafana/grafana-foundation-sdk/elasticsearch';
import type * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import type * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import type * as logs from '@grafana/grafana-foundation-sdk/logs';
import type * as loki from '@grafana/grafana-foundation-sdk/loki';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as text from '@grafana/grafana-foundation-sdk/text';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** A type of Grafana's as JSON is written: enums by their values, without methods. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends object
        ? { readonly [K in keyof T as T[K] extends () => void ? never : K]: Plain<T[K]> }
        : T;

interface Defaults<Custom> extends Omit<Plain<dashboard.FieldConfig>, 'custom' | 'links'> {
  readonly custom?: Plain<Custom>;
  readonly links?: readonly ValueLink[];
}
/** Links of values have fields of their own (grafana/grafana packages/grafana-data/src/types/dataLink.ts). */
interface ValueLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}
interface Source {
  readonly type: string;
  readonly uid: string;
}
type MetricQuery = Plain<Omit<prometheus.Dataquery, 'datasource'>> & { readonly datasource: Source };
type LokiQuery = Plain<Omit<loki.dataquery, 'datasource'>> & { readonly datasource: Source };
type DocumentQuery = Plain<Omit<elasticsearch.dataquery, 'datasource'>> & { readonly datasource: Source };

type PanelOf<Type extends string, Options, Custom> = Omit<
  Plain<dashboard.Panel>,
  'type' | 'options' | 'fieldConfig' | 'targets' | 'datasource'
> & {
  readonly type: Type;
  readonly options: Plain<Options>;
  readonly datasource?: Source;
  readonly targets?: readonly (MetricQuery | LokiQuery | DocumentQuery)[];
  readonly fieldConfig?: {
    readonly defaults: Defaults<Custom>;
    readonly overrides: Plain<dashboard.FieldConfigSource['overrides']>;
  };
};

type Shown =
  | PanelOf<'timeseries', timeseries.Options, timeseries.FieldConfig>
  | PanelOf<'stat', stat.Options, never>
  | PanelOf<'gauge', gauge.Options, never>
  | PanelOf<'bargauge', barGauge.Options, never>
  | PanelOf<'table', table.Options, table.FieldConfig>
  | PanelOf<'heatmap', heatmap.Options, heatmap.FieldConfig>
  | PanelOf<'logs', logs.Options, never>
  | PanelOf<'text', text.Options, never>;
type Row = Omit<Plain<dashboard.RowPanel>, 'panels' | 'datasource'> & { readonly panels: readonly Shown[] };

/** A dashboard as Grafana's own types have it (@grafana/grafana-foundation-sdk), closed: a field that they do not have is an error. */
export type GrafanaModel = Omit<Plain<dashboard.Dashboard>, 'panels' | 'templating' | 'annotations'> & {
  readonly panels: readonly (Shown | Row)[];
  readonly templating: { readonly list: readonly Plain<dashboard.VariableModel>[] };
  readonly annotations: { readonly list: readonly Plain<dashboard.AnnotationQuery>[] };
};
