import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Assembly } from './synthesis.test-support';

/** A ConfigMap whose name is its path, so that no two are the same object. */
export function config(scope: Construct, id: string): ApiObject {
  const name = `${scope.node.path}-${id}`.toLowerCase().replaceAll('/', '-');
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
}

/** A chart with a ConfigMap for each id. */
export function chart(scope: Construct, id: string, ...objects: string[]): Chart {
  const made = new Chart(scope, id);
  for (const object of objects) config(made, object);
  return made;
}

/** The paths of a cluster's units, in the order of the assembly. */
export function order(assembly: Assembly, cluster: string): string[] {
  return assembly.units(cluster).map((unit) => unit.path);
}

/** What a unit and its parts wait for. */
export function waits(assembly: Assembly, cluster: string, unitPath: string): unknown {
  const unit = assembly.unit(cluster, unitPath);
  const parts = [...unit.objects, ...(unit.helmReleases ?? []), ...(unit.includes ?? [])].filter(
    (part) => part.dependsOn !== undefined,
  );
  return { unit: unit.dependsOn ?? [], parts: Object.fromEntries(parts.map((part) => [part.path, part.dependsOn])) };
}
