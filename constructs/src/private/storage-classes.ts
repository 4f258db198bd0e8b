import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { type Problem, problemAt } from './problem';

/** A driver of volumes, with its parameters. */
export interface ProvisionerRule {
  readonly driver: string;
  readonly parameters: { readonly [name: string]: string };
}

/** The class for a purpose in a cluster, by its facts; reports where they have none. */
export function storageClassFor(
  construct: IConstruct,
  cluster: Cluster,
  what: string,
  purpose: string,
  problems: Problem[],
): string | undefined {
  const classes = cluster.facts.storageClasses ?? {};
  if (Object.hasOwn(classes, purpose)) return classes[purpose];
  const known =
    Object.keys(classes).length === 0
      ? 'It declares no storage classes.'
      : `It declares: ${Object.keys(classes).join(', ')}.`;
  problems.push(
    problemAt(
      construct,
      'ORR2013',
      `${what} needs "${purpose}" storage, for which cluster "${cluster}" has no class. ${known}`,
      { fix: `Add storageClasses: { ${purpose}: '…' } to the cluster's facts.`, cluster: cluster.clusterName },
    ),
  );
  return undefined;
}
