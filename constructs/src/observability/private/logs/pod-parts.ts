import type { SecretKey } from '../../../service-props';

/** A variable of the environment with a key of a Secret. */
export function secretEnv(name: string, { secret, key }: SecretKey): object {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** A pod that the restricted level of the Pod Security Standards takes. */
export function restrictedPod(user: number): object {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** A container that the restricted level takes. */
export function restrictedContainer(readOnlyRootFilesystem = true): object {
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem, capabilities: { drop: ['ALL'] } };
}

/** Pods of a workload on different nodes where that is possible, or only there. */
export function apart(labels: { readonly [label: string]: string }, required: boolean): object {
  const term = { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' };
  return {
    podAntiAffinity: required
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
  };
}

/** As many as have to stay may not be evicted at a time. */
export function disruptionBudget(
  name: string,
  namespace: string,
  labels: { readonly [label: string]: string },
  matchLabels: { readonly [label: string]: string },
): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace, labels },
    spec: { maxUnavailable: 1, selector: { matchLabels } },
  };
}
