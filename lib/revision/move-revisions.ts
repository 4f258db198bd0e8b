import type { KubeTarget } from '../cluster/target.ts';
import { listRevisions, readParts } from './read-revisions.ts';
import { contentOf, type RecordingOptions, removeRevisions, storeRevision } from './record-revision.ts';
import type { RevisionHead } from './revision.ts';
import { decodeRevision } from './revision-format.ts';

/** What becomes of the revisions of a platform that gets another id. */
export interface RevisionMove {
  /** They come along under their numbers, newest first. */
  readonly moving: readonly RevisionHead[];
  /** The new id has revisions of its own in the cluster: those stay, and the former ones, which know nothing of them, go. */
  readonly dropped: readonly RevisionHead[];
  /** Names of the Secrets that go in the end. */
  readonly secrets: readonly string[];
}

/** Reads what becomes of them. @throws OrreryError ORR3006, ORR4009 */
export async function planRevisionMove(target: KubeTarget, from: string, to: string): Promise<RevisionMove> {
  const [former, own] = await Promise.all([listRevisions(target, from), listRevisions(target, to)]);
  const secrets = [...former.secrets.values()].flat().map(({ metadata }) => metadata.name ?? '');
  // What an interrupted move brought is there under both ids, or already under the new one alone.
  const isThere = (head: RevisionHead) => own.heads.some((other) => isSame(head, other));
  const hasOthers = own.heads.some((head) => !former.heads.some((other) => isSame(head, other)));
  const dropped = hasOthers ? former.heads.filter((head) => !isThere(head)) : [];
  return { moving: former.heads.filter((head) => !dropped.includes(head)), dropped, secrets };
}

function isSame(a: RevisionHead, b: RevisionHead): boolean {
  return a.number === b.number && a.appliedAt === b.appliedAt && a.by === b.by;
}

/**
 * Stores the revisions of a former id under the new one, then removes them under the former. The same again after an interruption goes on from there.
 * @param options of the new id; its key makes the digests of the contents
 * @throws OrreryError ORR3006, ORR4009, ORR5009
 */
export async function moveRevisions(
  target: KubeTarget,
  from: string,
  { platformId, send, hmacKey }: Pick<RecordingOptions, 'platformId' | 'send'> & { readonly hmacKey: Uint8Array },
): Promise<void> {
  const { moving } = await planRevisionMove(target, from, platformId);
  for (const head of moving.toReversed()) {
    const parts = await readParts(target, from, head);
    const { desired } = await decodeRevision(parts, target.cluster, head.number);
    await storeRevision(target, { ...head, content: contentOf(desired, hmacKey) }, parts, { platformId, send });
  }
  await removeRevisions(target, { platformId: from, send });
}
