import { type DirectoryEntry, type DirectoryIndex, readDirectoryIndex } from '../cluster/directory-index.ts';
import type { DirectoryTarget } from '../cluster/target.ts';
import { SecretMask } from '../diff/secret-mask.ts';
import { OrreryError } from '../errors.ts';
import { waitingKey } from '../inventory/inventory-key.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { describeId, idKey, isSecret, type ObjectId } from '../kubernetes/object.ts';
import { dangersOfDelete } from '../plan/dangers.ts';
import { guardDeletes } from '../plan/delete-guards.ts';
import type { ClusterPlan, PlanItem } from '../plan/plan.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import { problemOf } from '../plan/planning-context.ts';
import { withRenames } from '../plan/rename-pairs.ts';
import type { DesiredCluster, DesiredRelease, DesiredState } from '../render/desired-state.ts';
import { type DesiredManifest, desiredManifests, fileVersion } from './desired-manifests.ts';
import { readManifest } from './manifest-file.ts';
import { type DirectoryPlanning, manifestVerdict } from './manifest-verdict.ts';

export interface PlanDirectoryOptions
  extends Pick<PlanOptions, 'allowEmpty' | 'allowDeletes' | 'largeShare' | 'stateFolder' | 'onLeft'> {
  /** 'destroy': everything of ours is deleted. Default 'apply'. */
  readonly purpose?: 'apply' | 'destroy' | undefined;
}

/**
 * Compares a target folder with the desired objects of its cluster. Reads only. Only files of the folder's index are ours.
 * @param desired absent: the program has no such cluster; what is ours is removed as `options.onLeft` says ('delete', 'orphan', else nothing is done)
 * @throws OrreryError ORR4001 a folder of another platform or cluster, ORR4002 no desired object at all, ORR4006 an unreadable index; what concerns one
 * object is in its item
 */
export async function planDirectory(
  target: DirectoryTarget,
  desired: DesiredCluster | undefined,
  platform: DesiredState['platform'],
  options: PlanDirectoryOptions,
): Promise<ClusterPlan> {
  const index = ourIndex(target, platform.id);
  const destroy = options.purpose === 'destroy';
  const objects = destroy ? [] : (desired?.objects ?? []);
  const [native] = destroy ? [] : (desired?.releases ?? []);
  if (native !== undefined) throw needsHelm(target, native);
  if (desired !== undefined && !destroy && objects.length === 0) assertEmptyIsMeant(target, index, options);
  const hmacKey = await directoryKey(options.stateFolder, platform.id, target.cluster);
  const { manifests, warnings } = desiredManifests(objects, hmacKey);
  const planning = planningOf(target, hmacKey, index, manifests);
  const items: PlanItem[] = [];
  for (const manifest of manifests) {
    const item = await manifestVerdict(manifest, planning);
    if (item !== undefined) items.push(item);
  }
  const removed =
    destroy || desired !== undefined ? removedItems(planning, manifests, destroy) : leftItems(planning, options);
  const byId = new Map(manifests.map(({ desired: object }) => [idKey(object.id), object]));
  return {
    cluster: target.cluster,
    target: target.description,
    clusterUid: target.folderId,
    ...(desired === undefined && !destroy ? { left: true, leftObjects: planning.entries.size } : {}),
    items: withRenames(
      [...items, ...guardDeletes({ target, options }, removed, planning.entries.size)],
      byId,
      planning,
    ),
    unchanged: manifests.length - items.length,
    dryRuns: 0,
    warnings: [...warnings, ...clearSecrets(target, manifests), ...withoutKey(manifests)],
  };
}

/** Left out without a word it would be missing from the cluster, and rendered it would be another thing than the program says. */
function needsHelm({ cluster, directory }: DirectoryTarget, { id, path, source }: DesiredRelease): OrreryError {
  const what = `${describeId(id)} is native, and ${directory} is a folder: helm cannot install anything there.`;
  return new OrreryError('ORR2304', what, {
    ...{ cluster, path, source },
    fix: `Leave the release rendered (HelmMode.RENDERED), or place it in other clusters than ${cluster}.`,
  });
}

function clearSecrets(target: DirectoryTarget, manifests: readonly DesiredManifest[]): string[] {
  if (target.secrets === 'refuse') return [];
  const secrets = manifests.filter(({ holdsSecret }) => holdsSecret);
  return secrets.map(({ desired: { id }, file }) => `${describeId(id)} stands in clear in ${file}.`);
}

/** A folder has no key: one in it would be public like the folder, one on this machine would make another digest than the next machine's. */
function withoutKey(manifests: readonly DesiredManifest[]): string[] {
  return manifests.flatMap(({ desired: { id, secretContent } }) =>
    secretContent === undefined
      ? []
      : [
          `${describeId(id)}: changed ConfigMaps restart its pods, changed Secrets do not: a folder has no key for them.`,
        ],
  );
}

