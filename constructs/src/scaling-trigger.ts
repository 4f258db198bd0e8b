import type { TriggerRule } from './private/scaling-rules';
import type { CronTrigger, KafkaTrigger, PrometheusTrigger, RabbitMqTrigger, TriggerOptions } from './scaling-props';

/**
 * An event that KEDA scales by. Names of the parameters: kedacore/keda pkg/scalers.
 * What several clusters read alike (one queue, one topic) each of them sees as a whole: `maxReplicas` caps what they make of it together.
 */
export class ScalingTrigger {
  /** Replicas by the clock. */
  public static cron({ replicas, timezone, start, end }: CronTrigger): ScalingTrigger {
    return new ScalingTrigger({ type: 'cron', metadata: { timezone, start, end }, replicas });
  }

  /** A query of Prometheus. */
  public static prometheus({ authentication, ...parameters }: PrometheusTrigger): ScalingTrigger {
    return new ScalingTrigger({ type: 'prometheus', metadata: texts({ ...parameters }), authentication });
  }

  /** Messages that a consumer group of Kafka has not read yet. */
  public static kafka(trigger: KafkaTrigger): ScalingTrigger {
    const { authentication, bootstrapServers, tls, ...parameters } = trigger;
    const encryption = tls === undefined ? {} : { tls: tls ? 'enable' : 'disable' };
    const metadata = texts({ bootstrapServers: bootstrapServers.join(','), ...parameters, ...encryption });
    return new ScalingTrigger({ type: 'kafka', metadata, authentication });
  }

  /** A queue of RabbitMQ. */
  public static rabbitMq({ authentication, ...parameters }: RabbitMqTrigger): ScalingTrigger {
    const metadata = texts({ mode: 'QueueLength', ...parameters });
    return new ScalingTrigger({ type: 'rabbitmq', metadata, authentication });
  }

  /**
   * Any other scaler of KEDA.
   * @param scaler as KEDA names it: "redis", "aws-sqs-queue", …
   * @param metadata its parameters, all as text; secrets belong into `authentication`
   */
  public static other(
    scaler: string,
    metadata: { [key: string]: string },
    options: TriggerOptions = {},
  ): ScalingTrigger {
    return new ScalingTrigger({ type: scaler, metadata, authentication: options.authentication });
  }

  private constructor(private readonly rule: TriggerRule) {}

  /** @internal */
  public _rule(): TriggerRule {
    return this.rule;
  }
}

/** What is declared, as text. */
function texts(parameters: { readonly [key: string]: unknown }): { [key: string]: string } {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}
