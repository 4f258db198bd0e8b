import type { FluentBitProps } from './log-collection-props';
import type { ElasticProps } from './log-elastic-props';
import { joinElastic } from './private/logs/elastic/elastic-collection';
import { joinFluentBit } from './private/logs/fluent-bit-collection';
import type { LogPart } from './private/logs/log-part';
import type { StackContext } from './private/stack-context';

/** How the logs of a platform are collected, where they are kept, and for how long. */
export class LogCollection {
  /** Fluent Bit on every node, by its operator. */
  public static fluentBit(props: FluentBitProps): LogCollection {
    return new LogCollection({ join: (stack) => joinFluentBit(stack, props) });
  }

  /** Filebeat on every node, Logstash, Elasticsearch and Kibana, as plain objects. */
  public static elastic(props: ElasticProps): LogCollection {
    return new LogCollection({ join: (stack) => joinElastic(stack, props) });
  }

  private constructor(private readonly part: LogPart) {}

  /** @internal */
  public _join(stack: StackContext): void {
    this.part.join(stack);
  }
}
