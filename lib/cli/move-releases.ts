import { advanceReleases } from '../canary-release/advance-releases.ts';
import type { ReleaseEvent, ReleaseOutcome } from '../canary-release/release-outcome.ts';
import type { Target } from '../cluster/target.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { eventLine } from '../report/json-report.ts';
import { releaseEventText } from '../report/release-text.ts';
import { oneLine } from '../report/sanitize.ts';
import { EXIT, type ExitCode, releasesExitCode } from './exit-code.ts';
import { listenForInterrupt } from './interrupt.ts';
import type { OutputFormat, PlanningOptions, WritingOptions } from './options.ts';
import { helmOptions, type LoadedProgram, openProgramTargets, planOptions } from './planning.ts';
import type { Screen, Surroundings } from './surroundings.ts';
import { whoApplies } from './who.ts';

export interface MovedReleases {
  readonly desired: DesiredState;
  readonly opened: readonly Target[];
  readonly program: LoadedProgram;
  /** Default: all. */
  readonly releases?: readonly string[] | undefined;
  /** That they go back is what was asked for. */
  readonly goesBack?: boolean | undefined;
}

/** Where a release is after an abort: back, or never begun. */
const BACK: ReadonlySet<ReleaseOutcome['status']> = new Set(['aborted', 'waiting']);

/** Whether a release of these clusters may have to be moved. */
export function hasReleases({ clusters }: DesiredState, opened: readonly Target[]): boolean {
  return clusters.some(
    ({ name, canaries }) =>
      canaries !== undefined && opened.some(({ cluster, kind }) => cluster === name && kind === 'kube'),
  );
}

/** Moves canary releases on, and tells of it as it happens. */
export async function moveReleases(
  { desired, opened, program, releases, goesBack }: MovedReleases,
  options: PlanningOptions & WritingOptions,
  surroundings: Surroundings,
  screen: Screen,
): Promise<{ readonly exitCode: ExitCode; readonly outcomes: readonly ReleaseOutcome[] }> {
  const interrupt = listenForInterrupt((signal) =>
    screen.err(`\n${signal}: finishing what is being written. Once more ends at once.\n`),
  );
  const tell = listener(options.output, opened, screen);
  try {
    const { project } = program;
    const planning = planOptions(project, surroundings, options, false);
    const outcomes = await advanceReleases(
      {
        desired,
        targets: opened,
        planning,
        applying: {
          who: whoApplies(surroundings.env),
          stateFolder: project.stateFolder,
          timeoutMs: options.timeoutMs,
          leaseWaitMs: LEASE_WAIT_MS,
          helm: helmOptions(project, surroundings),
          signal: interrupt.signal,
        },
        releases,
        goesBack,
        followMs: options.wait ? options.timeoutMs : 0,
        reopen: (clusters) => openProgramTargets(program, surroundings, { ...options, clusters }),
      },
      tell,
    );
    if (options.output === 'json') screen.out(eventLine({ type: 'releases', releases: outcomes }));
    return {
      exitCode:
        goesBack === true && outcomes.every(({ status }) => BACK.has(status)) ? EXIT.ok : releasesExitCode(outcomes),
      outcomes,
    };
  } finally {
    interrupt.end();
  }
}

/** Somebody else may write a stage at the same time: that takes seconds. */
const LEASE_WAIT_MS = 30_000;

/** The coming and going of the cluster's lease at every stage is no news. */
const NO_NEWS: ReadonlySet<ReleaseEvent['type']> = new Set(['cluster-started', 'cluster-finished', 'object-ready']);

function listener(output: OutputFormat, opened: readonly Target[], screen: Screen): (event: ReleaseEvent) => void {
  const clusterWidth = Math.max(0, ...opened.map(({ cluster }) => oneLine(cluster).length));
  const { paint } = screen;
  return (event) => {
    if (NO_NEWS.has(event.type)) return;
    if (output === 'json') screen.out(eventLine({ ...event, at: new Date().toISOString() }));
    else screen.out(`${releaseEventText(event, { paint, clusterWidth })}\n`);
  };
}
