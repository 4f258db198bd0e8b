import { setTimeout as sleep } from 'node:timers/promises';
import { type ReleaseAction, tellRelease } from '../../canary-release/release-action.ts';
import { assertMayRelease } from '../../canary-release/release-rights.ts';
import { type ReleaseStatus, releaseStatuses } from '../../canary-release/release-status.ts';
import type { KubeTarget } from '../../cluster/target.ts';
import { isOrreryError, OrreryError } from '../../errors.ts';
import { problemOf } from '../../plan/planning-context.ts';
import type { DesiredCluster, DesiredState } from '../../render/desired-state.ts';
import { problemText } from '../../report/problem-text.ts';
import { releaseStatusText } from '../../report/release-text.ts';
import { oneLine, printableJson } from '../../report/sanitize.ts';
import { EXIT, type ExitCode, worst } from '../exit-code.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { moveReleases } from '../move-releases.ts';
import type { ClusterOptions, PlanningOptions, WritingOptions } from '../options.ts';
import { type LoadedProgram, loadProgram, openProgramTargets, planOptions, render } from '../planning.ts';
import type { OpenedTargets } from '../targets.ts';
import type { VerbContext } from '../verb.ts';
import { whoApplies } from '../who.ts';

export interface ReleaseStatusOptions extends ClusterOptions {
  /** Default: all. */
  readonly release?: string | undefined;
  readonly json: boolean;
  readonly follow: boolean;
}

export interface ReleaseActionOptions extends ClusterOptions, Pick<WritingOptions, 'wait' | 'timeoutMs'> {
  /** Default: the only one. */
  readonly release?: string | undefined;
  readonly json: boolean;
}

const FOLLOW_MS = 1000;

/** Shows at which stage the releases stand in each cluster; with --follow whenever that changes, until all of them are settled. */
export async function releaseStatus(context: VerbContext, options: ReleaseStatusOptions): Promise<ExitCode> {
  const { screen } = context;
  const { desired, targets } = await opened(context, options);
  const interrupt = options.follow ? listenForInterrupt(() => undefined) : undefined;
  try {
    const names = options.release === undefined ? undefined : [chosen(desired, options.release)];
    let told = '';
    for (;;) {
      const statuses = await releaseStatuses(desired, targets.all, names);
      const text = options.json
        ? `${printableJson({ format: 'orrery/releases', version: '1.0', platform: desired.platform, releases: statuses }, options.follow ? undefined : 2)}\n`
        : releaseStatusText(desired.platform, statuses, screen.paint);
      if (text !== told) screen.out(text);
      told = text;
      if (!options.follow || interrupt?.signal.aborted === true || statuses.every(isSettled))
        return worst(...statuses.map(exitCodeOf));
      await sleep(FOLLOW_MS, undefined, { signal: interrupt?.signal }).catch(() => undefined);
    }
  } finally {
    interrupt?.end();
    await targets.close();
  }
}

function isSettled({ canary, problem }: ReleaseStatus): boolean {
  return problem !== undefined || canary === undefined || canary.phase === 'through' || canary.phase === 'aborted';
}

function exitCodeOf({ canary, problem }: ReleaseStatus): ExitCode {
  if (problem !== undefined) return EXIT.error;
  if (canary === undefined || canary.phase === 'through' || canary.phase === 'not-begun') return EXIT.ok;
  return EXIT.waiting;
}

