import { PROBLEM_CODES } from '@orrery/constructs/problem-codes';
import { CHECKS } from '../checks/run-checks.ts';
import { ERROR_CODES } from '../errors.ts';
import { ADVICE } from './advice.ts';
import { CHECK_PAGES, type CheckPage } from './check-pages.ts';

/** What a code of an error, or the id of a check, means. */
export type Explanation =
  | {
      readonly type: 'error';
      readonly id: string;
      readonly stage: string;
      readonly meaning: string;
      readonly advice: string;
    }
  | ({ readonly type: 'check'; readonly id: string; readonly title: string } & CheckPage);

const STAGES: readonly (readonly [prefix: string, stage: string])[] = [
  ['ORR1', 'command line and project'],
  ['ORR20', 'program'],
  ['ORR2', 'assembly and desired state'],
  ['ORR3', 'reaching clusters'],
  ['ORR4', 'planning'],
  ['ORR5', 'applying'],
  ['ORR6', 'sandbox'],
  ['ORR9', 'Orrery itself'],
];

/** Everything that can be explained: errors by number, then checks in the order of their page. */
export function explanations(): readonly Explanation[] {
  const meanings: Readonly<Record<string, string>> = { ...ERROR_CODES, ...PROBLEM_CODES };
  const errors = Object.keys(ADVICE).map(
    (id): Explanation => ({
      type: 'error',
      id,
      stage: STAGES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? '',
      meaning: meanings[id] ?? '',
      advice: ADVICE[id as keyof typeof ADVICE],
    }),
  );
  const checks = CHECKS.flatMap(({ id, title }): Explanation[] => {
    const page = CHECK_PAGES[id];
    return page === undefined ? [] : [{ type: 'check', id, title, ...page }];
  });
  return [...errors, ...checks];
}
