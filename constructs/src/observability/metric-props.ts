import type { SecretKey } from '../service-props';

/** Which monitors and rules the Prometheus of a stack takes. */
export enum MonitorSelection {
  /** All of its cluster, whoever made them. */
  ALL = 'all',
  /** Those with the labels of the stack: for clusters in which another Prometheus looks as well. */
  LABELLED = 'labelled',
}

/** What a stack can scrape by monitors of its own: components that platforms are made of, wherever they are installed. */
export enum ScrapedComponent {
  /** istiod and the proxies of pods (samples/addons/extras/prometheus-operator.yaml of istio/istio). */
  ISTIO = 'istio',
  /** The controller of Argo Rollouts. */
  ARGO_ROLLOUTS = 'argo-rollouts',
  /** Flagger. */
  FLAGGER = 'flagger',
  /** The controllers of Tekton Pipelines. */
  TEKTON = 'tekton',
  /** NVIDIA's exporter of GPU metrics, as the GPU operator installs it. */
  DCGM = 'dcgm',
  /** OpenCost. */
  OPENCOST = 'opencost',
  /** Jenkins with its plugin `prometheus`, as its chart installs it. */
  JENKINS = 'jenkins',
  /** The controller of Kueue; quotas and their use with `metrics.enableClusterQueueResources` in its configuration. */
  KUEUE = 'kueue',
  /** The scheduler and the device plugins of HAMi. */
  HAMI = 'hami',
}

/** An address that a cluster sends to, and how it shows who it is. Secrets are in the namespace of the stack, in every cluster that sends. */
export interface MetricEndpoint {
  /** Whole address: "https://metrics.example.com/api/v1/receive". */
  readonly url: string;
  /** A bearer token. @default - none */
  readonly token?: SecretKey;
  /** User of basic authentication. @default - none */
  readonly username?: SecretKey;
  /** Its password. @default - none */
  readonly password?: SecretKey;
  /** A client certificate (PEM). @default - none */
  readonly certificate?: SecretKey;
  /** Its private key (PEM). @default - none */
  readonly privateKey?: SecretKey;
  /** The authority that signed the certificate of the server (PEM). @default - those that the image trusts */
  readonly authority?: SecretKey;
}

/** What is said of the metrics of one cluster. */
export interface ClusterMetrics {
  /** How many nodes it has: for the estimate of series. @default - unknown */
  readonly nodes?: number;
  /** How many pods run in it. @default - the fact `capacity` of the cluster for pods, else those that the program puts there */
  readonly pods?: number;
  /** Volume of each Prometheus in it. @default - that of the store */
  readonly storage?: string;
  /** How long samples stay in it. @default - that of the store */
  readonly retention?: string;
  /** @default - those of the store */
  readonly shards?: number;
  /** A Prometheus that only sends what it scrapes (PrometheusAgent): it stores nothing, evaluates no rules, and needs little memory. @default false */
  readonly agent?: boolean;
  /** Whether etcd, scheduler, controller manager and kube-proxy can be scraped. @default - not where the provider runs the control plane */
  readonly controlPlane?: boolean;
  /** Where Grafana in the centre asks the Prometheus of this cluster. Of MetricStore.perCluster only. @default - Grafana does not ask it */
  readonly queryUrl?: string;
}

/** How many series there are of what; estimates, to be replaced by what `prometheus_tsdb_head_series` shows. */
export interface SeriesEstimate {
  /** Of a cluster whatever its size: API server, DNS, controllers. @default 30000 */
  readonly perCluster?: number;
  /** Of a node: node exporter and kubelet. @default 2000 */
  readonly perNode?: number;
  /** Of a pod: its containers and its state. @default 250 */
  readonly perPod?: number;
  /** What a pod of an observed service shows of itself, beside these. @default 500 */
  readonly perObservedPod?: number;
}

/** The Grafana in the centre. Data sources and dashboards come as ConfigMaps, by its sidecars; it keeps nothing itself. */
export interface GrafanaProps {
  /** Name of the Secret with user and password of the administrator, in the namespace of the stack. */
  readonly adminSecret: string;
  /** Key of the user. @default "admin-user" */
  readonly userKey?: string;
  /** Key of the password. @default "admin-password" */
  readonly passwordKey?: string;
  /** Address under which people reach it. @default - none is known to it */
  readonly url?: string;
}

/** A Helm chart: in a repository with an exact version, or a local folder or archive without both. */
export interface ChartSource {
  /** Its name in the repository, or a path. */
  readonly chart: string;
  /** "https://…" or "oci://…". @default - `chart` is local or a whole OCI reference */
  readonly repository?: string;
  /** Exact version. @default - none, for a local chart */
  readonly version?: string;
  /** Values over those that the stack computes; merged by key. @default - none */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  readonly values?: { [key: string]: any };
}

