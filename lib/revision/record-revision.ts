import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { canonicalJson, hmacSha256 } from '../kubernetes/canonical.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus } from '../kubernetes/status.ts';
import type { DesiredCluster } from '../render/desired-state.ts';
import { listRevisions, type RevisionList } from './read-revisions.ts';
import { KEPT_REVISIONS, type NewRevision, type RevisionHead } from './revision.ts';
import { encodeRevision } from './revision-format.ts';
import {
  HEAD_ANNOTATION,
  NUMBER_LABEL,
  PART_DATA_KEY,
  REVISION_LABEL,
  REVISION_SECRET_TYPE,
  revisionName,
  secretsPath,
} from './revision-names.ts';

export interface RecordingOptions {
  readonly platformId: string;
  readonly now: Date;
  /** Sends a write, under the lease of the apply. */
  readonly send: (request: KubeRequest) => Promise<KubeResponse>;
}

/** A revision that is being applied. */
export interface RecordedRevision {
  readonly head: RevisionHead;
  readonly existing: RevisionList;
}

/**
 * Stores what is about to be applied as the next revision, not yet complete. The first part, which has the head, comes last: a revision is there whole or not at all.
 * @throws OrreryError ORR5009 when it cannot be stored
 */
export async function beginRevision(
  target: KubeTarget,
  revision: NewRevision,
  { platformId, now, send }: RecordingOptions,
): Promise<RecordedRevision> {
  const [existing, parts] = await Promise.all([
    listRevisions(target, platformId),
    encodeRevision(revision.desired, revision.assemblyDigest),
  ]);
  const { by, assembly, rollbackOf, hmacKey, desired } = revision;
  const content = contentOf(desired, hmacKey);
  const head: RevisionHead = {
    number: Math.max(0, ...existing.secrets.keys()) + 1,
    appliedAt: now.toISOString(),
    by,
    assembly,
    content,
    objects: desired.objects.length,
    complete: false,
    ...(rollbackOf === undefined ? {} : { rollbackOf }),
    parts: parts.length,
  };
  await storeRevision(target, head, parts, { platformId, send });
  return { head, existing };
}

/** Stores a revision under its number. @throws OrreryError ORR5009 */
export async function storeRevision(
  target: KubeTarget,
  head: RevisionHead,
  parts: readonly Uint8Array[],
  { platformId, send }: Pick<RecordingOptions, 'platformId' | 'send'>,
): Promise<void> {
  for (const [index, bytes] of [...parts.entries()].reverse()) {
    const body = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: REVISION_SECRET_TYPE,
      metadata: {
        name: revisionName(platformId, head.number, index),
        namespace: target.inventoryNamespace,
        labels: { [REVISION_LABEL]: platformId, [NUMBER_LABEL]: String(head.number) },
        ...(index === 0 ? { annotations: { [HEAD_ANNOTATION]: JSON.stringify(head) } } : {}),
      },
      data: { [PART_DATA_KEY]: Buffer.from(bytes).toString('base64') },
    };
    const answer = await send({ method: 'POST', path: secretsPath(target), body, idempotent: true });
    // 409: an answer that was lost, and the request sent again.
    if (answer.status >= 300 && answer.status !== 409) throw notStored(target, head.number, answer);
  }
}

/** Keyed digest of what a cluster is to hold, the stages of releases included: at which they stand is no part of it. */
export function contentOf({ objects, canaries }: DesiredCluster, hmacKey: Uint8Array): string {
  const digests = objects.map(({ sha256 }) => sha256).join('\n');
  return hmacSha256(hmacKey, canaries === undefined ? digests : `${digests}\n${canonicalJson(canaries)}`);
}

/** The newest revision of a list as one that can be ended; undefined when there is none, or it is complete. */
export function unfinishedRevision({ heads, secrets }: RevisionList): RecordedRevision | undefined {
  const [head, ...before] = heads;
  if (head === undefined || head.complete) return undefined;
  const others = new Map([...secrets].filter(([number]) => number !== head.number));
  return { head, existing: { heads: before, secrets: others } };
}

/**
 * Ends a revision: says that everything was done, and removes those beyond the newest ten.
 * @throws OrreryError ORR5009 when that cannot be written
 */
export async function endRevision(
  target: KubeTarget,
  { head, existing }: RecordedRevision,
  { platformId, send }: RecordingOptions,
): Promise<void> {
  const annotations = { [HEAD_ANNOTATION]: JSON.stringify({ ...head, complete: true }) };
  const answer = await send({
    method: 'PATCH',
    path: secretsPath(target, revisionName(platformId, head.number, 0)),
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations } },
    idempotent: true,
  });
  if (answer.status >= 300) throw notStored(target, head.number, answer);
  const kept = new Set(existing.heads.slice(0, KEPT_REVISIONS - 1).map(({ number }) => number));
  const old = [...existing.secrets].filter(([number]) => !kept.has(number));
  await removeSecrets(
    target,
    old.flatMap(([, secrets]) => secrets),
    send,
  );
}

/** Removes every revision of a platform: it is gone from the cluster. */
export async function removeRevisions(
  target: KubeTarget,
  { platformId, send }: Pick<RecordingOptions, 'platformId' | 'send'>,
): Promise<void> {
  const { secrets } = await listRevisions(target, platformId);
  await removeSecrets(target, [...secrets.values()].flat(), send);
}

/** The part with the head first: what is left of an interrupted removal is no revision any more. */
async function removeSecrets(
  target: KubeTarget,
  secrets: readonly KubernetesObject[],
  send: RecordingOptions['send'],
): Promise<void> {
  const byName = secrets.map(({ metadata }) => metadata).sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  for (const { name, uid } of byName) {
    const path = secretsPath(target, name);
    const answer = await send({ method: 'DELETE', path, body: { preconditions: { uid } }, idempotent: true });
    if (answer.status >= 300 && answer.status !== 404 && answer.status !== 409)
      throw new OrreryError(
        'ORR5009',
        `An old revision (Secret ${name}) cannot be removed: ${apiStatus(answer).message}`,
        {
          cluster: target.cluster,
        },
      );
  }
}

function notStored(target: KubeTarget, number: number, answer: KubeResponse): OrreryError {
  return new OrreryError('ORR5009', `Revision ${number} cannot be stored: ${apiStatus(answer).message}`, {
    cluster: target.cluster,
    fix: `Without it there is no rollback to this apply. Grant create, update, patch and delete on secrets in namespace ${target.inventoryNamespace}, or look at its quota.`,
  });
}
