import type { KubernetesObject } from '../lib/kubernetes/object.ts';

/** Which requests a policy looks at. */
export interface Touched {
  readonly namespaces: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

/** A MutatingAdmissionPolicy that writes the label "injected" on what is created or updated. */
export function labellingPolicy(
  name: string,
  { namespaces, apiGroups, resources }: Touched,
  value: string,
): KubernetesObject {
  const expression = `Object{metadata: Object.metadata{labels: {"injected": "${value}"}}}`;
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      matchConstraints: {
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [...namespaces] }],
        },
        resourceRules: [{ apiGroups, apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources }],
      },
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
    },
  };
}

/** Lets the policy of the same name act. */
export function bindingOf(name: string): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name },
  };
}
