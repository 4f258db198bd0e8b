// What a VirtualService of Istio says (istio/api networking/v1alpha3/virtual_service.proto).

/** Versions under which Istio's networking API is served. All are stored as v1. */
export enum IstioApiVersion {
  /** Since Istio 1.22. */
  V1 = 'networking.istio.io/v1',
  /** Before. */
  V1BETA1 = 'networking.istio.io/v1beta1',
  /** The first. */
  V1ALPHA3 = 'networking.istio.io/v1alpha3',
}

/** Where requests to hosts go. */
export interface IstioVirtualServiceSpec {
  /** Namespaces in which it counts; "." its own, "*" all. */
  readonly exportTo?: string[];
  /** Gateways; "mesh" for callers within. Without it the mesh. */
  readonly gateways?: string[];
  /** Hosts. */
  readonly hosts?: string[];
  /** HTTP: the first route that fits counts. */
  readonly http?: IstioHttpRoute[];
  /** TCP. */
  readonly tcp?: IstioTcpRoute[];
  /** TLS that is passed through. */
  readonly tls?: IstioTlsRoute[];
}

/** A route. */
export interface IstioHttpRoute {
  /** Cross-origin requests. */
  readonly corsPolicy?: IstioCorsPolicy;
  /** Another VirtualService that says more. In the API: `delegate`. */
  readonly delegateTo?: IstioDelegate;
  /** A fixed answer. */
  readonly directResponse?: IstioDirectResponse;
  /** Faults for tests. */
  readonly fault?: IstioFault;
  /** What is changed in headers. */
  readonly headers?: IstioHeaders;
  /** Which requests: one has to hold. Without it all. */
  readonly match?: IstioHttpMatch[];
  /** Where copies go. */
  readonly mirror?: IstioDestination;
  /** Former form of `mirrorPercentage`. */
  readonly mirrorPercent?: number;
  /** How many are copied. Without it all. */
  readonly mirrorPercentage?: IstioPercent;
  /** Where copies go, to several. */
  readonly mirrors?: IstioMirror[];
  /** Name. */
  readonly name?: string;
  /** Another address for the client. */
  readonly redirect?: IstioRedirect;
  /** Sending failed requests again. */
  readonly retries?: IstioRetries;
  /** What is changed in requests. */
  readonly rewrite?: IstioRewrite;
  /** Where they go. */
  readonly route?: IstioHttpDestination[];
  /** How long a request may take. */
  readonly timeout?: string;
}

/** A text: one of the three. */
export interface IstioStringMatch {
  /** Equal. */
  readonly exact?: string;
  /** Begins with it. */
  readonly prefix?: string;
  /** Regular expression (RE2). */
  readonly regex?: string;
}

/** Requests: all of it has to hold. */
export interface IstioHttpMatch {
  /** Host. */
  readonly authority?: IstioStringMatch;
  /** Gateways. */
  readonly gateways?: string[];
  /** Headers, in lower case. An empty match: it is there. */
  readonly headers?: { readonly [key: string]: IstioStringMatch };
  /** Whether upper and lower case are the same. */
  readonly ignoreUriCase?: boolean;
  /** Method. */
  readonly method?: IstioStringMatch;
  /** Name. */
  readonly name?: string;
  /** Port. */
  readonly port?: number;
  /** Query parameters. */
  readonly queryParams?: { readonly [key: string]: IstioStringMatch };
  /** Scheme. */
  readonly scheme?: IstioStringMatch;
  /** Labels of the caller. */
  readonly sourceLabels?: { readonly [key: string]: string };
  /** Namespace of the caller. */
  readonly sourceNamespace?: string;
  /** Prefix of statistics. */
  readonly statPrefix?: string;
  /** Path. */
  readonly uri?: IstioStringMatch;
  /** Headers that must not be there. */
  readonly withoutHeaders?: { readonly [key: string]: IstioStringMatch };
}

/** A host. */
export interface IstioDestination {
  /** Host: a full name. */
  readonly host: string;
  /** Its port, where it has several. */
  readonly port?: IstioPortSelector;
  /** Subset of its DestinationRule. */
  readonly subset?: string;
}

/** A port. */
export interface IstioPortSelector {
  /** Number. */
  readonly number?: number;
}

/** Where requests go. */
export interface IstioHttpDestination {
  /** To whom. */
  readonly destination: IstioDestination;
  /** What is changed in headers. */
  readonly headers?: IstioHeaders;
  /** Share, as a part of the sum. */
  readonly weight?: number;
}

/** A percentage. */
export interface IstioPercent {
  /** 0 to 100. */
  readonly value?: number;
}

/** Where copies go. */
export interface IstioMirror {
  /** To whom. */
  readonly destination: IstioDestination;
  /** How many. Without it all. */
  readonly percentage?: IstioPercent;
}

/** What is changed in headers. */
export interface IstioHeaders {
  /** Of requests. */
  readonly request?: IstioHeaderChanges;
  /** Of answers. */
  readonly response?: IstioHeaderChanges;
}

/** Changes of headers. */
export interface IstioHeaderChanges {
  /** Added. */
  readonly add?: { readonly [key: string]: string };
  /** Removed. */
  readonly remove?: string[];
  /** Set. */
  readonly set?: { readonly [key: string]: string };
}

