import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject, ObjectId } from '../kubernetes/object.ts';

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
  const spec = record(scaler.spec);
  if (scaler.kind === 'ScaledObject') {
    // As KEDA completes it (kedacore/keda apis/keda/v1alpha1/scaledobject_types.go); an idle count is below the minimum.
    const least = numberOr(spec.minReplicaCount, 0);
    const fewest = Math.min(least, numberOr(spec.idleReplicaCount, least));
    return { fewest, most: Math.max(least, numberOr(spec.maxReplicaCount, 100)) };
  }
  const { minReplicas, maxReplicas } = spec;
  const fewest = numberOr(minReplicas, 1);
  return { fewest, most: Math.max(fewest, numberOr(maxReplicas, fewest)) };
}

/** Whether an object scales a workload. */
export function isScaler({ group, kind }: Pick<ObjectId, 'group' | 'kind'>): boolean {
  return (
    (group === 'autoscaling' && kind === 'HorizontalPodAutoscaler') || (group === 'keda.sh' && kind === 'ScaledObject')
  );
}

/** Key of what an autoscaler scales, as `scaleKey` gives it. */
export function scaledBy(scaler: KubernetesObject, namespace: string): string {
  const { kind = 'Deployment', name } = record(record(scaler.spec).scaleTargetRef);
  return scaleKey(namespace, kind, name);
}

/** Key of a workload, for those that look for its autoscaler. */
export function scaleKey(namespace: string, kind: unknown, name: unknown): string {
  return JSON.stringify([namespace, kind, name]);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
