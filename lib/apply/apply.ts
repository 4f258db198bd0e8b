import type { DirectoryTarget, Target } from '../cluster/target.ts';
import { applyDirectory } from '../directory/apply-directory.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import { idKey } from '../kubernetes/object.ts';
import type { ClusterPlan, Plan, PlanItem } from '../plan/plan.ts';
import type { DesiredState } from '../render/desired-state.ts';
import type { ApplyOptions } from './apply-options.ts';
import { ClusterApply } from './cluster-apply.ts';
import { ClusterTally } from './cluster-tally.ts';
import { type OrderedObject, orderOf } from './order.ts';
import type { OrderGraph } from './order-graph.ts';
import type { ApplyEvent, ClusterOutcome, Outcome } from './outcome.ts';
import { runGraph } from './run-graph.ts';
import { NotDone, Suspended } from './skipped.ts';
import { workFor } from './vertex-work.ts';

const DEFAULT_CONCURRENCY = 32;

/**
 * Does what a plan shows, in all its clusters at once; a cluster that fails, fails alone.
 *
 * Per cluster: its identity is checked again, the Lease taken (of all clusters in name order, before the first write anywhere), the inventory read and widened; then
 * objects are written as soon as what they need is ready (order.ts), deletes come last; in the end the inventory is completed and narrowed and the Lease
 * released. Killed at any moment, the next plan and apply converge. A cluster in which there is nothing to do gets no write request at all.
 *
 * What a cluster says or fails to say is in the outcome, never an exception.
 * @param targets opened and checked (law 9); at least those of the clusters in which the plan has something to do
 * @throws OrreryError ORR2401 explicit dependencies in a circle, ORR4102 a plan of another platform
 */
export async function applyPlan(
  plan: Plan,
  desired: DesiredState,
  targets: readonly Target[],
  options: ApplyOptions,
  onEvent: (event: ApplyEvent) => void = () => {},
): Promise<Outcome> {
  if (plan.platform.id !== desired.platform.id) {
    const what = `The plan is for platform "${plan.platform.id}", the program is "${desired.platform.id}".`;
    throw new OrreryError('ORR4102', what, { fix: 'Plan again.' });
  }
  const folders = new Map<string, DirectoryTarget>();
  for (const target of targets) if (target.kind === 'directory') folders.set(target.cluster, target);
  const runs = plan.clusters
    .filter(({ cluster }) => !folders.has(cluster))
    .map((cluster) => runOf(plan, cluster, desired, targets, options, onEvent));
  const needed = neededByOthers(desired);
  const active = runs.filter((run) => run.input.plan.items.length > 0 || needed.has(run.tally.cluster));
  await Promise.all(active.map((run) => attempt(run, () => run.resolve())));
  const ordered = active.flatMap((run) => run.ordered());
  // A circle is found before anything is locked.
  const graph = orderOf(ordered);
  for (const run of active) run.tally.started(run.input.plan.items.length);
  const refused = await lockAll(active);
  const [, written] = await Promise.all([
    refused !== undefined ? undefined : writeClusters(active, ordered, graph, options),
    Promise.all([...folders.values()].map((folder) => writeFolder(plan, desired, folder, options, onEvent, refused))),
  ]);
  await Promise.all(active.map((run) => run.close()));
  const outcomes = new Map(
    [...runs.map((run) => run.tally.finish()), ...written.flat()].map((outcome) => [outcome.cluster, outcome]),
  );
  return { clusters: plan.clusters.flatMap(({ cluster }) => outcomes.get(cluster) ?? []) };
}

function runOf(
  plan: Plan,
  cluster: ClusterPlan,
  desired: DesiredState,
  targets: readonly Target[],
  options: ApplyOptions,
  onEvent: (event: ApplyEvent) => void,
): ClusterApply {
  const target = targets.find((one) => one.cluster === cluster.cluster);
  const run = new ClusterApply({
    plan: cluster,
    desired: desired.clusters.find((one) => one.name === cluster.cluster),
    assembly: { digest: desired.assemblyDigest, shown: plan.assemblyDigest },
    target: target?.kind === 'kube' ? target : undefined,
    platformId: plan.platform.id,
    purpose: plan.purpose,
    options,
    tally: new ClusterTally(cluster, onEvent),
  });
  if (cluster.problem !== undefined) {
    const { code, what, where, fix } = cluster.problem;
    run.tally.untried(new OrreryError(code, what, { ...where, fix }));
  }
  return run;
}

async function writeClusters(
  runs: readonly ClusterApply[],
  ordered: readonly OrderedObject[],
  graph: OrderGraph,
  options: ApplyOptions,
): Promise<void> {
  await Promise.all(runs.filter(isOpenable).map((run) => attempt(run, () => run.open())));
  await runAll(runs, ordered, graph, options);
}

