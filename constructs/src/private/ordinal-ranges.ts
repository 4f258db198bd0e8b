import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { Platform } from '../platform';
import type { ServiceProps } from '../service-props';
import type { OrdinalRange } from '../stateful-props';
import type { Placed } from './placement-rules';
import { type Problem, problemAt } from './problem';
import { isOlderThan } from './served-apis';

/** Ordinals of pods are 32-bit numbers. */
const MOST_ORDINALS = 2 ** 31 - 1;

/** Ordinals that pods may have, by cluster; a cluster without any counts from 0. */
export type OrdinalRanges = ReadonlyMap<Cluster, OrdinalRange>;

const NONE: OrdinalRanges = new Map();

/**
 * The ordinals of a stateful service in each of its clusters. They follow from what is said of the cluster itself and from nothing else, so that a pod keeps its name and its cluster when other clusters
 * get more, fewer, come or go.
 */
export function ordinalRanges(
  construct: IConstruct,
  { stateful, replicas, autoscaling }: ServiceProps,
  placed: Placed,
  problems: Problem[],
): OrdinalRanges {
  if (stateful === undefined) return NONE;
  const report = (code: 'ORR2011' | 'ORR2012' | 'ORR2013', what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix }));
  const { ordinals = {}, ordinalsPerCluster } = stateful;
  if (stateful.ordinals !== undefined && ordinalsPerCluster !== undefined) {
    const what = 'stateful.ordinals and stateful.ordinalsPerCluster are both set.';
    report('ORR2012', what, 'Give the ranges, or their size: choose one.');
  }
  if (ordinalsPerCluster !== undefined && !isOrdinals(ordinalsPerCluster, 1)) {
    report('ORR2011', `stateful.ordinalsPerCluster is ${ordinalsPerCluster}.`, 'Use a whole number from 1 on.');
  }
  const byName = new Map<string, OrdinalRange>();
  for (const [name, range] of Object.entries(ordinals)) {
    if (isOrdinals(range.first, 0) && isOrdinals(range.last, range.first)) byName.set(name, range);
    else {
      const what = `The ordinals of cluster "${name}" go from ${range.first} to ${range.last}.`;
      report('ORR2011', what, 'They are whole numbers from 0 on, and the last is not below the first.');
    }
  }
  const takers = [...placed.weights].filter(([, weight]) => weight > 0).map(([cluster]) => cluster);
  const isDivided = (replicas !== undefined || autoscaling !== undefined) && takers.length > 1;
  if (ordinalsPerCluster !== undefined) {
    // Those of clusters elsewhere count, too: the service may have been there, and go back.
    for (const cluster of Platform.of(construct).clusters) {
      const { ordinalBlock: block } = cluster.facts;
      if (block === undefined) {
        if (takers.includes(cluster)) {
          const what = `The service has ${ordinalsPerCluster} ordinals in each cluster, and cluster "${cluster}" does not say which block of them is its own.`;
          report('ORR2013', what, 'Declare the fact ordinalBlock: a number that no other cluster has, and keep it.');
        }
        continue;
      }
      const first = block * ordinalsPerCluster;
      const last = first + ordinalsPerCluster - 1;
      if (isOrdinals(last, first)) byName.set(cluster.clusterName, { first, last });
      else report('ORR2011', `The ordinals of cluster "${cluster}" would go up to ${last}.`, 'Use smaller blocks.');
    }
  } else if (isDivided) {
    const next = Math.max(-1, ...[...byName.values()].map(({ last }) => last)) + 1;
    for (const { clusterName } of takers) {
      if (Object.hasOwn(ordinals, clusterName)) continue;
      const what = `The replicas of the stateful service are divided over clusters, and "${clusterName}" has no ordinals of its own.`;
      const fix = `Say which are its own, e.g. stateful.ordinals: { '${clusterName}': { first: ${next}, last: ${next + 99} } }, or use replicasPerCluster: each cluster then has members of its own from 0 on.`;
      report('ORR2012', what, fix);
    }
  }
  reportOverlaps(byName, report);
  const result = new Map<Cluster, OrdinalRange>();
  for (const cluster of placed.weights.keys()) {
    const range = byName.get(cluster.clusterName);
    if (range === undefined) continue;
    result.set(cluster, range);
    if (range.first > 0 && isOlderThan(cluster, 27)) {
      const what = `Cluster "${cluster}" has Kubernetes ${cluster.facts.kubernetesVersion}, and its pods would be numbered from 0, not from ${range.first}.`;
      report('ORR2012', what, 'StatefulSets have spec.ordinals since 1.27: upgrade, or give it the range from 0 on.');
    }
  }
  return result;
}

/** Reports more pods in a cluster than it has ordinals. */
export function reportOutgrown(
  construct: IConstruct,
  cluster: Cluster,
  { first, last }: OrdinalRange,
  most: number,
  problems: Problem[],
): void {
  const size = last - first + 1;
  if (most <= size) return;
  const what = `The service has up to ${most} replicas in the cluster, and ordinals for ${size} (${first} to ${last}).`;
  const fix =
    'Extend the range at its end where that is free, or bound what the cluster gets (maxReplicas of the placement). Moving its start would rename its pods.';
  problems.push(problemAt(construct, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
}

function reportOverlaps(
  ranges: ReadonlyMap<string, OrdinalRange>,
  report: (code: 'ORR2012', what: string, fix: string) => void,
): void {
  const inOrder = [...ranges].sort(([, a], [, b]) => a.first - b.first);
  let widest: (typeof inOrder)[number] | undefined;
  for (const entry of inOrder) {
    const [name, { first, last }] = entry;
    if (widest !== undefined && first <= widest[1].last) {
      const what = `Ordinals of cluster "${name}" (${first} to ${last}) are those of cluster "${widest[0]}" (${widest[1].first} to ${widest[1].last}), too.`;
      report('ORR2012', what, 'Two clusters must never have the same pod: give each ordinals of its own.');
    }
    if (widest === undefined || last > widest[1].last) widest = entry;
  }
}

function isOrdinals(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= MOST_ORDINALS;
}
