import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { isServiceName, SERVICE_NAME_RULE } from '../private/names';
import type { GpuPool } from './gpu-pool';
import type { GpuNotebookProps } from './gpu-workload-props';
import { notebookFindings, notebookMain, notebookObjects, notebookVolumes } from './private/notebook-rendering';
import { placeWorkload } from './private/workload-placing';

/** A notebook of one person on a card of a pool: a StatefulSet with one pod, a Service, and a volume that stays. */
export class GpuNotebook extends Construct {
  /** Name of its objects. */
  public readonly notebookName: string;

  /** Use `GpuPool.notebook`. */
  public constructor(pool: GpuPool, id: string, props: GpuNotebookProps) {
    super(pool, checkedId(pool, id, isServiceName, SERVICE_NAME_RULE));
    recordLocation(this);
    this.notebookName = id;
    const workload = {
      construct: this,
      name: id,
      props: { ...props, volumes: notebookVolumes(props) },
      pool: pool._view(),
      main: () => notebookMain(props),
    };
    placeWorkload(this, workload, {
      pods: props.stopped === true ? 0 : 1,
      findings: () => notebookFindings(props),
      objects: (pods) => notebookObjects(workload, props, pods),
    });
  }
}
