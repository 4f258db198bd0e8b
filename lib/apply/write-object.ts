import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceType } from '../cluster/discovery.ts';
import type { KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { type ApplyPrecondition, applyRequest } from '../diff/apply-request.ts';
import { compareStates, effectDigest } from '../diff/compare-states.ts';
import { conflictsOf } from '../diff/dry-run.ts';
import type { RawFieldChange } from '../diff/field-changes.ts';
import type { WholeValue } from '../diff/graft.ts';
import { appliedObject, isMemberOf } from '../diff/ownership.ts';
import { disputed, sentObject } from '../diff/sent-object.ts';
import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { describeId } from '../kubernetes/object.ts';
import { apiStatus, isFieldConflict } from '../kubernetes/status.ts';
import type { FieldChange, PlanItem } from '../plan/plan.ts';
import type { DesiredObject } from '../render/desired-state.ts';
import { type ClusterContext, whereOf } from './cluster-context.ts';
import { isTransient, movedOn, refusal } from './refusal.ts';
import { takeOver } from './take-over.ts';

/** How an object is written that gives replicas away. */
export type LateStep =
  /** first: all but the number of its replicas, which stays. */
  | { readonly step: 'first'; readonly replicas: number }
  /** second: what is left. whole: everything, late. */
  | { readonly step: 'second' | 'whole'; readonly onBegin: () => void };

export interface WriteTask {
  readonly item: PlanItem;
  /** With its namespace resolved, Secret values included. */
  readonly desired: DesiredObject;
  readonly resource: ResourceType;
  readonly late?: LateStep | undefined;
}

/** How a schema says no: an unknown field of an apply patch is a 500, of a body a 400, a value it does not take a 422. */
const SCHEMA_REFUSALS: ReadonlySet<number> = new Set([400, 422, 500]);

/** How often an object that keeps changing is read again. */
const ATTEMPTS = 10;
/** How long a passing refusal (a busy server, a webhook that is starting, a CRD that is not served everywhere yet) is waited out. */
const PATIENCE_MS = 30_000;
/** How long a refusal may be the last word of a schema that was replaced: the next write of this apply can be faster than the server's own informers. */
const SCHEMA_PATIENCE_MS = 10_000;

/** What is sent next. */
interface Attempt {
  readonly object: KubernetesObject;
  readonly precondition: ApplyPrecondition;
  readonly force: boolean;
  /** Lists and maps that may be taken back from the controller that owns fields in them. */
  readonly wholes: readonly WholeValue[];
}

/**
 * Applies one object under the precondition of the plan. When the object moved on since, it is read again and the apply dry-run: the same effect goes
 * on, nothing left to do is fine, another effect is refused. What controllers own is sent as it is live at the very resourceVersion of the precondition.
 * @returns the object as the server holds it now
 * @throws OrreryError ORR4104 another effect, ORR4001 a create that found somebody else's object, ORR4005, ORR3006, ORR5001, ORR5005
 */
export async function writeObject(task: WriteTask, context: ClusterContext): Promise<KubernetesObject> {
  const { item } = task;
  const first = await firstAttempt(task, context);
  if ('done' in first) return first.done;
  let attempt = first;
  for (let tries = 1; tries <= ATTEMPTS; tries++) {
    const answer = await sendAttempt(keepingReplicas(attempt, task), task, context);
    if (answer.status < 300) {
      for (const warning of answer.warnings) context.onWarning(item.id, warning);
      return answer.body as KubernetesObject;
    }
    const { precondition } = attempt;
    // Something is there where nothing was: whose it is decides, not whose its fields are.
    const exists = precondition === 'absent' && answer.status === 409;
    if (!isOutOfDate(answer) && !exists) {
      // Conflicts of fields and of uid are told before one of version: first see whether it is still the same object.
      if ((answer.status === 409 || answer.status === 422) && precondition !== 'absent')
        await assertSame(task, context);
      throw refusal(answer, 'written', item.id, whereOf(context, item.id, item), context.mask);
    }
    const found = await reconsider(task, context);
    if ('done' in found) return found.done;
    attempt = found;
  }
  throw new OrreryError('ORR4104', `${describeId(item.id)} changes faster than it can be written.`, {
    ...whereOf(context, item.id, item),
    fix: 'Look who keeps writing it (its managedFields say), then apply again.',
  });
}

/** By the plan's precondition, after former managers were taken over; where controllers own fields, by a read of now, which has their values. */
async function firstAttempt(task: WriteTask, context: ClusterContext): Promise<Attempt | Done> {
  const { item, desired } = task;
  const force = mayForce(item);
  // The precondition of the plan was that of the first write.
  if (task.late?.step === 'second') return reconsider(task, context);
  if (item.takesOver !== undefined) return attemptOver(await takeOver(task, context), task, context);
  if (item.action === 'create' || item.action === 'replace' || desired.controllerOwned === undefined) {
    const creating = item.action === 'create' || item.action === 'replace';
    const precondition = creating ? 'absent' : preconditionOf(task, context);
    return { object: appliedObject(desired, context.platformId), precondition, force, wholes: [] };
  }
  const { resourceVersion } = preconditionOf(task, context);
  const live = await read(task, context);
  if (live === undefined) throw movedOn(task, context, 'it was deleted');
  if (live.metadata.resourceVersion !== resourceVersion) return reconsiderOver(live, task, context);
  return attemptOver(live, task, context);
}

function attemptOver(live: KubernetesObject, task: WriteTask, context: ClusterContext): Attempt {
  const { object, wholes, ambiguous } = sentObject(task.desired, live, context.platformId, context.fieldSets);
  if (ambiguous !== undefined)
    throw movedOn(
      task,
      context,
      `the items of ${ambiguous} cannot be told apart any more, and controllers set values in them`,
    );
  const { uid = '', resourceVersion = '' } = live.metadata;
  return { object, precondition: { uid, resourceVersion }, force: mayForce(task.item), wholes };
}

function mayForce(item: PlanItem): boolean {
  return item.action === 'adopt' || item.dangers.some((danger) => danger.kind === 'ownership-taken');
}

/** Sends without force first: only where every conflict is with a declared controller it is sent again with force, under the same resourceVersion. */
async function sendAttempt(
  { object, precondition, force, wholes }: Attempt,
  task: WriteTask,
  context: ClusterContext,
  dryRun = false,
): Promise<KubeResponse> {
  const { manager } = context;
  const request = (forced: boolean) =>
    applyRequest(object, task.resource, { manager, precondition, force: forced, dryRun });
  const answer = await send(request(force), task, context);
  if (force || wholes.length === 0) return answer;
  const status = apiStatus(answer);
  if (!isFieldConflict(status) || disputed(conflictsOf(status), wholes).length > 0) return answer;
  return send(request(true), task, context);
}

/** @throws OrreryError ORR4104 when the object of the plan is gone, or another one has its name */
async function assertSame(task: WriteTask, context: ClusterContext): Promise<void> {
  const { item, resource } = task;
  const answer = await context.target.client.request({
    method: 'GET',
    path: resourcePath(resource, item.id.namespace, item.id.name),
  });
  if (answer.status === 404) throw movedOn(task, context, 'it was deleted');
  if (answer.status === 200 && (answer.body as KubernetesObject).metadata.uid !== item.precondition?.uid) {
    throw movedOn(task, context, 'it was deleted and created again');
  }
}

interface Done {
  readonly done: KubernetesObject;
}

/** @returns undefined when there is none */
async function read(task: WriteTask, context: ClusterContext): Promise<KubernetesObject | undefined> {
  const { item, resource } = task;
  const path = resourcePath(resource, item.id.namespace, item.id.name);
  const answer = await context.target.client.request({ method: 'GET', path });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusal(answer, 'written', item.id, whereOf(context, item.id, item), context.mask);
  return answer.body as KubernetesObject;
}

async function reconsider(task: WriteTask, context: ClusterContext): Promise<Attempt | Done> {
  const { item, desired } = task;
  const live = await read(task, context);
  if (live !== undefined) return reconsiderOver(live, task, context);
  if (!isCreating(item)) throw movedOn(task, context, 'it was deleted');
  const object = appliedObject(desired, context.platformId);
  return { object, precondition: 'absent', force: mayForce(item), wholes: [] };
}

/** What to do about an object that is not what the plan saw. */
async function reconsiderOver(
  live: KubernetesObject,
  task: WriteTask,
  context: ClusterContext,
): Promise<Attempt | Done> {
  const { item } = task;
  const isOurs = isMemberOf(live, context.platformId);
  if (isCreating(item) && !isOurs) {
    throw new OrreryError('ORR4001', `${describeId(item.id)} exists and is not ours.`, {
      ...whereOf(context, item.id, item),
      fix: `Take it over with --adopt ${describeId(item.id)}, or rename yours.`,
    });
  }
  if (!isCreating(item) && live.metadata.uid !== item.precondition?.uid)
    throw movedOn(task, context, 'it was deleted and created again');
  if (live.metadata.deletionTimestamp !== undefined) throw movedOn(task, context, 'it is being deleted');
  const attempt = attemptOver(live, task, context);
  const dryRun = await sendAttempt(attempt, task, context, true);
  if (isOutOfDate(dryRun)) return attempt;
  if (dryRun.status >= 300) throw refusal(dryRun, 'written', item.id, whereOf(context, item.id, item), context.mask);
  const result = dryRun.body as KubernetesObject;
  const { kind, changes } = compareStates(live, result, context.manager, context.fieldSets, attempt.wholes);
  // An answer of ours that got lost, or somebody who did the same: what the plan shows is there.
  if (kind === 'unchanged') return { done: live };
  const digest = effectDigest(item.id, changes, context.journal.inventory.hmacKey);
  if (kind === 'ownership-only' || (!isCreating(item) && digest === item.effect)) return attempt;
  if (
    task.late?.step === 'second' &&
    changes.every((change) => item.changes.some((planned) => isSame(change, planned)))
  )
    return attempt;
  throw movedOn(task, context, 'applying would now change something else than the plan shows');
}

/** The number of replicas is no secret: what a plan shows of it is what it is. */
function isSame(change: RawFieldChange, planned: FieldChange): boolean {
  const { path, op, before, after } = change;
  return (
    path === 'spec.replicas' &&
    planned.path === path &&
    planned.op === op &&
    planned.before === before &&
    planned.after === after
  );
}

/** Of what is to be written in two steps: the first, which takes no replica away. */
function keepingReplicas(attempt: Attempt, { late }: WriteTask): Attempt {
  if (late?.step !== 'first') return attempt;
  const { object } = attempt;
  return { ...attempt, object: { ...object, spec: { ...record(object.spec), replicas: late.replicas } as JsonObject } };
}

function isCreating(item: PlanItem): boolean {
  return item.precondition === undefined || item.action === 'replace';
}

function preconditionOf({ item }: WriteTask, context: ClusterContext): Exclude<ApplyPrecondition, 'absent'> {
  if (item.precondition !== undefined) return item.precondition;
  throw new OrreryError('ORR4101', `The plan has no precondition for ${describeId(item.id)}.`, {
    ...whereOf(context, item.id, item),
    fix: 'Plan again.',
  });
}

/** Sends until the answer is no passing one. The lease is checked before every attempt. */
async function send(
  request: KubeRequest,
  { item, resource }: WriteTask,
  context: ClusterContext,
): Promise<KubeResponse> {
  const began = performance.now();
  for (let pause = 100; ; pause = Math.min(pause * 2, 2_000)) {
    const answer = await context.lease.send(request);
    const patience = patienceWith(answer, resource, context);
    if (performance.now() + pause > began + patience || context.signal.aborted) return answer;
    context.onWaiting(item.id, `the server answered ${answer.status}, trying again`);
    await sleep(pause);
  }
}

/** How long an answer is not taken for the last word, in milliseconds. */
function patienceWith(answer: KubeResponse, resource: ResourceType, { resources }: ClusterContext): number {
  if (isTransient(answer) || (answer.status === 404 && resources.isNew(resource))) return PATIENCE_MS;
  return SCHEMA_REFUSALS.has(answer.status) && resources.isRedefined(resource) ? SCHEMA_PATIENCE_MS : 0;
}

function isOutOfDate(answer: KubeResponse): boolean {
  if (answer.status !== 409) return false;
  return !isFieldConflict(apiStatus(answer));
}
