import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { destinationRuleProblems } from '../private/destination-rule-rules';
import { gatewayProblems } from '../private/istio-gateway-rules';
import { chartFor, checkAtSynth, typedObject } from '../private/typed-object';
import { virtualServiceProblems } from '../private/virtual-service-rules';
import type { IstioDestinationRuleSpec } from './destination-rule-props';
import type { IstioGatewaySpec } from './gateway-props';
import { IstioApiVersion, type IstioVirtualServiceSpec } from './virtual-service-props';

/** A VirtualService of Istio. */
export interface IstioVirtualServiceProps {
  /** Version of the API. @default V1 */
  readonly apiVersion?: IstioApiVersion;
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Where requests go. */
  readonly spec: IstioVirtualServiceSpec;
}

/** A VirtualService of Istio: in a chart, or in a cluster. What Istio's admission would refuse is refused at synth. */
export class IstioVirtualService extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: IstioVirtualServiceProps) {
    const { apiVersion = IstioApiVersion.V1, metadata, spec } = props;
    super(chartFor(scope, id), id, typedObject({ apiVersion, kind: 'VirtualService', metadata, spec }));
    checkAtSynth(this, `VirtualService/${this.name}`, () => virtualServiceProblems(spec));
  }
}

/** A DestinationRule of Istio. */
export interface IstioDestinationRuleProps {
  /** Version of the API. @default V1 */
  readonly apiVersion?: IstioApiVersion;
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** How requests to a host are handled. */
  readonly spec: IstioDestinationRuleSpec;
}

/** A DestinationRule of Istio: in a chart, or in a cluster. What Istio's admission would refuse is refused at synth. */
export class IstioDestinationRule extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: IstioDestinationRuleProps) {
    const { apiVersion = IstioApiVersion.V1, metadata, spec } = props;
    super(chartFor(scope, id), id, typedObject({ apiVersion, kind: 'DestinationRule', metadata, spec }));
    checkAtSynth(this, `DestinationRule/${this.name}`, () => destinationRuleProblems(spec));
  }
}

/** A Gateway of Istio. */
export interface IstioGatewayProps {
  /** Version of the API. @default V1 */
  readonly apiVersion?: IstioApiVersion;
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** Ports of gateway pods. */
  readonly spec: IstioGatewaySpec;
}

/** A Gateway of Istio: in a chart, or in a cluster. */
export class IstioGateway extends ApiObject {
  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: IstioGatewayProps) {
    const { apiVersion = IstioApiVersion.V1, metadata, spec } = props;
    super(chartFor(scope, id), id, typedObject({ apiVersion, kind: 'Gateway', metadata, spec }));
    checkAtSynth(this, `Gateway/${this.name}`, () => gatewayProblems(spec));
  }
}