/** Says something to a release in its clusters, then moves it on as far as that goes. */
export async function actOnRelease(
  context: VerbContext,
  options: ReleaseActionOptions,
  action: ReleaseAction,
): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const { desired, targets, program } = await opened(context, options);
  try {
    const release = chosen(desired, options.release);
    const planning = planningOptions(options);
    const who = whoApplies(surroundings.env);
    const { stateFolder } = program.project;
    const applying = { who, stateFolder };
    const found = targets.opened.flatMap((target) => {
      const cluster = desired.clusters.find(({ name }) => name === target.cluster);
      const canary = cluster?.canaries?.find(({ name }) => name === release);
      return target.kind !== 'kube' || cluster === undefined || canary === undefined
        ? []
        : [{ target: target satisfies KubeTarget, cluster: cluster satisfies DesiredCluster, canary }];
    });
    const rules = planOptions(program.project, surroundings, planning, false);
    let code: ExitCode = targets.all.some(({ kind }) => kind === 'unopened') ? EXIT.error : EXIT.ok;
    for (const target of targets.all)
      if (target.kind === 'unopened') screen.err(problemText(problemOf(target.error), screen.talk));
    let told = 0;
    for (const { target, cluster, canary } of found) {
      try {
        if (action !== 'pause') {
          const canaries = [{ canary, standing: { phase: 'not-begun' as const, state: canary.states.before } }];
          const input = {
            target,
            desired,
            cluster,
            canaries,
            release,
            planning: rules,
            applying,
            emit: () => undefined,
          };
          await assertMayRelease(input);
        }
        const said = await tellRelease(target, desired.platform.id, cluster, canary, action, who);
        if (said === undefined) continue;
        told++;
        screen.err(`${oneLine(target.cluster)}: ${oneLine(release)} ${oneLine(said)}\n`);
      } catch (error) {
        if (!isOrreryError(error)) throw error;
        screen.err(problemText(problemOf(error, { cluster: target.cluster }), screen.talk));
        code = EXIT.error;
      }
    }
    if (told === 0 && code === EXIT.ok) throw nothingToSay(release, action, options);
    if (action === 'pause' || told === 0) return code;
    // A stage that began is finished and its hold followed, as an apply does.
    const moved = { desired, opened: targets.opened, program, releases: [release], goesBack: action === 'abort' };
    const { exitCode } = await moveReleases(moved, planning, surroundings, screen);
    return worst(code, exitCode);
  } finally {
    await targets.close();
  }
}

function nothingToSay(release: string, action: ReleaseAction, { clusters }: ReleaseActionOptions): OrreryError {
  const where = clusters.length === 0 ? 'any cluster' : clusters.map(oneLine).join(', ');
  const needed: Readonly<Record<ReleaseAction, string>> = {
    promote: 'waits or is paused',
    'promote-full': 'waits or is paused',
    abort: 'has begun and is not back',
    pause: 'is on its way',
    resume: 'is paused or was aborted',
  };
  return new OrreryError('ORR4302', `canary release "${release}" is in ${where} none that ${needed[action]}.`, {
    fix: `orrery release status ${release} shows where it stands.`,
  });
}

async function opened(
  context: VerbContext,
  options: ClusterOptions,
): Promise<{ readonly desired: DesiredState; readonly targets: OpenedTargets; readonly program: LoadedProgram }> {
  const program = await loadProgram(context.surroundings, options);
  const desired = await render(program, context);
  return { desired, program, targets: await openProgramTargets(program, context.surroundings, options) };
}

/** @throws OrreryError ORR4302 when there is none of that name, or none was named and there are several */
function chosen({ canaryReleases = [] }: DesiredState, name: string | undefined): string {
  const names = canaryReleases.map((release) => release.name);
  const [only, ...others] = names;
  const known = names.length === 0 ? 'The program has none.' : `The program has ${names.map(oneLine).join(', ')}.`;
  if (name !== undefined) {
    if (names.includes(name)) return name;
    throw new OrreryError('ORR4302', `there is no canary release "${oneLine(name)}".`, { fix: known });
  }
  if (only !== undefined && others.length === 0) return only;
  throw new OrreryError('ORR4302', 'which canary release is meant has to be said.', { fix: known });
}

/** What the verbs of releases have no options for. */
function planningOptions(options: ReleaseActionOptions): PlanningOptions & WritingOptions {
  const none = { waves: [], adopt: [], allowReplace: [], takeOwnership: [] };
  const no = { verifyAll: false, allowEmpty: false, allowDeletes: false, exitCode: false };
  return {
    ...options,
    ...none,
    ...no,
    output: options.json ? 'json' : 'text',
    dryRun: true,
    onLeft: 'keep',
    yes: true,
  };
}
