import type { KubeResponse } from '../cluster/kube-client.ts';
import { conflictsOf } from '../diff/dry-run.ts';
import type { SecretMask } from '../diff/secret-mask.ts';
import { OrreryError, type Where } from '../errors.ts';
import type { ObjectId } from '../kubernetes/object.ts';
import { describeId } from '../kubernetes/object.ts';
import { apiStatus, isFieldConflict, isMissingRight, isServerTrouble, isWebhookTrouble } from '../kubernetes/status.ts';
import { grantRefusal } from '../plan/granted-rights.ts';
import type { PlanItem } from '../plan/plan.ts';
import { type ClusterContext, whereOf } from './cluster-context.ts';

/** The error for a write that the API server refused. */
export function refusal(
  answer: KubeResponse,
  verb: 'written' | 'deleted',
  id: ObjectId,
  where: Where,
  mask: SecretMask,
): OrreryError {
  const status = apiStatus(answer);
  const name = describeId(id);
  const said = mask.refusal(id, status.message).replace(/\.$/, '');
  if (isMissingRight(status)) {
    return new OrreryError('ORR3006', `${name} cannot be ${verb}: ${said}.`, {
      ...where,
      fix: 'Grant this right to the user or service account that applies.',
    });
  }
  const grantsMore = grantRefusal(status, name, said);
  if (grantsMore !== undefined)
    return new OrreryError(grantsMore.code, grantsMore.message, { ...where, fix: grantsMore.fix });
  if (isFieldConflict(status)) {
    const fields = conflictsOf(status)
      .map(({ path, manager }) => `${path} (${manager})`)
      .join(', ');
    return new OrreryError('ORR4005', `${name}: other managers own fields that the program sets: ${fields}.`, {
      ...where,
      fix: 'Plan again: the plan shows whose fields these are and lets you choose.',
    });
  }
  // What is missing by name says so ('namespaces "x" not found'); this is the answer of a path that nobody serves.
  if (status.code === 404 && !/" not found$/.test(status.message)) {
    return new OrreryError('ORR3008', `${name} cannot be ${verb}: the cluster no longer serves its kind.`, {
      ...where,
      fix: 'Its CustomResourceDefinition was deleted during the apply. Plan again: what the program declares of it comes back.',
    });
  }
  return new OrreryError('ORR5001', `${name} cannot be ${verb}: ${said} (HTTP ${status.code}).`, where);
}

/** Answers that pass: the server is starting or busy, or a webhook's server is. */
export function isTransient(answer: KubeResponse): boolean {
  const status = apiStatus(answer);
  return answer.status === 429 || isServerTrouble(status) || isWebhookTrouble(status);
}

/** The object is not what the plan rests on any more. */
export function movedOn({ item }: { readonly item: PlanItem }, context: ClusterContext, what: string): OrreryError {
  return new OrreryError('ORR4104', `${describeId(item.id)} changed after the plan was made: ${what}.`, {
    ...whereOf(context, item.id, item),
    fix: 'Plan again and look at what would happen now.',
  });
}
