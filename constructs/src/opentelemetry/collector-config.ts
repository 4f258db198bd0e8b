// Configuration of an OpenTelemetry Collector (opentelemetry.io/v1beta1, apis/v1beta1/config.go).

/** What a collector receives, does with it, and sends on. Components are named "type" or "type/name"; their settings are those of the component. */
export interface CollectorConfig {
  /** Where data comes from, by name: { otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' } } } }. */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly receivers: { readonly [component: string]: any };
  /** What is done with it, by name. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly processors?: { readonly [component: string]: any };
  /** Where it goes, by name. */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly exporters: { readonly [component: string]: any };
  /** What ends one pipeline and begins another, by name. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly connectors?: { readonly [component: string]: any };
  /** What a collector does beside, by name. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly extensions?: { readonly [component: string]: any };
  /** What runs. */
  readonly service: CollectorService;
}

/** What of the components runs. */
export interface CollectorService {
  /** Names of extensions. @default - none */
  readonly extensions?: string[];
  /** By signal and name: "traces", "logs/audit". */
  readonly pipelines: { readonly [pipeline: string]: CollectorPipeline };
  /** What the collector tells of itself. @default - as it does */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly telemetry?: { readonly [key: string]: any };
}

/** The way of one signal. */
export interface CollectorPipeline {
  /** Names of receivers, or of connectors that end other pipelines. */
  readonly receivers: string[];
  /** Names of processors, in this order. @default - none */
  readonly processors?: string[];
  /** Names of exporters, or of connectors that begin other pipelines. */
  readonly exporters: string[];
}
