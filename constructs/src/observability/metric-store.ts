import type { ExistingPrometheusProps, PrometheusProps, ThanosProps } from './metric-props';
import type { MetricPlan } from './private/prometheus/cluster-plan';
import { installMetrics } from './private/prometheus/install-metrics';
import type { StackContext } from './private/stack-context';

/** Where the metrics of a stack are scraped, kept and asked. */
export class MetricStore {
  /** A Prometheus in every cluster keeps what it scrapes; Grafana in the centre asks each of them. */
  public static perCluster(props: PrometheusProps = {}): MetricStore {
    return new MetricStore({ type: 'per-cluster', prometheus: props });
  }

  /** The Prometheus of every cluster sends all it scrapes to Thanos in the centre, which keeps it in an object storage, answers for all clusters, and evaluates rules over them. */
  public static thanos(props: ThanosProps): MetricStore {
    return new MetricStore({ type: 'thanos', prometheus: props, thanos: props });
  }

  /** A Prometheus that is there already: it is asked, and finds monitors and rules by its labels; nothing that keeps metrics is installed. */
  public static existing(props: ExistingPrometheusProps): MetricStore {
    const { remoteWrite, agents = {} } = props;
    return new MetricStore({
      type: 'existing',
      existing: props,
      prometheus:
        remoteWrite === undefined
          ? undefined
          : { ...agents, ...(props.grafana === undefined ? {} : { grafana: props.grafana }) },
    });
  }

  private constructor(private readonly plan: MetricPlan) {}

  /**
   * Makes what it needs in a stack.
   * @internal
   */
  public _join(stack: StackContext): void {
    installMetrics(stack, this.plan);
  }

  /**
   * Labels by which what is there already finds monitors and rules.
   * @internal
   */
  public _selectedBy(): { readonly [label: string]: string } | undefined {
    return this.plan.type === 'existing' ? this.plan.existing.selectedBy : undefined;
  }
}
