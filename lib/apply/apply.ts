import { setImmediate } from 'node:timers/promises';
import type { DirectoryTarget, Target } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { askGate } from '../gates/ask-gate.ts';
import { assertVerified } from '../plan/check-plan.ts';
import { type ClusterPlan, type Plan, type ShareChange, writes } from '../plan/plan.ts';
import { errorOf } from '../plan/planning-context.ts';
import type { DesiredState } from '../render/desired-state.ts';
import type { ApplyOptions } from './apply-options.ts';
import { checkRights } from './check-rights.ts';
import { ClusterApply } from './cluster-apply.ts';
import { ClusterTally } from './cluster-tally.ts';
import { attempt, isOpenable, lockAll, readAll } from './lock-clusters.ts';
import { type OrderedObject, orderOf } from './order.ts';
import type { OrderGraph } from './order-graph.ts';
import type { ApplyEvent, Outcome, WaveOutcome } from './outcome.ts';
import { Releases } from './releases.ts';
import { runObjects } from './run-objects.ts';
import { NotDone } from './skipped.ts';
import { clusterMember, FolderMember } from './wave-members.ts';
import { clusterNeeds, placesOf, wavesOf } from './wave-order.ts';
import { runWaves, type WaveMember, type WaveRules } from './wave-run.ts';

/**
 * Does what a plan shows, wave after wave of its rollout, without one in all its clusters at once; a cluster that fails, fails alone.
 *
 * Per cluster: its identity is checked again, and that we have the rights that the writes need; whoever is to be asked is asked; the Lease is taken and the inventory read (in all
 * clusters, before the first write anywhere), then widened; objects are written as soon as what they need is ready (order.ts), deletes come last; in the
 * end the inventory is completed and narrowed and the Lease released. Killed at any moment, the next plan and apply converge. A cluster in which there is nothing to do gets no write request at all.
 *
 * What a cluster says or fails to say is in the outcome, never an exception.
 * @param targets opened and checked (law 9); at least those of the clusters in which the plan has something to do
 * @throws OrreryError ORR2401 explicit dependencies in a circle, ORR4102 a plan of another platform, ORR4105 one that was made without asking the servers
 */
export async function applyPlan(
  plan: Plan,
  desired: DesiredState,
  targets: readonly Target[],
  given: ApplyOptions,
  onEvent: (event: ApplyEvent) => void = () => {},
): Promise<Outcome> {
  // A wave that is not waited for proves nothing.
  const options = { ...given, wait: plan.rollout !== undefined || (given.wait ?? true) };
  if (plan.platform.id !== desired.platform.id) {
    const what = `The plan is for platform "${plan.platform.id}", the program is "${desired.platform.id}".`;
    throw new OrreryError('ORR4102', what, { fix: 'Plan again.' });
  }
  assertVerified(plan);
  const folders = targets.filter((target): target is DirectoryTarget => target.kind === 'directory');
  const inFolders = new Set(folders.map(({ cluster }) => cluster));
  const runs = plan.clusters
    .filter(({ cluster }) => !inFolders.has(cluster))
    .map((cluster) => runOf(plan, cluster, desired, targets, options, onEvent));
  const active = await activeRuns(runs, plan, desired, options);
  await Promise.all(active.map((run) => attempt(run, () => run.resolve())));
  const checked = Promise.all(active.map((run) => attempt(run, () => checkRights(run))));
  // The order is computed while the servers answer: the requests go out first.
  await setImmediate();
  const names = plan.clusters.map(({ cluster }) => cluster);
  const waves = wavesOf(plan.rollout, names, desired, options.maxParallelClusters);
  const moves = plan.moves ?? [];
  const waveOf = (cluster: string) => waves.findIndex(({ clusters }) => clusters.includes(cluster));
  let ordered: readonly OrderedObject[];
  let graph: OrderGraph;
  try {
    ordered = active.flatMap((run) => run.ordered());
    // A circle is found before anything is locked.
    graph = orderOf(ordered, { moves, waveOf });
  } finally {
    await checked;
  }
  if (!(await isConfirmed(active, folders, plan, options))) {
    await Promise.all(active.map((run) => run.close()));
    return { clusters: [], declined: true };
  }
  if (plan.rollout === undefined) for (const run of active) run.tally.started(run.input.plan.items.length);
  const refused = (await lockAll(active)) ?? (await readAll(active));

  const starts = waves.flatMap(({ clusters }) => clusters);
  const places = new Map(starts.map((cluster, place) => [cluster, place]));
  const releases = new Releases(starts, ordered, placesOf(graph, ordered, places));
  const folderMembers = folders.flatMap((target) => {
    const folderPlan = plan.clusters.find(({ cluster }) => cluster === target.cluster);
    return folderPlan === undefined ? [] : [new FolderMember(target, folderPlan, desired, options, onEvent)];
  });
  const members: WaveMember[] = runs.map((run) => {
    const announces = plan.rollout !== undefined && active.includes(run);
    return clusterMember(run, releases, places.get(run.tally.cluster) ?? 0, { announces });
  });
  members.push(...folderMembers);
  let waved: readonly WaveOutcome[] | undefined;
  if (refused !== undefined) for (const member of folderMembers) member.refuse(refused);
  else {
    const held = new Set(moves.map(({ service }) => service));
    for (const { service, donors, receivers } of moves)
      onEvent({ type: 'replicas-held', service, donors: donors.map(nameOf), receivers: receivers.map(nameOf) });
    const writing = runObjects(active, ordered, graph, releases, options, (service) => {
      if (held.delete(service)) onEvent({ type: 'replicas-released', service });
    });
    try {
      waved = await runWaves(waves, members, waveRules(plan, options, onEvent));
    } finally {
      releases.refuseAll(new NotDone(undefined));
      await writing;
    }
  }
  for (const { tally } of active) tally.leaveRest();
  await Promise.all(active.map((run) => run.close()));
  const outcomes = new Map(runs.map((run) => [run.tally.cluster, run.tally.finish()]));
  for (const member of folderMembers) outcomes.set(member.cluster, member.finished());
  return {
    clusters: names.flatMap((cluster) => outcomes.get(cluster) ?? []),
    ...(plan.rollout === undefined ? {} : { waves: waved }),
  };
}

