import { type Fields, list, record } from './fields.ts';
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

/** Fields of a pod specification that hold containers. */
export const CONTAINER_FIELDS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Labels of the pods that a workload makes. */
export function podLabelsOf(object: KubernetesObject): Readonly<Fields> {
  if (object.kind === 'Pod') return object.metadata.labels ?? {};
  const spec = record(object.spec);
  return record(record(record(spec.template).metadata).labels);
}

/** The object with another annotation on the pods that it makes from `spec.template`. */
export function withPodAnnotation(object: KubernetesObject, key: string, value: string): KubernetesObject {
  const spec = record(object.spec);
  const template = record(spec.template);
  const metadata = record(template.metadata);
  const annotations = { ...record(metadata.annotations), [key]: value };
  return { ...object, spec: { ...spec, template: { ...template, metadata: { ...metadata, annotations } } } };
}

/** A ConfigMap or Secret, in the namespace of the pod, whose content its containers read. */
export interface PodConfiguration {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** The pod starts without it. */
  readonly optional: boolean;
}

/** What a pod reads as variables (env, envFrom) or files (volumes, projected ones included), in the order in which it names it. */
export function configurationOf(pod: Fields): PodConfiguration[] {
  const found: PodConfiguration[] = [];
  const add = (kind: PodConfiguration['kind'], source: unknown, nameField = 'name') => {
    const { [nameField]: name, optional } = record(source);
    if (typeof name === 'string' && name !== '') found.push({ kind, name, optional: optional === true });
  };
  for (const volume of list(pod.volumes)) {
    add('ConfigMap', volume.configMap);
    add('Secret', volume.secret, 'secretName');
    for (const source of list(record(volume.projected).sources)) {
      add('ConfigMap', source.configMap);
      add('Secret', source.secret);
    }
  }
  for (const field of CONTAINER_FIELDS) {
    for (const container of list(pod[field])) {
      for (const source of list(container.envFrom)) {
        add('ConfigMap', source.configMapRef);
        add('Secret', source.secretRef);
      }
      for (const variable of list(container.env)) {
        const from = record(variable.valueFrom);
        add('ConfigMap', from.configMapKeyRef);
        add('Secret', from.secretKeyRef);
      }
    }
  }
  return found;
}
