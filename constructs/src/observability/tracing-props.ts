import type { Placement } from '../placement';
import type { SecretKey } from '../service-props';
import type { JaegerStorage } from './jaeger-storage';

/** A Jaeger in the centre. */
export interface JaegerProps {
  /** Where its traces are. */
  readonly storage: JaegerStorage;
  /** Pods; more than one only where the storage is outside of them. @default 1 */
  readonly replicas?: number;
  /** Requested CPU. @default "200m" */
  readonly cpu?: string;
  /** Memory. @default "1Gi" */
  readonly memory?: string;
  /** Address of its pages for people, e.g. "https://jaeger.example.com"; nothing is exposed by it. @default - none */
  readonly url?: string;
  /** @default "docker.io/jaegertracing/jaeger:2.19.0" */
  readonly image?: string;
}

/** A store of traces that is there already and speaks OTLP. */
export interface OtlpStoreProps {
  /** Unique name among the stores of the stack. @default "existing" */
  readonly name?: string;
  /** "host:port" for gRPC, or a URL (http, https) for HTTP, as the centre reaches it. */
  readonly endpoint: string;
  /** Whether gRPC speaks TLS; a URL says it by itself. @default true */
  readonly tls?: boolean;
  /** Secret with the certificate of its authority, `ca.crt`, in the stack's namespace in the centre. @default - what the image trusts */
  readonly caSecret?: string;
  /** Header to a key of a Secret in the stack's namespace in the centre: { authorization: { secret: 'traces', key: 'header' } }. @default - none */
  readonly headers?: { readonly [header: string]: SecretKey };
}

/** An Elasticsearch for SkyWalking. */
export interface SkyWalkingElasticsearch {
  /** Host name or address. */
  readonly host: string;
  /** @default 9200 */
  readonly port?: number;
  /** "http" or "https". @default "http" */
  readonly protocol?: string;
  /** Secret with the key `credentials.properties` ("user=…" and "password=…", a line each) in the stack's namespace in the centre. @default - anybody may */
  readonly credentialsSecret?: string;
}

/** A SkyWalking in the centre, by its chart. */
export interface SkyWalkingProps {
  /** An Elasticsearch or OpenSearch that is there. @default - BanyanDB, which the chart installs */
  readonly elasticsearch?: SkyWalkingElasticsearch;
  /** Pods of its analysis. @default 2 */
  readonly replicas?: number;
  /** Days that traces are kept. @default 7 */
  readonly retentionDays?: number;
  /** Java's options. @default "-Xmx2g -Xms2g" */
  readonly javaOpts?: string;
  /** Address of its pages for people. @default - none */
  readonly url?: string;
  /** Version of its images. @default "10.4.0" */
  readonly version?: string;
  /** More values of the chart, over those that are computed. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the values of a HelmRelease
  readonly values?: { readonly [key: string]: any };
}

/** A Sentry in the centre, by its chart: errors of front-ends. */
export interface SentryProps {
  /** Address of its pages, which browsers send errors to, too: "https://sentry.example.com". */
  readonly url: string;
  /** Who is told of its own problems. */
  readonly adminEmail: string;
  /** Days that events are kept. @default 90 */
  readonly retentionDays?: number;
  /** Whether anybody may register. @default false */
  readonly register?: boolean;
  /** More values of the chart, over those that are computed: databases outside, say. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the values of a HelmRelease
  readonly values?: { readonly [key: string]: any };
}

/** How traces come from the clusters to their stores. */
export interface TraceCollection {
  /** Share of traces that there are at all: 0 to 1. Whoever begins a trace decides for all of it. @default 0.1, with `keeping` 1 */
  readonly share?: number;
  /** Which traces are kept, decided in the centre when they are whole. @default - all that there are */
  readonly keeping?: TraceKeeping;
  /** Collectors in each cluster. @default 2 */
  readonly replicas?: number;
  /** Requested CPU of a collector. @default "200m" */
  readonly cpu?: string;
  /** Memory of a collector. @default "1Gi" */
  readonly memory?: string;
  /** "host:port" where the other clusters reach the collectors of the centre, by TLS: something has to lead from there to its port 4319. Needed where there are others. @default - they cannot */
  readonly centreAddress?: string;
  /** Secret with the certificate of the authority for `centreAddress`, `ca.crt`, in the stack's namespace of the other clusters. @default - what the image trusts */
  readonly caSecret?: string;
  /** Secret with `tls.crt` and `tls.key`, by which the other clusters show who they are, in the stack's namespace there. @default - none */
  readonly clientSecret?: string;
  /** Whether the stack installs the operator; its webhooks need cert-manager. @default true */
  readonly installOperator?: boolean;
}

/** Which whole traces are kept; any of them is enough. */
export interface TraceKeeping {
  /** Those with an error. @default true */
  readonly errors?: boolean;
  /** Those that took longer, e.g. "2s". @default - however long they took */
  readonly slowerThan?: string;
  /** Share of all others: 0 to 1. @default 0.05 */
  readonly share?: number;
  /** How long is waited for the rest of a trace. @default "30s" */
  readonly waitFor?: string;
  /** Pods that decide. @default 2 */
  readonly replicas?: number;
}

/** What proxies of a mesh of Istio tell. */
export interface MeshTracing {
  /** Namespace of its control planes, whose Telemetry is for all of it. @default "istio-system" */
  readonly namespaceName?: string;
  /** Clusters that are in the mesh. @default - all observed ones */
  readonly placement?: Placement;
  /** Whether proxies write a line of JSON for each request, with its id. @default true */
  readonly accessLogs?: boolean;
}

/** Who may look at the topology. */
export enum KialiLogin {
  /** Anybody who reaches it. */
  ANONYMOUS = 'anonymous',
  /** Who has a token of a ServiceAccount; sees what that may see. */
  TOKEN = 'token',
}

/** Who calls whom in a mesh: a Kiali, by its operator. */
export interface KialiProps {
  /** Namespace of the control plane. @default "istio-system" */
  readonly namespaceName?: string;
  /** Clusters with a Kiali; it sees the mesh of its own, and of others by Secrets that are made for it. @default - the centre */
  readonly placement?: Placement;
  /** @default KialiLogin.TOKEN */
  readonly login?: KialiLogin;
  /** Whether it may change objects of Istio. @default false */
  readonly mayChange?: boolean;
  /** As Kiali reaches it. @default - the default Prometheus of Grafana */
  readonly prometheusUrl?: string;
  /** Address of Grafana for people. @default - there are no links to it */
  readonly grafanaUrl?: string;
}
