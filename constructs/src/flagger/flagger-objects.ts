import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { alertProviderProblems, canaryProblems, metricTemplateProblems } from '../private/flagger-rules';
import { chartFor, checkAtSynth, typedObject } from '../private/typed-object';
import type { FlaggerCanarySpec } from './canary-props';
import type { FlaggerAlertProviderSpec, FlaggerMetricTemplateSpec } from './metric-template-props';

const API_VERSION = 'flagger.app/v1beta1';

/** A Canary of Flagger. */
export interface FlaggerCanaryProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** The workload, its Service, and how a new version is judged. */
  readonly spec: FlaggerCanarySpec;
}

/** A Canary of Flagger (flagger.app/v1beta1): in a chart, or in a cluster. */
export class FlaggerCanary extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: FlaggerCanaryProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: API_VERSION, kind: 'Canary', ...props }));
    checkAtSynth(this, `Canary/${this.name}`, () => canaryProblems(props.spec));
  }
}

/** A MetricTemplate of Flagger. */
export interface FlaggerMetricTemplateProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** The query, and who is asked. */
  readonly spec: FlaggerMetricTemplateSpec;
}

/** A MetricTemplate of Flagger (flagger.app/v1beta1): a query that Canaries refer to. */
export class FlaggerMetricTemplate extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: FlaggerMetricTemplateProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: API_VERSION, kind: 'MetricTemplate', ...props }));
    checkAtSynth(this, `MetricTemplate/${this.name}`, () => metricTemplateProblems(props.spec));
  }
}

/** An AlertProvider of Flagger. */
export interface FlaggerAlertProviderProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Where messages go. */
  readonly spec: FlaggerAlertProviderSpec;
}

/** An AlertProvider of Flagger (flagger.app/v1beta1): whom it tells. */
export class FlaggerAlertProvider extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: FlaggerAlertProviderProps) {
    super(chartFor(scope, id), id, typedObject({ apiVersion: API_VERSION, kind: 'AlertProvider', ...props }));
    checkAtSynth(this, `AlertProvider/${this.name}`, () => alertProviderProblems(props.spec));
  }
}
