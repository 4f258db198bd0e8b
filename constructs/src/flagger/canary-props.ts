// What a Canary of Flagger says (flagger.app/v1beta1, pkg/apis/flagger/v1beta1/canary.go, 1.44).

import type { FlaggerAnalysis } from './analysis-props';
import type { FlaggerTrafficPolicy } from './traffic-policy-props';

/** A workload, the Service it gets, and how a new version is judged. */
export interface FlaggerCanarySpec {
  /** What divides requests. */
  readonly provider?: FlaggerProvider;
  /** Address of Prometheus, for this Canary alone. */
  readonly metricsServer?: string;
  /** Seconds after which an update without progress has failed. */
  readonly progressDeadlineSeconds?: number;
  /** The workload. */
  readonly targetRef: FlaggerObjectReference;
  /** Its autoscaler. */
  readonly autoscalerRef?: FlaggerAutoscalerReference;
  /** Its Ingress, for providers that use one. */
  readonly ingressRef?: FlaggerObjectReference;
  /** Its ApisixRoute. */
  readonly routeRef?: FlaggerObjectReference;
  /** Its Upstream of Gloo. */
  readonly upstreamRef?: FlaggerNamespacedReference;
  /** The Service. Only with Knative it may be left out. */
  readonly service?: FlaggerService;
  /** Whether new versions come without analysis. */
  readonly skipAnalysis?: boolean;
  /** Whether everything is put back when the Canary goes. */
  readonly revertOnDeletion?: boolean;
  /** Whether nothing is done. */
  readonly suspend?: boolean;
  /** How a new version is judged. */
  readonly analysis: FlaggerAnalysis;
}

/** What divides requests. */
export enum FlaggerProvider {
  /** APISIX. */
  APISIX = 'apisix',
  /** AWS App Mesh. */
  APPMESH = 'appmesh',
  /** AWS App Mesh v1beta2. */
  APPMESH_V1BETA2 = 'appmesh:v1beta2',
  /** Contour. */
  CONTOUR = 'contour',
  /** Gateway API. */
  GATEWAY_API_V1 = 'gatewayapi:v1',
  /** Gateway API v1beta1. */
  GATEWAY_API_V1BETA1 = 'gatewayapi:v1beta1',
  /** Gloo. */
  GLOO = 'gloo',
  /** Istio. */
  ISTIO = 'istio',
  /** Knative. */
  KNATIVE = 'knative',
  /** Nothing: blue-green by Services. */
  KUBERNETES = 'kubernetes',
  /** Kuma. */
  KUMA = 'kuma',
  /** Linkerd. */
  LINKERD = 'linkerd',
  /** ingress-nginx. */
  NGINX = 'nginx',
  /** Open Service Mesh. */
  OSM = 'osm',
  /** Skipper. */
  SKIPPER = 'skipper',
  /** Service Mesh Interface v1alpha1. */
  SMI_V1ALPHA1 = 'smi:v1alpha1',
  /** Service Mesh Interface v1alpha2. */
  SMI_V1ALPHA2 = 'smi:v1alpha2',
  /** Service Mesh Interface v1alpha3. */
  SMI_V1ALPHA3 = 'smi:v1alpha3',
  /** Traefik. */
  TRAEFIK = 'traefik',
}

/** An object of the same namespace. */
export interface FlaggerObjectReference {
  /** E.g. "apps/v1". */
  readonly apiVersion: string;
  /** E.g. "Deployment". */
  readonly kind: string;
  /** Name. */
  readonly name: string;
}

/** An object. */
export interface FlaggerNamespacedReference extends FlaggerObjectReference {
  /** Its namespace. In the API: `namespace`. */
  readonly inNamespace?: string;
}

/** An autoscaler. */
export interface FlaggerAutoscalerReference extends FlaggerObjectReference {
  /** Queries of the primary's ScaledObject, by trigger. */
  readonly primaryScalerQueries?: { readonly [key: string]: string };
  /** Bounds of the primary's. */
  readonly primaryScalerReplicas?: FlaggerScalerReplicas;
}

/** Bounds of an autoscaler. */
export interface FlaggerScalerReplicas {
  /** Fewest. */
  readonly minReplicas?: number;
  /** Most. */
  readonly maxReplicas?: number;
}

/** The Service, and how requests to it are handled. */
export interface FlaggerService {
  /** Name. Without it that of the workload. */
  readonly name?: string;
  /** Port. */
  readonly port: number;
  /** Name of the port. */
  readonly portName?: string;
  /** Protocol of the port. */
  readonly appProtocol?: string;
  /** Which pods are preferred. */
  readonly trafficDistribution?: FlaggerTrafficDistribution;
  /** Port of the containers. */
  readonly targetPort?: number | string;
  /** Whether the other ports of the containers are found. */
  readonly portDiscovery?: boolean;
  /** Whether it has no address. */
  readonly headless?: boolean;
  /** How long a request may take. */
  readonly timeout?: string;
  /** How long one try may take (Gateway API). */
  readonly backendTimeout?: string;
  /** Mesh (App Mesh). */
  readonly meshName?: string;
  /** Services that it calls (App Mesh). */
  readonly backends?: string[];
  /** Hosts beside its own name. */
  readonly hosts?: string[];
  /** Whether its VirtualService is only delegated to. */
  readonly delegation?: boolean;
  /** Which requests. */
  readonly match?: FlaggerHttpMatch[];
  /** Sending failed requests again. */
  readonly retries?: FlaggerRetries;
  /** What is changed in requests. */
  readonly rewrite?: FlaggerRewrite;
  /** Where copies go (Gateway API). */
  readonly mirror?: FlaggerMirror[];
  /** What is changed in headers. */
  readonly headers?: FlaggerHeaders;
  /** Gateways of Istio; "mesh" for callers within. */
  readonly gateways?: string[];
  /** Gateways of Gateway API. */
  readonly gatewayRefs?: FlaggerGatewayReference[];
  /** Cross-origin requests. */
  readonly corsPolicy?: FlaggerCorsPolicy;
  /** Traffic policy of the DestinationRules. */
  readonly trafficPolicy?: FlaggerTrafficPolicy;
  /** Of the Service that clients use. */
  readonly apex?: FlaggerServiceMetadata;
  /** Of the primary's. */
  readonly primary?: FlaggerServiceMetadata;
  /** Of the canary's. */
  readonly canary?: FlaggerServiceMetadata;
  /** What others may set on the Services. */
  readonly unmanagedMetadata?: FlaggerUnmanagedMetadata;
}

