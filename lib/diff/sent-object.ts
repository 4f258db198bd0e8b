import type { KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import type { FieldConflict } from './dry-run.ts';
import type { FieldSetCache } from './field-set.ts';
import { type Grafted, graft, maskedFields, type WholeValue } from './graft.ts';
import { appliedObject, fieldManagerOf } from './ownership.ts';

/**
 * What is sent to change a live object: the desired one, with the live values of what controllers own. Only under the live object's uid and resourceVersion.
 * A create sends `appliedObject`: then the program's value is the initial one.
 */
export function sentObject(
  desired: Pick<DesiredObject, 'object' | 'controllerOwned'>,
  live: KubernetesObject,
  platformId: string,
  fieldSets: FieldSetCache,
): Grafted {
  const object = appliedObject(desired, platformId);
  if (desired.controllerOwned === undefined) return { object, settled: true, wholes: [] };
  return graft(object, live, maskedFields(desired.controllerOwned), fieldManagerOf(platformId), fieldSets);
}

/**
 * The conflicts that forcing would take from somebody else than the declared controller. Empty: all of them are about lists and maps whose controller-owned
 * fields were grafted, so that forcing takes nothing from the controller but the name of the owner.
 */
export function disputed(conflicts: readonly FieldConflict[], wholes: readonly WholeValue[]): FieldConflict[] {
  return conflicts.filter(({ path, manager }) => !wholes.some((whole) => whole.path === path && isOf(whole, manager)));
}

/** The server names an Apply manager alone and adds the subresource in words. */
function isOf({ managers }: WholeValue, manager: string): boolean {
  return managers.includes(manager.split('" ')[0] as string);
}

/** Whether a change lies in a list or map that a declared controller may own. */
export function isInWhole(path: string, manager: string, wholes: readonly WholeValue[]): boolean {
  return wholes.some(
    (whole) =>
      whole.managers.includes(manager) &&
      (path === whole.path || path.startsWith(`${whole.path}.`) || path.startsWith(`${whole.path}[`)),
  );
}
