import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';

/** How many replicas there may be of a workload: what is kept, and the most that an autoscaler makes of it. */
export interface ReplicaRange {
  readonly fewest: number;
  readonly most: number;
}

/** The range of an autoscaler, or the one number of a workload without. What neither says is 1, as the server completes it. */
export function replicaRange(workload: KubernetesObject, scaler: KubernetesObject | undefined): ReplicaRange {
  if (scaler === undefined) {
    const own = numberOr(record(workload.spec).replicas, 1);
    return { fewest: own, most: own };
  }
  const { minReplicas, maxReplicas } = record(scaler.spec);
  const fewest = numberOr(minReplicas, 1);
  return { fewest, most: Math.max(fewest, numberOr(maxReplicas, fewest)) };
}

/** Key of what a HorizontalPodAutoscaler scales, as `scaleKey` gives it. */
export function scaledBy(scaler: KubernetesObject, namespace: string): string {
  const { kind, name } = record(record(scaler.spec).scaleTargetRef);
  return scaleKey(namespace, kind, name);
}

/** Key of a workload, for those that look for its autoscaler. */
export function scaleKey(namespace: string, kind: unknown, name: unknown): string {
  return JSON.stringify([namespace, kind, name]);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
