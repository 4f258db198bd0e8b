import type { Json, KubernetesObject } from '../../kubernetes/object.ts';
import { isCustomResourceDefinition } from '../../kubernetes/scope.ts';
import type { DesiredState } from '../../render/desired-state.ts';
import { isMap } from '../schema/schema.ts';
import { ruledPlace } from './cel-rules.ts';

/** Whether some cluster shall hold a custom resource whose definition has rules. */
export function hasRuledObjects({ clusters }: DesiredState, definitions: readonly KubernetesObject[]): boolean {
  const imported = definitions.flatMap(ruledKinds);
  return clusters.some(({ objects }) => {
    const own = objects.map(({ object }) => object).filter(isCustomResourceDefinition);
    const ruled = new Set([...imported, ...own.flatMap(ruledKinds)]);
    return ruled.size > 0 && objects.some(({ object }) => ruled.has(`${object.apiVersion} ${object.kind}`));
  });
}

/** "example.com/v1 Widget" of every version with rules. */
function ruledKinds(definition: KubernetesObject): string[] {
  const { group, names, versions } = (definition.spec ?? {}) as Record<string, Json | undefined>;
  const kind = isMap(names) ? names.kind : undefined;
  return (Array.isArray(versions) ? versions : []).flatMap((version) => {
    const schema = isMap(version) && isMap(version.schema) ? version.schema.openAPIV3Schema : undefined;
    return isMap(version) && ruledPlace(schema) !== undefined
      ? [`${String(group)}/${String(version.name)} ${String(kind)}`]
      : [];
  });
}
