import type { ApplyEvent } from '../apply/outcome.ts';
import type { Problem } from '../plan/plan.ts';

/** What happens to canary releases while they are moved on, as it happens. */
export type ReleaseEvent =
  /** The objects of a stage are about to be written. */
  | {
      readonly type: 'release-stage';
      readonly release: string;
      readonly cluster: string;
      readonly stage: string;
      /** "2/9". */
      readonly place: string;
      readonly weight?: number | undefined;
    }
  /** The objects of the stage are ready; now this has to hold. */
  | {
      readonly type: 'release-holding';
      readonly release: string;
      readonly cluster: string;
      readonly stage: string;
      /** "pause of 5 min". */
      readonly reason: string;
    }
  | { readonly type: 'release-going-back'; readonly release: string; readonly cluster: string; readonly reason: string }
  | { readonly type: 'release-finished'; readonly outcome: ReleaseOutcome }
  | ApplyEvent;

/**
 * through: at its last stage, which is ready. waiting: for a time, an analysis, somebody, or clusters that come first. went-back: it was aborted now, and what was there before is there again.
 * aborted: it was so before. failed: see `problem`; nothing more was tried. interrupted: on request.
 */
export interface ReleaseOutcome {
  readonly release: string;
  readonly cluster: string;
  readonly status: 'through' | 'waiting' | 'went-back' | 'aborted' | 'failed' | 'interrupted';
  readonly stage?: string | undefined;
  /** One line. May hold text of strangers. */
  readonly reason?: string | undefined;
  readonly problem?: Problem | undefined;
}
