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
