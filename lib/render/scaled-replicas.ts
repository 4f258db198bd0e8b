import { idKey, type JsonObject, type KubernetesObject } from '../kubernetes/object.ts';
import type { ControllerOwnedField, DesiredObject } from './desired-state.ts';
import { namespaceOf } from './namespace.ts';

/** Kinds that scale what they name in `spec.scaleTargetRef`, by API group, and what they take where the reference leaves its kind out. */
const SCALERS: Readonly<Record<string, { readonly kind: string; readonly defaultTarget?: string }>> = {
  autoscaling: { kind: 'HorizontalPodAutoscaler' },
  'keda.sh': { kind: 'ScaledObject', defaultTarget: 'Deployment' },
};

/** Who writes `spec.replicas`, through the scale subresource, for a HorizontalPodAutoscaler; KEDA makes one of each ScaledObject. */
const SCALED_REPLICAS: ControllerOwnedField = { path: 'spec.replicas', managers: ['kube-controller-manager'] };

/**
 * Makes the replicas of everything that an autoscaler among the objects scales a controller-owned field, whether the object sets them or not: an object that
 * used to set them would else drop them, which is 1 for the server. It is decided here, where the autoscalers of charts and included files are known, too.
 */
export function withScaledReplicas(objects: readonly DesiredObject[]): readonly DesiredObject[] {
  const scaled = new Set(objects.flatMap((scaler) => targetOf(scaler) ?? []));
  if (scaled.size === 0) return objects;
  return objects.map((desired) => {
    if (!scaled.has(idKey({ ...desired.id, namespace: namespaceOf(desired) }))) return desired;
    const { controllerOwned = [] } = desired;
    if (controllerOwned.some(({ path }) => path === SCALED_REPLICAS.path)) return desired;
    return { ...desired, controllerOwned: [...controllerOwned, SCALED_REPLICAS] };
  });
}

/** Key of what an autoscaler scales; undefined for anything else, and for a Deployment's own mistakes, which the server reports. */
function targetOf(scaler: DesiredObject): string | undefined {
  const { group, kind } = scaler.id;
  const rule = Object.hasOwn(SCALERS, group) ? SCALERS[group] : undefined;
  if (rule?.kind !== kind) return undefined;
  const reference = record(record(scaler.object.spec).scaleTargetRef);
  const name = text(reference.name);
  const target = text(reference.kind) ?? rule.defaultTarget;
  if (name === undefined || target === undefined) return undefined;
  const apiVersion = text(reference.apiVersion) ?? 'apps/v1';
  const targetGroup = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return idKey({ group: targetGroup, kind: target, namespace: namespaceOf(scaler), name });
}

function record(value: KubernetesObject['spec']): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
