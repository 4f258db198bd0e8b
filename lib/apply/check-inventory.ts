import { OrreryError } from '../errors.ts';
import { type Inventory, inventoryVersion } from '../inventory/inventory.ts';
import { idKey } from '../kubernetes/object.ts';
import type { ClusterPlan, PlanItem } from '../plan/plan.ts';

/**
 * Compares what the inventory of a cluster holds now with what the plan rests on.
 * @param planned the inventory that the plan rests on, of a plan that was made just now
 * @throws OrreryError ORR5006 when another apply ran in between; of an older plan, only when it dealt with what the plan deletes
 */
export function checkInventory(plan: ClusterPlan, inventory: Inventory, planned: string | undefined): void {
  const isKnown = ({ action, id }: PlanItem) =>
    action !== 'delete' || inventory.entries.has(idKey(id)) || inventory.unsettled.has(idKey(id));
  const isSame = planned === undefined || planned === inventoryVersion(inventory);
  if (!isSame || !plan.items.every(isKnown)) {
    throw new OrreryError(
      'ORR5006',
      `Another apply ran after the plan was made: the inventory of ${plan.cluster} has changed.`,
      {
        cluster: plan.cluster,
        fix: 'Plan again.',
      },
    );
  }
}
