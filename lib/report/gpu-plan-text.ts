import type { PlannedCluster, PlannedPool } from '../gpu/gpu-plan.ts';
import type { Problem } from '../plan/plan.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './sanitize.ts';
import { count } from './wording.ts';

/** The GPUs of a cluster, or why they are not known. */
export type ShownGpus = PlannedCluster | { readonly cluster: string; readonly problem: Problem };

const HEADS = ['pool', 'mode', 'cards', 'slices', 'requested', 'free', 'cards needed', 'without the pool', 'idle'];

/** A table for each cluster. */
export function gpuPlanText(platform: string, clusters: readonly ShownGpus[], paint: Paint): string {
  const lines = [`${paint.bold(platform)} · GPUs of ${count(clusters.length, 'cluster')}`];
  for (const one of clusters) {
    lines.push('', paint.cyan(oneLine(one.cluster)));
    if ('problem' in one) {
      lines.push(`  ${paint.red(oneLine(one.problem.what))}`);
      continue;
    }
    if (one.pools.length === 0) lines.push('  no pools of GPUs');
    else
      lines.push(
        ...table([HEADS, ...one.pools.map(cellsOf)], paint),
        ...one.pools.flatMap((pool) => notesOf(pool, paint)),
      );
    for (const { from, pods } of one.outside)
      lines.push(`  ${paint.yellow(`${count(pods, 'pod')} of ${oneLine(from)} want cards of no pool`)}`);
  }
  return `${lines.join('\n')}\n`;
}

function cellsOf(pool: PlannedPool): string[] {
  const { cards, slices, requested, free, cardsNeeded, cardsAlone, idleCards } = pool;
  const numbers = [cards, slices, requested, free, cardsNeeded, cardsAlone, idleCards].map(String);
  return [oneLine(pool.pool), oneLine(pool.mode), ...numbers];
}

function table(rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = HEADS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row, at) => {
    const cells = row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
    const line = `  ${cells.join('  ')}`.trimEnd();
    return at === 0 ? paint.dim(line) : line;
  });
}

function notesOf(pool: PlannedPool, paint: Paint): string[] {
  const { memory, strandedMebibytes = 0, unplaced, announced, slices } = pool;
  const name = oneLine(pool.pool);
  const stranded = strandedMebibytes > 0 ? `, ${strandedMebibytes} left on cards in use` : '';
  return [
    ...(memory === undefined
      ? []
      : [`  ${paint.dim(`${name}: ${memory.requested} of ${memory.mebibytes} MiB requested${stranded}`)}`]),
    ...(announced === undefined || announced.slices === slices
      ? []
      : [
          `  ${paint.yellow(`${name}: ${count(announced.nodes, 'node')} announce ${announced.slices} slices, and the program expects ${slices}`)}`,
        ]),
    ...unplaced.map(
      ({ from, pods }) => `  ${paint.red(`${name}: no room for ${count(pods, 'pod')} of ${oneLine(from)}`)}`,
    ),
  ];
}
