import { type Fields, list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Readiness } from './readiness.ts';

/** Reading an object's status by the conventions of the Kubernetes API. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly observedGeneration?: number | undefined;
}

/** The rule for kinds without one of their own. An object without any of these conditions is ready: that is all its controller promised. */
export function byConventions(object: KubernetesObject): Readiness {
  const unobserved = notObserved(object);
  if (unobserved !== undefined) return unobserved;
  const stalled = condition(object, 'Stalled');
  if (stalled?.status === 'True') return { status: 'failed', reason: explain(stalled), final: true };
  const reconciling = condition(object, 'Reconciling');
  if (reconciling?.status === 'True') return { status: 'waiting', reason: explain(reconciling) };
  const ready = condition(object, 'Ready');
  if (ready !== undefined) {
    const stale =
      ready.observedGeneration !== undefined && ready.observedGeneration < (object.metadata.generation ?? 0);
    if (stale || ready.status !== 'True') return { status: 'waiting', reason: explain(ready) };
  }
  return READY;
}

export const READY: Readiness = { status: 'ready', reason: 'ready' };

/** Waiting, when the controller has not yet seen the newest spec; undefined otherwise. */
export function notObserved(object: KubernetesObject): Readiness | undefined {
  const observed = statusOf(object).observedGeneration;
  const generation = object.metadata.generation;
  if (typeof observed === 'number' && generation !== undefined && observed < generation) {
    return { status: 'waiting', reason: 'its controller has not seen the change yet' };
  }
  return undefined;
}

export function statusOf(object: KubernetesObject): Record<string, unknown> {
  return record(object.status);
}

export function specOf(object: KubernetesObject): Record<string, unknown> {
  return record(object.spec);
}

/** A number, or 0 where the field is absent: controllers leave zeros out. */
export function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

export function conditions(object: KubernetesObject): readonly Condition[] {
  return conditionsOf(statusOf(object));
}

/** Of a status, or of a part of it that has conditions of its own (a listener, a parent). */
export function conditionsOf(status: Fields): readonly Condition[] {
  return list(status.conditions) as unknown as readonly Condition[];
}

export function condition(object: KubernetesObject, type: string): Condition | undefined {
  return conditions(object).find((c) => c.type === type);
}

/** A condition in words: its message, else its reason, else its type and status. */
export function explain(c: Condition): string {
  const text = c.message ?? '';
  return text !== ''
    ? text
    : (c.reason ?? '') !== ''
      ? `${c.type} is ${c.status}: ${c.reason}`
      : `${c.type} is ${c.status}`;
}
