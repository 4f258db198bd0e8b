import { placeReleases } from '../../canary-release/place-releases.ts';
import { resolveNamespace } from '../../diff/resolve-namespace.ts';
import { isOrreryError, OrreryError } from '../../errors.ts';
import { isRelease } from '../../helm/native-input.ts';
import { idKey } from '../../kubernetes/object.ts';
import { makePlan } from '../../plan/make-plan.ts';
import type { PlanItem } from '../../plan/plan.ts';
import type { DesiredObject, DesiredState } from '../../render/desired-state.ts';
import { oneLine } from '../../report/sanitize.ts';
import { type AmendedRevision, amendRevision } from '../../revision/amend-revision.ts';
import type { ExitCode } from '../exit-code.ts';
import type { PlanningOptions, WritingOptions } from '../options.ts';
import { type LoadedProgram, loadProgram, openProgramTargets, planOptions, render, selection } from '../planning.ts';
import type { OpenedTargets } from '../targets.ts';
import type { VerbContext } from '../verb.ts';
import { askToApply, assertSomebodyToAsk, carryOut } from './apply.ts';

export interface PartOptions extends PlanningOptions, WritingOptions {
  /** As plans print them. */
  readonly objects: readonly string[];
}

/** Takes over objects of the program that exist and are not ours, and writes nothing else. */
export function adopt(context: VerbContext, options: PartOptions): Promise<ExitCode> {
  return deal(context, options, 'adopt');
}

/** Gives up objects of ours: they stay as they are and are nobody's business of ours any more. */
export function orphan(context: VerbContext, options: PartOptions): Promise<ExitCode> {
  return deal(context, options, 'orphan');
}

/** Plans some objects, shows it, asks, writes; a plan of some objects is never saved. */
async function deal(context: VerbContext, options: PartOptions, verb: 'adopt' | 'orphan'): Promise<ExitCode> {
  const { surroundings } = context;
  if (!options.yes) assertSomebodyToAsk(verb, surroundings);
  const program = await loadProgram(surroundings, options);
  const { project, assembly } = program;
  const targets = await openProgramTargets(program, surroundings, options);
  try {
    const objects = selection(options.objects);
    const state = verb === 'adopt' ? await render(program, context) : withoutObjects(program);
    // A folder belongs to one platform as a whole: there is nothing to take over, and nobody to give it to.
    const clusters = targets.all.flatMap(({ cluster, kind }) => (kind === 'directory' ? [] : [cluster]));
    const chosen = { ...state, clusters: state.clusters.filter(({ name }) => clusters.includes(name)) };
    const { desired, targets: placed } = await placeReleases(chosen, targets.all);
    const rules = { ...planOptions(project, surroundings, options, true), part: { verb, objects } };
    const made = await makePlan(
      desired,
      placed.filter(({ kind }) => kind !== 'directory'),
      rules,
    );
    assertFound(made.unmatched ?? [], verb);
    const part = await amendedRevisions(made.plan.clusters, targets, assembly.platform.id, desired);
    return await carryOut(
      context,
      options,
      { ...made, desired, targets, program, part },
      options.yes ? undefined : askToApply,
    );
  } catch (error) {
    await targets.close();
    throw error;
  }
}

/** @throws OrreryError ORR4011 */
function assertFound(unmatched: readonly string[], verb: 'adopt' | 'orphan'): void {
  if (unmatched.length === 0) return;
  const whose = verb === 'adopt' ? 'the program has no such object' : 'no object of ours has that name';
  throw new OrreryError('ORR4011', `${unmatched.map(oneLine).join(', ')}: ${whose}.`, {
    fix: 'Write objects as plans print them: Kind/namespace/name, or Kind/name for what has no namespace. orrery status lists what is ours.',
  });
}

function withoutObjects({ assembly }: LoadedProgram): DesiredState {
  const clusters = assembly.clusters.map(({ manifest: { name } }) => ({ name, facts: {}, objects: [] }));
  return { platform: assembly.platform, assemblyDigest: '', holdsSecrets: false, clusters };
}

/** The revisions go on from the present ones, so that drift and rollback know what became ours and what is ours no more. */
async function amendedRevisions(
  plans: readonly { readonly cluster: string; readonly items: readonly PlanItem[] }[],
  { opened }: OpenedTargets,
  platformId: string,
  desired: DesiredState,
): Promise<ReadonlyMap<string, AmendedRevision>> {
  const amended = new Map<string, AmendedRevision>();
  await Promise.all(
    plans.map(async ({ cluster, items }) => {
      const target = opened.find((one) => one.cluster === cluster);
      // What helm keeps of its releases stands in no revision of ours.
      const changing = items.filter(
        ({ id, action }) => ['adopt', 'orphan', 'forget'].includes(action) && !isRelease(id),
      );
      if (target?.kind !== 'kube' || changing.length === 0) return;
      const isOne = (object: DesiredObject, wanted: readonly PlanItem[]) =>
        wanted.some(({ id }) => idKey(resolveNamespace(object, id.namespace !== '').id) === idKey(id));
      const adopted = changing.filter(({ action }) => action === 'adopt');
      const declared = desired.clusters.find(({ name }) => name === cluster)?.objects ?? [];
      const change = (objects: readonly DesiredObject[]) => [
        ...objects.filter((object) => !isOne(object, changing)),
        ...declared.filter((object) => isOne(object, adopted)),
      ];
      try {
        const revision = await amendRevision(target, platformId, change);
        if (revision !== undefined) amended.set(cluster, revision);
      } catch (error) {
        // The objects count more than the way back.
        if (!isOrreryError(error)) throw error;
      }
    }),
  );
  return amended;
}
