import { type LeaseHolder, readLeaseHolder, removeLease } from '../../apply/unlock.ts';
import { OrreryError } from '../../errors.ts';
import type { PlanTarget } from '../../plan/make-plan.ts';
import type { Problem } from '../../plan/plan.ts';
import { problemOf } from '../../plan/planning-context.ts';
import type { ClusterNotes, Note } from '../../report/cluster-notes.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ClusterOptions, OutputFormat } from '../options.ts';
import { loadProgram, openProgramTargets } from '../planning.ts';
import { printClusterNotes } from '../print-notes.ts';
import type { VerbContext } from '../verb.ts';

export interface UnlockOptions extends ClusterOptions {
  readonly output: OutputFormat;
  /** Id of the lease to remove; absent: nothing is removed, who holds what is shown. */
  readonly leaseId?: string | undefined;
}

interface ShownLease {
  readonly cluster: string;
  /** Absent: nobody is applying. */
  readonly lease?: LeaseHolder | undefined;
  readonly removed: boolean;
  readonly problem?: Problem | undefined;
}

/** Shows who holds the lease of each cluster; with the id of one, removes it. */
export async function unlock(context: VerbContext, options: UnlockOptions): Promise<ExitCode> {
  const { surroundings } = context;
  const program = await loadProgram(surroundings, options);
  const { platform } = program.assembly;
  const targets = await openProgramTargets(program, surroundings, options);
  const leases = await Promise.all(targets.all.map((target) => leaseOf(target, platform.id, options.leaseId)));
  await targets.close();
  const clusters = leases.filter((one) => one !== undefined);
  printClusterNotes(context.screen, options.output, {
    platform,
    clusters: clusters.map(notesOf),
    json: { format: 'orrery/leases', version: '1.0', platform, clusters },
  });
  if (options.leaseId !== undefined && !clusters.some(({ removed }) => removed)) {
    throw new OrreryError('ORR5010', `No cluster has a lease with the id ${options.leaseId}.`, {
      fix: 'It was released or taken by another apply since. orrery unlock shows who holds what now.',
    });
  }
  return clusters.some(({ problem }) => problem !== undefined) ? EXIT.error : EXIT.ok;
}

/** Undefined for a folder: nobody locks one. */
async function leaseOf(
  target: PlanTarget,
  platformId: string,
  id: string | undefined,
): Promise<ShownLease | undefined> {
  const { cluster } = target;
  if (target.kind === 'directory') return undefined;
  try {
    if (target.kind === 'unopened') throw target.error;
    const lease = await readLeaseHolder(target, platformId);
    const removed = id !== undefined && lease?.id === id && (await removeLease(target, platformId, id));
    return { cluster, lease, removed };
  } catch (error) {
    return { cluster, removed: false, problem: problemOf(error, { cluster }) };
  }
}

function notesOf({ cluster, lease, removed, problem }: ShownLease): ClusterNotes {
  if (problem !== undefined) return { cluster, notes: [], problem };
  if (lease === undefined) return { cluster, notes: [{ text: 'nobody is applying', tone: 'dim' }] };
  const { id, who, since = 'an unknown time', renewedAt = 'never', durationSeconds } = lease;
  const notes: Note[] = [
    { text: `${who} is applying since ${since}, last sign of life ${renewedAt}`, tone: 'warning' },
    removed
      ? { text: `lease ${id} removed`, tone: 'good' }
      : { text: `without a sign of life for ${durationSeconds} s the next apply takes over by itself`, tone: 'dim' },
  ];
  if (!removed) notes.push({ text: `if that apply is dead: orrery unlock --lease-id ${id}`, tone: 'dim' });
  return { cluster, notes };
}