/** Cross-origin requests. */
export interface IstioCorsPolicy {
  /** Whether with credentials. */
  readonly allowCredentials?: boolean;
  /** Headers. */
  readonly allowHeaders?: string[];
  /** Methods. */
  readonly allowMethods?: string[];
  /** Origins; former form of `allowOrigins`. */
  readonly allowOrigin?: string[];
  /** Origins. */
  readonly allowOrigins?: IstioStringMatch[];
  /** Headers that scripts may read. */
  readonly exposeHeaders?: string[];
  /** How long an answer is kept. */
  readonly maxAge?: string;
  /** What happens to preflights of other origins. */
  readonly unmatchedPreflights?: IstioUnmatchedPreflights;
}

/** What happens to preflights of other origins. */
export enum IstioUnmatchedPreflights {
  /** As Istio does. */
  UNSPECIFIED = 'UNSPECIFIED',
  /** They go on. */
  FORWARD = 'FORWARD',
  /** They are answered without permission. */
  IGNORE = 'IGNORE',
}

/** Another VirtualService. */
export interface IstioDelegate {
  /** Name. */
  readonly name?: string;
  /** Namespace. In the API: `namespace`. */
  readonly inNamespace?: string;
}

/** A fixed answer. */
export interface IstioDirectResponse {
  /** Body. */
  readonly body?: IstioResponseBody;
  /** Status. */
  readonly status: number;
}

/** Body of an answer: one of the two. */
export interface IstioResponseBody {
  /** Bytes, in base64. */
  readonly bytes?: string;
  /** Text. In the API: `string`. */
  readonly text?: string;
}

/** Faults for tests. Timeouts and retries of callers do not act where it does. */
export interface IstioFault {
  /** Failing. */
  readonly abort?: IstioAbort;
  /** Waiting. */
  readonly delay?: IstioDelay;
}

/** Failing: one of the statuses. */
export interface IstioAbort {
  /** Status of gRPC. */
  readonly grpcStatus?: string;
  /** Error of HTTP/2. */
  readonly http2Error?: string;
  /** Status of HTTP. */
  readonly httpStatus?: number;
  /** How many requests. */
  readonly percentage?: IstioPercent;
}

/** Waiting. */
export interface IstioDelay {
  /** Not in use. */
  readonly exponentialDelay?: string;
  /** How long. */
  readonly fixedDelay?: string;
  /** Former form of `percentage`. */
  readonly percent?: number;
  /** How many requests. */
  readonly percentage?: IstioPercent;
}

/** Another address for the client. */
export interface IstioRedirect {
  /** Host. */
  readonly authority?: string;
  /** Where the port comes from. */
  readonly derivePort?: IstioRedirectPort;
  /** Port. */
  readonly port?: number;
  /** Beginning of the path instead of the matched one. */
  readonly prefixRewrite?: string;
  /** Status, 301 if left out. */
  readonly redirectCode?: number;
  /** Scheme. */
  readonly scheme?: string;
  /** Path. */
  readonly uri?: string;
}

/** Where the port comes from. */
export enum IstioRedirectPort {
  /** 80 or 443. */
  FROM_PROTOCOL_DEFAULT = 'FROM_PROTOCOL_DEFAULT',
  /** The request. */
  FROM_REQUEST_PORT = 'FROM_REQUEST_PORT',
}

/** Sending failed requests again. */
export interface IstioRetries {
  /** How often. */
  readonly attempts?: number;
  /** Least pause. */
  readonly backoff?: string;
  /** How long one try may take. */
  readonly perTryTimeout?: string;
  /** Whether pods that failed are tried again. */
  readonly retryIgnorePreviousHosts?: boolean;
  /** When. */
  readonly retryOn?: string;
  /** Whether other localities are tried. */
  readonly retryRemoteLocalities?: boolean;
}

/** What is changed in requests. */
export interface IstioRewrite {
  /** Host. */
  readonly authority?: string;
  /** Path, or its matched beginning. */
  readonly uri?: string;
  /** Path, by a regular expression. */
  readonly uriRegexRewrite?: IstioRegexRewrite;
}

/** A replacement. */
export interface IstioRegexRewrite {
  /** Regular expression (RE2). */
  readonly match?: string;
  /** What comes instead. */
  readonly rewrite?: string;
}

/** A TCP route. */
export interface IstioTcpRoute {
  /** Which connections: one has to hold. */
  readonly match?: IstioTcpMatch[];
  /** Where they go. */
  readonly route?: IstioRouteDestination[];
}

/** Connections: all of it has to hold. */
export interface IstioTcpMatch {
  /** Addresses. */
  readonly destinationSubnets?: string[];
  /** Gateways. */
  readonly gateways?: string[];
  /** Port. */
  readonly port?: number;
  /** Labels of the caller. */
  readonly sourceLabels?: { readonly [key: string]: string };
  /** Namespace of the caller. */
  readonly sourceNamespace?: string;
  /** Address of the caller; not in use. */
  readonly sourceSubnet?: string;
}

/** Where connections go. */
export interface IstioRouteDestination {
  /** To whom. */
  readonly destination: IstioDestination;
  /** Share, as a part of the sum. */
  readonly weight?: number;
}

/** A TLS route. */
export interface IstioTlsRoute {
  /** Which connections: one has to hold. */
  readonly match: IstioTlsMatch[];
  /** Where they go. */
  readonly route?: IstioRouteDestination[];
}

/** Connections: all of it has to hold. */
export interface IstioTlsMatch {
  /** Addresses. */
  readonly destinationSubnets?: string[];
  /** Gateways. */
  readonly gateways?: string[];
  /** Port. */
  readonly port?: number;
  /** Server names. */
  readonly sniHosts: string[];
  /** Labels of the caller. */
  readonly sourceLabels?: { readonly [key: string]: string };
  /** Namespace of the caller. */
  readonly sourceNamespace?: string;
}
