import { FieldPathMistake, type FieldStep, hasField, isStepInto, parseFieldPath } from '@orrery/constructs/field-path';
import { ownMember } from '../kubernetes/fields.ts';
import type { Json, JsonObject, KubernetesObject, ManagedFieldsEntry } from '../kubernetes/object.ts';
import type { ControllerOwnedField } from '../render/desired-state.ts';
import { labelOf, pathOf } from './field-changes.ts';
import { applyEntryOf, type FieldSetCache } from './field-set.ts';
import { type ItemPairs, isMap, pairItems, withMember } from './item-pairs.ts';
import { ownedPart } from './owned-part.ts';
import { isOwnedWhole, listKeyOf, type Owners, ownersOf, ownersOfItem, ownersOfMember } from './owner-cursor.ts';

/** What is sent for an object of which controllers own fields. */
export interface Grafted {
  readonly object: KubernetesObject;
  /**
   * False: applying it does something to a controller-owned field: an initial value comes where the cluster has none, or our share of a field ends that a
   * controller holds as well.
   */
  readonly settled: boolean;
  /** Lists and maps that are applied as a whole and hold controller-owned fields. Whoever writes such a field owns all of it. */
  readonly wholes: readonly WholeValue[];
  /** A list in which the item that a controller's value belongs to cannot be told. */
  readonly ambiguous?: string | undefined;
}

export interface WholeValue {
  /** "spec.http" */
  readonly path: string;
  /** The same as elements of fieldsV1: ["f:spec", "f:http"]. */
  readonly elements: readonly string[];
  /** Field managers that may own it. */
  readonly managers: readonly string[];
}

/** A controller-owned field with its path taken apart. */
export interface MaskedField {
  readonly steps: readonly FieldStep[];
  readonly managers: readonly string[];
}

/** Takes the paths apart. They were checked when the assembly was read. */
export function maskedFields(fields: readonly ControllerOwnedField[]): MaskedField[] {
  return fields.map(({ path, managers }) => {
    const steps = parseFieldPath(path);
    if (steps instanceof FieldPathMistake) throw new Error(`the path "${path}" ${steps.what}`);
    return { steps, managers };
  });
}

/**
 * Puts what the cluster says of controller-owned fields into a desired object, so that applying it under the live object's resourceVersion moves none of them:
 *
 * - Inside a value that is applied as a whole (an atomic list) the live value is taken, whoever owns it: leaving it out would remove it.
 * - Elsewhere exactly what is ours is sent, with its live value. What a controller took from us is not sent any more; what only we own stays ours until a
 *   controller takes it, because dropping a field that nobody else owns removes it (a Deployment's replicas would become 1).
 * - Where the cluster has nothing the program's value is sent: the initial one.
 *
 * @param applied what the program wants; it is not changed.
 * @param live at the resourceVersion under which the result is sent.
 * @param manager our field manager.
 */
export function graft(
  applied: KubernetesObject,
  live: KubernetesObject,
  fields: readonly MaskedField[],
  manager: string,
  fieldSets: FieldSetCache,
): Grafted {
  const own = applyEntryOf(live, manager);
  const masks = fields.map(({ steps }) => steps);
  const result = { settled: true, wholes: new Map<string, WholeValue>(), ambiguous: undefined as string | undefined };
  let object = applied as unknown as Json;
  for (const { steps, managers } of fields) {
    const walk = new GraftWalk({ managers, manager, own, fieldSets });
    object =
      walk.at(object, live as unknown as Json, steps, masks, ownersOf(live.metadata.managedFields), ROOT) ?? object;
    result.settled &&= walk.settled;
    result.ambiguous ??= walk.ambiguous;
    for (const whole of walk.wholes) {
      const known = result.wholes.get(whole.path)?.managers ?? [];
      result.wholes.set(whole.path, { ...whole, managers: [...new Set([...known, ...whole.managers])] });
    }
  }
  return { ...result, object: object as unknown as KubernetesObject, wholes: [...result.wholes.values()] };
}

/** Where a walk is. */
interface Place {
  readonly path: string;
  readonly elements: readonly string[];
}

const ROOT: Place = { path: '', elements: [] };

interface Parties {
  /** Field managers of the controller; empty: anybody but us. */
  readonly managers: readonly string[];
  readonly manager: string;
  /** Our entry in the live managedFields. */
  readonly own: ManagedFieldsEntry | undefined;
  readonly fieldSets: FieldSetCache;
}

/** One controller-owned field on its way through desired and live object. */
class GraftWalk {
  settled = true;
  ambiguous: string | undefined;
  readonly wholes: WholeValue[] = [];
  readonly #parties: Parties;

  constructor(parties: Parties) {
    this.#parties = parties;
  }

  /** @param masks paths of all controller-owned fields that go through this place, from here on. */
  at(
    desired: Json | undefined,
    live: Json | undefined,
    steps: readonly FieldStep[],
    masks: readonly (readonly FieldStep[])[],
    owners: Owners,
    place: Place,
  ): Json | undefined {
    const [step, ...rest] = steps;
    if (step === undefined) return this.#field(desired, live, owners);
    if (Array.isArray(live) && step.type !== 'member' && Array.isArray(desired))
      return this.#list(desired, live, step, rest, masks, this.#inside(owners, live, place), place);
    if (isMap(live) && step.type !== 'item' && (desired === undefined || isMap(desired)))
      return this.#map(desired, live, step, rest, masks, this.#inside(owners, live, place), place);
    if (hasField(desired, steps)) this.settled = false;
    return desired;
  }

