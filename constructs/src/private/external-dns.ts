import { isIP } from 'node:net';
import type { Cluster } from '../cluster';
import { DnsProvider, type DnsRecordOptions, type ExternalDnsOptions } from '../global-backend';
import { entryFact, entryPoint, NOTHING_ADDED } from './exposure-rules';
import type { AddressInCluster, GlobalMember, ResolvedAddress } from './global-backend-rules';
import type { Report } from './global-routing-rules';
import { type PolicyRecord, route53Records } from './route53';
import { servesApi } from './served-apis';

/** Version of DNSEndpoint that is written. */
const DNS_ENDPOINT = 'externaldns.k8s.io/v1alpha1';

/** What external-dns reads beside what exposes the service, in each cluster. */
export function annotatedAddress(
  address: ResolvedAddress,
  { provider, annotationPrefix, healthChecks = {} }: ExternalDnsOptions,
  report: Report,
): ReadonlyMap<Cluster, AddressInCluster> {
  const records = policyRecords(address, provider, healthChecks, report);
  return new Map(
    address.members.map(({ cluster }): [Cluster, AddressInCluster] => {
      const [record, ...more] = records.get(cluster) ?? [];
      if (more.length > 0) {
        const what = `Cluster "${cluster}" serves ${more.length + 1} groups of users, and annotations are one record.`;
        report({ code: 'ORR2012', what, fix: 'Use GlobalBackend.dnsEndpoint.' }, cluster);
      }
      const annotations: { [key: string]: string } = {
        [`${annotationPrefix}hostname`]: address.host,
        [`${annotationPrefix}ttl`]: String(address.ttlSeconds),
        [`${annotationPrefix}set-identifier`]: record?.setIdentifier ?? cluster.clusterName,
      };
      for (const [name, value] of record?.properties ?? []) {
        annotations[`${annotationPrefix}${name.replace('/', '-')}`] = value;
      }
      return [cluster, { objects: [], additions: { annotations } }];
    }),
  );
}

/** A DNSEndpoint in each cluster, with the addresses that its facts declare. */
export function endpointAddress(
  address: ResolvedAddress,
  { provider, healthChecks = {} }: DnsRecordOptions,
  report: Report,
): ReadonlyMap<Cluster, AddressInCluster> {
  const records = policyRecords(address, provider, healthChecks, report);
  return new Map(
    address.members.map((member): [Cluster, AddressInCluster] => {
      const { cluster } = member;
      if (!servesApi(cluster, DNS_ENDPOINT)) {
        const what = `The address is a DNSEndpoint, and no fact of cluster "${cluster}" says that it serves ${DNS_ENDPOINT}.`;
        report({ code: 'ORR2013', what, fix: `Add apiVersions: ['${DNS_ENDPOINT}'] to its facts.` }, cluster);
      }
      const targets = targetsOf(member, report);
      const endpoints = (records.get(cluster) ?? []).flatMap(({ setIdentifier, properties }) =>
        targets.map(([recordType, values]) => ({
          dnsName: address.host,
          recordType,
          targets: values,
          recordTTL: address.ttlSeconds,
          setIdentifier,
          providerSpecific: properties.map(([name, value]) => ({ name, value })),
        })),
      );
      const object = {
        apiVersion: DNS_ENDPOINT,
        kind: 'DNSEndpoint',
        metadata: { name: address.name },
        spec: { endpoints },
      };
      return [cluster, { objects: [object], additions: NOTHING_ADDED }];
    }),
  );
}

/**
 * Records of one name in several clusters need a routing policy of the DNS server, and external-dns gives one to Route 53 only (kubernetes-sigs/external-dns:
 * docs/annotations/annotations.md, "Additional annotations that are currently implemented only by AWS"); with another server the instances would overwrite each other's record.
 */
function policyRecords(
  address: ResolvedAddress,
  provider: DnsProvider,
  healthChecks: { readonly [cluster: string]: string },
  report: Report,
): ReadonlyMap<Cluster, readonly PolicyRecord[]> {
  if (provider === DnsProvider.ROUTE53) return route53Records(address, healthChecks, report);
  const what = `external-dns keeps records of one name for several clusters with Route 53 only, not with ${provider}.`;
  report({ code: 'ORR2012', what, fix: 'Use k8gb, or a zone of Route 53.' });
  return new Map();
}

/** Record types with their targets. */
function targetsOf({ cluster, exposure }: GlobalMember, report: Report): [type: string, targets: string[]][] {
  if (exposure.type === 'LoadBalancer') {
    const what = `In cluster "${cluster}" a load balancer exposes the service, whose address nobody knows before it is made.`;
    report({ code: 'ORR2012', what, fix: 'Use GlobalBackend.externalDns, which reads it.' }, cluster);
    return [];
  }
  const addresses = entryPoint(cluster, exposure.scheme).addresses ?? [];
  if (addresses.length === 0) {
    const fact = `entryPoints.${entryFact(exposure.scheme)}`;
    const what = `No fact of cluster "${cluster}" says by which addresses ${exposure.scheme} clients reach it.`;
    report({ code: 'ORR2013', what, fix: `Add ${fact}: { addresses: ['…'] } to its facts.` }, cluster);
  }
  const byType = (type: string, version: number): [string, string[]][] => {
    const targets = addresses.filter((address) => isIP(address) === version);
    return targets.length === 0 ? [] : [[type, targets]];
  };
  return [...byType('A', 4), ...byType('AAAA', 6), ...byType('CNAME', 0)];
}
