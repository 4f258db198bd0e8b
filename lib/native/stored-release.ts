import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { METADATA_LIST } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { RELEASE_LABEL } from '../helm/release-arguments.ts';
import { list, record } from '../kubernetes/fields.ts';
import { describeId, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';

/** One revision of a release as helm keeps it: a Secret each (helm.sh/helm pkg/storage/driver/secrets.go). Read from its metadata alone. */
export interface StoredRevision {
  readonly revision: number;
  /** "deployed", "superseded", "failed", "uninstalled", "uninstalling", "pending-install", "pending-upgrade", "pending-rollback". */
  readonly status: string;
  readonly secret: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Platform that helm was told of when the release was made; kept through upgrades by others. */
  readonly platform?: string | undefined;
  /** ISO 8601, UTC. */
  readonly modifiedAt?: string | undefined;
}

/** What a revision holds. */
export interface ReleaseContent {
  /** As helm rendered it, without hooks. */
  readonly manifest: string;
  readonly hooks: readonly StoredHook[];
}

interface StoredHook {
  readonly kind: string;
  readonly name: string;
  /** "pre-install", … */
  readonly events: readonly string[];
}

const UNPACKED_LIMIT = 64 * 1024 * 1024;

/** The revisions that helm keeps of a release, newest first. @throws OrreryError ORR3006 without the right to list Secrets there, ORR5001 */
export async function listRevisions(target: KubeTarget, id: ObjectId): Promise<readonly StoredRevision[]> {
  const answer = await target.client.request({
    method: 'GET',
    path: resourcePath(SECRETS, id.namespace),
    query: { labelSelector: `owner=helm,name=${id.name}` },
    accept: METADATA_LIST,
  });
  if (answer.status !== 200) throw unreadable(target, id, answer);
  const items = (answer.body as { items?: KubernetesObject[] | null }).items ?? [];
  return items.map(revisionOf).sort((a, b) => b.revision - a.revision);
}

/** Of the metadata of a Secret of helm. */
export function revisionOf({ metadata }: KubernetesObject): StoredRevision {
  const { labels = {}, name = '', uid = '', resourceVersion = '', creationTimestamp = '' } = metadata;
  // A new revision carries the label of the one before until helm writes to it again.
  const times = [Date.parse(creationTimestamp), Number(labels.modifiedAt) * 1000].filter(Number.isFinite);
  return {
    revision: Number(labels.version),
    status: labels.status ?? 'unknown',
    secret: name,
    uid,
    resourceVersion,
    ...(labels[RELEASE_LABEL] === undefined ? {} : { platform: labels[RELEASE_LABEL] }),
    ...(times.length > 0 ? { modifiedAt: new Date(Math.max(...times)).toISOString() } : {}),
  };
}

/** What a revision holds; undefined when it is gone by now. @throws OrreryError ORR3006, ORR5001, ORR4014 when it cannot be understood */
export async function readContent(
  target: KubeTarget,
  id: ObjectId,
  { secret, revision }: StoredRevision,
): Promise<ReleaseContent | undefined> {
  const answer = await target.client.request({ method: 'GET', path: resourcePath(SECRETS, id.namespace, secret) });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw unreadable(target, id, answer);
  const stored = record(record(answer.body).data).release;
  try {
    return await contentOf(String(stored));
  } catch {
    // No cause: V8 quotes the text in its message, and the text holds values.
    throw new OrreryError('ORR4014', `Revision ${revision} of ${describeId(id)} cannot be read.`, {
      cluster: target.cluster,
      object: describeId(id),
      fix: `Look at Secret ${secret} in namespace ${id.namespace}: helm keeps the release there.`,
    });
  }
}

/** The API's base64 of helm's base64 of gzipped JSON. */
async function contentOf(data: string): Promise<ReleaseContent> {
  const packed = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64');
  const text = await promisify(gunzip)(packed, { maxOutputLength: UNPACKED_LIMIT });
  return releaseContent(JSON.parse(text.toString()));
}

/** Of a release as helm writes it in JSON, to its Secrets and to stdout. */
export function releaseContent(release: unknown): ReleaseContent {
  const { manifest, hooks } = record(release);
  return {
    manifest: typeof manifest === 'string' ? manifest : '',
    hooks: list(hooks).map(({ kind, name, events }) => ({
      kind: String(kind),
      name: String(name),
      events: Array.isArray(events) ? events.map(String) : [],
    })),
  };
}

function unreadable(
  target: KubeTarget,
  id: ObjectId,
  answer: { readonly status: number; readonly body: unknown; readonly warnings: readonly string[] },
): OrreryError {
  const status = apiStatus(answer);
  const where = { cluster: target.cluster, object: describeId(id) };
  if (isMissingRight(status))
    return new OrreryError('ORR3006', `${describeId(id)} cannot be read: ${status.message}`, {
      ...where,
      fix: `Grant get and list on secrets in namespace ${id.namespace}: helm keeps its releases there.`,
    });
  return new OrreryError('ORR5001', `${describeId(id)} cannot be read: ${status.message} (HTTP ${status.code})`, where);
}
