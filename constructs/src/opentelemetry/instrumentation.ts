import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { chartFor, checkAtSynth, typedObject } from '../private/typed-object';
import type { InstrumentationSpec } from './instrumentation-props';
import { instrumentationProblems } from './private/instrumentation-rules';

/** An Instrumentation. */
export interface InstrumentationProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** What it is made of. */
  readonly spec: InstrumentationSpec;
}

/**
 * An Instrumentation (opentelemetry.io/v1alpha1) of the OpenTelemetry operator: in a chart, or in a cluster. What its webhook would refuse is refused at synth.
 */
export class Instrumentation extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: InstrumentationProps) {
    const kind = 'Instrumentation';
    super(chartFor(scope, id), id, typedObject({ apiVersion: 'opentelemetry.io/v1alpha1', kind, ...props }));
    checkAtSynth(this, `${kind}/${this.name}`, () => instrumentationProblems(props.spec));
  }
}
