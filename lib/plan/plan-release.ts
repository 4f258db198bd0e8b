import { isOrreryError, OrreryError } from '../errors.ts';
import { RELEASE_API_VERSION } from '../helm/native-input.ts';
import { sha256 } from '../kubernetes/canonical.ts';
import { describeId, idKey, type KubernetesObject } from '../kubernetes/object.ts';
import type { HelmOnCluster } from '../native/helm-on-cluster.ts';
import { changesOf, hooksOf, objectsOf, type ReleaseObject, secretsOf } from '../native/release-objects.ts';
import { givenDigest, isStuck, judgeRelease, type ReleaseState } from '../native/release-state.ts';
import { type ReleaseContent, readContent, type StoredRevision } from '../native/stored-release.ts';
import type { DesiredRelease } from '../render/desired-state.ts';
import { dangersOfChange, dangersOfDelete, dangersOfRights } from './dangers.ts';
import type { Danger, FieldChange, PlanItem, ReleaseObjectChange } from './plan.ts';
import { isNamed, isSelected } from './plan-options.ts';
import { type PlanningContext, problemOf, whereOf } from './planning-context.ts';

/** Without its definitions or its namespace a first install cannot be rehearsed. */
const TOO_EARLY = /no matches for kind|ensure CRDs are installed first|namespaces? "[^"]*" not found/;

/**
 * Decides about a release that helm installs. Unchanged is proved as for objects, without helm: the newest revision is the very one that our helm made, it is deployed, and it was given the same.
 * Otherwise helm is asked what it would do (`--dry-run=server`), and that is compared with what it has deployed.
 * @param revisions as helm keeps them, newest first
 * @returns undefined: unchanged
 */
export async function planRelease(
  context: PlanningContext,
  release: DesiredRelease,
  revisions: readonly StoredRevision[],
  helm: HelmOnCluster,
): Promise<PlanItem | undefined> {
  const { inventory, platformId, options, target } = context;
  const entry = inventory.entries.get(idKey(release.id));
  const digest = givenDigest(release.input, inventory.hmacKey);
  const state = judgeRelease(revisions, { entry, platformId, digest });
  if (state.kind === 'unchanged') return undefined;
  const item = (action: PlanItem['action'], reason: string, more: Partial<PlanItem> = {}): PlanItem => ({
    action,
    id: release.id,
    apiVersion: RELEASE_API_VERSION,
    path: release.path,
    unit: release.unit,
    ...(release.source === undefined ? {} : { source: release.source }),
    reason: context.mask.text(reason),
    ...preconditionOf(state.newest),
    changes: [],
    effect: sha256(`helm ${digest} ${state.newest?.uid ?? ''}`),
    desired: shownRelease(release),
    desiredDigest: digest,
    dangers: [],
    verified: 'unverified',
    ...more,
  });
  const where = { ...whereOf(context, release.id), path: release.path, source: release.source };
  const blocked = (error: OrreryError, more: Partial<PlanItem> = {}) =>
    item('blocked', error.message, { ...more, problem: problemOf(error, where) });
  if (state.kind === 'stuck') return blocked(stuck(context, release, state.newest));
  const foreign = state.kind === 'foreign' ? state.newest : undefined;
  if (foreign !== undefined && !mayAdopt(context, release, foreign)) return blocked(notOurs(release, foreign));
  if (foreign !== undefined && isStuck(foreign)) return blocked(stuck(context, release, foreign));
  const action = state.kind === 'absent' ? 'create' : foreign === undefined ? 'update' : 'adopt';
  const drift = state.kind === 'drifted' ? [revisionDrift(state.newest)] : [];
  const parts = { changes: drift, dangers: foreign === undefined ? [] : [adoption(foreign)] };
  const asks = options.dryRun !== false && (action !== 'create' || options.dryRunCreates !== false);
  if (!asks) return item(action, options.dryRun === false ? `unverified: ${state.reason}` : state.reason, parts);
  try {
    const planned = await rehearse(context, release, state, action === 'create' ? 'install' : 'upgrade');
    const dangers = [...parts.dangers, ...dangersOf(planned.objects), ...planned.rights];
    const revision = (revisions[0]?.revision ?? 0) + 1;
    return item(action, state.reason, {
      ...{ ...parts, dangers },
      release: { revision, objects: planned.objects.map(shownObject) },
      verified: 'dry-run',
    });
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    const early = action === 'create' && error.code === 'ORR2302' && TOO_EARLY.test(error.message);
    if (early || context.pending.namespaces.has(release.id.namespace))
      return item(action, `unverified: helm cannot be asked before what it needs is there; ${state.reason}`, parts);
    return blocked(new OrreryError(error.code, error.message, { ...where, fix: error.fix, cause: error }), parts);
  }

  /** What helm says it would do, against what it has deployed. */
  async function rehearse(
    { mask, discovery }: PlanningContext,
    { id, input }: DesiredRelease,
    { newest }: ReleaseState,
    step: 'install' | 'upgrade',
  ): Promise<{ readonly objects: readonly ReleaseObject[]; readonly rights: readonly Danger[] }> {
    const known = revisions.find(({ status }) => status === 'deployed') ?? (step === 'upgrade' ? newest : undefined);
    const [before, after] = await Promise.all([
      known === undefined ? undefined : readContent(target, id, known),
      helm.dryRun(input, where),
    ]);
    const read = (content: ReleaseContent | undefined) =>
      objectsOf(content?.manifest ?? '', id.namespace, namespacedBy(discovery));
    const [old, next] = await Promise.all([read(before), read(after)]);
    const objects = changesOf(old, next, mask.with(secretsOf(old, next)));
    const written = objects.flatMap(({ id: one }) => next.get(idKey(one)) ?? []);
    return {
      objects: [...objects, ...hooksOf(after, step, id.namespace)],
      rights: written.flatMap(dangersOfRights),
    };
  }
}

