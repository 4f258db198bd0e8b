import type { ResourceType } from '../cluster/discovery.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { PLATFORM_LABEL, platformOf } from '../diff/ownership.ts';
import { OrreryError } from '../errors.ts';
import { describeId, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import type { PlanItem } from '../plan/plan.ts';
import { type ClusterContext, whereOf } from './cluster-context.ts';
import { pointerPart } from './managers-patch.ts';
import { refusal } from './refusal.ts';
import { changeManagers } from './take-over.ts';

const ATTEMPTS = 10;

/**
 * Gives up an object that stays: our label goes, and our entries in its managedFields. Every value stays as it is: ownership is taken off by name, where an apply of nothing would
 * remove what only we own. What has the name by now and is not what we had, is left alone.
 * @throws OrreryError ORR3006, ORR5001, ORR5005
 */
export async function releaseObject(item: PlanItem, resource: ResourceType, context: ClusterContext): Promise<void> {
  const { id } = item;
  const path = resourcePath(resource, id.namespace, id.name);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await context.target.client.request({ method: 'GET', path });
    if (answer.status === 404) return;
    if (answer.status !== 200) throw refusal(answer, 'written', id, whereOf(context, id, item), context.mask);
    const live = answer.body as KubernetesObject;
    const { uid, managedFields = [] } = live.metadata;
    if (uid !== item.precondition?.uid) return;
    const others = managedFields.filter(({ manager }) => manager !== context.manager);
    const labelled = platformOf(live) === context.platformId;
    if (!labelled && others.length === managedFields.length) return;
    const unlabel: JsonObject[] = labelled
      ? [{ op: 'remove', path: `/metadata/labels/${pointerPart(PLATFORM_LABEL)}` }]
      : [];
    if ((await changeManagers(path, live, others, { item }, context, unlabel)) !== undefined) return;
  }
  throw new OrreryError('ORR4104', `${describeId(id)} changes faster than it can be given up.`, {
    ...whereOf(context, id, item),
    fix: 'Look who keeps writing it (its managedFields say), then try again.',
  });
}
