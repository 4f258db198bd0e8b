import { type ResourceType, servedAs } from '../cluster/discovery.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { entryFromResponse } from '../diff/proof.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import { isRun } from '../helm/hooks.ts';
import { isRelease } from '../helm/native-input.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { describeId, idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { AwaitedWorkload, PlanItem } from '../plan/plan.ts';
import type { ClusterApply } from './cluster-apply.ts';
import { type ClusterContext, type ReadContext, whereOf } from './cluster-context.ts';
import { deleteObject, goneness } from './delete-object.ts';
import { desiredOf } from './desired-lookup.ts';
import { isRemoval } from './item-role.ts';
import { judgeForApply } from './judge.ts';
import { releaseObject } from './release-object.ts';
import { ReleaseWork } from './release-work.ts';
import type { VertexWork } from './run-graph.ts';
import { hasAvailable } from './share-ready.ts';
import { NotDone, Suspended } from './skipped.ts';
import { type LateStep, writeObject } from './write-object.ts';

/** Errors after which nothing more can be written in the cluster. */
const STOPPING = new Set(['ORR5005', 'ORR5006', 'ORR3004', 'ORR3005']);

/**
 * What is to be done for one object of a cluster.
 * @param late it gives replicas away
 * @param started resolves when the cluster may be written and was opened, as far as it could be; rejects when it never may
 */
export function workFor(
  run: ClusterApply,
  item: PlanItem | undefined,
  id: ObjectId,
  started: () => Promise<void>,
  late?: LateStep,
): VertexWork {
  const lane = run.tally.cluster;
  const { reader } = run;
  if (run.tally.problem !== undefined || reader === undefined)
    return { lane, write: () => Promise.reject(new NotDone(undefined)) };
  const share = run.shares.awaited(id);
  if (item === undefined) {
    const ready = async (dependants: boolean) => {
      await started();
      if (run.tally.problem !== undefined) throw new NotDone(undefined);
      const seen = await keptReady(run, reader, id, dependants);
      if (share !== undefined) await runsShare(run, reader, share, share.scaler === undefined ? seen : undefined);
    };
    return { lane, ready };
  }
  if (item.action === 'forget') return { lane };
  let task: ItemWork | undefined;
  const toRelease = isRelease(item.id) && item.action !== 'blocked';
  return {
    lane,
    write: async () => {
      await started();
      const { context } = run;
      if (context === undefined) throw item.action === 'blocked' ? blockedError(item) : new NotDone(undefined);
      if (late !== undefined && late.step !== 'first') late.onBegin();
      if (toRelease) return guarded(run, () => new ReleaseWork(run, context, item).write());
      const work = new ItemWork(run, context, item, late);
      task = work;
      await guarded(run, () => work.write());
    },
    ready: (dependants) =>
      guarded(run, async () => {
        await task?.ready(dependants);
        // A workload that was written is ready with all that the program wants; an autoscaler says nothing of the kind.
        if (share?.scaler !== undefined) await runsShare(run, reader, share);
      }),
  };
}

/** Runs work unless the cluster has stopped; an error that concerns the whole cluster stops it. */
export async function guarded(run: ClusterApply, work: () => Promise<void>): Promise<void> {
  if (run.tally.problem !== undefined) throw new NotDone(undefined);
  try {
    await work();
  } catch (error) {
    if (!isOrreryError(error) || !STOPPING.has(error.code)) throw error;
    run.stop(error);
    // Of thirty writes under way each is told the same.
    throw new NotDone(undefined);
  }
}

