import { isOrreryError, OrreryError } from '../errors.ts';
import { isRelease, RELEASE_API_VERSION } from '../helm/native-input.ts';
import type { InventoryEntry } from '../inventory/inventory.ts';
import { sha256 } from '../kubernetes/canonical.ts';
import { describeId, idKey } from '../kubernetes/object.ts';
import { HelmOnCluster } from '../native/helm-on-cluster.ts';
import { changesOf, hooksOf, objectsOf, secretsOf } from '../native/release-objects.ts';
import { isByOthers, isOurs, isThere } from '../native/release-state.ts';
import { listRevisions, readContent, type StoredRevision } from '../native/stored-release.ts';
import type { DesiredCluster, DesiredRelease } from '../render/desired-state.ts';
import { Slots } from '../slots.ts';
import type { PlanItem } from './plan.ts';
import { dangersOf, namespacedBy, planRelease, preconditionOf, revisionDrift, shownObject } from './plan-release.ts';
import { heldBack, type RemovalRules } from './plan-removals.ts';
import { type PlanningContext, problemOf, whereOf } from './planning-context.ts';
import type { ResolvedCluster } from './resolve-objects.ts';

/** The releases of a cluster that helm installs by itself. */
export interface PlannedReleases {
  /** Of the program; without those that are unchanged. */
  readonly items: readonly PlanItem[];
  /** Of the inventory alone. */
  readonly removals: readonly PlanItem[];
  readonly unchanged: number;
  readonly warnings: readonly string[];
}

/** helm processes at a time, each of which takes memory. */
export const HELMS = 4;

/** Asks helm only about releases that are not proved unchanged. */
export async function planReleases(
  context: PlanningContext,
  desired: DesiredCluster | undefined,
  resolved: ResolvedCluster,
  rules: RemovalRules,
): Promise<PlannedReleases> {
  const { inventory, target, platformId, options, mask } = context;
  const wanted = desired?.releases ?? [];
  const isWanted = new Set(wanted.map(({ id }) => idKey(id)));
  const known = [...inventory.entries.values()].filter(({ id }) => isRelease(id) && !isWanted.has(idKey(id)));
  const late = [...inventory.unsettled.values()].filter(({ id }) => isRelease(id) && !isWanted.has(idKey(id)));
  // What an earlier revision held of them nobody knows.
  if (desired !== undefined && desired.releases === undefined) return leftAlone(context, known);
  const helms = new Slots(options.helm?.concurrency ?? HELMS);
  const helm = new HelmOnCluster(target, platformId, options.helm ?? {}, mask);
  const [verdicts, removals, lateOnes] = await Promise.all([
    Promise.all(
      wanted.map(async (release) => {
        try {
          const revisions = await listRevisions(target, release.id);
          return await helms.run(() => planRelease(context, release, revisions, helm));
        } catch (error) {
          if (!isOrreryError(error)) throw error;
          return blockedRelease(context, release, error);
        }
      }),
    ),
    Promise.all(known.map((entry) => planUninstall(context, entry, resolved, rules, false))),
    Promise.all(late.map((entry) => planUninstall(context, entry, resolved, rules, true))),
  ]);
  const items = verdicts.filter((item) => item !== undefined);
  return {
    items,
    removals: [...removals, ...lateOnes].filter((item) => item !== undefined),
    unchanged: wanted.length - items.length,
    warnings: [],
  };
}

/** A release that cannot be planned, and why. */
export function blockedRelease(
  context: PlanningContext,
  { id, path, unit, source, input }: DesiredRelease,
  error: OrreryError,
): PlanItem {
  return {
    ...{ id, path, unit },
    ...(source === undefined ? {} : { source }),
    action: 'blocked',
    apiVersion: RELEASE_API_VERSION,
    reason: error.message,
    changes: [],
    effect: sha256(`unread ${idKey(id)}`),
    desired: {
      apiVersion: RELEASE_API_VERSION,
      kind: id.kind,
      metadata: { name: id.name, namespace: id.namespace },
      spec: { chart: input.chart.description },
    },
    dangers: [],
    verified: 'unverified',
    problem: problemOf(error, whereOf(context, id, { path, source })),
  };
}

