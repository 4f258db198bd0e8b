// What divides requests between stable and canary pods of a Rollout.

/** What divides requests. */
export interface ArgoTrafficRouting {
  /** AWS load balancer. */
  readonly alb?: ArgoAlbRouting;
  /** Ambassador. */
  readonly ambassador?: ArgoAmbassadorRouting;
  /** APISIX. */
  readonly apisix?: ArgoApisixRouting;
  /** AWS App Mesh. */
  readonly appMesh?: ArgoAppMeshRouting;
  /** Istio. */
  readonly istio?: ArgoIstioRouting;
  /** Routes that steps add, in their order. */
  readonly managedRoutes?: ArgoManagedRoute[];
  /** What all is worth; 100 if left out. */
  readonly maxTrafficWeight?: number;
  /** ingress-nginx. */
  readonly nginx?: ArgoNginxRouting;
  /** Plugins by name, e.g. "argoproj-labs/gatewayAPI", each with whatever it takes. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of somebody else.
  readonly plugins?: { readonly [key: string]: any };
  /** Service Mesh Interface. */
  readonly smi?: ArgoSmiRouting;
  /** Traefik. */
  readonly traefik?: ArgoTraefikRouting;
}

/** A route that steps add. */
export interface ArgoManagedRoute {
  /** Name. */
  readonly name: string;
}

/** Istio. */
export interface ArgoIstioRouting {
  /** DestinationRule whose subsets are the two versions. */
  readonly destinationRule?: ArgoIstioDestinationRule;
  /** The VirtualService. */
  readonly virtualService?: ArgoIstioVirtualService;
  /** The VirtualServices. */
  readonly virtualServices?: ArgoIstioVirtualService[];
}

/** Subsets for stable and canary pods. */
export interface ArgoIstioDestinationRule {
  /** Further subsets of stable pods. */
  readonly additionalSubsetNames?: string[];
  /** Subset of canary pods. */
  readonly canarySubsetName: string;
  /** DestinationRule. */
  readonly name: string;
  /** Subset of stable pods. */
  readonly stableSubsetName: string;
}

/** A VirtualService whose weights are set. */
export interface ArgoIstioVirtualService {
  /** Name. */
  readonly name: string;
  /** HTTP routes by name. With one route it may be left out. */
  readonly routes?: string[];
  /** TCP routes. */
  readonly tcpRoutes?: ArgoIstioTcpRoute[];
  /** TLS routes. */
  readonly tlsRoutes?: ArgoIstioTlsRoute[];
}

/** A TCP route. */
export interface ArgoIstioTcpRoute {
  /** Its port. */
  readonly port?: number;
}

/** A TLS route. */
export interface ArgoIstioTlsRoute {
  /** Its port. */
  readonly port?: number;
  /** Its hosts. */
  readonly sniHosts?: string[];
}

/** ingress-nginx: a second Ingress for the canary. */
export interface ArgoNginxRouting {
  /** Annotations of the canary's Ingress. */
  readonly additionalIngressAnnotations?: { readonly [key: string]: string };
  /** Prefix of annotations. */
  readonly annotationPrefix?: string;
  /** Annotations of the canary's Ingress, without prefix. */
  readonly canaryIngressAnnotations?: { readonly [key: string]: string };
  /** The Ingress. */
  readonly stableIngress?: string;
  /** The Ingresses. */
  readonly stableIngresses?: string[];
}

/** AWS load balancer. */
export interface ArgoAlbRouting {
  /** Prefix of annotations. */
  readonly annotationPrefix?: string;
  /** The Ingress. */
  readonly ingress?: string;
  /** The Ingresses. */
  readonly ingresses?: string[];
  /** Service that the Ingress names. */
  readonly rootService?: string;
  /** Its port. */
  readonly servicePort: number;
  /** Whether a client stays where it was. */
  readonly stickinessConfig?: ArgoAlbStickiness;
}

/** Whether a client stays where it was. */
export interface ArgoAlbStickiness {
  /** Seconds. */
  readonly durationSeconds: number;
  /** Whether. */
  readonly enabled: boolean;
}

/** Service Mesh Interface. */
export interface ArgoSmiRouting {
  /** Service that clients name. */
  readonly rootService?: string;
  /** TrafficSplit. */
  readonly trafficSplitName?: string;
}

/** Ambassador. */
export interface ArgoAmbassadorRouting {
  /** Mappings. */
  readonly mappings: string[];
}

/** AWS App Mesh. */
export interface ArgoAppMeshRouting {
  /** Virtual nodes of the two versions. */
  readonly virtualNodeGroup?: ArgoAppMeshNodes;
  /** Virtual service. */
  readonly virtualService?: ArgoAppMeshService;
}

/** Virtual nodes of the two versions. */
export interface ArgoAppMeshNodes {
  /** Of canary pods. */
  readonly canaryVirtualNodeRef: ArgoNameReference;
  /** Of stable pods. */
  readonly stableVirtualNodeRef: ArgoNameReference;
}

/** An object by name. */
export interface ArgoNameReference {
  /** Name. */
  readonly name: string;
}

/** Virtual service. */
export interface ArgoAppMeshService {
  /** Name. */
  readonly name: string;
  /** Routes. */
  readonly routes?: string[];
}

/** Traefik. */
export interface ArgoTraefikRouting {
  /** TraefikService. */
  readonly weightedTraefikServiceName: string;
}

/** APISIX. */
export interface ArgoApisixRouting {
  /** The route. */
  readonly route?: ArgoApisixRoute;
}

/** A route. */
export interface ArgoApisixRoute {
  /** ApisixRoute. */
  readonly name: string;
  /** Rules of it. */
  readonly rules?: string[];
}
