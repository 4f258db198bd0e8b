import type { Problem } from '../plan/plan.ts';
import type { ClusterStatus, ObjectStatus } from '../status/cluster-status.ts';
import { revisionLine } from './history-text.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './sanitize.ts';
import { count, objectName, platformName } from './wording.ts';

/** A cluster, or why nothing is known of it. */
export type ShownStatus = ClusterStatus | { readonly cluster: string; readonly problem: Problem };

/** Worst first. */
const ORDER = [
  'failed',
  'missing',
  'unknown',
  'suspended',
  'waiting',
  'ready',
] as const satisfies readonly ObjectStatus['status'][];

/** What of the platform is where, and what of it is not well, for a terminal. Ends in a line feed. */
export function statusText(
  platform: Parameters<typeof platformName>[0]['platform'],
  clusters: readonly ShownStatus[],
  { paint, verbose }: { readonly paint: Paint; readonly verbose: boolean },
): string {
  const colours: Readonly<Record<ObjectStatus['status'], (text: string) => string>> = {
    failed: paint.red,
    missing: paint.red,
    unknown: paint.yellow,
    suspended: paint.yellow,
    waiting: paint.yellow,
    ready: paint.green,
  };
  const lines = [`${paint.bold(platformName({ platform }))} · ${count(clusters.length, 'cluster')}`];
  for (const cluster of clusters) {
    lines.push('', paint.cyan(oneLine(cluster.cluster)));
    if ('problem' in cluster) {
      lines.push(paint.red(`  ✖ ${oneLine(cluster.problem.what)}`));
      continue;
    }
    lines.push(
      cluster.revision === undefined ? paint.dim('  no revision') : `  revision ${revisionLine(cluster.revision)}`,
    );
    for (const { release, status, stage, reason } of cluster.canaryReleases ?? []) {
      const why = reason === undefined ? '' : ` · ${oneLine(reason)}`;
      lines.push(paint.cyan(`  ◐ canary release ${oneLine(release)} ${status} at ${oneLine(stage)}${why}`));
    }
    const groups = ORDER.map((status) => ({ status, members: cluster.objects.filter((one) => one.status === status) }));
    const phrases = groups.flatMap(({ status, members }) =>
      members.length === 0 ? [] : [colours[status](`${members.length} ${status}`)],
    );
    lines.push(`  ${phrases.length === 0 ? paint.dim('nothing of ours is there') : phrases.join(' · ')}`);
    for (const { status, members } of groups) {
      if (status === 'ready' && !verbose) continue;
      for (const { id, reason } of members)
        lines.push(
          `    ${colours[status](status.padEnd(9))}  ${objectName(id)}${reason === '' ? '' : paint.dim(`  ${oneLine(reason)}`)}`,
        );
    }
  }
  return `${lines.join('\n')}\n`;
}
