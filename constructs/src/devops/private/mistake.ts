import type { ProblemCode } from '../../private/problem';

/** What is wrong, and what to do about it. */
export interface Mistake {
  readonly code: ProblemCode;
  readonly what: string;
  readonly fix: string;
}
