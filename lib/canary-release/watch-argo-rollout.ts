import { type Fields, list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { ControllerPatch, ControllerState, ControllerWatcher } from './controller-watchers.ts';

/**
 * A Rollout of Argo Rollouts: what its status says (argoproj/argo-rollouts utils/rollout/rolloututil.go: GetRolloutPhase), and what kubectl-argo-rollouts writes when somebody promotes, aborts,
 * pauses or goes on (pkg/kubectl-argo-rollouts/cmd/{promote,abort,pause}), 1.9.1.
 */
export const ARGO_ROLLOUT: ControllerWatcher = {
  kind: 'argoproj.io/Rollout',
  read: stateOf,
  promote: (object, full) => (full ? promoteFully(object) : promote(object)),
  abort: () => [{ subresource: 'status', body: { status: { abort: true } } }],
  pause: () => [{ body: { spec: { paused: true } } }],
  resume: (object) => unpaused(object),
};

function stateOf(object: KubernetesObject): ControllerState {
  const status = record(object.status);
  const canary = record(record(record(object.spec).strategy).canary);
  const steps = list(canary.steps);
  const at = status.currentStepIndex;
  const weight = record(record(record(status.canary).weights).canary).weight;
  const progress = {
    ...(typeof at === 'number' && at < steps.length ? { step: `step ${at + 1}/${steps.length}` } : {}),
    ...(typeof weight === 'number' ? { weight } : {}),
  };
  const say = (phase: ControllerState['phase'], reason: string): ControllerState => ({ phase, reason, ...progress });
  // The controller writes it as a text.
  if (String(status.observedGeneration) !== String(object.metadata.generation)) {
    return say('progressing', 'the controller has not seen it yet');
  }
  const message = typeof status.message === 'string' && status.message !== '' ? `: ${status.message}` : '';
  if (status.phase === 'Degraded') return say('failed', `Degraded${message}`);
  if (status.phase === 'Paused') return paused(status, record(object.spec), step(steps, at), say);
  if (status.phase === 'Healthy' && status.stableRS !== undefined && status.stableRS === status.currentPodHash) {
    return say('done', 'Healthy');
  }
  return say('progressing', `${typeof status.phase === 'string' ? status.phase : 'Progressing'}${message}`);
}

/** It waits for a time, which ends by itself, or for somebody. */
function paused(
  status: Fields,
  spec: Fields,
  current: Fields,
  say: (phase: ControllerState['phase'], reason: string) => ControllerState,
): ControllerState {
  if (spec.paused === true) return say('waiting', 'paused by somebody');
  const reasons = list(status.pauseConditions).map((condition) => record(condition).reason);
  if (reasons.includes('InconclusiveAnalysisRun')) return say('waiting', 'the analysis is inconclusive');
  const { duration } = record(current.pause);
  return duration === undefined ? say('waiting', 'approval') : say('progressing', `pause of ${String(duration)}`);
}

function step(steps: readonly unknown[], at: unknown): Fields {
  return typeof at === 'number' ? record(steps[at]) : {};
}

/** Ends a pause, or skips the step that it is at: never both. */
function promote(object: KubernetesObject): ControllerPatch[] {
  const status = record(object.status);
  const strategy = record(record(object.spec).strategy);
  const steps = list(record(strategy.canary).steps);
  const pauses = list(status.pauseConditions);
  const next = Math.min(Number(status.currentStepIndex ?? 0) + 1, steps.length);
  const run = record(record(status.canary).currentStepAnalysisRunStatus);
  if (pauses.length > 0 && run.status === 'Inconclusive' && status.controllerPause === true) {
    const body = { status: { pauseConditions: null, controllerPause: false, currentStepIndex: next } };
    return [{ subresource: 'status', body }, ...unpaused(object)];
  }
  const change =
    pauses.length > 0 || strategy.canary === undefined
      ? { pauseConditions: null }
      : { pauseConditions: null, currentStepIndex: next };
  return [{ subresource: 'status', body: { status: change } }, ...unpaused(object)];
}

function promoteFully(object: KubernetesObject): ControllerPatch[] {
  const { currentPodHash, stableRS } = record(object.status);
  const isThrough = currentPodHash === stableRS;
  return [
    ...(isThrough ? [] : [{ subresource: 'status' as const, body: { status: { promoteFull: true } } }]),
    ...unpaused(object),
  ];
}

function unpaused(object: KubernetesObject): ControllerPatch[] {
  return record(object.spec).paused === true ? [{ body: { spec: { paused: false } } }] : [];
}
