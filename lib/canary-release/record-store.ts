import type { KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { createInventoryNamespace } from '../inventory/inventory-namespace.ts';
import { listRecordSecrets } from '../inventory/read-inventory.ts';
import { INVENTORY_LABEL, RELEASE_RECORD_LABEL } from '../inventory/shard-format.ts';
import { record as fields } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';
import {
  decodeRecord,
  encodeRecord,
  RECORD_DATA_KEY,
  RECORD_SECRET_TYPE,
  type ReleaseRecord,
  recordName,
  type StoredRecord,
} from './release-record.ts';

/** The records of a platform's canary releases in a cluster, by name of the release, by one LIST. @throws OrreryError ORR3006, ORR4015 */
export async function readRecords(
  target: KubeTarget,
  platformId: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, StoredRecord>> {
  return recordsOf(await listRecordSecrets(target, platformId, signal), target, platformId);
}

/** The records in Secrets that were read with the inventory. @throws OrreryError ORR4015 */
export function recordsOf(
  secrets: readonly KubernetesObject[],
  target: KubeTarget,
  platformId: string,
): ReadonlyMap<string, StoredRecord> {
  return new Map(
    secrets.map((secret) => {
      const stored = storedRecord(secret, target, platformId);
      return [stored.record.release, stored];
    }),
  );
}

/** One record; undefined where there is none. @throws OrreryError ORR3006, ORR4015 */
export async function readRecord(
  target: KubeTarget,
  platformId: string,
  release: string,
): Promise<StoredRecord | undefined> {
  const path = resourcePath(SECRETS, target.inventoryNamespace, recordName(platformId, release));
  const answer = await target.client.request({ method: 'GET', path });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(target, release, answer, 'read');
  return storedRecord(answer.body as KubernetesObject, target, platformId);
}

/**
 * Stores a record by compare-and-swap.
 * @param before as it was read; absent: there must be none
 * @returns undefined where somebody else wrote it in between
 * @throws OrreryError ORR3006 without the right, ORR5001 otherwise
 */
export async function writeRecord(
  target: KubeTarget,
  record: ReleaseRecord,
  before: StoredRecord | undefined,
): Promise<StoredRecord | undefined> {
  const { platform, release } = record;
  const name = recordName(platform, release);
  const folder = resourcePath(SECRETS, target.inventoryNamespace);
  const path = resourcePath(SECRETS, target.inventoryNamespace, name);
  const data = encodeRecord(record);
  const precondition = before === undefined ? {} : { uid: before.uid, resourceVersion: before.resourceVersion };
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: RECORD_SECRET_TYPE,
    metadata: {
      name,
      namespace: target.inventoryNamespace,
      labels: { [INVENTORY_LABEL]: platform, [RELEASE_RECORD_LABEL]: release },
      ...precondition,
    },
    data: { [RECORD_DATA_KEY]: data },
  };
  const send = () =>
    before === undefined
      ? target.client.request({ method: 'POST', path: folder, body, idempotent: true })
      : target.client.request({ method: 'PUT', path, body, idempotent: true });
  let answer = await send();
  if (answer.status === 404 && before === undefined) {
    const refusal = await createInventoryNamespace(target);
    if (refusal !== undefined) throw refused(target, release, refusal, 'written');
    answer = await send();
  }
  // A connection that broke after the write makes its repetition collide with itself.
  if (answer.status === 409 || answer.status === 404) {
    const found = await target.client.request({ method: 'GET', path });
    const same = found.status === 200 && fields((found.body as KubernetesObject).data)[RECORD_DATA_KEY] === data;
    if (!same) return undefined;
    answer = found;
  }
  if (answer.status >= 300) throw refused(target, release, answer, 'written');
  const { uid = '', resourceVersion = '' } = (answer.body as KubernetesObject).metadata;
  return { record, uid, resourceVersion };
}

function storedRecord(secret: KubernetesObject, target: KubeTarget, platformId: string): StoredRecord {
  const { name = '', uid = '', resourceVersion = '' } = secret.metadata;
  const record = decodeRecord(String(fields(secret.data)[RECORD_DATA_KEY] ?? ''));
  const damaged = (what: string, fix: string) =>
    new OrreryError('ORR4015', `Secret ${target.inventoryNamespace}/${name} ${what}.`, {
      cluster: target.cluster,
      fix,
    });
  if (typeof record === 'string')
    throw damaged(record, 'Update Orrery, or restore the Secret; without it the release begins anew.');
  if (record.platform !== platformId) throw damaged(`is of platform "${record.platform}"`, 'Remove the Secret.');
  if (record.clusterUid !== target.clusterUid)
    throw damaged(
      `was written for another cluster (kube-system uid ${record.clusterUid}, this one is ${target.clusterUid})`,
      'It came with a restored backup: remove the Secret, and the release begins anew here.',
    );
  return { record, uid, resourceVersion };
}

function refused(target: KubeTarget, release: string, answer: KubeResponse, verb: string): OrreryError {
  const status = apiStatus(answer);
  const what = `the record of canary release "${release}" cannot be ${verb}: ${status.message}`;
  if (!isMissingRight(status))
    return new OrreryError('ORR5001', `${what} (HTTP ${status.code})`, { cluster: target.cluster });
  return new OrreryError('ORR3006', what, {
    cluster: target.cluster,
    fix: `Grant get, list, create, update and delete on secrets in namespace ${target.inventoryNamespace}.`,
  });
}
