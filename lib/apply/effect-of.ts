import { diffFields } from '../diff/field-changes.ts';
import { applyEntryOf } from '../diff/field-set.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';

/** What a dry run would change. `digest` is comparable with `PlanItem.effect`. */
export interface Effect {
  readonly kind: 'unchanged' | 'ownership-only' | 'values';
  readonly digest: string;
}

export function effectOf(live: KubernetesObject, result: KubernetesObject, manager: string): Effect {
  const changes = diffFields(live, result).map(({ path, op, before, after }) => ({ path, op, before, after }));
  const digest = sha256(canonicalJson(changes));
  if (changes.length > 0) return { kind: 'values', digest };
  const [had, has] = [live, result].map((object) => canonicalJson(applyEntryOf(object, manager)?.fieldsV1 ?? null));
  return { kind: had === has ? 'unchanged' : 'ownership-only', digest };
}
