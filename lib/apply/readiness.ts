import type { KubernetesObject } from '../kubernetes/object.ts';
import { groupOf } from '../kubernetes/object.ts';
import { byConventions } from './conditions.ts';
import { byTable } from './readiness-kinds.ts';
import { BUILT_IN_RULES } from './readiness-rules.ts';

/**
 * ready: does what it is there for. waiting: on its way. failed: will not get there by waiting, or something is visibly wrong with it.
 * suspended: on its way, stopped on purpose, goes on when somebody says so (paused Deployment, suspended Job).
 */
export type ReadinessStatus = 'ready' | 'waiting' | 'failed' | 'suspended';

export interface Readiness {
  readonly status: ReadinessStatus;
  /** For people: "1 of 3 pods ready". */
  readonly reason: string;
  /** Only with failed: no event short of a new write can change it. A failure that is not final may heal (an image that appears, a node that is added). */
  readonly final?: boolean | undefined;
  /** Only with waiting: it works as it should and ends some day (a Job). What depends on it waits for the end, an apply does not. */
  readonly running?: boolean | undefined;
}

/** A rule sees an object that is not being deleted. `now` is milliseconds since 1970. */
export type ReadinessRule = (object: KubernetesObject, now: number) => Readiness;

/**
 * What an object's status says about it. Built-in kinds have a rule each (readiness-rules.ts, readiness-workloads.ts); every other kind follows the conventions
 * of the Kubernetes API: observedGeneration, then the conditions Stalled, Reconciling and Ready.
 *
 * @param now milliseconds since 1970; only an unschedulable pod's age depends on it.
 */
export function readiness(object: KubernetesObject, now: number = Date.now()): Readiness {
  if (object.metadata.deletionTimestamp !== undefined) return { status: 'waiting', reason: 'being deleted' };
  const rule = BUILT_IN_RULES.get(`${groupOf(object.apiVersion)}/${object.kind}`);
  return rule === undefined ? (byTable(object, now) ?? byConventions(object)) : rule(object, now);
}
