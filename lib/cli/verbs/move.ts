import { assertMayMove, movePlatform, type PlatformMove, planMove } from '../../apply/move-platform.ts';
import { OrreryError } from '../../errors.ts';
import { describeId } from '../../kubernetes/object.ts';
import type { ClusterNotes, Note } from '../../report/cluster-notes.ts';
import { oneLine } from '../../report/sanitize.ts';
import { count } from '../../report/wording.ts';
import type { ExitCode } from '../exit-code.ts';
import { type InCluster, lookIntoClusters, writeAfterReview } from '../in-clusters.ts';
import type { ClusterOptions, OutputFormat } from '../options.ts';
import { loadProgram, openProgramTargets } from '../planning.ts';
import type { VerbContext } from '../verb.ts';
import { whoApplies } from '../who.ts';
import { assertSomebodyToAsk } from './apply.ts';

export interface MoveOptions extends ClusterOptions {
  readonly output: OutputFormat;
  readonly yes: boolean;
  /** The former id of the platform. */
  readonly from: string;
}

/** Undefined: the former id holds nothing there. */
type ClusterMove = InCluster<PlatformMove | undefined>;

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
    const clusters = await lookIntoClusters(targets, async (target) => ({
      found: await planMove(target, ids, stateFolder),
    }));
    if (clusters.every(({ found, problem }) => found === undefined && problem === undefined)) {
      throw new OrreryError('ORR4011', `No cluster holds anything of a platform "${oneLine(from)}".`, {
        fix: 'Look at the id: the label orrery.dev/platform of an object names it.',
      });
    }
    const who = whoApplies(surroundings.env);
    return await writeAfterReview(screen, { yes, output }, clusters, {
      writes: ({ found, problem }) => found !== undefined && problem === undefined,
      assertMayWrite: async (target, plan) => {
        if (plan !== undefined) await assertMayMove(target, ids, plan);
      },
      write: async (target, plan) => {
        if (plan !== undefined) await movePlatform(target, ids, plan, { stateFolder, who });
      },
      notes: (shown, done) => ({
        platform,
        clusters: shown.map((one) => notesOf(one, ids, done)),
        json: { format: 'orrery/platform-move', version: '1.0', platform, from, clusters: shown.map(jsonOf) },
      }),
      question: (number) => `Move this to "${oneLine(platform.id)}" in ${count(number, 'cluster')}?`,
    });
  } finally {
    await targets.close();
  }
}

function notesOf(
  { cluster, found: plan, problem }: ClusterMove,
  { from, to }: { from: string; to: string },
  done: boolean,
): ClusterNotes {
  if (plan === undefined) {
    const nothing: Note[] = problem === undefined ? [{ text: `nothing of "${from}" is there`, tone: 'dim' }] : [];
    return { cluster, notes: nothing, problem };
  }
  const { moving, forgotten, revisions } = plan;
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
  if (revisions.moving.length > 0)
    notes.push({ text: `with ${count(revisions.moving.length, 'revision')}`, tone: 'plain' });
  if (revisions.dropped.length > 0)
    notes.push({
      text: `${count(revisions.dropped.length, 'revision')} of "${from}" ${moves === 'moved' ? 'removed' : 'to be removed'}: "${to}" has its own`,
      tone: 'warning',
    });
  return { cluster, notes, problem };
}

function jsonOf({ cluster, found: plan, problem }: ClusterMove): object {
  const ids = (entries: PlatformMove['moving'] = []) => entries.map(({ id, apiVersion }) => ({ ...id, apiVersion }));
  const numbers = (heads: PlatformMove['revisions']['moving'] = []) => heads.map(({ number }) => number);
  const { moving, dropped } = plan?.revisions ?? {};
  const revisions = { moved: numbers(moving), removed: numbers(dropped) };
  return { cluster, moved: ids(plan?.moving), forgotten: ids(plan?.forgotten), revisions, problem };
}
