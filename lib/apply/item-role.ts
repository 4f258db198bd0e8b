import type { PlanItem } from '../plan/plan.ts';
import type { OrderedObject } from './order.ts';

/** Items that need no request of their own. */
const WITHOUT_WRITE = new Set<PlanItem['action']>(['forget']);
/** Items whose object the program no longer has. */
const REMOVALS = new Set<PlanItem['action']>(['delete', 'orphan', 'forget']);

/** Also what is being deleted already, and deletes that a guard holds back. */
export function isRemoval(item: PlanItem): boolean {
  return REMOVALS.has(item.action) || item.desired === undefined;
}

/** What an object is in the graph of an apply; one without an item stays as it is. */
export function roleOf(item: PlanItem | undefined): OrderedObject['role'] {
  if (item === undefined || WITHOUT_WRITE.has(item.action)) return 'keep';
  return isRemoval(item) ? 'delete' : 'write';
}
