import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { chartFor, checkAtSynth, findingsOf, typedObject } from '../private/typed-object';
import type { CollectorConfig } from './collector-config';
import { CollectorMode, type OpenTelemetryCollectorSpec } from './collector-props';
import { checkProcessorOrder, withDefaultProcessors } from './private/collector-config-rules';
import { collectorProblems } from './private/collector-rules';
import { checkTailSampling, headlessHost } from './private/tail-sampling';

/** An OpenTelemetryCollector. */
export interface OpenTelemetryCollectorProps {
  /** Name, namespace, labels and annotations. @default - a name made of the construct's path */
  readonly metadata?: KubernetesMetadata;
  /** What it is made of. */
  readonly spec: OpenTelemetryCollectorSpec;
  /**
   * Whether every pipeline has `memory_limiter` first and `batch` last: they are added where they are missing, and refused elsewhere. false takes pipelines as they are. @default true
   */
  readonly defaultProcessors?: boolean;
  /** The collector in front, whose loadbalancing exporter sends all spans of a trace to the same pod. Needed where several pods do tail sampling. @default - none */
  readonly balancedBy?: OpenTelemetryCollector;
}

/**
 * An OpenTelemetryCollector (opentelemetry.io/v1beta1) of the OpenTelemetry operator: in a chart, or in a cluster. What the webhook of the operator would refuse, and what the collector would not start
 * with, is refused at synth.
 */
export class OpenTelemetryCollector extends ApiObject {
  private readonly config: CollectorConfig;

  /**
   * @param scope a cluster, or a chart of it
   * @param id unique there
   */
  public constructor(scope: Construct, id: string, props: OpenTelemetryCollectorProps) {
    const { metadata, defaultProcessors = true, balancedBy } = props;
    const config = defaultProcessors ? withDefaultProcessors(props.spec.config) : props.spec.config;
    // Rules in the definition read the mode, also where nobody said it.
    const spec: OpenTelemetryCollectorSpec = { mode: CollectorMode.DEPLOYMENT, ...props.spec, config };
    const kind = 'OpenTelemetryCollector';
    super(chartFor(scope, id), id, typedObject({ apiVersion: 'opentelemetry.io/v1beta1', kind, metadata, spec }));
    this.config = config;
    const sender = balancedBy === undefined ? undefined : { config: balancedBy.config, title: `"${balancedBy.name}"` };
    const { namespace } = this.metadata;
    const host = namespace === undefined ? undefined : headlessHost(this.name, namespace);
    checkAtSynth(this, `${kind}/${this.name}`, () => [
      ...collectorProblems(spec),
      ...findingsOf((report) => {
        if (defaultProcessors) checkProcessorOrder(config, report);
        checkTailSampling(spec, host, sender, report);
      }),
    ]);
  }
}
