import { resourcePath, SECRETS } from '../cluster/resource-path.ts';
import type { Target } from '../cluster/target.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { RELEASE_RECORD_LABEL } from '../inventory/shard-format.ts';
import type { DesiredCluster } from '../render/desired-state.ts';

/** The record of a release that the program no longer has in a cluster. */
export interface StaleRecord {
  readonly release: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Records that were read with the inventory, of releases that the program does not have there. */
export function staleRecordsOf(
  { records = [] }: Pick<Inventory, 'records'>,
  { canaries = [] }: Pick<DesiredCluster, 'canaries'>,
): readonly StaleRecord[] {
  const known = new Set(canaries.map(({ name }) => name));
  return records.flatMap(({ metadata: { name = '', uid = '', resourceVersion = '', labels } }) => {
    const release = labels?.[RELEASE_RECORD_LABEL] ?? '';
    return known.has(release) ? [] : [{ release, name, uid, resourceVersion }];
  });
}

/** Removes them where they are as they were read: the objects are as the program says, and a release of that name would begin anew. What cannot be removed stays and is tried again by the next apply. */
export async function removeStaleRecords(
  stale: ReadonlyMap<string, readonly StaleRecord[]>,
  targets: readonly Target[],
): Promise<void> {
  await Promise.all(
    targets.map(async (target) => {
      if (target.kind !== 'kube') return;
      for (const { name, uid, resourceVersion } of stale.get(target.cluster) ?? []) {
        const path = resourcePath(SECRETS, target.inventoryNamespace, name);
        const body = { preconditions: { uid, resourceVersion } };
        await target.client.request({ method: 'DELETE', path, body, idempotent: true });
      }
    }),
  );
}
