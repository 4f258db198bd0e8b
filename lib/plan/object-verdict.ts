import { effectDigest } from '../diff/compare-states.ts';
import type { RawFieldChange } from '../diff/field-changes.ts';
import { applyEntryOf } from '../diff/field-set.ts';
import type { Grafted } from '../diff/graft.ts';
import { leftoverManagers, takenOver } from '../diff/leftover-managers.ts';
import { appliedObject, platformOf } from '../diff/ownership.ts';
import { desiredDigest, doubtAboutFields } from '../diff/proof.ts';
import { isInWhole, sentObject } from '../diff/sent-object.ts';
import { OrreryError } from '../errors.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { describeId, idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { type ApiStatus, isMissingRight, isWebhookTrouble } from '../kubernetes/status.ts';
import { type LastApply, withCause } from './change-cause.ts';
import { dangersOfChange, dangersOfRights, restartsPods } from './dangers.ts';
import { dangersOfRepartition } from './gpu-repartition.ts';
import { grantRefusal } from './granted-rights.ts';
import { type Danger, type FieldChange, type PlanItem, writes } from './plan.ts';
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

/** What the server says of a field that its version does not have. */
const UNKNOWN_FIELD = /field not declared in schema|unknown field/;

/** What a verdict other than "unchanged" is made of. */
export interface VerdictParts {
  readonly action: PlanItem['action'];
  readonly reason: string;
  /** The live object that the verdict rests on. */
  readonly live?: KubernetesObject | undefined;
  /** Unmasked. */
  readonly changes?: readonly RawFieldChange[] | undefined;
  readonly dangers?: readonly Danger[] | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly verified?: PlanItem['verified'] | undefined;
  readonly problem?: PlanItem['problem'] | undefined;
  readonly takesOver?: PlanItem['takesOver'] | undefined;
}

/** One desired object while it is judged: what is known of it, and how a verdict on it is written down. */
export class JudgedObject {
  readonly context: PlanningContext;
  readonly resolved: ResolvedObject;
  /** What a create would send. */
  readonly applied: KubernetesObject;
  readonly digest: string;
  readonly entry: InventoryEntry | undefined;
  #over: { readonly live: KubernetesObject; readonly grafted: Grafted } | undefined;

  constructor(context: PlanningContext, resolved: ResolvedObject) {
    this.context = context;
    this.resolved = resolved;
    this.applied = appliedObject(resolved.desired, context.platformId);
    this.digest = desiredDigest(resolved.desired, context.inventory.hmacKey);
    this.entry = context.inventory.entries.get(idKey(resolved.desired.id));
  }

  /**
   * What would be sent over a live object: with the live values of what controllers own. Over one that is adopted, after the fields of its former managers became ours:
   * a controller-owned field that they had must not go with them.
   */
  over(live: KubernetesObject): Grafted {
    if (this.#over?.live === live) return this.#over.grafted;
    const { platformId, fieldSets } = this.context;
    const before = this.isOurs(live) ? live : this.#takenOver(live);
    const grafted = sentObject(this.resolved.desired, before, platformId, fieldSets);
    this.#over = { live, grafted };
    return grafted;
  }

  /** By label, or by the inventory where somebody took the label off (law 5). */
  isOurs(live: KubernetesObject): boolean {
    const platform = platformOf(live);
    const { entry, context } = this;
    return (
      platform === context.platformId ||
      (platform === undefined && entry?.uid !== undefined && entry.uid === live.metadata.uid)
    );
  }

  #takenOver(live: KubernetesObject): KubernetesObject {
    const { apiVersion } = this.applied;
    const leftovers = leftoverManagers(live, apiVersion);
    if (leftovers.length === 0) return live;
    const own = { manager: this.context.manager, apiVersion };
    const managedFields = takenOver(live.metadata.managedFields ?? [], leftovers, own, '');
    return { ...live, metadata: { ...live.metadata, managedFields } };
  }

  get id() {
    return this.resolved.desired.id;
  }

  /** "Deployment/shop/cart" */
  get name(): string {
    return describeId(this.id);
  }

  /** Changes as they may be shown, each with its cause. */
  shown(changes: readonly RawFieldChange[], live: KubernetesObject | undefined): FieldChange[] {
    const { mask, manager } = this.context;
    const own = live === undefined ? undefined : applyEntryOf(live, manager);
    const wholes = live === undefined ? [] : this.over(live).wholes;
    const last: LastApply = {
      manager,
      desiredUnchanged: this.#desiredUnchanged,
      untouched: live !== undefined && this.isUntouched(live),
      own,
      isController: (path, by) => isInWhole(path, by, wholes),
    };
    return mask.changes(this.id, changes).map((change) => withCause(change, last));
  }

