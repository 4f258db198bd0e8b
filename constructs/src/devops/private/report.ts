import type { IConstruct } from 'constructs';
import type { Cluster } from '../../cluster';
import { type Problem, problemAt } from '../../private/problem';
import { servesApi } from '../../private/served-apis';
import type { Mistake } from './mistake';

/** Reports mistakes at their construct. */
export function reportAll(construct: IConstruct, mistakes: readonly Mistake[], problems: Problem[]): void {
  for (const { code, what, fix } of mistakes) problems.push(problemAt(construct, code, what, { fix }));
}

/** Reports that no fact of a cluster says that it serves an API. @param who begins the sentence "… serves" */
export function reportUnserved(
  construct: IConstruct,
  cluster: Cluster,
  { apiVersion, who }: { readonly apiVersion: string; readonly who: string },
  problems: Problem[],
): void {
  if (servesApi(cluster, apiVersion)) return;
  const what = `${who} serves ${apiVersion}, and no fact of cluster "${cluster}" says so.`;
  const fix = `Add "${apiVersion}" to the cluster's apiVersions.`;
  problems.push(problemAt(construct, 'ORR2013', what, { fix, cluster: cluster.clusterName }));
}
