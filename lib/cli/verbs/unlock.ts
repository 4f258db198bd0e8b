import { type LeaseHolder, readLeaseHolder, removeLease } from '../../apply/unlock.ts';
import { OrreryError } from '../../errors.ts';
import type { Problem } from '../../plan/plan.ts';
import type { ClusterNotes, Note } from '../../report/cluster-notes.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { lookIntoClusters } from '../in-clusters.ts';
import type { ClusterOptions, OutputFormat } from '../options.ts';
import { loadProgram, openProgramTargets } from '../planning.ts';
import { printClusterNotes } from '../print-notes.ts';
import type { VerbContext } from '../verb.ts';

export interface UnlockOptions extends ClusterOptions {
  readonly output: OutputFormat;
  /** Id of the lease to remove; absent: nothing is removed, who holds what is shown. */
  readonly leaseId?: string | undefined;
}

interface FoundLease {
  /** Absent: nobody is applying. */
  readonly lease?: LeaseHolder | undefined;
  readonly removed: boolean;
}

/** Shows who holds the lease of each cluster; with the id of one, removes it. */
export async function unlock(context: VerbContext, options: UnlockOptions): Promise<ExitCode> {
  const { surroundings } = context;
  const program = await loadProgram(surroundings, options);
  const { platform } = program.assembly;
  const targets = await openProgramTargets(program, surroundings, options);
  const looked = await lookIntoClusters(targets, async (target): Promise<{ found: FoundLease }> => {
    const lease = await readLeaseHolder(target, platform.id);
    const id = options.leaseId;
    const removed = id !== undefined && lease?.id === id && (await removeLease(target, platform.id, id));
    return { found: { lease, removed } };
  });
  await targets.close();
  const clusters = looked.map(({ cluster, found, problem }) => ({ cluster, removed: false, ...found, problem }));
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

function notesOf({
  cluster,
  lease,
  removed,
  problem,
}: FoundLease & { cluster: string; problem?: Problem | undefined }): ClusterNotes {
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
