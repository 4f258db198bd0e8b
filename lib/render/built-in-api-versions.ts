import { type BuiltInKinds, minorsOf } from '../checks/schema/built-in-table.ts';

/**
 * What the API server of a cluster serves by itself, as `.Capabilities.APIVersions` of a chart has it in an install: "apps/v1" and "apps/v1/Deployment". Stable
 * versions only: alpha and beta ones are switched off unless somebody declares them. `helm template` alone knows groups and versions, without kinds, and
 * those of every Kubernetes that ever was.
 * @returns for a cluster without a declared version what all releases of the table have
 */
export function builtInApiVersions(table: BuiltInKinds, version: string | undefined): string[] {
  const minors = minorsOf(version, table.minors);
  const result = new Set<string>();
  for (const [name, ranges] of table.kinds) {
    const [apiVersion = '', kind = ''] = name.split(' ');
    const isServed = ranges.some(({ from, to }) => from <= minors.from && to >= minors.to);
    if (!isServed || !/(^|\/)v\d+$/.test(apiVersion)) continue;
    result.add(apiVersion).add(`${apiVersion}/${kind}`);
  }
  return [...result];
}
