import type { RawFieldChange } from '../diff/field-changes.ts';
import type { MaskedFieldChange } from '../diff/secret-mask.ts';
import type { ManagedFieldsEntry } from '../kubernetes/object.ts';
import type { FieldChange } from './plan.ts';

/** What is known about the last apply of an object. */
export interface LastApply {
  readonly manager: string;
  /** The program asks for the same as at the last apply. */
  readonly desiredUnchanged: boolean;
  /** And nothing of what it gave us has moved since: what an apply would change is the server's doing, not somebody's. */
  readonly untouched: boolean;
  /** Our entry in the live managedFields. */
  readonly own: ManagedFieldsEntry | undefined;
  /** A field lies in a list that this manager may own: its taking it says nothing about the field. */
  readonly isController: (path: string, manager: string) => boolean;
}

/**
 * Tells drift from intent. When the program asks for the same as last time, every change undoes what somebody else did; unless nobody did, and the server completes
 * the object otherwise by now, or left out what it was sent. When it asks for something new,
 * a field that somebody took from us since our last apply is drift, the rest is intent.
 */
export function withCause(change: MaskedFieldChange, last: LastApply): FieldChange {
  const { owners, ...shown } = change;
  if (last.untouched) return { ...shown, cause: 'intent' };
  const others = othersOf(owners, last.manager);
  const latest = others.reduce<ManagedFieldsEntry | undefined>(
    (a, b) => ((a?.time ?? '') >= (b.time ?? '') && a !== undefined ? a : b),
    undefined,
  );
  const taken =
    change.op !== 'remove' &&
    latest !== undefined &&
    last.own !== undefined &&
    !owners.includes(last.own) &&
    !last.isController(change.path, latest.manager ?? '') &&
    (latest.time ?? '') > (last.own.time ?? '');
  if (!last.desiredUnchanged && !taken) return { ...shown, cause: 'intent' };
  const who = latest === undefined ? {} : { by: latest.manager, at: latest.time };
  return { ...shown, cause: 'drift', ...who };
}

/** Managers other than ours. */
function othersOf(owners: RawFieldChange['owners'], manager: string): ManagedFieldsEntry[] {
  return owners.filter((entry) => entry.manager !== manager);
}
