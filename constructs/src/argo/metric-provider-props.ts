// Whom an analysis of Argo Rollouts asks.

import type { JobTemplateSpec } from '../pods/job-template';
import type { ArgoPodMetadata } from './rollout-props';

/** Who is asked: exactly one. */
export interface ArgoMetricProvider {
  /** AWS CloudWatch. */
  readonly cloudWatch?: ArgoCloudWatchMetric;
  /** Datadog. */
  readonly datadog?: ArgoDatadogMetric;
  /** Graphite. */
  readonly graphite?: ArgoGraphiteMetric;
  /** InfluxDB. */
  readonly influxdb?: ArgoInfluxDbMetric;
  /** A Job: success is success. */
  readonly job?: ArgoJobMetric;
  /** Kayenta. */
  readonly kayenta?: ArgoKayentaMetric;
  /** New Relic. */
  readonly newRelic?: ArgoNewRelicMetric;
  /** Plugins by name, each with whatever it takes. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of somebody else.
  readonly plugin?: { readonly [key: string]: any };
  /** Prometheus. */
  readonly prometheus?: ArgoPrometheusMetric;
  /** Apache SkyWalking. */
  readonly skywalking?: ArgoSkyWalkingMetric;
  /** Wavefront. */
  readonly wavefront?: ArgoWavefrontMetric;
  /** An address that answers JSON. */
  readonly web?: ArgoWebMetric;
}

/** A Job: success is success. */
export interface ArgoJobMetric {
  /** Labels and annotations of the Job. */
  readonly metadata?: ArgoPodMetadata;
  /** What it runs. */
  readonly spec: JobTemplateSpec;
}

/** Prometheus. */
export interface ArgoPrometheusMetric {
  /** Address. */
  readonly address?: string;
  /** How to sign in. */
  readonly authentication?: ArgoMetricAuthentication;
  /** Headers. */
  readonly headers?: ArgoMetricHeader[];
  /** Whether certificates are not checked. */
  readonly insecure?: boolean;
  /** PromQL. */
  readonly query?: string;
  /** A range instead of a moment. */
  readonly rangeQuery?: ArgoRangeQuery;
  /** Seconds that it may take. */
  readonly timeout?: number;
}

/** A range: expressions over `now()`. */
export interface ArgoRangeQuery {
  /** End. */
  readonly end?: string;
  /** Begin. */
  readonly start?: string;
  /** Time between two values. */
  readonly step?: string;
}

/** A header. */
export interface ArgoMetricHeader {
  /** Name. */
  readonly key: string;
  /** Value. */
  readonly value: string;
}

/** How to sign in. */
export interface ArgoMetricAuthentication {
  /** User and password. */
  readonly basicAuth?: ArgoBasicAuth;
  /** OAuth 2. */
  readonly oauth2?: ArgoOAuth2;
  /** AWS signature. */
  readonly sigv4?: ArgoSigV4;
}

/** User and password, arguments of the analysis from a Secret. */
export interface ArgoBasicAuth {
  /** Password. */
  readonly password?: string;
  /** User. */
  readonly username?: string;
}

/** OAuth 2, client credentials. */
export interface ArgoOAuth2 {
  /** Client. */
  readonly clientId?: string;
  /** Its secret, an argument of the analysis. */
  readonly clientSecret?: string;
  /** Scopes. */
  readonly scopes?: string[];
  /** Where tokens come from. */
  readonly tokenUrl?: string;
}

/** AWS signature. */
export interface ArgoSigV4 {
  /** Profile. */
  readonly profile?: string;
  /** Region. */
  readonly region?: string;
  /** Role. */
  readonly roleArn?: string;
}

/** An address that answers JSON. */
export interface ArgoWebMetric {
  /** How to sign in. */
  readonly authentication?: ArgoMetricAuthentication;
  /** Body of the request, as text. */
  readonly body?: string;
  /** Headers. */
  readonly headers?: ArgoMetricHeader[];
  /** Whether certificates are not checked. */
  readonly insecure?: boolean;
  /** Body of the request, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of somebody else.
  readonly jsonBody?: { readonly [key: string]: any };
  /** JSONPath of the result, e.g. "{$.data}". */
  readonly jsonPath?: string;
  /** Method. */
  readonly method?: ArgoWebMethod;
  /** Seconds that it may take. */
  readonly timeoutSeconds?: number;
  /** Address. */
  readonly url: string;
}

/** Method of a request. */
export enum ArgoWebMethod {
  /** GET. */
  GET = 'GET',
  /** POST. */
  POST = 'POST',
  /** PUT. */
  PUT = 'PUT',
}

/** Datadog. */
export interface ArgoDatadogMetric {
  /** How values become one. */
  readonly aggregator?: ArgoDatadogAggregator;
  /** Version of its API. */
  readonly apiVersion?: ArgoDatadogVersion;
  /** Formula over `queries`. */
  readonly formula?: string;
  /** Time that is looked at. */
  readonly interval?: string;
  /** Queries by name. */
  readonly queries?: { readonly [key: string]: string };
  /** Query. */
  readonly query?: string;
  /** Time that it may take. */
  readonly requestTimeout?: string;
  /** Secret with address and keys. */
  readonly secretRef?: ArgoDatadogSecret;
}