/** Tells the scope of a kind that neither Kubernetes nor the chart defines. */
export function namespacedBy(discovery: PlanningContext['discovery']) {
  return ({ apiVersion, kind }: KubernetesObject): boolean | undefined => discovery.find(apiVersion, kind)?.namespaced;
}

export function preconditionOf(newest: StoredRevision | undefined): Pick<PlanItem, 'precondition'> {
  return newest === undefined ? {} : { precondition: { uid: newest.uid, resourceVersion: newest.resourceVersion } };
}

/** Values stay out of it: any of them may be secret. */
function shownRelease({ id, input }: DesiredRelease): KubernetesObject {
  const { description, digest } = input.chart;
  return {
    apiVersion: RELEASE_API_VERSION,
    kind: id.kind,
    metadata: { name: id.name, namespace: id.namespace },
    spec: { chart: description, chartDigest: digest },
  };
}

function stuck({ target }: PlanningContext, { id }: DesiredRelease, newest: StoredRevision): OrreryError {
  const { revision, status, modifiedAt } = newest;
  const since = modifiedAt === undefined ? '' : ` since ${modifiedAt}`;
  const what = `${describeId(id)} is ${status} at revision ${revision}${since}: helm begins nothing else until that has ended.`;
  const [name, place] = [id.name, `--namespace ${id.namespace}`];
  const undo =
    revision === 1 || status === 'uninstalling'
      ? `helm uninstall ${name} ${place}`
      : `helm rollback ${name} ${revision - 1} ${place}`;
  return new OrreryError('ORR4014', what, {
    cluster: target.cluster,
    fix: `If a helm still works on it, wait for it. If it was ended on the way: ${undo}, then plan again.`,
  });
}

function mayAdopt({ options, target }: PlanningContext, { id }: DesiredRelease, { platform }: StoredRevision): boolean {
  const choose = platform === undefined ? isSelected : isNamed;
  return choose(options.adopt, target.cluster, id);
}

function notOurs({ id }: DesiredRelease, { platform, revision }: StoredRevision): OrreryError {
  const whose = platform === undefined ? 'no platform' : `platform "${platform}"`;
  return new OrreryError('ORR4001', `${describeId(id)} is there at revision ${revision} and belongs to ${whose}.`, {
    fix: `To go on with it from here: --adopt ${describeId(id)}; or give ours another releaseName.`,
  });
}

function adoption({ revision, platform }: StoredRevision): Danger {
  const whose = platform === undefined ? '' : ` of platform "${platform}"`;
  const text = `revision ${revision}${whose} was made by somebody else; values that only they gave are dropped`;
  return { kind: 'adopt', text };
}

/** What somebody else made of our release since. */
export function revisionDrift({ revision, modifiedAt }: StoredRevision, after = revision + 1): FieldChange {
  return {
    ...{ path: 'revision', op: 'replace', before: revision, after, cause: 'drift' },
    ...(modifiedAt === undefined ? {} : { at: modifiedAt }),
  };
}

/** What goes with an upgrade or an uninstall. */
export function dangersOf(objects: readonly ReleaseObject[]): Danger[] {
  return objects.flatMap((object) => {
    const { id, effect } = object;
    return effect === 'delete' ? dangersOfDelete(id) : dangersOfChange(shownObject(object).changes);
  });
}

export function shownObject({ id, effect, changes }: ReleaseObject): ReleaseObjectChange {
  return { id, effect, changes: changes.map(({ owners: _, ...change }) => ({ ...change, cause: 'intent' })) };
}
