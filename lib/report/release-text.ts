import type { ReleaseEvent, ReleaseOutcome } from '../canary-release/release-outcome.ts';
import type { ReleaseStatus } from '../canary-release/release-status.ts';
import type { Plan, PlannedCanary } from '../plan/plan.ts';
import { applyEventText } from './apply-text.ts';
import type { Paint } from './paint.ts';
import { problemText } from './problem-text.ts';
import { markdownText, oneLine } from './sanitize.ts';
import { platformName } from './wording.ts';

/** Canary releases, in words. */

/** "cart at weight-5 (2/9) · 5 % · pause of 5 min": one line, without mark-up. */
function canaryWords(canary: PlannedCanary): string {
  const { release, phase, stage, place, weight, reason, after = [], begins = [] } = canary;
  const parts = [`canary release ${release} ${PHASE_WORDS[phase]}${stage === undefined ? '' : ` ${stage}`}`];
  if (place !== undefined) parts[0] += ` (${place})`;
  if (weight !== undefined) parts.push(`${weight} %`);
  if (reason !== undefined) parts.push(reason);
  if (after.length > 0) parts.push(`after ${after.join(', ')}`);
  if (begins.length > 0) parts.push(`begins: ${begins.join(', ')}`);
  return oneLine(parts.join(' · '));
}

const PHASE_WORDS: Readonly<Record<PlannedCanary['phase'], string>> = {
  'not-begun': 'has not begun',
  progressing: 'at',
  paused: 'paused at',
  aborting: 'is going back',
  aborted: 'was aborted',
  through: 'is through, at',
};

/** For a plan: a line for each release and cluster. */
export function canaryLines({ clusters }: Plan, paint: Paint): string[] {
  return clusters.flatMap(({ cluster, canaryReleases = [] }) =>
    canaryReleases.map((canary) => {
      const colour = canary.phase === 'paused' || canary.phase.startsWith('abort') ? paint.yellow : paint.cyan;
      return colour(`  ◐ ${oneLine(cluster)}  ${canaryWords(canary)}`);
    }),
  );
}

/** For a pull request; empty where there is none. */
export function canarySection({ clusters }: Plan): string[] {
  const lines = clusters.flatMap(({ cluster, canaryReleases = [] }) =>
    canaryReleases.map((canary) => `- **${markdownText(cluster)}**: ${markdownText(canaryWords(canary))}`),
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** Where releases stand, for a terminal. Ends in a line feed. */
export function releaseStatusText(
  platform: Parameters<typeof platformName>[0]['platform'],
  statuses: readonly ReleaseStatus[],
  paint: Paint,
): string {
  const width = Math.max(0, ...statuses.map(({ cluster }) => oneLine(cluster).length));
  const lines = statuses.map(({ release, cluster, canary, updatedAt, by, problem }) => {
    const head = `  ${oneLine(cluster).padEnd(width)}  `;
    if (problem !== undefined) return `${head}${paint.red(`✖ ${oneLine(release)}: ${oneLine(problem.what)}`)}`;
    const said =
      canary === undefined ? `canary release ${oneLine(release)} is moved by nobody here` : canaryWords(canary);
    const since = updatedAt === undefined ? '' : paint.dim(`  since ${updatedAt} by ${oneLine(by ?? '?')}`);
    return `${head}${said}${since}`;
  });
  const none = statuses.length === 0 ? [paint.dim('  no canary release')] : [];
  return `${[paint.bold(platformName({ platform })), ...lines, ...none].join('\n')}\n`;
}

interface ReleaseTextOptions {
  readonly paint: Paint;
  readonly clusterWidth: number;
}

/** One line per event, without line feed; several for a failure. */
export function releaseEventText(event: ReleaseEvent, options: ReleaseTextOptions): string {
  const { paint } = options;
  const line = (cluster: string, release: string, text: string): string =>
    `${oneLine(cluster).padEnd(options.clusterWidth)}  ◐ ${oneLine(release)} ${text}`;
  switch (event.type) {
    case 'release-stage': {
      const weight = event.weight === undefined ? '' : ` · ${event.weight} %`;
      return line(event.cluster, event.release, `${oneLine(event.stage)} (${event.place})${weight}`);
    }
    case 'release-holding':
      return line(event.cluster, event.release, paint.dim(`${oneLine(event.stage)}: ${oneLine(event.reason)}`));
    case 'release-going-back':
      return line(event.cluster, event.release, paint.yellow(`goes back: ${oneLine(event.reason)}`));
    case 'release-finished': {
      const { outcome } = event;
      const said = line(outcome.cluster, outcome.release, outcomeWords(outcome, paint));
      if (outcome.problem === undefined) return said;
      const where = { ...outcome.problem.where, cluster: outcome.cluster };
      return `${said}\n${problemText({ ...outcome.problem, where }, paint).trimEnd()}`;
    }
    default:
      return applyEventText(event, options);
  }
}

function outcomeWords({ status, stage, reason }: ReleaseOutcome, paint: Paint): string {
  const at = stage === undefined ? '' : ` at ${oneLine(stage)}`;
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  switch (status) {
    case 'through':
      return paint.green(`✔ through${at}`);
    case 'waiting':
      return paint.yellow(`… waits${at}${why}`);
    case 'aborted':
      return paint.yellow(`○ was aborted${why}`);
    case 'interrupted':
      return paint.yellow(`○ interrupted${at}`);
    case 'went-back':
      return paint.red('✖ went back');
    case 'failed':
      return paint.red(`✖ failed${at}`);
  }
}
