import type { ApplyEvent, ClusterEvent, ClusterOutcome, Outcome } from '../apply/outcome.ts';
import { moveEventText } from './move-text.ts';
import type { Paint } from './paint.ts';
import { problemText } from './problem-text.ts';
import { oneLine } from './sanitize.ts';
import { waveEventText, waveLines } from './wave-text.ts';
import { ACTION_WORDS, count, duration, objectName } from './wording.ts';

export interface ApplyTextOptions {
  readonly paint: Paint;
  /** Width of the column of cluster names. */
  readonly clusterWidth: number;
}

/** One line per event, without line feed; several for a failure. */
export function applyEventText(event: ApplyEvent, options: ApplyTextOptions): string {
  if ('cluster' in event) return clusterEventText(event, options);
  return 'service' in event ? moveEventText(event) : waveEventText(event, options);
}

function clusterEventText(event: ClusterEvent, options: ApplyTextOptions): string {
  const { paint } = options;
  const line = (sign: string, text: string): string =>
    `${oneLine(event.cluster).padEnd(options.clusterWidth)}  ${sign} ${text}`;
  switch (event.type) {
    case 'cluster-started':
      return line('▸', event.writes === 0 ? 'nothing to write' : count(event.writes, 'write'));
    case 'lease-waiting':
      return line(paint.yellow('…'), `waiting for ${oneLine(event.holder)}, who is applying to this cluster`);
    case 'object-written':
      return line(
        paint.green(ACTION_WORDS[event.action].sign),
        `${objectName(event.id)} ${ACTION_WORDS[event.action].done}`,
      );
    case 'object-waiting':
      return line(paint.yellow('…'), `${objectName(event.id)}: ${oneLine(event.reason)}`);
    case 'object-ready':
      return line(paint.green('✔'), `${objectName(event.id)} ready`);
    case 'object-deleted':
      return line(paint.red('-'), `${objectName(event.id)} deleted`);
    case 'object-failed':
      return `${line(paint.red('✖'), `${objectName(event.id)} failed`)}\n${problemText({ ...event.problem, where: { ...event.problem.where, cluster: event.cluster } }, paint).trimEnd()}`;
    case 'object-skipped':
      return line(paint.yellow('○'), `${objectName(event.id)} skipped: ${oneLine(event.reason)}`);
    case 'object-warning':
      return line(paint.yellow('!'), `${objectName(event.id)}: ${oneLine(event.warning)}`);
    case 'cluster-finished':
      return line(statusSign(event.outcome, paint), clusterOutcomeWords(event.outcome));
  }
}

function statusSign(outcome: ClusterOutcome, paint: Paint): string {
  if (outcome.status === 'done') return paint.green('✔');
  return outcome.status === 'failed' ? paint.red('✖') : paint.yellow(outcome.status === 'waiting' ? '…' : '○');
}

const STATUS_WORDS: Readonly<Record<ClusterOutcome['status'], string>> = {
  done: 'done',
  failed: 'failed',
  waiting: 'waiting for somebody',
  skipped: 'skipped',
  interrupted: 'interrupted',
};

/** "done · 12 written · 1 deleted · 63 unchanged · 14 s". */
export function clusterOutcomeWords(outcome: ClusterOutcome): string {
  const parts = [STATUS_WORDS[outcome.status]];
  if (outcome.written > 0) parts.push(`${outcome.written} written`);
  if (outcome.deleted > 0) parts.push(`${outcome.deleted} deleted`);
  if (outcome.unchanged > 0) parts.push(`${outcome.unchanged} unchanged`);
  if (outcome.failures.length > 0) parts.push(`${outcome.failures.length} failed`);
  if (outcome.skipped.length > 0) parts.push(`${outcome.skipped.length} skipped`);
  if (outcome.status !== 'skipped') parts.push(duration(outcome.milliseconds));
  return parts.join(' · ');
}

export interface OutcomeTextOptions extends ApplyTextOptions {
  /** How long it took; shown when given. */
  readonly milliseconds?: number | undefined;
  /** Word for "everything was done". Default "applied". */
  readonly done?: string | undefined;
}

