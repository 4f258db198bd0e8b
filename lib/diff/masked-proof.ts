import { type FieldStep, isStepInto } from '@orrery/constructs/field-path';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { type FieldSetCache, ownsItem } from './field-set.ts';
import { graft, maskedFields, type WholeValue } from './graft.ts';
import { isMap, unmasked } from './item-pairs.ts';
import { isLeaf } from './owner-cursor.ts';

/** A desired and a live object and our field set, as the proof of "unchanged" looks at them. */
export interface ProofView {
  readonly desired: KubernetesObject;
  readonly live: KubernetesObject;
  readonly fieldsV1: JsonObject;
  /** False: an apply does something to a controller-owned field, whatever else is equal. */
  readonly settled: boolean;
}

/**
 * What the proof sees of an object of which controllers own fields: everything but their values, and but who owns them. A list that is applied as a whole counts
 * as ours without those values even while it belongs to the controller, so that a change of anything else in it is seen.
 *
 * Why equal digests of this view prove that nothing would change: what would be sent (`graft`) has the live value of every controller-owned field that it holds, and
 * holds those only that are ours already or lie in a list that is applied as a whole; everything else is as the program says, and stands in the view.
 */
export function proofView(
  desired: DesiredObject,
  live: KubernetesObject,
  fieldsV1: JsonObject,
  manager: string,
  fieldSets: FieldSetCache,
): ProofView {
  if (desired.controllerOwned === undefined) return { desired: desired.object, live, fieldsV1, settled: true };
  const fields = maskedFields(desired.controllerOwned);
  const { wholes, settled, ambiguous } = graft(desired.object, live, fields, manager, fieldSets);
  const masks = fields.map(({ steps }) => steps);
  const kept = masks.reduce(
    (node, steps) => withoutField(node, live as unknown as Json, steps, fieldSets) ?? node,
    fieldsV1,
  );
  return {
    desired: unmasked(desired.object as unknown as Json, masks) as unknown as KubernetesObject,
    live: unmasked(live as unknown as Json, masks) as unknown as KubernetesObject,
    fieldsV1: withWholes(kept, wholes),
    settled: settled && ambiguous === undefined,
  };
}

/** A field set that has lists and maps as a whole, whether or not they are in it. */
export function withWholes(fieldsV1: JsonObject, wholes: readonly WholeValue[]): JsonObject {
  return wholes.reduce((node, { elements }) => withLeaf(node, elements), fieldsV1);
}

function withLeaf(node: JsonObject, [element, ...rest]: readonly string[]): JsonObject {
  if (element === undefined) return {};
  const member = (node[element] ?? {}) as JsonObject;
  const next = withLeaf(member, rest);
  const entries = Object.entries({ ...node, [element]: next });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Stands in for what was left out beside the field set's mark of the map or item itself, which alone would mean the whole of it. No path element of any server. */
const LEFT_OUT = '#';

/** A field set without a field; undefined when nothing is left. Parents that held nothing else go with it. */
function withoutField(
  node: JsonObject,
  live: Json | undefined,
  [step, ...rest]: readonly FieldStep[],
  fieldSets: FieldSetCache,
): JsonObject | undefined {
  if (step === undefined) return undefined;
  if (isLeaf(node)) return node;
  const result: JsonObject = { ...node };
  for (const [element, value] of elementsOf(node, live, step, fieldSets)) {
    const member = withoutField(node[element] as JsonObject, value, rest, fieldSets);
    if (member === undefined) delete result[element];
    else result[element] = member;
  }
  const left = Object.keys(result);
  if (left.length === 0) return undefined;
  return left.length === 1 && left[0] === '.' ? { [LEFT_OUT]: {}, '.': {} } : result;
}

/** The elements of a field set that a step leads into, each with the live value there. */
function elementsOf(
  node: JsonObject,
  live: Json | undefined,
  step: FieldStep,
  fieldSets: FieldSetCache,
): [string, Json | undefined][] {
  if (step.type === 'member') {
    const element = `f:${step.name}`;
    const value = isMap(live) && Object.hasOwn(live, step.name) ? live[step.name] : undefined;
    return node[element] === undefined ? [] : [[element, value]];
  }
  const items = Array.isArray(live) ? live : [];
  return Object.keys(node).flatMap((element): [string, Json | undefined][] => {
    if (element === '.') return [];
    if (element.startsWith('f:')) {
      const value = isMap(live) ? live[element.slice(2)] : undefined;
      return step.type === 'every' ? [[element, value]] : [];
    }
    const item = items.find((one, index) => ownsItem(element, one, index, fieldSets));
    return step.type === 'every' || isStepInto(step, item) ? [[element, item]] : [];
  });
}
