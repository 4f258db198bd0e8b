import { type Fields, record } from './fields.ts';
import type { KubernetesObject } from './object.ts';

/** The pod specification inside a workload of any kind (custom ones with a pod template included), or undefined. */
export function podSpecOf(object: KubernetesObject): Fields | undefined {
  const spec = record(object.spec);
  if (object.kind === 'Pod' && object.apiVersion === 'v1') return spec;
  const template =
    object.kind === 'CronJob' ? record(record(record(spec.jobTemplate).spec).template) : record(spec.template);
  const pod = record(template.spec);
  return Array.isArray(pod.containers) ? pod : undefined;
}

/** Labels of the pods that a workload makes. */
export function podLabelsOf(object: KubernetesObject): Readonly<Fields> {
  if (object.kind === 'Pod') return object.metadata.labels ?? {};
  const spec = record(object.spec);
  return record(record(record(spec.template).metadata).labels);
}
