// What an Instrumentation says (opentelemetry.io/v1alpha1, open-telemetry/opentelemetry-operator apis/v1alpha1/instrumentation_types.go).

import type { PodEnvVar, PodPullPolicy, PodResources } from '../pods/pod-container';
import type { PodContainerSecurity } from '../pods/pod-probes';
import type { PodClaimTemplate } from '../pods/pod-volume';

/** How programs in pods are made to tell what they do, by language. */
export interface InstrumentationSpec {
  /** Apache HTTP Server. */
  readonly apacheHttpd?: InstrumentationApache;
  /** What is done where nothing else is said. */
  readonly defaults?: InstrumentationDefaults;
  /** .NET. */
  readonly dotnet?: InstrumentationLanguage;
  /** Environment variables of all. */
  readonly env?: PodEnvVar[];
  /** Where it is sent. */
  readonly exporter?: InstrumentationExporter;
  /** Go. In the API: `go`. */
  readonly golang?: InstrumentationGo;
  /** When images are pulled. */
  readonly imagePullPolicy?: PodPullPolicy;
  /** Security of init containers. */
  readonly initContainerSecurityContext?: PodContainerSecurity;
  /** Java. */
  readonly java?: InstrumentationJava;
  /** nginx. */
  readonly nginx?: InstrumentationNginx;
  /** Node.js. */
  readonly nodejs?: InstrumentationLanguage;
  /** How a trace is handed on: "tracecontext", "baggage", "b3", "b3multi", "jaeger", "xray", "ottrace", "none". */
  readonly propagators?: string[];
  /** Python. */
  readonly python?: InstrumentationLanguage;
  /** What is said of where it runs. */
  readonly resource?: InstrumentationResource;
  /** Which traces there are. */
  readonly sampler?: InstrumentationSampler;
}

/** What is done where nothing else is said. */
export interface InstrumentationDefaults {
  /** Take names and versions from labels "app.kubernetes.io/…". */
  readonly useLabelsForResourceAttributes?: boolean;
}

/** Where it is sent. */
export interface InstrumentationExporter {
  /** Of a collector, e.g. "http://traces-collector.observability.svc:4318". */
  readonly endpoint?: string;
  /** TLS. */
  readonly tls?: InstrumentationTls;
}

/** TLS to a collector; https endpoints only. */
export interface InstrumentationTls {
  /** File or key of authorities. In the API: `ca_file`. */
  readonly caFile?: string;
  /** File or key of a certificate. In the API: `cert_file`. */
  readonly certFile?: string;
  /** ConfigMap of authorities. */
  readonly configMapName?: string;
  /** File or key of its key. In the API: `key_file`. */
  readonly keyFile?: string;
  /** Secret of certificate and key. */
  readonly secretName?: string;
}

/** What is said of where it runs. */
export interface InstrumentationResource {
  /** Say uids of objects of Kubernetes. */
  readonly addK8sUIDAttributes?: boolean;
  /** By name: { 'deployment.environment.name': 'production' }. */
  readonly resourceAttributes?: { readonly [key: string]: string };
}

/** Which traces there are. */
export interface InstrumentationSampler {
  /** The share, "0" to "1", of ratios; or settings of jaeger_remote. */
  readonly argument?: string;
  /** How it is decided. In the API: `type`. */
  readonly ofType?: InstrumentationSampling;
}

/** How it is decided which traces there are. */
export enum InstrumentationSampling {
  /** All. */
  ALWAYS_ON = 'always_on',
  /** None. */
  ALWAYS_OFF = 'always_off',
  /** A share. */
  TRACE_ID_RATIO = 'traceidratio',
  /** As the caller decided, else all. */
  PARENT_BASED_ALWAYS_ON = 'parentbased_always_on',
  /** As the caller decided, else none. */
  PARENT_BASED_ALWAYS_OFF = 'parentbased_always_off',
  /** As the caller decided, else a share. */
  PARENT_BASED_TRACE_ID_RATIO = 'parentbased_traceidratio',
  /** As Jaeger says. */
  JAEGER_REMOTE = 'jaeger_remote',
  /** As X-Ray says. */
  XRAY = 'xray',
}

/** A language. */
export interface InstrumentationLanguage {
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** Image. */
  readonly image?: string;
  /** CPU and memory of the init container. */
  readonly resourceRequirements?: PodResources;
  /** Volume of the libraries; not with `volumeLimitSize`. */
  readonly volumeClaimTemplate?: PodClaimTemplate;
  /** Size of the volume of the libraries. */
  readonly volumeLimitSize?: number | string;
}

/** Java. */
export interface InstrumentationJava {
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** Extensions of the agent. */
  readonly extensions?: InstrumentationExtension[];
  /** Image. */
  readonly image?: string;
  /** CPU and memory of the init container. */
  readonly resources?: PodResources;
  /** Volume of the libraries; not with `volumeLimitSize`. */
  readonly volumeClaimTemplate?: PodClaimTemplate;
  /** Size of the volume of the libraries. */
  readonly volumeLimitSize?: number | string;
}

/** An extension of Java's agent. */
export interface InstrumentationExtension {
  /** Folder in the image. */
  readonly dir: string;
  /** Image. */
  readonly image: string;
}

/** Go. */
export interface InstrumentationGo {
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** Image. */
  readonly image?: string;
  /** CPU and memory of the sidecar. */
  readonly resourceRequirements?: PodResources;
  /** Security of the sidecar. */
  readonly securityContext?: PodContainerSecurity;
  /** Volume of the libraries; not with `volumeLimitSize`. */
  readonly volumeClaimTemplate?: PodClaimTemplate;
  /** Size of the volume of the libraries. */
  readonly volumeLimitSize?: number | string;
}

/** Apache HTTP Server. */
export interface InstrumentationApache {
  /** Settings of the agent. */
  readonly attrs?: PodEnvVar[];
  /** Folder of the server's settings. */
  readonly configPath?: string;
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** Image. */
  readonly image?: string;
  /** CPU and memory of the init container. */
  readonly resourceRequirements?: PodResources;
  /** "2.4" or "2.2". */
  readonly version?: string;
  /** Volume of the libraries; not with `volumeLimitSize`. */
  readonly volumeClaimTemplate?: PodClaimTemplate;
  /** Size of the volume of the libraries. */
  readonly volumeLimitSize?: number | string;
}

/** nginx. */
export interface InstrumentationNginx {
  /** Settings of the agent. */
  readonly attrs?: PodEnvVar[];
  /** File of the server's settings. */
  readonly configFile?: string;
  /** Environment variables. */
  readonly env?: PodEnvVar[];
  /** Image. */
  readonly image?: string;
  /** CPU and memory of the init container. */
  readonly resourceRequirements?: PodResources;
  /** Volume of the libraries; not with `volumeLimitSize`. */
  readonly volumeClaimTemplate?: PodClaimTemplate;
  /** Size of the volume of the libraries. */
  readonly volumeLimitSize?: number | string;
}
