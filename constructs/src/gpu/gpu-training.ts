import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { isServiceName, SERVICE_NAME_RULE } from '../private/names';
import type { GpuPool } from './gpu-pool';
import type { GpuTrainingProps } from './gpu-workload-props';
import { trainingFindings, trainingMain, trainingObjects } from './private/training-rendering';
import { placeWorkload } from './private/workload-placing';

/** Work that ends, on cards of a pool: a Job, or a Pod. */
export class GpuTraining extends Construct {
  /** Name of the Job or Pod. */
  public readonly trainingName: string;

  /** Use `GpuPool.train`. */
  public constructor(pool: GpuPool, id: string, props: GpuTrainingProps) {
    super(pool, checkedId(pool, id, isServiceName, SERVICE_NAME_RULE));
    recordLocation(this);
    this.trainingName = id;
    const workload = { construct: this, name: id, props, pool: pool._view(), main: () => trainingMain(id, props) };
    placeWorkload(this, workload, {
      pods: props.parallelism ?? props.completions ?? 1,
      findings: () => trainingFindings(id, props),
      objects: (pods) => trainingObjects(workload, props, pods),
    });
  }
}
