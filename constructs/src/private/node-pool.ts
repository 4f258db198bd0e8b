import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import type { NodePool } from '../cluster-facts';
import { type Problem, problemAt } from './problem';
import type { ServiceSettings } from './service-settings';

/**
 * The settings of a service with what the facts of a cluster say of its node pool: labels that the nodes have, and taints that its pods put up with. What the service says of a label itself wins.
 */
export function withNodePool(
  construct: IConstruct,
  cluster: Cluster,
  settings: ServiceSettings,
  problems: Problem[],
): ServiceSettings {
  const { nodePool: purpose } = settings;
  if (purpose === undefined) return settings;
  const pools = cluster.facts.nodePools ?? {};
  const pool: NodePool | undefined = Object.hasOwn(pools, purpose) ? pools[purpose] : undefined;
  if (pool === undefined) {
    const names = Object.keys(pools);
    const known = names.length === 0 ? 'It declares no node pools.' : `It declares: ${names.join(', ')}.`;
    const what = `The service runs on "${purpose}" nodes, of which cluster "${cluster}" has none. ${known}`;
    const fix = `Add nodePools: { ${purpose}: { nodeSelector: { … } } } to the cluster's facts.`;
    problems.push(problemAt(construct, 'ORR2013', what, { fix, cluster: cluster.clusterName }));
    return settings;
  }
  return {
    ...settings,
    nodeSelector: { ...pool.nodeSelector, ...settings.nodeSelector },
    tolerations: [...(pool.tolerations ?? []), ...(settings.tolerations ?? [])],
  };
}
