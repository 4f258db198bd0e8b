import type { DirectoryEntry } from '../cluster/directory-index.ts';
import type { DirectoryTarget } from '../cluster/target.ts';
import { diffFields, equalJson, type RawFieldChange } from '../diff/field-changes.ts';
import type { SecretMask } from '../diff/secret-mask.ts';
import { isOrreryError, OrreryError, type Where } from '../errors.ts';
import { canonicalJson, hmacSha256, sha256 } from '../kubernetes/canonical.ts';
import { describeId, idKey, isSecret, type KubernetesObject } from '../kubernetes/object.ts';
import { dangersOfChange, dangersOfRights, restartsPods } from '../plan/dangers.ts';
import { dangersOfRepartition } from '../plan/gpu-repartition.ts';
import type { PlanItem } from '../plan/plan.ts';
import { problemOf } from '../plan/planning-context.ts';
import { type DesiredManifest, fileVersion } from './desired-manifests.ts';
import { readManifest } from './manifest-file.ts';
import { assertSecretAllowed } from './secret-policy.ts';

/** What the verdicts of one folder share. */
export interface DirectoryPlanning {
  readonly target: DirectoryTarget;
  readonly hmacKey: Uint8Array;
  readonly mask: SecretMask;
  /** Our entries, by idKey. */
  readonly entries: ReadonlyMap<string, DirectoryEntry>;
}

/** What happens to one desired object; undefined: nothing. */
export async function manifestVerdict(
  manifest: DesiredManifest,
  planning: DirectoryPlanning,
): Promise<PlanItem | undefined> {
  const { desired, file } = manifest;
  const { target } = planning;
  const where: Where = {
    cluster: target.cluster,
    object: describeId(desired.id),
    path: desired.path,
    source: desired.source,
  };
  try {
    assertSecretAllowed(target, manifest);
    const entry = planning.entries.get(idKey(desired.id));
    const bytes = readManifest(target.directory, file);
    if (bytes === undefined) return created(manifest, planning, entry);
    if (entry === undefined || entry.file !== file) throw foreignFile(target, file, where);
    return await compared(manifest, planning, entry, bytes);
  } catch (error) {
    return {
      ...frame(manifest, planning, 'blocked', ''),
      reason: 'it cannot be written',
      changes: [],
      effect: '',
      problem: problemOf(error, where),
    };
  }
}

function created(manifest: DesiredManifest, planning: DirectoryPlanning, entry: DirectoryEntry | undefined): PlanItem {
  const reason =
    entry === undefined
      ? `new: ${manifest.file}`
      : entry.file === manifest.file
        ? `${manifest.file} was removed by hand`
        : `moves from ${entry.file} to ${manifest.file}`;
  return frame(manifest, planning, 'create', reason);
}

async function compared(
  manifest: DesiredManifest,
  planning: DirectoryPlanning,
  entry: DirectoryEntry,
  bytes: Buffer,
): Promise<PlanItem | undefined> {
  const { desired, file, digest } = manifest;
  const edited = entry.sha256 !== undefined && entry.sha256 !== sha256(bytes);
  if (!edited && entry.sha256 !== undefined && entry.desired === digest) return undefined;
  const before = await parsed(bytes, file);
  const precondition = {
    uid: planning.target.folderId ?? '',
    resourceVersion: fileVersion(desired.id, bytes, planning.hmacKey),
  };
  if (before === undefined) {
    return {
      ...frame(manifest, planning, 'update', `${file} no longer holds this object: it was edited by hand`),
      precondition,
    };
  }
  if (equalJson(before, desired.object)) return undefined;
  // What we wrote last is known by digest only: when the program did not change, every difference is somebody's edit.
  const cause = edited && entry.desired === digest ? 'drift' : 'intent';
  const reason = !edited
    ? 'the program changed'
    : `${file} was edited by hand${cause === 'intent' ? ', and the program changed' : ''}`;
  const changes = diffFields(before, desired.object);
  return { ...frame(manifest, planning, 'update', reason, changes, cause, before), precondition };
}

function frame(
  manifest: DesiredManifest,
  planning: DirectoryPlanning,
  action: PlanItem['action'],
  reason: string,
  changes: readonly RawFieldChange[] = [],
  cause: 'intent' | 'drift' = 'intent',
  before?: KubernetesObject,
): PlanItem {
  const { id, object, path, unit, source } = manifest.desired;
  const shown = planning.mask.changes(id, changes).map(({ owners: _, ...change }) => ({ ...change, cause }));
  const effect = canonicalJson({
    action,
    digest: manifest.digest,
    changes: changes.map(({ owners: _, ...change }) => change),
  });
  return {
    action,
    id,
    apiVersion: object.apiVersion,
    path,
    unit,
    source,
    reason,
    changes: shown,
    effect: isSecret(id) ? `hmac:${hmacSha256(planning.hmacKey, effect)}` : sha256(effect),
    desired: planning.mask.object(object),
    desiredDigest: manifest.digest,
    dangers: [...dangersOfChange(shown), ...dangersOfRights(object), ...dangersOfRepartition(before, object)],
    verified: 'unverified',
    ...(restartsPods(id, shown) ? { restartsPods: true } : {}),
  };
}

/** The object in a file; undefined when somebody made something else of it. */
async function parsed(bytes: Buffer, file: string): Promise<KubernetesObject | undefined> {
  const [{ readYaml }, { kubernetesObjects }] = await Promise.all([
    import('../yaml/read.ts'),
    import('../yaml/kubernetes-documents.ts'),
  ]);
  try {
    const objects = kubernetesObjects(readYaml(bytes, { source: file }), file);
    return objects.length === 1 ? objects[0]?.object : undefined;
  } catch (error) {
    if (isOrreryError(error)) return undefined;
    throw error;
  }
}

function foreignFile(target: DirectoryTarget, file: string, where: Where): OrreryError {
  return new OrreryError('ORR4001', `${file} exists in ${target.directory} and is not ours.`, {
    ...where,
    fix: 'Move it out of the folder or delete it; what it says is then written from the program.',
  });
}
