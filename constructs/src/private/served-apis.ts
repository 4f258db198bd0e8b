import type { Cluster } from '../cluster';

/** Whether the facts of a cluster say that its Kubernetes is older than 1.`minor`. */
export function isOlderThan({ facts }: Cluster, minor: number): boolean {
  const [major = 0, own = 0] = (facts.kubernetesVersion ?? '').split('.').map(Number);
  return major === 1 && own < minor;
}

/** Whether the facts of a cluster say that it serves an API version ("group/version"), or a kind of it. */
export function servesApi({ facts }: Cluster, apiVersion: string): boolean {
  return (facts.apiVersions ?? []).some((version) => version.split('/').slice(0, 2).join('/') === apiVersion);
}
