import { compareStates } from '../diff/compare-states.ts';
import { dryRun } from '../diff/dry-run.ts';
import type { RawFieldChange } from '../diff/field-changes.ts';
import { applyEntryOf } from '../diff/field-set.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { ApiStatus } from '../kubernetes/status.ts';
import { dangersOfReplace } from './dangers.ts';
import { changedImmutableFields, immutableChanges, withLiveFields } from './immutable-fields.ts';
import type { JudgedObject, ObjectVerdict } from './object-verdict.ts';
import { isSelected } from './plan-options.ts';

/**
 * The verdict on an object of which an immutable field of the table changes, when the dry run was refused for nothing else: replace where that was approved, else
 * blocked.
 * @param paths the immutable fields that change.
 */
export async function planReplacement(
  judged: JudgedObject,
  live: KubernetesObject,
  paths: readonly string[],
): Promise<ObjectVerdict> {
  const { context, id, name } = judged;
  const rehearsal = await rehearseCreate(judged);
  if (rehearsal !== undefined) return judged.refused(rehearsal, live);
  const parts = {
    reason: `${paths.join(', ')} cannot be changed: it is deleted and created again`,
    live,
    changes: await changesOfReplacement(judged, live, paths),
    dangers: dangersOfReplace(id, paths),
  };
  if (isSelected(context.options.replace, context.target.cluster, id))
    return judged.verdict({ action: 'replace', ...parts });
  const error = new OrreryError(
    'ORR4004',
    `${name} must be deleted and created again: ${paths.join(', ')} of a ${id.kind} cannot be changed.`,
    { fix: `Allow it with --replace ${name}, or give the changed object another name.` },
  );
  return judged.blocked(error, parts);
}

/**
 * What deleting an object and creating it again changes.
 * @param paths the immutable fields that change. Default: found out.
 */
export async function changesOfReplacement(
  judged: JudgedObject,
  live: KubernetesObject,
  paths: readonly string[] = immutablePaths(judged, live),
): Promise<RawFieldChange[]> {
  const { context, resolved, applied } = judged;
  const { uid = '', resourceVersion = '' } = live.metadata;
  const rest = await dryRun(
    context.target.client,
    withLiveFields(judged.over(live).object, live, paths),
    resolved.resource,
    {
      manager: context.manager,
      precondition: { uid, resourceVersion },
      force: true,
    },
  );
  const others =
    rest.outcome === 'accepted' ? compareStates(live, rest.object, context.manager, context.fieldSets).changes : [];
  return [...immutableChanges(applied, live, paths), ...others];
}

function immutablePaths(judged: JudgedObject, live: KubernetesObject): readonly string[] {
  const own = applyEntryOf(live, judged.context.manager)?.fieldsV1;
  return changedImmutableFields(judged.id, judged.over(live).object, live, own);
}

/**
 * Before a live object is given up, its successor must be one that the server would create: an invalid value in an immutable field is refused like a valid
 * one. Asked under a name of its own; what only the old object holds (a cluster IP, a node port) is no obstacle.
 * @returns why it would not be created.
 */
export async function rehearseCreate({ context, resolved, applied }: JudgedObject): Promise<ApiStatus | undefined> {
  const { metadata } = applied;
  const name = `${(metadata.name ?? '').slice(0, 40).replace(/[^a-z0-9]+$/i, '')}-orrery`;
  const result = await dryRun(
    context.target.client,
    { ...applied, metadata: { ...metadata, name } },
    resolved.resource,
    {
      manager: context.manager,
      precondition: 'absent',
    },
  );
  if (result.outcome !== 'refused') return undefined;
  const { causes } = result.status;
  const isOnlyTaken = causes.length > 0 && causes.every(({ message }) => /already allocated/.test(message));
  return isOnlyTaken ? undefined : result.status;
}
