import type { ObjectId } from '../kubernetes/object.ts';

/** A resource the API server serves, from aggregated discovery. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface DiscoveredResources {
  /** The resource of exactly this apiVersion and kind, or undefined when it is not served. */
  find(apiVersion: string, kind: string): ResourceType | undefined;
  /** The server's preferred version of a kind, or undefined. */
  preferred(group: string, kind: string): ResourceType | undefined;
  /** Whether a kind is served in the version of this resource and no other. */
  isOnlyVersion(resource: Pick<ResourceType, 'group' | 'kind'>): boolean;
  /** Every kind once, in its preferred version. */
  readonly kinds: Iterable<ResourceType>;
  /** Groups whose discovery the aggregator reported as stale or failed: their kinds are in doubt, not absent. */
  readonly unavailableGroups: readonly string[];
}

/** How an object that was applied in some version can be read: in that one, or in another when it is no longer served. Undefined: its kind is gone, or its group does not answer. */
export function servedAs(
  discovery: Pick<DiscoveredResources, 'find' | 'preferred'>,
  { apiVersion, id }: { readonly apiVersion: string; readonly id: Pick<ObjectId, 'group' | 'kind'> },
): ResourceType | undefined {
  return discovery.find(apiVersion, id.kind) ?? discovery.preferred(id.group, id.kind);
}
