import type { KubernetesObject } from '../kubernetes/object.ts';
import { isCustomResourceDefinition } from '../kubernetes/scope.ts';

/**
 * What the CustomResourceDefinitions among the objects add to `.Capabilities.APIVersions` of a chart: "group/version" and
 * "group/version/Kind", since charts ask for either.
 */
export function definedApiVersions(objects: readonly KubernetesObject[]): string[] {
  return objects.filter(isCustomResourceDefinition).flatMap((definition) => {
    const spec = definition.spec as { group?: unknown; names?: { kind?: unknown }; versions?: unknown } | undefined;
    if (typeof spec?.group !== 'string' || !Array.isArray(spec.versions)) return [];
    const kind = spec.names?.kind;
    return spec.versions.flatMap((version: { name?: unknown; served?: unknown } | null) => {
      if (typeof version?.name !== 'string' || version.served === false) return [];
      const groupVersion = `${spec.group}/${version.name}`;
      return typeof kind === 'string' ? [groupVersion, `${groupVersion}/${kind}`] : [groupVersion];
    });
  });
}
