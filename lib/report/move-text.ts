import type { MoveEvent } from '../apply/outcome.ts';
import type { Plan, ServiceMove, ShareChange } from '../plan/plan.ts';
import type { Paint } from './paint.ts';
import { markdownCode, oneLine } from './sanitize.ts';
import { count, listOf } from './wording.ts';

/** The two steps in which replicas move. */
interface MoveSteps {
  readonly service: string;
  /** Clusters that get more. */
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** Clusters that have to be ready in between. */
  readonly receivers: readonly string[];
  /** Something is written before its replicas go. */
  readonly isSplit: boolean;
}

function stepsOf({ service, receivers, donors }: ServiceMove): MoveSteps {
  return {
    service,
    first: receivers.filter(({ before, after }) => before === undefined || before < after).map(shareWords),
    second: donors.map(shareWords),
    receivers: receivers.map(({ cluster }) => cluster),
    isSplit: donors.some(({ writes }) => writes.some(({ keeps }) => keeps !== undefined)),
  };
}

/** "prod-sh 8 → 5". */
function shareWords({ cluster, before, after }: ShareChange): string {
  return `${oneLine(cluster)} ${before ?? '?'} → ${after}`;
}

/** More clusters of one step than this are counted. */
const MOST_CLUSTERS = 8;

function stepWords(clusters: readonly string[]): string {
  const rest = clusters.length - MOST_CLUSTERS;
  const shown = clusters.slice(0, MOST_CLUSTERS).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

const NOTE = 'other changes of these workloads do not wait';

/** Lines for a terminal: what goes first, what waits for it; none where no replicas move. */
export function moveLines({ moves = [] }: Plan, paint: Paint): string[] {
  return moves
    .map(stepsOf)
    .flatMap(({ service, first, second, receivers, isSplit }) => [
      `  replicas of ${oneLine(service)} move`,
      ...(first.length === 0 ? [] : [`    1. ${stepWords(first)}`]),
      `    ${first.length === 0 ? '1' : '2'}. when ready in ${listOf(receivers)}: ${stepWords(second)}${isSplit ? paint.dim(`   ${NOTE}`) : ''}`,
    ]);
}

/** More rows would take the room of what changes: a comment has an end. */
const MOST_ROWS = 40;

/** A table for a pull request. */
export function moveSection({ moves = [] }: Plan): string[] {
  if (moves.length === 0) return [];
  const rows = moves.slice(0, MOST_ROWS).map((move) => {
    const { service, first, second, receivers, isSplit } = stepsOf(move);
    const cells = [markdownCode(service, 'cell'), cellOf(first), cellOf(receivers), cellOf(second)];
    return `| ${cells.join(' | ')}${isSplit ? ' ¹' : ''} |`;
  });
  const notes = [
    ...(moves.some((move) => stepsOf(move).isSplit) ? [`¹ ${NOTE}.`] : []),
    ...(moves.length > MOST_ROWS
      ? [`${count(moves.length - MOST_ROWS, 'more service')}: \`orrery plan\` shows all.`]
      : []),
  ];
  const table = ['| Service | First | Then ready in | Then |', '|---|---|---|---|', ...rows].join('\n');
  const note = notes.length === 0 ? '' : `\n\n<sub>${notes.join(' ')}</sub>`;
  return [`**Replicas move**\n\n${table}${note}`];
}

function cellOf(words: readonly string[]): string {
  if (words.length === 0) return '–';
  const rest = words.length - MOST_CLUSTERS;
  const shown = words.slice(0, MOST_CLUSTERS).map((word) => markdownCode(word, 'cell'));
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** One line per event, without line feed. */
export function moveEventText(event: MoveEvent): string {
  const service = oneLine(event.service);
  if (event.type === 'replicas-released') return `${service}: ready, its replicas go where they shall be fewer`;
  return `${service}: no replica goes in ${listOf(event.donors)} until it is ready in ${listOf(event.receivers)}`;
}
