// What a Telemetry of Istio says (istio/api telemetry/v1alpha1/telemetry.proto).

import type { IstioWorkloadSelector } from './destination-rule-props';

/** What proxies tell of requests. */
export interface IstioTelemetrySpec {
  /** Lines of logs. */
  readonly accessLogging?: IstioAccessLogging[];
  /** Metrics. */
  readonly metrics?: IstioMetrics[];
  /** Labels of pods of its namespace; without it and `targetRefs` all of them, in the root namespace all of the mesh. */
  readonly selector?: IstioWorkloadSelector;
  /** Gateways or Services; not with `selector`. */
  readonly targetRefs?: IstioPolicyTarget[];
  /** Traces. */
  readonly tracing?: IstioTracing[];
}

/** A Gateway or Service of the same namespace. */
export interface IstioPolicyTarget {
  /** API group of it. */
  readonly group?: string;
  /** Kind. */
  readonly kind: string;
  /** Name. */
  readonly name: string;
}

/** A provider, as `extensionProviders` of the mesh's configuration names it. */
export interface IstioTelemetryProvider {
  /** Name. */
  readonly name: string;
}

/** Which side of a request tells. */
export enum IstioWorkloadMode {
  /** Both. */
  CLIENT_AND_SERVER = 'CLIENT_AND_SERVER',
  /** The caller's. */
  CLIENT = 'CLIENT',
  /** The service's. */
  SERVER = 'SERVER',
}

/** Which side. */
export interface IstioTelemetryMatch {
  /** Side. */
  readonly mode?: IstioWorkloadMode;
}

/** Lines of logs. */
export interface IstioAccessLogging {
  /** Whether there are none. */
  readonly disabled?: boolean;
  /** Which requests. */
  readonly filter?: IstioAccessLogFilter;
  /** Which side. */
  readonly match?: IstioTelemetryMatch;
  /** Where they go. */
  readonly providers?: IstioTelemetryProvider[];
}

/** Which requests are logged. */
export interface IstioAccessLogFilter {
  /** In CEL: "response.code >= 400". */
  readonly expression?: string;
}

/** Traces. */
export interface IstioTracing {
  /** Tags of spans, by name. */
  readonly customTags?: { readonly [tag: string]: IstioTracingTag };
  /** Whether headers of traces are handed on unchanged. */
  readonly disableContextPropagation?: boolean;
  /** Whether no spans are told. */
  readonly disableSpanReporting?: boolean;
  /** Whether Istio's own tags are told. */
  readonly enableIstioTags?: boolean;
  /** Which side. */
  readonly match?: IstioTelemetryMatch;
  /** Where they go; Istio takes one. */
  readonly providers?: IstioTelemetryProvider[];
  /** Percent of requests whose caller decided nothing: 0 to 100. */
  readonly randomSamplingPercentage?: number;
  /** Whether x-request-id decides, too. */
  readonly useRequestIdForTraceSampling?: boolean;
}

/** A tag of spans: one of the four. */
export interface IstioTracingTag {
  /** A variable of the proxy. */
  readonly environment?: IstioTagSource;
  /** A text with Envoy's operators. */
  readonly formatter?: IstioTagText;
  /** A header of the request. */
  readonly header?: IstioTagSource;
  /** A text. */
  readonly literal?: IstioTagText;
}

/** A variable or header. */
export interface IstioTagSource {
  /** Where it is missing. */
  readonly defaultValue?: string;
  /** Name. */
  readonly name: string;
}

/** A text. */
export interface IstioTagText {
  /** The text. */
  readonly value: string;
}

/** Metrics. */
export interface IstioMetrics {
  /** Which metrics are told otherwise. */
  readonly overrides?: IstioMetricOverride[];
  /** Where they go. */
  readonly providers?: IstioTelemetryProvider[];
  /** How often, where they are sent: "5s". */
  readonly reportingInterval?: string;
}

/** A metric told otherwise. */
export interface IstioMetricOverride {
  /** Whether it is not told. */
  readonly disabled?: boolean;
  /** Which. */
  readonly match?: IstioMetricMatch;
  /** Labels, by name. */
  readonly tagOverrides?: { readonly [label: string]: IstioTagOverride };
}

/** A metric: `metric` or `customMetric`. */
export interface IstioMetricMatch {
  /** One of others. */
  readonly customMetric?: string;
  /** One of Istio's. */
  readonly metric?: IstioMetric;
  /** Which side. */
  readonly mode?: IstioWorkloadMode;
}

/** Istio's own metrics. */
export enum IstioMetric {
  /** All. */
  ALL_METRICS = 'ALL_METRICS',
  /** istio_requests_total. */
  REQUEST_COUNT = 'REQUEST_COUNT',
  /** istio_request_duration_milliseconds. */
  REQUEST_DURATION = 'REQUEST_DURATION',
  /** istio_request_bytes. */
  REQUEST_SIZE = 'REQUEST_SIZE',
  /** istio_response_bytes. */
  RESPONSE_SIZE = 'RESPONSE_SIZE',
  /** istio_tcp_connections_opened_total. */
  TCP_OPENED_CONNECTIONS = 'TCP_OPENED_CONNECTIONS',
  /** istio_tcp_connections_closed_total. */
  TCP_CLOSED_CONNECTIONS = 'TCP_CLOSED_CONNECTIONS',
  /** istio_tcp_sent_bytes_total. */
  TCP_SENT_BYTES = 'TCP_SENT_BYTES',
  /** istio_tcp_received_bytes_total. */
  TCP_RECEIVED_BYTES = 'TCP_RECEIVED_BYTES',
  /** istio_request_messages_total. */
  GRPC_REQUEST_MESSAGES = 'GRPC_REQUEST_MESSAGES',
  /** istio_response_messages_total. */
  GRPC_RESPONSE_MESSAGES = 'GRPC_RESPONSE_MESSAGES',
}

/** A label of a metric. */
export interface IstioTagOverride {
  /** What is done. */
  readonly operation?: IstioTagOperation;
  /** In CEL: "request.host". Needed to set it. */
  readonly value?: string;
}

/** What is done with a label. */
export enum IstioTagOperation {
  /** It is set. */
  UPSERT = 'UPSERT',
  /** It is left out. */
  REMOVE = 'REMOVE',
}
