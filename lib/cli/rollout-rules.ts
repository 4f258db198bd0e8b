import type { Target } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { DesiredState } from '../render/desired-state.ts';
import { oneLine } from '../report/sanitize.ts';
import { assertThrough, leftOutBefore } from '../rollout/earlier-waves.ts';
import { assertReceiversReady, leftOutReceivers } from '../rollout/left-out-receivers.ts';
import { withoutDone } from '../rollout/resume.ts';
import type { PlanningOptions, RolloutOptions, WritingOptions } from './options.ts';
import { type LoadedProgram, openProgramTargets, planOptions } from './planning.ts';
import type { Screen, Surroundings } from './surroundings.ts';

interface AboutToApply {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly program: LoadedProgram;
}

/**
 * What the command line may not do to the rollout of the program: skip its waiting, overtake earlier waves, run commands that nobody here wrote.
 * @throws OrreryError ORR4201, ORR4202
 */
export async function assertRolloutAllows(
  { plan, desired, program }: AboutToApply,
  options: PlanningOptions & WritingOptions & RolloutOptions,
  surroundings: Surroundings,
): Promise<void> {
  await assertSharesAllow(plan, program, options, surroundings);
  const { rollout } = plan;
  if (rollout === undefined) return;
  if (!options.wait) {
    throw new OrreryError('ORR4201', 'The program declares a rollout, and --no-wait would make it wait for nothing.', {
      fix: 'Leave out --no-wait.',
    });
  }
  const command = rollout.waves.flatMap(({ gates = [] }) => gates).find(({ type }) => type === 'command');
  if (command !== undefined && options.assembly !== undefined && !options.allowGateCommands) {
    const what = `Gate "${command.name}" runs a command on this machine, and it comes from ${options.assembly}, not from a program that ran here.`;
    throw new OrreryError('ORR4201', what, {
      fix: 'Look at the gates (orrery plan shows them) and allow them with --allow-gate-commands.',
    });
  }
  const clusters = leftOutBefore(plan);
  if (clusters.length === 0) return;
  const targets = await openProgramTargets(program, surroundings, { ...options, clusters });
  try {
    await assertThrough(rollout, desired, targets.all, planOptions(program.project, surroundings, options, false));
  } finally {
    await targets.close();
  }
}

/** Replicas do not go here before they are ready in clusters that the command line leaves out. */
async function assertSharesAllow(
  plan: Plan,
  program: LoadedProgram,
  options: PlanningOptions,
  surroundings: Surroundings,
): Promise<void> {
  const clusters = leftOutReceivers(plan);
  if (clusters.length === 0) return;
  const targets = await openProgramTargets(program, surroundings, { ...options, clusters });
  try {
    await assertReceiversReady(plan, targets.all);
  } finally {
    await targets.close();
  }
}

/** With --resume: without the clusters that are through, which is told. */
export async function leftAlone<
  T extends { readonly plan: Plan; readonly targets: { readonly opened: readonly Target[] } },
>(prepared: T, options: RolloutOptions, screen: Screen): Promise<T> {
  if (!options.resume) return prepared;
  const { plan, done } = await withoutDone(prepared.plan, prepared.targets.opened);
  for (const cluster of done) screen.err(`${oneLine(cluster)} is through with this assembly: left alone (--resume)\n`);
  return { ...prepared, plan };
}
