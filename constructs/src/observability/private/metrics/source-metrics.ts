/** What a source exposes: names of metrics with the labels that queries may use, separated by spaces. */
export interface SourceMetrics {
  /** Where upstream says so. */
  readonly upstream: string;
  /**
   * Its series name namespaces and pods that they tell of: monitors of it need `honorLabels: true`, else Prometheus calls these labels `exported_…` and puts those of the exporter in their place
   * (prometheus-operator pkg/apis/monitoring/v1/types.go, Endpoint.honorLabels).
   */
  readonly ownLabels?: true;
  readonly gauges?: { readonly [name: string]: string };
  readonly counters?: { readonly [name: string]: string };
  /** Their series end with `_bucket`, `_sum` and `_count`. */
  readonly histograms?: { readonly [name: string]: string };
  /** Their series have no ending, `_sum` or `_count`. */
  readonly summaries?: { readonly [name: string]: string };
}
