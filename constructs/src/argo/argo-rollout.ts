import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { ControllerOwnedFields } from '../controller-owned-fields';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { failHere } from '../private/problem';
import { fieldsOfRollouts } from '../private/rollout-owned-fields';
import { rolloutProblems } from '../private/rollout-rules';
import { chartFor, checkAtSynth, typedObject } from '../private/typed-object';
import type { ArgoRolloutSpec } from './rollout-props';

/** A Rollout of Argo Rollouts. */
export interface ArgoRolloutProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** What it is made of. */
  readonly spec: ArgoRolloutSpec;
}

/**
 * A Rollout of Argo Rollouts (argoproj.io/v1alpha1): in a chart, or in a cluster. What the controller would refuse is refused at synth.
 */
export class ArgoRollout extends ApiObject {
  private readonly spec: ArgoRolloutSpec;

  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: ArgoRolloutProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', ...props }));
    this.spec = props.spec;
    checkAtSynth(this, `Rollout/${this.name}`, () => rolloutProblems(props.spec));
  }

  /**
   * Leaves to the controller what it writes into other objects of the program while the Rollout goes on, and nothing else of them.
   * @param objects VirtualServices, DestinationRules, Services, and the workload that it takes over
   */
  public controls(...objects: ApiObject[]): void {
    for (const object of objects) {
      const fields = fieldsOfRollouts(object.kind, this.spec);
      if (fields === undefined) {
        const fix = 'Name VirtualServices, DestinationRules, Services or the workload of workloadRef.';
        failHere(this, 'ORR2012', `A Rollout writes nothing into the ${object.kind} "${object.name}".`, { fix });
      }
      ControllerOwnedFields.of(object).add(...fields);
    }
  }
}
