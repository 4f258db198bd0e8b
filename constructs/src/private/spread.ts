import type { Cluster } from '../cluster';
import { type BoundsByName, UNBOUNDED } from './bounded-division';
import { type Placed, type ReportPlacement, SPREAD_OVER, type SpreadOver } from './placement-rules';

/** What a cluster counts as, by what is spread over; undefined where its facts do not say. */
const GROUP: { readonly [D in SpreadOver]: (cluster: Cluster) => string | undefined } = {
  clusters: (cluster) => cluster.clusterName,
  regions: ({ facts }) => facts.region,
  // Clouds call zones of different regions alike.
  zones: ({ facts }) => (facts.zone === undefined ? undefined : `${facts.region ?? ''}/${facts.zone}`),
  providers: ({ facts }) => facts.provider,
};
const FACT: { readonly [D in SpreadOver]: string } = {
  clusters: 'name',
  regions: 'region',
  zones: 'zone',
  providers: 'provider',
};

/** Whether the clusters that take replicas are enough for what the placement promises. */
export function checkSpread(placed: Placed, report: ReportPlacement): void {
  for (const over of SPREAD_OVER) {
    const least = placed.spread[over] ?? 1;
    if (least <= 1) continue;
    const takers = takersOf(placed);
    const unknown = takers.filter((cluster) => GROUP[over](cluster) === undefined);
    for (const cluster of unknown) {
      const what = `The placement is spread over ${over}, and cluster "${cluster}" does not say its ${FACT[over]}.`;
      report({ code: 'ORR2013', what, fix: `Declare the fact ${FACT[over]}.` });
    }
    const groups = [...new Set(takers.map(GROUP[over]))].filter((group) => group !== undefined);
    if (unknown.length > 0 || groups.length >= least) continue;
    const found = groups.length === 0 ? 'none' : `${groups.length} (${groups.join(', ')})`;
    const what = `The placement is spread over at least ${least} ${over}, and its clusters with weight are in ${found}.`;
    report({ code: 'ORR2021', what, fix: 'Cover more clusters, give them weight, or ask for fewer.' });
  }
}

/**
 * The bounds with which a division keeps what the placement promises: in as many regions (zones, …) as are asked for, the cluster with the most weight has at
 * least one replica; of the regions those with the most weight.
 */
export function boundsForSpread(placed: Placed): BoundsByName {
  let bounds = placed.bounds;
  for (const over of SPREAD_OVER) bounds = withMinimums(placed, over, bounds);
  return bounds;
}

function withMinimums(placed: Placed, over: SpreadOver, bounds: BoundsByName): BoundsByName {
  const least = placed.spread[over] ?? 1;
  if (least <= 1) return bounds;
  const weightOf = (cluster: Cluster): number => placed.weights.get(cluster) ?? 0;
  const boundsOf = ({ clusterName }: Cluster) => bounds.get(clusterName) ?? UNBOUNDED;
  const groups = new Map<string, Cluster[]>();
  for (const cluster of takersOf(placed).filter((taker) => boundsOf(taker).max > 0)) {
    const group = GROUP[over](cluster);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), cluster]);
  }
  const members = [...groups.values()];
  const settled = members.filter((group) => group.some((cluster) => boundsOf(cluster).min > 0));
  const open = members
    .filter((group) => !settled.includes(group))
    .map((group) => ({
      first: [...group].sort((a, b) => weightOf(b) - weightOf(a) || byName(a, b))[0] as Cluster,
      weight: group.reduce((sum, cluster) => sum + weightOf(cluster), 0),
    }))
    .sort((a, b) => b.weight - a.weight || byName(a.first, b.first));
  const raised = new Map(bounds);
  for (const { first } of open.slice(0, Math.max(0, least - settled.length)))
    raised.set(first.clusterName, { ...boundsOf(first), min: 1 });
  return raised;
}

/** Clusters that take replicas from the first on, not only what overflows. */
function takersOf({ weights, groups: [first] }: Placed): Cluster[] {
  return [...weights]
    .filter(([{ clusterName }, weight]) => weight > 0 && first?.has(clusterName) === true)
    .map(([cluster]) => cluster);
}

function byName(a: Cluster, b: Cluster): number {
  return a.clusterName < b.clusterName ? -1 : a.clusterName > b.clusterName ? 1 : 0;
}
