import { readiness } from '../apply/readiness.ts';
import { belongsTo, goesAfterRun, isRun } from '../helm/hooks.ts';
import { idKey, type KubernetesObject } from '../kubernetes/object.ts';
import { dangersOfReplace } from './dangers.ts';
import { JudgedObject, type ObjectVerdict } from './object-verdict.ts';
import { planObject } from './plan-object.ts';
import { changesOfReplacement, rehearseCreate } from './plan-replacement.ts';
import type { PlanningContext, ResolvedObject } from './planning-context.ts';
import type { ClusterReading } from './read-cluster.ts';

/** What becomes of the Helm releases of a cluster, by construct path; known once their ordinary objects are judged. */
export interface ReleasePhases {
  /** Something of it is in the cluster already, or is taken over: this is an upgrade, not an install. */
  readonly installed: ReadonlySet<string>;
  /** The program changes some object of it. */
  readonly changed: ReadonlySet<string>;
}

/** @param verdicts on everything but the hooks that are run */
export function releasePhases(
  { context, resolved, removals }: Pick<ClusterReading, 'context' | 'resolved' | 'removals'>,
  verdicts: readonly ObjectVerdict[],
): ReleasePhases {
  const { entries } = context.inventory;
  const installed = new Set<string>();
  const changed = new Set<string>();
  for (const [key, { path, uid }] of entries) {
    const desired = resolved.objects.get(key)?.desired;
    if (uid !== undefined && !(desired !== undefined && isRun(desired))) installed.add(path);
  }
  for (const verdict of verdicts) {
    if (verdict.unchanged) continue;
    const { id, path = '', action, desiredDigest } = verdict.item;
    if (action === 'adopt') installed.add(path);
    // Somebody else's change, or an object that somebody deleted, is mended without an upgrade.
    if (entries.get(idKey(id))?.desired !== desiredDigest) changed.add(path);
  }
  for (const { entry, late } of removals) {
    const live = context.reader.known(entry.id);
    // One that an earlier apply has deleted already, and that does not go, is no news.
    const isGoing = live?.state === 'found' && live.object.metadata.deletionTimestamp !== undefined;
    if (late !== true && !isGoing) changed.add(entry.path);
  }
  return { installed, changed };
}

/** Decides about the hooks of a cluster that are run. One that is gone comes back with the others of its release: they may need it (an account, its rights). */
export async function planHooks(
  context: PlanningContext,
  hooks: readonly ResolvedObject[],
  phases: ReleasePhases,
): Promise<ObjectVerdict[]> {
  const first = await Promise.all(hooks.map((hook) => planHook(context, hook, phases)));
  const running = new Set(first.flatMap((verdict) => (verdict.unchanged ? [] : [verdict.item.path ?? ''])));
  const again = { ...phases, changed: new Set([...phases.changed, ...running]) };
  return Promise.all(
    hooks.map((hook, at) => {
      const verdict = first[at] as ObjectVerdict;
      const { id, path } = hook.desired;
      const isGone = context.reader.known(id)?.state !== 'found' && goesAfterRun(hook.desired);
      const returns = verdict.unchanged && isGone && running.has(path);
      return returns ? planHook(context, hook, again) : verdict;
    }),
  );
}

/**
 * Decides about a hook that is run (a Job, a Pod, what goes after a run): it runs with an install or an upgrade of its release, that is when the program changes the release or the
 * hook itself, and again when its last run did not come to a good end. In between nothing is to be done, also when the finished object is gone: a hook that
 * ran is no longer part of what runs. The inventory knows by the digest of an entry that it came to its end.
 *
 * Running it again is a delete and a create, helm's hook-delete-policy before-hook-creation: what has run cannot be changed.
 */
async function planHook(
  context: PlanningContext,
  resolved: ResolvedObject,
  phases: ReleasePhases,
): Promise<ObjectVerdict> {
  const judged = new JudgedObject(context, resolved);
  const live = await context.reader.of(judged.id);
  if (live.state === 'unreadable') return judged.blocked(live.error);
  const there = live.state === 'found' ? live.object : undefined;
  const isOurs = there !== undefined && judged.isOurs(there);
  // Seen to begin but not to end, or found by a refresh of the inventory: what is there may be the very run that is wanted.
  if (isOurs && judged.entry?.uid === there.metadata.uid && judged.entry?.desired === undefined) {
    const ended = readiness(there).status === 'ready' ? await planObject(context, resolved) : undefined;
    if (ended?.unchanged === true) return ended;
  }
  const why = whyDue(judged, there, phases);
  if (why === undefined) return { unchanged: true, dryRun: false };
  if (isOurs && there.metadata.deletionTimestamp === undefined) return runAgain(judged, there, why);
  const verdict = await planObject(context, resolved);
  if (verdict.unchanged || verdict.item.action !== 'create' || judged.entry === undefined) return verdict;
  return { ...verdict, item: { ...verdict.item, reason: `runs again: ${why}` } };
}

/** Why a hook is to run now; undefined: it is not. */
function whyDue(judged: JudgedObject, live: KubernetesObject | undefined, phases: ReleasePhases): string | undefined {
  const { context, resolved, entry, digest } = judged;
  const { hook, path } = resolved.desired;
  // Helm runs none of these at a rollback.
  if (hook === undefined || context.options.rollback) return undefined;
  const phase = phases.installed.has(path) ? 'upgrade' : 'install';
  if (entry !== undefined && entry.desired === undefined) {
    if (live === undefined || entry.uid === undefined) return 'the last apply did not see it end';
    const { status, reason } = readiness(live);
    return status === 'failed' ? `it failed (${reason})` : 'the last apply did not see it end';
  }
  if (!belongsTo(hook, phase)) return undefined;
  if (phase === 'install') return 'its release is installed';
  if (phases.changed.has(path)) return 'its release changes';
  // One for upgrades alone waits for the next one; any other was not there when the release was installed.
  if (entry === undefined) return belongsTo(hook, 'install') ? 'it is new' : undefined;
  return entry.desired === digest ? undefined : 'it changed';
}

async function runAgain(judged: JudgedObject, live: KubernetesObject, why: string): Promise<ObjectVerdict> {
  const { context, id } = judged;
  const reason = `runs again: ${why}; the last run is deleted`;
  if (context.options.dryRun === false)
    return judged.verdict({ action: 'replace', reason: `unverified: ${reason}`, live, verified: 'unverified' });
  const refusal = await rehearseCreate(judged);
  if (refusal !== undefined) return judged.refused(refusal, live);
  const changes = await changesOfReplacement(judged, live);
  const isRunning = readiness(live).status === 'waiting';
  const dangers = isRunning ? dangersOfReplace(id, ['what is running']) : [];
  return judged.verdict({ action: 'replace', reason, live, changes, dangers });
}