/** An unchanged object that others wait for: most are ready at the first look. @returns what was seen then */
async function keptReady(
  run: ClusterApply,
  context: ReadContext,
  id: ObjectId,
  dependants: boolean,
): Promise<KubernetesObject | undefined> {
  const desired = run.desired.get(idKey(id));
  const resource = desired && context.resources.find(desired.object.apiVersion, desired.object.kind);
  if (resource === undefined) return undefined;
  const answer = await context.target.client.request({
    method: 'GET',
    path: resourcePath(resource, id.namespace, id.name),
  });
  const seen = answer.status === 200 ? (answer.body as KubernetesObject) : undefined;
  // A hook that ran and was cleared away since is as ready as it gets.
  if (seen === undefined && desired !== undefined && isRun(desired)) return undefined;
  await waitReady(run, context, { id, resource, seen, dependants });
  return seen;
}

/** Waits until a receiving workload has its replicas. @param known as it was just seen */
async function runsShare(
  run: ClusterApply,
  context: ReadContext,
  { id, fewest }: AwaitedWorkload,
  known?: KubernetesObject,
): Promise<void> {
  const resource = context.resources.find('apps/v1', id.kind);
  if (resource === undefined) return;
  const read = async () => {
    const path = resourcePath(resource, id.namespace, id.name);
    const answer = await context.target.client.request({ method: 'GET', path });
    return answer.status === 200 ? (answer.body as KubernetesObject) : undefined;
  };
  await context.watch.wait({
    id,
    resource,
    seen: known ?? (await read()),
    judge: hasAvailable(fewest),
    timeoutMs: context.timeoutMs,
    failureMs: context.failureMs,
    onReason: (text) => run.tally.waiting(id, text),
  });
}

async function waitReady(
  run: ClusterApply,
  context: ReadContext,
  wait: { id: ObjectId; resource: ResourceType; seen: KubernetesObject | undefined; dependants: boolean },
): Promise<void> {
  const { id, resource, seen, dependants } = wait;
  if (context.followed?.has(idKey(id)) === true) return;
  const judge = judgeForApply(id, dependants);
  const { status, reason } = await context.watch.wait({
    id,
    resource,
    seen,
    // Reasons are a controller's words.
    judge: (object) => {
      const judged = judge(object);
      return { ...judged, reason: context.mask.said(judged.reason, id) };
    },
    timeoutMs: context.timeoutMs,
    failureMs: context.failureMs,
    onReason: (text) => run.tally.waiting(id, text),
  });
  if (status !== 'suspended') return;
  run.tally.suspended(id, reason);
  throw new Suspended(reason);
}

/** The work of one plan item. */
class ItemWork {
  readonly #run: ClusterApply;
  readonly #context: ClusterContext;
  readonly #item: PlanItem;
  readonly #late: LateStep | undefined;
  /** As the server answered the write. */
  #written: KubernetesObject | undefined;
  /** What the inventory will know of a hook once it has run. */
  #ran: InventoryEntry | undefined;
  /** A delete that the server accepted and has not finished. */
  #going = false;

  constructor(run: ClusterApply, context: ClusterContext, item: PlanItem, late: LateStep | undefined) {
    this.#run = run;
    this.#context = context;
    this.#item = item;
    this.#late = late;
  }

