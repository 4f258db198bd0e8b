import { compareStates } from '../diff/compare-states.ts';
import { type DryRun, dryRun } from '../diff/dry-run.ts';
import type { RawFieldChange } from '../diff/field-changes.ts';
import { applyEntryOf } from '../diff/field-set.ts';
import type { Live } from '../diff/live-objects.ts';
import { platformOf } from '../diff/ownership.ts';
import { predictedApply } from '../diff/predicted-apply.ts';
import { desiredDigest, doubtAbout, entryFromResponse } from '../diff/proof.ts';
import { disputed } from '../diff/sent-object.ts';
import { OrreryError } from '../errors.ts';
import { idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { type ApiStatus, isMissingRight } from '../kubernetes/status.ts';
import { conflictsText, ownershipTaken } from './dangers.ts';
import { dangersOfDefinition, definitionObstacle } from './definition-upgrade.ts';
import { bindsRoleOf, grantsRights } from './granted-rights.ts';
import { changedImmutableFields, explains } from './immutable-fields.ts';
import { JudgedObject, type ObjectVerdict } from './object-verdict.ts';
import type { Danger, PlanItem } from './plan.ts';
import { planAdoption } from './plan-adoption.ts';
import { isNamed, isSelected } from './plan-options.ts';
import { planReplacement } from './plan-replacement.ts';
import type { PlanningContext, ResolvedObject } from './planning-context.ts';

/** How often an object that keeps changing is read again. */
const ATTEMPTS = 5;

/** The object moved between the read and the dry run: read it again. */
const MOVED = Symbol('moved');

/** What the proof of "unchanged" needs to know of the cluster. */
export type ProofContext = Pick<
  PlanningContext,
  'options' | 'inventory' | 'platformId' | 'stateKeys' | 'manager' | 'fieldSets'
>;

/**
 * Whether a desired object that was read is provably unchanged. Asks nobody, and costs nothing that the proof does not need: this is what happens to nearly
 * every object of nearly every plan.
 */
export function isProvedUnchanged(
  context: ProofContext,
  { desired, resource, isNew }: ResolvedObject,
  live: KubernetesObject,
): boolean {
  const { options, inventory, platformId, stateKeys, manager, fieldSets } = context;
  if (options.verify === 'all' || isNew || platformOf(live) !== platformId) return false;
  const entry = inventory.entries.get(idKey(desired.id));
  if (entry === undefined) return false;
  const stateKey = stateKeys.keyOf(resource, desired.id.namespace);
  const digest = desiredDigest(desired, inventory.hmacKey);
  return doubtAbout(live, entry, desired, digest, stateKey, inventory.hmacKey, manager, fieldSets) === undefined;
}

/** Decides what happens to one desired object that could not be proved unchanged, asking the server. */
export async function planObject(context: PlanningContext, resolved: ResolvedObject): Promise<ObjectVerdict> {
  const judged = new JudgedObject(context, resolved);
  let live = await context.reader.of(judged.id);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const verdict = await judge(judged, live);
    if (verdict !== MOVED) return verdict;
    live = await context.reader.again(resolved.resource, judged.id);
  }
  const error = new OrreryError('ORR4104', `${judged.name} changes faster than it can be planned.`, {
    fix: 'Look who keeps writing it (its managedFields say), then plan again.',
  });
  return judged.blocked(error);
}

async function judge(judged: JudgedObject, live: Live): Promise<ObjectVerdict | typeof MOVED> {
  if (live.state === 'unreadable') return judged.blocked(live.error);
  if (live.state === 'found') return judgeExisting(judged, live.object);
  return judgeMissing(judged);
}

/** Nothing of that name is known to exist. */
async function judgeMissing(judged: JudgedObject): Promise<ObjectVerdict | typeof MOVED> {
  const { options, pending, target, manager } = judged.context;
  const { desired, resource, isNew } = judged.resolved;
  const news = judged.entry?.uid === undefined ? 'new' : 'it was deleted in the cluster';
  const create = (verified: PlanItem['verified'], reason: string, warnings: readonly string[] = []) =>
    judged.verdict({ action: 'create', reason, verified, warnings });
  if (isNew) return create('unverified', `${news}, its CRD comes with this plan`);
  if (pending.namespaces.has(desired.id.namespace))
    return create('unverified', `${news}, its namespace comes with this plan`);
  if (options.dryRun === false) return create('unverified', `unverified: ${news}`);
  if (options.dryRunCreates === false && !grantsRights(desired.id)) return create('unverified', news);
  const result = await dryRun(target.client, judged.applied, resource, { manager, precondition: 'absent' });
  if (result.outcome === 'accepted') return create('dry-run', news, result.warnings);
  if (result.outcome !== 'refused') return MOVED;
  if (isSchemaPending(judged, result.status)) return create('unverified', `${news}, its CRD changes in this plan`);
  if (bindsRoleOf(pending.roles, desired, result.status))
    return create('unverified', `${news}, its role comes with this plan`);
  return judged.refused(result.status);
}

