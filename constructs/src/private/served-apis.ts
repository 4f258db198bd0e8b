import type { Cluster } from '../cluster';

/** Whether the facts of a cluster say that its Kubernetes is older than 1.`minor`. */
export function isOlderThan({ facts }: Cluster, minor: number): boolean {
  const [major = 0, own = 0] = (facts.kubernetesVersion ?? '').split('.').map(Number);
  return major === 1 && own < minor;
}

/** The first of several versions of an API, the newest first, that a cluster serves by its facts: where an API changed its version, each cluster gets the one that it knows. */
export function servedVersion(cluster: Cluster, versions: readonly string[]): string | undefined {
  return versions.find((version) => servesApi(cluster, version));
}

/** Whether the facts of a cluster say that it serves an API version ("group/version"), or a kind of it. */
export function servesApi({ facts }: Cluster, apiVersion: string): boolean {
  return (facts.apiVersions ?? []).some((version) => version.split('/').slice(0, 2).join('/') === apiVersion);
}
