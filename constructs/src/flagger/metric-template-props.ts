// Queries and receivers of Flagger.

/** A query and who is asked. */
export interface FlaggerMetricTemplateSpec {
  /** Who is asked. */
  readonly provider: FlaggerMetricProvider;
  /** The query; `{{ namespace }}`, `{{ target }}`, `{{ interval }}` and variables of the template are put in. */
  readonly query: string;
}

/** Who is asked. */
export interface FlaggerMetricProvider {
  /** Which system. In the API: `type`. */
  readonly ofType: FlaggerMetricProviderType;
  /** Address. */
  readonly address?: string;
  /** Headers. */
  readonly headers?: { readonly [key: string]: string[] };
  /** Secret with credentials. */
  readonly secretRef?: FlaggerLocalReference;
  /** Region (CloudWatch). */
  readonly region?: string;
  /** Whether certificates are not checked. */
  readonly insecureSkipVerify?: boolean;
}

/** Systems that can be asked. */
export enum FlaggerMetricProviderType {
  /** Prometheus. */
  PROMETHEUS = 'prometheus',
  /** InfluxDB. */
  INFLUXDB = 'influxdb',
  /** Datadog. */
  DATADOG = 'datadog',
  /** External metrics of Kubernetes. */
  EXTERNALMETRICS = 'externalmetrics',
  /** Google Cloud Monitoring. */
  STACKDRIVER = 'stackdriver',
  /** AWS CloudWatch. */
  CLOUDWATCH = 'cloudwatch',
  /** New Relic. */
  NEWRELIC = 'newrelic',
  /** Graphite. */
  GRAPHITE = 'graphite',
  /** Dynatrace. */
  DYNATRACE = 'dynatrace',
  /** Keptn. */
  KEPTN = 'keptn',
  /** Splunk. */
  SPLUNK = 'splunk',
}

/** An object of the same namespace. */
export interface FlaggerLocalReference {
  /** Name. */
  readonly name: string;
}

/** A receiver of alerts. */
export interface FlaggerAlertProviderSpec {
  /** Which system. In the API: `type`. */
  readonly ofType?: FlaggerAlertProviderType;
  /** Channel. */
  readonly channel?: string;
  /** User. */
  readonly username?: string;
  /** Address. Better in a Secret: whoever knows it can write. */
  readonly address?: string;
  /** Proxy. */
  readonly proxy?: string;
  /** Secret with the address. */
  readonly secretRef?: FlaggerLocalReference;
}

/** Systems that can be told. */
export enum FlaggerAlertProviderType {
  /** Slack. */
  SLACK = 'slack',
  /** Microsoft Teams. */
  MSTEAMS = 'msteams',
  /** Discord. */
  DISCORD = 'discord',
  /** Rocket.Chat. */
  ROCKET = 'rocket',
  /** Google Chat. */
  GCHAT = 'gchat',
}
