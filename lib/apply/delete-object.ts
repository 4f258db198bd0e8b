import type { ResourceType } from '../cluster/discovery.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { ON_REMOVE_ANNOTATION, platformOf } from '../diff/ownership.ts';
import { OrreryError } from '../errors.ts';
import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';
import { describeId } from '../kubernetes/object.ts';
import type { PlanItem } from '../plan/plan.ts';
import { type ClusterContext, whereOf } from './cluster-context.ts';
import { kindKey } from './kinds.ts';
import type { Readiness } from './readiness.ts';
import { isTransient, refusal } from './refusal.ts';

/** gone: no longer in the cluster. going: the server accepted, finalizers still work. foreign: what has the name now is not what we had. */
export type Deletion = 'gone' | 'going' | 'foreign';

const ATTEMPTS = 10;

/** Kinds that own pods: deleted in the foreground, so that "gone" means that their pods are gone too. */
export const OWNS_PODS: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  '/ReplicationController',
  'batch/Job',
  'batch/CronJob',
]);

/**
 * Deletes one object under uid and resourceVersion of the read that the plan rests on. An object that only moved on is deleted in its new state as
 * long as it is still the same one and still ours.
 * @throws OrreryError ORR4104 when it is no longer to be deleted, ORR3006, ORR5001, ORR5005
 */
export async function deleteObject(
  item: Pick<PlanItem, 'id' | 'precondition' | 'path' | 'source'>,
  resource: ResourceType,
  context: ClusterContext,
): Promise<Deletion> {
  const { id } = item;
  const path = resourcePath(resource, id.namespace, id.name);
  let preconditions = item.precondition;
  if (preconditions === undefined) throw notAsPlanned(item, context, 'the plan has no precondition for it');
  const propagationPolicy = context.wait && OWNS_PODS.has(kindKey(id)) ? 'Foreground' : 'Background';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await context.lease.send({
      method: 'DELETE',
      path,
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy },
      idempotent: true,
    });
    if (answer.status === 404) return 'gone';
    if (answer.status < 300)
      return (answer.body as Partial<KubernetesObject>).metadata?.deletionTimestamp === undefined ? 'gone' : 'going';
    if (answer.status !== 409 && !isTransient(answer))
      throw refusal(answer, 'deleted', id, whereOf(context, id, item), context.mask);
    const live = await readObject(path, id, context);
    if (live === undefined) return 'gone';
    if (live.metadata.uid !== preconditions.uid) return 'foreign';
    if (platformOf(live) !== context.platformId) throw notAsPlanned(item, context, 'it no longer carries our label');
    if (live.metadata.annotations?.[ON_REMOVE_ANNOTATION] === 'orphan')
      throw notAsPlanned(item, context, 'it is now marked to stay');
    preconditions = { uid: preconditions.uid, resourceVersion: live.metadata.resourceVersion ?? '' };
  }
  throw notAsPlanned(item, context, 'it changes faster than it can be deleted');
}

/** Readiness of a delete: ready is gone. */
export function goneness(uid: string | undefined): (object: KubernetesObject | undefined) => Readiness {
  return (object) => {
    if (object === undefined || (uid !== undefined && object.metadata.uid !== uid))
      return { status: 'ready', reason: 'gone' };
    const finalizers = object.metadata.finalizers ?? [];
    return {
      status: 'waiting',
      reason: finalizers.length === 0 ? 'being deleted' : `being deleted, waits for ${finalizers.join(', ')}`,
    };
  };
}

async function readObject(path: string, id: ObjectId, context: ClusterContext): Promise<KubernetesObject | undefined> {
  const answer = await context.target.client.request({ method: 'GET', path });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusal(answer, 'deleted', id, whereOf(context, id), context.mask);
  return answer.body as KubernetesObject;
}

function notAsPlanned(
  item: Pick<PlanItem, 'id' | 'path' | 'source'>,
  context: ClusterContext,
  why: string,
): OrreryError {
  return new OrreryError('ORR4104', `${describeId(item.id)} is not deleted: ${why}.`, {
    ...whereOf(context, item.id, item),
    fix: 'Plan again and look at what would happen now.',
  });
}
