import { doubtAboutSets } from '../diff/field-set-proof.ts';
import { appliedObject, platformOf } from '../diff/ownership.ts';
import { entryFromResponse } from '../diff/proof.ts';
import { idKey } from '../kubernetes/object.ts';
import type { ObjectVerdict } from './object-verdict.ts';
import type { PlanningContext, ResolvedObject } from './planning-context.ts';

/**
 * Whether a desired object that the inventory cannot prove is unchanged by what it is: after a refresh, an apply that was killed before it recorded its answers, a new CRD default. The verdict brings
 * the proof that the inventory may hold from now on. Undefined: in doubt.
 */
export function proveBySets(context: PlanningContext, resolved: ResolvedObject): ObjectVerdict | undefined {
  const { options, inventory, platformId, reader, stateKeys, manager, fieldSets, discovery } = context;
  const { desired, resource, isNew } = resolved;
  const live = reader.known(desired.id);
  // What is sent of controller-owned fields is what is live: the dry run grafts it.
  if (desired.controllerOwned !== undefined) return undefined;
  if (options.verify === 'all' || isNew || live?.state !== 'found' || platformOf(live.object) !== platformId)
    return undefined;
  const known = inventory.entries.get(idKey(desired.id))?.uid;
  if (known !== undefined && known !== live.object.metadata.uid) return undefined;
  const facts = { mutates: stateKeys.mutates(resource), onlyVersion: discovery.isOnlyVersion(resource) };
  const doubt = doubtAboutSets(live.object, appliedObject(desired, platformId), manager, facts, fieldSets);
  if (doubt !== undefined) return undefined;
  const stateKey = stateKeys.keyOf(resource, desired.id.namespace);
  const renewal = entryFromResponse(desired, live.object, stateKey, inventory.hmacKey, manager, fieldSets);
  return { unchanged: true, dryRun: false, renewal };
}
