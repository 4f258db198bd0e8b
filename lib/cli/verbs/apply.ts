import path from 'node:path';
import type { ApplyOptions, ApplyScope } from '../../apply/apply-options.ts';
import type { Outcome } from '../../apply/outcome.ts';
import { placeReleases } from '../../canary-release/place-releases.ts';
import { removeStaleRecords } from '../../canary-release/stale-records.ts';
import type { Target } from '../../cluster/target.ts';
import { OrreryError } from '../../errors.ts';
import type { InventoryEntry } from '../../inventory/inventory.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import type { MadePlan } from '../../plan/make-plan.ts';
import { type Plan, type PlannedCanary, writes } from '../../plan/plan.ts';
import { readPlanFile } from '../../plan/plan-file.ts';
import { sealKey } from '../../plan/seal.ts';
import type { DesiredState } from '../../render/desired-state.ts';
import { planText } from '../../report/plan-text.ts';
import { problemText } from '../../report/problem-text.ts';
import { oneLine } from '../../report/sanitize.ts';
import { count } from '../../report/wording.ts';
import { applyRollout } from '../../rollout/apply-rollout.ts';
import { ApplyListener } from '../apply-listener.ts';
import { EXIT, type ExitCode, outcomeExitCode, planExitCode, worst } from '../exit-code.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { PlanningOptions, RolloutOptions, WritingOptions } from '../options.ts';
import {
  helmOptions,
  inWaves,
  type LoadedProgram,
  loadProgram,
  makePlanning,
  openProgramTargets,
  render,
} from '../planning.ts';
import { assertRolloutAllows, leftAlone } from '../rollout-rules.ts';
import type { Screen, Surroundings } from '../surroundings.ts';
import type { OpenedTargets } from '../targets.ts';
import type { VerbContext } from '../verb.ts';
import { whoApplies } from '../who.ts';

export interface ApplyVerbOptions extends PlanningOptions, WritingOptions, RolloutOptions {
  readonly planFile?: string | undefined;
}

/** What is about to be applied. */
export interface Prepared {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly renewals?: ReadonlyMap<string, readonly InventoryEntry[]> | undefined;
  /** Of a plan that was made just now. */
  readonly inventories?: ApplyOptions['inventories'];
  /** Records of canary releases that the program no longer has, by cluster. */
  readonly staleRecords?: MadePlan['staleRecords'];
  readonly targets: OpenedTargets;
  readonly program: LoadedProgram;
  /** Per cluster, the revision that is brought back. */
  readonly rollbackOf?: ReadonlyMap<string, number> | undefined;
  /** The plan deals with some objects only. */
  readonly part?: ApplyOptions['part'];
}

export async function apply(context: VerbContext, options: ApplyVerbOptions): Promise<ExitCode> {
  const { surroundings } = context;
  const asks = !options.yes && options.planFile === undefined;
  if (asks) assertSomebodyToAsk('apply', surroundings);
  const prepared =
    options.planFile === undefined
      ? await makePlanning(context, options, 'apply', asks)
      : await planOfFile(options.planFile, context, options);
  let rest: Prepared;
  try {
    await assertRolloutAllows(prepared, options, surroundings);
    rest = await leftAlone(prepared, options, context.screen);
  } catch (error) {
    await prepared.targets.close();
    throw error;
  }
  return carryOut(context, options, rest, asks ? askToApply : undefined, { movesReleases: true });
}

export async function destroy(context: VerbContext, options: PlanningOptions & WritingOptions): Promise<ExitCode> {
  const { surroundings } = context;
  if (!options.yes) assertSomebodyToAsk('destroy', surroundings);
  const prepared = await makePlanning(context, options, 'destroy', true);
  return carryOut(context, options, prepared, options.yes ? undefined : askToDestroy);
}

/** @param signal aborted: the answer is no */
type Question = (plan: Plan, clusters: readonly string[], signal: AbortSignal) => Promise<boolean>;

/** Shows the plan, asks where something can be written, writes, tells what happened. */
export async function carryOut(
  { surroundings, screen }: VerbContext,
  options: PlanningOptions & WritingOptions & Partial<RolloutOptions>,
  prepared: Prepared,
  question: Question | undefined,
  { movesReleases = false }: { readonly movesReleases?: boolean } = {},
): Promise<ExitCode> {
  const { plan, targets } = prepared;
  const listener = new ApplyListener(plan, screen, options);
  const ending = async (code: ExitCode, isAsked: boolean): Promise<ExitCode> => {
    if (!movesReleases || code !== EXIT.ok) return code;
    return worst(code, await goOn(prepared, options, surroundings, screen, isAsked ? undefined : question));
  };
  try {
    // A rollout may have been left before its last wave was through, with nothing more to write. Where rights are missing for everything, the apply says all of them at once.
    const goesOn = plan.changes || plan.rollout !== undefined || lacksRights(plan);
    listener.planned(performance.now(), goesOn);
    const planned = planExitCode(plan, false);
    if (!goesOn) return await ending(planned, false);
    const asks = question !== undefined && plan.changes;
    if (asks && options.output === 'markdown')
      screen.err(planText(plan, { paint: screen.talk, verbose: options.verbose }));
    const outcome = await run(prepared, options, surroundings, listener, (signal) =>
      asks ? (scope) => asked(question, scope, plan, screen, signal) : undefined,
    );
    if (outcome.declined === true) {
      screen.err('Nothing was written.\n');
      return EXIT.error;
    }
    // First what was done: a lock file that cannot be written (a full disk) must not swallow it.
    listener.finished(outcome);
    targets.pin();
    return await ending(worst(planned, outcomeExitCode(outcome)), asks);
  } finally {
    listener.flush();
    await targets.close();
  }
}

