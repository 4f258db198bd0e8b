/** Who can reach what enters a cluster. */
export enum ExposureScheme {
  /** Only who is in the cluster's network, or connected to it. */
  INTERNAL = 'internal',
  /** Everybody. */
  INTERNET_FACING = 'internet-facing',
}

/** How the network learns where an address is. */
export enum Announcement {
  /** Routers are told by BGP. */
  BGP = 'bgp',
  /** A node answers for it in its network segment (ARP, NDP). */
  LAYER2 = 'layer2',
  /** A node holds it by VRRP (keepalived). */
  VIP = 'vip',
}

/** By which of its parts traffic enters a cluster. */
export interface EntryPoint {
  /** IngressClass whose controller has an address of this scheme. @default - none, and Ingresses of the scheme are refused */
  readonly ingressClass?: string;
  /** Gateway with an address of this scheme that routes attach to, "namespace/name". @default - none, and routes of the scheme need a Gateway of their own */
  readonly gateway?: string;
  /** GatewayClass of Gateways that services have of their own. @default - none, and those are refused */
  readonly gatewayClass?: string;
  /**
   * Pool that Services of type LoadBalancer take their addresses from: an IPAddressPool of MetalLB, an Eip of OpenELB. @default - none, and with these two
   * such Services are refused
   */
  readonly addressPool?: string;
  /** How the addresses of the pool are announced. @default - unknown */
  readonly announcement?: Announcement;
  /** Of Services of type LoadBalancer. @default - the cluster's own default */
  readonly loadBalancerClass?: string;
  /**
   * Annotations that give a Service of type LoadBalancer an address of this scheme. @default - those that the provider documents, or those of the address
   * pool; an error where neither is known
   */
  readonly loadBalancerAnnotations?: { [key: string]: string };
  /** Addresses (IPv4, IPv6) or one name by which clients reach the Ingresses and the Gateway of this scheme. @default - unknown */
  readonly addresses?: string[];
}

/** Where traffic enters a cluster, by who can reach it. */
export interface EntryPoints {
  /** For who is in the cluster's network. @default - unknown */
  readonly intranet?: EntryPoint;
  /** For everybody. @default - unknown */
  readonly internet?: EntryPoint;
}
