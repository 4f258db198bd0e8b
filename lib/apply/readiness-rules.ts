import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Condition } from './conditions.ts';
import { byConventions, condition, conditions, explain, READY, specOf, statusOf } from './conditions.ts';
import type { Readiness, ReadinessRule } from './readiness.ts';
import { daemonSet, deployment, job, pod, replicaSet, statefulSet } from './readiness-workloads.ts';

const waiting = (reason: string): Readiness => ({ status: 'waiting', reason });

/** Annotation in which autoscaling/v1 keeps what v2 has as conditions. */
const HPA_CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';

function customResourceDefinition(object: KubernetesObject): Readiness {
  const names = condition(object, 'NamesAccepted');
  if (names?.status === 'False') return { status: 'failed', reason: explain(names) };
  if (condition(object, 'Terminating')?.status === 'True') return waiting('being deleted');
  return condition(object, 'Established')?.status === 'True' ? READY : waiting('not established yet');
}

function apiService(object: KubernetesObject): Readiness {
  const available = condition(object, 'Available');
  if (available?.status === 'True') return READY;
  return waiting(available === undefined ? 'not available yet' : explain(available));
}

function namespace(object: KubernetesObject): Readiness {
  return statusOf(object).phase === 'Terminating' ? waiting('being deleted') : READY;
}

function persistentVolumeClaim(object: KubernetesObject): Readiness {
  const phase = statusOf(object).phase;
  if (phase === 'Bound') return READY;
  return phase === 'Lost' ? { status: 'failed', reason: 'its volume is lost' } : waiting('no volume bound yet');
}

function persistentVolume(object: KubernetesObject): Readiness {
  const phase = statusOf(object).phase;
  if (phase === 'Failed')
    return { status: 'failed', reason: String(statusOf(object).message ?? 'reclaiming it failed') };
  return phase === 'Pending' || phase === undefined ? waiting('not available yet') : READY;
}

/** Ready as soon as a load balancer has entered an address; the entry itself may be empty (some providers write `{}`). */
function loadBalancerAddress(object: KubernetesObject): Readiness {
  const ingress = record(statusOf(object).loadBalancer).ingress;
  return Array.isArray(ingress) && ingress.length > 0 ? READY : waiting('no load balancer has given it an address yet');
}

function service(object: KubernetesObject): Readiness {
  return specOf(object).type === 'LoadBalancer' ? loadBalancerAddress(object) : READY;
}

function horizontalPodAutoscaler(object: KubernetesObject): Readiness {
  const found = [...conditions(object), ...annotatedConditions(object)];
  const broken = found.find((c) => c.status === 'False' && /^(Failed|Invalid)/.test(c.reason ?? ''));
  if (broken !== undefined) return { status: 'failed', reason: explain(broken) };
  const able = found.find((c) => c.type === 'AbleToScale');
  return able?.status === 'True'
    ? READY
    : waiting(able === undefined ? 'its controller has not seen it yet' : explain(able));
}

function annotatedConditions(object: KubernetesObject): readonly Condition[] {
  const text = object.metadata.annotations?.[HPA_CONDITIONS];
  if (text === undefined) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? (list as Condition[]) : [];
  } catch {
    return [];
  }
}

/** Rules by "group/Kind" (core kinds: "/Kind"), whatever the version. */
export const BUILT_IN_RULES: ReadonlyMap<string, ReadinessRule> = new Map<string, ReadinessRule>([
  ['/Namespace', namespace],
  ['/PersistentVolume', persistentVolume],
  ['/PersistentVolumeClaim', persistentVolumeClaim],
  ['/Pod', pod],
  ['/ReplicationController', replicaSet],
  ['/Service', service],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinition],
  ['apiregistration.k8s.io/APIService', apiService],
  ['apps/DaemonSet', daemonSet],
  ['apps/Deployment', deployment],
  ['apps/ReplicaSet', replicaSet],
  ['apps/StatefulSet', statefulSet],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscaler],
  // A CronJob is a timetable: its Jobs come and go, it is never "done". Its suspension is an ordinary setting.
  ['batch/CronJob', () => READY],
  ['batch/Job', job],
  ['extensions/Ingress', loadBalancerAddress],
  ['networking.k8s.io/Ingress', loadBalancerAddress],
  ['policy/PodDisruptionBudget', byConventions],
]);
