import { planRefresh, type RefreshPlan, refreshes, refreshInventory } from '../../apply/refresh-inventory.ts';
import type { KubeTarget } from '../../cluster/target.ts';
import { OrreryError } from '../../errors.ts';
import { describeId } from '../../kubernetes/object.ts';
import type { PlanTarget } from '../../plan/make-plan.ts';
import type { Problem } from '../../plan/plan.ts';
import { problemOf } from '../../plan/planning-context.ts';
import type { ClusterNotes, Note } from '../../report/cluster-notes.ts';
import { count } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ClusterOptions, OutputFormat } from '../options.ts';
import { loadProgram, openProgramTargets } from '../planning.ts';
import { confirmNotes, printClusterNotes } from '../print-notes.ts';
import type { VerbContext } from '../verb.ts';
import { assertSomebodyToAsk, whoApplies } from './apply.ts';

export interface RefreshVerbOptions extends ClusterOptions {
  readonly output: OutputFormat;
  readonly yes: boolean;
  /** Go on although some kinds cannot be read. */
  readonly partial: boolean;
}

interface ClusterRefresh {
  readonly cluster: string;
  readonly target?: KubeTarget | undefined;
  readonly plan?: RefreshPlan | undefined;
  readonly problem?: Problem | undefined;
}

/** Makes the inventories whole again from what the clusters hold: shows what it would enter, asks, writes. */
export async function refresh(context: VerbContext, options: RefreshVerbOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  if (!options.yes) assertSomebodyToAsk('refresh', surroundings);
  const program = await loadProgram(surroundings, options);
  const { platform } = program.assembly;
  const { stateFolder } = program.project;
  const targets = await openProgramTargets(program, surroundings, options);
  try {
    const planned = await Promise.all(targets.all.map((target) => planOf(target, platform.id, stateFolder, options)));
    const shown = planned.filter((one) => one !== undefined);
    const writing = shown.filter(({ plan, problem }) => problem === undefined && plan !== undefined && refreshes(plan));
    const notes = (clusters: readonly ClusterRefresh[], written: boolean) => ({
      platform,
      clusters: clusters.map((one) => notesOf(one, written)),
      json: {
        format: 'orrery/refresh',
        version: '1.0',
        platform,
        clusters: clusters.map((one) => jsonOf(one, written)),
      },
    });
    const question = `Enter this into the inventory of ${count(writing.length, 'cluster')}?`;
    if (!options.yes && writing.length > 0 && !(await confirmNotes(screen, notes(shown, false), question)))
      return EXIT.error;
    const who = whoApplies(surroundings.env);
    const done = await Promise.all(
      shown.map(async (one): Promise<ClusterRefresh> => {
        const { target, plan } = one;
        if (target === undefined || plan === undefined || !writing.includes(one)) return one;
        try {
          await refreshInventory(target, platform.id, plan, { stateFolder, who });
          return one;
        } catch (error) {
          return { ...one, problem: problemOf(error, { cluster: one.cluster }) };
        }
      }),
    );
    printClusterNotes(screen, options.output, notes(done, true));
    return done.some(({ problem }) => problem !== undefined) ? EXIT.error : EXIT.ok;
  } finally {
    await targets.close();
  }
}

/** Undefined for a folder: what is in its index is what is in the folder. */
async function planOf(
  target: PlanTarget,
  platformId: string,
  stateFolder: string,
  { partial }: RefreshVerbOptions,
): Promise<ClusterRefresh | undefined> {
  const { cluster } = target;
  if (target.kind === 'directory') return undefined;
  try {
    if (target.kind === 'unopened') throw target.error;
    const plan = await planRefresh(target, platformId, { stateFolder });
    if (plan.unread.length === 0 || partial) return { cluster, target, plan };
    const error = new OrreryError('ORR3006', `${cluster} could be read only in part: ${plan.unread.join('; ')}`, {
      cluster,
      fix: 'Members of these kinds would stay unknown and never be deleted. Grant list on them, or accept that with --partial.',
    });
    return { cluster, target, plan, problem: problemOf(error) };
  } catch (error) {
    return { cluster, problem: problemOf(error, { cluster }) };
  }
}

function notesOf({ cluster, plan, problem }: ClusterRefresh, written: boolean): ClusterNotes {
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

function jsonOf({ cluster, plan, problem }: ClusterRefresh, written: boolean): object {
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
