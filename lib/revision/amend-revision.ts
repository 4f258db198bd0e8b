import type { KubeTarget } from '../cluster/target.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { listRevisions, readRevision } from './read-revisions.ts';
import type { NewRevision } from './revision.ts';

/** What the next revision of a cluster holds when only some objects change hands. */
export type AmendedRevision = Pick<NewRevision, 'desired' | 'assemblyDigest' | 'assembly'> & {
  /** As the revision that it continues. */
  readonly complete: boolean;
};

/**
 * The newest revision of a cluster with other objects in it.
 * @param change makes the objects of the new one
 * @returns undefined where there is none to continue
 * @throws OrreryError ORR3006, ORR4009 when it cannot be read
 */
export async function amendRevision(
  target: KubeTarget,
  platformId: string,
  change: (objects: readonly DesiredObject[]) => readonly DesiredObject[],
): Promise<AmendedRevision | undefined> {
  const [head] = (await listRevisions(target, platformId)).heads;
  if (head === undefined) return undefined;
  const { desired, assemblyDigest } = await readRevision(target, platformId, head);
  const { assembly, complete } = head;
  return { desired: { ...desired, objects: change(desired.objects) }, assemblyDigest, assembly, complete };
}
