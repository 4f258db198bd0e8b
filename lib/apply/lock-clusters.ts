import { isOrreryError } from '../errors.ts';
import type { ClusterApply } from './cluster-apply.ts';

/** A step of one cluster; its failure ends the work in this cluster alone. */
export async function attempt(run: ClusterApply, step: () => Promise<void>): Promise<void> {
  if (run.tally.problem !== undefined) return;
  try {
    await step();
  } catch (error) {
    run.stop(error);
  }
}

export function isOpenable(run: ClusterApply): boolean {
  return run.writes && run.tally.problem === undefined;
}

/**
 * Takes the leases in name order, so that two applies cannot wait for each other. One that another apply holds ends this whole apply: half of a platform in
 * one revision and half in another is what the leases are there to prevent. A cluster that cannot be reached only loses its own part.
 * @returns why nothing may be written anywhere, if so
 */
export async function lockAll(runs: readonly ClusterApply[]): Promise<unknown> {
  const byName = [...runs].sort((a, b) => (a.tally.cluster < b.tally.cluster ? -1 : 1));
  for (const run of byName.filter(isOpenable)) {
    try {
      await run.lock();
    } catch (error) {
      const { signal } = run.input.options;
      if (signal?.aborted === true) {
        for (const other of runs) other.tally.interrupted();
        return error;
      }
      run.stop(error);
      if (!isOrreryError(error) || error.code !== 'ORR5004') continue;
      for (const other of runs) other.tally.untried(error);
      return error;
    }
  }
  return undefined;
}

/**
 * Reads what the locked clusters hold. One in which another apply ran since the plan was made ends this whole apply, too: the other one was quicker, and what it
 * left in one cluster goes with what it left in the others.
 * @returns why nothing may be written anywhere, if so
 */
export async function readAll(runs: readonly ClusterApply[]): Promise<unknown> {
  await Promise.all(runs.filter(isOpenable).map((run) => attempt(run, () => run.read())));
  const late = runs.find(({ stopReason }) => isOrreryError(stopReason) && stopReason.code === 'ORR5006');
  if (late === undefined) return undefined;
  for (const other of runs) other.tally.untried(late.stopReason);
  return late.stopReason;
}