/** Which pods are preferred. */
export enum FlaggerTrafficDistribution {
  /** Near ones. */
  PREFER_CLOSE = 'PreferClose',
  /** Those of the same zone. */
  PREFER_SAME_ZONE = 'PreferSameZone',
  /** Those of the same node. */
  PREFER_SAME_NODE = 'PreferSameNode',
}

/** Labels and annotations of a Service. */
export interface FlaggerServiceMetadata {
  /** Labels. */
  readonly labels?: { readonly [key: string]: string };
  /** Annotations. */
  readonly annotations?: { readonly [key: string]: string };
}

/** What others may set on the Services. */
export interface FlaggerUnmanagedMetadata {
  /** Prefixes of annotations. */
  readonly annotations?: string[];
  /** Prefixes of labels. */
  readonly labels?: string[];
}

/** A text: one of them. */
export interface FlaggerStringMatch {
  /** Equal. */
  readonly exact?: string;
  /** Begins with it. */
  readonly prefix?: string;
  /** Regular expression (RE2). */
  readonly regex?: string;
}

/** A text of a header, for an analysis: one of them. */
export interface FlaggerHeaderMatch extends FlaggerStringMatch {
  /** Ends with it. */
  readonly suffix?: string;
}

/** Requests: all of it has to hold. */
export interface FlaggerHttpMatch {
  /** Host. */
  readonly authority?: FlaggerStringMatch;
  /** Gateways. */
  readonly gateways?: string[];
  /** Headers, in lower case. */
  readonly headers?: { readonly [key: string]: FlaggerStringMatch };
  /** Whether upper and lower case are the same. */
  readonly ignoreUriCase?: boolean;
  /** Method. */
  readonly method?: FlaggerStringMatch;
  /** Name. */
  readonly name?: string;
  /** Port. */
  readonly port?: number;
  /** Query parameters. */
  readonly queryParams?: { readonly [key: string]: FlaggerStringMatch };
  /** Scheme. */
  readonly scheme?: FlaggerStringMatch;
  /** Labels of the caller. */
  readonly sourceLabels?: { readonly [key: string]: string };
  /** Namespace of the caller. */
  readonly sourceNamespace?: string;
  /** Path. */
  readonly uri?: FlaggerStringMatch;
  /** Headers that must not be there. */
  readonly withoutHeaders?: { readonly [key: string]: FlaggerStringMatch };
}

/** Sending failed requests again. */
export interface FlaggerRetries {
  /** How often. */
  readonly attempts?: number;
  /** How long one try may take. */
  readonly perTryTimeout?: string;
  /** When. */
  readonly retryOn?: string;
}

/** What is changed in requests. */
export interface FlaggerRewrite {
  /** Path. */
  readonly uri?: string;
  /** Host. */
  readonly authority?: string;
  /** "ReplacePrefixMatch" or "ReplaceFullPath" (Gateway API). In the API: `type`. */
  readonly ofType?: string;
}

/** Where copies go. */
export interface FlaggerMirror {
  /** To whom. */
  readonly backendRef?: FlaggerBackendReference;
}

/** A Service. */
export interface FlaggerBackendReference {
  /** Group. */
  readonly group?: string;
  /** Kind. */
  readonly kind?: string;
  /** Name. */
  readonly name: string;
  /** Namespace. In the API: `namespace`. */
  readonly inNamespace?: string;
  /** Port. */
  readonly port?: number;
}

/** A Gateway. */
export interface FlaggerGatewayReference {
  /** Group. */
  readonly group?: string;
  /** Kind. */
  readonly kind?: string;
  /** Name. */
  readonly name: string;
  /** Namespace. In the API: `namespace`. */
  readonly inNamespace?: string;
  /** Listener. */
  readonly sectionName?: string;
  /** Port. */
  readonly port?: number;
}

/** What is changed in headers. */
export interface FlaggerHeaders {
  /** Of requests. */
  readonly request?: FlaggerHeaderChanges;
  /** Of answers. */
  readonly response?: FlaggerHeaderChanges;
}

/** Changes of headers. */
export interface FlaggerHeaderChanges {
  /** Added. */
  readonly add?: { readonly [key: string]: string };
  /** Removed. */
  readonly remove?: string[];
  /** Set. */
  readonly set?: { readonly [key: string]: string };
}

/** Cross-origin requests. */
export interface FlaggerCorsPolicy {
  /** Whether with credentials. */
  readonly allowCredentials?: boolean;
  /** Headers. */
  readonly allowHeaders?: string[];
  /** Methods. */
  readonly allowMethods?: string[];
  /** Origins; former form of `allowOrigins`. */
  readonly allowOrigin?: string[];
  /** Origins. */
  readonly allowOrigins?: FlaggerStringMatch[];
  /** Headers that scripts may read. */
  readonly exposeHeaders?: string[];
  /** How long an answer is kept. */
  readonly maxAge?: string;
}
