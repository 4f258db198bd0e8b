import type { ReleaseStageManifest, ReleaseStateManifest } from '@orrery/constructs/assembly-format';
import { applyPlan } from '../apply/apply.ts';
import type { ApplyOptions } from '../apply/apply-options.ts';
import { judgeForApply } from '../apply/judge.ts';
import { isBuiltInGroup, kindKey } from '../apply/kinds.ts';
import type { ClusterOutcome } from '../apply/outcome.ts';
import { BUILT_IN_RULES } from '../apply/readiness-rules.ts';
import { ReadinessWatch } from '../apply/watch-ready.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { clusterWithKeyedContent } from '../diff/keyed-content.ts';
import { platformSelector } from '../diff/ownership.ts';
import { resolveNamespace } from '../diff/resolve-namespace.ts';
import { isOrreryError } from '../errors.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { idKey, isSecret } from '../kubernetes/object.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Problem } from '../plan/plan.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import { problemOf } from '../plan/planning-context.ts';
import { shownDigest } from '../plan/seal.ts';
import type { DesiredCluster, DesiredObject, DesiredState } from '../render/desired-state.ts';
import { namespaceOf } from '../render/namespace.ts';
import type { AmendedRevision } from '../revision/amend-revision.ts';
import { listRevisions } from '../revision/read-revisions.ts';
import { contentOf } from '../revision/record-revision.ts';
import { type CanaryInCluster, withState } from './place-releases.ts';
import { touchedPaths } from './place-stage.ts';
import type { ReleaseEvent } from './release-outcome.ts';

export interface StageInput {
  readonly target: KubeTarget;
  /** The whole desired state, for what is true of all clusters. */
  readonly desired: DesiredState;
  readonly cluster: DesiredCluster;
  /** All releases of the cluster. */
  readonly canaries: readonly CanaryInCluster[];
  readonly release: string;
  readonly planning: PlanOptions;
  readonly applying: ApplyOptions;
  readonly emit: (event: ReleaseEvent) => void;
}

/** unwell: what was written does not get ready, which is the release's own fault. failed: it could not be written. */
export type StageResult =
  | { readonly status: 'ready' }
  | { readonly status: 'unwell'; readonly reason: string }
  | { readonly status: 'failed'; readonly problem: Problem }
  | { readonly status: 'interrupted' };

/** Problems that say something about the release, not about the way to the cluster. */
const UNWELL = new Set<Problem['code']>(['ORR5002', 'ORR5003']);

/**
 * Brings the objects of one release into one state: a plan of these objects alone, applied like any other (lease, inventory, preconditions, order), and waits until everything that the release has
 * there is ready. What is unchanged is not written.
 */
export async function applyStage(
  input: StageInput,
  state: ReleaseStateManifest | ReleaseStageManifest,
): Promise<StageResult> {
  const { target, cluster, canaries, release, planning, applying, emit } = input;
  const placed = withState(cluster, canaries, release, state);
  const touched = releaseObjects(cluster, canaries, release);
  const moved = followedIn(input, state);
  const stage = new Set(touched.flatMap(keysOf));
  const objects = placed.objects.filter((one) => touched.some(({ path }) => path === one.path) || isSecret(one.id));
  const desired = onlyCluster(input.desired, { ...placed, objects, releases: undefined });
  const { plan, inventories, renewals } = await makePlan(desired, [target], {
    ...planning,
    stage,
    allowEmpty: true,
    allowDeletes: true,
    sealed: false,
  });
  const [planned] = plan.clusters;
  const problem = planned?.problem ?? planned?.items.find((item) => item.problem !== undefined)?.problem;
  if (problem !== undefined) return { status: 'failed', problem };
  if (plan.changes) {
    const part = await unrecorded(input);
    const followed = new Set(touched.filter(({ path }) => path === moved).flatMap(keysOf));
    const options = { ...applying, inventories, renewals, wait: true, part, confirm: undefined, followed };
    const outcome = await applyPlan(plan, onlyCluster(input.desired, placed), [target], options, emit);
    const result = resultOf(outcome.clusters[0]);
    if (result.status !== 'ready') return result;
  }
  return awaitRelease(input, placed, moved);
}

/**
 * Path of the object whose controller moves a release on: it is not ready before its hold is over, and on the way back nobody waits for it, because the routes lead to the service again whatever it says.
 */
function followedIn(
  { canaries, release }: StageInput,
  state: ReleaseStateManifest | ReleaseStageManifest,
): string | undefined {
  const { stages = [] } = canaries.find(({ canary }) => canary.name === release)?.canary.states ?? {};
  const holds = 'name' in state ? [state.hold] : stages.map(({ hold }) => hold);
  return holds.flatMap((hold) => (hold?.type === 'controller' ? [hold.object] : []))[0];
}

