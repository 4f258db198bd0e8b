import type { Problem } from '../plan/plan.ts';
import type { Paint } from './paint.ts';
import { manyLines, oneLine } from './sanitize.ts';

/** "main.ts:31  mall/cart  cluster prod-sh  Deployment/mall/cart": the parts that are known. */
export function whereWords(
  where: Problem['where'],
  leaveOut: { readonly cluster?: boolean; readonly object?: boolean } = {},
): string[] {
  const words: string[] = [];
  if (where.source !== undefined) words.push(oneLine(where.source));
  if (where.path !== undefined) words.push(oneLine(where.path));
  if (where.cluster !== undefined && leaveOut.cluster !== true) words.push(`cluster ${oneLine(where.cluster)}`);
  if (where.object !== undefined && leaveOut.object !== true) words.push(oneLine(where.object));
  return words;
}

/** A problem of the engine, or one that a program reported with a code of its own (ORR20xx). */
export interface ReportedProblem extends Omit<Problem, 'code'> {
  readonly code: string;
}

function indented(text: string, by: string): string {
  return manyLines(text)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : by + line))
    .join('\n');
}

/**
 * An error a person can act on:
 *
 *     error ORR2401  main.ts:31  mall/cart
 *       what happened
 *       what to do
 */
export function problemText(problem: ReportedProblem, paint: Paint, severity: 'error' | 'warning' = 'error'): string {
  const colour = severity === 'error' ? paint.red : paint.yellow;
  const head = [`${colour(paint.bold(severity))} ${paint.bold(problem.code)}`, ...whereWords(problem.where)].join('  ');
  const fix = problem.fix === undefined ? '' : `\n${paint.cyan(indented(problem.fix, '  '))}`;
  return `${head}\n${indented(problem.what, '  ')}${fix}\n`;
}
