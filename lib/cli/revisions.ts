import { type ClusterRevisions, revisionsOfAll } from '../rollout/plan-revisions.ts';
import type { ClusterOptions } from './options.ts';
import { type LoadedProgram, loadProgram, openProgramTargets } from './planning.ts';
import type { OpenedTargets } from './targets.ts';
import type { VerbContext } from './verb.ts';

export interface ReadRevisions {
  readonly program: LoadedProgram;
  readonly targets: OpenedTargets;
  readonly clusters: readonly ClusterRevisions[];
}

/** Opens the targets of the program's clusters and lists what each keeps; one that fails, fails alone. The caller closes `targets`. */
export async function readRevisions(context: VerbContext, options: ClusterOptions): Promise<ReadRevisions> {
  const { surroundings } = context;
  const program = await loadProgram(surroundings, options);
  const targets = await openProgramTargets(program, surroundings, options);
  const clusters = await revisionsOfAll(targets.all, program.assembly.platform.id);
  return { program, targets, clusters };
}