/** @param refused why nothing is written anywhere */
async function writeFolder(
  plan: Plan,
  desired: DesiredState,
  target: DirectoryTarget,
  options: ApplyOptions,
  onEvent: (event: ApplyEvent) => void,
  refused: unknown,
): Promise<ClusterOutcome[]> {
  const folderPlan = plan.clusters.find(({ cluster }) => cluster === target.cluster);
  if (folderPlan === undefined) return [];
  if (refused !== undefined) {
    const tally = new ClusterTally(folderPlan, onEvent);
    tally.untried(refused);
    return [tally.finish()];
  }
  const { platform } = desired;
  const { stateFolder, signal } = options;
  const objects = desired.clusters.find(({ name }) => name === target.cluster);
  return [await applyDirectory(target, folderPlan, objects, onEvent, { platform, stateFolder, signal })];
}

/** Clusters on which objects of other clusters depend. */
function neededByOthers(desired: DesiredState): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const { objects } of desired.clusters) {
    for (const { dependsOn } of objects)
      for (const { cluster } of dependsOn) if (cluster !== undefined) needed.add(cluster);
  }
  return needed;
}

/** A step of one cluster; its failure ends the work in this cluster alone. */
async function attempt(run: ClusterApply, step: () => Promise<void>): Promise<void> {
  if (run.tally.problem !== undefined) return;
  try {
    await step();
  } catch (error) {
    run.stop(error);
  }
}

function isOpenable(run: ClusterApply): boolean {
  return run.writes && run.tally.problem === undefined;
}

/**
 * Takes the leases in name order, so that two applies cannot wait for each other. One that another apply holds ends this whole apply: half of a platform in
 * one revision and half in another is what the leases are there to prevent. A cluster that cannot be reached only loses its own part.
 * @returns why nothing may be written anywhere, if so
 */
async function lockAll(runs: readonly ClusterApply[]): Promise<unknown> {
  const byName = [...runs].sort((a, b) => (a.tally.cluster < b.tally.cluster ? -1 : 1));
  for (const run of byName.filter(isOpenable)) {
    try {
      await run.lock();
    } catch (error) {
      const { signal } = run.input.options;
      if (signal?.aborted === true) {
        for (const other of runs) other.tally.interrupted();
        return error;
      }
      run.stop(error);
      if (!isOrreryError(error) || error.code !== 'ORR5004') continue;
      for (const other of runs) if (other !== run) other.tally.untried(error);
      return error;
    }
  }
  return undefined;
}

async function runAll(
  runs: readonly ClusterApply[],
  ordered: readonly OrderedObject[],
  graph: OrderGraph,
  options: ApplyOptions,
): Promise<void> {
  const byCluster = new Map(runs.map((run) => [run.tally.cluster, run]));
  const items = new Map<string, PlanItem>();
  for (const run of runs)
    for (const item of run.input.plan.items) items.set(`${run.tally.cluster}\n${idKey(item.id)}`, item);
  const of = (index: number) => {
    const object = ordered[index] as OrderedObject;
    const run = byCluster.get(object.cluster) as ClusterApply;
    return { object, run, item: items.get(`${object.cluster}\n${idKey(object.id)}`) };
  };
  /** Why an object is not there for what needs it, by label. */
  const states = new Map<string, string>();
  await runGraph(
    graph,
    (index) => {
      const { object, run, item } = of(index);
      return workFor(run, item, object.id);
    },
    {
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      wait: options.wait ?? true,
      signal: options.signal,
      onFailed: (index, error) => {
        const { object, run, item } = of(index);
        states.set(graph.vertices[index]?.label ?? '', stateAfter(error));
        if (error instanceof Suspended) return;
        if (error instanceof NotDone) {
          if (error.reason !== undefined) run.tally.skipped(object.id, error.reason);
        } else if (options.signal?.aborted === true && error === options.signal.reason) run.tally.interrupted();
        else if (error === run.stopReason)
          run.tally.skipped(object.id, `the apply to this cluster stopped: ${(error as Error).message}`);
        else run.tally.failed(error, item ?? object);
      },
      onSkipped: (index, cause) => {
        const { object, run } = of(index);
        if (cause === undefined) {
          run.tally.interrupted();
          run.tally.skipped(object.id, 'the apply was interrupted');
        } else if (run.reader !== undefined)
          run.tally.skipped(object.id, skipReason(object, cause, states.get(cause) ?? 'was not done'));
      },
    },
  );
}

function stateAfter(error: unknown): string {
  if (error instanceof Suspended) return 'is suspended';
  return error instanceof NotDone ? 'was not done' : 'failed';
}

function skipReason({ role }: OrderedObject, cause: string, state: string): string {
  return role === 'delete'
    ? `kept, because ${cause} ${state} and may be what replaces it`
    : `needs ${cause}, which ${state}`;
}
