import { isOrreryError, type Where } from '../errors.ts';
import type { Problem } from '../plan/plan.ts';

/** Any error as a problem of the outcome; `where` fills in what the error does not say. */
export function problemOf(error: unknown, where: Where): Problem {
  if (isOrreryError(error)) {
    const known = Object.fromEntries(Object.entries(error.where).filter(([, value]) => value !== undefined));
    return { code: error.code, what: error.message, where: { ...where, ...known }, fix: error.fix };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { code: 'ORR5001', what: text, where };
}
