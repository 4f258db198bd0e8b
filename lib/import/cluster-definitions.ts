import { listPages } from '../cluster/list-pages.ts';
import { DEFINITIONS, resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';
import type { FoundDefinition } from './read-definitions.ts';

/**
 * The CustomResourceDefinitions of a live cluster.
 * @param groups only those of these API groups; empty: all
 * @throws OrreryError ORR3006 or ORR3007 when they cannot be listed, ORR2502 when there is none
 */
export async function clusterDefinitions(target: KubeTarget, groups: readonly string[]): Promise<FoundDefinition[]> {
  const source = `the cluster ${target.cluster}`;
  const wanted = (items: readonly KubernetesObject[]) =>
    items.filter(({ spec }) => groups.length === 0 || groups.includes(String((spec as { group?: unknown })?.group)));
  const list = await listPages(target.client, resourcePath(DEFINITIONS, ''), wanted);
  if (!Array.isArray(list)) {
    const status = apiStatus(list);
    throw new OrreryError(
      isMissingRight(status) ? 'ORR3006' : 'ORR3007',
      `CustomResourceDefinitions cannot be listed: ${status.message}`,
      {
        cluster: target.cluster,
        fix: 'Grant list on customresourcedefinitions of apiextensions.k8s.io.',
      },
    );
  }
  if (list.length === 0) {
    const of = groups.length === 0 ? '' : ` of ${groups.join(', ')}`;
    throw new OrreryError('ORR2502', `${source} has no CustomResourceDefinition${of}.`, { cluster: target.cluster });
  }
  return list.map((object) => ({ object, source }));
}
