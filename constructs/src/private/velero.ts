import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { type Problem, problemAt } from './problem';
import { servesApi } from './served-apis';

/** API version of Velero's kinds. */
export const VELERO = 'velero.io/v1';

/** Reports a cluster of which no fact says that Velero is there. */
export function reportNoVelero(construct: IConstruct, cluster: Cluster, problems: Problem[]): void {
  if (servesApi(cluster, VELERO)) return;
  const what = `Velero makes the backups, and no fact of cluster "${cluster}" says that it serves ${VELERO}.`;
  const fix = `Install Velero there, and add apiVersions: ['${VELERO}'] to the facts of the cluster.`;
  problems.push(problemAt(construct, 'ORR2013', what, { fix, cluster: cluster.clusterName }));
}

/** Labels of what is made in Velero's namespace. */
export function veleroLabels(partOf: string): { readonly [key: string]: string } {
  return { 'app.kubernetes.io/part-of': partOf, 'app.kubernetes.io/managed-by': 'orrery' };
}
