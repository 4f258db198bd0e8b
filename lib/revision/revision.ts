import type { DesiredCluster } from '../render/desired-state.ts';

/**
 * What is known of one apply of a cluster without reading its objects. Revisions are kept per cluster, numbered from 1, the newest ten; they are what `rollback`
 * returns to and what `drift` compares with.
 */
export interface RevisionHead {
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly appliedAt: string;
  /** Who applied: "mina@laptop", "runner-7 (4711)". */
  readonly by: string;
  /** Digest of the assembly as plans show it: an HMAC where it holds Secrets. */
  readonly assembly: string;
  /** Keyed digest of the objects: two revisions of a cluster with the same one hold the same. */
  readonly content: string;
  readonly objects: number;
  /** The apply did everything that its plan showed. False: it failed in part, was ended, or is still under way. */
  readonly complete: boolean;
  /** The revision that this one brought back. */
  readonly rollbackOf?: number | undefined;
  /** Secrets that hold it, the first of which has the head. */
  readonly parts: number;
}

/** A whole revision: the desired state that was applied to the cluster. */
export interface Revision {
  readonly head: RevisionHead;
  readonly desired: DesiredCluster;
  /** The plain digest of the assembly that was applied. */
  readonly assemblyDigest: string;
}

/** What an apply wants recorded. */
export type NewRevision = Pick<RevisionHead, 'by' | 'assembly' | 'rollbackOf'> & {
  readonly hmacKey: Uint8Array;
} & Pick<Revision, 'desired' | 'assemblyDigest'>;

/** How many revisions a cluster keeps. */
export const KEPT_REVISIONS = 10;
