import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import { present } from '../private/present-members';
import { pipelineRunObject } from '../private/tekton/objects';
import { resources, runSpec } from '../private/tekton/rendering';
import { runFindings } from '../private/tekton/run-rules';
import { type TriggerObject, triggerFindings } from '../private/tekton/trigger-rules';
import type { TektonInterceptor } from './tekton-interceptor';
import type { TektonRunSpec } from './tekton-pipeline-run';

const API_VERSION = 'triggers.tekton.dev/v1beta1';

export interface TektonTriggerBindingProps {
  /** The clusters that have it. */
  readonly placement: Placement;
  readonly namespaceName: string;
  /** Param to where its value is in the event: "$(body.head_commit.id)", "$(header.X-GitHub-Event)", "$(extensions.<key of an overlay>)". */
  readonly parameters: { [name: string]: string };
}

/** Takes values out of events (`triggers.tekton.dev/v1beta1` TriggerBinding). */
export class TektonTriggerBinding extends Construct {
  /** @param id a DNS label; name of the TriggerBinding */
  public constructor(scope: Construct, id: string, props: TektonTriggerBindingProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    placeObjects(this, {
      placement: props.placement,
      namespace: props.namespaceName,
      findings: () => triggerFindings(this.object(props)),
      objects: () => [this.object(props)],
    });
  }

  private object(props: TektonTriggerBindingProps): TriggerObject {
    const list = Object.entries(props.parameters).map(([name, value]) => ({ name, value }));
    return {
      apiVersion: API_VERSION,
      kind: 'TriggerBinding',
      metadata: { name: this.node.id, namespace: props.namespaceName },
      spec: { params: list },
    };
  }
}

/** A param of a template: "$(tt.params.<name>)". */
export interface TektonTemplateParam {
  readonly name: string;
  /** For people. @default - none */
  readonly description?: string;
  /** What it is where no binding gives it. @default - it has to be given */
  readonly defaultValue?: string;
}

export interface TektonTriggerTemplateProps {
  /** The clusters that have it. */
  readonly placement: Placement;
  /** @default - none */
  readonly parameters?: TektonTemplateParam[];
  /** The run that each event makes; its params take those of the template: `TektonValue.text('$(tt.params.revision)')`. */
  readonly run: TektonRunSpec;
}

/** Makes a run of each event (`triggers.tekton.dev/v1beta1` TriggerTemplate), in the namespace of the pipeline. */
export class TektonTriggerTemplate extends Construct {
  /** @param id a DNS label; name of the TriggerTemplate, and what names of runs begin with */
  public constructor(scope: Construct, id: string, props: TektonTriggerTemplateProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    placeObjects(this, {
      placement: props.placement,
      namespace: props.run.pipeline.namespaceName,
      findings: () => [
        ...triggerFindings(this.object(props)),
        ...runFindings(`TriggerTemplate "${id}"`, runSpec(props.run), props.run.pipeline._spec()),
      ],
      objects: () => [this.object(props)],
      uses: () => [props.run.pipeline],
    });
  }

  private object(props: TektonTriggerTemplateProps): TriggerObject {
    const metadata = { generateName: `${this.node.id}-` };
    const spec = present({
      params: props.parameters?.map(({ name, description, defaultValue }) =>
        present({ name, description, default: defaultValue }),
      ),
      resourcetemplates: [pipelineRunObject(metadata, runSpec(props.run))],
    });
    return {
      apiVersion: API_VERSION,
      kind: 'TriggerTemplate',
      metadata: { name: this.node.id, namespace: props.run.pipeline.namespaceName },
      spec,
    };
  }
}

/** What an EventListener does with an event. */
export interface TektonListenerTrigger {
  /** A value of a label. */
  readonly name: string;
  readonly template: TektonTriggerTemplate;
  /** @default - none */
  readonly bindings?: TektonTriggerBinding[];
  /** Params beside those of the bindings. @default - none */
  readonly values?: { [name: string]: string };
  /** What looks at the event before, one after another. @default - none: every request makes a run */
  readonly interceptors?: TektonInterceptor[];
}