/** A plan that leads to an earlier revision: releases stay as they are. A rollback says so; anything else says which are not as our helm left them. */
async function leftAlone(context: PlanningContext, entries: readonly InventoryEntry[]): Promise<PlannedReleases> {
  if (context.options.rollback === true) {
    const warnings = entries.map(
      ({ id, helmRevision }) =>
        `${describeId(id)} stays at revision ${helmRevision ?? '?'}: a rollback does not cover native Helm releases. helm rollback ${id.name} --namespace ${id.namespace} goes back a revision, helm history shows them.`,
    );
    return { items: [], removals: [], unchanged: 0, warnings };
  }
  const items: PlanItem[] = [];
  for (const entry of entries) {
    const revisions = await listRevisions(context.target, entry.id);
    const [newest] = revisions;
    if (entry.uid === undefined || (newest?.uid === entry.uid && newest.status === 'deployed')) continue;
    const there = isThere(newest);
    const reason = there
      ? isByOthers(newest, entry)
        ? `somebody else made revision ${newest.revision}; ours is ${entry.helmRevision ?? '?'}`
        : `revision ${newest.revision} is ${newest.status}`
      : 'somebody uninstalled it';
    items.push({
      ...bare(context, entry, newest, reason),
      action: there ? 'update' : 'create',
      changes: there && isByOthers(newest, entry) ? [revisionDrift(newest, entry.helmRevision)] : [],
    });
  }
  return { items, removals: [], unchanged: entries.length - items.length, warnings: [] };
}

/**
 * Decides what becomes of a release that the program no longer has: helm uninstalls it.
 * @param late helm may have been under way when an apply lost its lease
 */
export async function planUninstall(
  context: PlanningContext,
  entry: InventoryEntry,
  resolved: ResolvedCluster,
  rules: RemovalRules,
  late: boolean,
): Promise<PlanItem | undefined> {
  const { target, platformId, mask, discovery } = context;
  const { id } = entry;
  const of = (action: PlanItem['action'], reason: string, newest?: StoredRevision): PlanItem => ({
    ...bare(context, entry, newest, reason),
    action,
  });
  try {
    const revisions = await listRevisions(target, id);
    const [newest] = revisions;
    const ours = isThere(newest) && isOurs(revisions, { entry, platformId: entry.sentBy ?? platformId });
    if (!ours && late && !rules.forgetsLate) return undefined;
    if (!isThere(newest)) return of('forget', 'helm no longer has it');
    if (!ours) return of('forget', 'it is somebody else’s now: it is left as it is', newest);
    if (rules.as === 'orphan') return of('orphan', 'left in the cluster, by choice', newest);
    const deployed = revisions.find(({ status }) => status === 'deployed') ?? newest;
    const content = await readContent(target, id, deployed);
    const before = await objectsOf(content?.manifest ?? '', id.namespace, namespacedBy(discovery));
    const shown = mask.with(secretsOf(before));
    const objects = [
      ...changesOf(before, new Map(), shown),
      ...(content === undefined ? [] : hooksOf(content, 'delete', id.namespace)),
    ];
    const by = isByOthers(newest, entry) ? `; revision ${newest.revision} is somebody else's` : '';
    const removal: PlanItem = {
      ...of(
        'delete',
        late
          ? 'helm was under way with it when an apply lost its lease'
          : `no longer in the program: helm uninstalls it${by}`,
        newest,
      ),
      dangers: dangersOf(objects),
      release: { objects: objects.map(shownObject) },
    };
    const kept = [...before.keys()].find((key) => resolved.objects.has(key));
    if (kept !== undefined) return heldBack(context, removal, takesProgram(entry, before.get(kept), id.namespace));
    if (rules.unread.length === 0) return removal;
    const what = `${describeId(id)} is not uninstalled, because the cluster could be read only in part: ${rules.unread.join('; ')}.`;
    return heldBack(
      context,
      removal,
      new OrreryError('ORR4007', what, { fix: 'Mend what could not be read, then plan again.' }),
    );
  } catch (error) {
    if (!isOrreryError(error)) throw error;
    return heldBack(context, of('delete', ''), error);
  }
}

/** helm deletes by name: what the program has taken over in the meantime would go with the release. */
function takesProgram(
  { id }: InventoryEntry,
  object: { kind: string; metadata: { name?: string } } | undefined,
  namespace: string,
): OrreryError {
  const named = `${object?.kind}/${object?.metadata.name}`;
  return new OrreryError(
    'ORR4007',
    `${describeId(id)} is not uninstalled: it holds ${named} and maybe more that the program has by itself now, and helm would delete it.`,
    {
      fix: `Let helm forget the release and leave its objects: kubectl delete secret --namespace ${namespace} --selector owner=helm,name=${id.name}. Then plan again.`,
    },
  );
}

function bare(
  context: PlanningContext,
  { id, apiVersion, path }: InventoryEntry,
  newest: StoredRevision | undefined,
  reason: string,
): Omit<PlanItem, 'action'> {
  return {
    id,
    apiVersion,
    path,
    reason: context.mask.text(reason),
    ...preconditionOf(newest),
    changes: [],
    effect: sha256(`helm ${idKey(id)} ${newest?.uid ?? ''}`),
    dangers: [],
    verified: 'dry-run',
  };
}
