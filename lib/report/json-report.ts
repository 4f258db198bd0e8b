import type { ApplyEvent, Outcome } from '../apply/outcome.ts';
import type { ReleaseEvent, ReleaseOutcome } from '../canary-release/release-outcome.ts';
import type { Plan, Problem } from '../plan/plan.ts';
import { printableJson } from './sanitize.ts';

/** Format of the JSON lines of `apply` and `destroy`. A reader of 1.x ignores records and fields it does not know. */
export const EVENT_FORMAT = 'orrery/events';
export const EVENT_FORMAT_VERSION = '1.3';

/** One record per line. The first is always `version`; the last `outcome`, or `error` when nothing was applied. */
export type EventRecord =
  | {
      readonly type: 'version';
      readonly format: typeof EVENT_FORMAT;
      readonly version: string;
      readonly orrery: string;
    }
  | { readonly type: 'plan'; readonly plan: Plan }
  | ({ readonly at: string } & (ApplyEvent | ReleaseEvent))
  | { readonly type: 'releases'; readonly releases: readonly ReleaseOutcome[] }
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  | { readonly type: 'error'; readonly problem: Problem };

/** A record as one line of JSON with line feed. */
export function eventLine(record: EventRecord): string {
  return `${printableJson(record)}\n`;
}

/** A plan as JSON: the plan file's own format (`format`, `version`), indented. */
export function planJson(plan: Plan): string {
  return `${printableJson(plan, 2)}\n`;
}
