import { isRun } from '../helm/hooks.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { canonicalJson, hmacSha256, sha256 } from '../kubernetes/canonical.ts';
import { isSecret, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { dropsValues, lacksMembers } from './dropped-values.ts';
import { applyEntryOf, type FieldSetCache, type OwnedFields, ownedFields } from './field-set.ts';
import { type ProofView, proofView } from './masked-proof.ts';

/**
 * Digest of a desired object as the inventory holds it: its sha256, of a Secret an HMAC over that with the inventory's key. Which fields are left to controllers
 * is a part of what is desired: one that is ours again must not look unchanged.
 */
export function desiredDigest(
  desired: Pick<DesiredObject, 'id' | 'sha256' | 'controllerOwned'>,
  hmacKey: Uint8Array,
): string {
  const { id, controllerOwned } = desired;
  const digest =
    controllerOwned === undefined
      ? desired.sha256
      : sha256(canonicalJson([desired.sha256, controllerOwned.map(({ path }) => path).sort()]));
  return isSecret(id) ? hmacSha256(hmacKey, digest) : digest;
}

/**
 * What the inventory remembers of an object, from the API server's answer to an apply. Without P, and so without a proof, when the answer lacks a value that was applied;
 * F alone then tells whether somebody has taken a field of ours since.
 * @param desired with its namespace resolved.
 * @param response the object as the server returned it, with managedFields.
 * @param serverState key of the server state under which it was applied; undefined leaves the entry without a proof.
 * @param manager our field manager.
 */
export function entryFromResponse(
  desired: DesiredObject,
  response: KubernetesObject,
  serverState: string | undefined,
  hmacKey: Uint8Array,
  manager: string,
  fieldSets: FieldSetCache,
): InventoryEntry {
  const fieldsV1 = applyEntryOf(response, manager)?.fieldsV1;
  const view = fieldsV1 && proofView(desired, response, fieldsV1, manager, fieldSets);
  const owned = view && digestsOf(view, desired.id, hmacKey, fieldSets);
  const isWhole = view !== undefined && !dropsValues(view.desired, view.live, view.fieldsV1, fieldSets);
  return {
    id: desired.id,
    apiVersion: desired.object.apiVersion,
    path: desired.path,
    uid: response.metadata.uid,
    desired: desiredDigest(desired, hmacKey),
    fields: owned?.fields,
    projection: isWhole ? owned?.projection : undefined,
    serverState,
    ...(isRun(desired) ? { hook: true } : {}),
  };
}

function digestsOf(
  { live, fieldsV1 }: ProofView,
  id: Pick<ObjectId, 'group' | 'kind'>,
  hmacKey: Uint8Array,
  fieldSets: FieldSetCache,
): OwnedFields {
  return ownedFields(live, fieldsV1, fieldSets, isSecret(id) ? hmacKey : undefined);
}

/** Why an object is not provably unchanged; `undefined` from `doubtAbout` means that it is. */
export type Doubt =
  | 'not in the inventory'
  | 'not normalised'
  | 're-created'
  | 'being deleted'
  | 'desired changed'
  | 'no proof recorded'
  | 'server state changed'
  | 'our apply entry is gone'
  | 'fields changed hands'
  | 'live values moved'
  | 'a controller-owned field is to be written';

/**
 * The proof of "unchanged": undefined when applying `desired` again could change no value and no ownership, else the first reason for doubt.
 * It never computes a difference itself; any doubt is settled by a dry run of that one object.
 * @param live read in desired's apiVersion, with managedFields.
 * @param digest `desiredDigest(desired, hmacKey)`.
 */
export function doubtAbout(
  live: KubernetesObject,
  entry: InventoryEntry | undefined,
  desired: DesiredObject,
  digest: string,
  serverState: string | undefined,
  hmacKey: Uint8Array,
  manager: string,
  fieldSets: FieldSetCache,
): Doubt | undefined {
  if (entry === undefined) return 'not in the inventory';
  // The server moves stringData into data: neither fields nor projection would see that data changed.
  if (isSecret(desired.id) && desired.object.stringData !== undefined) return 'not normalised';
  if (live.metadata.deletionTimestamp !== undefined) return 'being deleted';
  if (entry.uid === undefined || entry.fields === undefined || entry.projection === undefined)
    return 'no proof recorded';
  if (entry.uid !== live.metadata.uid) return 're-created';
  if (entry.desired !== digest || entry.apiVersion !== desired.object.apiVersion) return 'desired changed';
  if (serverState === undefined || entry.serverState !== serverState) return 'server state changed';
  return doubtAboutFields(live, entry, desired, hmacKey, manager, fieldSets);
}

/**
 * The part of the proof that is about the live object alone: nothing of ours moved since it was last applied, whatever an apply would do now. Of an object of which the server did not keep all that
 * was applied, only F says so: whoever writes another value into a field of ours takes it.
 */
export function doubtAboutFields(
  live: KubernetesObject,
  entry: InventoryEntry,
  desired: DesiredObject,
  hmacKey: Uint8Array,
  manager: string,
  fieldSets: FieldSetCache,
): Doubt | undefined {
  const own = applyEntryOf(live, manager);
  if (own?.fieldsV1 === undefined || own.apiVersion !== entry.apiVersion) return 'our apply entry is gone';
  const view = proofView(desired, live, own.fieldsV1, manager, fieldSets);
  const owned = digestsOf(view, entry.id, hmacKey, fieldSets);
  if (owned.fields !== entry.fields) return 'fields changed hands';
  if (entry.projection !== undefined) {
    const lacks = lacksMembers(view.desired, view.live, view.fieldsV1, fieldSets);
    if (lacks || owned.projection !== entry.projection) return 'live values moved';
  }
  if (!view.settled) return 'a controller-owned field is to be written';
  return undefined;
}
