import {
  assertMayRefresh,
  planRefresh,
  type RefreshPlan,
  refreshes,
  refreshInventory,
} from '../../apply/refresh-inventory.ts';
import { OrreryError } from '../../errors.ts';
import { describeId } from '../../kubernetes/object.ts';
import type { Problem } from '../../plan/plan.ts';
import { problemOf } from '../../plan/planning-context.ts';
import type { ClusterNotes, Note } from '../../report/cluster-notes.ts';
import { count } from '../../report/wording.ts';
import type { ExitCode } from '../exit-code.ts';
import { type InCluster, lookIntoClusters, writeAfterReview } from '../in-clusters.ts';
import type { ClusterOptions, OutputFormat } from '../options.ts';
import { loadProgram, openProgramTargets } from '../planning.ts';
import type { VerbContext } from '../verb.ts';
import { whoApplies } from '../who.ts';
import { assertSomebodyToAsk } from './apply.ts';

export interface RefreshVerbOptions extends ClusterOptions {
  readonly output: OutputFormat;
  readonly yes: boolean;
  /** Go on although some kinds cannot be read. */
  readonly partial: boolean;
}

type ClusterRefresh = InCluster<RefreshPlan>;

/** Makes the inventories whole again from what the clusters hold: shows what it would enter, asks, writes. */
export async function refresh(context: VerbContext, options: RefreshVerbOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  if (!options.yes) assertSomebodyToAsk('refresh', surroundings);
  const program = await loadProgram(surroundings, options);
  const { platform } = program.assembly;
  const { stateFolder } = program.project;
  const targets = await openProgramTargets(program, surroundings, options);
  try {
    const clusters = await lookIntoClusters(targets, async (target) => {
      const found = await planRefresh(target, platform.id, { stateFolder });
      return { found, problem: options.partial ? undefined : unreadProblem(target.cluster, found) };
    });
    const who = whoApplies(surroundings.env);
    return await writeAfterReview(screen, options, clusters, {
      writes: ({ found, problem }) => problem === undefined && found !== undefined && refreshes(found),
      assertMayWrite: (target) => assertMayRefresh(target, platform.id),
      write: (target, plan) => refreshInventory(target, platform.id, plan, { stateFolder, who }),
      notes: (shown, written) => ({
        platform,
        clusters: shown.map((one) => notesOf(one, written)),
        json: {
          format: 'orrery/refresh',
          version: '1.0',
          platform,
          clusters: shown.map((one) => jsonOf(one, written)),
        },
      }),
      question: (number) => `Enter this into the inventory of ${count(number, 'cluster')}?`,
    });
  } finally {
    await targets.close();
  }
}

function unreadProblem(cluster: string, { unread }: RefreshPlan): Problem | undefined {
  if (unread.length === 0) return undefined;
  const error = new OrreryError('ORR3006', `${cluster} could be read only in part: ${unread.join('; ')}`, {
    cluster,
    fix: 'Members of these kinds would stay unknown and never be deleted. Grant list on them, or accept that with --partial.',
  });
  return problemOf(error);
}

function notesOf({ cluster, found: plan, problem }: ClusterRefresh, written: boolean): ClusterNotes {
  if (plan === undefined) return { cluster, notes: [], problem };
  const { found, known, damage, copies, unread } = plan;
  const done = written && problem === undefined;
  const verb = done ? 'entered' : 'to be entered';
  const notes: Note[] = [
    ...damage.map((text): Note => ({ text: `${text}${done ? ' (written anew)' : ''}`, tone: 'warning' })),
    { text: `${count(known, 'object')} in the inventory, ${found.length} ${verb}`, tone: done ? 'good' : 'plain' },
    ...found.map(({ id }): Note => ({ text: describeId(id), tone: 'object' })),
  ];
  if (copies.length > 0)
    notes.push(
      { text: 'with our label but never applied by us, left out:', tone: 'dim' },
      ...copies.map((id): Note => ({ text: describeId(id), tone: 'object' })),
    );
  if (problem === undefined)
    notes.push(...unread.map((text): Note => ({ text: `not read: ${text}`, tone: 'warning' })));
  return { cluster, notes, problem };
}

function jsonOf({ cluster, found: plan, problem }: ClusterRefresh, written: boolean): object {
  if (plan === undefined) return { cluster, problem };
  const { found, known, damage, copies, unread } = plan;
  const entered = written && problem === undefined && refreshes(plan);
  return {
    cluster,
    known,
    found: found.map(({ id, apiVersion }) => ({ ...id, apiVersion })),
    damage,
    copies,
    unread,
    entered,
    problem,
  };
}
