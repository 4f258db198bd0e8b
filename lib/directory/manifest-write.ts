import { writeYaml } from '@orrery/constructs/yaml';
import { desiredOf } from '../apply/desired-lookup.ts';
import type { DirectoryEntry } from '../cluster/directory-index.ts';
import type { DirectoryTarget } from '../cluster/target.ts';
import { desiredDigest } from '../diff/proof.ts';
import { OrreryError } from '../errors.ts';
import { sha256 } from '../kubernetes/canonical.ts';
import { idKey, isSecret } from '../kubernetes/object.ts';
import type { PlanItem } from '../plan/plan.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { type DesiredManifest, fileVersion } from './desired-manifests.ts';
import { deleteManifest, readManifest, writeManifest } from './manifest-file.ts';
import { assertSecretAllowed } from './secret-policy.ts';

/** What the writes of one folder share. */
export interface DirectoryWrites {
  readonly target: DirectoryTarget;
  readonly hmacKey: Uint8Array;
  /** With their namespaces resolved, by idKey. */
  readonly desired: ReadonlyMap<string, DesiredObject>;
  /** By idKey. */
  readonly manifests: ReadonlyMap<string, DesiredManifest>;
  /** As the index had them before the first write, by idKey. */
  readonly entries: ReadonlyMap<string, DirectoryEntry>;
}

export interface Written {
  readonly effect: 'written' | 'deleted' | 'none';
  /** The object's entry from now on; absent: it is ours no longer. */
  readonly entry?: DirectoryEntry | undefined;
}

/**
 * Does one item of a plan, if the file is still what the plan saw.
 * @throws OrreryError ORR4104 when somebody changed the file since, ORR4102 when the desired object is not the planned one
 */
export function writeItem(item: PlanItem, writes: DirectoryWrites): Written {
  const { id } = item;
  const entry = writes.entries.get(idKey(id));
  switch (item.action) {
    case 'create':
    case 'update':
      return writeDesired(item, entry, writes);
    case 'delete':
      if (entry !== undefined) {
        assertUnchanged(item, entry.file, readManifest(writes.target.directory, entry.file), writes);
        deleteManifest(writes.target.directory, entry.file);
      }
      return { effect: 'deleted' };
    default:
      return { effect: 'none' };
  }
}

function writeDesired(item: PlanItem, entry: DirectoryEntry | undefined, writes: DirectoryWrites): Written {
  const { target } = writes;
  const desired = desiredOf(item, writes.desired, writes.hmacKey, target.cluster);
  const manifest = writes.manifests.get(idKey(item.id)) as DesiredManifest;
  assertSecretAllowed(target, manifest);
  const { file } = manifest;
  const text = writeYaml(desired.object);
  const bytes = readManifest(target.directory, file);
  // Somebody may have done the very same: then there is nothing to refuse.
  if (bytes === undefined || bytes.toString('utf8') !== text) {
    assertUnchanged(item, file, bytes, writes);
    writeManifest(target.directory, file, text, isSecret(item.id) ? 0o600 : 0o644);
  }
  if (entry !== undefined && entry.file !== file) deleteManifest(target.directory, entry.file);
  return { effect: 'written', entry: entryOf(desired, file, text, writes.hmacKey) };
}

function entryOf(desired: DesiredObject, file: string, text: string, hmacKey: Uint8Array): DirectoryEntry {
  const { id, object, path } = desired;
  const entry: DirectoryEntry = { ...id, apiVersion: object.apiVersion, path, file };
  // Digests of a Secret would let readers of the index try out values.
  return isSecret(id) ? entry : { ...entry, sha256: sha256(text), desired: desiredDigest(desired, hmacKey) };
}

function assertUnchanged(item: PlanItem, file: string, bytes: Buffer | undefined, writes: DirectoryWrites): void {
  const expected = item.precondition?.resourceVersion;
  const found = bytes === undefined ? undefined : fileVersion(item.id, bytes, writes.hmacKey);
  if (found === expected) return;
  const what = expected === undefined ? 'was created' : found === undefined ? 'was removed' : 'was changed';
  throw new OrreryError('ORR4104', `${file} ${what} after the plan was made.`, {
    fix: 'Make a new plan and review it.',
  });
}
