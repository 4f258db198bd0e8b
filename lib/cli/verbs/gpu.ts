import { OrreryError } from '../../errors.ts';
import { gpuPlan } from '../../gpu/gpu-plan.ts';
import { liveGpus } from '../../gpu/live-gpus.ts';
import { gpuPlanText, type ShownGpus } from '../../report/gpu-plan-text.ts';
import { printableJson } from '../../report/sanitize.ts';
import { platformName } from '../../report/wording.ts';
import { EXIT, type ExitCode, worst } from '../exit-code.ts';
import { lookIntoClusters } from '../in-clusters.ts';
import type { ClusterOptions } from '../options.ts';
import { type LoadedProgram, loadProgram, openProgramTargets } from '../planning.ts';
import { assertClusters } from '../targets.ts';
import type { VerbContext } from '../verb.ts';

export interface GpuPlanOptions extends ClusterOptions {
  readonly json: boolean;
  /** By the nodes and pods that are in the clusters. */
  readonly live: boolean;
}

/** Format of `--output json`. A reader of 1.x ignores fields it does not know. */
const FORMAT = { format: 'orrery/gpu-plan', version: '1.0' } as const;

/** What pools of GPUs have in each cluster, what is requested, and how it is expected to fit; with `live` by what is there. */
export async function planGpus(context: VerbContext, options: GpuPlanOptions): Promise<ExitCode> {
  const { screen } = context;
  const program = await loadProgram(context.surroundings, options);
  const { assembly } = program;
  const declared = assembly.clusters.map(({ manifest }) => manifest.name);
  assertClusters(options.clusters, declared, declared);
  const wanted = options.clusters.length === 0 ? declared : options.clusters;
  const clusters = options.live
    ? await livePlans(context, program, options)
    : assembly.clusters
        .filter(({ manifest }) => wanted.includes(manifest.name))
        .map(({ manifest, objects }): ShownGpus => gpuPlan(manifest.name, objects));
  screen.out(
    options.json
      ? `${printableJson({ ...FORMAT, platform: assembly.platform, live: options.live, clusters }, 2)}\n`
      : gpuPlanText(platformName(assembly), clusters, screen.paint),
  );
  return worst(...clusters.map(exitCodeOf));
}

async function livePlans(
  { surroundings }: VerbContext,
  program: LoadedProgram,
  options: GpuPlanOptions,
): Promise<ShownGpus[]> {
  const targets = await openProgramTargets(program, surroundings, options);
  try {
    const looked = await lookIntoClusters(targets, async (target) => {
      const objects = program.assembly.clusters.find(({ manifest }) => manifest.name === target.cluster)?.objects ?? [];
      return { found: gpuPlan(target.cluster, objects, await liveGpus(target)) };
    });
    if (looked.length === 0) {
      throw new OrreryError('ORR1001', 'All clusters are folders: nothing runs there.', {
        fix: 'Leave --live out: then the objects of the program are counted.',
      });
    }
    return looked.flatMap(({ cluster, found, problem }): ShownGpus[] =>
      found !== undefined ? [found] : problem === undefined ? [] : [{ cluster, problem }],
    );
  } finally {
    await targets.close();
  }
}

function exitCodeOf(one: ShownGpus): ExitCode {
  if ('problem' in one) return EXIT.error;
  return one.pools.some(({ unplaced }) => unplaced.length > 0) ? EXIT.changes : EXIT.ok;
}
