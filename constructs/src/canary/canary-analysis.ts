/** How slow the canary may be. */
export interface CanaryLatency {
  /** The slowest of this share of requests counts, e.g. 0.95. @default 0.99 */
  readonly quantile?: number;
  /** E.g. "500ms". */
  readonly atMost: string;
}

/** How fast the error budget of a service level objective may burn. */
export interface CanarySloBurn {
  /** Share of requests that succeed by the objective, e.g. 0.999. */
  readonly objective: number;
  /** How many times faster than allowed the budget may burn; 1 uses it up exactly in its period. @default 1 */
  readonly atMost?: number;
  /** Time over which errors are counted, e.g. "5m". @default - the interval, at least "1m" */
  readonly window?: string;
}

/** Bounds of a query: at least one. */
export interface CanaryMetricBounds {
  /** Every sample is at least this. @default - no lower bound */
  readonly atLeast?: number;
  /** Every sample is at most this. @default - no upper bound */
  readonly atMost?: number;
  /** Points in time that may be outside the bounds before the analysis fails. @default - that of the analysis */
  readonly failureLimit?: number;
}

/** A query whose samples say whether the canary is well. */
export class CanaryMetric {
  /**
   * PromQL. `{{canary}}` and `{{stable}}` are the names of the Services, `{{namespace}}` is their namespace, `{{cluster}}` the cluster, `{{window}}` the interval of the
   * analysis.
   * @param name unique in the analysis
   */
  public static query(name: string, query: string, bounds: CanaryMetricBounds): CanaryMetric {
    return new CanaryMetric(name, query, bounds);
  }

  private constructor(
    private readonly name: string,
    private readonly query: string,
    private readonly bounds: CanaryMetricBounds,
  ) {}

  /** @internal */
  public get _rules(): CanaryMetricBounds & { readonly name: string; readonly query: string } {
    return { name: this.name, query: this.query, ...this.bounds };
  }
}

/** What an analysis looks at, and for how long. At least one of the measures. */
export interface CanaryAnalysis {
  /** How long, e.g. "10m". */
  readonly during: string;
  /** How far apart the points in time are that are looked at. @default "1m", or `during` where that is shorter */
  readonly interval?: string;
  /** Least share of requests to the canary that are not answered 5xx, e.g. 0.995, by the metrics of the mesh. @default - not looked at */
  readonly successRate?: number;
  /** How long requests to the canary may take, by the metrics of the mesh. @default - not looked at */
  readonly latency?: CanaryLatency;
  /** How fast the canary may burn its error budget, by the metrics of the mesh. @default - not looked at */
  readonly sloBurn?: CanarySloBurn;
  /** Further queries. @default - none */
  readonly metrics?: CanaryMetric[];
  /** Points in time at which a measure may be out of bounds before the analysis fails. @default 0 */
  readonly failureLimit?: number;
  /**
   * Points in time without data before the analysis ends without a result, which is never a pass.
   * @default - the points of a quarter of the time, at least 1
   */
  readonly inconclusiveLimit?: number;
}
