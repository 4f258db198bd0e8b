import { isDeepStrictEqual } from 'node:util';
import type { ServerFacts } from '../../lib/diff/field-set-proof.ts';
import type { InventoryEntry } from '../../lib/inventory/inventory.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { DesiredObject } from '../../lib/render/desired-state.ts';

/** What an object was when it was last applied. */
export interface Baseline {
  readonly entry: InventoryEntry;
  readonly desired: DesiredObject;
  /** JSON of the object as it was when the entry was taken. */
  readonly applied: string;
}

/** Everything that a proof may look at, and what the server itself said: enough to judge any proof later. */
export interface Observation {
  /** Kind of mutation, drawn before anything was known of the verdict. */
  readonly mutation: string;
  readonly baseline: Baseline;
  /** What the program wants now. */
  readonly desired: DesiredObject;
  /** JSON of the live object, as read. */
  readonly live: string;
  /** Server-state key at that time. */
  readonly serverState: string | undefined;
  /** What else the server may do to it, as known at that time. */
  readonly facts: ServerFacts;
  readonly outcome: ServerOutcome;
}

/**
 * What the server's own dry run does. `changes`: some value, or the object is on its way out. `ownership`: no value, only managedFields. `refused`: an apply would fail.
 * The dry run takes conflicting fields over: where another manager owns a field with another value, an apply without force is a conflict, which is no "unchanged" either.
 */
export type ServerOutcome = 'same' | 'ownership' | 'changes' | 'refused';

/**
 * The judge: it compares the dry run's answer with the live object on which it rests. Written apart from the lib on purpose, by nothing but deep equality.
 * @param live as read, at the resourceVersion and uid that the dry run carried.
 */
export function judgedByServer(live: KubernetesObject, answer: { status: number; body: unknown }): ServerOutcome {
  if (live.metadata.deletionTimestamp !== undefined) return 'changes';
  if (answer.status >= 300) return 'refused';
  const result = answer.body as KubernetesObject;
  if (!isDeepStrictEqual(valuesOf(live), valuesOf(result))) return 'changes';
  return isDeepStrictEqual(ownersOf(live), ownersOf(result)) ? 'same' : 'ownership';
}

/** An object without what every write moves, and without what an apply does not write. */
function valuesOf(object: KubernetesObject): unknown {
  const { managedFields: _, resourceVersion: __, generation: ___, ...metadata } = object.metadata;
  const { status: ____, ...rest } = object;
  return { ...rest, metadata };
}

/** Who owns what, without when. */
function ownersOf(object: KubernetesObject): unknown {
  return (object.metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource !== 'status')
    .map(({ time: _, ...entry }) => JSON.stringify(entry))
    .sort();
}
