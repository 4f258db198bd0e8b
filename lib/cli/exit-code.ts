import type { Outcome, WaveOutcome } from '../apply/outcome.ts';
import type { ReleaseOutcome } from '../canary-release/release-outcome.ts';
import type { Plan } from '../plan/plan.ts';

/** 1 wins over all; 3 (waiting for somebody) always shows; 2 (there are changes) only when asked for. */
export const EXIT = { ok: 0, error: 1, changes: 2, waiting: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function planExitCode(plan: Plan, changesMatter: boolean): ExitCode {
  const trouble = plan.clusters.some(
    (cluster) => cluster.problem !== undefined || cluster.items.some((item) => item.problem !== undefined),
  );
  if (trouble) return EXIT.error;
  return changesMatter && plan.changes ? EXIT.changes : EXIT.ok;
}

const STOPPED: ReadonlySet<WaveOutcome['status']> = new Set(['failed', 'interrupted', 'not-started']);

export function outcomeExitCode(outcome: Outcome): ExitCode {
  if (outcome.waves?.some(({ status }) => STOPPED.has(status))) return EXIT.error;
  const done = outcome.clusters.every(
    ({ status, problem }) => problem === undefined && (status === 'done' || status === 'waiting'),
  );
  if (!done) return EXIT.error;
  return outcome.clusters.some(({ status }) => status === 'waiting') ? EXIT.waiting : EXIT.ok;
}

/** Aborted before, waiting: somebody decides. Going back now is an error, and so is not knowing. */
export function releasesExitCode(outcomes: readonly ReleaseOutcome[]): ExitCode {
  const found = new Set(outcomes.map(({ status }) => status));
  if (found.has('failed') || found.has('went-back') || found.has('interrupted')) return EXIT.error;
  return found.has('waiting') || found.has('aborted') ? EXIT.waiting : EXIT.ok;
}

export function worst(...codes: readonly ExitCode[]): ExitCode {
  for (const code of [EXIT.error, EXIT.waiting, EXIT.changes] as const) if (codes.includes(code)) return code;
  return EXIT.ok;
}
