import { OrreryError } from '../errors.ts';
import type { Danger, PlanItem } from './plan.ts';
import type { PlanOptions } from './plan-options.ts';
import { heldBack } from './plan-removals.ts';

const LARGE_SHARE = { part: 0.5, ofAtLeast: 10 };

/** What the guard looks at, of a cluster or of a folder. */
export interface GuardedTarget {
  readonly target: { readonly cluster: string };
  readonly options: Pick<PlanOptions, 'allowDeletes' | 'allowEmpty' | 'largeShare'>;
}

/**
 * Holds back deletes that together are too much to be meant (law 4), unless they were allowed; allowed ones carry a danger that says how many.
 * @param owned how many objects of ours the cluster holds.
 */
export function guardDeletes(context: GuardedTarget, removals: readonly PlanItem[], owned: number): PlanItem[] {
  const { options } = context;
  const deletes = removals.filter((item) => item.action === 'delete');
  const { part, ofAtLeast } = options.largeShare ?? LARGE_SHARE;
  if (deletes.length === 0) return [...removals];
  const all = deletes.length === owned;
  const large = owned >= ofAtLeast && deletes.length > owned * part;
  if (large && !isAllowed(options)) {
    const error = new OrreryError(
      'ORR4007',
      `${deletes.length} of ${owned} objects would be deleted; more than ${Math.round(part * 100)} % is guarded.`,
      { fix: 'If this is meant, allow it with --allow-deletes.' },
    );
    return removals.map((item) => (item.action === 'delete' ? heldBack(context, item, error) : item));
  }
  if (!all && !large) return [...removals];
  const danger: Danger = all
    ? { kind: 'delete-all', text: `all ${owned} objects of the platform are deleted from this cluster` }
    : { kind: 'delete-many', text: `${deletes.length} of ${owned} objects are deleted from this cluster` };
  return removals.map((item) => (item === deletes[0] ? { ...item, dangers: [danger, ...item.dangers] } : item));
}

function isAllowed(options: GuardedTarget['options']): boolean {
  return options.allowDeletes === true || options.allowEmpty === true;
}
