import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { readRecord, recordsOf, writeRecord } from './record-store.ts';
import { recordName } from './release-record.ts';

/**
 * Stores the records of a former platform id under the new one, then removes them under the former: releases go on where they stand. The same again after an interruption goes on from there.
 * @throws OrreryError ORR3006, ORR4015
 */
export async function moveRecords(
  target: KubeTarget,
  { platform: from, records = [] }: Pick<Inventory, 'platform' | 'records'>,
  to: string,
  send: (request: KubeRequest) => Promise<KubeResponse>,
): Promise<void> {
  for (const { record, uid } of recordsOf(records, target, from).values()) {
    // One that is there under the new id came with an earlier try, or is that id's own.
    if ((await readRecord(target, to, record.release)) === undefined)
      await writeRecord(target, { ...record, platform: to }, undefined);
    const path = resourcePath(SECRETS, target.inventoryNamespace, recordName(from, record.release));
    await send({ method: 'DELETE', path, body: { preconditions: { uid } }, idempotent: true });
  }
}
