import type { KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { applyRequest } from '../diff/apply-request.ts';
import { compareStates, effectDigest } from '../diff/compare-states.ts';
import { leftoverManagers, takenOver } from '../diff/leftover-managers.ts';
import { sentObject } from '../diff/sent-object.ts';
import type { JsonObject, KubernetesObject, ManagedFieldsEntry } from '../kubernetes/object.ts';
import { type ClusterContext, whereOf } from './cluster-context.ts';
import { managersPatch } from './managers-patch.ts';
import { movedOn, refusal } from './refusal.ts';
import type { WriteTask } from './write-object.ts';

const ATTEMPTS = 10;

/**
 * Makes the fields of former managers those of our own apply entry, before an adoption is applied: what the program does not set of them, the apply that follows removes. No value
 * changes here. The server is then asked what that apply comes to; when it is not what the plan shows, the entries are put back and the adoption is refused.
 * @returns the object as it is then: what is applied has the values that controllers set in it, and its resourceVersion as precondition
 * @throws OrreryError ORR4104 another effect, or another object; ORR3006, ORR5001, ORR5005
 */
export async function takeOver(task: WriteTask, context: ClusterContext): Promise<KubernetesObject> {
  const { item, desired, resource } = task;
  const { manager, platformId } = context;
  const path = resourcePath(resource, item.id.namespace, item.id.name);
  const { apiVersion } = desired.object;
  const wanted = new Set(item.takesOver?.map((one) => `${one.operation} ${one.manager}`));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await context.target.client.request({ method: 'GET', path });
    if (answer.status === 404) throw movedOn(task, context, 'it was deleted');
    if (answer.status !== 200) throw refused(answer, task, context);
    const live = answer.body as KubernetesObject;
    const { uid = '', managedFields = [] } = live.metadata;
    if (uid !== item.precondition?.uid) throw movedOn(task, context, 'it was deleted and created again');
    const leftovers = leftoverManagers(live, apiVersion).filter((one) => wanted.has(`${one.operation} ${one.manager}`));
    // An adoption that was interrupted here has none left.
    const stored =
      leftovers.length === 0
        ? live
        : await changeManagers(
            path,
            live,
            takenOver(managedFields, leftovers, { manager, apiVersion }, stamp()),
            task,
            context,
          );
    if (stored === undefined) continue;
    const precondition = { uid, resourceVersion: stored.metadata.resourceVersion ?? '' };
    const { object } = sentObject(desired, stored, platformId, context.fieldSets);
    const dryRun = await context.lease.send(
      applyRequest(object, resource, { manager, precondition, force: true, dryRun: true }),
    );
    const effect =
      dryRun.status < 300
        ? effectDigest(
            item.id,
            compareStates(live, dryRun.body as KubernetesObject, manager, context.fieldSets).changes,
            context.journal.inventory.hmacKey,
          )
        : undefined;
    if (effect === item.effect) return stored;
    if (leftovers.length > 0) await changeManagers(path, stored, managedFields, task, context);
    if (dryRun.status === 409) continue;
    if (effect === undefined) throw refused(dryRun, task, context);
    throw movedOn(task, context, 'adopting it would now change something else than the plan shows');
  }
  throw movedOn(task, context, 'it changes faster than it can be adopted');
}

/** Replaces managedFields of exactly this state; undefined when the object moved on. */
export async function changeManagers(
  path: string,
  live: KubernetesObject,
  managedFields: readonly ManagedFieldsEntry[],
  task: Pick<WriteTask, 'item'>,
  context: ClusterContext,
  more: readonly JsonObject[] = [],
): Promise<KubernetesObject | undefined> {
  const answer = await context.lease.send(managersPatch(path, live, managedFields, context.manager, more));
  if (answer.status < 300) return answer.body as KubernetesObject;
  if (answer.status === 409) return undefined;
  throw refused(answer, task, context);
}

function refused(answer: KubeResponse, { item }: Pick<WriteTask, 'item'>, context: ClusterContext): Error {
  return refusal(answer, 'written', item.id, whereOf(context, item.id, item), context.mask);
}

/** The time as the server writes it into managedFields. */
export function stamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