function onlyCluster(desired: DesiredState, cluster: DesiredCluster): DesiredState {
  return { ...desired, clusters: [cluster], rollout: undefined, apps: undefined };
}

/** The objects that a release has to do with, as they are in some stage. */
function releaseObjects(
  cluster: DesiredCluster,
  canaries: readonly CanaryInCluster[],
  release: string,
): readonly DesiredObject[] {
  const canary = canaries.find((one) => one.canary.name === release)?.canary;
  const paths = canary === undefined ? new Set() : touchedPaths(canary.states);
  return (cluster.unplaced ?? cluster).objects.filter(({ path }) => paths.has(path));
}

/** With and without a namespace: which one it is only the cluster knows. */
function keysOf(desired: DesiredObject): readonly string[] {
  return [idKey(desired.id), idKey({ ...desired.id, namespace: namespaceOf(desired) })];
}

/** The newest revision has to know the stages, or drift would take them for somebody's changes. */
async function unrecorded({
  target,
  cluster,
  desired,
  applying,
}: StageInput): Promise<ReadonlyMap<string, AmendedRevision>> {
  const base = cluster.unplaced ?? cluster;
  const platformId = desired.platform.id;
  try {
    const [{ heads }, { hmacKey }] = await Promise.all([
      listRevisions(target, platformId),
      readInventory(target, platformId, { stateFolder: applying.stateFolder }),
    ]);
    if (heads[0]?.content === contentOf(clusterWithKeyedContent(base, hmacKey), hmacKey)) return new Map();
    const { assemblyDigest, holdsSecrets } = desired;
    const assembly = shownDigest(assemblyDigest, holdsSecrets, hmacKey);
    return new Map([[target.cluster, { desired: base, assemblyDigest, assembly, complete: true }]]);
  } catch (error) {
    // The release counts more than the way back.
    if (!isOrreryError(error)) throw error;
    return new Map();
  }
}

function resultOf(outcome: ClusterOutcome | undefined): StageResult {
  if (outcome === undefined || outcome.status === 'done') return { status: 'ready' };
  if (outcome.status === 'interrupted') return { status: 'interrupted' };
  const problems = [outcome.problem, ...outcome.failures.map(({ problem }) => problem)].flatMap((one) => one ?? []);
  const hard = problems.find(({ code }) => !UNWELL.has(code));
  if (hard !== undefined) return { status: 'failed', problem: hard };
  const [first] = problems;
  if (first !== undefined) return { status: 'unwell', reason: first.what };
  const [suspended] = outcome.suspended ?? [];
  return suspended === undefined ? { status: 'ready' } : { status: 'unwell', reason: suspended.reason };
}

/** Waits until all that a release has in its cluster is ready, also what nobody wrote just now. @param followed path of an object that is not waited for */
export async function awaitRelease(input: StageInput, placed: DesiredCluster, followed?: string): Promise<StageResult> {
  const { target, cluster, canaries, release, desired, applying } = input;
  const paths = new Set(releaseObjects(cluster, canaries, release).map(({ path }) => path));
  const discovery = await target.discovery();
  const stop = new AbortController();
  const signal = applying.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, applying.signal]);
  const watch = new ReadinessWatch(target, platformSelector(desired.platform.id), signal);
  try {
    await Promise.all(
      placed.objects
        .filter(
          ({ path, id }) =>
            path !== followed && paths.has(path) && (BUILT_IN_RULES.has(kindKey(id)) || !isBuiltInGroup(id.group)),
        )
        .map(async (one) => {
          const resource = discovery.find(one.object.apiVersion, one.id.kind);
          if (resource === undefined) return;
          const { id } = resolveNamespace(one, resource.namespaced);
          await watch.wait({
            id,
            resource,
            judge: judgeForApply(id, false),
            timeoutMs: applying.timeoutMs ?? DEFAULT_TIMEOUT_MS,
            failureMs: applying.failureMs ?? DEFAULT_FAILURE_MS,
            onReason: (reason) => input.emit({ type: 'object-waiting', cluster: target.cluster, id, reason }),
          });
        }),
    );
    return { status: 'ready' };
  } catch (error) {
    if (applying.signal?.aborted === true) return { status: 'interrupted' };
    const problem = problemOf(error, { cluster: target.cluster });
    return UNWELL.has(problem.code) ? { status: 'unwell', reason: problem.what } : { status: 'failed', problem };
  } finally {
    stop.abort(new Error('done'));
  }
}

const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const DEFAULT_FAILURE_MS = 30_000;
