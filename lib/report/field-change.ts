import type { Json } from '../kubernetes/object.ts';
import type { FieldChange } from '../plan/plan.ts';
import { oneLine, shorten } from './sanitize.ts';
import { driftOrigin, fieldValue } from './wording.ts';

/** One field change in words, safe to print. */
export interface FieldChangeWords {
  readonly path: string;
  /** Absent: the field is added. */
  readonly before?: string | undefined;
  /** Absent: the field is removed. */
  readonly after?: string | undefined;
  /** "drift: changed in the cluster by kubectl-edit at …"; absent when the program changed. */
  readonly drift?: string | undefined;
}

/**
 * A whole masked value shows as much of its keyed digest as tells two values apart: "(secret 1a2b3c4d)". Parentheses never stand around an unmasked value
 * without quotes. A value that holds a secret somewhere inside was masked there and is shown as it is.
 */
function maskedValue(value: Json | undefined, limit: number): string {
  const digest = typeof value === 'string' ? /^hmac:([0-9a-f]{8})[0-9a-f]*$/.exec(value)?.[1] : undefined;
  return digest === undefined ? fieldValue(value, limit) : `(secret ${digest})`;
}

export function fieldChangeWords(change: FieldChange, valueLimit = 120): FieldChangeWords {
  const value = (side: FieldChange['before']): string => (change.masked ? maskedValue : fieldValue)(side, valueLimit);
  return {
    path: shorten(oneLine(change.path), 300),
    before: change.op === 'add' ? undefined : value(change.before),
    after: change.op === 'remove' ? undefined : value(change.after),
    drift: change.cause === 'drift' ? driftOrigin(change) : undefined,
  };
}
