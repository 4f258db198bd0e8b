import type { DashboardLink } from './dashboard-link';
import type { PanelQuery } from './panel-query';
import type { ColumnSaid, PanelSaid } from './private/dashboard/panel-content';

/** What every panel may say. */
export interface PanelProps {
  /** Unique in its row, so that links to it last. */
  readonly title: string;
  /** Shown beside the title. @default - none */
  readonly description?: string;
  /** Columns of 24. @default - by kind: stat 4, gauge 6, chart and heatmap 12, others 24 */
  readonly width?: number;
  /** Rows of 30 pixels. @default - by kind: stat 4, gauge 6, chart and heatmap 8, table 10, logs 12, text 4 */
  readonly height?: number;
  /** Ways out, in the panel's menu. @default - none */
  readonly links?: DashboardLink[];
}

/** From which value on what is shown has a colour. */
export interface PanelThreshold {
  /** In the unit of the query. */
  readonly value: number;
  /** Grafana's name of it ("red", "dark-orange") or "#e02f44". */
  readonly color: string;
}

/** How values are shown. */
export interface ValuePanelProps extends PanelProps {
  /** At least one. */
  readonly queries: PanelQuery[];
  /** Of Grafana: "bytes", "percentunit" (1 is 100 %), "s", "ms", "reqps", "cores"; any other text is put behind the number. @default - none */
  readonly unit?: string;
  /** Digits after the point. @default - as many as it takes */
  readonly decimals?: number;
  /** Lower end of the scale. @default - the least value */
  readonly minimum?: number;
  /** Upper end of the scale. @default - the greatest value */
  readonly maximum?: number;
  /** In rising order. @default - none */
  readonly thresholds?: PanelThreshold[];
  /** Colour below the first threshold. @default "green" */
  readonly lowestColor?: string;
  /** What is shown where there are no values. @default "–" */
  readonly noValue?: string;
  /** Ways out of a value. @default - none */
  readonly valueLinks?: DashboardLink[];
}

/** A chart over time. */
export interface TimeSeriesPanelProps extends ValuePanelProps {
  /** Whether lines stand on each other. @default false */
  readonly stacked?: boolean;
  /** Whether a table below the chart tells mean and maximum of each line. @default true */
  readonly legendTable?: boolean;
}

/** One number. */
export interface StatPanelProps extends ValuePanelProps {
  /** Whether the way it took is behind it. @default false */
  readonly sparkline?: boolean;
  /** Whether the whole panel has the colour of the threshold. @default false */
  readonly background?: boolean;
  /** Texts for values: { '0': 'running' }. @default - the values */
  readonly texts?: { readonly [value: string]: string };
}

/** Rows and columns. */
export interface TablePanelProps extends PanelProps {
  /** At least one; rows of all of them with the same labels are one. */
  readonly queries: PanelQuery[];
  /** What is shown, in this order. */
  readonly columns: TableColumn[];
  /** Title of the column that is sorted by. @default - as the data source gives them */
  readonly sortBy?: string;
  /** Whether the greatest is first. @default true */
  readonly descending?: boolean;
}

/** How often values were how large, over time. */
export interface HeatmapPanelProps extends PanelProps {
  /** Of a histogram: `sum by (le) (rate(…_bucket[$__rate_interval]))`. */
  readonly queries: PanelQuery[];
  /** Of the boundaries. @default - none */
  readonly unit?: string;
}

/** Lines of logs. */
export interface LogsPanelProps extends PanelProps {
  readonly queries: PanelQuery[];
}

/** A text. */
export interface TextPanelProps extends PanelProps {
  /** Markdown. */
  readonly content: string;
}

/** A column of labels. */
export interface LabelColumnOptions {
  /** What stands above it. @default - the label */
  readonly title?: string;
  /** Ways out of its cells. @default - none */
  readonly links?: DashboardLink[];
}

/** A column of values. */
export interface ValueColumnOptions {
  /** What stands above it. */
  readonly title: string;
  /** As in panels. @default - none */
  readonly unit?: string;
  /** Digits after the point. @default - as many as it takes */
  readonly decimals?: number;
  /** In rising order. @default - none */
  readonly thresholds?: PanelThreshold[];
  /** Colour below the first threshold. @default "green" */
  readonly lowestColor?: string;
  /** Ways out of its cells. @default - none */
  readonly links?: DashboardLink[];
}

/** A column of a table. */
export class TableColumn {
  /** A label of the series. */
  public static label(label: string, options: LabelColumnOptions = {}): TableColumn {
    return new TableColumn({ of: 'label', label, ...options });
  }

  /**
   * What a query gives.
   * @param query which one, counted from 0
   */
  public static value(query: number, options: ValueColumnOptions): TableColumn {
    return new TableColumn({ of: 'value', query, ...options });
  }

  private constructor(private readonly said: ColumnSaid) {}

  /** @internal */
  public _said(): ColumnSaid {
    return this.said;
  }
}

/** A part of a dashboard. Where it stands follows from the order and the widths. */
export class DashboardPanel {
  /** A chart over time. */
  public static timeSeries(props: TimeSeriesPanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'timeseries', props });
  }

  /** One number, or one per line. */
  public static stat(props: StatPanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'stat', props });
  }

  /** A number on a scale. */
  public static gauge(props: ValuePanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'gauge', props });
  }

  /** A bar per line, the newest value of each. */
  public static bars(props: ValuePanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'bargauge', props });
  }

  /** Rows and columns. */
  public static table(props: TablePanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'table', props });
  }

  /** A histogram over time. */
  public static heatmap(props: HeatmapPanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'heatmap', props });
  }

  /** Lines of logs. */
  public static logs(props: LogsPanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'logs', props });
  }

  /** A text in Markdown. */
  public static text(props: TextPanelProps): DashboardPanel {
    return new DashboardPanel({ kind: 'text', props });
  }

  private constructor(private readonly said: PanelSaid) {}

  /** @internal */
  public _said(): PanelSaid {
    return this.said;
  }
}