async function judgeExisting(judged: JudgedObject, live: KubernetesObject): Promise<ObjectVerdict | typeof MOVED> {
  const { deletionTimestamp, finalizers } = live.metadata;
  if (deletionTimestamp !== undefined) {
    const waits = finalizers?.length ? `, waits for ${finalizers.join(', ')}` : '';
    const reason = `being deleted since ${deletionTimestamp}${waits}; it can be created again when it is gone`;
    return judged.verdict({ action: 'being-deleted', reason, live });
  }
  const foreign = foreignness(judged, live);
  if (foreign !== undefined && !foreign.adopted) return judged.blocked(foreign.error, { live });
  if (judged.resolved.isNew) return unverifiedUpdate(judged, live, SCHEMA_PENDING);
  const { ambiguous } = judged.over(live);
  if (ambiguous !== undefined) return judged.blocked(ambiguousItems(judged.name, ambiguous), { live });
  if (judged.context.options.dryRun === false) return unasked(judged, live, foreign?.text);
  const first = await dryRunOver(judged, live, false);
  if (first.outcome === 'moved') return MOVED;
  if (first.outcome === 'refused') return judgeRefused(judged, live, first.status);
  if (first.outcome === 'accepted') return judgeResult(judged, live, first, foreign?.text, []);
  return judgeConflict(judged, live, first, foreign?.text);
}

/** Why a live object is not ours, and whether it was chosen to become ours. Undefined: it is ours (law 5). */
function foreignness(
  judged: JudgedObject,
  live: KubernetesObject,
): { adopted: boolean; text: string; error: OrreryError } | undefined {
  if (judged.isOurs(live)) return undefined;
  const { context, entry, id, name } = judged;
  const { options, target } = context;
  const platform = platformOf(live);
  const sameUid = entry?.uid !== undefined && entry.uid === live.metadata.uid;
  const managers = new Set((live.metadata.managedFields ?? []).flatMap((field) => field.manager ?? []));
  const by = managers.size > 0 ? `, its fields are managed by ${[...managers].join(', ')}` : '';
  const whose = platform === undefined ? `exists and is not ours${by}` : `belongs to platform "${platform}"`;
  const recreated = entry?.uid === undefined || sameUid ? '' : ' (ours was deleted, somebody created it again)';
  // Taking an object from another platform is a decision about that one object.
  const chosen = platform === undefined ? isSelected : isNamed;
  return {
    adopted: chosen(options.adopt, target.cluster, id),
    text: platform === undefined ? `adopted${by}` : `adopted from platform "${platform}"${by}`,
    error: new OrreryError('ORR4001', `${name} ${whose}${recreated}.`, {
      fix: `Adopt it with --adopt ${name}, or give yours another name.`,
    }),
  };
}

function dryRunOver(judged: JudgedObject, live: KubernetesObject, force: boolean): Promise<DryRun> {
  const { context, resolved } = judged;
  const { uid = '', resourceVersion = '' } = live.metadata;
  const precondition = { uid, resourceVersion };
  const { object } = judged.over(live);
  return dryRun(context.target.client, object, resolved.resource, { manager: context.manager, precondition, force });
}

/** Fields belong to other managers: taken over by choice, else blocked and shown with what would change. */
async function judgeConflict(
  judged: JudgedObject,
  live: KubernetesObject,
  conflict: Extract<DryRun, { outcome: 'conflict' }>,
  adopted: string | undefined,
): Promise<ObjectVerdict | typeof MOVED> {
  const { context, id, name } = judged;
  const { wholes } = judged.over(live);
  const conflicts = disputed(conflict.conflicts, wholes);
  const forced = await dryRunOver(judged, live, true);
  if (forced.outcome === 'refused') return judgeRefused(judged, live, forced.status);
  if (forced.outcome !== 'accepted') return MOVED;
  // Taking the list back from the controller that wrote into it is what its declaration allows.
  const moved = judged.resolved.desired.movedByRelease ?? [];
  const allowed =
    conflicts.every(({ path }) => moved.some((own) => path === own || path.startsWith(`${own}.`))) ||
    isSelected(context.options.takeOwnership, context.target.cluster, id);
  if (adopted !== undefined || allowed)
    return judgeResult(judged, live, forced, adopted, ownershipTaken(conflicts, live));
  const { changes } = compareStates(live, forced.object, context.manager, context.fieldSets, wholes);
  const error = new OrreryError(
    'ORR4005',
    `${name}: other field managers own fields that the program sets: ${conflictsText(conflicts, live)}.`,
    {
      fix: `Take them over with --take-ownership ${name}, leave these fields out of the program, or declare them controller-owned.`,
    },
  );
  return judged.blocked(error, { live, changes });
}

