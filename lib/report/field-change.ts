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

/** A masked value shows as much of its keyed digest as tells two values apart: "(secret 1a2b3c4d)". No unmasked value is ever printed with parentheses outside quotes. */
function maskedValue(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  const digest = /^hmac:(?:[a-z0-9]+:)?([0-9a-f]{8})[0-9a-f]*$/.exec(text)?.[1];
  return digest === undefined ? '(secret)' : `(secret ${digest})`;
}

export function fieldChangeWords(change: FieldChange, valueLimit = 120): FieldChangeWords {
  const value = (side: FieldChange['before']): string =>
    change.masked ? maskedValue(side) : fieldValue(side, valueLimit);
  return {
    path: shorten(oneLine(change.path), 300),
    before: change.op === 'add' ? undefined : value(change.before),
    after: change.op === 'remove' ? undefined : value(change.after),
    drift: change.cause === 'drift' ? driftOrigin(change) : undefined,
  };
}