  async write(): Promise<void> {
    const item = this.#item;
    switch (item.action) {
      case 'blocked':
        throw blockedError(item);
      case 'being-deleted':
        if (!isRemoval(item)) throw new NotDone('it is being deleted; apply again when it is gone');
        this.#going = true;
        return;
      case 'orphan':
        await releaseObject(item, this.#resource(), this.#context);
        this.#run.forget(idKey(item.id));
        this.#run.tally.written(item);
        return;
      case 'delete':
        return this.#delete();
      case 'replace':
        await this.#deleteForReplace();
        return this.#apply();
      default:
        return this.#apply();
    }
  }

  async ready(dependants: boolean): Promise<void> {
    const { id } = this.#item;
    if (this.#going) {
      await this.#waitGone();
      this.#run.forget(idKey(id));
      this.#run.tally.deleted(id);
      return;
    }
    if (this.#written === undefined) return;
    const wait = { id, resource: this.#resource(), seen: this.#written, dependants: dependants || isRun(this.#item) };
    await waitReady(this.#run, this.#context, wait);
    if (this.#ran !== undefined) this.#run.record(idKey(id), this.#ran);
    this.#run.tally.ready(id);
  }

  async #apply(): Promise<void> {
    const item = this.#item;
    const { journal, manager, target } = this.#context;
    const { hmacKey } = journal.inventory;
    const desired = desiredOf(item, this.#run.desired, hmacKey, target.cluster);
    const resource = this.#resource();
    try {
      this.#written = await writeObject({ item, desired, resource, late: this.#late }, this.#context);
    } catch (error) {
      // It turned out to be somebody else's: an entry of ours would claim it.
      if (isOrreryError(error) && error.code === 'ORR4001') this.#run.forget(idKey(item.id));
      throw error;
    }
    const key = this.#context.serverState.keyOf(resource, item.id.namespace);
    const entry = entryFromResponse(desired, this.#written, key, hmacKey, manager, this.#context.fieldSets);
    if (entry.hook === true) this.#ran = entry;
    const { id, apiVersion, path, uid, hook } = entry;
    // What is not done yet must not look done to the next plan, should this apply end here.
    const isOpen = hook === true || this.#late?.step === 'first';
    this.#run.record(idKey(id), isOpen ? { id, apiVersion, path, uid, ...(hook === true ? { hook } : {}) } : entry);
    this.#run.tally.written(item);
  }

  async #delete(): Promise<void> {
    const { id } = this.#item;
    const resource = this.#resourceToDelete();
    const deletion = resource === undefined ? 'gone' : await deleteObject(this.#item, resource, this.#context);
    if (deletion === 'going') {
      this.#going = true;
      return;
    }
    this.#run.forget(idKey(id));
    if (deletion === 'gone') this.#run.tally.deleted(id);
    else this.#run.tally.skipped(id, 'it was deleted and created again by somebody else; it is not ours any more');
  }

  async #deleteForReplace(): Promise<void> {
    const item = this.#item;
    const deletion = await deleteObject(item, this.#resource(), this.#context);
    if (deletion === 'going') await this.#waitGone();
  }

  async #waitGone(): Promise<void> {
    const resource = this.#resourceToDelete();
    if (resource === undefined) return;
    const { watch, timeoutMs, failureMs } = this.#context;
    const { id, precondition } = this.#item;
    const onReason = (reason: string) => this.#run.tally.waiting(id, reason);
    await watch.wait({
      id,
      resource,
      judge: goneness(precondition?.uid),
      goal: 'gone',
      timeoutMs,
      failureMs,
      onReason,
    });
  }

  #resource(): ResourceType {
    const { id, apiVersion } = this.#item;
    const resource = this.#context.resources.find(apiVersion, id.kind);
    if (resource !== undefined) return resource;
    throw new OrreryError('ORR3008', `${this.#context.target.cluster} does not serve ${apiVersion} ${id.kind}.`, {
      ...whereOf(this.#context, id, this.#item),
      fix: 'Install its CustomResourceDefinition, or add it to the program.',
    });
  }

  /** In whatever version is served; undefined: the kind is gone, and every object of it. */
  #resourceToDelete(): ResourceType | undefined {
    const { id } = this.#item;
    const { discovered } = this.#context.resources;
    const resource = servedAs(discovered, this.#item);
    if (resource !== undefined || !discovered.unavailableGroups.includes(id.group)) return resource;
    throw new OrreryError('ORR3008', `The group ${id.group} does not answer at the moment.`, {
      ...whereOf(this.#context, id, this.#item),
      fix: 'Look at its APIService, then apply again.',
    });
  }
}

function blockedError(item: PlanItem): OrreryError {
  const { problem } = item;
  if (problem === undefined)
    return new OrreryError('ORR4003', `${describeId(item.id)} could not be planned: ${item.reason}.`);
  return new OrreryError(problem.code, problem.what, { ...problem.where, fix: problem.fix });
}
