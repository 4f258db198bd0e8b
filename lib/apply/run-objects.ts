import { idKey } from '../kubernetes/object.ts';
import type { PlanItem } from '../plan/plan.ts';
import type { ApplyOptions } from './apply-options.ts';
import type { ClusterApply } from './cluster-apply.ts';
import type { OrderedObject } from './order.ts';
import type { OrderGraph } from './order-graph.ts';
import type { Releases } from './releases.ts';
import { runGraph } from './run-graph.ts';
import { NotDone, Suspended } from './skipped.ts';
import { spentWork } from './spent-hook.ts';
import { workFor } from './vertex-work.ts';

const DEFAULT_CONCURRENCY = 32;

/**
 * Does the work of the graph, each cluster once it is started, and enters in the tallies what was not done and why.
 * @param onRelease replicas of a service begin to go: they are ready elsewhere
 */
export async function runObjects(
  runs: readonly ClusterApply[],
  ordered: readonly OrderedObject[],
  graph: OrderGraph,
  releases: Releases,
  options: ApplyOptions & { readonly wait: boolean },
  onRelease: (service: string) => void,
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
      const started = () => releases.started(object.cluster);
      if (object.isSpent === true) return spentWork(run, object.id, started);
      const late = run.shares.late(object.id);
      if (late === undefined || item === undefined) return workFor(run, item, object.id, started);
      const { keeps, service } = late;
      if (object.isLate === true || object.role === 'delete')
        return workFor(run, item, object.id, started, {
          step: keeps === undefined ? 'whole' : 'second',
          onBegin: () => onRelease(service),
        });
      if (keeps !== undefined) return workFor(run, item, object.id, started, { step: 'first', replicas: keeps });
      // It stands as it stood until its replicas go; what is new then is not there yet.
      return item.precondition === undefined ? { lane: object.cluster } : workFor(run, undefined, object.id, started);
    },
    {
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      wait: options.wait,
      signal: options.signal,
      onSettled: (index) => releases.settle(index),
      onFailed: (index, error) => {
        const { object, run, item } = of(index);
        states.set(graph.vertices[index]?.label ?? '', stateAfter(error));
        if (error instanceof Suspended) return;
        if (error instanceof NotDone) {
          if (error.reason !== undefined) run.tally.skipped(object.id, error.reason);
        } else if (options.signal?.aborted === true && error === options.signal.reason) run.tally.interrupted();
        else if (error !== run.stopReason) run.tally.failed(error, item ?? object);
      },
      onSkipped: (index, cause) => {
        const { object, run } = of(index);
        // A hook that has not succeeded stays, to be looked at.
        if (run.tally.isUntried || object.isSpent === true) return;
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

function skipReason({ role, isLate }: OrderedObject, cause: string, state: string): string {
  if (isLate === true) return `keeps its replicas until ${cause} is ready, which ${state}`;
  return role === 'delete'
    ? `kept, because ${cause} ${state} and may be what replaces it`
    : `needs ${cause}, which ${state}`;
}
