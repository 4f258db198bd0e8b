/** How often and how patiently a probe asks. */
export interface ProbeOptions {
  /** Number of the port. @default - the first port of the service */
  readonly port?: number;
  /** Seconds before the first question. @default - Kubernetes' 0 */
  readonly initialDelaySeconds?: number;
  /** Seconds between questions. @default - Kubernetes' 10 */
  readonly periodSeconds?: number;
  /** Seconds to wait for an answer. @default - Kubernetes' 1 */
  readonly timeoutSeconds?: number;
  /** Failures in a row that count. @default - Kubernetes' 3 */
  readonly failureThreshold?: number;
}

/** A question to a container whether it is well. */
export class Probe {
  /** An HTTP GET that answers 200 to 399. @param path e.g. "/healthz" */
  public static httpGet(path: string, options: ProbeOptions = {}): Probe {
    return new Probe(options, (port) => ({ httpGet: { path, port } }));
  }

  /** A TCP port that accepts connections. */
  public static tcp(options: ProbeOptions = {}): Probe {
    return new Probe(options, (port) => ({ tcpSocket: { port } }));
  }

  /** The gRPC health protocol. @param service the name to ask for, by default the whole server */
  public static grpc(service?: string, options: ProbeOptions = {}): Probe {
    return new Probe(options, (port) => ({ grpc: { port, ...(service === undefined ? {} : { service }) } }));
  }

  /** A command in the container that ends with 0. */
  public static command(command: string[], options: ProbeOptions = {}): Probe {
    return new Probe(options, () => ({ exec: { command } }), false);
  }

  private constructor(
    private readonly options: ProbeOptions,
    private readonly question: (port: number) => object,
    private readonly asksPort = true,
  ) {}

  /** @internal */
  public _port(): number | undefined {
    return this.options.port;
  }

  /** @internal */
  public _asksPort(): boolean {
    return this.asksPort;
  }

  /** The probe as Kubernetes writes it. @internal */
  public _render(defaultPort: number | undefined): object {
    const { port, ...timing } = this.options;
    return { ...this.question(port ?? defaultPort ?? 0), ...timing };
  }
}
