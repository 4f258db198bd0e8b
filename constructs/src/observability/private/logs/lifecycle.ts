import type { Finding } from '../../../private/service-validation';

/** A lifecycle with everything decided. Times are "14d" or "36h". */
export interface Lifecycle {
  /** Absent: no cold phase. */
  readonly coldAfter: string | undefined;
  readonly deleteAfter: string;
  readonly rolloverAfter: string;
  readonly rolloverSize: string;
  readonly replicas: number;
  readonly coldReplicas: number | undefined;
}

/** Nodes that hold data, by tier. */
export interface TierNodes {
  readonly hot: number;
  readonly cold: number;
}

/** Hours of "14d" or "36h"; undefined where it is neither. */
export function hoursOf(time: string): number | undefined {
  const [, number = '', unit] = /^([1-9]\d{0,4})([dh])$/.exec(time) ?? [];
  return unit === undefined ? undefined : Number(number) * (unit === 'd' ? 24 : 1);
}

/** The longest that anything is kept: Elasticsearch reads times as nanoseconds in 63 bits, less than 300 years. */
const MOST_HOURS = 100 * 365 * 24;

export function lifecycleFindings(lifecycle: Lifecycle): Finding[] {
  const { coldAfter, deleteAfter, rolloverAfter, rolloverSize, replicas, coldReplicas } = lifecycle;
  return [
    ...timeFindings('rolloverAfter', rolloverAfter),
    ...(coldAfter === undefined ? [] : timeFindings('coldAfter', coldAfter)),
    ...timeFindings('deleteAfter', deleteAfter),
    ...(/^[1-9]\d{0,5}(mb|gb|tb)$/.test(rolloverSize)
      ? []
      : [bad('ORR2011', `rolloverSize is ${JSON.stringify(rolloverSize)}.`, 'Use mb, gb or tb, e.g. "50gb".')]),
    ...replicaFindings('replicas', replicas),
    ...(coldReplicas === undefined ? [] : replicaFindings('coldReplicas', coldReplicas)),
    ...orderFindings(lifecycle),
  ];
}

function timeFindings(field: string, time: string): Finding[] {
  const hours = hoursOf(time);
  if (hours !== undefined && hours <= MOST_HOURS) return [];
  return [bad('ORR2011', `${field} is ${JSON.stringify(time)}.`, 'Use whole days or hours, e.g. "14d" or "36h".')];
}

function replicaFindings(field: string, replicas: number): Finding[] {
  if (Number.isInteger(replicas) && replicas >= 0 && replicas <= 10) return [];
  return [bad('ORR2011', `${field} is ${replicas}.`, 'Use a whole number from 0 to 10.')];
}

/** Each age is counted from rollover, so they have to rise; a rollover that comes later than the phase lasts would more than double it. */
function orderFindings({ coldAfter, deleteAfter, rolloverAfter }: Lifecycle): Finding[] {
  const [rollover, cold, gone] = [
    hoursOf(rolloverAfter),
    coldAfter === undefined ? undefined : hoursOf(coldAfter),
    hoursOf(deleteAfter),
  ];
  const found: Finding[] = [];
  if (cold !== undefined && gone !== undefined && gone <= cold)
    found.push(
      bad(
        'ORR2012',
        `Records are deleted after ${deleteAfter}, before they were cold (after ${coldAfter}).`,
        'Use a later deleteAfter, or LogLifecycle.hot where nothing is to be cold.',
      ),
    );
  const [first, what] = cold === undefined ? [gone, `deleteAfter ${deleteAfter}`] : [cold, `coldAfter ${coldAfter}`];
  if (rollover !== undefined && first !== undefined && rollover > first)
    found.push(
      bad(
        'ORR2012',
        `Ages count from rollover, and an index is rolled over after up to ${rolloverAfter}: with ${what} records would stay more than twice as long as said.`,
        `Use a rolloverAfter of at most ${first % 24 === 0 ? `${first / 24}d` : `${first}h`}, e.g. "1d".`,
      ),
    );
  return found;
}

/** Whether the nodes of a store can hold what a lifecycle asks for: a primary and each copy of it are on different nodes. */
export function tierFindings({ coldAfter, replicas, coldReplicas }: Lifecycle, nodes: TierNodes): Finding[] {
  const found: Finding[] = [];
  if (replicas >= nodes.hot)
    found.push(
      bad(
        'ORR2012',
        `${replicas} ${copies(replicas)} of a shard beside the primary one do not fit on ${nodes.hot} hot ${nodes.hot === 1 ? 'node' : 'nodes'}.`,
        `Use replicas: ${Math.max(0, nodes.hot - 1)}, or more nodes.`,
      ),
    );
  if (coldAfter === undefined) return found;
  if (nodes.cold === 0)
    found.push(
      bad(
        'ORR2012',
        `Records get cold after ${coldAfter}, and there is no node for cold data: they would stay on hot ones.`,
        'Give the store cold nodes, or use LogLifecycle.hot.',
      ),
    );
  else if (coldReplicas !== undefined && coldReplicas >= nodes.cold)
    found.push(
      bad(
        'ORR2012',
        `${coldReplicas} ${copies(coldReplicas)} of a shard beside the primary one do not fit on ${nodes.cold} cold ${nodes.cold === 1 ? 'node' : 'nodes'}.`,
        `Use coldReplicas: ${Math.max(0, nodes.cold - 1)}, or more nodes.`,
      ),
    );
  return found;
}

function copies(number: number): string {
  return number === 1 ? 'copy' : 'copies';
}

function bad(code: 'ORR2011' | 'ORR2012', what: string, fix: string): Finding {
  return { code, what, fix };
}
