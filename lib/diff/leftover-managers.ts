import type { JsonObject, KubernetesObject, ManagedFieldsEntry } from '../kubernetes/object.ts';
import { unionOfAll } from './field-set-operations.ts';
import { fieldManagerOf, platformOf } from './ownership.ts';

/** A field manager whose fields become ours with an adoption. */
export interface LeftoverManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
}

/**
 * Tools that deploy objects and do nothing between two deployments: kubectl (client-side apply, create, and server-side apply under its usual name; `before-first-apply` is what kubectl
 * left when it changed its way), and helm, which takes the name of its binary. As long as such an entry stands in managedFields, the server keeps the fields of it for ever, also when the
 * program drops them (kubernetes/kubernetes#99003). Managers that are at work in the cluster are not among them: a controller would write its fields again.
 */
const DEPLOYERS = /^(kubectl-client-side-apply|kubectl-create|before-first-apply|kubectl|helm(-?v?\d[\w.]*)?)$/;

/**
 * The managers of an object that is adopted which will never write again, because what they stand for is taken over: deploying tools and the platform it belonged to. Only entries of
 * the version that we apply: sets of fields of another one cannot be merged.
 */
export function leftoverManagers(live: KubernetesObject, apiVersion: string): LeftoverManager[] {
  const platform = platformOf(live);
  const former = platform === undefined ? undefined : fieldManagerOf(platform);
  return (live.metadata.managedFields ?? []).flatMap(({ manager = '', operation = 'Update', ...entry }) => {
    if (entry.subresource || entry.apiVersion !== apiVersion) return [];
    return manager === former || DEPLOYERS.test(manager) ? [{ manager, operation }] : [];
  });
}

/** Whether an entry is one of the leftovers. */
function isLeftover(entry: ManagedFieldsEntry, leftovers: readonly LeftoverManager[], apiVersion: string): boolean {
  return (
    !entry.subresource &&
    entry.apiVersion === apiVersion &&
    leftovers.some(({ manager, operation }) => manager === entry.manager && operation === entry.operation)
  );
}

/** The fields of all entries that are leftovers, and of all that are none. */
export function splitFields(
  entries: readonly ManagedFieldsEntry[],
  leftovers: readonly LeftoverManager[],
  apiVersion: string,
): { readonly gone: JsonObject; readonly kept: JsonObject } {
  const fieldsOf = (members: readonly ManagedFieldsEntry[]) =>
    unionOfAll(members.map(({ fieldsV1 }) => fieldsV1 ?? {}));
  return {
    gone: fieldsOf(entries.filter((entry) => isLeftover(entry, leftovers, apiVersion))),
    kept: fieldsOf(entries.filter((entry) => !isLeftover(entry, leftovers, apiVersion))),
  };
}

/**
 * managedFields in which the fields of the leftovers are those of our own apply entry, so that our next apply decides about them.
 * @param at ISO 8601, whole seconds
 */
export function takenOver(
  entries: readonly ManagedFieldsEntry[],
  leftovers: readonly LeftoverManager[],
  own: { readonly manager: string; readonly apiVersion: string },
  at: string,
): ManagedFieldsEntry[] {
  const isOurs = (entry: ManagedFieldsEntry) =>
    entry.manager === own.manager && entry.operation === 'Apply' && !entry.subresource;
  const ours = entries.filter((entry) => isOurs(entry) && entry.apiVersion === own.apiVersion);
  const left = entries.filter((entry) => isLeftover(entry, leftovers, own.apiVersion));
  const fieldsV1 = unionOfAll([...ours, ...left].map((entry) => entry.fieldsV1 ?? {}));
  const others = entries.filter((entry) => !isOurs(entry) && !left.includes(entry));
  return [...others, { ...own, operation: 'Apply', time: at, fieldsType: 'FieldsV1', fieldsV1 }];
}