/** What the server would make of the object, against what it is. */
async function judgeResult(
  judged: JudgedObject,
  live: KubernetesObject,
  { object, warnings }: Extract<DryRun, { outcome: 'accepted' }>,
  adopted: string | undefined,
  taken: readonly Danger[],
): Promise<ObjectVerdict | typeof MOVED> {
  const { manager, fieldSets, inventory, stateKeys } = judged.context;
  const { desired, resource } = judged.resolved;
  const dangers = [...taken, ...dangersOfDefinition(live, object)];
  if (adopted !== undefined)
    return (await planAdoption(judged, { live, applied: object, text: adopted, taken: dangers, warnings })) ?? MOVED;
  const { kind, changes } = compareStates(live, object, manager, fieldSets, judged.over(live).wholes);
  if (kind === 'unchanged') {
    const stateKey = stateKeys.keyOf(resource, desired.id.namespace);
    const renewal = entryFromResponse(desired, live, stateKey, inventory.hmacKey, manager, fieldSets);
    return { unchanged: true, dryRun: true, renewal };
  }
  if (kind === 'ownership-only') {
    const reason = 'no value changes, only which fields are ours';
    return judged.verdict({ action: 'ownership-only', reason, live, dangers: taken, warnings });
  }
  const reason = reasonOf(judged, changes, live);
  return judged.verdict({ action: 'update', reason, live, changes, dangers, warnings });
}

/** Values changed: by the program, in the cluster, or by the server's own state. */
function reasonOf(judged: JudgedObject, changes: readonly RawFieldChange[], live: KubernetesObject): string {
  if (judged.isUntouched(live)) {
    return judged.entry?.projection === undefined
      ? 'the server did not keep all that was applied last'
      : 'the server completes or mutates it differently now';
  }
  const causes = new Set(judged.shown(changes, live).map((change) => change.cause));
  if (causes.size > 1) return 'the program and the cluster changed';
  return causes.has('intent') ? 'the program changed' : 'somebody changed it in the cluster';
}

async function judgeRefused(
  judged: JudgedObject,
  live: KubernetesObject,
  status: ApiStatus,
): Promise<ObjectVerdict | typeof MOVED> {
  // A stale uid or a missing object: it was deleted, perhaps re-created, since it was read. Never a reason to replace (law 6).
  if (status.code === 404 || status.causes.some((cause) => cause.field === 'metadata.uid')) return MOVED;
  if (isSchemaPending(judged, status)) return unverifiedUpdate(judged, live, SCHEMA_PENDING);
  const obstacle = status.code === 422 ? definitionObstacle(judged.applied, live) : undefined;
  if (obstacle !== undefined) {
    const { what, fix } = obstacle;
    return judged.blocked(new OrreryError('ORR4013', `${judged.name} cannot be upgraded: ${what}.`, { fix }), { live });
  }
  const own = applyEntryOf(live, judged.context.manager)?.fieldsV1;
  const paths = changedImmutableFields(judged.id, judged.over(live).object, live, own);
  if (paths.length === 0 || !explains(paths, status)) return judged.refused(status, live);
  return planReplacement(judged, live, paths);
}

/** The CRD of this kind changes in this plan, and the server, which has the old one, does not know what to do with the object. */
function isSchemaPending({ context, id }: JudgedObject, status: ApiStatus): boolean {
  const isAboutSchema = [400, 422, 500].includes(status.code) && !isMissingRight(status);
  return isAboutSchema && context.pending.kinds.has(`${id.group}/${id.kind}`);
}

/** An update of which the server cannot be asked: what would change is shown as far as that can be said without it. */
function unverifiedUpdate(
  judged: JudgedObject,
  live: KubernetesObject,
  reason: string,
  action: 'update' | 'adopt' = 'update',
): ObjectVerdict {
  const { manager, fieldSets } = judged.context;
  const { object, wholes } = judged.over(live);
  const result = predictedApply(live, object, manager, fieldSets);
  const { changes } = compareStates(live, result, manager, fieldSets, wholes);
  return judged.verdict({ action, reason, live, changes, verified: 'unverified' });
}

const SCHEMA_PENDING = 'unverified: its CRD changes in this plan';

/** What is not proved unchanged when nobody is to be asked: it may still be. */
function unasked(judged: JudgedObject, live: KubernetesObject, adopted: string | undefined): ObjectVerdict {
  if (adopted !== undefined) return unverifiedUpdate(judged, live, `unverified: ${adopted}`, 'adopt');
  const own = applyEntryOf(live, judged.context.manager)?.fieldsV1;
  const fixed = changedImmutableFields(judged.id, judged.over(live).object, live, own);
  const more = fixed.length === 0 ? '' : `; ${fixed.join(', ')} cannot be changed: it would have to be replaced`;
  return unverifiedUpdate(judged, live, `unverified: not proved unchanged, and the server was not asked${more}`);
}

function ambiguousItems(name: string, path: string): OrreryError {
  return new OrreryError(
    'ORR4012',
    `${name}: it cannot be told which item of ${path} the values that a controller set belong to.`,
    { fix: 'Give the items names, or add and change items in two steps.' },
  );
}
