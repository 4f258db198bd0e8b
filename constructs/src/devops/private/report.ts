import type { IConstruct } from 'constructs';
import { type Problem, problemAt } from '../../private/problem';
import type { Mistake } from './mistake';

/** Reports mistakes at their construct. */
export function reportAll(construct: IConstruct, mistakes: readonly Mistake[], problems: Problem[]): void {
  for (const { code, what, fix } of mistakes) problems.push(problemAt(construct, code, what, { fix }));
}
