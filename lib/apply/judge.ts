import type { KubernetesObject } from '../kubernetes/object.ts';
import { READY } from './conditions.ts';
import { kindKey } from './kinds.ts';
import { type Readiness, readiness } from './readiness.ts';

/**
 * Kinds an apply does not wait for, because what they wait for may never come and hurts nobody: metrics of an autoscaler, the first pod that uses a claim
 * (a claim that waits for its consumer would wait for ever), an address that many ingress controllers never write down.
 */
const NOT_WAITED_FOR = new Set([
  'autoscaling/HorizontalPodAutoscaler',
  '/PersistentVolumeClaim',
  '/PersistentVolume',
  'networking.k8s.io/Ingress',
]);

/** Readiness as an apply waits for it. @param dependants something waits for the object: then a Job must have ended, not only begun. */
export function judgeForApply(
  id: { readonly group: string; readonly kind: string },
  dependants: boolean,
): (object: KubernetesObject | undefined) => Readiness {
  return (object) => {
    if (object === undefined) return { status: 'failed', reason: 'it was deleted by somebody else', final: true };
    if (NOT_WAITED_FOR.has(kindKey(id))) return READY;
    const found = readiness(object);
    return found.running === true && !dependants ? READY : found;
  };
}
