import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
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
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: ArgoRolloutProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', ...props }));
    checkAtSynth(this, `Rollout/${this.name}`, () => rolloutProblems(props.spec));
  }
}
