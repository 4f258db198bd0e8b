import type { Plan } from '../plan/plan.ts';
import type { Paint } from './paint.ts';
import { markdownCode, markdownText, oneLine } from './sanitize.ts';
import { listOf } from './wording.ts';

/** More would take the room of what changes. */
const MOST = 12;

/** Lines for a terminal: data that the program does not keep from being lost. */
export function uncoveredLines({ uncovered = [] }: Plan, paint: Pick<Paint, 'dim'>): string[] {
  if (uncovered.length === 0) return [];
  const shown = uncovered.slice(0, MOST);
  const width = Math.max(...shown.map(({ path }) => oneLine(path).length));
  return [
    '  not covered',
    ...shown.map(({ path, what, clusters }) => {
      return `    ${oneLine(path).padEnd(width)}  ${paint.dim(`${oneLine(what)} (${listOf(clusters)})`)}`;
    }),
    ...(uncovered.length > MOST ? [`    ${paint.dim(`and ${uncovered.length - MOST} more`)}`] : []),
  ];
}

/** The same for a pull request, folded. */
export function uncoveredSection({ uncovered = [] }: Plan): string[] {
  if (uncovered.length === 0) return [];
  const lines = uncovered.slice(0, MOST).map(({ path, what, clusters }) => {
    return `- ${markdownCode(path)}: ${markdownText(what)} (${markdownText(listOf(clusters))})`;
  });
  const rest = uncovered.length > MOST ? [`- and ${uncovered.length - MOST} more`] : [];
  return [`<details><summary>Data that is not covered</summary>\n\n${[...lines, ...rest].join('\n')}\n\n</details>`];
}
