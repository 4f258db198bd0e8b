import type { NativeInput } from '../helm/native-input.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { hmacSha256 } from '../kubernetes/canonical.ts';
import type { StoredRevision } from './stored-release.ts';

/** What a platform knows of a release. */
export interface KnownRelease {
  readonly entry: InventoryEntry | undefined;
  readonly platformId: string;
  /** `givenDigest` of what helm is to be given. */
  readonly digest: string;
}

/**
 * How a release stands. stuck: something began and has not ended. foreign: it is not ours. drifted: it is ours, and somebody else made the newest revision.
 * due: it is ours, and helm has something to do.
 */
export type ReleaseState = { readonly reason: string } & (
  | { readonly kind: 'absent'; readonly newest: StoredRevision | undefined }
  | { readonly kind: 'unchanged' | 'stuck' | 'foreign' | 'drifted' | 'due'; readonly newest: StoredRevision }
);

/** Keyed digest of what helm is given: chart, names and values, which may be secret. */
export function givenDigest({ digest }: Pick<NativeInput, 'digest'>, hmacKey: Uint8Array): string {
  return hmacSha256(hmacKey, `helm release ${digest}`);
}

/** helm begins nothing while it finds one of these, and none of them ends by itself. */
export function isStuck({ status }: Pick<StoredRevision, 'status'>): boolean {
  return status.startsWith('pending-') || status === 'uninstalling';
}

/** helm has given it up: only its history is left (`--keep-history`). */
export function isThere(newest: StoredRevision | undefined): newest is StoredRevision {
  return newest !== undefined && newest.status !== 'uninstalled';
}

/**
 * Whether a release is ours: the inventory knows one of its revisions, or helm was told so when we installed it. The label alone decides where the inventory was lost, or where we ended before
 * helm's answer was written down.
 */
export function isOurs(
  revisions: readonly StoredRevision[],
  { entry, platformId }: Pick<KnownRelease, 'entry' | 'platformId'>,
): boolean {
  const label = revisions[0]?.platform;
  if (label !== undefined) return label === platformId;
  return entry?.uid !== undefined && revisions.some(({ uid }) => uid === entry.uid);
}

/** Somebody else made the newest revision of a release of ours. Not so where an apply of ours had begun it and ended before helm did. */
export function isByOthers(newest: StoredRevision, entry: InventoryEntry | undefined): boolean {
  if (entry?.uid === undefined || entry.uid === newest.uid) return false;
  return !hadBegun(newest, entry);
}

/** The entry is that of an upgrade under way: no digest, and the number that helm was about to give. */
function hadBegun(newest: StoredRevision, entry: InventoryEntry): boolean {
  return entry.desired === undefined && entry.helmRevision === newest.revision;
}

/** @param revisions newest first */
export function judgeRelease(revisions: readonly StoredRevision[], known: KnownRelease): ReleaseState {
  const [newest] = revisions;
  const { entry, digest } = known;
  if (!isThere(newest)) {
    const reason = entry?.uid === undefined ? 'new' : 'somebody uninstalled it: helm installs it again';
    return { kind: 'absent', newest, reason };
  }
  if (!isOurs(revisions, known)) return { kind: 'foreign', newest, reason: 'taken over from somebody else' };
  if (isStuck(newest)) return { kind: 'stuck', newest, reason: newest.status };
  const isLast = entry?.uid === newest.uid;
  if (isLast && newest.status === 'deployed' && entry?.desired === digest)
    return { kind: 'unchanged', newest, reason: 'deployed' };
  if (isByOthers(newest, entry)) {
    const made = `somebody else made revision ${newest.revision}`;
    const ours = entry?.helmRevision === undefined ? '' : `; ours is ${entry?.helmRevision}`;
    return { kind: 'drifted', newest, reason: `${made}${ours}` };
  }
  if (newest.status === 'failed')
    return { kind: 'due', newest, reason: `revision ${newest.revision} failed: helm tries again` };
  if (entry?.uid === undefined)
    return {
      kind: 'due',
      newest,
      reason: `revision ${newest.revision} is not in the inventory, but it is ours by its label`,
    };
  if (!isLast) {
    const reason = `an apply of ours ended before helm was through with revision ${newest.revision}`;
    return { kind: 'due', newest, reason };
  }
  const reason =
    entry.desired === undefined ? 'no upgrade with these values is known to have succeeded' : 'the program changed';
  return { kind: 'due', newest, reason };
}