/** The Prometheus of every cluster, installed by kube-prometheus-stack. */
export interface PrometheusProps {
  /** How long samples stay, as Prometheus writes it: "15d", "36h". @default "15d"; "2d" where all is sent to a store */
  readonly retention?: string;
  /** Volume of each Prometheus: "100Gi". @default - none: what is stored is lost with the pod */
  readonly storage?: string;
  /** Purpose of the StorageClass of the volumes, in the facts of the clusters. @default - the default class of the cluster */
  readonly storagePurpose?: string;
  /** Size of the samples at which the oldest go, e.g. "80GB" (powers of 1024). @default - 80 % of the volume */
  readonly retentionSize?: string;
  /** How many Prometheus scrape the same. @default 1 */
  readonly replicas?: number;
  /** Over how many the targets are divided. @default 1 */
  readonly shards?: number;
  /** @default "30s" */
  readonly scrapeInterval?: string;
  /** Labels of all that leaves a cluster, beside `cluster` and the replica. @default - none */
  readonly externalLabels?: { readonly [name: string]: string };
  /** Which monitors and rules are taken. @default MonitorSelection.ALL */
  readonly selection?: MonitorSelection;
  /** Namespaces whose monitors may set the label `namespace` of what they scrape; only where the stack has workspaces. @default - that of the stack alone */
  readonly trustedNamespaces?: string[];
  /** What of the platform is scraped beside Kubernetes itself. @default - nothing */
  readonly components?: ScrapedComponent[];
  /** What is said of single clusters, by name. @default - nothing */
  readonly clusters?: { readonly [cluster: string]: ClusterMetrics };
  /** How many series there are of what. @default - estimates */
  readonly series?: SeriesEstimate;
  /** The Alertmanager of the centre, as the other clusters reach it. @default - every cluster that evaluates rules has an Alertmanager of its own */
  readonly alertmanager?: MetricEndpoint;
  /** @default - no Grafana is installed */
  readonly grafana?: GrafanaProps;
  /** Where the chart kube-prometheus-stack comes from. @default - https://prometheus-community.github.io/helm-charts, 88.5.3 */
  readonly chart?: ChartSource;
}

/** Receivers that share the series of some tenants. */
export interface ThanosHashring {
  /** A DNS label. */
  readonly name: string;
  /** Workspaces whose series it takes; a hashring without takes all others, and there must be one. @default - all others */
  readonly tenants?: string[];
  /** How many receivers. @default 3 */
  readonly receivers?: number;
  /** Volume of each receiver. */
  readonly storage: string;
  /** Purpose of the StorageClass. @default - the default class of the cluster */
  readonly storagePurpose?: string;
}

/** What one request of remote write, and one tenant, may bring; 0 is no limit (docs/components/receive.md of thanos-io/thanos). */
export interface ThanosLimits {
  /** Bytes of a request. @default 0 */
  readonly requestBytes?: number;
  /** Series of a request. @default 0 */
  readonly requestSeries?: number;
  /** Samples of a request. @default 0 */
  readonly requestSamples?: number;
  /** Requests at a time, of all tenants. @default 0 */
  readonly concurrency?: number;
}

/** Thanos in the centre: receivers, store gateway, compactor, query and ruler, by the thanos-operator. */
export interface ThanosProps extends PrometheusProps {
  /** How the clusters reach the receivers in the centre: what terminates TLS and knows who sends stands in front of them. */
  readonly receive: MetricEndpoint;
  /** The Secret with the configuration of the object storage (objstore.yml of Thanos), in the namespace of the stack in the centre. */
  readonly objectStorage: SecretKey;
  /** Receivers, in groups. */
  readonly hashrings: ThanosHashring[];
  /** How many receivers get every series: 1, 3 or 5. @default 3 */
  readonly replicationFactor?: number;
  /** How long receivers keep what they have uploaded: at least "2h". @default "6h" */
  readonly receiverRetention?: string;
  /** Header with the tenant of a request. @default "THANOS-TENANT" */
  readonly tenantHeader?: string;
  /** Tenant of what is in no workspace. @default "platform" */
  readonly platformTenant?: string;
  /** @default - none */
  readonly limits?: ThanosLimits;
  /** How long samples stay as they were scraped: "30d"; "0d" is for ever. @default "30d" */
  readonly rawRetention?: string;
  /** How long one value for five minutes stays. @default "180d" */
  readonly fiveMinuteRetention?: string;
  /** How long one value for an hour stays. @default "730d" */
  readonly oneHourRetention?: string;
  /** Working volume of the compactor. @default "100Gi" */
  readonly compactorStorage?: string;
  /** Volume of a store gateway. @default "20Gi" */
  readonly gatewayStorage?: string;
  /** Over how many store gateways the blocks are divided. @default 1 */
  readonly gatewayShards?: number;
  /** @default 2 */
  readonly queryReplicas?: number;
  /** The chart of the thanos-operator, which no repository has: a copy of helm/chart of thanos-community/thanos-operator. @default - somebody else installs the operator, and a fact of the centre says so */
  readonly operatorChart?: ChartSource;
  /** Image tag of Thanos. @default "v0.42.4" */
  readonly thanosVersion?: string;
}

/** A Prometheus, or something that speaks as one, that is there already. */
export interface ExistingPrometheusProps {
  /** Where Grafana asks for all clusters: "https://prometheus.example.com". */
  readonly queryUrl: string;
  /** Labels by which it finds monitors and rules in the clusters; {} where it takes all. */
  readonly selectedBy: { readonly [label: string]: string };
  /** What it scrapes, beside Kubernetes itself: dashboards and rules may name it. @default - nothing */
  readonly components?: ScrapedComponent[];
  /** Where it takes samples. A Prometheus that only sends is then installed in every cluster. @default - it scrapes by itself */
  readonly remoteWrite?: MetricEndpoint;
  /** What is said of the Prometheus that sends. Only with `remoteWrite`. @default - defaults */
  readonly agents?: PrometheusProps;
  /** Its Alertmanager, for Grafana. @default - none */
  readonly alertmanagerUrl?: string;
  /** @default - no Grafana is installed */
  readonly grafana?: GrafanaProps;
}
