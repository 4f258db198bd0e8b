import { compareStates, effectDigest } from '../diff/compare-states.ts';
import { type DryRun, dryRun } from '../diff/dry-run.ts';
import type { RawFieldChange } from '../diff/field-changes.ts';
import { applyEntryOf } from '../diff/field-set.ts';
import type { Live } from '../diff/live-objects.ts';
import { appliedObject, platformOf } from '../diff/ownership.ts';
import { desiredDigest, doubtAbout, entryFromResponse } from '../diff/proof.ts';
import { OrreryError } from '../errors.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { describeId, idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { type ApiStatus, isMissingRight } from '../kubernetes/status.ts';
import { withCause } from './change-cause.ts';
import {
  conflictsText,
  dangersOfChange,
  dangersOfReplace,
  dangersOfRights,
  ownershipTaken,
  restartsPods,
} from './dangers.ts';
import { changedImmutableFields, explains, immutableChanges, withLiveFields } from './immutable-fields.ts';
import type { Danger, FieldChange, PlanItem } from './plan.ts';
import { isNamed, isSelected } from './plan-options.ts';
import { type PlanningContext, problemOf, type ResolvedObject, whereOf } from './planning-context.ts';

/** What the plan says about one desired object. */
export type ObjectVerdict =
  | {
      readonly unchanged: true;
      /** It took a dry run. */
      readonly dryRun: boolean;
      /** What proves it from now on, where the inventory does not yet. */
      readonly renewal?: InventoryEntry | undefined;
    }
  | { readonly unchanged: false; readonly item: PlanItem; readonly warnings: readonly string[] };

/** How often an object that keeps changing is read again. */
const ATTEMPTS = 5;

/** The object moved between the read and the dry run: read it again. */
const MOVED = Symbol('moved');

/** Decides what happens to one desired object, asking the server only where there is doubt. */
export async function planObject(context: PlanningContext, object: ResolvedObject): Promise<ObjectVerdict> {
  const { desired, resource } = object;
  let live = await context.reader.of(desired.id);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const verdict = await new ObjectPlanner(context, object).judge(live);
    if (verdict !== MOVED) return verdict;
    live = await context.reader.again(resource, desired.id);
  }
  const error = new OrreryError('ORR4104', `${describeId(desired.id)} changes faster than it can be planned.`, {
    fix: 'Look who keeps writing it (its managedFields say), then plan again.',
  });
  return new ObjectPlanner(context, object).blocked(error);
}

class ObjectPlanner {
  readonly #context: PlanningContext;
  readonly #object: ResolvedObject;
  readonly #applied: KubernetesObject;
  readonly #digest: string;
  readonly #entry: InventoryEntry | undefined;

  constructor(context: PlanningContext, object: ResolvedObject) {
    this.#context = context;
    this.#object = object;
    this.#applied = appliedObject(object.desired, context.platformId);
    this.#digest = desiredDigest(object.desired, context.inventory.hmacKey);
    this.#entry = context.inventory.entries.get(idKey(object.desired.id));
  }

  async judge(live: Live): Promise<ObjectVerdict | typeof MOVED> {
    if (live.state === 'unreadable') return this.blocked(live.error);
    if (live.state === 'found') return this.#existing(live.object);
    return this.#missing();
  }

