import type { ApiObject, JsonPatch } from 'cdk8s';
import { canonicalJson } from './canonical';

/**
 * Why the patches that the program gave to a cdk8s object itself (`addJsonPatch`) do not apply, or change nothing. Undefined where they do, and where there
 * are none. cdk8s takes what touches nothing without a word.
 */
export function ownPatchMistake(object: ApiObject): string | undefined {
  const { patches } = object as unknown as { readonly patches?: readonly JsonPatch[] };
  return patches === undefined || patches.length === 0 ? undefined : mistakeOf(object, patches);
}

function mistakeOf(object: ApiObject, patches: readonly JsonPatch[]): string | undefined {
  const unpatched = attempt(() => (Object.create(object, { patches: { value: [] } }) as ApiObject).toJson());
  // Without its patches it fails as well, or its class looks at more than it inherits: then it is not the patches.
  if ('error' in unpatched) return undefined;
  const list = patches.map((patch) => patch._toJson() as { readonly op: string; readonly path: string });
  const described = list.map(({ op, path }) => `${op} ${path}`).join('; ');
  const patched = attempt(() => object.toJson());
  if ('error' in patched) {
    const why = patched.error instanceof Error ? patched.error.message : String(patched.error);
    return `Its patches do not apply (${described}): ${why.replace(/^Failed serializing construct .*? with name '.*?': /, '')}`;
  }
  return canonicalJson(unpatched.value) === canonicalJson(patched.value)
    ? `Its patches change nothing: ${described}.`
    : undefined;
}

function attempt<T>(run: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}
