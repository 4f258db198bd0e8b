import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { condition, count, explain, notObserved, READY, specOf, statusOf } from './conditions.ts';
import type { Readiness } from './readiness.ts';

/** Readiness of the kinds that run pods. Sources: kstatus (cli-utils) and the health checks of Argo CD; where they differ, test/readiness.test.ts says why. */

/** Seconds after its creation in which a pod that finds no node is still on its way (kstatus' window). */
const SCHEDULING_SECONDS = 15;
/** Deployments without a deadline carry this value (MaxInt32): such a one never reports progress. */
const NO_DEADLINE = 2147483647;
/** Container states that name a mistake in the pod, whatever its restart policy. */
const BROKEN_CONTAINER = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

const waiting = (reason: string): Readiness => ({ status: 'waiting', reason });

/** Waiting while a workload's controller has not answered for the newest spec. */
function notSeen(object: KubernetesObject): Readiness | undefined {
  if (object.metadata.generation !== undefined && typeof statusOf(object).observedGeneration !== 'number') {
    return waiting('its controller has not seen it yet');
  }
  return notObserved(object);
}

function wanted(object: KubernetesObject): number {
  const replicas = specOf(object).replicas;
  return typeof replicas === 'number' ? replicas : 1;
}

export function deployment(object: KubernetesObject): Readiness {
  const unseen = notSeen(object);
  if (unseen !== undefined) return unseen;
  const spec = specOf(object);
  const status = statusOf(object);
  const progressing = condition(object, 'Progressing');
  if (spec.paused === true) return { status: 'suspended', reason: 'the rollout is paused' };
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return { status: 'failed', reason: explain(progressing), final: true };
  const replicas = wanted(object);
  const updated = count(status.updatedReplicas);
  const total = count(status.replicas);
  if (updated < replicas) return waiting(`${updated} of ${replicas} pods updated`);
  if (total > updated) return waiting(`${total - updated} old ${total - updated === 1 ? 'pod' : 'pods'} still there`);
  const available = count(status.availableReplicas);
  const ready = count(status.readyReplicas);
  if (ready < replicas) return waiting(`${ready} of ${replicas} pods ready`);
  if (available < replicas) return waiting(`${available} of ${replicas} pods available`);
  const deadline = spec.progressDeadlineSeconds;
  if (typeof deadline === 'number' && deadline !== NO_DEADLINE && progressing?.reason !== 'NewReplicaSetAvailable') {
    return waiting(progressing === undefined ? 'the rollout has not started' : explain(progressing));
  }
  const availableCondition = condition(object, 'Available');
  if (availableCondition?.status !== 'True' && replicas > 0) {
    return waiting(availableCondition === undefined ? 'not available yet' : explain(availableCondition));
  }
  return READY;
}

export function statefulSet(object: KubernetesObject): Readiness {
  const unseen = notSeen(object);
  if (unseen !== undefined) return unseen;
  const spec = specOf(object);
  const status = statusOf(object);
  const strategy = record(spec.updateStrategy);
  if (strategy.type === 'OnDelete') return READY;
  const replicas = wanted(object);
  const total = count(status.replicas);
  const ready = count(status.readyReplicas);
  if (total < replicas) return waiting(`${total} of ${replicas} pods created`);
  if (ready < replicas) return waiting(`${ready} of ${replicas} pods ready`);
  if (total > replicas) return waiting(`${total - replicas} pods too many`);
  if (count(spec.minReadySeconds) > 0 && count(status.availableReplicas) < replicas) {
    return waiting(`${count(status.availableReplicas)} of ${replicas} pods available`);
  }
  const partition = record(strategy.rollingUpdate).partition;
  if (typeof partition === 'number' && partition > 0) {
    const due = Math.max(0, replicas - partition);
    const updated = count(status.updatedReplicas);
    return updated < due ? waiting(`${updated} of ${due} pods above partition ${partition} updated`) : READY;
  }
  const current = count(status.currentReplicas);
  if (current < replicas || status.currentRevision !== status.updateRevision) {
    return waiting(`${count(status.updatedReplicas)} of ${replicas} pods updated`);
  }
  return READY;
}

