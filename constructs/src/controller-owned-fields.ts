import type { ApiObject } from 'cdk8s';
import { declareFields } from './private/controller-owned';

/** A field whose value a controller decides at run time. */
export interface ControllerOwnedField {
  /**
   * Where it is: `spec.replicas`, `spec.http[*].route[*].weight`, `spec.template.spec.containers[name=cart].resources`,
   * `metadata.annotations["example.com/x"]`. `[*]` is every item of a list or every member of a map. Everything below the field counts.
   */
  readonly path: string;
  /**
   * Field managers of the controller, as managedFields names them, e.g. "kube-controller-manager" for a HorizontalPodAutoscaler. A list that
   * Kubernetes applies as a whole belongs to whoever wrote it last: only from these managers it is taken back when the program changes something
   * beside the field.
   * @default - none: a list that somebody else owns stays a conflict
   */
  readonly managers?: string[];
  /**
   * The object of the program does not have the field: it only appears in the cluster.
   * @default false: a path that matches nothing in the object is an error
   */
  readonly onlyLive?: boolean;
}

/**
 * Fields of an object that belong to a controller of the cluster. The program's value is the one that the object is created with; afterwards whatever is
 * in the cluster stays, is never shown as a change, and is no drift.
 */
export class ControllerOwnedFields {
  /** The controller-owned fields of an object, one of yours or of any cdk8s library. */
  public static of(apiObject: ApiObject): ControllerOwnedFields {
    return new ControllerOwnedFields(apiObject);
  }

  private constructor(private readonly apiObject: ApiObject) {}

  /** Declares fields that a controller owns. A path that matches nothing in the object is an error at synth, unless it is `onlyLive`. */
  public add(...fields: ControllerOwnedField[]): void {
    declareFields(this.apiObject, fields);
  }
}
