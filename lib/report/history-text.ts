import type { Problem } from '../plan/plan.ts';
import type { RevisionHead } from '../revision/revision.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './sanitize.ts';
import { count, platformName } from './wording.ts';

/** What a cluster keeps, newest first, or why that is not known. */
export interface ClusterHistory {
  readonly cluster: string;
  readonly revisions: readonly RevisionHead[];
  readonly problem?: Problem | undefined;
}

/** "12  2026-11-21 08:00:00 UTC  140 objects  mina@laptop". */
export function revisionLine(head: RevisionHead, width = 0): string {
  const when = head.appliedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  return `${String(head.number).padStart(width)}  ${oneLine(when)}  ${count(head.objects, 'object')}  ${oneLine(head.by)}`;
}

/** The revisions of each cluster, one per line, for a terminal. Ends in a line feed. */
export function historyText(
  platform: Parameters<typeof platformName>[0]['platform'],
  clusters: readonly ClusterHistory[],
  paint: Paint,
): string {
  const lines = [`${paint.bold(platformName({ platform }))} · ${count(clusters.length, 'cluster')}`];
  for (const { cluster, revisions, problem } of clusters) {
    lines.push('', paint.cyan(oneLine(cluster)));
    if (problem !== undefined) lines.push(paint.red(`  ✖ ${oneLine(problem.what)}`));
    else if (revisions.length === 0) lines.push(paint.dim('  nothing was applied yet'));
    const width = String(revisions[0]?.number ?? 0).length;
    revisions.forEach((head, at) => {
      const notes = [
        ...(at === 0 ? ['present'] : []),
        ...(head.rollbackOf === undefined ? [] : [`back to revision ${head.rollbackOf}`]),
        ...(head.complete ? [] : ['not everything was done']),
      ];
      const tail = notes.length === 0 ? '' : `  ${(head.complete ? paint.dim : paint.yellow)(notes.join(', '))}`;
      lines.push(`  ${revisionLine(head, width)}${tail}`);
    });
  }
  return `${lines.join('\n')}\n`;
}