/** HMAC key for what a plan says about Secrets of a target folder: kept in the project's `.orrery` folder, never in the target. */
export function directoryKey(stateFolder: string, platformId: string, cluster: string): Promise<Uint8Array> {
  return waitingKey(stateFolder, platformId, `directory-${cluster}`);
}

/**
 * The folder's index, if it is ours.
 * @throws OrreryError ORR4001 when the folder belongs to another platform or cluster, ORR4006 when the index is unreadable
 */
export function ourIndex(target: DirectoryTarget, platformId: string): DirectoryIndex | undefined {
  const index = readDirectoryIndex(target.directory, target.cluster);
  if (index === undefined) return undefined;
  const owner =
    index.platform !== platformId
      ? `platform "${index.platform}"`
      : index.cluster !== target.cluster
        ? `cluster "${index.cluster}"`
        : undefined;
  if (owner === undefined) return index;
  throw new OrreryError('ORR4001', `${target.directory} holds the manifests of the ${owner}.`, {
    cluster: target.cluster,
    fix: 'Give every cluster of every platform a folder of its own under `targets` in cdk8s.yaml.',
  });
}

function assertEmptyIsMeant(
  target: DirectoryTarget,
  index: DirectoryIndex | undefined,
  options: PlanDirectoryOptions,
): void {
  const count = index?.entries.length ?? 0;
  if (count === 0 || options.allowEmpty === true) return;
  throw new OrreryError(
    'ORR4002',
    `The program has no object for "${target.cluster}" any more; all ${count} manifests would be deleted.`,
    {
      cluster: target.cluster,
      fix: 'If that is meant, use `orrery destroy` or --allow-empty; otherwise see why the program is empty.',
    },
  );
}

function planningOf(
  target: DirectoryTarget,
  hmacKey: Uint8Array,
  index: DirectoryIndex | undefined,
  manifests: readonly DesiredManifest[],
): DirectoryPlanning {
  const secrets = manifests.filter(({ desired: { id } }) => isSecret(id));
  return {
    target,
    hmacKey,
    mask: new SecretMask(hmacKey, () => secrets.map(({ desired: { object } }) => object)),
    entries: new Map((index?.entries ?? []).map((entry) => [idKey(entry), entry])),
  };
}

/** Deletes, last written first. */
function removedItems(
  planning: DirectoryPlanning,
  manifests: readonly DesiredManifest[],
  destroy: boolean,
): PlanItem[] {
  const desired = new Set(manifests.map(({ desired: { id } }) => idKey(id)));
  const gone = [...planning.entries.values()].filter((entry) => !desired.has(idKey(entry)));
  return gone
    .reverse()
    .map((entry) => removedItem(planning, entry, destroy ? 'everything is destroyed' : 'no longer in the program'));
}

function leftItems(planning: DirectoryPlanning, options: PlanDirectoryOptions): PlanItem[] {
  const entries = [...planning.entries.values()].reverse();
  const reason = 'the program no longer has this cluster';
  if (options.onLeft === 'delete') {
    return entries.map((entry) => removedItem(planning, entry, reason));
  }
  if (options.onLeft !== 'orphan') return [];
  return entries.map((entry) => ({ ...removedItem(planning, entry, reason), action: 'orphan' }));
}

function removedItem(planning: DirectoryPlanning, entry: DirectoryEntry, reason: string): PlanItem {
  const { target, hmacKey } = planning;
  const { group, kind, namespace, name } = entry;
  const id: ObjectId = { group, kind, namespace, name };
  const frame = {
    id,
    apiVersion: entry.apiVersion,
    path: entry.path,
    changes: [],
    effect: sha256(canonicalJson({ action: 'delete', id })),
    dangers: dangersOfDelete(id),
    verified: 'unverified',
  } as const;
  try {
    const bytes = readManifest(target.directory, entry.file);
    if (bytes === undefined) return { ...frame, action: 'forget', reason: `${reason}; ${entry.file} is gone already` };
    const edited = entry.sha256 !== undefined && entry.sha256 !== sha256(bytes);
    const precondition = { uid: target.folderId ?? '', resourceVersion: fileVersion(id, bytes, hmacKey) };
    return {
      ...frame,
      action: 'delete',
      reason: edited ? `${reason}; ${entry.file} was edited by hand` : reason,
      precondition,
    };
  } catch (error) {
    return {
      ...frame,
      action: 'blocked',
      reason: 'it cannot be deleted',
      problem: problemOf(error, { cluster: target.cluster }),
    };
  }
}
