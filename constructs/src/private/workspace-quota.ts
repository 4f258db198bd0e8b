import type { WorkspaceProps } from '../workspace-props';
import { divideUnits, divisible } from './quota-division';

/** Resource to quantity. */
export type Quota = ReadonlyMap<string, string>;

/** The quota of each namespace by cluster name and namespace. The parts of a resource sum up to what the workspace has of it. */
export function divideQuota(
  { quota = {}, quotaDivision, namespaceShares }: WorkspaceProps,
  namespaces: readonly string[],
  clusters: ReadonlyMap<string, number>,
): ReadonlyMap<string, ReadonlyMap<string, Quota>> {
  const shares = new Map(
    namespaces.map((name) => [name, namespaceShares === undefined ? 1 : (namespaceShares[name] ?? 0)]),
  );
  const result = new Map([...clusters.keys()].map((cluster) => [cluster, emptyQuotas(namespaces)]));
  for (const [resource, total] of Object.entries(quota)) {
    // What is no quantity is reported by the validation.
    const amount = divisible(resource, total);
    if (amount === undefined) continue;
    for (const [cluster, units] of divideUnits(amount.units, clusters, quotaDivision)) {
      const parts = divideUnits(units, shares, quotaDivision);
      for (const [name, part] of parts) result.get(cluster)?.get(name)?.set(resource, amount.write(part));
    }
  }
  return result;
}

/** The quota of each cluster over all its namespaces together, by cluster name; empty without a quota. */
export function clusterQuotas(
  { quota = {}, quotaDivision }: WorkspaceProps,
  clusters: ReadonlyMap<string, number>,
): ReadonlyMap<string, Quota> {
  const result = new Map<string, Map<string, string>>();
  for (const [resource, total] of Object.entries(quota)) {
    const amount = divisible(resource, total);
    if (amount === undefined) continue;
    for (const [cluster, units] of divideUnits(amount.units, clusters, quotaDivision))
      result.set(cluster, (result.get(cluster) ?? new Map()).set(resource, amount.write(units)));
  }
  return result;
}

function emptyQuotas(namespaces: readonly string[]): Map<string, Map<string, string>> {
  return new Map(namespaces.map((name) => [name, new Map()]));
}
