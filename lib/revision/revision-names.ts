import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';

/** Type of the Secrets. */
export const REVISION_SECRET_TYPE = 'orrery.dev/revision';
/** Label of the Secrets; its value is the platform id. Not that of the inventory: a plan lists the inventory and never these. */
export const REVISION_LABEL = 'orrery.dev/revision';
export const NUMBER_LABEL = 'orrery.dev/revision-number';
/** Annotation of the first part: the head as JSON, so that a list of revisions reads no contents. */
export const HEAD_ANNOTATION = 'orrery.dev/revision-head';
/** Key in the Secret's data. */
export const PART_DATA_KEY = 'revision.json.gz';

/** What the names of all Secrets of a platform's revisions begin with. */
export function revisionPrefix(platformId: string): string {
  return `orrery.revision.${platformId}`;
}

export function revisionName(platformId: string, number: number, part: number): string {
  return `${revisionPrefix(platformId)}.${number}.${part}`;
}

export function secretsPath(target: KubeTarget, name?: string): string {
  return resourcePath(SECRETS, target.inventoryNamespace, name);
}
