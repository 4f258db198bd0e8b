import type { Cluster } from '../../cluster';
import { collectProblems, type Problem, type ProblemCode } from '../../private/problem';
import type { CanaryReleaseProps } from '../canary-release';

/** Groups of clusters, by name, in the order in which they are released. Clusters in none of the declared groups are the last one. */
export function wavesOf(
  { firstOn, waves }: Pick<CanaryReleaseProps, 'firstOn' | 'waves'>,
  clusters: readonly Cluster[],
  platform: readonly Cluster[],
  problems: Problem[],
  report: (code: ProblemCode, what: string, fix: string) => void,
): string[][] {
  const known = `It is in: ${clusters.join(', ')}.`;
  const groups: Cluster[][] = [];
  if (firstOn !== undefined) {
    const first = clusters.find(({ clusterName }) => clusterName === firstOn);
    if (first === undefined) {
      const exists = platform.some(({ clusterName }) => clusterName === firstOn);
      const why = exists ? 'where the release is not' : 'which does not exist';
      report(exists ? 'ORR2012' : 'ORR2005', `The release shall go first to cluster "${firstOn}", ${why}.`, known);
    } else groups.push([first]);
  }
  const seen = new Set<Cluster>(groups.flat());
  for (const [at, wave] of (waves ?? []).entries()) {
    const chosen = collectProblems(problems, () => wave.selectedClusters) ?? [];
    const here = chosen.filter((cluster) => clusters.includes(cluster));
    for (const cluster of here)
      if (seen.has(cluster))
        report('ORR2004', `Cluster "${cluster}" is in two waves of the release.`, 'Take it out of one of them.');
    if (here.length === 0) report('ORR2006', `Wave ${at + 1} of the release has none of its clusters.`, known);
    groups.push(here.filter((cluster) => !seen.has(cluster)));
    for (const cluster of here) seen.add(cluster);
  }
  groups.push(clusters.filter((cluster) => !seen.has(cluster)));
  return groups.filter((group) => group.length > 0).map((group) => group.map(({ clusterName }) => clusterName));
}
