import type { Cluster } from '../cluster';
import type { DnsRecordOptions, ExternalDnsOptions, K8gbOptions } from '../global-backend';
import type { ExposureRules, GlobalAdditions } from './exposure-rules';
import type { Routing } from './global-routing-rules';

/** What serves an address, as the program says it. */
export type BackendRules =
  | ({ readonly type: 'k8gb' } & K8gbOptions)
  | ({ readonly type: 'annotations' } & ExternalDnsOptions)
  | ({ readonly type: 'dnsEndpoint' } & DnsRecordOptions)
  | { readonly type: 'floating'; readonly address: string };

/** A cluster that an address leads to. */
export interface GlobalMember {
  readonly cluster: Cluster;
  /** What exposes the service there. */
  readonly exposure: ExposureRules;
  /** Name of its object. */
  readonly exposureName: string;
}

/** An address with everything resolved that does not depend on what serves it. */
export interface ResolvedAddress {
  readonly host: string;
  /** Of its objects. */
  readonly name: string;
  readonly ttlSeconds: number;
  readonly members: readonly GlobalMember[];
  readonly routing: Routing;
}

/** What an address is in one cluster. */
export interface AddressInCluster {
  /** Without namespace and labels. */
  readonly objects: readonly AddressObject[];
  readonly additions: GlobalAdditions;
}

export interface AddressObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: { readonly [key: string]: string } };
  readonly spec: object;
}