  #map(
    desired: JsonObject | undefined,
    live: JsonObject,
    step: Exclude<FieldStep, { readonly type: 'item' }>,
    rest: readonly FieldStep[],
    masks: readonly (readonly FieldStep[])[],
    owners: Owners,
    place: Place,
  ): JsonObject | undefined {
    let result: JsonObject = desired ?? {};
    const names = step.type === 'member' ? [step.name] : new Set([...Object.keys(result), ...Object.keys(live)]);
    for (const name of names) {
      const inner = masks.flatMap((mask) => (leadsToMember(mask, name) ? [mask.slice(1)] : []));
      const below = { path: pathOf(place.path, name), elements: [...place.elements, `f:${name}`] };
      const member = this.at(
        ownMember(desired, name),
        ownMember(live, name),
        rest,
        inner,
        ownersOfMember(owners, name),
        below,
      );
      result = withMember(result, name, member);
    }
    // An empty map that nobody wrote down would be applied as such.
    const emptied = Object.keys(result).length === 0 && (desired === undefined || Object.keys(desired).length > 0);
    return emptied && place !== ROOT ? undefined : result;
  }

  #list(
    desired: Json[],
    live: Json[],
    step: Exclude<FieldStep, { readonly type: 'member' }>,
    rest: readonly FieldStep[],
    masks: readonly (readonly FieldStep[])[],
    owners: Owners,
    place: Place,
  ): Json[] {
    const inner = masks.flatMap((mask) => (mask[0] !== undefined && mask[0].type !== 'member' ? [mask.slice(1)] : []));
    const key = listKeyOf(owners);
    const pairs = pairItems(desired, live, key, masks);
    if (pairs === undefined) {
      if (hasField(desired, [step, ...rest]) || hasField(live, [step, ...rest])) this.ambiguous ??= place.path;
      return desired;
    }
    const items = desired.flatMap((item, at): Json[] => {
      if (!isStepInto(step, item)) return [item];
      const index = pairs.get(at);
      const found = index === undefined ? undefined : live[index];
      if (index === undefined || found === undefined) {
        if (hasField(item, rest)) this.settled = false;
        return [item];
      }
      const { owners: itemOwners, element } = ownersOfItem(owners, found, index, this.#parties.fieldSets);
      const label = isMap(found) && key !== undefined ? labelOf(found, key) : String(index);
      const below = { path: `${place.path}[${label}]`, elements: [...place.elements, element] };
      const grafted = this.at(item, found, rest, inner, itemOwners, below);
      return grafted === undefined ? [] : [grafted];
    });
    return rest.length === 0 && owners === 'whole' ? withForeignItems(items, live, pairs, step) : items;
  }

  /** A controller-owned field itself. */
  #field(desired: Json | undefined, live: Json | undefined, owners: Owners): Json | undefined {
    if (live === undefined) {
      if (desired !== undefined) this.settled = false;
      return desired;
    }
    if (owners === 'whole') return live;
    const ours = owners.find(({ entry }) => entry === this.#parties.own);
    if (ours === undefined) return undefined;
    const theirs = owners.flatMap(({ entry, node }) => (this.#isController(entry) ? [node] : []));
    const part = ownedPart(live, ours.node, theirs, this.#parties.fieldSets);
    if (part.shared) this.settled = false;
    return part.value;
  }

  #isController({ manager = '' }: ManagedFieldsEntry): boolean {
    const { managers, manager: us } = this.#parties;
    return manager !== us && (managers.length === 0 || managers.includes(manager));
  }

  /** The owners inside a list or map; a value that is applied as a whole is noted. */
  #inside(owners: Owners, live: Json[] | JsonObject, place: Place): Owners {
    if (owners === 'whole' || owners.length === 0) return 'whole';
    if (!isOwnedWhole(owners, live)) return owners;
    this.wholes.push({ ...place, managers: this.#parties.managers });
    return 'whole';
  }
}

/**
 * A list that is applied as a whole, with the live items that only the cluster has: each behind the item that it follows there.
 * @param items the desired items, in their order and number: inside a whole value none is left out.
 */
function withForeignItems(
  items: readonly Json[],
  live: readonly Json[],
  pairs: ItemPairs,
  step: Exclude<FieldStep, { readonly type: 'member' }>,
): Json[] {
  const placeOf = new Map([...pairs].map(([at, index]) => [index, at]));
  const behind = new Map<number, Json[]>();
  let previous = -1;
  for (const [index, item] of live.entries()) {
    const place = placeOf.get(index);
    if (place !== undefined) previous = place;
    else if (isStepInto(step, item)) behind.set(previous, [...(behind.get(previous) ?? []), item]);
  }
  return [...(behind.get(-1) ?? []), ...items.flatMap((item, at) => [item, ...(behind.get(at) ?? [])])];
}

function leadsToMember([step]: readonly FieldStep[], name: string): boolean {
  return step?.type === 'every' || (step?.type === 'member' && step.name === name);
}