/** After an apply: records of releases that left the program go, the others are moved on. */
async function goOn(
  { plan, desired, targets: { opened }, program, staleRecords }: Prepared,
  options: PlanningOptions & WritingOptions,
  surroundings: Surroundings,
  screen: Screen,
  question: Question | undefined,
): Promise<ExitCode> {
  if (staleRecords !== undefined) await removeStaleRecords(staleRecords, opened);
  const { hasReleases, moveReleases } = await import('../move-releases.ts');
  if (!hasReleases(desired, opened)) return EXIT.ok;
  const writing = plan.clusters.filter(({ canaryReleases = [] }) => canaryReleases.some(mayWrite));
  if (question !== undefined && writing.length > 0) {
    const names = writing.map(({ cluster }) => cluster);
    if (!(await question(plan, names, new AbortController().signal))) {
      screen.err('Nothing was written.\n');
      return EXIT.error;
    }
  }
  return (await moveReleases({ desired, opened, program }, options, surroundings, screen)).exitCode;
}

function mayWrite({ phase, after = [] }: PlannedCanary): boolean {
  return (phase === 'not-begun' && after.length === 0) || phase === 'progressing' || phase === 'aborting';
}

/** What stays as it is comes before the question: whoever answers knows what it is about. */
function asked(
  question: Question,
  { clusters, refused }: ApplyScope,
  plan: Plan,
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  for (const { cluster, problem } of refused)
    screen.err(problemText({ ...problem, where: { ...problem.where, cluster } }, screen.talk));
  return question(plan, clusters, signal);
}

function lacksRights({ clusters }: Plan): boolean {
  return clusters.some(({ items }) => items.some(({ problem }) => problem?.code === 'ORR3006'));
}

async function run(
  { plan, desired, renewals, inventories, targets, program, rollbackOf, part }: Prepared,
  options: PlanningOptions & WritingOptions & Partial<RolloutOptions>,
  surroundings: Surroundings,
  listener: ApplyListener,
  confirm: (signal: AbortSignal) => ApplyOptions['confirm'],
): Promise<Outcome> {
  const interrupt = listenForInterrupt(
    (signal) => listener.interrupted(signal),
    () => listener.flush(),
  );
  try {
    const { stateFolder, config } = program.project;
    return await applyRollout(
      {
        plan,
        desired,
        targets: targets.opened,
        options: {
          who: whoApplies(surroundings.env),
          stateFolder,
          wait: options.wait,
          timeoutMs: options.timeoutMs,
          maxParallelClusters: options.maxParallel,
          recheck: options.recheck,
          gates: { folder: config.folder, environment: surroundings.env },
          renewals,
          inventories,
          rollbackOf,
          part,
          confirm: confirm(interrupt.signal),
          helm: helmOptions(program.project, surroundings),
          signal: interrupt.signal,
        },
        reopen: (clusters) => openProgramTargets(program, surroundings, { ...options, clusters }),
      },
      (event) => listener.event(event),
    );
  } finally {
    interrupt.end();
  }
}

/** A saved plan, checked against the program, the clock and the keys of the clusters. */
async function planOfFile(file: string, context: VerbContext, given: ApplyVerbOptions): Promise<Prepared> {
  const { surroundings } = context;
  const plan = await readPlanFile(path.resolve(surroundings.cwd, file));
  const program = await loadProgram(surroundings, given);
  const options = inWaves(given, program.assembly);
  const { project } = program;
  const targets = await openProgramTargets(program, surroundings, options);
  try {
    const { desired } = await placeReleases(await render(program, context), targets.opened);
    const keys = new Map<string, Uint8Array>();
    await Promise.all(
      targets.opened.map(async (target: Target) =>
        keys.set(target.cluster, await sealKey(target, plan.platform.id, project.stateFolder)),
      ),
    );
    checkPlan(plan, desired, new Date(), keys);
    const clusters =
      options.clusters.length === 0
        ? plan.clusters
        : plan.clusters.filter(({ cluster }) => options.clusters.includes(cluster));
    const changes = clusters.some(({ items }) => items.some(({ action }) => writes(action)));
    return { plan: { ...plan, clusters, changes }, desired, targets, program };
  } catch (error) {
    await targets.close();
    throw error;
  }
}

export function assertSomebodyToAsk(verb: string, surroundings: Surroundings): void {
  if (surroundings.interactive) return;
  throw new OrreryError('ORR1004', `${verb} asks before it writes, and there is no terminal to ask on.`, {
    fix:
      verb === 'apply'
        ? 'Apply a reviewed plan (orrery plan --out plan.json, then orrery apply plan.json), or pass --yes.'
        : 'Pass --yes when you are sure.',
  });
}

export const askToApply: Question = async (_, clusters, signal) => {
  const { ask } = await import('../ask.ts');
  const answer = await ask(`\nWrite this to ${count(clusters.length, 'cluster')}? [y/N] `, signal);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
};

const askToDestroy: Question = async ({ platform: { id } }, _, signal) => {
  const { ask } = await import('../ask.ts');
  const text = `\nThis deletes everything of the platform. Type its id (${oneLine(id)}) to go on: `;
  return (await ask(text, signal))?.trim() === id;
};
