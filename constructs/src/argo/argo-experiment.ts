import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { experimentProblems } from '../private/experiment-rules';
import { chartFor, checkAtSynth, typedObject } from '../private/typed-object';
import type { ArgoExperimentSpec } from './experiment-props';

/** An Experiment of Argo Rollouts. */
export interface ArgoExperimentProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Its pods and analyses. */
  readonly spec: ArgoExperimentSpec;
}

/** An Experiment of Argo Rollouts (argoproj.io/v1alpha1): pods for a time, and analyses of them. It runs once. */
export class ArgoExperiment extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: ArgoExperimentProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment', ...props }));
    checkAtSynth(this, `Experiment/${this.name}`, () => experimentProblems(props.spec));
  }
}
