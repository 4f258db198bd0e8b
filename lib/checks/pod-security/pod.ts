import { list, record } from '../../kubernetes/fields.ts';
import { CONTAINER_FIELDS } from '../../kubernetes/pods.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A pod as an object declares it: itself, or the template that a workload makes pods of. */
export interface DeclaredPod {
  /** Of the object: "spec" of a Pod, "spec.template.spec" of a Deployment. */
  readonly path: string;
  readonly annotations: Fields;
  readonly spec: Fields;
}

export interface DeclaredContainer {
  /** "spec.template.spec.containers[0]" */
  readonly path: string;
  readonly name: string;
  readonly fields: Fields;
  readonly securityContext: Fields;
}

/** What a rule says against a pod. */
export interface Violation {
  /** Field of the object that is at fault, or that is missing. */
  readonly path: string;
  /** One clause: "is Unmasked, only Default is allowed". */
  readonly what: string;
}

/** Every container: init containers, containers, ephemeral ones. */
export function containersOf({ path, spec }: DeclaredPod): DeclaredContainer[] {
  return CONTAINER_FIELDS.flatMap((member) =>
    list(spec[member]).map((fields, at) => ({
      path: `${path}.${member}[${at}]`,
      name: String(fields.name ?? ''),
      fields,
      securityContext: record(fields.securityContext),
    })),
  );
}

/** The security context of the pod, then of each container. */
export function securityContextsOf(pod: DeclaredPod): { readonly path: string; readonly fields: Fields }[] {
  return [
    { path: `${pod.path}.securityContext`, fields: record(pod.spec.securityContext) },
    ...containersOf(pod).map(({ path, securityContext }) => ({
      path: `${path}.securityContext`,
      fields: securityContext,
    })),
  ];
}

/** The pod runs in a user namespace of its own: root in it is nobody on the node. */
export function isInUserNamespace({ spec }: DeclaredPod): boolean {
  return spec.hostUsers === false;
}

export function isWindows({ spec }: DeclaredPod): boolean {
  return record(spec.os).name === 'windows';
}