/** What happened altogether: a verdict line, then a line per cluster that did not end well. Failures of objects were told as they happened. Ends in a line feed. */
export function outcomeText(outcome: Outcome, options: OutcomeTextOptions): string {
  const { paint } = options;
  const lines = [verdictLine(outcome, options), ...waveLines(outcome, options.paint)];
  for (const cluster of outcome.clusters) {
    if (cluster.status === 'done') continue;
    const notStarted = cluster.problem?.code === 'ORR5202' ? ` · ${oneLine(cluster.problem.what)}` : '';
    lines.push(
      `  ${oneLine(cluster.cluster).padEnd(options.clusterWidth)}  ${statusSign(cluster, paint)} ${clusterOutcomeWords(cluster)}${notStarted}`,
    );
    for (const { id, reason } of cluster.suspended ?? []) lines.push(`    ${objectName(id)}: ${oneLine(reason)}`);
    if (cluster.problem !== undefined && notStarted === '')
      lines.push(
        problemText(
          { ...cluster.problem, where: { ...cluster.problem.where, cluster: cluster.cluster } },
          paint,
        ).trimEnd(),
      );
  }
  const wrote = outcome.clusters.some(({ written, deleted }) => written + deleted > 0);
  if (wrote && ['failed', 'interrupted'].includes(outcomeVerdict(outcome).status ?? 'done')) {
    lines.push(paint.dim('What was written is recorded: run the same command again to go on from here.'));
  }
  return `${lines.join('\n')}\n`;
}

function verdictLine(outcome: Outcome, options: OutcomeTextOptions): string {
  const { paint } = options;
  const { verdict, parts, status } = outcomeVerdict(outcome, options.done);
  const colour = status === undefined ? paint.green : status === 'waiting' ? paint.yellow : paint.red;
  const time = options.milliseconds === undefined ? [] : [duration(options.milliseconds)];
  return [colour(paint.bold(verdict)), ...parts, ...time].join(' · ');
}

/** What the whole apply is called, by the worst that happened in a cluster. */
const OUTCOMES: readonly { readonly status: ClusterOutcome['status']; readonly verdict: string }[] = [
  { status: 'failed', verdict: 'failed' },
  { status: 'interrupted', verdict: 'interrupted' },
  { status: 'skipped', verdict: 'incomplete' },
  { status: 'waiting', verdict: 'waiting for somebody' },
];

export interface OutcomeVerdict {
  readonly verdict: string;
  /** The worst status of a cluster; undefined when every cluster is done. */
  readonly status: ClusterOutcome['status'] | undefined;
  /** Counts over all clusters. */
  readonly parts: readonly string[];
}

/** One word for the whole apply, and the counts of all clusters. */
export function outcomeVerdict(outcome: Outcome, done = 'applied'): OutcomeVerdict {
  const of = (status: ClusterOutcome['status']): number =>
    outcome.clusters.filter((cluster) => cluster.status === status).length;
  const sum = (pick: (cluster: ClusterOutcome) => number): number =>
    outcome.clusters.reduce((total, cluster) => total + pick(cluster), 0);
  const failedWave = outcome.waves?.find((wave) => wave.status === 'failed');
  const { verdict, status } =
    failedWave !== undefined
      ? { verdict: 'failed', status: 'failed' as const }
      : (OUTCOMES.find((one) => of(one.status) > 0) ?? { verdict: done, status: undefined });
  const clusters = count(outcome.clusters.length, 'cluster');
  const parts = [
    ...(failedWave === undefined ? [] : [`wave ${oneLine(failedWave.name)}`]),
    status === undefined || of(status) === 0 ? clusters : `${of(status)} of ${clusters}`,
    `${sum((cluster) => cluster.written)} written`,
  ];
  const deleted = sum((cluster) => cluster.deleted);
  if (deleted > 0) parts.push(`${deleted} deleted`);
  const failures = sum((cluster) => cluster.failures.length);
  if (failures > 0) parts.push(`${count(failures, 'object')} failed`);
  const skipped = sum((cluster) => cluster.skipped.length);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return { verdict, status, parts };
}
