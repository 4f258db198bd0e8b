import type { RoutingRules } from './private/global-routing-rules';

/** Which users go to which cluster. */
export interface NearestOptions {
  /**
   * Name of cluster to the countries and parts of countries whose users it serves, by ISO 3166: { 'prod-gz': ['CN-GD', 'CN-HK'], 'prod-la': ['US-CA'] }. A part wins
   * over its country. An empty list: the cluster only takes over. @default - the nearest one, by what the backend knows of distances
   */
  readonly users?: { [cluster: string]: string[] };
  /** Name of the cluster that serves everybody else; needed with `users`. @default - none */
  readonly otherwise?: string;
}

/** To which of its clusters an address over several clusters leads. */
export class GlobalRouting {
  /**
   * To the first cluster of an order that is alive.
   * @param clusters names, the primary one first; clusters of the app that are not named follow in order of declaration
   */
  public static failover(...clusters: string[]): GlobalRouting {
    return new GlobalRouting({ type: 'failover', clusters });
  }

  /** To the cluster that is nearest to the user; where that one is dead, to another one. */
  public static nearest(options: NearestOptions = {}): GlobalRouting {
    return new GlobalRouting({ type: 'nearest', ...options });
  }

  /**
   * To all clusters that are alive, in proportion.
   * @param weights name of each cluster of the app to its weight: whole numbers ≥ 0, not all 0; default: those of the app's placement
   */
  public static weighted(weights?: { [cluster: string]: number }): GlobalRouting {
    return new GlobalRouting({ type: 'weighted', ...(weights === undefined ? {} : { weights }) });
  }

  private constructor(private readonly rules: RoutingRules) {}

  /** @internal */
  public get _rules(): RoutingRules {
    return this.rules;
  }
}
