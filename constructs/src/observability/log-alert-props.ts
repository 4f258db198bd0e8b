import type { Workspace } from '../workspace';

/** What every alert on logs has. */
export interface LogAlertProps {
  /** What people read first. */
  readonly summary: string;
  /** Which records it is about, as Lucene writes queries: 'json.level:error AND json.service:cart'. @default - all */
  readonly query?: string;
  /** Data streams that it looks at. @default - container logs of its workspace, or of all */
  readonly index?: string;
  /** Whose it is: it looks at that workspace's logs and goes where its alerts go. @default - the platform's */
  readonly workspace?: Workspace;
  /** Field by whose values it counts apart: each has alerts of its own. @default - all together */
  readonly queryKey?: string;
  /** Not again for so long, for each value of `queryKey`: units are s, m, h and d. @default "5m" */
  readonly realert?: string;
  /** @default "ticket" */
  readonly severity?: string;
  /** Labels of the alert, by which it is routed, beside alertname, severity, source and workspace. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** @default - none */
  readonly runbookUrl?: string;
  /** Further settings of elastalert2; they win over what is made here. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly settings?: { [name: string]: any };
}

/** Too many. */
export interface LogFrequencyProps extends LogAlertProps {
  /** From how many records on. */
  readonly events: number;
  /** In which time, e.g. "5m". */
  readonly within: string;
}

/** Too few. */
export interface LogFlatlineProps extends LogAlertProps {
  /** Under how many records. */
  readonly fewerThan: number;
  /** In which time, e.g. "15m". */
  readonly within: string;
}

/** Which way something changes. */
export enum SpikeDirection {
  UP = 'up',
  DOWN = 'down',
  BOTH = 'both',
}

/** Much more, or less, than before. */
export interface LogSpikeProps extends LogAlertProps {
  /** How many times as much. */
  readonly times: number;
  /** Time that is compared with the one before, e.g. "1h". */
  readonly within: string;
  /** @default SpikeDirection.UP */
  readonly direction?: SpikeDirection;
  /** Not under so many records before. @default - any number */
  readonly atLeastBefore?: number;
  /** Not under so many records now. @default - any number */
  readonly atLeastNow?: number;
}

/** How values of a field become one. */
export enum LogMetric {
  MINIMUM = 'min',
  MAXIMUM = 'max',
  AVERAGE = 'avg',
  SUM = 'sum',
  /** How many different ones. */
  CARDINALITY = 'cardinality',
  /** How many at all. */
  COUNT = 'value_count',
}

/** A number made of a field goes beyond a limit: one of both is needed. */
export interface LogMetricProps extends LogAlertProps {
  readonly field: string;
  readonly metric: LogMetric;
  /** Time of the records that it is made of, e.g. "5m". */
  readonly within: string;
  /** @default - none */
  readonly above?: number;
  /** @default - none */
  readonly below?: number;
}

/** A number made of a field is much more, or less, than before. */
export interface LogMetricSpikeProps extends LogSpikeProps {
  readonly field: string;
  readonly metric: LogMetric;
}

/** The share of some records among all goes beyond a limit: one of both is needed. */
export interface LogShareProps extends LogAlertProps {
  /** Which of the records are meant, as Lucene writes queries. */
  readonly of: string;
  /** Time that is looked at, e.g. "5m". */
  readonly within: string;
  /** Percent. @default - none */
  readonly above?: number;
  /** Percent. @default - none */
  readonly below?: number;
  /** Not under so many records at all. @default - any number */
  readonly atLeast?: number;
}

/** How many different values a field has goes beyond a limit: one of both is needed. */
export interface LogCardinalityProps extends LogAlertProps {
  readonly field: string;
  readonly within: string;
  /** @default - none */
  readonly above?: number;
  /** @default - none */
  readonly below?: number;
}

/** A field has a value that it never had. */
export interface LogNewTermProps extends LogAlertProps {
  readonly fields: string[];
  /** For how long it looks back. @default "30d" */
  readonly lookBack?: string;
}

/** A field changes, for each value of `queryKey`, which is needed. */
export interface LogChangeProps extends LogAlertProps {
  readonly fields: string[];
  /** In which time at most. @default - any */
  readonly within?: string;
}

/** A field has one of some values, or none of them. */
export interface LogValuesProps extends LogAlertProps {
  readonly field: string;
  readonly values: string[];
}
