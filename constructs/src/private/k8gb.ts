import type { Cluster } from '../cluster';
import { GslbHealthPolicy, type K8gbOptions } from '../global-backend';
import { type ExposureRules, NOTHING_ADDED } from './exposure-rules';
import type { AddressInCluster, ResolvedAddress } from './global-backend-rules';
import type { Report, Routing } from './global-routing-rules';
import { servesApi } from './served-apis';

/** Groups in which k8gb serves Gslb, newest first; it moved with its website (k8gb-io/k8gb: README.md, api/v1beta1io). */
const VERSIONS = ['k8gb.io/v1beta1', 'k8gb.absa.oss/v1beta1'] as const;
/** Weights are shares of 100 in the words of k8gb (docs/strategy.md). */
const HIGHEST_WEIGHT = 100;

/** The tag by which k8gb knows a cluster. */
export function geoTagOf({ facts }: Cluster): string | undefined {
  return facts.geoTag ?? facts.region;
}

/**
 * The same Gslb for every cluster: k8gb has no hub, each cluster answers by its own copy and asks the others through DNS, so that copies which differ are answers which differ
 * (k8gb-io/k8gb: docs/resource_ref.md, docs/strategy.md, docs/wrr_caveats.md).
 */
export function k8gbAddress(
  { host, name, ttlSeconds, members, routing }: ResolvedAddress,
  { healthPolicy }: K8gbOptions,
  report: Report,
): AddressInCluster {
  const clusters = members.map(({ cluster }) => cluster);
  const version = VERSIONS.find((candidate) => clusters.every((cluster) => servesApi(cluster, candidate)));
  if (version === undefined) {
    const without = clusters.filter((cluster) => !servesApi(cluster, VERSIONS[0]));
    const what = `The address is served by k8gb, and its clusters do not all say that they serve ${VERSIONS[0]} (or all ${VERSIONS[1]}): not ${without.join(', ')}.`;
    report({ code: 'ORR2013', what, fix: `Add apiVersions: ['${VERSIONS[0]}'] to the facts of these clusters.` });
  }
  if (healthPolicy === GslbHealthPolicy.ALL && version === VERSIONS[1]) {
    const what = `The clusters serve ${version}, which knows no health policy.`;
    report({ code: 'ORR2012', what, fix: 'Leave healthPolicy out, or upgrade k8gb.' });
  }
  const tags = tagsOf(clusters, report);
  const [first] = members;
  const differing = members.filter(({ exposure }) => first?.exposure.type !== exposure.type);
  for (const member of [...differing, ...members.filter(({ exposureName }) => exposureName !== first?.exposureName)]) {
    const what = `The service is exposed by ${first?.exposure.type} "${first?.exposureName}" in cluster "${first?.cluster}" and by ${member.exposure.type} "${member.exposureName}" in "${member.cluster}", and a Gslb is the same in all.`;
    report({ code: 'ORR2012', what, fix: 'Expose it the same way in all clusters of the address.' }, member.cluster);
    break;
  }
  const gslb = {
    apiVersion: version ?? VERSIONS[0],
    kind: 'Gslb',
    metadata: {
      name,
      // A Service does not say for which host it is.
      ...(first?.exposure.type === 'LoadBalancer' ? { annotations: { 'k8gb.io/hostname': host } } : {}),
    },
    spec: {
      resourceRef: { ...referenceOf(first?.exposure), name: first?.exposureName },
      strategy: { ...strategyOf(routing, tags, report), dnsTtlSeconds: ttlSeconds },
      ...(healthPolicy === undefined || version === VERSIONS[1] ? {} : { serviceHealthPolicy: healthPolicy }),
    },
  };
  return { objects: [gslb], additions: NOTHING_ADDED };
}

function tagsOf(clusters: readonly Cluster[], report: Report): ReadonlyMap<Cluster, string> {
  const tags = new Map<Cluster, string>();
  const owners = new Map<string, Cluster>();
  for (const cluster of clusters) {
    const tag = geoTagOf(cluster);
    if (tag === undefined) {
      const what = `No fact of cluster "${cluster}" says by which tag k8gb knows it.`;
      report({ code: 'ORR2013', what, fix: 'Add geoTag (or region) to the facts of the cluster.' }, cluster);
      continue;
    }
    const twin = owners.get(tag);
    if (twin !== undefined) {
      const what = `Clusters "${twin}" and "${cluster}" have the same tag "${tag}", by which k8gb tells clusters apart.`;
      report({ code: 'ORR2012', what, fix: 'Add a geoTag to the facts of one of them.' }, cluster);
    }
    owners.set(tag, cluster);
    tags.set(cluster, tag);
  }
  return tags;
}

function referenceOf(exposure: ExposureRules | undefined): { readonly apiVersion: string; readonly kind: string } {
  if (exposure?.type === 'Ingress') return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' };
  if (exposure?.type === 'HTTPRoute') return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' };
  return { apiVersion: 'v1', kind: 'Service' };
}

function strategyOf(routing: Routing, tags: ReadonlyMap<Cluster, string>, report: Report): object {
  if (routing.type === 'nearest') return { type: 'geoip' };
  if (routing.type === 'failover') {
    const { order, named } = routing;
    if (named > 1 && order.length > 2) {
      const what = `The failover names an order of ${order.length} clusters, and k8gb knows one primary and no order among the others.`;
      report({ code: 'ORR2012', what, fix: 'Name the primary alone: GlobalRouting.failover(…).' });
    }
    const [primary] = order;
    return { type: 'failover', primaryGeoTag: primary === undefined ? undefined : tags.get(primary) };
  }
  const weight: { [tag: string]: number } = {};
  for (const [cluster, share] of routing.weights) {
    const tag = tags.get(cluster);
    if (share > HIGHEST_WEIGHT) {
      const what = `Cluster "${cluster}" has the weight ${share}, and k8gb takes at most ${HIGHEST_WEIGHT}.`;
      report({ code: 'ORR2007', what, fix: 'Give smaller weights: GlobalRouting.weighted({ … }).' }, cluster);
    }
    if (tag !== undefined) weight[tag] = share;
  }
  return { type: 'roundRobin', weight };
}
