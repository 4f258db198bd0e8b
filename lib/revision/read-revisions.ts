import { METADATA_LIST } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';
import type { Revision, RevisionHead } from './revision.ts';
import { decodeRevision } from './revision-format.ts';
import {
  HEAD_ANNOTATION,
  NUMBER_LABEL,
  PART_DATA_KEY,
  REVISION_LABEL,
  revisionName,
  secretsPath,
} from './revision-names.ts';

/** The revisions of a platform in one cluster. */
export interface RevisionList {
  /** Those that are whole, newest first. */
  readonly heads: readonly RevisionHead[];
  /** Every Secret of a revision by its number, what an interrupted apply left included. */
  readonly secrets: ReadonlyMap<number, readonly KubernetesObject[]>;
}

/**
 * Lists the revisions by one request that reads no contents.
 * @throws OrreryError ORR3006 without the right to list, ORR4009 otherwise
 */
export async function listRevisions(
  target: KubeTarget,
  platformId: string,
  signal?: AbortSignal,
): Promise<RevisionList> {
  const query = { labelSelector: `${REVISION_LABEL}=${platformId}` };
  const answer = await target.client.request({
    method: 'GET',
    path: secretsPath(target),
    query,
    accept: METADATA_LIST,
    signal,
  });
  if (answer.status !== 200) throw refused(target, answer);
  const secrets = new Map<number, KubernetesObject[]>();
  for (const secret of (answer.body as { items?: KubernetesObject[] }).items ?? []) {
    const number = Number(secret.metadata.labels?.[NUMBER_LABEL]);
    if (Number.isInteger(number)) secrets.set(number, [...(secrets.get(number) ?? []), secret]);
  }
  const heads = [...secrets].flatMap(([number, parts]) => {
    const head = headOf(parts.find(({ metadata }) => metadata.name === revisionName(platformId, number, 0)));
    return head?.number === number && head.parts === parts.length ? [head] : [];
  });
  return { heads: heads.sort((a, b) => b.number - a.number), secrets };
}

/** Reads the objects of a revision. @throws OrreryError ORR4009 when a part is missing or damaged */
export async function readRevision(
  target: KubeTarget,
  platformId: string,
  head: RevisionHead,
  signal?: AbortSignal,
): Promise<Revision> {
  const parts = await readParts(target, platformId, head, signal);
  return { head, ...(await decodeRevision(parts, target.cluster, head.number)) };
}

/** Reads a revision as it is stored. @throws OrreryError ORR4009 when a part is missing */
export function readParts(
  target: KubeTarget,
  platformId: string,
  head: RevisionHead,
  signal?: AbortSignal,
): Promise<Buffer[]> {
  return Promise.all(
    Array.from({ length: head.parts }, async (_, part) => {
      const path = secretsPath(target, revisionName(platformId, head.number, part));
      const answer = await target.client.request({ method: 'GET', path, signal });
      if (answer.status !== 200) throw refused(target, answer);
      const data = (answer.body as { data?: Record<string, string> }).data?.[PART_DATA_KEY] ?? '';
      return Buffer.from(data, 'base64');
    }),
  );
}

/** The head in the annotation; undefined for what is no head, or one of a format that we do not know. */
function headOf(secret: KubernetesObject | undefined): RevisionHead | undefined {
  let head: Partial<RevisionHead> | null;
  try {
    head = JSON.parse(secret?.metadata.annotations?.[HEAD_ANNOTATION] ?? 'null') as Partial<RevisionHead> | null;
  } catch {
    return undefined;
  }
  const isHead =
    typeof head?.number === 'number' &&
    typeof head.appliedAt === 'string' &&
    typeof head.by === 'string' &&
    typeof head.assembly === 'string' &&
    typeof head.content === 'string' &&
    typeof head.objects === 'number' &&
    typeof head.complete === 'boolean' &&
    typeof head.parts === 'number';
  return isHead ? (head as RevisionHead) : undefined;
}

function refused(target: KubeTarget, answer: { readonly status: number; readonly body: unknown }): OrreryError {
  const status = apiStatus(answer);
  const what = `The revisions of cluster ${target.cluster} cannot be read: ${status.message}`;
  if (!isMissingRight(status)) return new OrreryError('ORR4009', what, { cluster: target.cluster });
  return new OrreryError('ORR3006', what, {
    cluster: target.cluster,
    fix: `Grant get and list on secrets in namespace ${target.inventoryNamespace}.`,
  });
}
