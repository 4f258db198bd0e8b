import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { isServiceName, SERVICE_NAME_RULE } from '../private/names';
import type { GpuPool } from './gpu-pool';
import type { GpuServiceProps } from './gpu-service-props';
import { serverMain } from './private/server-container';
import { reportUnserved, serviceFindings, serviceObjects } from './private/service-objects';
import { placeWorkload } from './private/workload-placing';

/** Something that answers on cards of a pool: a Deployment with a Service, or an InferenceService of KServe. */
export class GpuService extends Construct {
  /** Name of its objects. */
  public readonly serviceName: string;

  private readonly monitorLabels: { readonly [key: string]: string } | undefined;

  /** Use `GpuPool.serve`. */
  public constructor(pool: GpuPool, id: string, props: GpuServiceProps) {
    super(pool, checkedId(pool, id, isServiceName, SERVICE_NAME_RULE));
    this.monitorLabels = props.selectedBy;
    recordLocation(this);
    this.serviceName = id;
    const view = pool._view();
    const workload = { construct: this, name: id, props, pool: view, main: () => serverMain(props, view) };
    placeWorkload(this, workload, {
      pods: props.autoscaling === undefined ? (props.replicas ?? 1) : (props.autoscaling.minReplicas ?? 1),
      findings: () => serviceFindings(id, props, view),
      objects: (pods, cluster, problems) => {
        reportUnserved(this, id, props, cluster, problems);
        return serviceObjects(workload, props, pods);
      },
    });
  }

  /**
   * Whether a Prometheus that takes monitors with these labels scrapes it.
   * @internal
   */
  public _isScrapedBy(selectedBy: { readonly [key: string]: string }): boolean {
    const own = this.monitorLabels;
    return own !== undefined && Object.entries(selectedBy).every(([key, value]) => own[key] === value);
  }
}
