import type { KubeTarget } from '../cluster/target.ts';
import { findMembers } from '../diff/find-members.ts';
import { OrreryError } from '../errors.ts';
import { rebuild } from '../inventory/change-inventory.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { type SalvagedInventory, salvageInventory } from '../inventory/salvage-inventory.ts';
import { writeInventory } from '../inventory/write-inventory.ts';
import { idKey, type ObjectId } from '../kubernetes/object.ts';
import { findReleases } from '../native/find-releases.ts';
import { assertRights } from '../rights/assert-rights.ts';
import { acquireLease } from './lease.ts';
import { rightsOfOwn } from './needed-rights.ts';

/** What a refresh would enter into the inventory of one cluster. */
export interface RefreshPlan {
  /** Members that the inventory does not know. */
  readonly found: readonly InventoryEntry[];
  /** How many objects it knows already. */
  readonly known: number;
  /** What is wrong with the stored inventory; empty: it is whole. */
  readonly damage: readonly string[];
  /** Objects with our label that we never applied: they are left out. */
  readonly copies: readonly ObjectId[];
  /** Kinds that could not be read: members of these would stay unknown. */
  readonly unread: readonly string[];
}

/** Whether there is anything to write. */
export function refreshes({ found, damage }: RefreshPlan): boolean {
  return found.length > 0 || damage.length > 0;
}

export interface RefreshOptions {
  /** The project's `.orrery` folder. */
  readonly stateFolder: string;
}

/** Reads what is left of the inventory and every kind that may hold members. Errors: as salvageInventory and findMembers. */
export async function planRefresh(
  target: KubeTarget,
  platformId: string,
  options: RefreshOptions,
): Promise<RefreshPlan> {
  return (await read(target, platformId, options)).plan;
}

async function read(
  target: KubeTarget,
  platformId: string,
  options: RefreshOptions,
): Promise<{ plan: RefreshPlan; salvaged: SalvagedInventory }> {
  const [salvaged, { members, copies, unread }, releases] = await Promise.all([
    salvageInventory(target, platformId, options),
    findMembers(target, platformId),
    findReleases(target, platformId),
  ]);
  const { entries } = salvaged.inventory;
  const found = [...members, ...releases].filter(({ id }) => !entries.has(idKey(id)));
  return { plan: { found, known: entries.size, damage: salvaged.damage, copies, unread }, salvaged };
}

/**
 * Enters into the inventory what a refresh plan shows, under the lease. Nothing is deleted, no object is touched; an entry that is known stays.
 * @throws OrreryError ORR5006 when there is something else to enter by now, ORR5004 and ORR5005 of the lease, ORR3006, ORR5001
 */
export async function refreshInventory(
  target: KubeTarget,
  platformId: string,
  plan: RefreshPlan,
  options: RefreshOptions & { readonly who: string; readonly leaseSeconds?: number | undefined },
): Promise<void> {
  const { who, leaseSeconds, stateFolder } = options;
  await assertMayRefresh(target, platformId);
  const lease = await acquireLease(target, { platformId, who, durationSeconds: leaseSeconds });
  try {
    const now = await read(target, platformId, options);
    if (keysOf(now.plan) !== keysOf(plan)) {
      throw new OrreryError('ORR5006', `What is ours in ${target.cluster} changed since it was shown.`, {
        cluster: target.cluster,
        fix: 'Run it again and look at what it would enter now.',
      });
    }
    const change = rebuild(now.salvaged.inventory, now.plan.found);
    await writeInventory(target, change, { stateFolder, beforeWrite: () => lease.assertFresh() });
  } finally {
    await lease.release();
  }
}

/** @throws OrreryError ORR3006 with all that is missing for a refresh */
export async function assertMayRefresh(target: KubeTarget, platformId: string): Promise<void> {
  const { rights } = await rightsOfOwn(target, { platformId, inventory: true });
  await assertRights(target, rights);
}

function keysOf({ found }: RefreshPlan): string {
  return found
    .map(({ id, uid }) => `${idKey(id)} ${uid}`)
    .sort()
    .join('\n');
}
