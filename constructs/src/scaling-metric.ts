import type { MetricRule } from './private/scaling-rules';
import type { MetricObject, MetricTarget } from './scaling-props';

/** A metric beside CPU and memory that an autoscaler (HorizontalPodAutoscaler) goes by; an adapter in the cluster has to serve it. */
export class ScalingMetric {
  /**
   * A metric of the pods (API custom.metrics.k8s.io), averaged over them.
   * @param name e.g. "http_requests_per_second"
   * @param perPod target of the average, e.g. "30" or "500m"
   * @param labels selects among series of the name
   */
  public static pods(name: string, perPod: string, labels?: { [key: string]: string }): ScalingMetric {
    return new ScalingMetric({ type: 'Pods', name, target: { perPod }, labels });
  }

  /**
   * A metric of something outside the cluster (API external.metrics.k8s.io).
   * @param labels selects among series of the name
   */
  public static external(name: string, target: MetricTarget, labels?: { [key: string]: string }): ScalingMetric {
    return new ScalingMetric({ type: 'External', name, target, labels });
  }

  /** A metric of an object in the namespace of the app (API custom.metrics.k8s.io), e.g. of an Ingress. */
  public static ofObject(describedObject: MetricObject, name: string, target: MetricTarget): ScalingMetric {
    return new ScalingMetric({ type: 'Object', name, target, describedObject });
  }

  private constructor(private readonly rule: MetricRule) {}

  /** @internal */
  public _rule(): MetricRule {
    return this.rule;
  }
}
