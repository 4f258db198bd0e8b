import type { Problem } from '../plan/plan.ts';
import type { Paint } from './paint.ts';
import { markdownCode, markdownLines, markdownText, oneLine } from './sanitize.ts';
import { count, platformName } from './wording.ts';

/** One thing said of a cluster. */
export interface Note {
  readonly text: string;
  /** 'object': a name, shown as code in Markdown. Default 'plain'. */
  readonly tone?: 'plain' | 'good' | 'warning' | 'bad' | 'dim' | 'object' | undefined;
}

/** What is said of one cluster. */
export interface ClusterNotes {
  readonly cluster: string;
  readonly notes: readonly Note[];
  readonly problem?: Problem | undefined;
}

type Platform = Parameters<typeof platformName>[0]['platform'];

/** Notes on every cluster, for a terminal. Ends in a line feed. */
export function clusterNotesText(platform: Platform, clusters: readonly ClusterNotes[], paint: Paint): string {
  const tones = { plain: same, good: paint.green, warning: paint.yellow, bad: paint.red, dim: paint.dim, object: same };
  const lines = [`${paint.bold(platformName({ platform }))} · ${count(clusters.length, 'cluster')}`];
  for (const { cluster, notes, problem } of clusters) {
    lines.push('', paint.cyan(oneLine(cluster)));
    for (const { text, tone = 'plain' } of notes)
      lines.push(`${tone === 'object' ? '    ' : '  '}${tones[tone](oneLine(text))}`);
    if (problem !== undefined) lines.push(paint.red(`  ✖ ${problem.code} ${oneLine(problem.what)}`));
    for (const line of problem?.fix?.split('\n') ?? []) lines.push(`    ${oneLine(line)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The same for a pull request or a job summary. */
export function clusterNotesMarkdown(platform: Platform, clusters: readonly ClusterNotes[]): string {
  const sections = [`### ${markdownText(platformName({ platform }))} · ${count(clusters.length, 'cluster')}`];
  for (const { cluster, notes, problem } of clusters) {
    const lines = notes.map(({ text, tone }) =>
      tone === 'object' ? `  - ${markdownCode(text)}` : `- ${markdownText(text)}`,
    );
    if (problem !== undefined) {
      const fix = problem.fix === undefined ? '' : `<br>${markdownLines(problem.fix)}`;
      lines.push(`- ❌ **${problem.code}**: ${markdownText(problem.what)}${fix}`);
    }
    sections.push(`**${markdownText(cluster)}**`, lines.join('\n'));
  }
  return `${sections.join('\n\n')}\n`;
}

function same(text: string): string {
  return text;
}
