import { isIP } from 'node:net';
import type { AddressPool } from '../address-pool';
import type { Cluster } from '../cluster';
import { LoadBalancerKind } from '../cluster-facts';
import { Announcement } from '../entry-points';
import { inRanges } from './address-range';
import { entryFact, entryPoint, type GlobalAdditions } from './exposure-rules';
import type { AddressInCluster, ResolvedAddress } from './global-backend-rules';
import type { Report } from './global-routing-rules';

/**
 * One address that all clusters announce by BGP (anycast). Which cluster a packet reaches is decided by routers, by the length of the way, so that nothing but the nearest one
 * can be asked for; and they can only decide where all clusters are in one network.
 * @param pools those of the program; of others only the cluster knows what they hold
 */
export function floatingAddress(
  { members, routing }: ResolvedAddress,
  address: string,
  pools: readonly AddressPool[],
  report: Report,
): ReadonlyMap<Cluster, AddressInCluster> {
  if (isIP(address) === 0) {
    report({ code: 'ORR2011', what: `"${address}" is no address.`, fix: 'Use an IPv4 or IPv6 address.' });
  }
  if (routing.type !== 'nearest' || routing.users !== undefined) {
    const what =
      'Routers send packets for a floating address to the nearest cluster, and do not fail over in an order, weigh, or know users.';
    report({ code: 'ORR2012', what, fix: 'Use GlobalRouting.nearest() without users, or another backend.' });
  }
  const [first] = members;
  const network = first?.cluster.facts.network;
  for (const { cluster } of members) {
    const own = cluster.facts.network;
    if (own === undefined) {
      const what = `No fact of cluster "${cluster}" says in which network it is, and a floating address is announced in one.`;
      report({ code: 'ORR2013', what, fix: 'Add network to the facts of the cluster.' }, cluster);
    } else if (network !== undefined && own !== network) {
      const what = `Cluster "${first?.cluster}" is in network "${network}" and "${cluster}" in "${own}": no router hears both.`;
      report({ code: 'ORR2012', what, fix: 'Use another backend.' }, cluster);
    }
  }
  return new Map(
    members.map(({ cluster, exposure }): [Cluster, AddressInCluster] => {
      if (exposure.type !== 'LoadBalancer') {
        const what = `In cluster "${cluster}" the service is exposed by ${exposure.type}, which has no address of its own.`;
        report({ code: 'ORR2012', what, fix: 'Expose it by Exposure.loadBalancer().' }, cluster);
      }
      const { announcement, addressPool } = entryPoint(cluster, exposure.scheme);
      const ranges = pools.filter(({ node }) => node.id === addressPool).flatMap((pool) => pool._rangesIn(cluster));
      if (ranges.length > 0 && !inRanges(address, ranges)) {
        const what = `Pool "${addressPool}" of cluster "${cluster}" does not hold ${address}.`;
        report({ code: 'ORR2012', what, fix: `It has: ${ranges.join(', ')}.` }, cluster);
      }
      if (announcement !== Announcement.BGP) {
        const said = announcement === undefined ? 'no fact says how' : `its facts say by ${announcement}`;
        const what = `A floating address is announced by BGP, and of cluster "${cluster}" ${said} its addresses are announced.`;
        const fix = `It takes entryPoints.${entryFact(exposure.scheme)}: { announcement: Announcement.BGP }.`;
        report({ code: announcement === undefined ? 'ORR2013' : 'ORR2012', what, fix }, cluster);
      }
      return [cluster, { objects: [], additions: additionsOf(cluster, address, report) }];
    }),
  );
}

function additionsOf(cluster: Cluster, address: string, report: Report): GlobalAdditions {
  const { loadBalancer } = cluster.facts;
  // metallb/metallb: website/content/usage, "Requesting specific IPs".
  if (loadBalancer === LoadBalancerKind.METALLB) return { annotations: { 'metallb.io/loadBalancerIPs': address } };
  // openelb.io/docs, "OpenELB IP address assignment": the recommended way.
  if (loadBalancer === LoadBalancerKind.OPENELB) return { annotations: {}, loadBalancerAddress: address };
  const what = `A floating address is announced by MetalLB or OpenELB, and cluster "${cluster}" has loadBalancer: ${loadBalancer ?? 'unknown'}.`;
  report({ code: loadBalancer === undefined ? 'ORR2013' : 'ORR2012', what, fix: 'Use another backend.' }, cluster);
  return { annotations: {} };
}
