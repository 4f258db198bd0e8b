import type { SecretMask } from '../diff/secret-mask.ts';
import { describeId, idKey, idOf, type ObjectId } from '../kubernetes/object.ts';
import type { DroppedField } from '../render/desired-state.ts';
import { type PlanItem, writes } from './plan.ts';
import type { PlanningContext } from './planning-context.ts';

/** Warnings of the API server, each text once with the objects it was said of. */
export function summedUp(
  said: readonly { readonly id: ObjectId; readonly warnings: readonly string[] }[],
  mask: SecretMask,
): string[] {
  const objects = new Map<string, ObjectId[]>();
  for (const { id, warnings } of said) {
    for (const warning of new Set(warnings)) objects.set(warning, [...(objects.get(warning) ?? []), id]);
  }
  return [...objects].map(([warning, ids]) => {
    const [first] = ids.map(describeId);
    const more = ids.length > 1 ? ` and ${ids.length - 1} more` : '';
    return `${first}${more}: ${mask.said(warning)}`;
  });
}

/** Controllers copy a Service's labels to these, so the label there says nothing. */
const COPIED_LABELS = new Set(['Endpoints', 'EndpointSlice']);

/** Objects that carry our label and that neither inventory nor program knows: left over from a lost inventory, or copied by somebody. */
export function labelledStrangers({ reader, inventory }: PlanningContext): string[] {
  const strangers = reader
    .labelledOthers()
    .filter(({ kind, metadata }) => !COPIED_LABELS.has(kind) && (metadata.ownerReferences ?? []).length === 0)
    .map(idOf)
    .filter((id) => !inventory.entries.has(idKey(id)) && !inventory.unsettled.has(idKey(id)));
  if (strangers.length === 0) return [];
  const [first = ''] = strangers.map(describeId).sort();
  const others = strangers.length > 1 ? ` and ${strangers.length - 1} more` : '';
  return [
    `${first}${others}: labelled as ours, but neither the program nor the inventory knows it. It is left as it is; orrery refresh enters into the inventory what we applied.`,
  ];
}

/** What waivers keep from being applied. */
export function droppedFields(dropped: readonly DroppedField[]): string[] {
  return dropped.map(({ object, path, source, found }) =>
    found
      ? `${object}: ${path} is not applied here, a waiver drops it (${source}).`
      : `${object}: the waiver for ${path} (${source}) finds nothing to drop.`,
  );
}

/** Kinds that come back empty: what was in them went with their deletion. */
const WITH_CONTENTS: Readonly<Record<string, string>> = {
  '/PersistentVolumeClaim': 'the data of the one that was deleted is not in it',
  '/PersistentVolume': 'the data of the one that was deleted is not in it',
  '/Namespace': 'what others had in it went with the one that was deleted',
  'apiextensions.k8s.io/CustomResourceDefinition':
    'resources of this kind that went with the one that was deleted come back only where this revision holds them',
};

/** What a rollback cannot undo: it brings back manifests, not data. */
export function notBroughtBack(items: readonly PlanItem[]): string[] {
  const writing = items.filter(({ action }) => writes(action));
  if (writing.length === 0) return [];
  const empty = writing.flatMap(({ action, id }) => {
    const loss = WITH_CONTENTS[`${id.group}/${id.kind}`];
    return loss !== undefined && (action === 'create' || action === 'replace')
      ? [`${describeId(id)} is created again: ${loss}.`]
      : [];
  });
  return ['A rollback brings back manifests, not data.', ...empty];
}