/** Version of Datadog's API. */
export enum ArgoDatadogVersion {
  /** Version 1. */
  V1 = 'v1',
  /** Version 2. */
  V2 = 'v2',
}

/** How values become one. */
export enum ArgoDatadogAggregator {
  /** Average. */
  AVG = 'avg',
  /** Least. */
  MIN = 'min',
  /** Most. */
  MAX = 'max',
  /** Sum. */
  SUM = 'sum',
  /** Last. */
  LAST = 'last',
  /** Percentile. */
  PERCENTILE = 'percentile',
  /** Mean. */
  MEAN = 'mean',
  /** Euclidean norm. */
  L2NORM = 'l2norm',
  /** Area. */
  AREA = 'area',
}

/** Secret with address and keys. */
export interface ArgoDatadogSecret {
  /** Name. */
  readonly name?: string;
  /** Whether it lies in the namespace of the analysis. */
  readonly namespaced?: boolean;
}

/** New Relic. */
export interface ArgoNewRelicMetric {
  /** Profile: a Secret. */
  readonly profile?: string;
  /** NRQL. */
  readonly query: string;
  /** Seconds that it may take. */
  readonly timeout?: number;
}

/** Wavefront. */
export interface ArgoWavefrontMetric {
  /** Address. */
  readonly address?: string;
  /** Query. */
  readonly query?: string;
}

/** Graphite. */
export interface ArgoGraphiteMetric {
  /** Address. */
  readonly address?: string;
  /** Query. */
  readonly query?: string;
}

/** InfluxDB. */
export interface ArgoInfluxDbMetric {
  /** Profile: a Secret. */
  readonly profile?: string;
  /** Flux. */
  readonly query?: string;
}

/** Apache SkyWalking. */
export interface ArgoSkyWalkingMetric {
  /** Address. */
  readonly address?: string;
  /** Time that is looked at. */
  readonly interval?: string;
  /** GraphQL. */
  readonly query?: string;
}

/** AWS CloudWatch. */
export interface ArgoCloudWatchMetric {
  /** Time that is looked at. */
  readonly interval?: string;
  /** Queries. */
  readonly metricDataQueries: ArgoCloudWatchQuery[];
}

/** A query. */
export interface ArgoCloudWatchQuery {
  /** Expression over others. */
  readonly expression?: string;
  /** Identifier. */
  readonly id?: string;
  /** Label. */
  readonly label?: string;
  /** A statistic. */
  readonly metricStat?: ArgoCloudWatchStatistic;
  /** Seconds. */
  readonly period?: number | string;
  /** Whether it is a result. */
  readonly returnData?: boolean;
}

/** A statistic. */
export interface ArgoCloudWatchStatistic {
  /** Metric. */
  readonly metric?: ArgoCloudWatchMetricName;
  /** Seconds. */
  readonly period?: number | string;
  /** E.g. "Average". */
  readonly stat?: string;
  /** Unit. */
  readonly unit?: string;
}

/** A metric. */
export interface ArgoCloudWatchMetricName {
  /** Dimensions. */
  readonly dimensions?: ArgoCloudWatchDimension[];
  /** Name. */
  readonly metricName?: string;
  /** Namespace in CloudWatch. In the API: `namespace`. */
  readonly inNamespace?: string;
}

/** A dimension. */
export interface ArgoCloudWatchDimension {
  /** Name. */
  readonly name?: string;
  /** Value. */
  readonly value?: string;
}

/** Kayenta. */
export interface ArgoKayentaMetric {
  /** Address. */
  readonly address: string;
  /** Application. */
  readonly application: string;
  /** Configuration. */
  readonly canaryConfigName: string;
  /** Account of configurations. */
  readonly configurationAccountName: string;
  /** Whether the whole past counts. */
  readonly lookback?: boolean;
  /** Account of metrics. */
  readonly metricsAccountName: string;
  /** Scopes. */
  readonly scopes: ArgoKayentaScopes[];
  /** Account of results. */
  readonly storageAccountName: string;
  /** Scores. */
  readonly threshold: ArgoKayentaThreshold;
}

/** A pair of scopes. */
export interface ArgoKayentaScopes {
  /** Of the stable version. */
  readonly controlScope: ArgoKayentaScope;
  /** Of the canary. */
  readonly experimentScope: ArgoKayentaScope;
  /** Name. */
  readonly name: string;
}

/** A scope. */
export interface ArgoKayentaScope {
  /** End, RFC 3339. */
  readonly end?: string;
  /** Region. */
  readonly region: string;
  /** Scope. */
  readonly scope: string;
  /** Begin, RFC 3339. */
  readonly start?: string;
  /** Seconds between two values. */
  readonly step: number;
}

/** Scores. */
export interface ArgoKayentaThreshold {
  /** Least that is not a failure. */
  readonly marginal: number;
  /** Least that is a success. In the API: `pass`. */
  readonly passing: number;
}
