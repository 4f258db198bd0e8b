import { movePlatform, type PlatformMove, planMove } from '../../apply/move-platform.ts';
import type { KubeTarget } from '../../cluster/target.ts';
import { OrreryError } from '../../errors.ts';
import { describeId } from '../../kubernetes/object.ts';
import type { PlanTarget } from '../../plan/make-plan.ts';
import type { Problem } from '../../plan/plan.ts';
import { problemOf } from '../../plan/planning-context.ts';
import type { ClusterNotes, Note } from '../../report/cluster-notes.ts';
import { oneLine } from '../../report/sanitize.ts';
import { count } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ClusterOptions, OutputFormat } from '../options.ts';
import { loadProgram, openProgramTargets } from '../planning.ts';
import { confirmNotes, printClusterNotes } from '../print-notes.ts';
import type { VerbContext } from '../verb.ts';
import { assertSomebodyToAsk, whoApplies } from './apply.ts';

export interface MoveOptions extends ClusterOptions {
  readonly output: OutputFormat;
  readonly yes: boolean;
  /** The former id of the platform. */
  readonly from: string;
}

interface ClusterMove {
  readonly cluster: string;
  readonly target?: KubeTarget | undefined;
  /** Absent: the former id holds nothing there. */
  readonly move?: PlatformMove | undefined;
  readonly problem?: Problem | undefined;
}

/** Gives everything that a former id of the platform holds to the present one. Nothing is deleted, no value changes. */
export async function move(context: VerbContext, options: MoveOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const { from, output, yes } = options;
  if (!yes) assertSomebodyToAsk('adopt', surroundings);
  const program = await loadProgram(surroundings, options);
  const { platform } = program.assembly;
  const ids = { from, to: platform.id };
  if (from === platform.id) {
    throw new OrreryError('ORR1001', `"${oneLine(from)}" is the id that the platform has.`, {
      fix: 'Name the id that it had before.',
    });
  }
  const { stateFolder } = program.project;
  const targets = await openProgramTargets(program, surroundings, options);
  try {
    const planned = await Promise.all(targets.all.map((target) => planOf(target, ids, stateFolder)));
    const shown = planned.filter((one) => one !== undefined);
    const moving = shown.filter((one) => one.move !== undefined);
    const failed = shown.some(({ problem }) => problem !== undefined);
    if (moving.length === 0 && !failed) {
      throw new OrreryError('ORR4011', `No cluster holds anything of a platform "${oneLine(from)}".`, {
        fix: 'Look at the id: the label orrery.dev/platform of an object names it.',
      });
    }
    const notes = (clusters: readonly ClusterMove[], done: boolean) => ({
      platform,
      clusters: clusters.map((one) => notesOf(one, ids, done)),
      json: { format: 'orrery/platform-move', version: '1.0', platform, from, clusters: clusters.map(jsonOf) },
    });
    const question = `Move this to "${oneLine(platform.id)}" in ${count(moving.length, 'cluster')}?`;
    if (!yes && moving.length > 0 && !(await confirmNotes(screen, notes(shown, false), question))) return EXIT.error;
    const who = whoApplies(surroundings.env);
    const moved = await Promise.all(
      shown.map(async (one): Promise<ClusterMove> => {
        if (one.target === undefined || one.move === undefined) return one;
        try {
          await movePlatform(one.target, ids, one.move, { stateFolder, who });
          return one;
        } catch (error) {
          return { ...one, problem: problemOf(error, { cluster: one.cluster }) };
        }
      }),
    );
    printClusterNotes(screen, output, notes(moved, true));
    return moved.some(({ problem }) => problem !== undefined) ? EXIT.error : EXIT.ok;
  } finally {
    await targets.close();
  }
}

/** Undefined for a folder: its index names the platform, and the next apply writes it anew. */
async function planOf(
  target: PlanTarget,
  ids: Parameters<typeof planMove>[1],
  stateFolder: string,
): Promise<ClusterMove | undefined> {
  const { cluster } = target;
  if (target.kind === 'directory') return undefined;
  try {
    if (target.kind === 'unopened') throw target.error;
    return { cluster, target, move: await planMove(target, ids, stateFolder) };
  } catch (error) {
    return { cluster, problem: problemOf(error, { cluster }) };
  }
}

function notesOf(
  { cluster, move: plan, problem }: ClusterMove,
  { from, to }: { from: string; to: string },
  done: boolean,
): ClusterNotes {
  if (plan === undefined) {
    const nothing: Note[] = problem === undefined ? [{ text: `nothing of "${from}" is there`, tone: 'dim' }] : [];
    return { cluster, notes: nothing, problem };
  }
  const { moving, forgotten } = plan;
  const moves = done && problem === undefined ? 'moved' : 'to be moved';
  const notes: Note[] = [
    {
      text: `${count(moving.length, 'object')} ${moves} from "${from}" to "${to}"`,
      tone: moves === 'moved' ? 'good' : 'plain',
    },
    ...moving.map(({ id }): Note => ({ text: describeId(id), tone: 'object' })),
  ];
  if (forgotten.length > 0)
    notes.push(
      { text: 'gone or somebody else’s by now, left as they are:', tone: 'dim' },
      ...forgotten.map(({ id }): Note => ({ text: describeId(id), tone: 'object' })),
    );
  return { cluster, notes, problem };
}

function jsonOf({ cluster, move: plan, problem }: ClusterMove): object {
  const ids = (entries: PlatformMove['moving'] = []) => entries.map(({ id, apiVersion }) => ({ ...id, apiVersion }));
  return { cluster, moved: ids(plan?.moving), forgotten: ids(plan?.forgotten), problem };
}
