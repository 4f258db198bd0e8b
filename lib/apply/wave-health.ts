import { setTimeout as sleep } from 'node:timers/promises';
import { isRun } from '../helm/hooks.ts';
import type { ObjectId } from '../kubernetes/object.ts';
import type { ClusterApply } from './cluster-apply.ts';
import { judgeForApply } from './judge.ts';
import { isBuiltInGroup, kindKey } from './kinds.ts';
import { BUILT_IN_RULES } from './readiness-rules.ts';
import type { WaitRequest } from './watch-ready.ts';

/** Kinds of Kubernetes without a rule of their own (ConfigMaps, roles) are ready as long as they are there; watching them would say nothing. */
function canFail(id: Pick<ObjectId, 'group' | 'kind'>): boolean {
  return BUILT_IN_RULES.has(kindKey(id)) || !isBuiltInGroup(id.group);
}

/** Waits until everything in the clusters is ready, what this apply did not touch included. What fails or is suspended stands in the tally of its cluster. */
export async function awaitReady(runs: readonly ClusterApply[], signal: AbortSignal): Promise<void> {
  await Promise.all(runs.map((run) => watchAll(run, { until: 'ready', signal }, () => {})));
}

/** Watches everything in the clusters for a time. The first failure ends it, and stands in the tally of its cluster. */
export async function soak(runs: readonly ClusterApply[], milliseconds: number, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const how = { until: 'failure', timeoutMs: milliseconds, signal: AbortSignal.any([signal, stop.signal]) } as const;
  const held = sleep(milliseconds, undefined, { signal: how.signal }).catch(() => undefined);
  // A wave of folders alone has nothing to watch, and is waited for all the same.
  await Promise.all([held, ...runs.map((run) => watchAll(run, how, () => stop.abort()))]);
}

async function watchAll(
  run: ClusterApply,
  how: Pick<WaitRequest, 'until' | 'signal'> & { readonly timeoutMs?: number },
  onFailure: () => void,
): Promise<void> {
  const { reader } = run;
  if (reader === undefined) return;
  const { watch, resources, timeoutMs, failureMs } = reader;
  await Promise.all(
    [...run.desired.values()].map(async (desired) => {
      const { id, object } = desired;
      // A hook that ran was awaited, and may be gone; one whose turn has not come is not there.
      const resource = canFail(id) && !isRun(desired) ? resources.find(object.apiVersion, object.kind) : undefined;
      if (resource === undefined) return;
      const judge = judgeForApply(id, false);
      const onReason = (text: string) => run.tally.waiting(id, text);
      try {
        const found = await watch.wait({ id, resource, judge, failureMs, timeoutMs, onReason, ...how });
        if (found.status === 'suspended') run.tally.suspended(id, found.reason);
      } catch (error) {
        if (how.signal?.aborted === true) return;
        run.tally.failed(error, desired);
        onFailure();
      }
    }),
  );
}