  /** The program asks for what was applied last, and nothing that this gave us has moved since. */
  isUntouched(live: KubernetesObject): boolean {
    const { inventory, manager, fieldSets } = this.context;
    const { entry, resolved } = this;
    if (entry === undefined || !this.#desiredUnchanged || entry.uid !== live.metadata.uid) return false;
    return doubtAboutFields(live, entry, resolved.desired, inventory.hmacKey, manager, fieldSets) === undefined;
  }

  get #desiredUnchanged(): boolean {
    const { apiVersion } = this.resolved.desired.object;
    return this.entry?.desired === this.digest && this.entry.apiVersion === apiVersion;
  }

  verdict(parts: VerdictParts): ObjectVerdict {
    const { desired } = this.resolved;
    const { inventory, mask } = this.context;
    const { action, live, changes = [], problem, takesOver = [] } = parts;
    const shown = this.shown(changes, live);
    const rights = writes(action) ? dangersOfRights(this.applied) : [];
    const cut = writes(action) ? dangersOfRepartition(live, this.applied) : [];
    const { uid = '', resourceVersion = '' } = live?.metadata ?? {};
    const item: PlanItem = {
      action,
      id: desired.id,
      apiVersion: desired.object.apiVersion,
      path: desired.path,
      unit: desired.unit,
      ...(desired.source === undefined ? {} : { source: desired.source }),
      reason: mask.text(parts.reason),
      ...(live === undefined ? {} : { precondition: { uid, resourceVersion } }),
      changes: shown,
      effect: action === 'create' ? this.digest : effectDigest(desired.id, changes, inventory.hmacKey),
      desired: mask.object(this.applied),
      desiredDigest: this.digest,
      dangers: [...(parts.dangers ?? []), ...dangersOfChange(shown), ...rights, ...cut],
      verified: parts.verified ?? 'dry-run',
      ...(action !== 'create' && restartsPods(desired.id, shown) ? { restartsPods: true } : {}),
      ...(takesOver.length === 0 ? {} : { takesOver }),
      ...(desired.hook === undefined ? {} : { hook: desired.hook }),
      ...(problem === undefined ? {} : { problem }),
    };
    return { unchanged: false, item, warnings: parts.warnings ?? [] };
  }

  /** Nothing is written; the problem says why, the changes what would have been. */
  blocked(error: OrreryError, more: Partial<VerdictParts> = {}): ObjectVerdict {
    const { path, source } = this.resolved.desired;
    const problem = problemOf(error, whereOf(this.context, this.id, { path, source }));
    return this.verdict({ ...more, action: 'blocked', reason: error.message, problem });
  }

  /** The server refused the dry run. */
  refused(status: ApiStatus, live?: KubernetesObject): ObjectVerdict {
    const said = this.context.mask.refusal(this.id, status.message).replace(/\.$/, '');
    if (isMissingRight(status)) {
      const verbs = live === undefined ? 'patch and create' : 'patch';
      const fix = `Grant ${verbs} on ${this.resolved.resource.plural}: a dry run needs the rights of the write.`;
      return this.blocked(new OrreryError('ORR3006', `${this.name} cannot be dry-run: ${said}.`, { fix }), { live });
    }
    const grantsMore = grantRefusal(status, this.name, said);
    if (grantsMore !== undefined) return this.blocked(grantsMore, { live });
    const fix = fixOf(status, this.id.namespace, this.context.target.cluster);
    return this.blocked(new OrreryError('ORR4003', `the API server refuses ${this.name}: ${said}.`, { fix }), { live });
  }
}

/** What to do about a refusal: the object is not always at fault. */
function fixOf(status: ApiStatus, namespace: string, cluster: string): string {
  if (status.code === 404 && /^namespaces "/.test(status.message))
    return `Add Namespace/${namespace} to the program, or create it.`;
  if (status.causes.some(({ reason }) => reason === 'NamespaceTerminating'))
    return `Plan again when Namespace/${namespace} is gone; its status says what it waits for.`;
  if (isWebhookTrouble(status))
    return 'The object is not at fault: look at the server of this webhook, then plan again.';
  if (/of type (object|array): "null"/.test(status.message))
    return 'The API server makes null of a map or list that loses its last member by an apply: leave the empty one out.';
  if (UNKNOWN_FIELD.test(status.message))
    return `Correct the field; or, where only ${cluster} does not know it, drop it there: waivers in cdk8s.yaml.`;
  return 'Correct the object in the program; the server would refuse it at apply as well.';
}