  /** Nothing of that name is known to exist. */
  async #missing(): Promise<ObjectVerdict | typeof MOVED> {
    const { options, pending } = this.#context;
    const { desired, resource, isNew } = this.#object;
    const news = this.#entry?.uid === undefined ? 'new' : 'it was deleted in the cluster';
    if (isNew) return this.#create('unverified', `${news}, its CRD comes with this plan`, []);
    if (pending.namespaces.has(desired.id.namespace))
      return this.#create('unverified', `${news}, its namespace comes with this plan`, []);
    if (options.dryRunCreates === false) return this.#create('unverified', news, []);
    const result = await dryRun(this.#context.target.client, this.#applied, resource, {
      manager: this.#context.manager,
      precondition: 'absent',
    });
    if (result.outcome === 'accepted') return this.#create('dry-run', news, result.warnings);
    if (result.outcome === 'refused') {
      if (this.#schemaChanges(result.status))
        return this.#create('unverified', `${news}, its CRD changes in this plan`, []);
      return this.#refused(result.status, []);
    }
    return MOVED;
  }

  async #existing(live: KubernetesObject): Promise<ObjectVerdict | typeof MOVED> {
    const { id } = this.#object.desired;
    const { cluster } = this.#context.target;
    const { options, stateKeys, inventory, manager, keys } = this.#context;
    const foreign = this.#foreign(live);
    const { deletionTimestamp, finalizers } = live.metadata;
    if (deletionTimestamp !== undefined) {
      const waits = finalizers?.length ? `, waits for ${finalizers.join(', ')}` : '';
      const reason = `being deleted since ${deletionTimestamp}${waits}; it can be created again when it is gone`;
      return this.#item({ action: 'being-deleted', reason, live });
    }
    if (foreign !== undefined && !foreign.adopted) return this.blocked(foreign.error, { live });
    const { desired, resource, isNew } = this.#object;
    const stateKey = stateKeys.keyOf(resource, id.namespace);
    if (foreign === undefined && options.verify !== 'all' && !isNew) {
      const doubt = doubtAbout(live, this.#entry, desired, this.#digest, stateKey, inventory.hmacKey, manager, keys);
      if (doubt === undefined) return { unchanged: true, dryRun: false };
    }
    if (isNew) return this.#unverifiedUpdate(live);
    const force = foreign !== undefined || isSelected(options.takeOwnership, cluster, id);
    const first = await this.#dryRun(live, this.#applied, false);
    if (first.outcome === 'moved') return MOVED;
    if (first.outcome === 'refused') return this.#refusedUpdate(live, first.status);
    if (first.outcome === 'accepted') return this.#compare(live, first, foreign?.text, []);
    const second = await this.#dryRun(live, this.#applied, true);
    if (second.outcome === 'moved' || second.outcome === 'conflict') return MOVED;
    if (second.outcome === 'refused') return this.#refusedUpdate(live, second.status);
    const taken = ownershipTaken(first.conflicts, live);
    if (force) return this.#compare(live, second, foreign?.text, taken);
    const { changes } = compareStates(live, second.object, manager, keys);
    const error = new OrreryError(
      'ORR4005',
      `${describeId(id)}: other field managers own fields that the program sets: ${conflictsText(first.conflicts, live)}.`,
      {
        fix: `Take them over with --take-ownership ${describeId(id)}, or leave these fields out of the program.`,
      },
    );
    return this.blocked(error, { live, changes });
  }

  /** Why a live object is not ours, and whether it was chosen to become ours. Undefined: it is ours (law 5). */
  #foreign(live: KubernetesObject): { adopted: boolean; text: string; error: OrreryError } | undefined {
    const { platformId, options, target } = this.#context;
    const { id } = this.#object.desired;
    const platform = platformOf(live);
    if (platform === platformId) return undefined;
    if (platform === undefined && this.#entry?.uid !== undefined && this.#entry.uid === live.metadata.uid)
      return undefined;
    const name = describeId(id);
    const managers = [...new Set((live.metadata.managedFields ?? []).map((entry) => entry.manager ?? ''))].filter(
      Boolean,
    );
    const by = managers.length > 0 ? `, its fields are managed by ${managers.join(', ')}` : '';
    const whose = platform === undefined ? `exists and is not ours${by}` : `belongs to platform "${platform}"`;
    const adopted =
      platform === undefined
        ? isSelected(options.adopt, target.cluster, id)
        : isNamed(options.adopt, target.cluster, id);
    const recreated = this.#entry?.uid === undefined ? '' : ' (ours was deleted, somebody created it again)';
    return {
      adopted,
      text: platform === undefined ? `adopted${by}` : `adopted from platform "${platform}"${by}`,
      error: new OrreryError('ORR4001', `${name} ${whose}${recreated}.`, {
        fix: `Adopt it with --adopt ${name}, or give yours another name.`,
      }),
    };
  }

  #dryRun(live: KubernetesObject, object: KubernetesObject, force: boolean): Promise<DryRun> {
    const { uid = '', resourceVersion = '' } = live.metadata;
    const { client } = this.#context.target;
    const precondition = { uid, resourceVersion };
    return dryRun(client, object, this.#object.resource, { manager: this.#context.manager, precondition, force });
  }

  #compare(
    live: KubernetesObject,
    result: Extract<DryRun, { outcome: 'accepted' }>,
    adopted: string | undefined,
    taken: readonly Danger[],
  ): ObjectVerdict {
    const { manager, keys, inventory, stateKeys } = this.#context;
    const { desired, resource } = this.#object;
    const { kind, changes } = compareStates(live, result.object, manager, keys);
    const { warnings } = result;
    if (adopted !== undefined) {
      const dangers: Danger[] = [{ kind: 'adopt', text: adopted }, ...taken];
      return this.#item({ action: 'adopt', reason: adopted, live, changes, dangers, warnings });
    }
    if (kind === 'unchanged') {
      const stateKey = stateKeys.keyOf(resource, desired.id.namespace);
      const renewal = entryFromResponse(desired, live, stateKey, inventory.hmacKey, manager, keys);
      return { unchanged: true, dryRun: true, renewal };
    }
    if (kind === 'ownership-only') {
      const reason = 'no value changes, only which fields are ours';
      return this.#item({ action: 'ownership-only', reason, live, dangers: taken, warnings });
    }
    return this.#item({
      action: 'update',
      reason: this.#reason(changes, live),
      live,
      changes,
      dangers: taken,
      warnings,
    });
  }

  /** Values changed: by the program, in the cluster, or by the server's own state. */
  #reason(changes: readonly RawFieldChange[], live: KubernetesObject): string {
    const causes = new Set(this.#shown(changes, live).map((change) => change.cause));
    if (causes.size > 1) return 'the program and the cluster changed';
    if (causes.has('intent')) return 'the program changed';
    const entry = this.#entry;
    const own = applyEntryOf(live, this.#context.manager);
    const untouched = own !== undefined && changes.every((change) => change.owners.every((owner) => owner === own));
    return untouched && entry?.serverState !== undefined
      ? 'the server completes or mutates it differently now'
      : 'somebody changed it in the cluster';
  }

  async #refusedUpdate(live: KubernetesObject, status: ApiStatus): Promise<ObjectVerdict | typeof MOVED> {
    // A stale uid or a missing object: it was deleted, perhaps re-created, since it was read. Never a reason to replace.
    if (status.code === 404 || status.causes.some((cause) => cause.field === 'metadata.uid')) return MOVED;
    if (this.#schemaChanges(status)) return this.#unverifiedUpdate(live);
    const { id } = this.#object.desired;
    const own = applyEntryOf(live, this.#context.manager)?.fieldsV1;
    const paths = changedImmutableFields(id, this.#applied, live, own);
    if (paths.length === 0 || !explains(paths, status)) return this.#refused(status, [], live);
    return this.#replace(live, paths);
  }

  /** An immutable field of the table changes, and the dry run was refused for nothing else. */
  async #replace(live: KubernetesObject, paths: readonly string[]): Promise<ObjectVerdict> {
    const { context, desired, resource } = { context: this.#context, ...this.#object };
    const { id } = desired;
    const rehearsal = await this.#rehearseCreate();
    if (rehearsal !== undefined) return this.#refused(rehearsal, [], live);
    const rest = await this.#dryRun(live, withLiveFields(this.#applied, live, paths), true);
    const others =
      rest.outcome === 'accepted' ? compareStates(live, rest.object, context.manager, context.keys).changes : [];
    const changes = [...immutableChanges(this.#applied, live, paths), ...others];
    const reason = `${paths.join(', ')} cannot be changed: it is deleted and created again`;
    const dangers = dangersOfReplace(id, paths);
    const options = { reason, live, changes, dangers };
    if (isSelected(context.options.replace, context.target.cluster, id))
      return this.#item({ action: 'replace', ...options });
    const error = new OrreryError(
      'ORR4004',
      `${describeId(id)} must be deleted and created again: ${paths.join(', ')} of a ${resource.kind} cannot be changed.`,
      { fix: `Allow it with --replace ${describeId(id)}, or give the changed object another name.` },
    );
    return this.blocked(error, options);
  }

  /**
   * Before a live object is given up, its successor must be one that the server would create: an invalid value in an immutable field is refused like a
   * valid one. Asked under a name of its own; what only the old object holds (a cluster IP, a node port) is no obstacle.
   */
  async #rehearseCreate(): Promise<ApiStatus | undefined> {
    const { metadata } = this.#applied;
    const name = `${(metadata.name ?? '').slice(0, 40).replace(/[^a-z0-9]+$/i, '')}-orrery`;
    const result = await dryRun(
      this.#context.target.client,
      { ...this.#applied, metadata: { ...metadata, name } },
      this.#object.resource,
      { manager: this.#context.manager, precondition: 'absent' },
    );
    if (result.outcome !== 'refused') return undefined;
    const { causes } = result.status;
    return causes.length > 0 && causes.every(({ message }) => /already allocated/.test(message))
      ? undefined
      : result.status;
  }

  /** The CRD of this kind changes in this plan, and the server, which has the old one, does not know what to do with the object. */
  #schemaChanges(status: ApiStatus): boolean {
    const { group, kind } = this.#object.desired.id;
    const schema = status.code === 500 || status.code === 422 || status.code === 400;
    return schema && !isMissingRight(status) && this.#context.pending.kinds.has(`${group}/${kind}`);
  }

  #unverifiedUpdate(live: KubernetesObject): ObjectVerdict {
    const result = {
      ...overlaid(live, this.#applied),
      metadata: { ...live.metadata, ...overlaid(live.metadata, this.#applied.metadata) },
    };
    const { changes } = compareStates(live, result as KubernetesObject, this.#context.manager, this.#context.keys);
    const reason = 'its CRD changes in this plan: the server could not be asked';
    return this.#item({ action: 'update', reason, live, changes, verified: 'unverified' });
  }

  #refused(status: ApiStatus, changes: readonly RawFieldChange[], live?: KubernetesObject): ObjectVerdict {
    const { desired, resource } = this.#object;
    const said = this.#context.mask.refusal(desired.id, status.message).replace(/\.$/, '');
    const name = describeId(desired.id);
    if (isMissingRight(status)) {
      const fix = `Grant patch${live === undefined ? ' and create' : ''} on ${resource.plural}: a dry run needs the rights of the write.`;
      return this.blocked(new OrreryError('ORR3006', `${name} cannot be dry-run: ${said}.`, { fix }), {
        live,
        changes,
      });
    }
    const missingNamespace = status.code === 404 && /^namespaces "/.test(status.message);
    const fix = missingNamespace
      ? `Add Namespace/${desired.id.namespace} to the program, or create it.`
      : 'Correct the object in the program; the server would refuse it at apply as well.';
    return this.blocked(new OrreryError('ORR4003', `the API server refuses ${name}: ${said}.`, { fix }), {
      live,
      changes,
    });
  }

  #create(verified: PlanItem['verified'], reason: string, warnings: readonly string[]): ObjectVerdict {
    return this.#item({ action: 'create', reason, verified, warnings });
  }

  blocked(error: OrreryError, more: Partial<Pick<ItemParts, 'live' | 'changes' | 'dangers'>> = {}): ObjectVerdict {
    const { desired } = this.#object;
    const where = whereOf(this.#context, desired.id, { path: desired.path, source: desired.source });
    const problem = problemOf(error, where);
    return this.#item({ action: 'blocked', reason: this.#context.mask.text(error.message), problem, ...more });
  }

  #shown(changes: readonly RawFieldChange[], live: KubernetesObject | undefined): FieldChange[] {
    const { mask, manager } = this.#context;
    const { desired } = this.#object;
    const own = live === undefined ? undefined : applyEntryOf(live, manager);
    const desiredUnchanged =
      this.#entry?.desired === this.#digest && this.#entry.apiVersion === desired.object.apiVersion;
    return mask.changes(desired.id, changes).map((change) => withCause(change, { manager, desiredUnchanged, own }));
  }

  #item(parts: ItemParts): ObjectVerdict {
    const { desired } = this.#object;
    const { inventory, mask } = this.#context;
    const { action, live, changes = [], problem } = parts;
    const shown = this.#shown(changes, live);
    const writes = action !== 'blocked' && action !== 'being-deleted';
    const restarts = action !== 'create' && restartsPods(desired.id, shown);
    const rights = writes ? dangersOfRights(this.#applied) : [];
    const precondition =
      live === undefined
        ? undefined
        : { uid: live.metadata.uid ?? '', resourceVersion: live.metadata.resourceVersion ?? '' };
    const item: PlanItem = {
      action,
      id: desired.id,
      apiVersion: desired.object.apiVersion,
      path: desired.path,
      unit: desired.unit,
      ...(desired.source === undefined ? {} : { source: desired.source }),
      reason: parts.reason,
      ...(precondition === undefined ? {} : { precondition }),
      changes: shown,
      effect: action === 'create' ? this.#digest : effectDigest(desired.id, changes, inventory.hmacKey),
      desired: mask.object(this.#applied),
      desiredDigest: this.#digest,
      dangers: [...(parts.dangers ?? []), ...dangersOfChange(shown), ...rights],
      verified: parts.verified ?? 'dry-run',
      ...(restarts ? { restartsPods: true } : {}),
      ...(problem === undefined ? {} : { problem }),
    };
    return { unchanged: false, item, warnings: parts.warnings ?? [] };
  }
}

interface ItemParts {
  readonly action: PlanItem['action'];
  readonly reason: string;
  readonly live?: KubernetesObject | undefined;
  readonly changes?: readonly RawFieldChange[] | undefined;
  readonly dangers?: readonly Danger[] | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly verified?: PlanItem['verified'] | undefined;
  readonly problem?: PlanItem['problem'] | undefined;
}

/** Desired over live, as far as that can be said without the server: maps are merged, everything else is taken from desired. */
function overlaid(live: object, desired: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...live };
  for (const [name, wanted] of Object.entries(desired)) {
    const existing = result[name];
    const merge = isMap(existing) && isMap(wanted) && name !== 'metadata';
    result[name] = merge ? overlaid(existing, wanted) : wanted;
  }
  return result;
}

function isMap(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