export function daemonSet(object: KubernetesObject): Readiness {
  const unseen = notSeen(object);
  if (unseen !== undefined) return unseen;
  const status = statusOf(object);
  if (record(specOf(object).updateStrategy).type === 'OnDelete') return READY;
  if (typeof status.desiredNumberScheduled !== 'number') return waiting('the number of nodes is not known yet');
  const nodes = status.desiredNumberScheduled;
  const updated = count(status.updatedNumberScheduled);
  const ready = count(status.numberReady);
  const available = count(status.numberAvailable);
  if (count(status.currentNumberScheduled) < nodes)
    return waiting(`on ${count(status.currentNumberScheduled)} of ${nodes} nodes`);
  if (updated < nodes) return waiting(`updated on ${updated} of ${nodes} nodes`);
  if (ready < nodes) return waiting(`ready on ${ready} of ${nodes} nodes`);
  if (available < nodes) return waiting(`available on ${available} of ${nodes} nodes`);
  return READY;
}

/** ReplicaSet and ReplicationController. */
export function replicaSet(object: KubernetesObject): Readiness {
  const unseen = notSeen(object);
  if (unseen !== undefined) return unseen;
  const status = statusOf(object);
  const failure = condition(object, 'ReplicaFailure');
  if (failure?.status === 'True') return waiting(explain(failure));
  const replicas = wanted(object);
  const labelled = count(status.fullyLabeledReplicas);
  const ready = count(status.readyReplicas);
  const available = count(status.availableReplicas);
  if (labelled < replicas) return waiting(`${labelled} of ${replicas} pods created`);
  if (ready < replicas) return waiting(`${ready} of ${replicas} pods ready`);
  if (available < replicas) return waiting(`${available} of ${replicas} pods available`);
  if (count(status.replicas) > replicas) return waiting(`${count(status.replicas) - replicas} pods too many`);
  return READY;
}

export function job(object: KubernetesObject): Readiness {
  const failed = condition(object, 'Failed');
  if (failed?.status === 'True') return { status: 'failed', reason: explain(failed), final: true };
  if (condition(object, 'Complete')?.status === 'True') return READY;
  const spec = specOf(object);
  const status = statusOf(object);
  if (spec.suspend === true || condition(object, 'Suspended')?.status === 'True') {
    return { status: 'suspended', reason: 'the Job is suspended' };
  }
  const completions = typeof spec.completions === 'number' ? spec.completions : 1;
  const reason = `${count(status.succeeded)} of ${completions} completed`;
  return { status: 'waiting', reason, running: count(status.active) > 0 };
}

interface ContainerStatus {
  readonly name?: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: { readonly exitCode?: number };
  };
  readonly lastState?: { readonly terminated?: object };
}

export function pod(object: KubernetesObject, now: number): Readiness {
  const spec = specOf(object);
  const status = statusOf(object);
  const restarts = (spec.restartPolicy ?? 'Always') === 'Always';
  const phase = status.phase;
  if (phase === 'Succeeded') return READY;
  if (phase === 'Failed')
    return { status: 'failed', reason: String(status.message ?? status.reason ?? 'the pod failed'), final: true };
  const containers = ['initContainerStatuses', 'containerStatuses'].flatMap((field) =>
    Array.isArray(status[field]) ? (status[field] as ContainerStatus[]) : [],
  );
  for (const container of containers) {
    const reason = container.state?.waiting?.reason ?? '';
    if (BROKEN_CONTAINER.has(reason) || (restarts && reason === 'CrashLoopBackOff')) {
      return { status: 'failed', reason: `container ${container.name ?? '?'}: ${reason}` };
    }
  }
  if (phase === 'Running') {
    // A pod that is meant to end is on its way until it has ended.
    if (!restarts) return { status: 'waiting', reason: 'running', running: true };
    if (condition(object, 'Ready')?.status === 'True') return READY;
    const crashed = containers.find(
      (c) => count(c.state?.terminated?.exitCode) !== 0 || c.lastState?.terminated !== undefined,
    );
    return crashed === undefined
      ? waiting('not ready yet')
      : { status: 'failed', reason: `container ${crashed.name ?? '?'} ended and is started again` };
  }
  const scheduled = condition(object, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const created = Date.parse(object.metadata.creationTimestamp ?? '');
    const young = !Number.isNaN(created) && now - created < SCHEDULING_SECONDS * 1000;
    return { status: young ? 'waiting' : 'failed', reason: `no node takes it: ${explain(scheduled)}` };
  }
  return waiting(phase === undefined ? 'not scheduled yet' : 'starting');
}
