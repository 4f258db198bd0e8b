/** A Logstash that the stack runs in its centre. */
export interface LogstashProps {
  /** @default 2 */
  readonly replicas?: number;
  /** Memory of each; half of it is Java's. @default "2Gi" */
  readonly memory?: string;
  /** What each keeps on disk while Elasticsearch is slow, e.g. "8Gi". @default "8Gi" */
  readonly queueSize?: string;
  /** Purpose of the storage class of this disk, by the facts of the centre. @default "general" */
  readonly storagePurpose?: string;
  /** Host and port by which other clusters reach it, "logstash.example.com:5044". Needed where there are others. @default - they cannot */
  readonly address?: string;
}

/** Where Logstash runs. */
export class LogstashPlace {
  /** In the centre, as a Deployment. */
  public static inCentre(props: LogstashProps = {}): LogstashPlace {
    return new LogstashPlace(props, undefined);
  }

  /** Outside of the clusters. Its configuration is in a ConfigMap of the centre for whoever runs it. @param hosts "logstash-1.example.com:5044" */
  public static outside(hosts: string[]): LogstashPlace {
    return new LogstashPlace(undefined, hosts);
  }

  private constructor(
    private readonly inside: LogstashProps | undefined,
    private readonly hosts: string[] | undefined,
  ) {}

  /** @internal */
  public _inside(): LogstashProps | undefined {
    return this.inside;
  }

  /** @internal */
  public _hosts(): string[] | undefined {
    return this.hosts;
  }
}
