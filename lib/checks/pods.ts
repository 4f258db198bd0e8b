import { record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { podLabelsOf, podSpecOf } from '../kubernetes/pods.ts';
import type { DeclaredPods } from './check.ts';
import type { DeclaredPod } from './pod-security/pod.ts';

/** The pod that an object declares, or undefined where it declares none. */
function podOf(object: KubernetesObject): DeclaredPod | undefined {
  const spec = podSpecOf(object);
  if (spec === undefined) return undefined;
  const path = templatePath(object);
  const template = path === '' ? object : path.split('.').reduce<unknown>((value, name) => record(value)[name], object);
  return {
    path: path === '' ? 'spec' : `${path}.spec`,
    annotations: record(record(record(template).metadata).annotations),
    spec,
  };
}

function templatePath({ kind }: KubernetesObject): string {
  if (kind === 'Pod') return '';
  return kind === 'CronJob' ? 'spec.jobTemplate.spec.template' : 'spec.template';
}

/** The pods that an object makes, or undefined where it makes none. */
export function podsOf(object: KubernetesObject): DeclaredPods | undefined {
  const pod = podOf(object);
  return pod === undefined ? undefined : { pod, labels: podLabelsOf(object) };
}

/** Whether labels fulfil a plain selector: every key with its value. */
export function selects(
  selector: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Whether labels fulfil a LabelSelector: matchLabels and matchExpressions (k8s.io/apimachinery, meta/v1). */
export function matches(
  selector: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.map(record) : [];
  return (
    selects(record(selector.matchLabels), labels) &&
    expressions.every(({ key, operator, values }) => {
      const value = labels[String(key)];
      const listed = Array.isArray(values) && values.includes(value);
      switch (operator) {
        case 'In':
          return listed;
        case 'NotIn':
          return !listed;
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
