import type {
  ReleaseFieldManifest,
  ReleaseInClusterManifest,
  ReleaseStateManifest,
} from '@orrery/constructs/assembly-format';
import { FieldPathMistake, parseFieldPath } from '@orrery/constructs/field-path';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { isSecret, type Json, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredCluster, DesiredObject } from '../render/desired-state.ts';
import { withContentDigests } from '../render/restart-on-change.ts';
import { withScaledReplicas } from '../render/scaled-replicas.ts';
import { objectsWithout } from '../render/waivers.ts';

/**
 * What a cluster shall hold while releases are in these states: fields are set, objects that are absent are left out, and what follows from other objects (digests of what pods read, replicas that an
 * autoscaler owns) is decided again. Pure: the same states give the same objects, to the bit.
 */
export function placeStages(cluster: DesiredCluster, states: readonly ReleaseStateManifest[]): DesiredCluster {
  const base = cluster.unplaced ?? cluster;
  const absent = new Set(states.flatMap((state) => state.absent ?? []));
  const fields = new Map<string, ReleaseFieldManifest[]>();
  for (const field of states.flatMap((state) => state.fields ?? []))
    fields.set(field.object, [...(fields.get(field.object) ?? []), field]);
  const objects = base.objects.flatMap((desired) => {
    // What charts and included files bring is in no release, even where it has the path of the construct that brings it.
    if (absent.has(desired.path)) return [];
    const own = fields.get(desired.path);
    return own === undefined ? desired : placedObject(desired, own);
  });
  const waived = objectsWithout(objects, base.waivers ?? []).objects;
  return { ...base, unplaced: base, objects: withContentDigests(withScaledReplicas(waived), base.name).objects };
}

/** What divides traffic. Who changes it by hand during a release works against it. */
const ROUTES: ReadonlySet<string> = new Set(['networking.istio.io', 'gateway.networking.k8s.io']);

function placedObject(desired: DesiredObject, fields: readonly ReleaseFieldManifest[]): DesiredObject {
  const placed = withObject(desired, withFields(desired.object, fields));
  return ROUTES.has(desired.id.group) ? { ...placed, movedByRelease: fields.map(({ field }) => field) } : placed;
}

function withObject(desired: DesiredObject, object: KubernetesObject): DesiredObject {
  return { ...desired, object, sha256: sha256(canonicalJson(object)) };
}

/** The object with values at paths of members. Nothing is shared that is changed. */
function withFields(object: KubernetesObject, fields: readonly ReleaseFieldManifest[]): KubernetesObject {
  let placed = object as unknown as JsonObject;
  for (const field of fields) placed = withValue(placed, membersOf(field), field.value as Json | undefined);
  return placed as unknown as KubernetesObject;
}

function withValue(at: JsonObject, [step, ...rest]: readonly string[], value: Json | undefined): JsonObject {
  if (step === undefined) return at;
  const result = { ...at };
  if (rest.length === 0) {
    if (value === undefined) delete result[step];
    else setOwn(result, step, value);
    return result;
  }
  const below = Object.hasOwn(at, step) ? at[step] : undefined;
  const next = typeof below === 'object' && below !== null && !Array.isArray(below) ? below : {};
  setOwn(result, step, withValue(next, rest, value));
  return result;
}

/** "__proto__" is a key like any other. */
function setOwn(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The assembly was checked: every step is a member. */
function membersOf({ field }: ReleaseFieldManifest): readonly string[] {
  const steps = parseFieldPath(field);
  if (steps instanceof FieldPathMistake) return [];
  return steps.flatMap((step) => (step.type === 'member' ? [step.name] : []));
}

/** Secrets as they are at any stage of a release: their values must not show either, wherever else they stand. */
export function secretsOfStages({ unplaced, canaries = [], objects }: DesiredCluster): readonly KubernetesObject[] {
  if (canaries.length === 0) return [];
  const secrets = (unplaced?.objects ?? objects).filter(({ id }) => isSecret(id));
  return canaries.flatMap(({ states: { before, stages, abort } }) =>
    [before, ...stages, ...abort].flatMap(({ fields = [] }) =>
      secrets.flatMap(({ path, object }) => {
        const own = fields.filter((field) => field.object === path);
        return own.length === 0 ? [] : [withFields(object, own)];
      }),
    ),
  );
}

/** Construct paths of all objects that a release has to do with in a cluster. */
export function touchedPaths({ before, stages, abort }: ReleaseInClusterManifest): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { fields = [], absent = [] } of [before, ...stages, ...abort]) {
    for (const { object } of fields) paths.add(object);
    for (const path of absent) paths.add(path);
  }
  for (const { hold } of stages) if (hold?.type === 'controller') paths.add(hold.object);
  return paths;
}

/** Digests of the pod templates that a release decides, as they are in a state, by construct path. */
export function templatesIn(
  cluster: DesiredCluster,
  states: ReleaseInClusterManifest,
  state: ReleaseStateManifest,
): Readonly<Record<string, string>> {
  const all = [states.before, ...states.stages, ...states.abort].flatMap(({ fields = [] }) => fields);
  const decided = new Set(all.filter(({ field }) => field === 'spec.template').map(({ object }) => object));
  const absent = new Set(state.absent);
  const digests: Record<string, string> = {};
  for (const { path, object } of (cluster.unplaced ?? cluster).objects) {
    if (!decided.has(path) || absent.has(path)) continue;
    const own = (state.fields ?? []).filter((field) => field.object === path && field.field === 'spec.template');
    const { template } = (withFields(object, own).spec ?? {}) as { template?: Json };
    if (template !== undefined) digests[path] = sha256(canonicalJson(template));
  }
  return digests;
}
