import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ClusterTally } from '../apply/cluster-tally.ts';
import type { ApplyEvent, ClusterOutcome } from '../apply/outcome.ts';
import type { DirectoryEntry, DirectoryIndex } from '../cluster/directory-index.ts';
import type { DirectoryTarget } from '../cluster/target.ts';
import { errorCode } from '../cluster/transport.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import { withProcessLock } from '../files/process-lock.ts';
import { idKey } from '../kubernetes/object.ts';
import type { ClusterPlan, PlanItem } from '../plan/plan.ts';
import { errorOf } from '../plan/planning-context.ts';
import type { DesiredCluster, DesiredState } from '../render/desired-state.ts';
import { type DesiredManifest, desiredManifests } from './desired-manifests.ts';
import { removeUnfinished } from './manifest-file.ts';
import { type DirectoryWrites, type Written, writeItem } from './manifest-write.ts';
import { directoryKey, ourIndex } from './plan-directory.ts';
import { writeDirectoryIndex } from './write-index.ts';

export interface ApplyDirectoryOptions {
  readonly platform: DesiredState['platform'];
  /** The project's `.orrery` folder. */
  readonly stateFolder: string;
  /** Aborted: the write under way is finished, nothing more is begun. */
  readonly signal?: AbortSignal | undefined;
}

/** Held while a target folder is written. */
const APPLY_LOCK = '.orrery-apply.lock';

/**
 * Does in a target folder what its plan says. The index is widened before the first write and narrowed after the last delete, so that a killed apply
 * leaves nothing that the next one does not know. An object whose file changed since the plan is left alone and reported; deletes come last, and only
 * when every write succeeded.
 * @param desired the desired objects the plan was made from; their bytes are not in the plan
 */
export async function applyDirectory(
  target: DirectoryTarget,
  plan: ClusterPlan,
  desired: DesiredCluster | undefined,
  onEvent: (event: ApplyEvent) => void,
  options: ApplyDirectoryOptions,
): Promise<ClusterOutcome> {
  const tally = new ClusterTally(plan, onEvent);
  if (plan.problem !== undefined) {
    tally.untried(errorOf(plan.problem));
    return tally.finish();
  }
  const items = plan.items.filter(({ action }) => action !== 'blocked');
  tally.started(items.length);
  for (const item of plan.items) {
    if (item.action === 'blocked') tally.skipped(item.id, item.problem?.what ?? item.reason);
  }
  if (items.length > 0) {
    try {
      mkdirSync(target.directory, { recursive: true });
      const onWait = ({ pid }: { pid: number }) => tally.leaseWaiting(`process ${pid}`);
      const work = () => applyItems(target, plan, items, desired, tally, options);
      await withProcessLock(path.join(target.directory, APPLY_LOCK), work, { onWait, signal: options.signal });
    } catch (error) {
      if (options.signal?.aborted === true) tally.interrupted();
      else tally.stopped(withCode(error, target));
    }
  }
  return tally.finish();
}

async function applyItems(
  target: DirectoryTarget,
  plan: ClusterPlan,
  items: readonly PlanItem[],
  desired: DesiredCluster | undefined,
  tally: ClusterTally,
  options: ApplyDirectoryOptions,
): Promise<void> {
  const { platform, signal } = options;
  const known = ourIndex(target, platform.id);
  assertSameFolder(target, plan, known);
  const hmacKey = await directoryKey(options.stateFolder, platform.id, target.cluster);
  const { manifests } = desiredManifests(desired?.objects ?? [], hmacKey);
  const index: DirectoryIndex = known ?? {
    format: 'orrery/directory',
    version: 1,
    platform: platform.id,
    cluster: target.cluster,
    id: target.folderId ?? randomUUID(),
    entries: [],
  };
  const writes: DirectoryWrites = {
    target,
    hmacKey,
    desired: new Map(manifests.map(({ desired: object }) => [idKey(object.id), object])),
    manifests: new Map(manifests.map((manifest) => [idKey(manifest.desired.id), manifest])),
    entries: new Map(index.entries.map((entry) => [idKey(entry), entry])),
  };
  const wide = new Map(writes.entries);
  const written = new Set(
    items.filter(({ action }) => action === 'create' || action === 'update').map(({ id }) => idKey(id)),
  );
  for (const manifest of manifests) {
    const key = idKey(manifest.desired.id);
    if (written.has(key)) wide.set(key, intended(manifest));
  }
  removeUnfinished(
    target.directory,
    [...wide.values()].map(({ file }) => file),
  );
  writeDirectoryIndex(target.directory, { ...index, entries: [...wide.values()] });
  const settled = new Map(writes.entries);
  try {
    for (const item of items) {
      if (signal?.aborted === true) {
        tally.interrupted();
        tally.skipped(item.id, 'the apply was interrupted');
      } else if (isRemoval(item) && tally.hasFailures) {
        tally.skipped(item.id, 'kept: deletes wait until every write succeeds');
      } else {
        perform(item, writes, settled, tally);
      }
    }
  } finally {
    writeDirectoryIndex(target.directory, { ...index, entries: [...settled.values()] });
  }
}

function perform(
  item: PlanItem,
  writes: DirectoryWrites,
  settled: Map<string, DirectoryEntry>,
  tally: ClusterTally,
): void {
  const key = idKey(item.id);
  try {
    const written: Written = writeItem(item, writes);
    if (written.entry === undefined) settled.delete(key);
    else settled.set(key, written.entry);
    if (written.effect === 'written') tally.written(item);
    else if (written.effect === 'deleted') tally.deleted(item.id);
  } catch (error) {
    // Files are replaced in one step: what failed is as it was, and so is its entry.
    tally.failed(withCode(error, writes.target), item);
  }
}

function isRemoval({ action }: PlanItem): boolean {
  return action === 'delete' || action === 'forget' || action === 'orphan';
}

/** Without digests: whether the file was written yet is open. */
function intended({ desired, file }: DesiredManifest): DirectoryEntry {
  return { ...desired.id, apiVersion: desired.object.apiVersion, path: desired.path, file };
}

/** @throws OrreryError ORR4104 when the folder lost its index or got another identity after the plan was made */
function assertSameFolder(target: DirectoryTarget, plan: ClusterPlan, index: DirectoryIndex | undefined): void {
  const same =
    index === undefined ? plan.items.every((item) => item.precondition === undefined) : index.id === plan.clusterUid;
  if (same) return;
  throw new OrreryError('ORR4104', `${target.directory} is not the folder the plan was made for any more.`, {
    cluster: target.cluster,
    fix: 'Make a new plan.',
  });
}

/** Errors of the file system in the words of the catalogue. */
function withCode(error: unknown, target: DirectoryTarget): unknown {
  if (isOrreryError(error)) return error;
  const code = errorCode(error);
  if (code === undefined) return error;
  const at = (error as NodeJS.ErrnoException).path ?? target.directory;
  return new OrreryError('ORR5001', `${at} cannot be written (${code}).`, {
    cluster: target.cluster,
    cause: error,
    fix: 'Check the rights and the free space of the folder, then apply again: what was written is known.',
  });
}
