import { isOrreryError, type Where } from '../errors.ts';
import type { Problem } from '../plan/plan.ts';
import { problemOf as plannedProblemOf } from '../plan/planning-context.ts';

/** Any error as a problem of the outcome; `where` fills in what the error does not say. A fault of ours must not keep the inventory from being completed. */
export function problemOf(error: unknown, where: Where): Problem {
  if (isOrreryError(error)) return plannedProblemOf(error, where);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'ORR5001', what: `This is a fault of Orrery: ${text}`, where };
}
