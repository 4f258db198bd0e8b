import { OrreryError } from '../../errors.ts';
import { problemOf } from '../../plan/planning-context.ts';
import { historyText } from '../../report/history-text.ts';
import { planText } from '../../report/plan-text.ts';
import { printableJson } from '../../report/sanitize.ts';
import type { RevisionHead } from '../../revision/revision.ts';
import { planRevisions } from '../../rollout/plan-revisions.ts';
import { EXIT, type ExitCode, planExitCode } from '../exit-code.ts';
import type { ClusterOptions, PlanningOptions, WritingOptions } from '../options.ts';
import { planOptions } from '../planning.ts';
import { readRevisions } from '../revisions.ts';
import type { VerbContext } from '../verb.ts';
import { askToApply, assertSomebodyToAsk, carryOut } from './apply.ts';

export interface HistoryOptions extends ClusterOptions {
  readonly json: boolean;
}

/** Shows what was applied to each cluster: the newest ten revisions. */
export async function history(context: VerbContext, options: HistoryOptions): Promise<ExitCode> {
  const { screen } = context;
  const { program, targets, clusters } = await readRevisions(context, options);
  await targets.close();
  const { platform } = program.assembly;
  const shown = clusters.map(({ cluster, heads, error }) => ({
    cluster,
    revisions: heads,
    ...(error === undefined ? {} : { problem: problemOf(error) }),
  }));
  screen.out(
    options.json
      ? `${printableJson({ format: 'orrery/history', version: '1.0', platform, clusters: shown }, 2)}\n`
      : historyText(platform, shown, screen.paint),
  );
  // A folder has no revisions of its own: nothing failed.
  return clusters.some(({ error }) => error !== undefined && error.code !== 'ORR4010') ? EXIT.error : EXIT.ok;
}

export interface RollbackOptions extends PlanningOptions, WritingOptions {
  /** Number of the revision; default: the newest complete one before the present one. */
  readonly to?: number | undefined;
}

/** Brings the clusters back to an earlier revision: shows the plan, asks, writes. What it brings is recorded as a new revision. */
export async function rollback(context: VerbContext, options: RollbackOptions): Promise<ExitCode> {
  if (!options.yes) assertSomebodyToAsk('rollback', context.surroundings);
  const read = await readRevisions(context, options);
  const { project } = read.program;
  const { targets } = read;
  try {
    const rules = { ...planOptions(project, context.surroundings, options, true), rollback: true };
    const made = await planRevisions(
      read.program.assembly,
      read.clusters,
      (cluster, heads) => earlier(cluster, heads, options.to),
      rules,
    );
    const rollbackOf = new Map([...made.heads].map(([cluster, { number }]) => [cluster, number]));
    for (const [cluster, head] of made.heads)
      context.screen.err(`${cluster}: back to revision ${head.number} of ${head.appliedAt} by ${head.by}\n`);
    return await carryOut(
      context,
      options,
      { ...made, targets, program: read.program, rollbackOf },
      options.yes ? undefined : askToApply,
    );
  } catch (error) {
    await targets.close();
    throw error;
  }
}

/** @throws OrreryError ORR4010 */
function earlier(cluster: string, heads: readonly RevisionHead[], to: number | undefined): RevisionHead {
  const [present, ...before] = heads;
  const found =
    to === undefined
      ? before.find((head) => head.complete && head.content !== present?.content)
      : heads.find(({ number }) => number === to);
  if (found !== undefined) return found;
  const kept = heads.length === 0 ? 'It keeps none.' : `It keeps ${heads.map(({ number }) => number).join(', ')}.`;
  const what =
    to === undefined ? 'no complete revision with other contents before the present one' : `no revision ${to}`;
  throw new OrreryError('ORR4010', `Cluster ${cluster} has ${what}. ${kept}`, {
    cluster,
    fix: 'orrery history shows the revisions; choose one with --to and the clusters with --cluster.',
  });
}

export interface DriftOptions extends PlanningOptions {
  readonly json: boolean;
}

/** Shows what differs in the clusters from what was applied last, and who changed it. Writes nothing; the program's own changes do not count. */
export async function drift(context: VerbContext, options: DriftOptions): Promise<ExitCode> {
  const { screen } = context;
  const read = await readRevisions(context, options);
  try {
    // Whatever stands in the way of an apply is what is to be shown here.
    const rules = {
      ...planOptions(read.program.project, context.surroundings, options, true),
      adopt: 'all',
      takeOwnership: 'all',
      replace: 'all',
      allowDeletes: true,
      allowEmpty: true,
    } as const;
    const { plan, heads } = await planRevisions(
      { platform: read.program.assembly.platform },
      read.clusters,
      (cluster, known) => latest(cluster, known),
      rules,
    );
    if (options.json) {
      const { platform, clusters, changes } = plan;
      const shown = clusters.map((cluster) => ({ ...cluster, seal: undefined, revision: heads.get(cluster.cluster) }));
      screen.out(
        `${printableJson({ format: 'orrery/drift', version: '1.0', platform, drift: changes, clusters: shown }, 2)}\n`,
      );
    } else {
      screen.out(
        planText(plan, {
          paint: screen.paint,
          verbose: options.verbose,
          milliseconds: process.uptime() * 1000,
          subject: 'drift',
        }),
      );
    }
    return planExitCode(plan, options.exitCode);
  } finally {
    await read.targets.close();
  }
}

/** @throws OrreryError ORR4010 */
function latest(cluster: string, [head]: readonly RevisionHead[]): RevisionHead {
  if (head !== undefined) return head;
  throw new OrreryError('ORR4010', `Cluster ${cluster} has no revision: nothing was applied there.`, {
    cluster,
    fix: 'Apply first: orrery apply.',
  });
}
