import { FieldPathMistake, type FieldStep, isStepInto, parseFieldPath } from '@orrery/constructs/field-path';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { describeId, type Json, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredCluster, DesiredObject, DesiredState, DroppedField } from './desired-state.ts';

/** A field of one object that is not applied in one cluster, because that cluster does not know it. A decision of people, shown in every plan. */
export interface Waiver {
  readonly cluster: string;
  /** As plans print it: "Deployment/shop/cart". */
  readonly object: string;
  /** As plans print it: "spec.template.spec.containers[name=cart].resizePolicy". */
  readonly path: string;
  /** "cdk8s.yaml:12". */
  readonly source: string;
}

/** The desired state without the fields that waivers drop. What a waiver did, or that it found nothing to drop, stands in the cluster's `dropped`. */
export function withWaivers(state: DesiredState, waivers: readonly Waiver[]): DesiredState {
  if (waivers.length === 0) return state;
  const clusters = state.clusters.map((cluster) => {
    const own = waivers.filter((waiver) => waiver.cluster === cluster.name);
    return own.length === 0 ? cluster : clusterWithout(cluster, own);
  });
  return { ...state, clusters };
}

function clusterWithout(cluster: DesiredCluster, waivers: readonly Waiver[]): DesiredCluster {
  const { objects, found } = objectsWithout(cluster.objects, waivers);
  const dropped = waivers.map(
    (waiver): DroppedField => ({
      object: waiver.object,
      path: waiver.path,
      source: waiver.source,
      found: found.has(waiver),
    }),
  );
  return { ...cluster, objects, dropped, waivers };
}

/** The objects without what the waivers of their cluster drop, and the waivers that found something. */
export function objectsWithout(
  all: readonly DesiredObject[],
  waivers: readonly Waiver[],
): { readonly objects: readonly DesiredObject[]; readonly found: ReadonlySet<Waiver> } {
  const found = new Set<Waiver>();
  if (waivers.length === 0) return { objects: all, found };
  const objects = all.map((desired) => {
    let object = desired.object;
    for (const waiver of waivers.filter((one) => isOf(one, desired))) {
      const rest = without(object as unknown as Json, stepsOf(waiver.path));
      if (rest === undefined) continue;
      found.add(waiver);
      object = rest as unknown as KubernetesObject;
    }
    return object === desired.object ? desired : { ...desired, object, sha256: sha256(canonicalJson(object)) };
  });
  return { objects, found };
}

/** The scope of a kind may not be known yet: its name with the namespace it would get counts too. */
function isOf({ object }: Waiver, { id, defaultNamespace = 'default' }: DesiredObject): boolean {
  return (
    object === describeId(id) || (id.namespace === '' && object === describeId({ ...id, namespace: defaultNamespace }))
  );
}

/** The value without what stands at the path; undefined when nothing stands there. */
function without(value: Json | undefined, [step, ...rest]: readonly FieldStep[]): Json | undefined {
  if (step === undefined || value === undefined || value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) {
    if (step.type === 'member') return undefined;
    const items = value.map((item) => (isStepInto(step, item) ? withoutBelow(item, rest) : { kept: item }));
    return items.some((item) => !('kept' in item)) ? items.flatMap(valuesOf) : undefined;
  }
  if (step.type === 'item') return undefined;
  const names = step.type === 'every' ? Object.keys(value) : Object.hasOwn(value, step.name) ? [step.name] : [];
  const changed = names.flatMap((name) => {
    const below = withoutBelow(value[name] as Json, rest);
    return 'kept' in below ? [] : [[name, below] as const];
  });
  if (changed.length === 0) return undefined;
  const result: JsonObject = { ...value };
  for (const [name, below] of changed) {
    if ('less' in below) result[name] = below.less;
    else delete result[name];
  }
  return result;
}

/** What becomes of a value on the way: gone as a whole, less than it was, or kept. */
type Below = { readonly gone: true } | { readonly less: Json } | { readonly kept: Json };

function withoutBelow(value: Json, rest: readonly FieldStep[]): Below {
  if (rest.length === 0) return { gone: true };
  const less = without(value, rest);
  return less === undefined ? { kept: value } : { less };
}

function valuesOf(below: Below): Json[] {
  if ('gone' in below) return [];
  return ['less' in below ? below.less : below.kept];
}

/** @throws never: the paths of waivers were checked when they were read */
function stepsOf(path: string): readonly FieldStep[] {
  const steps = parseFieldPath(path);
  return steps instanceof FieldPathMistake ? [] : steps;
}
