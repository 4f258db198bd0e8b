import type { HelmReleaseManifest, JsonValue, ReleasePatchManifest } from '@orrery/constructs/assembly-format';
import { applyJsonPatch, applyMergePatch, PatchFailure } from '@orrery/constructs/json-patch';
import { sourceOf } from '@orrery/constructs/source-location';
import type { Assembly } from '../assembly/assembly.ts';
import type { Schema } from '../checks/schema/schema.ts';
import { OrreryError } from '../errors.ts';
import { classifyHook } from '../helm/hooks.ts';
import { canonicalJson } from '../kubernetes/canonical.ts';
import { describeId, idOf, isSecret, type Json, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import type { FoundObject } from './found-objects.ts';
import { applyStrategicMerge, StrategicMistake } from './strategic-merge.ts';

/** The schema of a kind in one cluster; undefined where nobody knows it. Loaded only for strategic patches. */
export type SchemaLookup = (object: KubernetesObject) => Promise<Schema | undefined>;

/**
 * Applies the patches of Helm releases to what the charts render. One serves a whole assembly: a patch has to change something in one of its clusters.
 */
export class ReleasePatcher {
  readonly #assembly: Assembly;
  /** By path of the patch: whether it changed anything yet, and the error if it never does. */
  readonly #effects = new Map<string, { changed: boolean; readonly idle: OrreryError }>();

  constructor(assembly: Assembly) {
    this.#assembly = assembly;
  }

  /**
   * The objects of a release with its patches in one cluster. Which hook a patched object is follows from what it is afterwards.
   * @throws OrreryError ORR2305 for a patch that finds no object, or several, or does not apply
   */
  async patched(
    objects: readonly FoundObject[],
    release: HelmReleaseManifest,
    cluster: string,
    schemas: SchemaLookup,
  ): Promise<readonly FoundObject[]> {
    const { patches = [] } = release;
    if (patches.length === 0) return objects;
    const result = [...objects];
    for (const patch of patches) {
      const refuse = this.#refusal(patch, release, cluster);
      const at = targetOf(result, patch, release, refuse);
      const found = result[at] as FoundObject;
      const object = await applied(found.object, patch, schemas, refuse);
      const changed = canonicalJson(object) !== canonicalJson(found.object);
      const effect = this.#effects.get(patch.path);
      if (effect !== undefined) effect.changed ||= changed;
      else
        this.#effects.set(patch.path, {
          changed,
          idle: refuse('changes nothing', 'Remove it, or correct what it sets.'),
        });
      const { hook: _, ...rest } = found;
      const turn = classifyHook(object as JsonObject);
      result[at] = { ...rest, object, ...(turn.type === 'hook' ? { hook: turn.hook } : {}) };
    }
    return result;
  }

  /** @throws OrreryError ORR2305 for a patch that changed nothing in any cluster */
  refuseIdle(): void {
    for (const { changed, idle } of this.#effects.values()) if (!changed) throw idle;
  }

  #refusal(
    { path, target, json, merge }: ReleasePatchManifest,
    release: HelmReleaseManifest,
    cluster: string,
  ): Refusal {
    const type = json !== undefined ? 'JSON patch' : merge !== undefined ? 'merge patch' : 'strategic patch';
    const source = sourceOf(this.#assembly.locations, cluster, path);
    const of = `the ${type} of ${target.kind}${target.name === undefined ? '' : `/${target.name}`}`;
    return (what, fix) => new OrreryError('ORR2305', `${of} ${what}`, { path: release.path, source, cluster, fix });
  }
}

type Refusal = (what: string, fix: string) => OrreryError;

/** Where the one object stands that is meant. */
function targetOf(
  objects: readonly FoundObject[],
  { target }: ReleasePatchManifest,
  release: HelmReleaseManifest,
  refuse: Refusal,
): number {
  const matches = objects.flatMap(({ object }, at) => {
    const { group, kind, name, namespace } = idOf(object);
    const isMeant =
      kind === target.kind &&
      (target.group ?? group) === group &&
      (target.name ?? name) === name &&
      (target.namespace === undefined || target.namespace === (namespace === '' ? release.namespace : namespace));
    return isMeant ? [at] : [];
  });
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  const ofKind = objects.filter(({ object }) => object.kind === target.kind);
  const choice = (ofKind.length === 0 ? objects : ofKind).map(({ object }) => describeId(idOf(object)));
  const list = choice.length === 0 ? 'nothing' : [...new Set(choice)].slice(0, 20).join(', ');
  if (only === undefined) throw refuse('finds no object', `The chart renders ${list}.`);
  throw refuse(`finds ${matches.length} objects`, `Name one, with its namespace where that tells them apart: ${list}.`);
}

async function applied(
  object: KubernetesObject,
  { json, merge, strategic }: ReleasePatchManifest,
  schemas: SchemaLookup,
  refuse: Refusal,
): Promise<KubernetesObject> {
  const before = object as unknown as JsonValue;
  let after: JsonValue | PatchFailure;
  if (json !== undefined) {
    after = applyJsonPatch(before, json);
    if (after instanceof PatchFailure) {
      const { operation, why } = after;
      // What is there instead may be a secret.
      const shown = operation.op === 'test' && isSecret(idOf(object)) ? 'another value stands there' : why;
      throw refuse(
        `does not apply: ${operation.op} ${operation.path}: ${shown}`,
        'Correct its path or value, or remove it.',
      );
    }
  } else if (merge !== undefined) after = applyMergePatch(before, merge);
  else {
    const schema = await schemas(object);
    if (schema === undefined)
      throw refuse(
        `cannot be applied: the schema of ${object.apiVersion} ${object.kind} is not known`,
        'Use a merge patch or a JSON patch.',
      );
    try {
      after = applyStrategicMerge(object as unknown as Json, (strategic ?? {}) as Json, schema) as JsonValue;
    } catch (error) {
      if (!(error instanceof StrategicMistake)) throw error;
      throw refuse(`does not apply: ${error.message}`, 'Correct it, or use a JSON patch.');
    }
  }
  if (!isObject(after)) throw refuse('leaves no object with apiVersion, kind and name', 'Leave these fields in place.');
  return after as unknown as KubernetesObject;
}

function isObject(value: JsonValue): boolean {
  const { apiVersion, kind, metadata } = (value ?? {}) as Record<string, JsonValue>;
  const name = (metadata as { name?: JsonValue } | null | undefined)?.name;
  return [apiVersion, kind, name].every((text) => typeof text === 'string' && text !== '');
}