function nameOf({ cluster }: ShareChange): string {
  return cluster;
}

/** Whether whoever is to be asked agrees. */
async function isConfirmed(
  runs: readonly ClusterApply[],
  folders: readonly DirectoryTarget[],
  { clusters }: Plan,
  { confirm }: ApplyOptions,
): Promise<boolean> {
  if (confirm === undefined) return true;
  const ofFolders = new Set(folders.map(({ cluster }) => cluster));
  const written = new Set(runs.filter(isOpenable).map(({ tally }) => tally.cluster));
  for (const { cluster, items } of clusters)
    if (ofFolders.has(cluster) && items.some(({ action }) => writes(action))) written.add(cluster);
  const refused = runs.flatMap(({ tally: { cluster, problem, isUntried } }) =>
    problem === undefined || isUntried ? [] : [{ cluster, problem }],
  );
  const names = clusters.map(({ cluster }) => cluster).filter((cluster) => written.has(cluster));
  return names.length === 0 || (await confirm({ clusters: names, refused }));
}

/** The clusters that take part: those with something to do, those that others wait for, and in a rollout those that are not through. */
async function activeRuns(
  runs: readonly ClusterApply[],
  plan: Plan,
  desired: DesiredState,
  options: ApplyOptions,
): Promise<readonly ClusterApply[]> {
  if (plan.rollout !== undefined) await Promise.all(runs.map((run) => attempt(run, () => run.findUnfinished())));
  const needed = new Set([...clusterNeeds(desired).values()].flatMap((clusters) => [...clusters]));
  for (const { receivers } of plan.moves ?? []) for (const { cluster } of receivers) needed.add(cluster);
  const rechecked = plan.rollout !== undefined && options.recheck === true;
  return runs.filter(
    ({ input, tally, writes }) => input.plan.items.length > 0 || writes || needed.has(tally.cluster) || rechecked,
  );
}

function waveRules(plan: Plan, options: ApplyOptions, emit: (event: ApplyEvent) => void): WaveRules {
  const signal = options.signal ?? new AbortController().signal;
  const { folder = options.stateFolder, environment = {} } = options.gates ?? {};
  return {
    stops: plan.rollout !== undefined,
    passesUnreachable: plan.rollout?.onUnreachable === 'continue',
    recheck: options.recheck === true,
    askGate: (gate, wave, clusters) =>
      askGate(gate, { folder, environment, platform: plan.platform.id, wave, clusters, signal }),
    emit,
    signal,
  };
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
    moves: plan.moves,
    options,
    tally: new ClusterTally(cluster, onEvent),
  });
  if (cluster.problem !== undefined) {
    run.tally.untried(errorOf(cluster.problem));
  }
  return run;
}
