import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import type { Plan } from '../plan/plan.ts';

/** Short name of a plan for people: the start of its digest. */
export function planId(plan: Plan): string {
  return sha256(canonicalJson(plan)).slice(0, 4);
}
