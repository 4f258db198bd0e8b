import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { analysisProblems } from '../private/analysis-rules';
import { chartFor, checkAtSynth, typedObject } from '../private/typed-object';
import type { ArgoAnalysisSpec } from './analysis-props';

const API_VERSION = 'argoproj.io/v1alpha1';

/** An AnalysisTemplate of Argo Rollouts. */
export interface ArgoAnalysisTemplateProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** What is measured. */
  readonly spec: ArgoAnalysisSpec;
}

/** An AnalysisTemplate of Argo Rollouts (argoproj.io/v1alpha1), for Rollouts and Experiments of its namespace. */
export class ArgoAnalysisTemplate extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: ArgoAnalysisTemplateProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: API_VERSION, kind: 'AnalysisTemplate', ...props }));
    checkAtSynth(this, `AnalysisTemplate/${this.name}`, () => analysisProblems(props.spec));
  }
}

/** The same for the Rollouts and Experiments of all namespaces. */
export class ArgoClusterAnalysisTemplate extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: ArgoAnalysisTemplateProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: API_VERSION, kind: 'ClusterAnalysisTemplate', ...props }));
    checkAtSynth(this, `ClusterAnalysisTemplate/${this.name}`, () => analysisProblems(props.spec));
  }
}
