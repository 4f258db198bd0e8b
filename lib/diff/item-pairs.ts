import { type FieldStep, isStepInto } from '@orrery/constructs/field-path';
import { ownMember } from '../kubernetes/fields.ts';
import type { Json, JsonObject } from '../kubernetes/object.ts';
import { isCompletionOf } from './completed-value.ts';
import { equalJson } from './field-changes.ts';

/** Which live item each item of a list became, by position; an item without one is new. */
export type ItemPairs = ReadonlyMap<number, number>;

/**
 * Finds the items of a desired list in the live one, looking past the masked fields: by the list's key, else by unique names, else by equality of everything
 * that is not masked, and what is left in order.
 * @param masks paths of the masked fields, from the list on.
 * @returns undefined when it cannot be told: unequal numbers are left that differ in more than masked fields.
 */
export function pairItems(
  desired: readonly Json[],
  live: readonly Json[],
  key: readonly string[] | undefined,
  masks: readonly (readonly FieldStep[])[],
): ItemPairs | undefined {
  if (key !== undefined) return pairsBy(desired, live, (wanted, item) => hasSameKey(wanted, item, key));
  if (hasNames(desired) && hasNames(live))
    return pairsBy(desired, live, (wanted, item) => hasSameKey(wanted, item, ['name']));
  const pairs = pairsBy(desired, live, (wanted, item) =>
    isCompletionOf(withoutMasked(item, masks), withoutMasked(wanted, masks)),
  );
  const taken = new Set(pairs.values());
  const left = desired.flatMap((_, at) => (pairs.has(at) ? [] : [at]));
  const leftLive = live.flatMap((_, at) => (taken.has(at) ? [] : [at]));
  if (left.length === 0 || leftLive.length === 0) return pairs;
  if (left.length !== leftLive.length) return undefined;
  return new Map([...pairs, ...left.map((at, n): [number, number] => [at, leftLive[n] as number])]);
}

function pairsBy(
  desired: readonly Json[],
  live: readonly Json[],
  isSame: (wanted: Json, item: Json) => boolean,
): Map<number, number> {
  const pairs = new Map<number, number>();
  const free = new Set(live.keys());
  for (const [at, wanted] of desired.entries()) {
    for (const place of free) {
      if (!isSame(wanted, live[place] as Json)) continue;
      pairs.set(at, place);
      free.delete(place);
      break;
    }
  }
  return pairs;
}

/** A key member that the program leaves out is one that the server fills in. */
export function hasSameKey(wanted: Json, item: Json, key: readonly string[]): boolean {
  if (!isMap(wanted) || !isMap(item)) return false;
  return key.every((member) => wanted[member] === undefined || equalJson(wanted[member], item[member]));
}

function hasNames(items: readonly Json[]): boolean {
  const names = new Set(items.map((item) => (isMap(item) ? item.name : undefined)));
  return names.size === items.length && items.every((item) => isMap(item) && typeof item.name === 'string');
}

/** An item of a list without its masked fields. */
function withoutMasked(item: Json, masks: readonly (readonly FieldStep[])[]): Json {
  const rest = masks.flatMap(([step, ...steps]) =>
    step !== undefined && step.type !== 'member' && isStepInto(step, item) ? [steps] : [],
  );
  return unmasked(item, rest);
}

/** A value without its masked fields. Shares everything else with the value. */
export function unmasked(value: Json, masks: readonly (readonly FieldStep[])[]): Json {
  let result: Json | undefined = value;
  for (const steps of masks) if (result !== undefined) result = without(result, steps);
  return result ?? null;
}

function without(value: Json, steps: readonly FieldStep[]): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return undefined;
  if (Array.isArray(value)) {
    if (step.type === 'member') return value;
    let changed = false;
    const items = value.flatMap((item) => {
      const kept = isStepInto(step, item) ? without(item, rest) : item;
      changed ||= kept !== item;
      return kept === undefined ? [] : [kept];
    });
    return changed ? items : value;
  }
  if (!isMap(value) || step.type === 'item') return value;
  let result: JsonObject = value;
  for (const name of step.type === 'member' ? [step.name] : Object.keys(value)) {
    const member = ownMember(value, name);
    if (member !== undefined) result = withMember(result, name, without(member, rest));
  }
  return result;
}

/** A map with a member set, or removed by undefined; the same map when that changes nothing. */
export function withMember(map: JsonObject, name: string, member: Json | undefined): JsonObject {
  const present = ownMember(map, name);
  if (present === member) return map;
  const entries = Object.entries(map).filter(([other]) => other !== name);
  return Object.fromEntries(member === undefined ? entries : [...entries, [name, member]]);
}

export function isMap(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
