import { OrreryError } from '../../errors.ts';
import type { PlanTarget } from '../../plan/make-plan.ts';
import { problemOf } from '../../plan/planning-context.ts';
import { printableJson } from '../../report/sanitize.ts';
import { type ShownStatus, statusText } from '../../report/status-text.ts';
import { clusterStatus } from '../../status/cluster-status.ts';
import { EXIT, type ExitCode, worst } from '../exit-code.ts';
import type { ClusterOptions } from '../options.ts';
import { type LoadedProgram, loadProgram, openProgramTargets } from '../planning.ts';
import type { VerbContext } from '../verb.ts';

export interface StatusOptions extends ClusterOptions {
  readonly json: boolean;
}

/** Shows what of the platform is in each cluster and how it is; a cluster that cannot be read, fails alone. */
export async function status(context: VerbContext, options: StatusOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const program = await loadProgram(surroundings, options);
  const { platform } = program.assembly;
  const targets = await openProgramTargets(program, surroundings, options);
  const clusters = await Promise.all(targets.all.map((target) => statusOf(target, program)));
  await targets.close();
  screen.out(
    options.json
      ? `${printableJson({ format: 'orrery/status', version: '1.1', platform, clusters }, 2)}\n`
      : statusText(platform, clusters, { paint: screen.paint, verbose: options.verbose }),
  );
  return worst(...clusters.map(exitCodeOf));
}

async function statusOf(target: PlanTarget, { project, assembly }: LoadedProgram): Promise<ShownStatus> {
  const { cluster } = target;
  try {
    if (target.kind === 'unopened') throw target.error;
    if (target.kind === 'directory') {
      throw new OrreryError('ORR4010', `${cluster} is a folder: nothing runs there.`, {
        cluster,
        fix: 'orrery diff shows whether it holds what the program wants.',
      });
    }
    return await clusterStatus(target, assembly.platform.id, { stateFolder: project.stateFolder });
  } catch (error) {
    return { cluster, problem: problemOf(error) };
  }
}

function exitCodeOf(cluster: ShownStatus): ExitCode {
  // Of a folder there is nothing to be known: no error.
  if ('problem' in cluster) return cluster.problem.code === 'ORR4010' ? EXIT.ok : EXIT.error;
  const found = new Set(cluster.objects.map((object) => object.status));
  if (found.has('failed') || found.has('missing') || found.has('unknown')) return EXIT.error;
  return found.has('suspended') ? EXIT.waiting : EXIT.ok;
}