export interface TektonEventListenerProps {
  /** The clusters that have it. */
  readonly placement: Placement;
  readonly namespaceName: string;
  /** ServiceAccount with the roles `tekton-triggers-eventlistener-roles` (in the namespace) and `tekton-triggers-eventlistener-clusterroles`. */
  readonly serviceAccountName: string;
  readonly triggers: TektonListenerTrigger[];
  /** Pods that listen. @default 1 */
  readonly replicas?: number;
  /** CPU that each asks for. @default - none */
  readonly cpu?: string;
  /** Memory that each asks for and may not exceed. @default - none */
  readonly memory?: string;
}

/** Listens for events, at the Service "el-<name>" (`triggers.tekton.dev/v1beta1` EventListener). */
export class TektonEventListener extends Construct {
  /** @param id a DNS label of at most 60 characters; name of the EventListener */
  public constructor(scope: Construct, id: string, props: TektonEventListenerProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    placeObjects(this, {
      placement: props.placement,
      namespace: props.namespaceName,
      findings: () => triggerFindings(this.object(props)),
      objects: () => [this.object(props)],
      uses: () => props.triggers.flatMap(({ template, bindings = [] }) => [template, ...bindings]),
    });
  }

  private object(props: TektonEventListenerProps): TriggerObject {
    const { serviceAccountName, triggers, replicas, cpu, memory } = props;
    const size = resources(cpu, memory);
    const listener = present({
      replicas,
      spec: size === undefined ? undefined : { template: { spec: { containers: [{ resources: size }] } } },
    });
    const spec = present({
      serviceAccountName,
      triggers: triggers.map(({ name, template, bindings = [], values = {}, interceptors }) => ({
        name,
        ...(interceptors === undefined ? {} : { interceptors: interceptors.map((one) => one._interceptor) }),
        bindings: [
          ...bindings.map((one) => ({ ref: one.node.id, kind: 'TriggerBinding' })),
          ...Object.entries(values).map(([param, value]) => ({ name: param, value })),
        ],
        template: { ref: template.node.id },
      })),
      resources: Object.keys(listener).length === 0 ? undefined : { kubernetesResource: listener },
    });
    return {
      apiVersion: API_VERSION,
      kind: 'EventListener',
      metadata: { name: this.node.id, namespace: props.namespaceName },
      spec,
    };
  }
}

export interface TektonInterceptorServiceProps {
  /** The clusters that have it. */
  readonly placement: Placement;
  /** Namespace of the Service, and of the Interceptor where it is not for the whole cluster. */
  readonly namespaceName: string;
  /** The Service that answers. */
  readonly serviceName: string;
  /** @default - 80, with `caBundle` 8443 */
  readonly port?: number;
  /** Path of its address. @default - "/" */
  readonly urlPath?: string;
  /** Certificate of the authority that it is trusted by, as base64 of PEM. @default - none: plain HTTP */
  readonly caBundle?: string;
  /** Whether every namespace may use it: a ClusterInterceptor. @default false */
  readonly clusterWide?: boolean;
}

/** An interceptor of your own: a Service that looks at events (`triggers.tekton.dev/v1alpha1` Interceptor or ClusterInterceptor). */
export class TektonInterceptorService extends Construct {
  /** @param id a DNS label; name of the interceptor, by which `TektonInterceptor.ofNamespace` or `ofCluster` mean it */
  public constructor(scope: Construct, id: string, props: TektonInterceptorServiceProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    placeObjects(this, {
      placement: props.placement,
      namespace: props.namespaceName,
      findings: () => triggerFindings(this.object(props)),
      objects: () => [this.object(props)],
    });
  }

  private object(props: TektonInterceptorServiceProps): TriggerObject {
    const { namespaceName: namespace, serviceName, port, urlPath, caBundle, clusterWide = false } = props;
    const service = present({ name: serviceName, namespace, path: urlPath, port });
    return {
      apiVersion: 'triggers.tekton.dev/v1alpha1',
      kind: clusterWide ? 'ClusterInterceptor' : 'Interceptor',
      metadata: clusterWide ? { name: this.node.id } : { name: this.node.id, namespace },
      spec: { clientConfig: present({ caBundle, service }) },
    };
  }
}
