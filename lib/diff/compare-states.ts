import { canonicalJson, hmacSha256, sha256 } from '../kubernetes/canonical.ts';
import { isSecret, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import { diffFields, type RawFieldChange } from './field-changes.ts';
import { applyEntryOf, type FieldSetCache } from './field-set.ts';
import type { WholeValue } from './graft.ts';
import { withWholes } from './masked-proof.ts';

/** What an apply would do to a live object, from the dry run's answer. */
export interface StateDifference {
  /** ownership-only: no value changes, but our entry in managedFields does; it is written once. */
  readonly kind: 'unchanged' | 'ownership-only' | 'values';
  /** Unmasked. */
  readonly changes: readonly RawFieldChange[];
}

/**
 * Compares a live object with the dry run's answer.
 * @param wholes lists and maps that a controller may own in our place: getting them back is no reason for a write.
 */
export function compareStates(
  live: KubernetesObject,
  result: KubernetesObject,
  manager: string,
  fieldSets: FieldSetCache,
  wholes: readonly WholeValue[] = [],
): StateDifference {
  const changes = diffFields(live, result, fieldSets);
  if (changes.length > 0) return { kind: 'values', changes };
  const [before, after] = [applyEntryOf(live, manager), applyEntryOf(result, manager)];
  const fieldsOf = (entry: typeof before) => canonicalJson(entry?.fieldsV1 && withWholes(entry.fieldsV1, wholes));
  const same = before?.apiVersion === after?.apiVersion && fieldsOf(before) === fieldsOf(after);
  return { kind: same ? 'unchanged' : 'ownership-only', changes };
}

/** Digest of unmasked changes, comparable between plan and apply of the same cluster; keyed for Secrets. */
export function effectDigest(
  id: Pick<ObjectId, 'group' | 'kind'>,
  changes: readonly RawFieldChange[],
  hmacKey: Uint8Array,
): string {
  const text = canonicalJson(changes.map(({ path, op, before, after }) => ({ path, op, before, after })));
  return isSecret(id) ? hmacSha256(hmacKey, text) : sha256(text);
}
