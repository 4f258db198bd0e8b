import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { telemetryProblems } from '../private/istio-telemetry-rules';
import { chartFor, checkAtSynth, typedObject } from '../private/typed-object';
import type { IstioTelemetrySpec } from './telemetry-props';

/** A Telemetry of Istio. */
export interface IstioTelemetryProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** What proxies tell. */
  readonly spec: IstioTelemetrySpec;
}

/** A Telemetry of Istio (telemetry.istio.io/v1): in a chart, or in a cluster. What Istio's admission would refuse is refused at synth. */
export class IstioTelemetry extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: IstioTelemetryProps) {
    const kind = 'Telemetry';
    super(chartFor(scope, id), id, typedObject({ apiVersion: 'telemetry.istio.io/v1', kind, ...props }));
    checkAtSynth(this, `${kind}/${this.name}`, () => telemetryProblems(props.spec));
  }
}
