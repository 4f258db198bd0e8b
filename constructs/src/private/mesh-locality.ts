import type { Cluster } from '../cluster';
import { divideReplicas, ReplicaDivision } from '../replica-division';
import { type Report, type RoutingRules, resolveRouting } from './global-routing-rules';

/**
 * The setting of Istio's locality load balancing for requests to a service (istio/api: networking/v1alpha3/destination_rule.proto, LocalityLoadBalancerSetting; what its admission
 * refuses: istio/istio pkg/config/validation, validateLocalityLbSetting). Only one of distribute, failover and failoverPriority may be there.
 * @param weights the clusters of the service
 * @param members the clusters of the mesh, from which requests come
 */
export function localitySetting(
  rules: RoutingRules,
  weights: ReadonlyMap<Cluster, number>,
  members: readonly Cluster[],
  report: Report,
): object | undefined {
  const routing = resolveRouting(rules, weights, report);
  if (routing === undefined) return undefined;
  if (routing.type === 'nearest') {
    if (routing.users === undefined) return { enabled: true };
    const what = 'Inside a mesh requests come from pods, and the routing says where users are.';
    report({ code: 'ORR2012', what, fix: 'Use GlobalRouting.nearest() without users.' });
    return undefined;
  }
  if (routing.type === 'failover') {
    const { order, named } = routing;
    if (named > 1 && order.length > 2) {
      const what = `The failover names an order of ${order.length} clusters, and Istio knows one that comes first and no order among the others.`;
      report({ code: 'ORR2012', what, fix: 'Name the primary alone: GlobalRouting.failover(…).' });
    }
    // A label with a value: endpoints that have it come first.
    return { enabled: true, failoverPriority: [`topology.istio.io/cluster=${order[0]}`] };
  }
  return distribution(routing.weights, members, report);
}

/** Shares of 100, by region: the finest that Istio divides by and the facts know. */
function distribution(weights: ReadonlyMap<Cluster, number>, members: readonly Cluster[], report: Report): object {
  const byRegion = new Map<string, number>();
  const regionOf = (cluster: Cluster): string => {
    const { region } = cluster.facts;
    if (region === undefined) {
      const what = `No fact of cluster "${cluster}" says in which region it is, by which Istio divides requests.`;
      report({ code: 'ORR2013', what, fix: 'Add region to the facts of the cluster.' }, cluster);
    }
    return region ?? cluster.clusterName;
  };
  for (const [cluster, weight] of weights) {
    const region = regionOf(cluster);
    byRegion.set(region, (byRegion.get(region) ?? 0) + weight);
  }
  const shares = divideReplicas(100, byRegion, ReplicaDivision.LARGEST_REMAINDER);
  const to: { [locality: string]: number } = {};
  for (const [region, weight] of byRegion) {
    const share = shares.get(region) ?? 0;
    if (share > 0) to[`${region}/*`] = share;
    else if (weight > 0) {
      const what = `Region "${region}" would get less than half a percent of the requests, and Istio divides by whole percents.`;
      report({ code: 'ORR2007', what, fix: 'Give it more weight, or 0.' });
    }
  }
  const from = [...new Set(members.map((cluster) => cluster.facts.region ?? regionOf(cluster)))];
  return { enabled: true, distribute: from.map((region) => ({ from: `${region}/*`, to })) };
}
