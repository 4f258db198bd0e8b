import type { Cluster } from '../cluster';

/** Whether the facts of a cluster say that it serves an API version ("group/version"), or a kind of it. */
export function servesApi({ facts }: Cluster, apiVersion: string): boolean {
  return (facts.apiVersions ?? []).some((version) => version.split('/').slice(0, 2).join('/') === apiVersion);
}
