import { diffFields } from '../diff/field-changes.ts';
import type { MaskedFieldChange, SecretMask } from '../diff/secret-mask.ts';
import { parseHelmOutput } from '../helm/helm-output.ts';
import { idKey, idOf, isSecret, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import { type ScopeOf, scopesWith } from '../kubernetes/scope.ts';
import type { ReleaseContent } from './stored-release.ts';

/** Annotation that keeps an object in the cluster when its release drops it, or goes. */
const POLICY = 'helm.sh/resource-policy';

/** What becomes of an object of a release. stay: the release lets go of it. run: a hook that helm runs on the way. */
export interface ReleaseObject {
  readonly id: ObjectId;
  readonly effect: 'create' | 'update' | 'delete' | 'stay' | 'run';
  /** Of an update, without Secret values; they are texts of the chart, as helm compares them. */
  readonly changes: readonly MaskedFieldChange[];
}

export type ReleaseStep = 'install' | 'upgrade' | 'delete';

/** The objects of a manifest, with the namespace that helm gives them. @throws OrreryError ORR2201, ORR2202 when it cannot be read */
export async function objectsOf(
  manifest: string,
  namespace: string,
  isNamespaced: (object: KubernetesObject) => boolean | undefined,
): Promise<ReadonlyMap<string, KubernetesObject>> {
  const objects = (await parseHelmOutput(manifest)).objects.map(({ object }) => object);
  const scopeOf: ScopeOf = scopesWith(objects);
  const found = new Map<string, KubernetesObject>();
  for (const object of objects) {
    const id = idOf(object);
    const scope = scopeOf(id.group, id.kind);
    const isInside = scope === undefined ? isNamespaced(object) !== false : scope === 'Namespaced';
    const own = isInside && id.namespace === '' ? { ...id, namespace } : isInside ? id : { ...id, namespace: '' };
    found.set(idKey(own), { ...object, metadata: { ...object.metadata, namespace: own.namespace } });
  }
  return found;
}

/** Secrets among the objects, for a mask. */
export function secretsOf(...states: readonly ReadonlyMap<string, KubernetesObject>[]): KubernetesObject[] {
  return states.flatMap((objects) => [...objects.values()].filter((object) => isSecret(idOf(object))));
}

/** What helm does to the objects of a release on the way from one state to the next, in the order of the chart; what goes comes last. */
export function changesOf(
  before: ReadonlyMap<string, KubernetesObject>,
  after: ReadonlyMap<string, KubernetesObject>,
  mask: SecretMask,
): ReleaseObject[] {
  const result: ReleaseObject[] = [];
  for (const [key, object] of after) {
    const id = idOf(object);
    const old = before.get(key);
    if (old === undefined) {
      result.push({ id, effect: 'create', changes: [] });
      continue;
    }
    const changes = mask.changes(id, diffFields(old, object));
    if (changes.length > 0) result.push({ id, effect: 'update', changes });
  }
  for (const [key, object] of before) {
    if (after.has(key)) continue;
    const stays = object.metadata.annotations?.[POLICY] === 'keep';
    result.push({ id: idOf(object), effect: stays ? 'stay' : 'delete', changes: [] });
  }
  return result;
}

/** Hooks that helm runs before and after a step, as the release has them. */
export function hooksOf({ hooks }: ReleaseContent, step: ReleaseStep, namespace: string): ReleaseObject[] {
  const events = [`pre-${step}`, `post-${step}`];
  return hooks
    .filter((hook) => hook.events.some((event) => events.includes(event)))
    .map(({ kind, name }) => ({ id: { group: '', kind, namespace, name }, effect: 'run' as const, changes: [] }));
}
