// How an OpenTelemetryCollector is reached.

/** A port of the Service and of the pods. */
export interface CollectorPort {
  /** What is spoken. */
  readonly appProtocol?: string;
  /** Port of the node. */
  readonly hostPort?: number;
  /** At most 15 characters. */
  readonly name?: string;
  /** Port of the node, of a Service of type NodePort. */
  readonly nodePort?: number;
  /** Port. */
  readonly port: number;
  /** "TCP", "UDP" or "SCTP". */
  readonly protocol?: string;
  /** Port of the pod, number or name. */
  readonly targetPort?: number | string;
}

/** HTTPRoute of the Gateway API. */
export interface CollectorHttpRoute {
  /** Whether there is one. */
  readonly enabled: boolean;
  /** Name of the Gateway. */
  readonly gateway: string;
  /** Namespace of the Gateway. */
  readonly gatewayNamespace?: string;
  /** Host names. */
  readonly hostnames?: string[];
}

/** Ingress, or Route of OpenShift. Not for sidecars. */
export interface CollectorIngress {
  /** Annotations. */
  readonly annotations?: { readonly [key: string]: string };
  /** Host name. */
  readonly hostname?: string;
  /** Class. */
  readonly ingressClassName?: string;
  /** Of OpenShift. */
  readonly route?: CollectorRoute;
  /** How receivers are told apart. */
  readonly ruleType?: CollectorIngressRule;
  /** Certificates. */
  readonly tls?: CollectorIngressTls[];
  /** What is made. In the API: `type`. */
  readonly ofType?: CollectorIngressType;
}

/** What makes a collector reachable. */
export enum CollectorIngressType {
  /** An Ingress. */
  INGRESS = 'ingress',
  /** A Route of OpenShift. */
  ROUTE = 'route',
}

/** How receivers are told apart. */
export enum CollectorIngressRule {
  /** By path. */
  PATH = 'path',
  /** By name in front of the host. */
  SUBDOMAIN = 'subdomain',
}

/** A Route of OpenShift. */
export interface CollectorRoute {
  /** Where TLS ends. */
  readonly termination?: CollectorRouteTermination;
}

/** Where TLS of a Route ends. */
export enum CollectorRouteTermination {
  /** There is none. */
  INSECURE = 'insecure',
  /** At the router. */
  EDGE = 'edge',
  /** At the collector. */
  PASSTHROUGH = 'passthrough',
  /** At the router, and again at the collector. */
  REENCRYPT = 'reencrypt',
}

/** Certificate of an Ingress. */
export interface CollectorIngressTls {
  /** Host names. */
  readonly hosts?: string[];
  /** Secret of it. */
  readonly secretName?: string;
}
