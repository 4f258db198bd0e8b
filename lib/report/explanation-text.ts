import type { Explanation } from '../explain/explain.ts';
import type { Paint } from './paint.ts';

/** An explanation for people. */
export function explanationText(explanation: Explanation, paint: Paint): string {
  return explanation.type === 'error' ? errorText(explanation, paint) : checkText(explanation, paint);
}

/** Every explanation on one line. */
export function explanationList(all: readonly Explanation[], paint: Paint): string {
  const width = Math.max(...all.map(({ id }) => id.length));
  const lines = all.map((one) => {
    const meaning = one.type === 'error' ? one.meaning : one.title;
    return `${paint.bold(one.id.padEnd(width))}  ${plain(meaning)}`;
  });
  return `${lines.join('\n')}\n`;
}

function errorText({ id, stage, meaning, advice }: Extract<Explanation, { type: 'error' }>, paint: Paint): string {
  return `${paint.bold(id)}  ${meaning}  ${paint.dim(stage)}\n\n  ${plain(advice)}\n`;
}

function checkText(
  { id, title, why, advice, waiver: [objects, reason] }: Extract<Explanation, { type: 'check' }>,
  paint: Paint,
): string {
  const waiver = [
    'checks:',
    '  waive:',
    `    ${id}:`,
    `      ${/[*:]/.test(objects) ? `'${objects}'` : objects}: ${reason}`,
  ];
  return [
    `${paint.bold(id)}  ${title}`,
    '',
    `  ${plain(why)}`,
    `  ${plain(advice)}`,
    '',
    paint.dim('  To live with a finding, in cdk8s.yaml:'),
    ...waiver.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

/** Markdown as a terminal shows it. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
}
